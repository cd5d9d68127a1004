//! `for`: counted loops and loops over collections.

use super::registers::Registers;
use crate::diag::Fault;
use crate::handles::Channel;
use crate::program::Reg;
use crate::value::List;
use crate::value::Object;
use crate::value::Pull;
use crate::value::Value;

/// Prepares a counted loop whose first value is in `regs[0]` and whose end is in `regs[1]`; false when it runs zero
/// times.
pub(super) fn count(regs: &mut [Value]) -> Result<bool, Fault> {
    let (Value::Int(start), Value::Int(end)) = (regs[0].thawed(), regs[1].thawed()) else {
        return Err(Fault::message("range() requires integer arguments"));
    };
    let (start, end) = (*start, *end);
    regs[0] = Value::Int(start);
    regs[1] = Value::Int(end);
    regs[2] = Value::Int(start);
    Ok(start < end)
}

/// Prepares a loop over the collection in `regs[0]`.
pub(super) fn start(regs: &mut [Value]) -> Result<(), Fault> {
    if let Value::Frozen(inner) = &regs[0] {
        regs[0] = inner.get().clone();
    }
    match &regs[0] {
        Value::Array(_)
        | Value::Tuple(_)
        | Value::Set(_)
        | Value::Map(_)
        | Value::Object(_)
        | Value::Str(_) => {
            regs[1] = Value::Int(0);
            // Counts the elements of a sequence for the two-variable form.
            regs[2] = Value::Null;
            Ok(())
        }
        Value::Stream(_) => {
            regs[1] = Value::Pull(Box::<Pull>::default());
            regs[2] = Value::Null;
            Ok(())
        }
        channel if Channel::of(channel).is_some() => {
            regs[1] = Value::Int(0);
            regs[2] = Value::Null;
            Ok(())
        }
        _ => Err(Fault::message("can only iterate over arrays, objects, or channels")),
    }
}

/// The element of an array that comes next, when the loop has one variable; the cursor moves on.
#[inline(always)]
pub(super) fn element_of_array(regs: &mut Registers, base: Reg, vars: u8) -> Option<&Value> {
    let [items, cursor, ..] = &mut regs[base as usize..] else { return None };
    let (Value::Array(list), Value::Int(at), 1) = (items, cursor, vars) else { return None };
    let item = list.get(*at as usize)?;
    *at += 1;
    Some(item)
}

/// The next element of register `base` into `base + 2`, and its partner into `base + 3` when there are two variables;
/// false at the end. `None` for a channel, whose next message may have to be waited for, and for a stream, which may
/// call functions.
#[inline(never)]
pub(super) fn next(regs: &mut Registers, base: Reg, vars: u8) -> Option<bool> {
    let regs = &mut regs[base as usize..];
    let Value::Int(at) = regs[1] else { return None };
    let mut cursor = at as usize;
    let pair = match &regs[0] {
        Value::Object(object) => next_entry(object, &mut cursor, vars),
        Value::Map(map) if vars == 2 => {
            map.next(&mut cursor).map(|(key, value)| (key.clone(), Some(value.clone())))
        }
        Value::Handle(_) => return None,
        items => item(items, &mut cursor).map(|item| (item, None)),
    };
    let Some((first, second)) = pair else {
        return Some(false);
    };
    put(regs, vars, first, second, cursor);
    Some(true)
}

/// The element of a sequence at `cursor`, which moves behind it; of a Map, a pair.
#[inline(always)]
pub(super) fn item(items: &Value, cursor: &mut usize) -> Option<Value> {
    match items {
        Value::Array(list) | Value::Tuple(list) => {
            let item = list.get(*cursor).cloned();
            *cursor += 1;
            item
        }
        Value::Str(text) => {
            let found = text[*cursor..].chars().next();
            *cursor += found.map_or(0, char::len_utf8);
            found.map(Value::text)
        }
        Value::Set(set) => set.next(cursor).cloned(),
        Value::Map(map) => {
            let (key, value) = map.next(cursor)?;
            Some(Value::Tuple(List::from(vec![key.clone(), value.clone()])))
        }
        other => unreachable!("a loop was prepared over {other:?}"),
    }
}

/// The next message of a channel; a second variable gets null.
pub(super) fn message(regs: &mut [Value], vars: u8, message: Value) {
    let Value::Int(at) = regs[1] else { unreachable!("a loop keeps its cursor") };
    put(regs, vars, message, Some(Value::Null), at as usize + 1);
}

/// The element that a stream gave, the `at`-th of its loop.
pub(super) fn element(regs: &mut [Value], vars: u8, element: Value, at: i64) {
    if vars == 1 {
        regs[2] = element;
    } else {
        (regs[2], regs[3]) = split(element, regs, at);
    }
}

#[inline(always)]
fn put(regs: &mut [Value], vars: u8, first: Value, second: Option<Value>, cursor: usize) {
    let Value::Int(at) = regs[1] else { unreachable!("a loop keeps its cursor") };
    if vars == 1 {
        regs[2] = first;
    } else {
        let (first, second) = match second {
            Some(second) => (first, second),
            None => split(first, regs, at),
        };
        regs[2] = first;
        regs[3] = second;
    }
    regs[1] = Value::Int(cursor as i64);
}

fn next_entry(object: &Object, cursor: &mut usize, vars: u8) -> Option<(Value, Option<Value>)> {
    let (key, value) = object.next(cursor)?;
    Some((Value::Str(key.clone()), (vars == 2).then(|| value.clone())))
}

/// The two variables over a sequence (language-statements 4.3): the parts of a pair, what `enumerate` returns, or
/// position and element.
fn split(item: Value, regs: &[Value], at: i64) -> (Value, Value) {
    match item.thawed() {
        Value::Tuple(pair) if pair.len() == 2 => {
            let part = |i| pair.get(i).cloned().unwrap_or_default();
            (part(0), part(1))
        }
        Value::Object(object) if object.len() == 2 => {
            match (object.get("index"), object.get("value")) {
                (Some(index), Some(value)) => (index.clone(), value.clone()),
                _ => (position(regs, at), item),
            }
        }
        _ => (position(regs, at), item),
    }
}

/// The position of an element: the cursor is one for lists, but a byte offset for text and a sequence number for
/// sets.
fn position(regs: &[Value], at: i64) -> Value {
    Value::Int(match &regs[0] {
        Value::Str(text) => text[..at as usize].chars().count() as i64,
        Value::Set(set) => {
            let mut cursor = 0;
            let mut count = 0;
            while cursor < at as usize && set.next(&mut cursor).is_some() {
                count += 1;
            }
            count
        }
        _ => at,
    })
}
