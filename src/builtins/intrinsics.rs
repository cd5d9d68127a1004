//! The constructor of sets, and the methods that only sets and maps have (language-core 5.5, rules 5 and 6).
//!
//! The receiver is the first argument. Error texts have the plain name of the method: `has() requires one argument`.

use super::GLOBAL;
use super::INTERNAL;
use super::fail;
use super::glance;
use super::number;
use super::work;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Work;
use crate::native::optional;
use crate::native::required;
use crate::value::Set;
use crate::value::Value;

const SET: &[Param] = &[required("set", Kind::Set), optional("value", Kind::Any)];
const SET_ALONE: &[Param] = &[required("set", Kind::Set)];
const SETS: &[Param] = &[required("set", Kind::Set), optional("other", Kind::Set)];
const MAP: &[Param] = &[required("map", Kind::Map)];
const MAP_AND_KEY: &[Param] = &[required("map", Kind::Map), optional("key", Kind::Any)];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "set",
        params: &[optional("items", Kind::Any)],
        requires: "an array or tuple",
        doc: "A set of the elements of an array, a tuple or another set; empty without.",
        examples: &[("say set([2, 2.0, 3])", "set(2, 3)")],
        work: Work::Parts,
        run: set,
        ..GLOBAL
    },
    Builtin {
        name: "Set.has",
        params: SET,
        requires: "a set",
        doc: "Whether an element equals the value.",
        examples: &[("say set([1]).has(1.0)", "true")],
        work: Work::Key,
        glance: Some(glance::has),
        run: |args| {
            one_argument(args)?;
            Ok(args.set(0).has(args.get(1)).into())
        },
        ..INTERNAL
    },
    Builtin {
        name: "Set.add",
        params: SET,
        requires: "a set",
        doc: "The set with the value in it. A mutable variable as receiver is changed itself.",
        examples: &[("say set([3, 1]).add(2)", "set(3, 1, 2)")],
        gives_back: true,
        work: Work::Key,
        run: |args| {
            one_argument(args)?;
            refuse_frozen(args, "cannot add to a frozen set")?;
            let mut set = args.take_set(0);
            set.add(args.take_as_is(1));
            Ok(Value::Set(set).into())
        },
        ..INTERNAL
    },
    Builtin {
        name: "Set.remove",
        params: SET,
        requires: "a set",
        doc: "The set without the value. A mutable variable as receiver is changed itself.",
        examples: &[("say set([3, 1]).remove(3)", "set(1)")],
        gives_back: true,
        work: Work::Key,
        run: |args| {
            one_argument(args)?;
            refuse_frozen(args, "cannot remove from a frozen set")?;
            let mut set = args.take_set(0);
            set.remove(args.get(1));
            Ok(Value::Set(set).into())
        },
        ..INTERNAL
    },
    Builtin {
        name: "Set.union",
        params: SETS,
        requires: "a set",
        doc: "The set with the elements of another one.",
        examples: &[("say set([1, 2]).union(set([2.0, 5]))", "set(1, 2, 5)")],
        gives_back: true,
        work: Work::Parts,
        run: |args| {
            let other = other_set(args)?;
            let mut set = args.take_set(0);
            for item in &other {
                set.add(item.clone());
            }
            Ok(Value::Set(set).into())
        },
        ..INTERNAL
    },
    Builtin {
        name: "Set.intersect",
        params: SETS,
        requires: "a set",
        doc: "The elements that are in another set too.",
        examples: &[("say set([1, 2, 3]).intersect(set([3, 2]))", "set(2, 3)")],
        work: Work::Parts,
        run: |args| {
            let other = other_set(args)?;
            let kept = args.set(0).iter().filter(|item| other.has(item)).cloned();
            Ok(Value::Set(kept.collect()).into())
        },
        ..INTERNAL
    },
    Builtin {
        name: "Set.diff",
        params: SETS,
        requires: "a set",
        doc: "The elements that are not in another set.",
        examples: &[("say set([1, 2, 3]).diff(set([2]))", "set(1, 3)")],
        work: Work::Parts,
        run: |args| {
            let other = other_set(args)?;
            let kept = args.set(0).iter().filter(|item| !other.has(item)).cloned();
            Ok(Value::Set(kept.collect()).into())
        },
        ..INTERNAL
    },
    Builtin {
        name: "Set.to_array",
        params: SET_ALONE,
        requires: "a set",
        doc: "The elements in order.",
        examples: &[("say set([3, 1, 3]).to_array()", "[3, 1]")],
        run: |args| Ok(Value::array(args.set(0).iter().cloned().collect()).into()),
        ..INTERNAL
    },
    Builtin {
        name: "Map.get",
        params: MAP_AND_KEY,
        requires: "a map",
        doc: "The value of a key, or null.",
        examples: &[(r#"say map([("a", 1)]).get("a")"#, "1")],
        work: Work::Key,
        glance: Some(glance::entry),
        run: |args| {
            one_argument(args)?;
            Ok(args.map(0).get(args.get(1)).cloned().unwrap_or(Value::Null).into())
        },
        ..INTERNAL
    },
    Builtin {
        name: "Map.has",
        params: MAP_AND_KEY,
        requires: "a map",
        doc: "Whether there is an entry of the key.",
        examples: &[(r#"say map([("a", 1)]).has("b")"#, "false")],
        work: Work::Key,
        glance: Some(glance::has),
        run: |args| {
            one_argument(args)?;
            Ok(args.map(0).get(args.get(1)).is_some().into())
        },
        ..INTERNAL
    },
    Builtin {
        name: "Map.set",
        params: &[
            required("map", Kind::Map),
            optional("key", Kind::Any),
            optional("value", Kind::Any),
        ],
        requires: "a map",
        doc: "A map with the entry. It never changes the receiver: write `m = m.set(key, value)`.",
        examples: &[(r#"say map().set("a", 1).set("b", 2)"#, "Map(a => 1, b => 2)")],
        gives_back: true,
        work: Work::Key,
        patch: Some(glance::set_entry),
        run: |args| {
            if args.len() != 3 {
                return fail("set() requires (key, value)");
            }
            refuse_frozen(args, "cannot mutate a frozen map")?;
            let mut map = args.take_map(0);
            map.set(args.take_as_is(1), args.take_as_is(2));
            Ok(Value::Map(map).into())
        },
        ..INTERNAL
    },
    Builtin {
        name: "Map.remove",
        params: MAP_AND_KEY,
        requires: "a map",
        doc: "A map without the entry of the key. It never changes the receiver.",
        examples: &[(r#"say map([("a", 1), ("b", 2)]).remove("a")"#, "Map(b => 2)")],
        gives_back: true,
        work: Work::Key,
        run: |args| {
            one_argument(args)?;
            refuse_frozen(args, "cannot mutate a frozen map")?;
            let mut map = args.take_map(0);
            map.remove(args.get(1));
            Ok(Value::Map(map).into())
        },
        ..INTERNAL
    },
    Builtin {
        name: "Map.keys",
        params: MAP,
        requires: "a map",
        doc: "The keys in order.",
        examples: &[(r#"say map([("b", 1), ("a", 2)]).keys()"#, "[b, a]")],
        run: |args| {
            Ok(Value::array(args.map(0).iter().map(|(key, _)| key.clone()).collect()).into())
        },
        ..INTERNAL
    },
    Builtin {
        name: "Map.values",
        params: MAP,
        requires: "a map",
        doc: "The values in order.",
        examples: &[(r#"say map([("b", 1), ("a", 2)]).values()"#, "[1, 2]")],
        run: |args| {
            Ok(Value::array(args.map(0).iter().map(|(_, value)| value.clone()).collect()).into())
        },
        ..INTERNAL
    },
    Builtin {
        name: "Map.len",
        params: MAP,
        requires: "a map",
        doc: "How many entries there are.",
        examples: &[(r#"say map([("b", 1)]).len()"#, "1")],
        work: Work::Little,
        glance: Some(glance::len),
        run: |args| Ok(number(args.map(0).len()).into()),
        ..INTERNAL
    },
    Builtin {
        name: "Map.to_array",
        params: MAP,
        requires: "a map",
        doc: "A tuple `(key, value)` for each entry.",
        examples: &[(r#"say map([["b", 1]]).to_array()"#, "[(b, 1)]")],
        work: Work::By(work::nodes),
        run: |args| {
            let entry = |(key, value): (&Value, &Value)| {
                Value::Tuple([key.clone(), value.clone()].into_iter().collect())
            };
            Ok(Value::array(args.map(0).iter().map(entry).collect()).into())
        },
        ..INTERNAL
    },
];

fn set(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    if args.len() > 1 {
        return fail("set() takes 0 or 1 argument");
    }
    Ok(Value::Set(match args.get(0) {
        _ if args.is_empty() => Set::new(),
        Value::Set(set) => set.clone(),
        Value::Array(list) | Value::Tuple(list) => list.iter().cloned().collect(),
        _ => return Err(args.requires()),
    })
    .into())
}

/// The method's own name: `has` of `Set.has`.
pub(super) fn plain_name(args: &Args<'_>) -> &'static str {
    args.name().rsplit('.').next().unwrap_or_default()
}

pub(super) fn one_argument(args: &Args<'_>) -> Result<(), Fault> {
    match args.len() {
        2 => Ok(()),
        _ => fail(format!("{}() requires one argument", plain_name(args))),
    }
}

/// The set in the first argument after the receiver.
fn other_set(args: &Args<'_>) -> Result<Set, Fault> {
    one_argument(args)?;
    match args.get(1) {
        Value::Set(other) => Ok(other.clone()),
        _ => fail("set operation requires a set argument"),
    }
}

fn refuse_frozen(args: &Args<'_>, text: &str) -> Result<(), Fault> {
    if args.is_frozen(0) { fail(text) } else { Ok(()) }
}
