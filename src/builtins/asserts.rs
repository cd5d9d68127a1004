//! Assertions (builtins 14).

use super::GLOBAL;
use super::INTERNAL;
use super::fail;
use super::prelude;
use crate::diag::Fault;
use crate::diag::Unequal;
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
use crate::value::same;

const TWO_AND_MESSAGE: &[Param] = &[
    required("actual", Kind::Any),
    required("expected", Kind::Any),
    optional("message", Kind::Any),
];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "assert",
        params: &[optional("condition", Kind::Any), optional("message", Kind::Any)],
        doc: "Fails unless the condition is truthy.",
        examples: &[("say assert(1 < 2)", "null")],
        work: Work::Little,
        run: assert,
        ..GLOBAL
    },
    Builtin {
        name: "assert_eq",
        params: TWO_AND_MESSAGE,
        requires: "at least 2 arguments",
        doc: "Fails unless both values are equal: numbers by value, NaN with itself, collections with all they hold.",
        examples: &[("say assert_eq([1], [1.0])", "null")],
        work: Work::Parts,
        run: assert_eq,
        ..GLOBAL
    },
    Builtin {
        name: "assert_ne",
        params: TWO_AND_MESSAGE,
        requires: "at least 2 arguments",
        doc: "Fails if both values are equal, as `assert_eq` has it.",
        examples: &[(r#"say assert_ne("1", 1)"#, "null")],
        work: Work::Parts,
        run: assert_ne,
        ..GLOBAL
    },
    Builtin {
        name: "assert_throws",
        params: &[required("function", Kind::Function), optional("message", Kind::Any)],
        requires: "a function",
        doc: "True if calling the function fails; otherwise fails itself.",
        examples: &[("say assert_throws(fn() { 1 / 0 })", "true")],
        work: Work::Little,
        run: prelude,
        ..GLOBAL
    },
    Builtin {
        name: "satisfies",
        params: &[optional("value", Kind::Any), optional("interface", Kind::Any)],
        returns: Returns::Bool,
        requires: "(value, interface)",
        doc: "Whether a value has a method, or a field to call, for every method that an interface asks for.",
        examples: &[(
            "power Shape { area(it) }\nsay satisfies({ area: fn() { 1 } }, Shape)",
            "true",
        )],
        run: satisfies,
        ..GLOBAL
    },
    Builtin {
        name: "__fail",
        params: &[required("message", Kind::String)],
        requires: "a string",
        doc: "Fails with this message.",
        work: Work::Little,
        run: |args| fail(args.str(0)),
        ..INTERNAL
    },
];

fn assert(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    if args.get(0).is_truthy() {
        return Ok(Value::Null.into());
    }
    match args.all().get(1) {
        Some(message) => fail(format!("assertion failed: {message}")),
        None => fail("assertion failed: assertion failed"),
    }
}

fn assert_eq(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (actual, expected) = (args.get(0), args.get(1));
    if same(actual, expected) {
        return Ok(Value::Null.into());
    }
    Err(Fault::Unequal(Box::new(Unequal {
        message: message(args),
        expected: expected.to_string(),
        actual: actual.to_string(),
    })))
}

fn assert_ne(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (left, right) = (args.get(0), args.get(1));
    if !same(left, right) {
        return Ok(Value::Null.into());
    }
    let heading = match message(args).as_str() {
        "" => String::new(),
        message => format!("{message}: "),
    };
    fail(format!("assertion failed: {heading}expected values to differ, both are `{left}`"))
}

/// The prelude goes on with the names of the methods.
fn satisfies(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    if args.len() != 2 {
        return Err(args.requires());
    }
    let methods = match args.get(1) {
        Value::Object(interface) => interface.get("methods").map(Value::thawed),
        _ => None,
    };
    let Some(Value::Array(methods)) = methods else { return Ok(false.into()) };
    let name = |method: &Value| match method.thawed() {
        Value::Object(method) => method.get("name").cloned(),
        _ => None,
    };
    let names = methods.iter().map(|method| name(method).unwrap_or_default()).collect();
    Ok(Outcome::Prelude(vec![args.take(0), Value::array(names)]))
}

/// What the test says about the two values; empty when it says nothing.
fn message(args: &Args<'_>) -> String {
    match args.get(2) {
        Value::Null => String::new(),
        message => message.to_string(),
    }
}
