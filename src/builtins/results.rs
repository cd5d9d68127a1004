//! Results and Options (builtins 11).

use super::GLOBAL;
use super::fail;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Case;
use crate::native::Form;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::optional;
use crate::native::required;
use crate::value::Object;
use crate::value::Value;
use crate::value::Wrapped;

const VALUE: &[Param] = &[required("value", Kind::Any)];

/// A function that Results and Options also have as a method.
const OF_RESULTS: Builtin =
    Builtin { forms: &[Form::Global, Form::ResultMethod], params: VALUE, ..GLOBAL };

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "Ok",
        aliases: &["ok"],
        params: &[optional("value", Kind::Any)],
        returns: Returns::Result,
        doc: "A Result that says it went well, with a value.",
        examples: &[("say Ok(5)", "Ok(5)")],
        work: Work::Little,
        run: |args| Ok(Value::Ok(Wrapped::new(args.take_as_is(0))).into()),
        ..GLOBAL
    },
    Builtin {
        name: "Err",
        aliases: &["err"],
        params: &[optional("error", Kind::Any)],
        returns: Returns::Result,
        doc: "A Result that says it went wrong, with any value to say how.",
        examples: &[("say [Err(5), Err()]", "[Err(5), Err(error)]")],
        work: Work::Little,
        run: |args| {
            let error = if args.is_empty() { "error".into() } else { args.take_as_is(0) };
            Ok(Value::Err(Wrapped::new(error)).into())
        },
        ..GLOBAL
    },
    Builtin {
        name: "Some",
        params: &[optional("value", Kind::Any)],
        returns: Returns::Some,
        doc: "An Option with a value in it; the other one is `None`.",
        examples: &[("say Some(5)", "Some(5)")],
        work: Work::Little,
        run: |args| Ok(Value::Some(Wrapped::new(args.take_as_is(0))).into()),
        ..GLOBAL
    },
    Builtin {
        name: "is_ok",
        returns: Returns::Is(Case::Ok),
        requires: "a Result value",
        doc: "Whether a Result is `Ok`.",
        examples: &[("say is_ok(Ok(1))", "true")],
        work: Work::Little,
        run: |args| match args.get(0) {
            Value::Ok(_) => Ok(true.into()),
            Value::Err(_) => Ok(false.into()),
            _ => Err(args.requires()),
        },
        ..OF_RESULTS
    },
    Builtin {
        name: "is_err",
        returns: Returns::Is(Case::Err),
        requires: "a Result value",
        doc: "Whether a Result is `Err`.",
        examples: &[("say Ok(1).is_err()", "false")],
        work: Work::Little,
        run: |args| match args.get(0) {
            Value::Ok(_) => Ok(false.into()),
            Value::Err(_) => Ok(true.into()),
            _ => Err(args.requires()),
        },
        ..OF_RESULTS
    },
    Builtin {
        name: "is_some",
        returns: Returns::Is(Case::Some),
        requires: "an argument",
        doc: "Whether a value is neither `None` nor null.",
        examples: &[(
            "say [is_some(Some(null)), is_some(5), is_some(null)]",
            "[true, true, false]",
        )],
        work: Work::Little,
        run: |args| {
            Ok(match args.get(0) {
                Value::None | Value::Null => false,
                Value::Object(object) => is_variant(object, "Some").unwrap_or(true),
                _ => true,
            }
            .into())
        },
        ..OF_RESULTS
    },
    Builtin {
        name: "is_none",
        returns: Returns::Is(Case::None),
        requires: "an argument",
        doc: "Whether a value is `None` or null.",
        examples: &[("say [is_none(None), is_none(0)]", "[true, false]")],
        work: Work::Little,
        run: |args| {
            Ok(match args.get(0) {
                Value::None | Value::Null => true,
                Value::Object(object) => is_variant(object, "None").unwrap_or(false),
                _ => false,
            }
            .into())
        },
        ..OF_RESULTS
    },
    Builtin {
        name: "unwrap",
        returns: Returns::Content,
        requires: "a Result or Option value",
        doc: "What is in an `Ok` or `Some`; fails on `Err` and `None`.",
        examples: &[("say Ok(5).unwrap()", "5")],
        work: Work::Little,
        run: |args| match args.get(0) {
            Value::Ok(inner) | Value::Some(inner) => Ok(inner.get().clone().into()),
            Value::Err(inner) => fail(format!("unwrap() on Err: {}", inner.get())),
            Value::None => fail("unwrap() called on None"),
            _ => Err(args.requires()),
        },
        ..OF_RESULTS
    },
    Builtin {
        name: "unwrap_or",
        params: &[required("value", Kind::Any), required("default", Kind::Any)],
        returns: Returns::ContentOr,
        requires: "(value, default)",
        doc: "What is in an `Ok` or `Some`, or the default for `Err` and `None`.",
        examples: &[("say unwrap_or(None, 7)", "7")],
        work: Work::Little,
        run: unwrap_or,
        ..OF_RESULTS
    },
    Builtin {
        name: "unwrap_err",
        returns: Returns::String,
        requires: "a Result value",
        doc: "The display text of what is in an `Err`; fails on `Ok`.",
        examples: &[(r#"say unwrap_err(Err({code: 5}))"#, r#"{ "code": 5 }"#)],
        work: Work::Parts,
        run: |args| match args.get(0) {
            Value::Err(inner) => Ok(inner.get().to_text()?.into()),
            Value::Ok(_) => fail("unwrap_err() called on Ok"),
            _ => Err(args.requires()),
        },
        ..OF_RESULTS
    },
];

/// Whether an Object that stands for an Option, as older programs write them, is the variant `name`.
fn is_variant(object: &Object, name: &str) -> Option<bool> {
    let is = |key: &str, text: &str| matches!(object.get(key).map(Value::thawed), Some(Value::Str(found)) if &**found == text);
    is("__type__", "Option").then(|| is("__variant__", name))
}

fn unwrap_or(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    if args.len() != 2 {
        return Err(args.requires());
    }
    match args.get(0) {
        Value::Ok(inner) | Value::Some(inner) => Ok(inner.get().clone().into()),
        Value::Err(_) | Value::None => Ok(args.take_as_is(1).into()),
        _ => fail("unwrap_or() requires a Result or Option value as first argument"),
    }
}
