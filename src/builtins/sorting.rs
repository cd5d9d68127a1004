//! Sorting (builtins 4, language-core 5.8). What compares by calling functions is in `prelude/sort.fg`.
//!
//! Unlike numbers and texts by themselves, mixed kinds have no consistent order, and the standard library's sort may
//! panic on such; ours takes any.

use super::INTERNAL;
use super::METHOD;
use super::arrays::first_n;
use super::prelude;
use super::work;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Returns;
use crate::native::Work;
use crate::native::optional;
use crate::native::required;
use crate::value::Value;
use crate::value::order;
use std::cmp::Ordering;

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "sort",
        params: &[required("array", Kind::Array), optional("compare", Kind::Function)],
        returns: Returns::Array,
        requires: "an array",
        doc: "The array in ascending order; equal elements and unlike kinds keep theirs. `compare(a, b)` answers with a negative number or true when `a` goes first.",
        examples: &[
            ("say sort([3, 1.5, 2])", "[1.5, 2, 3]"),
            ("say sort([1, 3, 2], fn(a, b) { b - a })", "[3, 2, 1]"),
        ],
        work: Work::By(work::sort),
        run: sort,
        ..METHOD
    },
    Builtin {
        name: "sort_by",
        params: &[required("array", Kind::Array), required("key_function", Kind::Function)],
        requires: "(array, key_function)",
        doc: "The array in ascending order of what the function gives for each element.",
        examples: &[(r#"say sort_by(["ccc", "a"], len)"#, "[a, ccc]")],
        work: Work::Little,
        run: prelude,
        ..METHOD
    },
    Builtin {
        name: "__sort_by",
        params: &[required("array", Kind::Array), required("keys", Kind::Array)],
        requires: "two arrays",
        doc: "The elements of an array in ascending order of their keys, in a second array.",
        work: Work::By(work::sorting),
        run: |args| {
            let keys = args.list(1).to_vec();
            Ok(sorted_by(args.take_list(0).into_vec(), &keys).into())
        },
        ..INTERNAL
    },
    Builtin {
        name: "__sort_query",
        params: &[required("source", Kind::Any)],
        requires: "a value",
        doc: "The step `>> sort`: an array in ascending order, unlike kinds by their display texts.",
        work: Work::By(work::sorting_shown),
        run: |args| match args.get(0) {
            Value::Array(list) => {
                let keys = list.to_vec();
                Ok(query_sorted(args.take_list(0).into_vec(), keys)?.into())
            }
            _ => Ok(args.take_as_is(0).into()),
        },
        ..INTERNAL
    },
    Builtin {
        name: "__sort_query_by",
        params: &[required("source", Kind::Any), required("field", Kind::String)],
        requires: "a value and the name of a field",
        doc: "The step `>> sort by field`: objects without the field, and other elements, sort as null.",
        work: Work::By(work::sorting_shown),
        run: |args| match args.get(0) {
            Value::Array(list) => {
                let keys = list.iter().map(|item| field(item, args.str(1))).collect();
                Ok(query_sorted(args.take_list(0).into_vec(), keys)?.into())
            }
            _ => Ok(args.take_as_is(0).into()),
        },
        ..INTERNAL
    },
    Builtin {
        name: "__take_query",
        params: &[required("source", Kind::Any), optional("count", Kind::Int)],
        requires: "a value",
        doc: "The step `>> take n`: the first elements of an array, 10 if the count is no Int.",
        work: Work::By(work::take),
        run: |args| match (args.get(0), args.given(1)) {
            (Value::Array(list), Some(Value::Int(count))) => Ok(first_n(list, *count).into()),
            (Value::Array(list), _) => Ok(first_n(list, 10).into()),
            _ => Ok(args.take_as_is(0).into()),
        },
        ..INTERNAL
    },
];

fn sort(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    if args.len() > 1 {
        return prelude(args);
    }
    let items = args.take_list(0).into_vec();
    let ints: Option<Vec<i64>> = items.iter().map(as_int).collect();
    Ok(match ints {
        Some(mut ints) => {
            // Equal Ints cannot be told apart.
            ints.sort_unstable();
            Value::array(ints.into_iter().map(Value::Int).collect())
        }
        None => {
            let keys = items.clone();
            sorted_by(items, &keys)
        }
    }
    .into())
}

fn as_int(value: &Value) -> Option<i64> {
    match value {
        Value::Int(value) => Some(*value),
        _ => None,
    }
}

fn field(item: &Value, name: &str) -> Value {
    match item.thawed() {
        Value::Object(object) => object.get(name).cloned().unwrap_or(Value::Null),
        _ => Value::Null,
    }
}

/// `items` in ascending order of `keys`, of which each has one.
fn sorted_by(items: Vec<Value>, keys: &[Value]) -> Value {
    let compare = |a: usize, b: usize| order(&keys[a], &keys[b]).unwrap_or(Ordering::Equal);
    let len = items.len().min(keys.len());
    permuted(items, stable(len, have_an_order(keys), compare))
}

/// The same, with keys of unlike kinds by their display texts.
fn query_sorted(items: Vec<Value>, keys: Vec<Value>) -> Result<Value, Fault> {
    if have_an_order(&keys) {
        return Ok(sorted_by(items, &keys));
    }
    let texts = keys.iter().map(Value::to_text).collect::<Result<Vec<String>, Fault>>()?;
    let compare = |a: usize, b: usize| match (keys[a].thawed(), keys[b].thawed()) {
        (left, right) if Kind::Number.admits(left) && Kind::Number.admits(right) => {
            order(left, right).unwrap_or(Ordering::Equal)
        }
        _ => texts[a].cmp(&texts[b]),
    };
    Ok(permuted(items, stable(keys.len(), false, compare)))
}

/// Whether all keys are of one kind with a total order.
fn have_an_order(keys: &[Value]) -> bool {
    keys.iter().all(|key| matches!(key, Value::Int(_)))
        || keys.iter().all(|key| matches!(key, Value::Str(_)))
        || keys.iter().all(|key| matches!(key, Value::Float(value) if !value.is_nan()))
}

/// The positions 0 to `len` in order: of equal ones the earlier first.
fn stable(len: usize, is_total: bool, compare: impl Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..len).collect();
    if is_total {
        places.sort_by(|a, b| compare(*a, *b));
        return places;
    }
    for run in places.chunks_mut(RUN) {
        insert_each(run, &compare);
    }
    let mut width = RUN;
    while width < len {
        let mut merged = Vec::with_capacity(len);
        for pair in places.chunks(width * 2) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            merge(left, right, &compare, &mut merged);
        }
        places = merged;
        width *= 2;
    }
    places
}

/// So many are sorted by insertion.
const RUN: usize = 16;

fn insert_each(run: &mut [usize], compare: impl Fn(usize, usize) -> Ordering) {
    for end in 1..run.len() {
        let mut at = end;
        while at > 0 && compare(run[at - 1], run[at]).is_gt() {
            run.swap(at - 1, at);
            at -= 1;
        }
    }
}

fn merge(
    mut left: &[usize],
    mut right: &[usize],
    compare: impl Fn(usize, usize) -> Ordering,
    out: &mut Vec<usize>,
) {
    while let ([a, left_rest @ ..], [b, right_rest @ ..]) = (left, right) {
        if compare(*a, *b).is_gt() {
            out.push(*b);
            right = right_rest;
        } else {
            out.push(*a);
            left = left_rest;
        }
    }
    out.extend_from_slice(left);
    out.extend_from_slice(right);
}

fn permuted(mut items: Vec<Value>, places: Vec<usize>) -> Value {
    Value::array(places.into_iter().map(|place| std::mem::take(&mut items[place])).collect())
}
