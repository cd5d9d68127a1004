//! Commands in a terminal: what is coloured there, and what Ctrl-C ends.

use super::screen::CTRL_C;
use super::screen::Terminal;

/// What a command writes that fails.
fn written(args: &[&str], env: &[(&str, &str)]) -> String {
    let program = "say 1 / 0\n";
    let tests = "@test fn adds() { assert_eq(1 + 1, 3) }\n";
    let (code, written) =
        Terminal::with(args, env, &[("fails.fg", program), ("test.fg", tests)]).ends();
    assert_eq!(code, 1, "{written}");
    written
}

#[test]
fn failures_have_colours_in_a_terminal() {
    let is_colored = |written: String| written.contains("\x1b[");
    for args in [&["run", "fails.fg"], &["test", "test.fg"]] {
        assert!(is_colored(written(args, &[])), "{args:?}");
        assert!(!is_colored(written(args, &[("NO_COLOR", "1")])), "{args:?}");
        assert!(!is_colored(written(args, &[("TERM", "dumb")])), "{args:?}");
    }
}

#[test]
fn ctrl_c_ends_a_program_that_only_waits() {
    let program = "say \"ready\"\nschedule every 0.01 seconds { say \"tick\" }\n";
    let terminal = Terminal::with(&["run", "waits.fg"], &[], &[("waits.fg", program)]);
    terminal.shows("ready\ntick\n");
    terminal.press(CTRL_C);
    assert_eq!(terminal.ends().0, 130);
}
