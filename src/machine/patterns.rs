//! `match` and destructuring (language-core 6).

use crate::diag::Fault;
use crate::program::Arms;
use crate::program::Head;
use crate::program::Pattern;
use crate::program::SiteCache;
use crate::program::UnpackCode;
use crate::program::Wrapper;
use crate::value::List;
use crate::value::Name;
use crate::value::Object;
use crate::value::Value;
use crate::world::Environment;

/// Whether `subject` matches; bindings go into `regs`. The depth is that of the pattern's text.
pub(super) fn matches(
    pattern: &Pattern,
    subject: &Value,
    constants: &[Value],
    regs: &mut [Value],
) -> bool {
    match (pattern, subject.thawed()) {
        (Pattern::Any, _) => true,
        (Pattern::Bind(at), _) => {
            regs[*at as usize] = subject.clone();
            true
        }
        (Pattern::Constant(k), value) => same_literal(&constants[*k as usize], value),
        (Pattern::Null, value) => matches!(value, Value::Null),
        (Pattern::None, value) => matches!(value, Value::None),
        (Pattern::Wrapped(Wrapper::Ok, inner), Value::Ok(value))
        | (Pattern::Wrapped(Wrapper::Err, inner), Value::Err(value))
        | (Pattern::Wrapped(Wrapper::Some, inner), Value::Some(value)) => {
            matches(inner, value.get(), constants, regs)
        }
        (Pattern::Variant(name, cache), Value::Object(object)) => {
            if known(object, cache).is_some() {
                return true;
            }
            remember(object, name, 0, cache);
            is_text(object.get("__variant__"), name)
        }
        (Pattern::Constructor { name, parts, cache }, Value::Object(object)) => {
            if let Some(first) = known(object, cache) {
                let value = |i: usize| object.slot(first as usize + i);
                return parts
                    .iter()
                    .enumerate()
                    .all(|(i, part)| matches(part, value(i), constants, regs));
            }
            remember(object, name, parts.len(), cache);
            (is_text(object.get("__variant__"), name) || is_text(object.get("__type__"), name))
                && parts.iter().enumerate().all(|(i, part)| {
                    field(object, i).is_some_and(|value| matches(part, value, constants, regs))
                })
        }
        (Pattern::Tuple(parts), Value::Tuple(items)) => {
            parts.len() == items.len()
                && parts
                    .iter()
                    .zip(items.iter())
                    .all(|(part, item)| matches(part, item, constants, regs))
        }
        (Pattern::Or(choices), _) => {
            choices.iter().any(|choice| matches(choice, subject, constants, regs))
        }
        _ => false,
    }
}

/// What [`remember`] kept for objects of this shape.
#[inline(always)]
fn known(object: &Object, cache: &SiteCache) -> Option<u32> {
    match object.shape_id() {
        0 => None,
        shape => cache.get(shape, 0),
    }
}

/// Keeps where the fields of the variant `name` begin in the shape of `object`, if they stand there in order.
fn remember(object: &Object, name: &str, count: usize, cache: &SiteCache) {
    let Some(shape) = object.shape().filter(|shape| shape.is_typed) else { return };
    let fields = shape.names.iter().skip(VARIANT_TAGS.len()).take(count);
    let is_variant = shape.names.iter().zip(VARIANT_TAGS).filter(|(a, b)| a.as_str() == *b).count();
    let in_order =
        fields.enumerate().filter(|(i, field)| field.as_str() == format!("_{i}")).count();
    if is_variant == VARIANT_TAGS.len()
        && in_order == count
        && is_text(object.get(VARIANT_TAGS[1]), name)
    {
        cache.put(shape.id, 0, VARIANT_TAGS.len() as u32);
    }
}

/// What the value of a variant begins with.
const VARIANT_TAGS: [&str; 2] = ["__type__", "__variant__"];

/// The field `_i` of a variant's value.
fn field(object: &Object, i: usize) -> Option<&Value> {
    const FIRST: [&str; 8] = ["_0", "_1", "_2", "_3", "_4", "_5", "_6", "_7"];
    match FIRST.get(i) {
        Some(name) => object.get(name),
        None => object.get(&format!("_{i}")),
    }
}

fn is_text(value: Option<&Value>, text: &str) -> bool {
    matches!(value, Some(Value::Str(found)) if found.as_str() == text)
}

/// A literal matches the same type only: `1` does not match `1.0`.
fn same_literal(literal: &Value, value: &Value) -> bool {
    match (literal, value) {
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Str(a), Value::Str(b)) => a == b,
        _ => false,
    }
}

/// The place in the code that [`dispatch`] found for a value like `subject`.
#[inline(always)]
pub(super) fn dispatched(arms: &Arms, subject: &Value, version: u32) -> Option<u32> {
    let Value::Object(object) = subject else { return None };
    match object.shape_id() {
        0 => None,
        shape => arms.caches[shape as usize % arms.caches.len()].get(shape, version),
    }
}

/// Where the first arm begins that can take the variant in `subject`; `None` when each arm must be tried. Fails unless
/// the arms name every variant of its type.
#[inline(never)]
pub(super) fn dispatch(
    arms: &Arms,
    subject: &Value,
    env: &Environment,
) -> Result<Option<u32>, Fault> {
    let Value::Object(object) = subject.thawed() else { return Ok(None) };
    if let Some(covers) = &arms.covers {
        check_exhaustive(object, covers, env)?;
    }
    let (Some(Value::Str(ty)), Some(Value::Str(variant))) =
        (object.get("__type__"), object.get("__variant__"))
    else {
        return Ok(None);
    };
    let can_take = |head: &&Head| {
        let takes = |name: &Name| **name == **variant || **name == **ty;
        head.takes.is_empty() || head.takes.iter().any(takes)
    };
    let at = arms.heads.iter().find(can_take).map_or(arms.otherwise, |head| head.at);
    if let Some(shape) = object.shape().filter(|shape| shape.is_typed && shape.id != 0) {
        arms.caches[shape.id as usize % arms.caches.len()].put(shape.id, env.version(), at);
    }
    Ok(Some(at))
}

/// Fails unless `arms` are all variants of the object's type.
fn check_exhaustive(object: &Object, arms: &[Name], env: &Environment) -> Result<(), Fault> {
    let Some(Value::Str(ty)) = object.get("__type__") else { return Ok(()) };
    let Some(info) = env.type_info(ty) else { return Ok(()) };
    // A bare name that is no variant of this type binds anything.
    match info.variants.iter().find(|variant| !arms.contains(variant)) {
        Some(missing) => {
            Err(Fault::message(format!("non-exhaustive match: missing variant '{missing}'")))
        }
        None => Ok(()),
    }
}

/// Splits `source` into registers.
pub(super) fn unpack(how: &UnpackCode, source: &Value, regs: &mut [Value]) -> Result<(), Fault> {
    let item = |list: &List, i: usize| list.get(i).cloned().unwrap_or_default();
    match (how, source.thawed()) {
        (UnpackCode::Object(names), Value::Object(object)) => {
            for (slot, name) in regs.iter_mut().zip(names) {
                *slot = object.get(name).cloned().unwrap_or_default();
            }
        }
        (UnpackCode::Object(_), _) => {
            return Err(Fault::message("cannot destructure non-object"));
        }
        (UnpackCode::Array { count, rest }, Value::Array(list)) => {
            let count = usize::from(*count);
            for (i, slot) in regs[..count].iter_mut().enumerate() {
                *slot = item(list, i);
            }
            if *rest {
                regs[count] = Value::Array(list.slice(count.min(list.len())..list.len()));
            }
        }
        (UnpackCode::Array { .. }, _) => {
            return Err(Fault::message("cannot destructure non-array"));
        }
        (UnpackCode::Tuple(count), Value::Tuple(list) | Value::Array(list)) => {
            for (i, slot) in regs[..usize::from(*count)].iter_mut().enumerate() {
                *slot = item(list, i);
            }
        }
        (UnpackCode::Tuple(_), _) => return Err(Fault::message("cannot destructure non-tuple")),
    }
    Ok(())
}
