//! Calls of builtins without a program, and values that are easy to compare with a model.

use forge::builtins;
use forge::diag::Fault;
use forge::native::Args;
use forge::native::Host;
use forge::native::Outcome;
use forge::value::Value;
use forge::value::Wrapped;
use proptest::prelude::*;

struct Silent;

impl Host for Silent {
    fn write(&self, _: &str) -> Result<(), Fault> {
        Ok(())
    }
}

/// What the builtin `name` gives for `values`; it must not fail.
pub(super) fn call(name: &str, mut values: Vec<Value>) -> Value {
    let registry = builtins::registry();
    let id = registry.any(name).unwrap_or_else(|| panic!("no builtin {name}"));
    let row = registry.row(id);
    let outcome = Args::bind(row, &mut values, &Silent).and_then(|mut args| (row.run)(&mut args));
    match outcome {
        Ok(Outcome::Value(value)) => value,
        Ok(_) => panic!("{name} waits or goes on in the prelude"),
        Err(fault) => panic!("{name}: {fault}"),
    }
}

/// A value that is frozen if `is_frozen`: what only reads must not tell.
pub(super) fn maybe_frozen(value: &Value, is_frozen: bool) -> Value {
    match is_frozen {
        true => Value::Frozen(Wrapped::new(value.clone())),
        false => value.clone(),
    }
}

pub(super) fn int(value: &Value) -> i64 {
    match value {
        Value::Int(n) => *n,
        other => panic!("{other} is no Int"),
    }
}

pub(super) fn is_true(value: &Value) -> bool {
    matches!(value, Value::Bool(true))
}

pub(super) fn array(items: impl IntoIterator<Item = Value>) -> Value {
    Value::array(items.into_iter().collect())
}

/// What is in an array.
pub(super) fn elements(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(list) | Value::Tuple(list) => list.to_vec(),
        other => panic!("{other} is no array"),
    }
}

/// An element, as a model has it: two are equal if and only if their values are, in whichever of two forms.
pub(super) type Code = u8;

const TEXTS: [&str; 3] = ["", "b", "日"];
const OTHERS: [Value; 3] = [Value::Null, Value::None, Value::Bool(false)];

/// The codes of numbers and texts, which have an order.
pub(super) const NUMBERS: std::ops::Range<Code> = 0..5;
pub(super) const WORDS: std::ops::Range<Code> = 5..8;

pub(super) fn code() -> impl Strategy<Value = Code> {
    0..14u8
}

/// The value of a code, in one of two forms that are equal.
pub(super) fn value(code: Code, as_float: bool) -> Value {
    let number = |n: i64| if as_float { Value::Float(n as f64) } else { Value::Int(n) };
    match code {
        0..5 => number(i64::from(code) - 2),
        5..8 => Value::text(TEXTS[usize::from(code - 5)]),
        8..11 => OTHERS[usize::from(code - 8)].clone(),
        _ => array([number(code.into())]),
    }
}

/// The code of a value.
pub(super) fn code_of(value: &Value) -> Code {
    let number = |value: &Value| match value {
        Value::Int(n) => *n,
        Value::Float(n) => *n as i64,
        other => panic!("{other} has no code"),
    };
    match value {
        Value::Str(text) => 5 + TEXTS.iter().position(|it| *it == text.as_str()).unwrap() as Code,
        Value::Null => 8,
        Value::None => 9,
        Value::Bool(_) => 10,
        Value::Array(list) => number(list.get(0).unwrap()) as Code,
        other => (number(other) + 2) as Code,
    }
}

pub(super) fn codes(value: &Value) -> Vec<Code> {
    elements(value).iter().map(code_of).collect()
}

pub(super) fn values(codes: &[Code], as_float: bool) -> Value {
    array(codes.iter().map(|code| value(*code, as_float)))
}
