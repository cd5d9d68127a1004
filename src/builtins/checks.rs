//! What `check` asks (language-statements 6.4).

use super::INTERNAL;
use super::access;
use super::fail;
use super::to_float;
use super::work;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Param;
use crate::native::Work;
use crate::native::optional;
use crate::value::Value;

const ONE: &[Param] = &[optional("value", Kind::Any)];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "__is_empty",
        params: ONE,
        doc: "Whether a value is null, an empty text or an empty collection.",
        work: Work::Little,
        run: |args| Ok(is_empty(args.get(0)).into()),
        ..INTERNAL
    },
    Builtin {
        name: "__between",
        params: &[
            optional("value", Kind::Any),
            optional("low", Kind::Any),
            optional("high", Kind::Any),
        ],
        doc: "Whether three numbers are in order, limits included.",
        work: Work::Little,
        run: |args| Ok(is_between(args).into()),
        ..INTERNAL
    },
    Builtin {
        name: "__contains",
        params: &[optional("collection", Kind::Any), optional("value", Kind::Any)],
        doc: "What `contains` says; false where it fails.",
        work: Work::By(work::search),
        run: |args| match access::contains(args) {
            Ok(answer) => Ok(answer),
            Err(_) => Ok(false.into()),
        },
        ..INTERNAL
    },
    Builtin {
        name: "__check_failed",
        params: ONE,
        doc: "Fails the way `check` does.",
        work: Work::Parts,
        run: |args| fail(format!("check failed: {} did not pass validation", args.get(0))),
        ..INTERNAL
    },
];

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Str(_)
        | Value::Array(_)
        | Value::Tuple(_)
        | Value::Set(_)
        | Value::Map(_)
        | Value::Object(_) => !value.is_truthy(),
        _ => false,
    }
}

/// A Float that is no number, and anything else that is none, is between no limits.
fn is_between(args: &Args<'_>) -> bool {
    let [value, low, high] = [0, 1, 2].map(|i| args.get(i));
    match (value, low, high) {
        (Value::Int(value), Value::Int(low), Value::Int(high)) => (low..=high).contains(&value),
        _ => (to_float(low)..=to_float(high)).contains(&to_float(value)),
    }
}
