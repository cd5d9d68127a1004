//! One value out of all elements of an array (builtins 3.3).

use super::METHOD;
use super::fail;
use super::number;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::required;
use crate::program::BinaryOp;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;
use std::collections::HashMap;

const ARRAY: &[Param] = &[required("array", Kind::Array)];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "sum",
        params: ARRAY,
        requires: "an array",
        doc: "The sum of numbers: an Int if all are Ints and it fits, else a Float; 0 without any.",
        examples: &[("say sum([1, 2, 3.5])", "6.5")],
        run: sum,
        ..METHOD
    },
    Builtin {
        name: "min_of",
        params: ARRAY,
        requires: "an array",
        doc: "The smallest number; a Float if any is a Float.",
        examples: &[("say min_of([3, 1.5])", "1.5")],
        run: |args| extreme(args, "min_of", i64::min, f64::min),
        ..METHOD
    },
    Builtin {
        name: "max_of",
        params: ARRAY,
        requires: "an array",
        doc: "The largest number; a Float if any is a Float.",
        examples: &[("say max_of([3, 1, 2])", "3")],
        run: |args| extreme(args, "max_of", i64::max, f64::max),
        ..METHOD
    },
    Builtin {
        name: "frequencies",
        params: ARRAY,
        returns: Returns::Object,
        requires: "an array",
        doc: "How often each display text occurs, as an object in order of first occurrence.",
        examples: &[(r#"say frequencies(["b", "a", "b"])"#, r#"{ "b": 2, "a": 1 }"#)],
        work: Work::Parts,
        run: frequencies,
        ..METHOD
    },
];

fn sum(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let mut total = Value::Int(0);
    for item in args.list(0) {
        if !Kind::Number.admits(item) {
            return fail("sum() requires array of numbers");
        }
        total = BinaryOp::Add.apply(&total, item)?;
    }
    Ok(total.into())
}

fn extreme(
    args: &mut Args<'_>,
    name: &str,
    of_ints: fn(i64, i64) -> i64,
    of_floats: fn(f64, f64) -> f64,
) -> Result<Outcome, Fault> {
    let mut items = args.list(0).iter();
    let Some(first) = items.next() else {
        return fail(format!("{name}() requires a non-empty array"));
    };
    let mut best = first.thawed().clone();
    for item in items {
        best = match (&best, item.thawed()) {
            (Value::Int(a), Value::Int(b)) => Value::Int(of_ints(*a, *b)),
            (Value::Int(a), Value::Float(b)) => Value::Float(of_floats(*a as f64, *b)),
            (Value::Float(a), Value::Int(b)) => Value::Float(of_floats(*a, *b as f64)),
            (Value::Float(a), Value::Float(b)) => Value::Float(of_floats(*a, *b)),
            _ => return fail(format!("{name}() requires array of numbers")),
        };
    }
    Ok(best.into())
}

fn frequencies(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let counts = grouped(args.list(0).iter().zip(args.list(0)))?
        .into_iter()
        .map(|(key, items)| (key, number(items.len())));
    Ok(Value::Object(Object::from_pairs(counts)).into())
}

/// Items by the display text of their marks, in order of first occurrence.
pub(super) fn grouped<'a>(
    items: impl Iterator<Item = (&'a Value, &'a Value)>,
) -> Result<Vec<(Text, Vec<Value>)>, Fault> {
    let mut groups: Vec<(Text, Vec<Value>)> = Vec::new();
    let mut places: HashMap<Text, usize> = HashMap::new();
    for (item, mark) in items {
        let key = match mark.thawed() {
            Value::Str(text) => text.clone(),
            other => Text::from(other.to_text()?),
        };
        let place = *places.entry(key.clone()).or_insert(groups.len());
        if place == groups.len() {
            groups.push((key, Vec::new()));
        }
        groups[place].1.push(item.clone());
    }
    Ok(groups)
}
