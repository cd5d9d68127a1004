//! `match` and destructuring (language-core 6).

use crate::diag::Fault;
use crate::program::Pattern;
use crate::program::UnpackCode;
use crate::program::Wrapper;
use crate::value::List;
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
        (Pattern::Variant(name, _), Value::Object(object)) => {
            is_text(object.get("__variant__"), name)
        }
        (Pattern::Constructor(name, parts), Value::Object(object)) => {
            (is_text(object.get("__variant__"), name) || is_text(object.get("__type__"), name))
                && parts.iter().enumerate().all(|(i, part)| {
                    object
                        .get(&format!("_{i}"))
                        .is_some_and(|value| matches(part, value, constants, regs))
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

/// Fails unless the arms name every variant of the subject's type.
pub(super) fn check_exhaustive(
    subject: &Value,
    covers: &Pattern,
    env: &Environment,
) -> Result<(), Fault> {
    let (Value::Object(object), Pattern::Covers(arms)) = (subject.thawed(), covers) else {
        return Ok(());
    };
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
