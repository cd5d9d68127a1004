//! Texts: parts, places and padding (builtins 10.1). Positions count characters, never bytes.

use super::GLOBAL;
use super::METHOD;
use super::MOST_BYTES;
use super::fail;
use super::number;
use super::text_methods;
use super::work;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::optional;
use crate::native::required;
use crate::value::Value;
use crate::value::write_display;

const TEXT: &[Param] = &[required("text", Kind::String)];
const TEXT_AND_PART: &[Param] = &[required("text", Kind::String), required("part", Kind::String)];
const PADDING: &[Param] = &[
    required("text", Kind::String),
    required("length", Kind::Int),
    optional("fill", Kind::String),
];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "split",
        params: &[required("text", Kind::String), required("delimiter", Kind::String)],
        returns: Returns::Array,
        requires: "(string, delimiter_string)",
        doc: "The pieces between the delimiters; with an empty one, the characters.",
        examples: &[(r#"say split("a,b,,c", ",")"#, "[a, b, , c]")],
        work: Work::By(work::pieces),
        run: split,
        ..METHOD
    },
    Builtin {
        name: "join",
        params: &[required("array", Kind::Array), optional("separator", Kind::String)],
        returns: Returns::String,
        requires: "(array[, separator_string])",
        doc: "The display texts of all elements with the separator between them.",
        examples: &[(r#"say join([1, "a", null], "-")"#, "1-a-null")],
        work: Work::Parts,
        run: join,
        ..METHOD
    },
    Builtin {
        name: "replace",
        params: &[
            required("text", Kind::String),
            required("from", Kind::String),
            required("to", Kind::String),
        ],
        returns: Returns::String,
        requires: "(string, from_string, to_string)",
        doc: "The text with every `from` in it replaced by `to`.",
        examples: &[(r#"say replace("banana", "an", "AN")"#, "bANANa")],
        work: Work::By(work::replace),
        run: replace,
        ..METHOD
    },
    Builtin {
        name: "starts_with",
        params: &[required("text", Kind::String), required("prefix", Kind::String)],
        returns: Returns::Bool,
        requires: "(string, prefix_string)",
        doc: "Whether the text begins with `prefix`. Every text begins with the empty one.",
        examples: &[(r#"say starts_with("forge", "fo")"#, "true")],
        work: Work::By(work::of_second),
        run: |args| Ok(args.str(0).starts_with(args.str(1)).into()),
        ..METHOD
    },
    Builtin {
        name: "ends_with",
        params: &[required("text", Kind::String), required("suffix", Kind::String)],
        returns: Returns::Bool,
        requires: "(string, suffix_string)",
        doc: "Whether the text ends with `suffix`. Every text ends with the empty one.",
        examples: &[(r#"say ends_with("forge", "ge")"#, "true")],
        work: Work::By(work::of_second),
        run: |args| Ok(args.str(0).ends_with(args.str(1)).into()),
        ..METHOD
    },
    Builtin {
        name: "upper",
        params: TEXT,
        returns: Returns::String,
        requires: "a string",
        doc: "The text in upper case.",
        examples: &[(r#"say upper("straße")"#, "STRASSE")],
        run: |args| Ok(args.str(0).to_uppercase().into()),
        ..GLOBAL
    },
    Builtin {
        name: "lower",
        params: TEXT,
        returns: Returns::String,
        requires: "a string",
        doc: "The text in lower case.",
        examples: &[(r#"say lower("ÀB")"#, "àb")],
        run: |args| Ok(args.str(0).to_lowercase().into()),
        ..GLOBAL
    },
    Builtin {
        name: "trim",
        params: TEXT,
        returns: Returns::String,
        requires: "a string",
        doc: "The text without white space around it.",
        examples: &[(r#"say "[" + trim("  a b ") + "]""#, "[a b]")],
        run: |args| Ok(args.str(0).trim().into()),
        ..GLOBAL
    },
    Builtin {
        name: "lines",
        params: TEXT,
        returns: Returns::Array,
        requires: "a string",
        doc: "The lines of the text, without their ends; the last newline begins no line.",
        examples: &[(r#"say lines("a\nb\n")"#, "[a, b]")],
        work: Work::By(work::pieces),
        run: |args| Ok(text_methods::lines(args.str(0)).into()),
        ..GLOBAL
    },
    Builtin {
        name: "substring",
        params: &[
            optional("text", Kind::Any),
            optional("start", Kind::Int),
            optional("end", Kind::Int),
        ],
        returns: Returns::String,
        requires: "(string, start, end?)",
        doc: "The characters from `start` up to but without `end`. Negative positions do not count from the end: see `slice`.",
        examples: &[(r#"say substring("forge", 1, 3)"#, "or")],
        run: substring,
        ..METHOD
    },
    Builtin {
        name: "last_index_of",
        params: TEXT_AND_PART,
        returns: Returns::Int,
        requires: "(string, substring)",
        doc: "The last position of a part in a text, else -1.",
        examples: &[(r#"say last_index_of("banana", "an")"#, "3")],
        run: last_index_of,
        ..METHOD
    },
    Builtin {
        name: "pad_start",
        params: PADDING,
        returns: Returns::String,
        requires: "(string, length)",
        doc: "The text with `fill`, else spaces, before it, `length` characters long; unchanged if it is longer.",
        examples: &[(r#"say pad_start("7", 3, "0")"#, "007")],
        work: Work::Makes(work::pad),
        run: |args| Ok((padding(args)? + args.str(0)).into()),
        ..METHOD
    },
    Builtin {
        name: "pad_end",
        params: PADDING,
        returns: Returns::String,
        requires: "(string, length)",
        doc: "The text with `fill`, else spaces, after it, `length` characters long; unchanged if it is longer.",
        examples: &[(r#"say pad_end("7", 3, ".")"#, "7..")],
        work: Work::Makes(work::pad),
        run: |args| Ok((args.str(0).to_owned() + &padding(args)?).into()),
        ..METHOD
    },
    Builtin {
        name: "repeat_str",
        params: &[required("text", Kind::String), required("count", Kind::Int)],
        returns: Returns::String,
        requires: "(string, count)",
        doc: "The text so many times in a row.",
        examples: &[(r#"say repeat_str("ab", 3)"#, "ababab")],
        work: Work::Makes(work::repeat),
        run: repeat_str,
        ..METHOD
    },
    Builtin {
        name: "count",
        params: TEXT_AND_PART,
        returns: Returns::Int,
        requires: "(string, substring)",
        doc: "How often a part occurs in a text, without overlaps.",
        examples: &[(r#"say count("banana", "an")"#, "2")],
        run: |args| Ok(number(args.str(0).matches(args.str(1)).count()).into()),
        ..METHOD
    },
];

fn split(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (text, delimiter) = (args.str(0), args.str(1));
    Ok(match delimiter {
        "" => text_methods::chars(text),
        _ => Value::array(text.split(delimiter).map(Value::from).collect()),
    }
    .into())
}

fn join(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let separator = match args.given(1) {
        Some(Value::Str(separator)) => separator.as_str(),
        _ if args.len() > 1 => return Err(args.requires()),
        _ => "",
    };
    let mut out = String::new();
    for (i, item) in args.list(0).iter().enumerate() {
        if i > 0 {
            out.push_str(separator);
        }
        write_display(item, &mut out)?;
        if out.len() > MOST_BYTES {
            return too_long(args.name());
        }
    }
    Ok(out.into())
}

fn replace(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (text, from, to) = (args.str(0), args.str(1), args.str(2));
    if to.len() > from.len() {
        let grown = text.matches(from).count().saturating_mul(to.len() - from.len());
        fits(args.name(), grown.saturating_add(text.len()))?;
    }
    Ok(text.replace(from, to).into())
}

fn substring(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let Value::Str(text) = args.get(0) else {
        return fail("substring() requires a string as first argument");
    };
    let Some(Value::Int(start)) = args.given(1) else {
        return Err(args.requires());
    };
    let Ok(start) = usize::try_from(*start) else {
        return Ok("".into());
    };
    let end = match args.given(2) {
        Some(Value::Int(end)) => usize::try_from(*end).unwrap_or(usize::MAX),
        _ => usize::MAX,
    };
    let part = text.chars().skip(start).take(end.saturating_sub(start));
    Ok(part.collect::<String>().into())
}

fn last_index_of(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (text, part) = (args.str(0), args.str(1));
    let position = text.rfind(part).map(|at| number(text[..at].chars().count()));
    Ok(position.unwrap_or(Value::Int(-1)).into())
}

/// What is missing to the length that the arguments of `pad_start` and `pad_end` ask for.
fn padding(args: &Args<'_>) -> Result<String, Fault> {
    let fill = match args.given(2) {
        Some(Value::Str(fill)) => fill.chars().next().unwrap_or(' '),
        _ => ' ',
    };
    let length = usize::try_from(args.int(1).max(0)).unwrap_or(usize::MAX);
    let missing = length.saturating_sub(args.str(0).chars().count());
    fits(args.name(), missing.saturating_mul(fill.len_utf8()))?;
    Ok(fill.to_string().repeat(missing))
}

fn repeat_str(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let Ok(count) = usize::try_from(args.int(1)) else {
        return fail("repeat_str() count must be non-negative");
    };
    let text = args.str(0);
    fits(args.name(), text.len().saturating_mul(count))?;
    Ok(text.repeat(count).into())
}

fn fits(name: &str, bytes: usize) -> Result<(), Fault> {
    if bytes > MOST_BYTES { too_long(name) } else { Ok(()) }
}

fn too_long<T>(name: &str) -> Result<T, Fault> {
    fail(format!("{name}() makes a text that is too long"))
}
