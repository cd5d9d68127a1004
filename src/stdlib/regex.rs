//! `regex`: patterns in texts, in linear time (stdlib 11).

use super::PURE;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::fail;
use crate::native::required;
use crate::value::Value;
use parking_lot::Mutex;
use regex::Regex;
use std::sync::Arc;

/// So many patterns are kept compiled.
const KEPT: usize = 32;

const TEXT_AND_PATTERN: &[Param] =
    &[required("text", Kind::String), required("pattern", Kind::String)];

/// A function of a text and a pattern.
const OF_TEXT: Builtin = Builtin {
    params: TEXT_AND_PATTERN,
    requires: "(text, pattern) strings",
    work: Work::Arguments,
    ..PURE
};

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "regex.test",
        returns: Returns::Bool,
        doc: "Whether a pattern matches anywhere in a text.",
        examples: &[(r#"say regex.test("abc123", "[0-9]+")"#, "true")],
        run: |args| Ok(pattern(args)?.is_match(args.str(0)).into()),
        ..OF_TEXT
    },
    Builtin {
        name: "regex.find",
        doc: "The first match of a pattern, or null.",
        examples: &[(r#"say regex.find("abc123", "[0-9]+")"#, "123")],
        run: |args| {
            let found = pattern(args)?.find(args.str(0)).map(|found| found.as_str().into());
            Ok(found.unwrap_or(Value::Null).into())
        },
        ..OF_TEXT
    },
    Builtin {
        name: "regex.find_all",
        returns: Returns::Array,
        doc: "All matches of a pattern that do not overlap, empty ones too.",
        examples: &[(r#"say regex.find_all("a1b22", "[0-9]+")"#, "[1, 22]")],
        run: |args| {
            let pattern = pattern(args)?;
            let all = pattern.find_iter(args.str(0)).map(|found| found.as_str().into());
            Ok(Value::array(all.collect()).into())
        },
        ..OF_TEXT
    },
    Builtin {
        name: "regex.replace",
        params: &[
            required("text", Kind::String),
            required("pattern", Kind::String),
            required("replacement", Kind::String),
        ],
        returns: Returns::String,
        requires: "(text, pattern, replacement) strings",
        doc: "A text with all matches replaced; `$1` and `$name` in the replacement are groups, `$$` is a dollar.",
        examples: &[(r#"say regex.replace("2024-05", "(\\d+)-(\\d+)", "$2/$1")"#, "05/2024")],
        run: |args| {
            let replaced = pattern(args)?.replace_all(args.str(0), args.str(2)).into_owned();
            Ok(replaced.into())
        },
        ..OF_TEXT
    },
    Builtin {
        name: "regex.split",
        returns: Returns::Array,
        doc: "The pieces of a text between the matches of a pattern, empty ones too.",
        examples: &[(r#"say regex.split("a, b;c", "[,;] *")"#, "[a, b, c]")],
        run: |args| {
            let pattern = pattern(args)?;
            Ok(Value::array(pattern.split(args.str(0)).map(Value::from).collect()).into())
        },
        ..OF_TEXT
    },
];

/// The compiled pattern that is the second argument.
fn pattern(args: &Args<'_>) -> Result<Arc<Regex>, Fault> {
    /// The last ones used, the newest at the end: no more than the text of a program tells.
    static COMPILED: Mutex<Vec<Arc<Regex>>> = Mutex::new(Vec::new());
    let text = args.str(1);
    let mut compiled = COMPILED.lock();
    if let Some(at) = compiled.iter().rposition(|known| known.as_str() == text) {
        let known = compiled.remove(at);
        compiled.push(known.clone());
        return Ok(known);
    }
    drop(compiled);
    let new = match Regex::new(text) {
        Ok(new) => Arc::new(new),
        Err(error) => return fail(format!("invalid regex: {error}")),
    };
    let mut compiled = COMPILED.lock();
    if compiled.len() == KEPT {
        compiled.remove(0);
    }
    compiled.push(new.clone());
    Ok(new)
}
