//! `editors/`: what is made from the tables of the language says what they say. `UPDATE=1` rewrites it.

use forge::builtins;
use forge::native::MODULES;
use forge::syntax::token::Class;
use forge::syntax::token::Keyword;
use serde_json::Value;
use serde_json::json;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

const CONSTANTS: [Keyword; 3] = [Keyword::True, Keyword::False, Keyword::Null];
const TYPES: [Keyword; 5] =
    [Keyword::Int, Keyword::Float, Keyword::String, Keyword::Bool, Keyword::Json];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/vscode")
}

/// A pattern that is one of `words`, which `after` may restrict.
fn one_of<'w>(words: impl Iterator<Item = &'w str>, after: &str) -> String {
    let mut words: Vec<&str> = words.collect();
    words.sort_unstable();
    words.dedup();
    format!("(?<![\\w.])(?:{})(?!\\w){after}", words.join("|"))
}

fn grammar() -> Value {
    let words = |is_hard: bool| {
        let plain = Keyword::ALL.iter().filter(|it| !CONSTANTS.contains(it) && !TYPES.contains(it));
        plain.filter(move |it| (it.class() == Class::Hard) == is_hard).map(|it| it.text())
    };
    let texts = |words: &'static [Keyword]| words.iter().map(|it| it.text());
    let others = ["Array", "Object", "Option", "Result", "Map", "Set", "Stream"];
    let functions = builtins::registry()
        .names()
        .filter(|name| !MODULES.contains(name) && Keyword::from_text(name).is_none());
    let named = |scope: &str, pattern: String| json!({ "name": scope, "match": pattern });
    json!({
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "Forge",
        "scopeName": "source.forge",
        "fileTypes": ["fg"],
        "patterns": [{ "include": "#code" }],
        "repository": {
            "code": { "patterns": [
                named("comment.line.shebang.forge", "\\A#!.*$".to_owned()),
                named("comment.line.double-slash.forge", "//.*$".to_owned()),
                { "include": "#strings" },
                {
                    "match": "(@)([A-Za-z_]\\w*)",
                    "captures": {
                        "1": { "name": "punctuation.definition.decorator.forge" },
                        "2": { "name": "entity.name.function.decorator.forge" },
                    },
                },
                {
                    "match": "(?<![\\w.])(fn|define)\\s+([A-Za-z_]\\w*)",
                    "captures": {
                        "1": { "name": "keyword.control.forge" },
                        "2": { "name": "entity.name.function.forge" },
                    },
                },
                named("constant.numeric.forge", "(?<!\\w)\\d[\\d_]*(?:\\.\\d[\\d_]*)?(?:[eE][+-]?\\d+)?(?!\\w)".to_owned()),
                named("constant.language.forge", one_of(texts(&CONSTANTS), "")),
                named("support.type.forge", one_of(texts(&TYPES).chain(others), "")),
                named("keyword.control.forge", one_of(words(true), "")),
                // These are names as well: not where they are called, assigned, or keys.
                named("keyword.other.forge", one_of(words(false), "(?!\\s*[(.:=,)\\]])")),
                named("entity.name.namespace.forge", one_of(MODULES.iter().copied(), "(?=\\s*\\.)")),
                named("support.function.forge", one_of(functions, "(?=\\s*\\()")),
                named("entity.name.function.call.forge", "[A-Za-z_]\\w*(?=\\s*\\()".to_owned()),
                named("keyword.operator.forge", "\\|>|>>|->|=>|\\.\\.\\.?|[-+*/%]=?|[=!<>]=?|&&|\\|\\|?|\\?".to_owned()),
            ] },
            "strings": { "patterns": [
                { "name": "string.quoted.triple.forge", "begin": "\"\"\"", "end": "\"\"\"" },
                {
                    "name": "string.quoted.double.forge",
                    "begin": "\"",
                    "end": "\"|$",
                    "patterns": [
                        named("constant.character.escape.forge", "\\\\.".to_owned()),
                        {
                            "name": "meta.embedded.expression.forge",
                            "begin": "\\{",
                            "end": "\\}|$",
                            "beginCaptures": { "0": { "name": "punctuation.section.embedded.begin.forge" } },
                            "endCaptures": { "0": { "name": "punctuation.section.embedded.end.forge" } },
                            "patterns": [{ "include": "#braces" }, { "include": "#code" }],
                        },
                    ],
                },
            ] },
            "braces": {
                "begin": "\\{",
                "end": "\\}|$",
                "patterns": [{ "include": "#braces" }, { "include": "#code" }],
            },
        },
    })
}

#[test]
fn the_grammar_is_made_from_the_tables() {
    let path = folder().join("syntaxes/forge.tmLanguage.json");
    let wanted = format!("{:#}\n", grammar());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &wanted).unwrap();
    }
    let is_same = fs::read_to_string(&path).is_ok_and(|kept| kept == wanted);
    assert!(is_same, "{} is stale: UPDATE=1 cargo test --test editors", path.display());
}

#[test]
fn the_extension_is_whole() {
    for file in ["package.json", "language-configuration.json"] {
        let text = fs::read_to_string(folder().join(file)).unwrap();
        let it: Value = serde_json::from_str(&text).unwrap_or_else(|why| panic!("{file}: {why}"));
        if file == "package.json" {
            assert_eq!(it["version"], env!("CARGO_PKG_VERSION"));
            for part in
                ["/main", "/contributes/languages/0/configuration", "/contributes/grammars/0/path"]
            {
                let path = it.pointer(part).and_then(Value::as_str).unwrap();
                assert!(folder().join(path).is_file(), "{path}");
            }
        }
    }
}
