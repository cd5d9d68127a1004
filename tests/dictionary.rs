//! The words that the fuzzer makes programs of, `fuzz/forge.dict`: keywords, builtins and signs.
//! `UPDATE=1 cargo test --test dictionary` writes it anew.

use forge::builtins;
use forge::native::Form;
use forge::syntax::token::Keyword;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Signs of two characters and more, words that are no keywords, and what begins a literal.
const MORE: &[&str] = &[
    "+=",
    "-=",
    "*=",
    "/=",
    "%=",
    "==",
    "!=",
    "<=",
    ">=",
    "&&",
    "||",
    "|>",
    ">>",
    "..",
    "...",
    "->",
    "=>",
    "\"\"\"",
    "\"{",
    "}\"",
    "\\u{",
    "//",
    "/*",
    "*/",
    "0x",
    "1e9",
    "r\"",
    "finally",
    "not ",
    "and ",
    "or ",
    "shared",
    "atomic",
    "between ",
    "contains",
    "is empty",
    "has ",
    "as ",
    "with ",
    "sort",
    "minutes",
    "@test",
    "@server",
    "tools:",
    "goal:",
    "9223372036854775807",
];

fn dictionary() -> String {
    let keywords = Keyword::ALL.iter().map(|word| word.text());
    let registry = builtins::registry();
    // What needs a permission is refused to the programs of the fuzzer.
    let rows = registry.rows().iter();
    let rows = rows.filter(|row| row.needs.is_none() && !row.forms.contains(&Form::Internal));
    let names = rows.flat_map(|row| [row.name].into_iter().chain(row.aliases.iter().copied()));
    let words: BTreeSet<&str> = keywords.chain(names).chain(MORE.iter().copied()).collect();
    let mut text = "# Written by tests/dictionary.rs.\n".to_owned();
    for word in words {
        let word = word.replace('\\', "\\\\").replace('"', "\\\"");
        writeln!(text, "\"{word}\"").unwrap();
    }
    text
}

#[test]
fn the_fuzzer_knows_every_word() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/forge.dict");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, dictionary()).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap(), dictionary());
}
