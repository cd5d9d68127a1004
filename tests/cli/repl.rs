//! `forge repl` through a pipe: what it prints, what an input that fails leaves behind, what can be taken back.

use super::Ended;
use super::ended;
use super::forge;
use std::io::Write;
use std::process::Stdio;

/// A session with these lines, in a folder of its own.
fn session(lines: &str) -> Ended {
    let home = tempfile::tempdir().unwrap();
    let mut command = forge(&["repl"]);
    command.env("HOME", home.path()).env_remove("FORGE_REPL_INIT").current_dir(home.path());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    ended(child.wait_with_output().unwrap())
}

/// What a session without failures prints, but for its last word.
fn prints(lines: &str) -> String {
    let ended = session(lines);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    ended.out.strip_suffix("Goodbye!\n").expect("it says goodbye").to_owned()
}

#[test]
fn values_are_shown_and_declarations_are_not() {
    let shown = prints(
        "let x = 20\nx + 22\nnull\n\"hi\"\n[\"a\", { b: 1 }]\nif true { \"yes\" } else { \"no\" }\nsay \"said\"\n",
    );
    assert_eq!(shown, "=> 42\n=> \"hi\"\n=> [\"a\", { b: 1 }]\n=> \"yes\"\nsaid\n");
}

#[test]
fn open_brackets_go_on_over_lines() {
    assert_eq!(prints("fn add(a,\n  b) {\n\n  a + b\n}\nadd(1,\n2)\n\"{\"\n"), "=> 3\n=> \"{\"\n");
}

#[test]
fn later_inputs_define_anew_what_earlier_functions_call() {
    let lines = "fn f() { g() + 1 }\nfn g() { 41 }\nf()\nfn g() { 1 }\nf()\nlet h = || g()\nfn g() { 7 }\nh()\n";
    assert_eq!(prints(lines), "=> 42\n=> 2\n=> 7\n");
}

#[test]
fn types_and_imports_stay_known() {
    let lines = "type Shape = Circle(Int) | Dot\nmatch Circle(2) { Circle(r) => r, Dot => 0 }\n\
        struct P { x: Int = 1 }\nimpl P { fn twice(it) { it.x * 2 } }\nP {}.twice()\nmath.sqrt(16)\n";
    assert_eq!(prints(lines), "=> 2\n=> 2\n=> 4\n");
}

#[test]
fn an_input_that_fails_is_as_if_it_had_not_been() {
    let ended = session(
        "let mut n = 0\nfn make() { let mut c = 0\nreturn fn() { c += 1\nreturn c } }\nlet next = make()\nnext()\n{ n = 9\nnext()\n1 / 0 }\nn\nnext()\nnext(\n)\n",
    );
    assert_eq!(ended.out, "=> 1\n=> 0\n=> 2\n=> 3\nGoodbye!\n");
    assert!(
        ended.err.contains("division by zero") && ended.err.contains("<repl:5>"),
        "{}",
        ended.err
    );
    assert_eq!(ended.code, 1);
}

#[test]
fn undo_takes_captured_variables_and_cursors_back() {
    let lines = "fn make() { let mut c = 0\nreturn fn() { c += 1\nreturn c } }\nlet next = make()\nnext()\nnext()\n:undo\nnext()\n:redo\n:undo 2\nnext()\nlet s = [1, 2, 3].stream()\ns.take(2).collect()\n:undo\ns.collect()\n";
    let shown = "=> 1\n=> 2\nundone: next()\n=> 2\nnothing to redo\nundone: next()\nundone: next()\n=> 1\n=> [1, 2]\nundone: s.take(2).collect()\n=> [1, 2, 3]\n";
    assert_eq!(prints(lines), shown);
}

#[test]
fn undo_restores_the_old_body_for_callers_defined_earlier() {
    let lines = "fn f() { g() }\nfn g() { 1 }\nfn g() { 2 }\nf()\n:undo 2\nf()\n";
    assert_eq!(prints(lines), "=> 2\nundone: f()\nundone: fn g() { 2 }\n=> 1\n");
}

#[test]
fn snapshots_and_branches_stay_apart() {
    let lines = "let mut n = 1\n:snapshot one\nn = 2\n:fork try\nn = 3\nlet extra = 1\n:diff one try\n:switch main\nn\n:branches\n:restore one\nn\n:snapshot one\n";
    let ended = session(lines);
    let shown = "snapshot one\nnow in try\n~ n: 1 -> 3\n+ extra = 1\nnow in main\n=> 2\n* main\n  try\nrestored one\n=> 1\nGoodbye!\n";
    assert_eq!(ended.out, shown);
    assert!(ended.err.contains("there is a snapshot 'one' already"), "{}", ended.err);
}

#[test]
fn commands_have_help_and_unknown_ones_a_hint() {
    assert!(prints(":help\n").contains(":undo [N]"));
    let ended = session(":udno\nhelp\nexit\nsay \"never\"\n");
    assert!(ended.err.contains("unknown command ':udno'; did you mean :undo?"), "{}", ended.err);
    assert!(ended.out.ends_with("Goodbye!\n") && !ended.out.contains("never"), "{}", ended.out);
    let shown = prints("let help = 5\nhelp\nlet mut a = [1]\n:names a\n:type a\n");
    assert_eq!(shown, "=> 5\nmut a: Array = [1]\nArray\n");
}

#[test]
fn undo_costs_the_same_after_many_inputs_and_with_much_state() {
    let mut lines = String::from("let mut big = range(0, 1000000)\nlet mut n = 0\n");
    for _ in 0..300 {
        lines.push_str("n += 1\n");
    }
    lines.push_str(":undo 300\nn\nlen(big)\n");
    let shown = prints(&lines);
    assert!(shown.ends_with("undone: n += 1\n=> 0\n=> 1000000\n"), "{shown}");
}
