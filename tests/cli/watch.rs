//! `--watch` runs a command again when a program changes.

use super::Folder;
use super::forge;
use std::io::BufRead;
use std::io::BufReader;
use std::process::Stdio;

/// What the command prints first, and what once `file` holds `text`.
fn before_and_after(args: &[&str], folder: &Folder, file: &str, text: &str) -> (String, String) {
    let mut process = forge(args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    folder.with(file, text);
    let second = lines.next().unwrap().unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    (first, second)
}

#[test]
fn run_watch_runs_again_when_the_program_or_what_it_imports_changes() {
    let folder = Folder::new("watch");
    folder.with("other.fg", "let x = 1");
    let file = folder.with("main.fg", "import \"other\"\nsay x");
    let imported = before_and_after(&["run", "--watch", &file], &folder, "other.fg", "let x = 2");
    assert_eq!(imported, ("1".to_owned(), "2".to_owned()));
    let printed = before_and_after(&["run", "--watch", &file], &folder, "main.fg", "say \"new\"");
    assert_eq!(printed, ("2".to_owned(), "new".to_owned()));
}

#[test]
fn check_watch_looks_again_when_a_program_changes() {
    let folder = Folder::new("watch-check");
    let file = folder.with("main.fg", "say 1");
    let args = ["check", "--watch", "--message-format", "json", &file];
    let (good, bad) = before_and_after(&args, &folder, "main.fg", "say )");
    assert_eq!(good, r#"{"type":"summary","errors":0,"warnings":0}"#);
    assert!(bad.starts_with(r#"{"type":"diagnostic","severity":"error","code":"E0201""#), "{bad}");
}

#[test]
fn test_watch_runs_the_tests_again_when_what_they_test_changes() {
    let folder = Folder::new("watch-tests");
    folder.with("other.fg", "let x = 1");
    let text = "import \"other\"\n@test fn is_one() { assert_eq(x, 1) }";
    folder.with("one.fg", text);
    let args = ["-C", folder.path(), "test", "--watch", "--reporter", "tap", "one.fg"];
    let mut process = forge(&args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut results = lines.map_while(Result::ok).filter(|line| line.contains("ok 1"));
    assert!(results.next().unwrap().starts_with("ok 1"));
    folder.with("other.fg", "let x = 2");
    assert!(results.next().unwrap().starts_with("not ok 1"));
    process.kill().unwrap();
    process.wait().unwrap();
}

#[test]
fn fmt_watch_formats_what_is_saved() {
    let folder = Folder::new("watch-fmt");
    let file = folder.with("one.fg", "let x=1\n");
    let args = ["fmt", "--watch", &file];
    let mut process = forge(&args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut formatted = lines.map_while(Result::ok).filter(|line| line.contains("  formatted  "));
    formatted.next().unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "let x = 1\n");
    folder.with("one.fg", "let x=2\n");
    formatted.next().unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "let x = 2\n");
    process.kill().unwrap();
    process.wait().unwrap();
}
