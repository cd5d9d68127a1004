//! Reading fields and elements (language-core 4.8).

use super::Image;
use super::State;
use super::advice;
use super::meter::Meter;
use super::meter::Stop;
use super::registers::Registers;
use crate::diag::Advice;
use crate::diag::Fault;
use crate::diag::NoMethod;
use crate::native::Args;
use crate::native::Outcome;
use crate::native::depth;
use crate::native::length;
use crate::program::BinaryOp;
use crate::program::Reg;
use crate::program::Site;
use crate::value::List;
use crate::value::Object;
use crate::value::Value;
use crate::world::Environment;

/// The field that the site found last, if the object has the same shape.
#[inline(always)]
pub(super) fn cached<'v>(site: &Site, value: &'v Value) -> Option<&'v Value> {
    let Value::Object(object) = value else { return None };
    match object.shape_id() {
        0 => None,
        shape => site.cache.get(shape, 0).map(|slot| object.slot(slot as usize)),
    }
}

/// The element of an array at an index from its front.
#[inline(always)]
pub(super) fn element_at<'v>(value: &'v Value, index: &Value) -> Option<&'v Value> {
    match (value, index) {
        (Value::Array(list), Value::Int(i)) => list.get(*i as usize),
        _ => None,
    }
}

/// `dst := object.name`
#[inline(never)]
pub(super) fn field(
    regs: &mut Registers,
    dst: Reg,
    object: Reg,
    site: &Site,
    cx: &mut State,
    image: &Image,
) -> Result<(), Stop> {
    let value = match cached(site, &regs[object as usize]) {
        Some(value) => value.clone(),
        None => {
            let object = &regs[object as usize];
            // A property of a text is a builtin.
            if let Value::Str(_) = object.thawed() {
                cx.meter.pay(length(object))?;
            }
            read_field(site, object, &cx.env, image)?
        }
    };
    regs[dst as usize] = value;
    Ok(())
}

/// `value.name`
fn read_field(
    site: &Site,
    value: &Value,
    env: &Environment,
    image: &Image,
) -> Result<Value, Fault> {
    let name = &*site.name;
    match value.thawed() {
        Value::Object(object) => {
            if let Some((shape, slot)) =
                object.shape().and_then(|shape| Some((shape.id, shape.slot_of(name)?)))
            {
                site.cache.put(shape, 0, slot as u32);
                return Ok(object.slot(slot).clone());
            }
            object
                .get(name)
                .cloned()
                .or_else(|| embedded(object, env, |_, inner| inner.get(name).cloned()))
                .ok_or_else(|| Fault::NoField {
                    name: name.to_string(),
                    advice: advice::field(object, env, image),
                })
        }
        text @ Value::Str(_) => match image.registry.property(name) {
            Some(id) => {
                let row = image.registry.row(id);
                let mut values = [text.clone()];
                let mut args = Args::bind(row, &mut values, &*image.host)?;
                match (row.run)(&mut args)? {
                    Outcome::Value(value) => Ok(value),
                    _ => unreachable!("a property neither waits nor calls back"),
                }
            }
            None => Err(no_field(name, text, Some(image))),
        },
        Value::Array(list) | Value::Tuple(list) if name == "len" => {
            Ok(Value::Int(list.len() as i64))
        }
        Value::Set(set) if name == "len" => Ok(Value::Int(set.len() as i64)),
        other => Err(no_field(name, other, Some(image))),
    }
}

/// What is said of a key that is not there.
#[cold]
pub(super) fn no_key(key: String, advice: Advice) -> Fault {
    Fault::NoKey { key, advice }
}

/// What is said of a field that `value`, which is no object, does not have.
#[cold]
pub(super) fn no_field(name: &str, value: &Value, image: Option<&Image>) -> Fault {
    let (name, kind) = (name.to_string(), value.kind());
    match value {
        Value::Str(_) | Value::Array(_) | Value::Tuple(_) | Value::Set(_) => {
            let (on, advice) =
                (kind.to_string(), image.map(|image| advice::property(value, image)));
            Fault::NoMethod(Box::new(NoMethod { name, on, advice: advice.unwrap_or_default() }))
        }
        _ => Fault::FieldOf { name, kind },
    }
}

/// What `find` gives for the objects embedded in a struct instance: level by level, in declaration order. It gets the
/// part, which may be frozen, and the object that it is.
pub(super) fn embedded<T>(
    object: &Object,
    env: &Environment,
    mut find: impl FnMut(&Value, &Object) -> Option<T>,
) -> Option<T> {
    let mut level = vec![object.clone()];
    while !level.is_empty() {
        let mut next = Vec::new();
        for outer in &level {
            let Some(Value::Str(ty)) = outer.get("__type__") else { continue };
            let Some(info) = env.type_info(ty) else { continue };
            for (name, _) in &info.embeds {
                let Some(part) = outer.get(name) else { continue };
                let Value::Object(inner) = part.thawed() else { continue };
                if let Some(found) = find(part, inner) {
                    return Some(found);
                }
                next.push(inner.clone());
            }
        }
        level = next;
    }
    None
}

/// `dst := object[index]`
#[inline(never)]
pub(super) fn index(
    regs: &mut Registers,
    dst: Reg,
    object: Reg,
    index: Reg,
    meter: &mut Meter,
) -> Result<(), Stop> {
    let (object, index) = (&regs[object as usize], &regs[index as usize]);
    match object.thawed() {
        text @ Value::Str(_) => meter.pay(length(text))?,
        Value::Map(_) => meter.pay_for(|limit| depth(index, limit))?,
        _ => {}
    }
    regs[dst as usize] = read_index(object, index)?;
    Ok(())
}

/// `value[index]`
fn read_index(value: &Value, index: &Value) -> Result<Value, Fault> {
    match (value.thawed(), index.thawed()) {
        (Value::Array(list), Value::Int(i)) => element(list, *i, "array"),
        (Value::Tuple(list), Value::Int(i)) => element(list, *i, "tuple"),
        (Value::Str(text), Value::Int(i)) => {
            let len = text.chars().count();
            position(*i, len)
                .and_then(|at| text.chars().nth(at))
                .map(Value::text)
                .ok_or(Fault::OutOfBounds { index: *i, on: "string", len })
        }
        (Value::Object(object), Value::Str(key)) => {
            let advice = || advice::key(object);
            object.get(key).cloned().ok_or_else(|| no_key(key.to_string(), advice()))
        }
        (Value::Map(map), key) => {
            map.get(key).cloned().ok_or_else(|| no_key(key.to_string(), Advice::default()))
        }
        (of, by) => Err(Fault::NoElement { of: of.kind(), by: by.kind() }),
    }
}

/// What is said of a value and a key that do not go together.
pub(super) fn no_element() -> Fault {
    Fault::message("invalid index operation")
}

fn element(list: &List, index: i64, on: &'static str) -> Result<Value, Fault> {
    position(index, list.len()).and_then(|at| list.get(at)).cloned().ok_or(Fault::OutOfBounds {
        index,
        on,
        len: list.len(),
    })
}

/// An index from either end as a position, if it is inside.
pub(super) fn position(index: i64, len: usize) -> Option<usize> {
    let at = if index < 0 { index.checked_add(len as i64)? } else { index };
    usize::try_from(at).ok().filter(|at| *at < len)
}

/// `dst := the payload of src`, if it has one: an `Err` or a `None` leaves.
#[inline(never)]
pub(super) fn propagate(regs: &mut Registers, dst: Reg, src: Reg) -> Result<bool, Fault> {
    let payload = match regs[src as usize].thawed() {
        Value::Ok(inner) | Value::Some(inner) => inner.get().clone(),
        Value::Err(_) | Value::None => return Ok(false),
        _ => return Err(Fault::NoResult),
    };
    regs[dst as usize] = payload;
    Ok(true)
}

/// What an `Err` that nobody takes says.
pub(super) fn payload(value: &Value) -> String {
    match value.thawed() {
        Value::Err(inner) => inner.get().to_string(),
        other => other.to_string(),
    }
}

/// The steps of testing one element: two display texts.
const WHERE: usize = 16;

/// `xs where field op value`: `operands` are the array and the value.
#[inline(never)]
pub(super) fn filter(
    operands: &[Value],
    op: BinaryOp,
    name: &Value,
    meter: &mut Meter,
) -> Result<Value, Stop> {
    let (Value::Array(list), Value::Str(name)) = (operands[0].thawed(), name) else {
        return Err(Fault::message("where requires an array").into());
    };
    meter.pay(list.len().saturating_mul(WHERE))?;
    let mut found = Vec::new();
    for item in list {
        if let Value::Object(object) = item.thawed()
            && let Some(field) = object.get(name)
            && op.matches(field, &operands[1])?
        {
            found.push(item.clone());
        }
    }
    Ok(Value::array(found))
}
