//! What modules do with the terminal, the arguments and the permissions of the process.

use super::Ended;
use super::ended;
use super::forge;
use super::printed;
use super::run;
use super::with_input;

/// What a program writes to its error output, which is no terminal.
fn notes(program: &str) -> String {
    let Ended { code, out, err } = run(&["-e", program]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    err
}

#[test]
fn what_is_printed_for_people_has_no_colours_in_a_pipe() {
    assert_eq!(
        notes(
            "term.table([{ sku: \"a7\", n: 12 }, 5, { sku: \"日本\", n: null }, { sku: term.red(\"x\") }])"
        ),
        " sku  | n    \n------+------\n a7   | 12   \n 日本 | null \n x    |      \n"
    );
    assert_eq!(notes("term.hr()"), format!("{}\n", "─".repeat(40)));
    assert_eq!(notes("term.hr(3, \"=-\")"), "=-=-=-\n");
    assert_eq!(notes("term.banner(\"hé\")"), "╔══════╗\n║  hé  ║\n╚══════╝\n");
    assert_eq!(notes("term.box(\"a\\nlong\")"), "┌──────┐\n│ a    │\n│ long │\n└──────┘\n");
    assert_eq!(notes("term.box(\"\")"), "┌──┐\n└──┘\n");
    assert_eq!(
        notes("term.bar(\"disk\", 45)"),
        format!("  disk [{}{}] 45%\n", "█".repeat(13), "░".repeat(17))
    );
    assert_eq!(notes("term.bar(\"x\", 500)"), format!("  x [{}] 500%\n", "█".repeat(30)));
    assert_eq!(notes("term.bar(\"x\", 5, 0)"), format!("  x [{}] 0%\n", "░".repeat(30)));
    assert_eq!(notes("term.success(1)\nterm.error(2)"), "  ✅ 1\n  ❌ 2\n");
    assert_eq!(notes("term.warning(3)\nterm.info(4)"), "  ⚠️  3\n  ℹ️  4\n");
    assert_eq!(notes("term.clear()"), "\x1b[2J\x1b[1;1H");
    assert_eq!(notes("term.spinner(\"Go\")"), "\x1b[2K\rGo ⠋");
    assert_eq!(notes("term.beep()"), "\x07");
    assert_eq!(notes("term.countdown(1)"), "\r  1 \r  Go! 🚀\n");
    assert_eq!(notes("term.typewriter(\"hé\", 0)"), "hé\n");
    assert_eq!(notes("for x in term.progress([1, 2]) { }"), "");
    assert!(notes("term.emojis()").contains("  🌍  globe        also: web, world\n"));
}

#[test]
fn questions_are_answered_by_lines_of_input() {
    let program = "say term.confirm(\"Sure?\")\nsay term.confirm()\nsay term.menu([\"a\", \"b\"])\n\
                   say term.menu([\"a\"], \"Which?\")\nsay io.prompt(\"Name: \") + \"!\"\nsay io.prompt() + \"!\"";
    let Ended { code, out, err } = with_input(&["-e", program], "YES\nno\n2\n9\nAda\r\n");
    assert_eq!((code, out.as_str()), (0, "true\nfalse\nb\nnull\nName: Ada\r!\n!\n"));
    let menu = "\n  Choose an option:\n  1) a\n  2) b\n\n  Your choice: ";
    assert_eq!(
        err,
        format!("Sure? [y/N] Continue? [y/N] {menu}\n  Which?\n  1) a\n\n  Your choice: ")
    );
}

#[test]
fn programs_get_the_arguments_behind_their_file() {
    let program = "say io.args()\nsay io.args_parse()";
    let parsed = "{ \"--port\": \"1\", \"--on\": true }";
    let expected = printed(&format!("[<eval>, --port=1, x, --on]\n{parsed}\n"));
    assert_eq!(run(&["-e", program, "--", "--port=1", "x", "--on"]), expected);
    assert_eq!(run(&["-e", "say io.args()"]), printed("[<eval>]\n"));
}

#[test]
fn other_programs_need_permission_unless_the_command_line_is_the_program() {
    assert_eq!(run(&["-e", "say sh(\"echo hi\")"]), printed("hi\n"));
    let refused = with_input(&["run", "-"], "say sh(\"echo hi\")");
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("Shell execution denied. Use --allow-run"), "{}", refused.err);
    assert_eq!(with_input(&["--allow-run", "run", "-"], "say sh(\"echo hi\")"), printed("hi\n"));
    assert_eq!(with_input(&["run", "--allow-run", "-"], "say sh(\"echo hi\")"), printed("hi\n"));
}

#[test]
fn no_text_escapes_its_argument() {
    let program = r#"
let marks = ["'", "\"", "\\", ";", "|", "&", "$HOME", "`id`", "*", "\n", "-", ""]
for a in marks { for b in marks {
    let shown = run_command("printf", ["<%s>", a + b])
    if shown.stdout != "<{a}{b}>" { say [a, b, shown] }
} }
"#;
    assert_eq!(run(&["-e", program]), printed(""));
}

#[test]
fn a_base_of_the_process_cannot_be_lifted() {
    let program = "env.set(\"FORGE_FS_BASE\", \"\")\nfs.read(\"/etc/passwd\")";
    let output = forge(&["-e", program]).env("FORGE_FS_BASE", "/usr").output().unwrap();
    let text = "path '/etc/passwd' escapes FORGE_FS_BASE '/usr'";
    assert!(ended(output).err.contains(text));
}

#[test]
fn log_lines_go_to_the_error_output() {
    let logged = |filter: Option<&str>, format: &str| {
        let program = "log.info(\"hello\", 1)\nlog.debug(\"low\")\nlog.warn([2])\nlog.error({})";
        let mut command = forge(&["-e", program]);
        command.env("FORGE_LOG_FORMAT", format);
        filter.map(|filter| command.env("FORGE_LOG", filter));
        ended(command.output().unwrap()).err
    };
    let compact = logged(None, "compact");
    let lines: Vec<&str> =
        compact.lines().filter_map(|line| line.split_once("Z ")).map(|(_, rest)| rest).collect();
    assert_eq!(
        lines,
        [" INFO forge.user: hello 1", " WARN forge.user: [2]", "ERROR forge.user: {  }"]
    );
    let json = logged(Some("debug"), "json");
    assert_eq!(json.lines().count(), 4);
    assert!(
        json.contains(
            "\"level\":\"DEBUG\",\"fields\":{\"message\":\"low\"},\"target\":\"forge.user\"}"
        ),
        "{json}"
    );
    let pretty = logged(None, "pretty");
    assert!(pretty.contains("Z  INFO forge.user: hello 1\n    at <eval>:1\n\n"), "{pretty}");
    assert!(pretty.contains("Z  WARN forge.user: [2]\n    at <eval>:3\n\n"), "{pretty}");
    assert_eq!(logged(Some(""), "json"), "");
}
