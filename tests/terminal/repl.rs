//! `forge repl` with somebody at the keys.

use super::fetch::fetched;
use super::screen::CTRL_C;
use super::screen::CTRL_D;
use super::screen::ENTER;
use super::screen::TAB;
use super::screen::Terminal;
use super::screen::UP;

/// A session that asks for its first input.
fn session() -> Terminal {
    session_with(&[])
}

fn session_with(env: &[(&str, &str)]) -> Terminal {
    let terminal = Terminal::with(&["repl", "--no-banner"], env, &[]);
    terminal.ends_with("forge>");
    terminal
}

impl Terminal {
    /// Types an input and waits for what it shows and for the next prompt.
    fn enters(&self, input: &str, shown: &str) {
        self.press(&format!("{input}{ENTER}"));
        let shown = if shown.is_empty() { String::new() } else { format!("{shown}\n") };
        self.ends_with(&format!("> {input}\n{shown}forge>"));
    }
}

#[test]
fn values_are_shown_after_a_prompt() {
    let terminal = Terminal::new(&["repl"]);
    let screen = terminal.ends_with("forge>");
    assert!(screen.contains(concat!("Forge ", env!("CARGO_PKG_VERSION"))), "{screen}");
    terminal.enters("let x = 20", "");
    terminal.enters("x + 22", "=> 42");
    terminal.enters("say \"said\"", "said");
    terminal.press(CTRL_D);
    terminal.shows("Goodbye!");
    assert_eq!(terminal.ends().0, 0);
}

#[test]
fn an_open_bracket_asks_for_more() {
    let terminal = session();
    terminal.press(&format!("fn add(a,{ENTER}"));
    terminal.ends_with("forge> fn add(a,\n  ...");
    terminal.press(&format!("b) {{{ENTER}"));
    terminal.press(&format!("a + b{ENTER}"));
    terminal.press(&format!("}}{ENTER}"));
    terminal.ends_with("  ... }\nforge>");
    terminal.enters("add(1, 2)", "=> 3");
    // What is in a text is not open.
    terminal.enters("\"{\"", "=> \"{\"");
}

#[test]
fn ctrl_c_drops_what_is_typed_and_ends_what_runs() {
    let terminal = session();
    terminal.enters("let mut kept = 41", "");
    terminal.press("kept + [");
    terminal.ends_with("kept + [");
    terminal.press(CTRL_C);
    terminal.ends_with("^C\nforge>");
    terminal
        .press(&format!("kept = 0; say \"off\" + \" we go\"; while true {{ kept += 1 }}{ENTER}"));
    terminal.ends_with("\noff we go");
    terminal.press(CTRL_C);
    terminal.until(|screen| screen.contains("interrupted") && screen.ends_with("forge>"));
    terminal.enters("kept + 1", "=> 42");
    terminal.press(CTRL_D);
    assert_eq!(terminal.ends().0, 0);
}

/// No sort asks whether it is still wanted; where the first key comes before it has begun, the session goes on.
#[test]
fn a_second_ctrl_c_ends_what_cannot_stop() {
    let code = (0..20).find_map(|_| {
        let terminal = session();
        terminal.enters("let numbers = shuffle(range(0, 3000000))", "");
        terminal.press(&format!("say \"off\" + \" we go\"; sort(numbers); 0{ENTER}"));
        terminal.ends_with("\noff we go");
        terminal.insist().then(|| terminal.ends().0)
    });
    assert_eq!(code, Some(130));
}

#[test]
fn earlier_inputs_come_back() {
    let terminal = session();
    terminal.enters("let far = 1", "");
    terminal.press(&format!("[1,{ENTER}2]{ENTER}"));
    terminal.ends_with("=> [1, 2]\nforge>");
    terminal.press(UP);
    // All of its lines.
    terminal.ends_with("forge> [1,\n  ... 2]");
    terminal.press(CTRL_C);
    terminal.ends_with("^C\nforge>");
    terminal.press(UP);
    terminal.press(UP);
    terminal.ends_with("forge> let far = 1");
    terminal.press(&format!("0{ENTER}"));
    terminal.ends_with("let far = 10\nforge>");
    terminal.enters("far", "=> 10");
    let history = std::fs::read_to_string(terminal.home().join(".forge_history")).unwrap();
    assert!(history.contains("let far = 10"), "{history}");
}

#[test]
fn tab_completes_what_can_stand_there() {
    let terminal = session();
    // Members of a module, which the table of builtins has.
    terminal.press(&format!("math.sqr{TAB}"));
    terminal.until(|screen| screen.contains("forge> math.sqrt"));
    terminal.press(&format!("(16){ENTER}"));
    terminal.ends_with("forge> math.sqrt(16)\n=> 4\nforge>");
    // Fields of a value that there is now.
    terminal.enters("let user = { surname: \"Lovelace\" }", "");
    terminal.press(&format!("user.surn{TAB}"));
    terminal.until(|screen| screen.contains("forge> user.surname"));
    terminal.press(ENTER);
    terminal.ends_with("=> \"Lovelace\"\nforge>");
    // Several are offered, and the next key chooses.
    terminal.enters("let mark_one = 1; let mark_two = 2", "");
    terminal.press(&format!("mark_{TAB}"));
    let offered = |screen: &str, name: &str| screen.matches(name).count() == 2;
    terminal.until(|screen| offered(screen, "mark_one") && offered(screen, "mark_two"));
    terminal.press(CTRL_C);
    terminal.ends_with("^C\nforge>");
    // Commands.
    terminal.press(&format!(":branc{TAB}"));
    terminal.until(|screen| screen.contains("forge> :branches"));
}

#[test]
fn commands_take_back_name_and_branch() {
    let terminal = session();
    terminal.enters("let mut n = 1", "");
    terminal.enters("n = 2", "");
    terminal.enters(":undo", "undone: n = 2");
    terminal.enters("n", "=> 1");
    terminal.enters(":undo", "undone: n");
    terminal.enters(":redo", "redone: n");
    terminal.enters(":snapshot one", "snapshot one");
    terminal.enters("n = 3", "");
    terminal.enters(":restore one", "restored one");
    terminal.enters("n", "=> 1");
    terminal.press(&format!(":fork try{ENTER}"));
    terminal.ends_with("now in try\nforge(try)>");
    terminal.press(&format!("n = 5{ENTER}"));
    terminal.ends_with("> n = 5\nforge(try)>");
    terminal.press(&format!(":branches{ENTER}"));
    terminal.ends_with("  main\n* try\nforge(try)>");
    terminal.press(&format!(":diff main try{ENTER}"));
    terminal.ends_with("~ n: 1 -> 5\nforge(try)>");
    terminal.enters(":switch main", "now in main");
    terminal.enters("n", "=> 1");
    terminal.press(&format!(":help{ENTER}"));
    terminal.until(|screen| screen.contains(":undo [N]") && screen.ends_with("forge>"));
    terminal.press(&format!(":quit{ENTER}"));
    assert_eq!(terminal.ends().0, 0);
}

#[test]
fn what_fails_leaves_nothing_behind() {
    let terminal = session();
    terminal.enters("let mut n = 1", "");
    terminal.press(&format!("{{ n = 9; n / 0 }}{ENTER}"));
    let screen = terminal.until(|screen| screen.contains("division") && screen.ends_with("forge>"));
    assert!(screen.contains("error[E0501]: division by zero\n"), "{screen}");
    assert!(screen.contains("--> <repl:2>:1:"), "{screen}");
    terminal.enters("n", "=> 1");
}

#[test]
fn schedules_go_on_after_what_fails() {
    let terminal = session();
    terminal.enters("let ticks = channel(1)", "");
    terminal.enters("schedule every 0.01 seconds { send(ticks, \"tick\") }", "");
    terminal.enters("receive(ticks)", "=> \"tick\"");
    terminal.press(&format!("1 / 0{ENTER}"));
    terminal.until(|screen| screen.contains("division by zero") && screen.ends_with("forge>"));
    for name in ["first", "second", "third"] {
        terminal.enters(
            &format!("[\"{name}\", receive(ticks)]"),
            &format!("=> [\"{name}\", \"tick\"]"),
        );
    }
}

#[test]
fn colours_are_for_those_who_want_them() {
    let written = |env: &[(&str, &str)]| {
        let terminal = session_with(env);
        terminal.press(&format!("1 / 0{ENTER}"));
        terminal.until(|screen| screen.contains("division by") && screen.ends_with("forge>"));
        terminal.enters("1 + 1", "=> 2");
        terminal.press(CTRL_D);
        terminal.ends().1
    };
    let colored = written(&[]);
    assert!(colored.contains("\x1b[32m=> 2\x1b[0m"), "{colored:?}");
    let error = colored.lines().find(|line| line.contains("division by zero")).unwrap();
    assert!(error.contains("\x1b["), "{error:?}");
    let plain = written(&[("NO_COLOR", "1")]);
    // The line editor moves the cursor; nothing has a colour.
    let colors = regex_lite::Regex::new("\x1b\\[[0-9;]*[1-9][0-9;]*m").unwrap();
    assert!(!colors.is_match(&plain), "{plain:?}");
}

#[test]
fn handlers_are_served_until_ctrl_c() {
    let terminal = session();
    terminal.enters("let mut n = 5", "");
    terminal.press(&format!("@get(\"/n\") fn hi() {{ n += 10{ENTER}return n }}{ENTER}"));
    terminal.ends_with("return n }\nforge>");
    terminal.press(&format!(":serve 0{ENTER}"));
    let screen = terminal.shows("Ctrl-C goes back to the session");
    let address = screen.rsplit_once("listening on http://").unwrap().1;
    let address = address.split([';', '/']).next().unwrap();
    for _ in 0..2 {
        let answer = fetched(address, "/n");
        assert!(answer.ends_with("\r\n\r\n15"), "{answer}");
    }
    terminal.press(CTRL_C);
    terminal.until(|screen| screen.contains("back in the session") && screen.ends_with("forge>"));
    terminal.enters("n", "=> 5");
}
