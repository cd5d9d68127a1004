//! Objects: fields and entries (builtins 9).

use super::METHOD;
use super::glance;
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
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;
use crate::value::equals;

const ANYTHING: &[Param] = &[required("object", Kind::Any)];
const OBJECT_AND_NAMES: &[Param] =
    &[required("object", Kind::Object), required("names", Kind::Array)];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "keys",
        params: ANYTHING,
        returns: Returns::Array,
        requires: "object or map",
        doc: "The keys of an object or map, in order.",
        examples: &[("say keys({b: 1, a: 2})", "[b, a]")],
        run: keys,
        ..METHOD
    },
    Builtin {
        name: "values",
        params: ANYTHING,
        returns: Returns::Array,
        requires: "object or map",
        doc: "The values of an object or map, in order.",
        examples: &[("say values({b: 1, a: 2})", "[1, 2]")],
        run: values,
        ..METHOD
    },
    Builtin {
        name: "entries",
        params: &[required("object", Kind::Object)],
        returns: Returns::Array,
        requires: "an object",
        doc: "An array `[key, value]` for each field.",
        examples: &[("say entries({b: 1, a: 2})", "[[b, 1], [a, 2]]")],
        work: Work::By(work::nodes),
        run: entries,
        ..METHOD
    },
    Builtin {
        name: "from_entries",
        params: &[required("pairs", Kind::Array)],
        returns: Returns::Object,
        requires: "an array of [key, value] pairs",
        doc: "An object with a field for each `[key, value]`; other elements are passed over.",
        examples: &[(r#"say from_entries([["a", 1], 5])"#, r#"{ "a": 1 }"#)],
        run: from_entries,
        ..METHOD
    },
    Builtin {
        name: "has_key",
        params: &[required("object", Kind::Object), required("key", Kind::String)],
        returns: Returns::Bool,
        requires: "(object, key_string)",
        doc: "Whether the object has the field, be it null.",
        examples: &[(r#"say has_key({a: null}, "a")"#, "true")],
        work: Work::By(work::of_second),
        glance: Some(glance::has_field),
        run: |args| Ok(args.object(0).get(args.str(1)).is_some().into()),
        ..METHOD
    },
    Builtin {
        name: "pick",
        params: OBJECT_AND_NAMES,
        returns: Returns::Object,
        requires: "(object, [field_names])",
        doc: "An object with the named fields, in the order of the names, as far as they exist.",
        examples: &[(r#"say pick({a: 1, b: 2, c: 3}, ["c", "a"])"#, r#"{ "c": 3, "a": 1 }"#)],
        run: pick,
        ..METHOD
    },
    Builtin {
        name: "omit",
        params: OBJECT_AND_NAMES,
        returns: Returns::Object,
        requires: "(object, [field_names])",
        doc: "The object without the named fields.",
        examples: &[(r#"say omit({a: 1, b: 2}, ["a"])"#, r#"{ "b": 2 }"#)],
        gives_back: true,
        run: omit,
        ..METHOD
    },
    Builtin {
        name: "merge",
        params: &[optional("objects", Kind::Any)],
        returns: Returns::Object,
        requires: "all arguments to be objects",
        doc: "The first object with the fields of the others; of equal fields the last counts, in the place of the first.",
        examples: &[("say merge({a: 1, b: 2}, {a: 3})", r#"{ "a": 3, "b": 2 }"#)],
        gives_back: true,
        run: merge,
        ..METHOD
    },
    Builtin {
        name: "diff",
        params: &[required("before", Kind::Any), required("after", Kind::Any)],
        requires: "two values to compare",
        doc: "Null for equal values, else what changed: of objects, each field that was changed, added or removed.",
        examples: &[
            ("say diff({a: 1, b: 2}, {a: 1, b: 3})", r#"{ "b": { "from": 2, "to": 3 } }"#),
            ("say diff(1, 1.0)", "null"),
        ],
        work: Work::Parts,
        run: diff,
        ..METHOD
    },
];

fn keys(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    Ok(Value::array(match args.get(0) {
        Value::Object(object) => object.iter().map(|(key, _)| Value::Str(key.clone())).collect(),
        Value::Map(map) => map.iter().map(|(key, _)| key.clone()).collect(),
        _ => return Err(args.requires()),
    })
    .into())
}

fn values(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    Ok(Value::array(match args.get(0) {
        Value::Object(object) => object.iter().map(|(_, value)| value.clone()).collect(),
        Value::Map(map) => map.iter().map(|(_, value)| value.clone()).collect(),
        _ => return Err(args.requires()),
    })
    .into())
}

fn entries(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let entry =
        |(key, value): (&Text, &Value)| Value::array(vec![Value::Str(key.clone()), value.clone()]);
    Ok(Value::array(args.object(0).iter().map(entry).collect()).into())
}

fn from_entries(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let pair = |item: &Value| match item.thawed() {
        Value::Array(pair) => match (pair.get(0).map(Value::thawed), pair.get(1)) {
            (Some(Value::Str(key)), Some(value)) => Some((key.clone(), value.clone())),
            _ => None,
        },
        _ => None,
    };
    Ok(Value::Object(args.list(0).iter().filter_map(pair).collect()).into())
}

/// The texts in the array of names.
fn names<'a>(args: &'a Args<'_>) -> impl Iterator<Item = &'a Text> {
    args.list(1).iter().filter_map(|name| match name.thawed() {
        Value::Str(name) => Some(name),
        _ => None,
    })
}

fn pick(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let object = args.object(0);
    let field = |name: &Text| Some((name.clone(), object.get(name)?.clone()));
    Ok(Value::Object(names(args).filter_map(field).collect()).into())
}

fn omit(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let mut object = args.take_object(0);
    for name in names(args) {
        object.remove(name);
    }
    Ok(Value::Object(object).into())
}

fn merge(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    if !args.all().iter().all(|value| Kind::Object.admits(value)) {
        return Err(args.requires());
    }
    if args.is_empty() {
        return Ok(Value::Object(Object::new()).into());
    }
    let mut merged = args.take_object(0);
    for i in 1..args.len() {
        for (key, value) in args.object(i) {
            merged.set(key, value.clone());
        }
    }
    Ok(Value::Object(merged).into())
}

fn diff(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (before, after) = (args.get(0), args.get(1));
    if equals(before, after) {
        return Ok(Value::Null.into());
    }
    let changes = match (before, after) {
        (Value::Object(before), Value::Object(after)) => changes(before, after),
        _ => return Ok(changed(before, after).into()),
    };
    Ok(if changes.is_empty() { Value::Null } else { Value::Object(changes) }.into())
}

/// An entry for each field that differs, those of `before` first.
fn changes(before: &Object, after: &Object) -> Object {
    let old = before.iter().filter_map(|(key, value)| match after.get(key) {
        None => Some((key.clone(), record([("removed", value)]))),
        Some(new) if equals(value, new) => None,
        Some(new) => Some((key.clone(), changed(value, new))),
    });
    let new = after.iter().filter_map(|(key, value)| match before.get(key) {
        None => Some((key.clone(), record([("added", value)]))),
        Some(_) => None,
    });
    old.chain(new).filter(|(key, _)| !key.starts_with("__")).collect()
}

fn changed(before: &Value, after: &Value) -> Value {
    record([("from", before), ("to", after)])
}

fn record<const N: usize>(fields: [(&str, &Value); N]) -> Value {
    let field = |(name, value): (&str, &Value)| (Text::from(name), value.clone());
    Value::Object(fields.into_iter().map(field).collect())
}
