//! `json`: texts to values and back (stdlib 10).

mod merge;

use super::PURE;
use crate::diag::Fault;
use crate::native::Builtin;
use crate::native::GLOBAL;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Returns;
use crate::native::Work;
use crate::native::fail;
use crate::native::optional;
use crate::native::required;
use crate::value::JsonStyle;
use crate::value::Value;
use crate::value::from_json;
use crate::value::json_text;

/// More spaces than this no line is indented by for each level.
const MOST_SPACES: i64 = 16;

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "json",
        params: &[required("value", Kind::Any)],
        requires: "an argument",
        doc: "What the module itself does when it is called: parses a text, writes any other value.",
        examples: &[("say json(\"[1, 2]\")[0]\nsay json({ a: 1 })", "1\n{\"a\": 1}")],
        work: Work::Parts,
        run: |args| match args.get(0) {
            Value::Str(text) => parsed(text),
            other => Ok(json_text(other, JsonStyle::Spaced)?.into()),
        },
        ..GLOBAL
    },
    Builtin {
        name: "json.parse",
        params: &[required("text", Kind::String)],
        requires: "a string",
        doc: "The value of a JSON text. A number without fraction and exponent is an Int if it fits; objects keep the order \
              of the text; of equal keys the last wins.",
        examples: &[
            (r#"say json.parse("[1, 2.5, null]")"#, "[1, 2.5, null]"),
            (
                r#"json.parse("[1,")"#,
                "error: JSON parse error: EOF while parsing a value at line 1 column 3",
            ),
        ],
        work: Work::Arguments,
        run: |args| parsed(args.str(0)),
        ..PURE
    },
    Builtin {
        name: "json.stringify",
        params: &[required("value", Kind::Any)],
        returns: Returns::String,
        requires: "a value",
        doc: "A value as JSON in one line. Functions and numbers that are none become null.",
        examples: &[("say json.stringify({ b: 1, a: [true] })", "{\"b\": 1, \"a\": [true]}")],
        work: Work::Parts,
        run: |args| Ok(json_text(args.get(0), JsonStyle::Spaced)?.into()),
        ..PURE
    },
    Builtin {
        name: "json.pretty",
        params: &[required("value", Kind::Any), optional("indent", Kind::Int)],
        returns: Returns::String,
        requires: "a value",
        doc: "A value as JSON with a line for each element, indented by two spaces or as many as are wanted, at most 16.",
        examples: &[("say json.pretty({ a: [1] })", "{\n  \"a\": [\n    1\n  ]\n}")],
        work: Work::Parts,
        run: |args| {
            let indent = match args.given(1) {
                Some(Value::Int(indent)) => (*indent).clamp(0, MOST_SPACES),
                _ => 2,
            };
            Ok(json_text(args.get(0), JsonStyle::Indented(indent as usize))?.into())
        },
        ..PURE
    },
    Builtin {
        name: "json.valid",
        params: &[optional("text", Kind::Any)],
        returns: Returns::Bool,
        doc: "Whether it is a JSON text.",
        examples: &[(r#"say json.valid("[1]") && !json.valid("[1")"#, "true")],
        work: Work::Arguments,
        run: |args| {
            let is_valid = match args.get(0) {
                Value::Str(text) => from_json(text.as_bytes()).is_ok(),
                _ => false,
            };
            Ok(is_valid.into())
        },
        ..PURE
    },
    Builtin {
        name: "json.merge",
        params: &[required("a", Kind::Object), required("b", Kind::Object)],
        returns: Returns::Object,
        requires: "two objects",
        doc: "An object with the fields of both. Objects at the same place are merged, of anything else the second wins.",
        examples: &[(
            "say json.merge({ a: { x: 1 } }, { a: { y: 2 }, b: 3 })",
            "{ \"a\": { \"x\": 1, \"y\": 2 }, \"b\": 3 }",
        )],
        work: Work::Parts,
        run: |args| {
            Ok(Value::Object(merge::merged(args.take_object(0), args.take_object(1))).into())
        },
        ..PURE
    },
];

fn parsed(text: &str) -> Result<Outcome, Fault> {
    match from_json(text.as_bytes()) {
        Ok(value) => Ok(value.into()),
        Err(error) => fail(format!("JSON parse error: {error}")),
    }
}
