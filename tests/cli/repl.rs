//! `forge repl` through a pipe: what it prints, what an input that fails leaves behind, what can be taken back.

use super::Ended;
use super::ended;
use super::fetch::fetched;
use super::forge;
use std::io::Write;
use std::process::Stdio;

/// A session with these lines, in a folder of its own.
pub(super) fn session(lines: &str) -> Ended {
    let home = tempfile::tempdir().unwrap();
    let mut command = forge(&["repl"]);
    command.env("HOME", home.path()).env_remove("FORGE_HOME").current_dir(home.path());
    command.env_remove("FORGE_REPL_INIT");
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
    for _ in 0..1000 {
        lines.push_str("n += 1\n");
    }
    lines.push_str(":undo 1000\nn\nlen(big)\n");
    let shown = prints(&lines);
    assert!(shown.ends_with("undone: n += 1\n=> 0\n=> 1000000\n"), "{shown}");
}

#[test]
fn values_of_inputs_have_names() {
    let lines = "40 + 1\n_last + 1\nnull\n_\n_1 + _2\nlet x = 1\n_last\n";
    assert_eq!(prints(lines), "=> 41\n=> 42\n=> 42\n=> 83\n=> 83\n");
    assert_eq!(prints("1\n:names\n:diff\n"), "=> 1\n");
    assert_eq!(prints(":set numbers on\n\"a\"\n1\n"), "[1] => \"a\"\n[2] => 1\n");
}

#[test]
fn values_show_as_they_are_written() {
    let lines = "type Shape = Circle(Float, Int) | Dot\n[Circle(2.5, 1), Dot]\nstruct P { x: Int = 1 }\nP {}\n\
        fn add(a, b = 2) { a + b }\nadd\n";
    assert_eq!(prints(lines), "=> [Circle(2.5, 1), Dot]\n=> P { x: 1 }\n=> <fn add(a, b)>\n");
    let filled = prints(":set width 20\nrange(9)\n");
    assert_eq!(filled, "=> [\n  0, 1, 2, 3, 4,\n  5, 6, 7, 8,\n]\n");
}

#[test]
fn what_cannot_be_undone_is_said() {
    let note = "effects outside the session were not undone\n";
    assert_eq!(prints("1\n:undo\n"), "=> 1\nundone: 1\n");
    for effect in ["say \"hi\"", "wait 0", "spawn { 1 }"] {
        let shown = prints(&format!("let a = 1\n{effect}\n:undo\n"));
        assert!(shown.ends_with(&format!("undone: {effect}\n{note}")), "{shown}");
    }
    let shared = prints("shared { let mut hits = 0 }\nhits += 1\n:undo\nhits\n");
    assert_eq!(shared, format!("undone: hits += 1\n{note}=> 1\n"));
}

#[test]
fn settings_change_how_it_works() {
    assert_eq!(prints(":set\n"), "strict   off\natomic   on\nnumbers  off\nwidth    80\n");
    let kept = session("let mut n = 0\n:set atomic off\n{ n = 9\n1 / 0 }\nn\n");
    assert_eq!(kept.out, "=> 9\nGoodbye!\n");
    let strict = session(":set strict on\nlet a = nothing_like_it\nlet b = 1\nb\n");
    assert_eq!(strict.out, "=> 1\nGoodbye!\n");
    assert!(strict.err.contains("undefined variable: 'nothing_like_it'"), "{}", strict.err);
    let wrong = session(":set widht 3\n:set width 3\n:set strict maybe\n");
    let said = "error: unknown setting 'widht'; did you mean width?\n\
        error: width is a number from 20 to 1000\nerror: strict is on or off\n";
    assert_eq!(wrong.err, said);
}

#[test]
fn the_curious_see_tables_times_trees_and_instructions() {
    // Where `term` draws.
    let table = session(":table [{ a: 1 }, { a: 22 }]\n").err;
    assert!(table.contains("----\n 1  \n 22 \n"), "{table}");
    let bench = prints("let mut n = 0\n:bench { n += 1 }\nn\n");
    assert!(bench.contains(" runs: fastest ") && bench.ends_with("=> 0\n"), "{bench}");
    let tree = prints(":ast n + 1\n");
    assert!(tree.contains("op: Add") && !tree.contains("Span"), "{tree}");
    let code = prints("let mut n = 0\n:bytecode n + 1\n");
    assert!(code.starts_with("<main>: ") && code.contains("Return { src: "), "{code}");
}

#[test]
fn comments_document_functions() {
    let shown = prints("// Adds two numbers.\nfn add(a, b) { a + b }\n:doc add\n");
    assert_eq!(shown, "add(a, b)\nAdds two numbers.\n");
}

/// A session whose editor is a script.
#[cfg(unix)]
#[test]
fn an_input_can_be_edited() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let editor = folder.path().join("editor");
    std::fs::write(&editor, "#!/bin/sh\nsed -i s/1/41/ \"$1\"\n").unwrap();
    std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o755)).unwrap();
    let edited = |lines: &str, editor: &str| {
        let mut command = forge(&["repl"]);
        command.env("HOME", folder.path()).env_remove("VISUAL").env("EDITOR", editor);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        ended(child.wait_with_output().unwrap())
    };
    let editor = editor.to_str().unwrap();
    let last = edited("1 + 1\n:edit\n", editor);
    assert_eq!(last.out, "=> 2\n41 + 1\n=> 42\nGoodbye!\n");
    let named = edited("fn f() { 1 }\n0\n:edit f\nf()\n", editor);
    assert_eq!(named.out, "=> 0\nfn f() { 41 }\n=> 41\nGoodbye!\n");
    assert_eq!(edited(":edit\n", "").err, "error: no editor: set $VISUAL or $EDITOR\n");
}

/// The handlers of a session answer, each on a fork; the session is as before when they stop.
#[cfg(unix)]
#[test]
fn handlers_of_the_session_can_be_served() {
    use std::io::BufRead;
    use std::io::BufReader;
    use std::io::Read;
    let mut command = forge(&["repl"]);
    let home = tempfile::tempdir().unwrap();
    command.env("HOME", home.path()).env("FORGE_LOG", "off");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines = "let mut n = 5\n@get(\"/n\") fn hi() { n += 1 }\n@get(\"/n\") fn hi() { n += 10\nreturn n }\n:serve 0\n";
    input.write_all(lines.as_bytes()).unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let address = line.split(['/', ';']).nth(2).unwrap();
    for _ in 0..2 {
        let answer = fetched(address, "/n");
        assert!(answer.ends_with("\r\n\r\n15"), "{answer}");
    }
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    line.clear();
    output.read_line(&mut line).unwrap();
    assert_eq!(line, "back in the session\n");
    input.write_all(b"n\nawait (spawn { n + 1 })\n").unwrap();
    drop(input);
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "=> 5\n=> 6\nGoodbye!\n");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
