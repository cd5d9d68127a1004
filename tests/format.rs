//! `forge fmt`: layouts (`tests/format/NAME.fg` becomes `NAME.out`), and what must hold of any program.

use forge::diag::Sources;
use forge::engine;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "fg"))
        .collect();
    found.sort();
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn format(text: &str) -> Result<String, Vec<String>> {
    let formatted = engine::format(&mut Sources::new(), "x.fg", text);
    formatted.map_err(|found| found.into_iter().map(|found| found.message).collect())
}

/// `UPDATE=1` writes what is expected.
#[test]
fn layouts() {
    let mut wrong = Vec::new();
    for path in files(&root().join("tests/format")) {
        let formatted = format(&fs::read_to_string(&path).unwrap()).unwrap();
        let out = path.with_extension("out");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&out, &formatted).unwrap();
        }
        let wanted = fs::read_to_string(&out).unwrap_or_default();
        if formatted != wanted {
            wrong.push(format!("{}:\n{formatted}", path.display()));
        }
        assert_eq!(format(&wanted), Ok(wanted.clone()), "{}", out.display());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A program that has its tree still is found by `engine::format` itself, which fails otherwise.
#[test]
fn programs_keep_their_meaning_and_are_formatted_once() {
    let mut count = 0;
    for folder in ["examples", "benches", "src", "tests"] {
        for path in files(&root().join(folder)) {
            let Ok(text) = fs::read_to_string(&path) else { continue };
            match format(&text) {
                Ok(formatted) => {
                    count += 1;
                    assert_eq!(format(&formatted), Ok(formatted.clone()), "{}", path.display());
                    assert_eq!(marrow(&formatted), marrow(&text), "{}", path.display());
                }
                Err(found) => assert!(
                    !found.iter().any(|it| it.contains("formatting would change")),
                    "{}",
                    path.display()
                ),
            }
        }
    }
    assert!(count > 800, "{count} programs were found");
}

/// A text without spaces, commas, semicolons and ends of lines: what formatting never changes.
fn marrow(text: &str) -> String {
    text.chars()
        .filter(|char| !char.is_whitespace() && !matches!(char, ',' | ';' | '\u{feff}'))
        .collect()
}

#[test]
fn a_text_that_is_no_program_is_left_alone() {
    let found = format("let a = [1\nfn f( {").unwrap_err();
    assert!(!found.is_empty());
    assert_eq!(format("\n\n"), Ok(String::new()));
    assert_eq!(format("\u{feff}let a=1\r\n"), Ok("let a = 1\n".to_owned()));
    let raw = "let a = \"\"\"x\r\ny\"\"\"";
    assert_eq!(format(&format!("{raw}\r\n")), Ok(format!("{raw}\n")));
}

/// What `.forgefmtignore` does not leave out.
#[test]
fn the_programs_of_the_repository_are_formatted() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_forge"));
    let checked = command.args(["fmt", "--check", "."]).current_dir(root()).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}
