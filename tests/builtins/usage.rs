//! The list of all names against the golden programs: each name is used as it can be, and meets all that it may meet.

use super::index::listed;
use super::programs::programs;
use forge::builtins;
use forge::native::Builtin;
use forge::native::Form;
use forge::native::Kind;
use std::fs;
use std::sync::LazyLock;

/// A line of a program: what runs, and what it should print or fail with.
struct Line {
    code: String,
    expected: String,
}

static LINES: LazyLock<Vec<Line>> = LazyLock::new(|| {
    let read = |path| fs::read_to_string(path).unwrap();
    let texts: Vec<String> =
        ["language", "services", "network"].into_iter().flat_map(programs).map(read).collect();
    let split = |line: &str| match line.rsplit_once("// ") {
        Some((code, expected)) => Line { code: code.into(), expected: expected.into() },
        None => Line { code: line.into(), expected: String::new() },
    };
    texts.iter().flat_map(|text| text.lines()).map(split).collect()
});

fn is_in_a_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// What stands around `name` where a line has it as a word.
fn places<'a>(code: &'a str, name: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let around = |at| (&code[..at], &code[at + name.len()..]);
    code.match_indices(name).map(move |(at, _)| around(at)).filter(|(before, after)| {
        !before.ends_with(is_in_a_name) && !after.starts_with(is_in_a_name)
    })
}

fn is_used(name: &str, kind: &str) -> bool {
    let fits = |(before, after): (&str, &str)| match kind {
        "String property" => before.ends_with('.') && !after.starts_with('('),
        kind if kind.ends_with("method") => before.ends_with('.') && after.starts_with('('),
        _ => !before.ends_with('.'),
    };
    LINES.iter().any(|line| places(&line.code, name).any(fits))
}

/// Those that no program of this kind can show: tests of the command line (`tests/cli.rs`) and of the network do.
const ELSEWHERE: [&str; 4] = ["exit", "input", "fetch", "time"];

#[test]
fn every_name_is_used_by_a_program() {
    let unused: Vec<String> = listed()
        .into_iter()
        .filter(|((name, _), place)| place == "here" && !ELSEWHERE.contains(&name.as_str()))
        // Modules have tests of their own.
        .filter(|((name, kind), _)| kind != "module" && !is_used(name, kind))
        .map(|((name, kind), _)| format!("{name}, a {kind}"))
        .collect();
    assert!(unused.is_empty(), "no program under tests/language uses {unused:#?}");
}

/// What a function should be tried with: what to call it, and whether a line has it.
type Trial = (&'static str, fn(&str) -> bool);

/// What a function that takes such a value should be tried with.
fn trials(kind: Kind) -> &'static [Trial] {
    const FROZEN: Trial =
        ("a frozen value", |code| code.contains("freeze") || code.contains("frozen"));
    match kind {
        Kind::String => &[
            FROZEN,
            ("an empty text", |code| code.contains("\"\"")),
            ("letters beyond ASCII", |code| !code.is_ascii()),
        ],
        Kind::Array => &[FROZEN, ("an empty array", |code| code.contains("[]"))],
        Kind::Object | Kind::Map | Kind::Set | Kind::Stream => &[FROZEN],
        Kind::Int | Kind::Number => &[("a negative number", |code| {
            code.match_indices('-').any(|(at, _)| code[at + 1..].starts_with(char::is_numeric))
        })],
        Kind::Any | Kind::Bool | Kind::Function => &[],
    }
}

/// The rows whose names are in the list, and the name that a program calls.
fn rows() -> impl Iterator<Item = (&'static Builtin, &'static str)> {
    let rows =
        builtins::registry().rows().iter().copied().filter(|row| !row.name.starts_with("__"));
    rows.filter(|row| !ELSEWHERE.contains(&row.name)).filter_map(|row| {
        let name = row.name.rsplit_once('.').map_or(row.name, |(_, method)| method);
        let is_of_a_module =
            row.forms.iter().any(|form| matches!(form, Form::Module | Form::Constant));
        (!is_of_a_module).then_some((row, name))
    })
}

#[test]
fn every_name_meets_what_it_may_meet() {
    let mut missing = Vec::new();
    for (row, name) in rows() {
        let lines: Vec<&str> = LINES
            .iter()
            .map(|line| line.code.as_str())
            .filter(|code| places(code, name).next().is_some())
            .collect();
        for (what, has) in row.params.iter().flat_map(|param| trials(param.kind)) {
            if !lines.iter().any(|code| has(code)) {
                missing.push(format!("{}: {what}", row.name));
            }
        }
    }
    missing.dedup();
    assert!(missing.is_empty(), "no program under tests/language shows {missing:#?}");
}

#[test]
fn every_name_fails_with_its_text() {
    let text = |(row, name): (&Builtin, &str)| match (row.requires, name) {
        // Nothing else has a method of a kind, and so nothing fails there.
        ("", _) => None,
        _ if row.name.contains('.') => None,
        // As it always was.
        (requires, "take_n") => Some(format!("take() requires {requires}")),
        (requires, name) => Some(format!("{name}() requires {requires}")),
    };
    let is_shown = |text: &String| LINES.iter().any(|line| line.expected.ends_with(text.as_str()));
    let silent: Vec<String> = rows().filter_map(text).filter(|text| !is_shown(text)).collect();
    assert!(silent.is_empty(), "no program under tests/language produces {silent:#?}");
}
