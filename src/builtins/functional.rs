//! Functions on arrays that call functions back (builtins 4): the arguments are checked here, `prelude/arrays.fg` goes
//! on.

use super::INTERNAL;
use super::METHOD;
use super::aggregates::grouped;
use super::fail;
use super::prelude;
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
use crate::value::Map;
use crate::value::Object;
use crate::value::Value;

/// What most rows take; the array is checked in their `run`, which has a text of its own for it.
const ARRAY_AND_FUNCTION: &[Param] =
    &[required("array", Kind::Any), required("function", Kind::Function)];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "map",
        params: &[optional("array", Kind::Any), optional("function", Kind::Function)],
        returns: Returns::ArrayOrMap,
        doc: "A new array of what the function gives for each element. With pairs or a Map alone, or nothing, it makes a Map.",
        examples: &[
            ("say map([1, 2], fn(x) { x * 10 })", "[10, 20]"),
            (r#"say map([("a", 1)])"#, "Map(a => 1)"),
        ],
        work: Work::By(work::map),
        run: map,
        ..METHOD
    },
    Builtin {
        name: "filter",
        params: ARRAY_AND_FUNCTION,
        returns: Returns::Array,
        requires: "(array, function)",
        doc: "The elements for which the function gives something truthy.",
        examples: &[("say filter([1, 2, 3], fn(x) { x > 1 })", "[2, 3]")],
        work: Work::Little,
        run: |args| exactly(args, 2, "filter() first argument must be array"),
        ..METHOD
    },
    Builtin {
        name: "reduce",
        params: &[
            required("array", Kind::Any),
            required("initial", Kind::Any),
            required("function", Kind::Function),
        ],
        requires: "(array, initial, function)",
        doc: "Folds the array from the left with `function(result_so_far, element)`.",
        examples: &[("say reduce([1, 2, 3], 10, fn(acc, x) { acc + x })", "16")],
        work: Work::Little,
        run: |args| exactly(args, 3, "reduce() first argument must be array"),
        ..METHOD
    },
    Builtin {
        name: "for_each",
        params: ARRAY_AND_FUNCTION,
        requires: "(array, function)",
        doc: "Calls the function with each element.",
        examples: &[("for_each([1, 2], println)", "1\n2")],
        work: Work::Little,
        run: |args| array_or(args, "for_each() requires (array, function)"),
        ..METHOD
    },
    Builtin {
        name: "find",
        params: ARRAY_AND_FUNCTION,
        requires: "(array, predicate_fn)",
        doc: "The first element for which the function gives something truthy, else null.",
        examples: &[("say find([1, 2, 3], fn(x) { x > 1 })", "2")],
        work: Work::Little,
        run: |args| array_or(args, "find() requires (array, predicate_fn)"),
        ..METHOD
    },
    Builtin {
        name: "flat_map",
        params: ARRAY_AND_FUNCTION,
        returns: Returns::Array,
        requires: "(array, fn)",
        doc: "Like `map`, but a result that is an array counts as its elements.",
        examples: &[("say flat_map([1, 2], fn(x) { [x, x * 10] })", "[1, 10, 2, 20]")],
        work: Work::Little,
        run: |args| array_or(args, "flat_map() requires (array, fn)"),
        ..METHOD
    },
    Builtin {
        name: "any",
        params: ARRAY_AND_FUNCTION,
        returns: Returns::Bool,
        requires: "(array, predicate)",
        doc: "Whether the function gives something truthy for some element.",
        examples: &[("say any([1, 2], fn(x) { x > 1 })", "true")],
        work: Work::Little,
        run: |args| array_or(args, "any() first argument must be an array"),
        ..METHOD
    },
    Builtin {
        name: "all",
        params: ARRAY_AND_FUNCTION,
        returns: Returns::Bool,
        requires: "(array, predicate)",
        doc: "Whether the function gives something truthy for every element.",
        examples: &[("say all([1, 2], fn(x) { x > 1 })", "false")],
        work: Work::Little,
        run: |args| array_or(args, "all() first argument must be an array"),
        ..METHOD
    },
    Builtin {
        name: "partition",
        params: ARRAY_AND_FUNCTION,
        returns: Returns::Array,
        requires: "an array and a function",
        doc: "Two arrays: the elements for which the function gives something truthy, and the rest.",
        examples: &[("say partition([1, 6, 3, 8], fn(n) { n > 4 })", "[[6, 8], [1, 3]]")],
        work: Work::Little,
        run: |args| array_or(args, "partition() first arg must be an array"),
        ..METHOD
    },
    Builtin {
        name: "group_by",
        params: ARRAY_AND_FUNCTION,
        returns: Returns::Object,
        requires: "(array, function)",
        doc: "An object of arrays: the elements by the display text of what the function gives.",
        examples: &[(
            r#"say group_by(["ox", "hen", "ant"], len)"#,
            r#"{ "2": ["ox"], "3": ["hen", "ant"] }"#,
        )],
        work: Work::Little,
        run: |args| array_or(args, "group_by() first argument must be an array"),
        ..METHOD
    },
    Builtin {
        name: "__group_by",
        params: &[required("array", Kind::Array), required("marks", Kind::Array)],
        requires: "two arrays",
        doc: "The elements of an array by the display text of their marks, in a second array.",
        work: Work::Parts,
        run: group_by,
        ..INTERNAL
    },
];

/// The prelude goes on if there are `count` arguments and the first is an array.
fn exactly(args: &mut Args<'_>, count: usize, not_array: &str) -> Result<Outcome, Fault> {
    if args.len() != count {
        return Err(args.requires());
    }
    array_or(args, not_array)
}

fn array_or(args: &mut Args<'_>, not_array: &str) -> Result<Outcome, Fault> {
    match args.get(0) {
        Value::Array(_) => prelude(args),
        _ => fail(not_array),
    }
}

fn map(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    match args.len() {
        0 => Ok(Value::Map(Map::new()).into()),
        1 => Ok(Value::Map(map_of(args.get(0))?).into()),
        2 => array_or(args, "map() first argument must be array"),
        _ => fail("map() takes 0, 1, or 2 arguments — got more"),
    }
}

/// The Map that `map(source)` makes.
fn map_of(source: &Value) -> Result<Map, Fault> {
    let pairs = match source {
        Value::Map(map) => return Ok(map.clone()),
        Value::Array(pairs) | Value::Tuple(pairs) => pairs,
        _ => return fail("map() constructor expects an array of pairs or another Map"),
    };
    let mut map = Map::new();
    for pair in pairs {
        match pair.thawed() {
            Value::Array(pair) | Value::Tuple(pair) if pair.len() == 2 => {
                let mut entry = pair.iter().cloned();
                map.set(entry.next().unwrap_or_default(), entry.next().unwrap_or_default());
            }
            _ => return fail("map() constructor expects an array of (key, value) pairs"),
        }
    }
    Ok(map)
}

fn group_by(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let groups = grouped(args.list(0).iter().zip(args.list(1)))?;
    let entries = groups.into_iter().map(|(key, items)| (key, Value::array(items)));
    Ok(Value::Object(Object::from_pairs(entries)).into())
}
