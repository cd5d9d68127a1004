//! How large a collection is, what is in it and where; `push` and `pop` (builtins 3.1).

use super::METHOD;
use super::fail;
use super::glance;
use super::number;
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
use crate::value::List;
use crate::value::Object;
use crate::value::Value;
use crate::value::equals;

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "len",
        params: &[required("collection", Kind::Any)],
        returns: Returns::Int,
        requires: "string, array, tuple, set, map, or object",
        doc: "How many characters, elements, entries or fields there are.",
        examples: &[(r#"say len("naïve") + len([1, 2])"#, "7")],
        work: Work::Text,
        glance: Some(glance::len),
        run: len,
        ..METHOD
    },
    Builtin {
        name: "contains",
        params: &[required("collection", Kind::Any), required("value", Kind::Any)],
        returns: Returns::Bool,
        requires: "(string, substring), (array, value), (object, key), or (map, key)",
        doc: "Whether a text has a part, an array or tuple an element with the same display text, a set a member, a map or object a key.",
        examples: &[(r#"say contains("forge", "or") && contains([1, "2"], 2)"#, "true")],
        work: Work::By(work::search),
        glance: Some(glance::has),
        run: contains,
        ..METHOD
    },
    Builtin {
        name: "first",
        params: &[required("array", Kind::Array)],
        requires: "an array",
        doc: "The first element, or null.",
        examples: &[("say first([4, 5])", "4")],
        work: Work::Little,
        run: |args| Ok(element(args.list(0), Some(0)).into()),
        ..METHOD
    },
    Builtin {
        name: "last",
        params: &[required("array", Kind::Array)],
        requires: "an array",
        doc: "The last element, or null.",
        examples: &[("say last([4, 5])", "5")],
        work: Work::Little,
        run: |args| Ok(element(args.list(0), args.list(0).len().checked_sub(1)).into()),
        ..METHOD
    },
    Builtin {
        name: "index_of",
        params: &[required("collection", Kind::Any), optional("value", Kind::Any)],
        returns: Returns::Int,
        requires: "a string or array as first argument",
        doc: "The first position of an element in an array or of a part in a text, else -1.",
        examples: &[(r#"say [index_of([7, 8], 8), index_of("日本語", "語")]"#, "[1, 2]")],
        work: Work::By(work::search),
        run: index_of,
        ..METHOD
    },
    Builtin {
        name: "get",
        params: &[
            required("collection", Kind::Any),
            required("key", Kind::Any),
            optional("default", Kind::Any),
        ],
        requires: "(object, key) or (array, index)",
        doc: "The element at an index or the field at a path such as `user.tags.0`; the default, else null, when there is none.",
        examples: &[(r#"say get({a: {b: [7, 8]}}, "a.b.1")"#, "8"), ("say get([1, 2], 5, 0)", "0")],
        work: Work::By(work::of_second),
        glance: Some(glance::get),
        run: get,
        ..METHOD
    },
    Builtin {
        name: "push",
        params: &[required("array", Kind::Any), required("value", Kind::Any)],
        requires: "array and value",
        doc: "The array with one more element at the end. A mutable variable as first argument is changed itself.",
        examples: &[("let mut xs = [1] push(xs, 2) say xs", "[1, 2]")],
        gives_back: true,
        work: Work::Little,
        run: push,
        ..METHOD
    },
    Builtin {
        name: "pop",
        params: &[required("array", Kind::Any)],
        requires: "array",
        doc: "The last element, or null. A mutable variable as argument loses it.",
        examples: &[("let mut xs = [1, 2] say pop(xs) say xs", "2\n[1]")],
        work: Work::Little,
        run: pop,
        ..METHOD
    },
];

fn len(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let size = match args.get(0) {
        Value::Str(text) => text.chars().count(),
        Value::Array(list) | Value::Tuple(list) => list.len(),
        Value::Set(set) => set.len(),
        Value::Map(map) => map.len(),
        Value::Object(object) => object.len(),
        _ => return Err(args.requires()),
    };
    Ok(number(size).into())
}

pub(super) fn contains(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let found = match (args.get(0), args.get(1)) {
        (Value::Str(text), Value::Str(part)) => text.contains(part.as_str()),
        (Value::Array(list) | Value::Tuple(list), wanted) => has_text(list, wanted)?,
        (Value::Set(set), wanted) => set.has(wanted),
        (Value::Map(map), wanted) => map.get(wanted).is_some(),
        (Value::Object(object), Value::Str(key)) => object.get(key).is_some(),
        _ => return Err(args.requires()),
    };
    Ok(found.into())
}

/// Whether an element has the display text of `wanted`.
fn has_text(list: &List, wanted: &Value) -> Result<bool, Fault> {
    let text = wanted.to_text()?;
    for item in list {
        let is_it = match (item, wanted) {
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Str(each), _) => **each == text,
            _ => item.to_text()? == text,
        };
        if is_it {
            return Ok(true);
        }
    }
    Ok(false)
}

fn element(list: &List, index: Option<usize>) -> Value {
    index.and_then(|index| list.get(index)).cloned().unwrap_or(Value::Null)
}

fn index_of(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let position = match (args.get(0), args.get(1)) {
        (Value::Str(text), Value::Str(part)) => {
            text.find(part.as_str()).map(|at| text[..at].chars().count())
        }
        (Value::Str(_), _) => return fail("index_of() requires (string, substring)"),
        (Value::Array(_), _) if args.len() < 2 => return fail("index_of() requires 2 arguments"),
        (Value::Array(list), wanted) => list.iter().position(|item| equals(item, wanted)),
        _ => return Err(args.requires()),
    };
    Ok(position.map_or(Value::Int(-1), number).into())
}

fn get(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let found = match (args.get(0), args.get(1)) {
        (Value::Array(list), Value::Int(index)) => {
            usize::try_from(*index).ok().and_then(|index| list.get(index))
        }
        (Value::Object(object), Value::Str(path)) => at_path(object, path),
        _ => return Err(args.requires()),
    };
    Ok(found.or(args.all().get(2)).cloned().unwrap_or(Value::Null).into())
}

/// What is at `path`; a field whose own name has dots comes first.
pub(super) fn at_path<'a>(object: &'a Object, path: &str) -> Option<&'a Value> {
    if let Some(value) = object.get(path) {
        return Some(value);
    }
    let (name, rest) = path.split_once('.')?;
    rest.split('.').try_fold(object.get(name)?, |value, part| match value.thawed() {
        Value::Object(object) => object.get(part),
        Value::Array(list) if part.bytes().all(|byte| byte.is_ascii_digit()) => {
            list.get(part.parse().ok()?)
        }
        _ => None,
    })
}

fn push(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    if args.len() != 2 {
        return Err(args.requires());
    }
    if args.is_frozen(0) || !matches!(args.get(0), Value::Array(_)) {
        return fail("push() first argument must be array");
    }
    let mut list = args.take_list(0);
    list.push(args.take_as_is(1));
    Ok(Value::Array(list).into())
}

fn pop(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    if args.is_frozen(0) || !matches!(args.get(0), Value::Array(_)) {
        return Err(args.requires());
    }
    let list = args.list(0);
    Ok(element(list, list.len().checked_sub(1)).into())
}
