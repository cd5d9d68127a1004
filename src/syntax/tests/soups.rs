//! No sequence of tokens breaks the parser, and none takes it long.

use super::super::lexer;
use super::super::lexer::Origin;
use super::super::parser::parse_counting;
use super::super::token::Keyword;
use super::super::token::Pool;
use crate::diag::SourceId;
use proptest::collection::vec;
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::LazyLock;

fn config() -> ProptestConfig {
    let cases = if std::env::var_os("CI").is_some() { 10_000 } else { 500 };
    ProptestConfig { cases, ..ProptestConfig::default() }
}

/// More steps than this for a byte are more than a constant.
const STEPS: usize = 40;

/// What tokens are written like, besides the keywords.
const SIGNS: &[&str] = &[
    "+",
    "-",
    "*",
    "/",
    "%",
    "+=",
    "-=",
    "=",
    "==",
    "!=",
    "!",
    "<",
    ">",
    "<=",
    ">=",
    "&&",
    "||",
    "|>",
    ">>",
    "|",
    "&",
    "?",
    ".",
    "..",
    "...",
    "->",
    "=>",
    "@",
    ",",
    ":",
    ";",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "\n",
    "\n",
    "a",
    "b",
    "Point",
    "and",
    "or",
    "not",
    "is",
    "sort",
    "finally",
    "shared",
    "atomic",
    "has",
    "between",
    "var",
    "fucntion",
    "1",
    "0.5",
    "1e9",
    "0xff",
    "\"text\"",
    "'text'",
    "\"a {b} c\"",
    "\"{f(\"{x}\")}\"",
    "\"{\"",
    "\"",
    "'",
    "\\",
    "\"\"\"",
    "//",
    "/*",
    "*/",
    "#",
    "é",
];

/// Parses on a stack as large as the one that programs get.
fn parses_in_time(text: String) {
    let length = text.len();
    let parse = move || parse_counting(SourceId(0), &text).1;
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(parse).unwrap();
    let steps = thread.join().unwrap();
    assert!(steps <= STEPS * (length + 10), "{steps} steps for {length} bytes");
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_tokens_are_read(tokens in vec(token(), 0..200), times in 1_usize..50) {
        parses_in_time(tokens.join(" ").repeat(times));
    }

    #[test]
    fn any_change_of_a_program_is_read(
        program in any::<prop::sample::Index>(),
        changes in vec(change(), 1..12),
    ) {
        let mut pieces = pieces(program.get::<String>(&PROGRAMS));
        for change in &changes {
            change.apply(&mut pieces);
        }
        parses_in_time(pieces.concat());
    }
}

#[test]
fn many_faults_are_told_in_time() {
    for piece in [
        "var x = 1\n",
        "fucntion f() {\n",
        "fucntion f() { }\n",
        "and, or\n",
        "f(|or, \n",
        "{ [\n",
        "f(\n",
        "if a { b(\n",
        "say \"{f(\"{var x}\")}\"\n",
        "say \"{f(\n",
        "}\n",
        ")\n",
        "match x { 1 }\n",
        "A<",
        "a < b > ",
        "x = fn(a {\n",
        "'",
        "@a\n",
    ] {
        parses_in_time(piece.repeat(5000));
    }
}

fn token() -> impl Strategy<Value = &'static str> {
    let words = Keyword::ALL.iter().map(|word| word.text());
    prop::sample::select(words.chain(SIGNS.iter().copied()).collect::<Vec<_>>())
}

/// The programs of the tests; those that are long for a reason are no text for changes.
static PROGRAMS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = vec![root.join("tests"), root.join("examples")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(extension) if extension == "fg" => found.extend(fs::read_to_string(path)),
                _ => {}
            }
        }
    }
    found.retain(|text| text.len() < 8192);
    found.sort();
    found
});

/// The tokens of a text, each with the blanks before it.
fn pieces(text: &str) -> Vec<String> {
    let origin = Origin { source: SourceId(0), map: None };
    let tokens = lexer::lex(text, origin, &mut Pool::default()).tokens;
    let mut start = 0;
    let ends = tokens.iter().map(|token| token.span.end as usize);
    ends.map(|end| text[std::mem::replace(&mut start, end)..end].to_owned()).collect()
}

/// What happens to a token.
#[derive(Clone, Debug)]
enum Change {
    Delete(prop::sample::Index),
    Duplicate(prop::sample::Index),
    Swap(prop::sample::Index, prop::sample::Index),
    Insert(prop::sample::Index, &'static str),
}

fn change() -> impl Strategy<Value = Change> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        place().prop_map(Change::Delete),
        place().prop_map(Change::Duplicate),
        (place(), place()).prop_map(|(one, other)| Change::Swap(one, other)),
        (place(), token()).prop_map(|(at, token)| Change::Insert(at, token)),
    ]
}

impl Change {
    fn apply(&self, pieces: &mut Vec<String>) {
        if pieces.is_empty() {
            return;
        }
        let count = pieces.len();
        match self {
            Change::Delete(at) => drop(pieces.remove(at.index(count))),
            Change::Duplicate(at) => pieces.insert(at.index(count), at.get(pieces).clone()),
            Change::Swap(one, other) => pieces.swap(one.index(count), other.index(count)),
            Change::Insert(at, token) => pieces.insert(at.index(count), format!(" {token} ")),
        }
    }
}
