//! The language, one claim per program: `tests/language/**/*.fg`.
//!
//! The expectation stands in the program: `// expect: TEXT` for each line that it prints, `// error: TEXT` for the
//! first line of each error that ends it, `// hint: TEXT` for a hint of the error before. Those of `tests/services/` talk
//! to servers on this machine.

mod support;

use std::io::Write;
use std::path::Path;
use support::Outcome;

#[derive(Debug, Default, PartialEq)]
struct Expected {
    output: Vec<String>,
    errors: Vec<String>,
    hints: Vec<String>,
}

impl Expected {
    fn read(text: &str) -> Expected {
        let mut expected = Expected::default();
        for line in text.lines() {
            let Some((_, comment)) = line.rsplit_once("// ") else { continue };
            if let Some(rest) = comment.strip_prefix("expect:") {
                expected.output.push(rest.strip_prefix(' ').unwrap_or(rest).to_string());
            } else if let Some(rest) = comment.strip_prefix("error: ") {
                expected.errors.push(rest.to_string());
            } else if let Some(rest) = comment.strip_prefix("hint: ") {
                expected.hints.push(rest.to_string());
            }
        }
        expected
    }

    /// Only the hints that the program speaks of are compared.
    fn of(outcome: &Outcome, with_hints: bool) -> Expected {
        let mut seen = Expected {
            output: outcome.output.split('\n').map(str::to_string).collect(),
            ..Expected::default()
        };
        if seen.output.last().is_some_and(String::is_empty) {
            seen.output.pop();
        }
        for error in &outcome.errors {
            let mut lines = error.split("\n  hint: ");
            seen.errors.extend(lines.next().map(str::to_string));
            seen.hints.extend(lines.filter(|_| with_hints).map(str::to_string));
        }
        seen
    }
}

fn check(path: &Path) -> Result<(), String> {
    let expected = Expected::read(&std::fs::read_to_string(path).unwrap());
    let outcome = support::run(path)?;
    let seen = Expected::of(&outcome, !expected.hints.is_empty());
    match seen == expected {
        true => Ok(()),
        false => {
            Err(format!("{}\n  expected {expected:?}\n  found    {seen:?}", support::name(path)))
        }
    }
}

#[test]
fn language() {
    let programs = support::programs("language");
    assert!(!programs.is_empty(), "no programs found");
    let failures: Vec<String> = programs.iter().filter_map(|path| check(path).err()).collect();
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}

/// Folders of programs and where their servers listen.
const SERVICES: [(&str, &str); 3] =
    [("pg", "127.0.0.1:5432"), ("mysql", "127.0.0.1:3306"), ("redis", "127.0.0.1:6379")];

#[test]
fn services() {
    let mut failures = Vec::new();
    for (name, address) in SERVICES {
        if std::net::TcpStream::connect(address).is_err() {
            assert!(std::env::var_os("CI").is_none(), "{name}: no server at {address}");
            // Past the capture of the test: whoever runs it should know.
            let note =
                format!("left out: tests/services/{name}, for there is no server at {address}\n");
            std::io::stderr().write_all(note.as_bytes()).unwrap();
            continue;
        }
        let programs = support::programs(&format!("services/{name}"));
        assert!(!programs.is_empty(), "no programs for {name}");
        failures.extend(programs.iter().filter_map(|path| check(path).err()));
    }
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}
