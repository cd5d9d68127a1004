//! The language, one claim per program: `tests/language/**/*.fg`.
//!
//! The expectation stands in the program: `// expect: TEXT` for each line that it prints, `// error: TEXT` for the
//! first line of each error that ends it, `// hint: TEXT` for a hint of the error before.

mod support;

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
