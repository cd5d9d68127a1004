//! The command line: the real binary, its output and its exit codes.

#[path = "cli/builds.rs"]
mod builds;
#[path = "cli/doc.rs"]
mod doc;
#[path = "cli/doc_programs.rs"]
mod doc_programs;
#[path = "support/fetch.rs"]
mod fetch;
#[path = "cli/fmt.rs"]
mod fmt;
#[path = "cli/learn.rs"]
mod learn;
#[path = "cli/mentioned.rs"]
mod mentioned;
#[path = "cli/misspelt.rs"]
mod misspelt;
#[path = "cli/modules.rs"]
mod modules;
#[path = "cli/packages.rs"]
mod packages;
#[path = "cli/projects.rs"]
mod projects;
#[path = "cli/repl.rs"]
mod repl;
#[path = "cli/stdlib.rs"]
mod stdlib;
#[path = "support/timeless.rs"]
mod timeless;
#[path = "support/transcript.rs"]
mod transcript;
#[cfg(unix)]
#[path = "cli/transcripts.rs"]
mod transcripts;
#[path = "cli/watch.rs"]
mod watch;

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;

/// What a command did.
#[derive(Debug, PartialEq)]
struct Ended {
    code: i32,
    out: String,
    err: String,
}

fn forge(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_forge"));
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "FORGE_LOG", "FORGE_PORT", "PORT", "FORGE_HOST"] {
        command.env_remove(name);
    }
    command.args(args).stdin(Stdio::null());
    command
}

fn ended(output: Output) -> Ended {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended {
        code: output.status.code().expect("no signal ended it"),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

fn run(args: &[&str]) -> Ended {
    ended(forge(args).output().unwrap())
}

fn with_input(args: &[&str], input: &str) -> Ended {
    let mut command = forge(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    ended(process.wait_with_output().unwrap())
}

/// A program that ran and printed `out`.
fn printed(out: &str) -> Ended {
    Ended { code: 0, out: out.to_owned(), err: String::new() }
}

/// A program that failed and wrote `err`.
fn failed(err: &str) -> Ended {
    Ended { code: 1, out: String::new(), err: err.to_owned() }
}

/// A file with a program, in a folder that is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("forge-cli-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn with(&self, file: &str, program: impl AsRef<[u8]>) -> String {
        let path = self.0.join(file);
        std::fs::write(&path, program).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn run_and_the_bare_file_run_a_program() {
    let folder = Folder::new("run");
    let file = folder.with("hello.fg", "say 1\nsay 2\n");
    assert_eq!(run(&["run", &file]), printed("1\n2\n"));
    assert_eq!(run(&[&file]), printed("1\n2\n"));
    assert_eq!(run(&["--color", "never", &file, "and", "--its", "arguments"]), printed("1\n2\n"));
    assert_eq!(run(&["run", &file, "--", "--color"]), printed("1\n2\n"));
    assert_eq!(run(&["-C", folder.path(), "hello.fg"]), printed("1\n2\n"));
    let other = folder.with("script", "#!/usr/bin/env forge\nsay 3");
    assert_eq!(run(&[&other]), printed("3\n"));
}

#[test]
fn eval_runs_code() {
    assert_eq!(run(&["-e", "say 1; say 2"]), printed("1\n2\n"));
    assert_eq!(run(&["-e", r#"say "a;b" // c;d"#]), printed("a;b\n"));
    assert_eq!(run(&["-e", "let x = 20", "--eval", "say x + 1"]), printed("21\n"));
    assert_eq!(run(&["-e", "1 + 1"]), printed(""));
    assert_eq!(run(&["-e", "say 1", "--", "word", "--flag"]), printed("1\n"));
    assert_eq!(run(&["-pe", "1", "--", "word", "--flag"]), printed("1\n"));
    assert_eq!(with_input(&["-e", "-"], "say 5"), printed("5\n"));
    assert_eq!(with_input(&["run", "-"], "say 6"), printed("6\n"));
    assert_eq!(with_input(&["-e", "let n = 7", "-e", "-"], "say n"), printed("7\n"));
}

#[test]
fn print_shows_the_last_value() {
    assert_eq!(run(&["-p", "-e", "1 + 1"]), printed("2\n"));
    assert_eq!(run(&["-e", "let x = [1]; x", "--print"]), printed("[1]\n"));
    assert_eq!(run(&["-p", "-e", "say 1"]), printed("1\n"));
    assert_eq!(run(&["-p", "-e", "let x = 1"]), printed(""));
}

#[test]
fn eval_goes_before_a_command() {
    assert_eq!(run(&["-e", "say 1", "run", "no-such-file.fg"]), printed("1\n"));
}

#[test]
fn a_failing_program_shows_where() {
    let ended = run(&["-e", "let x = 0", "-e", "say 1 / x"]);
    let shown = [
        "error[E0501]: division by zero",
        "  --> <eval>:2:5",
        "   |",
        " 2 | say 1 / x",
        "   |     ^^^^^",
        "   = hint: check that the divisor is not zero before dividing",
        "",
    ];
    assert_eq!(ended, failed(&shown.join("\n")));
}

#[test]
fn what_was_printed_before_a_failure_is_there() {
    let ended = run(&["-e", "say 1; say 1 / 0; say 2"]);
    assert_eq!((ended.code, ended.out.as_str()), (1, "1\n"));
}

#[test]
fn asking_takes_a_key() {
    let program = r#"
        fn why(f) { try { f() } catch e { say e.message } }
        prompt greet(name) { user: "Greet {name}." }
        agent helper(question) { goal: "Answer {question}" }
        why(fn() { ask "hello" })
        why(fn() { greet("Ada") })
        why(fn() { helper("why?") })
    "#;
    let asked = |keys: [(&str, &str); 2]| {
        let out =
            forge(&["-e", program]).env("FORGE_AI_URL", "nowhere").envs(keys).output().unwrap();
        String::from_utf8(out.stdout).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let missing = "ask requires FORGE_AI_KEY or OPENAI_API_KEY environment variable";
    assert_eq!(asked([("FORGE_AI_KEY", ""), ("OPENAI_API_KEY", "")]), [missing; 3]);
    let unsent = "ask error: invalid url 'nowhere': relative URL without a base";
    assert_eq!(asked([("FORGE_AI_KEY", "key"), ("OPENAI_API_KEY", "")]), [unsent; 3]);
    assert_eq!(asked([("FORGE_AI_KEY", ""), ("OPENAI_API_KEY", "key")]), [unsent; 3]);
}

#[test]
fn a_program_that_cannot_be_read() {
    let folder = Folder::new("unreadable");
    let text = "error: could not read 'no.fg': No such file or directory (os error 2)\n";
    assert_eq!(run(&["run", "no.fg"]), failed(text));
    assert_eq!(run(&["no.fg"]), failed(text));
    assert_eq!(run(&["serve", "no.fg"]), failed(text));
    let file = folder.with("latin1.fg", b"say \"caf\xe9\"");
    let text = format!("error: could not read '{file}': stream did not contain valid UTF-8\n");
    assert_eq!(run(&["run", &file]), failed(&text));
    let text = "error: no file specified and no forge.toml found. Usage: forge run <file>\n";
    assert_eq!(run(&["run"]), failed(text));
    let ended = run(&["-C", "/no/such/folder", "-e", "say 1"]);
    assert_eq!(ended.code, 1);
    assert!(ended.err.starts_with("error: could not enter '/no/such/folder': "), "{ended:?}");
}

#[test]
fn messages_in_other_forms() {
    let text = "<eval>:1:5: error[E0301]: undefined variable: 'x'\n";
    assert_eq!(run(&["--no-warn", "--message-format", "short", "-e", "say x"]), failed(text));
    let ended = run(&["--no-warn", "-e", "say x", "--message-format", "json"]);
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    let lines: Vec<serde_json::Value> =
        ended.err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["type"], "diagnostic");
    assert_eq!(lines[0]["message"], "undefined variable: 'x'");
    assert_eq!(lines[0]["span"]["start"]["col"], 5);
    assert_eq!(lines[1]["type"], "summary");
    assert_eq!(lines[1]["errors"], 1);
    // What may have been meant is a hint there too.
    let ended = run(&["--message-format", "json", "-e", "{ name: 1 }.nmae"]);
    let line: serde_json::Value = serde_json::from_str(ended.err.lines().next().unwrap()).unwrap();
    assert_eq!(line["message"], "no field 'nmae' on object");
    assert_eq!(line["hints"], serde_json::json!(["did you mean 'name'?"]));
}

const DOUBTFUL: &str = "let n: Int = \"one\"\nsay n";
const MISMATCH: &str = "type mismatch: 'n' declared as Int but assigned String";

#[test]
fn warnings_come_before_the_program_runs() {
    let text = format!("<eval>:1:14: warning[W0401]: {MISMATCH}\n");
    let short = ["--message-format", "short"];
    let ended = run(&[&short[..], &["-e", DOUBTFUL]].concat());
    assert_eq!(ended, Ended { code: 0, out: "one\n".to_owned(), err: text });
    assert_eq!(run(&["--no-warn", "-e", DOUBTFUL]), printed("one\n"));
    // What ends the program brings the summary.
    let json = run(&["--message-format", "json", "-e", DOUBTFUL]).err;
    assert_eq!(json.lines().count(), 1, "{json}");
    let json = run(&["--message-format", "json", "-e", "say x"]).err;
    let lines: Vec<serde_json::Value> =
        json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let severities: Vec<_> = lines.iter().map(|line| line["severity"].as_str()).collect();
    assert_eq!(severities, [Some("warning"), Some("error"), None]);
}

#[test]
fn strict_programs_without_warnings_run() {
    let folder = Folder::new("strict");
    let file = folder.with("doubtful.fg", DOUBTFUL);
    let text = format!("{file}:1:14: error[W0401]: {MISMATCH}\n");
    let short = ["--message-format", "short"];
    for args in [&["--strict", "run", &file][..], &["run", "--strict", &file]] {
        assert_eq!(run(&[&short[..], args].concat()), failed(&text));
    }
    let served = folder.with("served.fg", format!("@get(\"/\") fn a() {{ 1 }}\n{DOUBTFUL}"));
    let text = format!("{served}:2:14: error[W0401]: {MISMATCH}\n");
    assert_eq!(run(&[&short[..], &["serve", "--strict", &served]].concat()), failed(&text));
    assert_eq!(run(&["--strict", "-e", "let n: Int = 1\nsay n"]), printed("1\n"));
    // All are printed.
    let many = "undefined_name\n".repeat(30);
    let ended = run(&[&short[..], &["--strict", "-e", &many]].concat());
    assert_eq!(ended.err.lines().last(), Some("30 errors, 0 warnings"));
    assert_eq!(ended.err.lines().count(), 31);
}

#[test]
fn check_runs_nothing() {
    let folder = Folder::new("check");
    let good = folder.with("good.fg", "say 1");
    let doubtful = folder.with("doubtful.fg", DOUBTFUL);
    let wrong = folder.with("wrong.fg", "say )");
    let short = ["--message-format", "short", "-C", folder.path()];
    let check = |args: &[&str]| run(&[&short[..], args].concat());
    assert_eq!(check(&["check", "good.fg"]), printed(""));
    let text = format!("doubtful.fg:1:14: warning[W0401]: {MISMATCH}\n");
    let ended = Ended { err: text.clone(), ..printed("") };
    assert_eq!(check(&["check", "good.fg", "doubtful.fg"]), ended);
    let all = check(&["check", "."]);
    assert_eq!(all.code, 1);
    assert_eq!(all.err.lines().last(), Some("1 errors, 1 warnings"));
    assert!(all.err.contains("wrong.fg:1:5: error[E0201]"), "{all:?}");
    assert_eq!(
        check(&["check", "--strict", "doubtful.fg"]),
        failed(&text.replace("warning", "error"))
    );
    assert_eq!(check(&["check", "--no-warn", "doubtful.fg"]), printed(""));
    let ended = with_input(&["check", "--message-format", "short", "-"], DOUBTFUL);
    assert_eq!((ended.code, ended.err), (0, text.replace("doubtful.fg", "<stdin>")));
    let ended = check(&["check", "no.fg"]);
    assert_eq!(
        ended,
        failed("error: could not read 'no.fg': No such file or directory (os error 2)\n")
    );
    let text = "error: no file specified and no forge.toml found. Usage: forge check <paths>\n";
    assert_eq!(check(&["check"]), failed(text));
    folder.with("forge.toml", "");
    assert_eq!(check(&["check"]).err.lines().last(), all.err.lines().last());
    let _ = (good, doubtful, wrong);
}

#[test]
fn check_tells_tools_on_standard_output() {
    let folder = Folder::new("check-json");
    let file = folder.with("doubtful.fg", DOUBTFUL);
    let ended = run(&["check", "--message-format", "json", &file]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let lines: Vec<serde_json::Value> =
        ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["message"], MISMATCH);
    assert_eq!(lines[0]["severity"], "warning");
    assert_eq!(lines[1], serde_json::json!({ "type": "summary", "errors": 0, "warnings": 1 }));
}

#[test]
fn colours_only_when_wanted() {
    let is_coloured = |mut command: Command| ended(command.output().unwrap()).err.contains('\x1b');
    let with = |args: &[&str], env: &[(&str, &str)]| {
        let mut command = forge(args);
        command.envs(env.iter().copied());
        is_coloured(command)
    };
    let fails = ["-e", "say 1 / 0"];
    assert!(!with(&fails, &[]));
    assert!(with(&fails, &[("CLICOLOR_FORCE", "1")]));
    assert!(!with(&fails, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(with(&fails, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")]));
    assert!(with(&["--color", "always", "-e", "say 1 / 0"], &[("NO_COLOR", "1")]));
    assert!(!with(&["-e", "say 1 / 0", "--color=never"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn version_and_help() {
    let number = env!("CARGO_PKG_VERSION");
    assert_eq!(run(&["--version"]), printed(&format!("forge {number}\n")));
    assert_eq!(run(&["-V"]), run(&["--version"]));
    let version = run(&["version"]);
    assert!(version.out.starts_with(&format!("Forge v{number}\n")), "{version:?}");
    assert_eq!((version.code, version.out.lines().count()), (0, 3));
    let json: serde_json::Value = serde_json::from_str(&run(&["version", "--json"]).out).unwrap();
    assert_eq!(json["version"], number);
    assert!(json["features"].is_array() && json["target"].is_string());

    assert_eq!(run(&["help"]), run(&["--help"]));
    assert_eq!(run(&["help", "run"]), run(&["run", "--help"]));
    for args in [&["help"][..], &["-h"], &["help", "serve"], &["serve", "-h"]] {
        let help = run(args);
        assert!(help.code == 0 && help.err.is_empty() && help.out.contains("Usage: "), "{help:?}");
    }
}

#[test]
fn what_is_no_command_line() {
    let unknown = run(&["runn", "x"]);
    assert_eq!((unknown.code, unknown.out.as_str()), (2, ""));
    for part in ["error: unrecognized subcommand 'runn'", "Usage: ", "--help"] {
        assert!(unknown.err.contains(part), "{part}: {unknown:?}");
    }
    for args in [
        &["--no-such-flag"][..],
        &["-e"],
        &["--color", "blue", "-e", "1"],
        &["--max-depth", "many", "-e", "1"],
        &["--print"],
    ] {
        let refused = run(args);
        assert!(refused.code == 2 && refused.err.starts_with("error: "), "{args:?} {refused:?}");
    }
    // Without a word it is a session, which ends with its input.
    assert_eq!(run(&[]), printed("Goodbye!\n"));
}

#[test]
fn the_choice_of_an_engine_is_ignored() {
    for flag in ["--vm", "--interp", "--jit"] {
        assert_eq!(run(&[flag, "-e", "say 1"]), printed("1\n"));
    }
}

#[test]
fn calls_may_nest_as_deep_as_it_is_told() {
    let program = "fn down(n) { if n == 0 { return 0 } return down(n - 1) }; say down(100)";
    assert_eq!(run(&["-e", program]), printed("0\n"));
    let ended = run(&["--max-depth", "50", "-e", program]);
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("maximum recursion depth exceeded (50 frames)"), "{ended:?}");
    // Parts that run parts are calls within calls too.
    let program = "fn down(n) { par_map([n + 1], down) }; down(0)";
    let ended = run(&["--max-depth", "50", "-e", program]);
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("maximum recursion depth exceeded (50 frames)"), "{ended:?}");
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    for args in [&["-e", "while true { say 1 }"][..], &["help"], &["version"]] {
        let mut command = forge(args);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(process.stdout.take());
        assert_eq!(ended(process.wait_with_output().unwrap()), printed(""), "{args:?}");
    }
}

#[test]
fn serve_says_what_keeps_it_from_serving() {
    let folder = Folder::new("serve");
    let file = folder.with("empty.fg", "say 1");
    let ended = run(&["serve", &file]);
    let text = "error[E0801]: no route handlers found. Add @get/@post functions.\n";
    assert_eq!((ended.code, ended.err.as_str()), (1, text));
    let file = folder.with("broken.fg", "@get(\"/\") fn a() { 1 }\nsay 1 / 0");
    let ended = run(&["serve", "--port", "0", &file]);
    assert_eq!(ended.code, 1);
    assert!(
        ended.err.contains("division by zero") && !ended.err.contains("listening"),
        "{ended:?}"
    );
    let file = folder.with("unreadable.fg", "@get(\"/\") fn a( { 1 }");
    assert_eq!(run(&["serve", &file]).code, 1);
}

#[test]
fn serve_lists_routes() {
    let folder = Folder::new("routes");
    let program = "@get(\"/a/:id\") fn show(id) { id }\n@post fn make(body) { body }";
    let file = folder.with("routes.fg", program);
    assert_eq!(run(&["serve", "--routes", &file]), printed("   GET  /a/:id\n  POST  /make\n"));
    let json = run(&["serve", "--routes", "--message-format", "json", &file]).out;
    let rows: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(rows[1]["method"], "POST");
    assert_eq!(rows[1]["pattern"], "/make");
    assert_eq!(rows[0]["handler"], "show");
}

#[test]
fn exit_ends_the_process_at_once() {
    let ended = |program: &str| run(&["-e", program]);
    let with = |code, out: &str| Ended { code, ..printed(out) };
    assert_eq!(ended("print(1); exit(3); say 2"), with(3, "1"));
    assert_eq!(ended("say 1; exit()"), with(0, "1\n"));
    assert_eq!(ended("exit(256)"), with(0, ""));
    assert_eq!(ended("exit(-1)"), with(255, ""));
    assert_eq!(ended("exit(\"7\")"), with(0, ""));
    assert_eq!(ended("exit(freeze 7)"), with(7, ""));
    // Nothing catches it, and no `finally` sees it.
    assert_eq!(ended("yolo(fn() { exit(4) }); say 1"), with(4, ""));
    assert_eq!(ended("assert_throws(fn() { exit(5) })"), with(5, ""));
    assert_eq!(ended("try { exit(6) } catch e { say e } finally { say 2 }"), with(6, ""));
    assert_eq!(ended("map([1], fn(x) { exit(8) })"), with(8, ""));
}

#[test]
fn input_is_all_of_standard_input() {
    let program = "let text = input(\"ignored\"); say \"[\" + text + \"]\" + input()";
    assert_eq!(with_input(&["-e", program], " a\nb \n\n"), printed("[ a\nb]\n"));
    assert_eq!(with_input(&["-e", program], ""), printed("[]\n"));
    assert_eq!(with_input(&["-e", "say len(input())"], "日本\n"), printed("2\n"));
}

#[test]
fn a_program_that_gave_up_its_input_ends() {
    // Its input stays open and empty.
    let mut command = forge(&["-e", "try { timeout 0.05 { input() } } catch e { say e.message }"]);
    let process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = process.spawn().unwrap();
    let input = process.stdin.take();
    let ended = ended(process.wait_with_output().unwrap());
    drop(input);
    assert_eq!(ended.out, "timeout: operation exceeded 0.05 second limit\n");
}

#[test]
fn notes_of_the_debug_kit_go_to_the_error_output() {
    let sus = run(&["-e", r#"sus("a"); sus([1])"#]);
    let line = |shown: &str, kind: &str| {
        format!("\u{1b}[33m🔍 SUS CHECK:\u{1b}[0m {shown} \u{1b}[2m({kind})\u{1b}[0m\n")
    };
    assert_eq!(sus.err, line("\"a\"", "String") + &line("[1]", "Array"));
    let slow = run(&["-e", "cook(fn() { wait(0.12) })"]).err;
    let (start, end) =
        ("\u{1b}[33m👨\u{200d}🍳 COOKED:\u{1b}[0m done in 1", "it's giving adequate");
    assert!(slow.starts_with(start) && slow.contains(end), "{slow}");
    assert!(!run(&["-e", "cook(fn() { bruh() })"]).err.contains("COOKED"));
    let slain = run(&["-e", "slay(fn() { 1 }, 3)"]).err;
    assert!(slain.starts_with("\u{1b}[35m💅 SLAYED:\u{1b}[0m 3x runs — avg "), "{slain}");
}
