//! `forge fmt`: which files it finds, what it says, what it leaves alone.

use super::Ended;
use super::ended;
use super::forge;
use super::with_input;
use std::fs;
use std::path::Path;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn fmt(folder: &Path, args: &[&str]) -> Ended {
    ended(forge(&[&["fmt"], args].concat()).current_dir(folder).output().unwrap())
}

const BAD: &str = "let a=1\n";
const GOOD: &str = "let a = 1\n";

#[test]
fn all_files_below_a_folder_are_formatted_but_those_of_others() {
    let folder = folder(&[
        ("a.fg", BAD),
        ("sub/b.fg", GOOD),
        ("sub/c.txt", BAD),
        (".hidden/d.fg", BAD),
        ("forge_modules/e.fg", BAD),
        ("target/f.fg", BAD),
        ("node_modules/g.fg", BAD),
        ("ignored/h.fg", BAD),
        (".gitignore", "ignored/\n"),
        ("left.fg", BAD),
        (".forgefmtignore", "left.fg\n"),
    ]);
    let checked = fmt(folder.path(), &["--check"]);
    let said = "  would format  a.fg\n  unchanged  sub/b.fg\n\n  1 file(s) need formatting\n";
    assert_eq!((checked.code, checked.out.as_str()), (1, said));
    let done = fmt(folder.path(), &[]);
    let said = "  formatted  a.fg\n  unchanged  sub/b.fg\n\n  1 file(s) formatted\n";
    assert_eq!((done.code, done.out.as_str()), (0, said));
    assert_eq!(fs::read_to_string(folder.path().join("a.fg")).unwrap(), GOOD);
    assert_eq!(fs::read_to_string(folder.path().join("left.fg")).unwrap(), BAD);
    let checked = fmt(folder.path(), &["--check", "a.fg", "sub"]);
    assert_eq!(
        (checked.code, checked.out.lines().last()),
        (0, Some("  All files formatted correctly"))
    );
    assert_eq!(fmt(folder.path(), &["--quiet"]).out, "");
}

#[test]
fn a_file_with_mistakes_is_told_and_left_alone() {
    let folder = folder(&[("bad.fg", "let a = [1\n"), ("good.fg", BAD)]);
    let done = fmt(folder.path(), &[".", "missing.fg"]);
    assert_eq!(done.code, 1);
    assert_eq!(done.out, "  formatted  good.fg\n\n  1 file(s) formatted\n");
    for said in
        ["  error      bad.fg", "bad.fg:1:9", "  error      missing.fg — could not read it: "]
    {
        assert!(done.err.contains(said), "{}", done.err);
    }
    assert_eq!(fs::read_to_string(folder.path().join("bad.fg")).unwrap(), "let a = [1\n");
    let empty = tempfile::tempdir().unwrap();
    let none = fmt(empty.path(), &[]);
    assert_eq!((none.code, none.out.as_str()), (0, "No .fg files found\n"));
}

#[test]
fn a_difference_is_shown_and_nothing_changed() {
    let folder = folder(&[("a.fg", BAD)]);
    let shown = fmt(folder.path(), &["--diff"]);
    let diff = "--- a.fg\n+++ a.fg\n@@ -1 +1 @@\n-let a=1\n+let a = 1\n";
    assert_eq!((shown.code, shown.out.as_str()), (1, diff));
    assert_eq!(fs::read_to_string(folder.path().join("a.fg")).unwrap(), BAD);
}

#[test]
fn standard_input_is_formatted_to_standard_output() {
    let given = |text: &str, args: &[&str]| with_input(&[&["fmt"], args].concat(), text);
    for args in [["--stdin"], ["-"]] {
        let done = given(BAD, &args);
        assert_eq!((done.code, done.out.as_str(), done.err.as_str()), (0, GOOD, ""));
    }
    let wrong = given("let = 1\n", &["--stdin", "--stdin-filename", "lib/x.fg"]);
    assert_eq!((wrong.code, wrong.out.as_str()), (1, ""));
    assert!(wrong.err.contains("lib/x.fg:1:5"), "{}", wrong.err);
    assert_eq!(given(BAD, &["--stdin", "--check"]).code, 1);
}
