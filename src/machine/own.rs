//! Changing a part of what nobody else holds, where it was the last time: what loops do. Anything else does nothing here
//! and says so; `places` knows the rest.

use super::Image;
use super::registers::Registers;
use super::registers::put_float;
use super::registers::put_int;
use super::tries;
use crate::program::Action;
use crate::program::BinaryOp;
use crate::program::Place;
use crate::program::Reg;
use crate::program::Step;
use crate::value::Contents;
use crate::value::Value;

/// `object.name := value` for a number and a place of one step; whether it did.
#[inline(always)]
pub(super) fn set_field(regs: &mut Registers, object: Reg, value: Reg, place: &Place) -> bool {
    match regs[value as usize] {
        Value::Int(new) => match field(place, &mut regs[object as usize]) {
            Some(slot) => put_int(slot, new),
            None => return false,
        },
        Value::Float(new) => match field(place, &mut regs[object as usize]) {
            Some(slot) => put_float(slot, new),
            None => return false,
        },
        _ => return false,
    }
    true
}

/// The field of an object for a place of one step: plain data may be put there.
#[inline(always)]
fn field<'v>(place: &Place, target: &'v mut Value) -> Option<&'v mut Value> {
    match (target, &place.steps[..]) {
        (Value::Object(object), [Step::Field(_, cache)]) => {
            object.own_slot(|shape| cache.get(shape, 0))
        }
        _ => None,
    }
}

/// Follows the path and acts there, with the operands that follow; whether it did.
pub(super) fn change(place: &Place, target: &mut Value, operands: &mut [Value]) -> bool {
    if !matches!(place.action, Action::Set | Action::Apply(_)) {
        return false;
    }
    let Some((target, operand)) = part(place, target, operands) else { return false };
    let operand = &mut operands[operand];
    match place.action {
        Action::Apply(op) => return apply(op, target, operand),
        _ if matches!(target, Value::Unset) || Contents::of(operand) != Contents::PLAIN => {
            return false;
        }
        _ => operand.move_to(target),
    }
    true
}

/// Lets a method change a variable where it is, when it can without further ado; whether it did.
pub(super) fn patch(
    action: Action,
    target: &mut Value,
    operands: &mut [Value],
    image: &Image,
) -> bool {
    let Action::Method { count, .. } = action else { return false };
    let patch =
        tries::method_builtin(action, target).and_then(|id| image.registry.row(id as usize).patch);
    patch.is_some_and(|patch| patch(target, &mut operands[..usize::from(count)]))
}

/// The end of the path, and which operand is for the action.
#[inline(always)]
fn part<'v>(
    place: &Place,
    mut target: &'v mut Value,
    operands: &[Value],
) -> Option<(&'v mut Value, usize)> {
    let mut keys = 0;
    for step in &place.steps {
        target = match (step, target) {
            (Step::Field(_, cache), Value::Object(object)) => {
                object.own_slot(|shape| cache.get(shape, 0))?
            }
            (Step::Index, target) => {
                keys += 1;
                element(target, &operands[keys - 1])?
            }
            _ => return None,
        };
    }
    Some((target, keys))
}

/// `target[key] := value` for an integer and an element of an array that is there; whether it did.
#[inline(always)]
pub(super) fn set_index(regs: &mut Registers, target: Reg, key: Reg, value: Reg) -> bool {
    let (Value::Int(at), Value::Int(new)) = (&regs[key as usize], &regs[value as usize]) else {
        return false;
    };
    let (at, new) = (*at as usize, *new);
    match &mut regs[target as usize] {
        Value::Array(list) => list.own_slot(at).map(|slot| put_int(slot, new)).is_some(),
        _ => false,
    }
}

/// The same for any number or truth value, and whatever has elements.
pub(super) fn set_other(regs: &mut Registers, target: Reg, key: Reg, value: Reg) -> bool {
    let mut new = match regs[value as usize] {
        Value::Int(new) => Value::Int(new),
        Value::Float(new) => Value::Float(new),
        Value::Bool(new) => Value::Bool(new),
        _ => return false,
    };
    set_element(regs, target, key, &mut new)
}

/// `target[key] := value` for plain data and an element that is there, or an object; whether it did.
#[inline(always)]
pub(super) fn set_element(regs: &mut Registers, target: Reg, key: Reg, value: &mut Value) -> bool {
    if Contents::of(value) != Contents::PLAIN {
        return false;
    }
    let Ok([target, key]) = regs.get_disjoint_mut([target as usize, key as usize]) else {
        return false;
    };
    match (target, key) {
        (Value::Object(object), Value::Str(key)) => object.own_set(key, value),
        (target, key) => element(target, key).map(|slot| value.move_to(slot)).is_some(),
    }
}

/// Appends plain data to an array with room for it; whether it did.
#[inline(never)]
pub(super) fn push(regs: &mut Registers, list: Reg, value: Reg) -> bool {
    let [list, value] = match regs.get_disjoint_mut([list as usize, value as usize]) {
        Ok(both) => both,
        Err(_) => return false,
    };
    let items = match list {
        Value::Array(items) if Contents::of(value) == Contents::PLAIN => items.own_room(),
        _ => None,
    };
    if let Some(items) = items {
        match value {
            Value::Int(number) => items.push(Value::Int(*number)),
            Value::Float(number) => items.push(Value::Float(*number)),
            value => items.push(std::mem::take(value)),
        }
        return true;
    }
    false
}

/// The element of a collection: plain data may be put there.
#[inline(always)]
pub(super) fn element<'v>(target: &'v mut Value, key: &Value) -> Option<&'v mut Value> {
    match (target, key) {
        (Value::Array(list), Value::Int(index)) => list.own_slot(*index as usize),
        (Value::Object(object), Value::Str(key)) => object.own_value(key),
        (Value::Map(map), key) => map.own_value(key),
        _ => None,
    }
}

/// `target := target op operand` for two numbers of one kind, when no rule is special; whether it did.
#[inline(always)]
fn apply(op: BinaryOp, target: &mut Value, operand: &Value) -> bool {
    match (target, operand) {
        (Value::Int(a), Value::Int(b)) => {
            let result = match op {
                BinaryOp::Add => a.checked_add(*b),
                BinaryOp::Sub => a.checked_sub(*b),
                BinaryOp::Mul => a.checked_mul(*b),
                _ => None,
            };
            result.map(|result| *a = result).is_some()
        }
        (Value::Float(a), Value::Float(b)) => {
            match op {
                BinaryOp::Add => *a += b,
                BinaryOp::Sub => *a -= b,
                BinaryOp::Mul => *a *= b,
                _ => return false,
            }
            true
        }
        _ => false,
    }
}
