//! In-place methods: a place is changed where it is, if it holds what they change.

use super::Image;
use super::State;
use super::access;
use super::commons;
use super::meter::Stop;
use super::own;
use super::places;
use super::registers::Registers;
use super::registers::put_null;
use crate::diag::Advice;
use crate::diag::Fault;
use crate::diag::NoMethod;
use crate::program::Action;
use crate::program::Place;
use crate::program::Root;
use crate::program::Step;
use crate::value::Capture;
use crate::value::Cell;
use crate::value::Value;
use std::sync::Arc;

/// Like [`places::update`] for the in-place methods: does nothing, and says so, when the variable holds something else than
/// the array or set that they change.
#[inline(never)]
pub(super) fn try_update(
    place: &Place,
    regs: &mut Registers,
    at: usize,
    cx: &mut State,
    image: &Image,
) -> Result<bool, Stop> {
    if let (Root::Register(reg), []) = (&place.root, &place.steps[..]) {
        let (low, operands) = regs.split_at_mut(at);
        let target = &mut low[usize::from(*reg)];
        if own::patch(place.action, target, operands, image) {
            put_null(&mut operands[0]);
            return Ok(true);
        }
    }
    let keys = &regs[at..];
    let fits = |value: &Value| {
        part(&place.steps, value, keys).is_some_and(|part| match place.action {
            Action::Push | Action::Pop => matches!(part.thawed(), Value::Array(_)),
            Action::Add | Action::Remove => matches!(part.thawed(), Value::Set(_)),
            _ => method_builtin(place.action, part).is_some(),
        })
    };
    let State { world, near, env, transaction, .. } = cx;
    let mut peek = |cell: &Arc<Cell>| fits(&world.get(cell, near));
    let is_fit = match place.root {
        Root::Register(reg) => fits(&regs[reg as usize]),
        Root::Cell(reg) => match &regs[reg as usize] {
            Value::Cell(cell) => peek(cell),
            _ => false,
        },
        Root::Capture(index) => match &regs[0] {
            Value::Function(function) => match &function.captures[index as usize] {
                Capture::Cell(cell) => peek(cell),
                Capture::Value(_) => false,
            },
            _ => false,
        },
        Root::Global(slot) => match env.global(slot as usize) {
            Value::Common(common) => fits(&commons::read(common, transaction)?),
            Value::Cell(cell) => peek(cell),
            value => fits(value),
        },
    };
    if is_fit {
        places::update(place, regs, at, cx, image)?;
    }
    Ok(is_fit)
}

/// The builtin that a method means for `value`, if it changes it.
pub(super) fn method_builtin(action: Action, value: &Value) -> Option<u32> {
    let Action::Method { map, set, other, .. } = action else { return None };
    match value {
        Value::Map(_) => map,
        Value::Set(_) => set,
        Value::Array(_) | Value::Str(_) => other,
        _ => None,
    }
}

/// The fault of a method of the place, when another task has put something else there since it was looked at.
#[cold]
pub(super) fn cannot_call(action: Action, value: &Value, image: &Image) -> Fault {
    let name = match action {
        Action::Method { map, set, other, .. } => map.or(set).or(other),
        _ => None,
    };
    let name = name.map_or("", |id| image.registry.row(id as usize).name);
    let (name, on, advice) = (name.to_string(), value.kind().to_string(), Advice::default());
    Fault::CannotCall(Box::new(NoMethod { name, on, advice }))
}

/// What the steps lead to, to be read; `None` when they lead nowhere.
pub(super) fn part<'v>(steps: &[Step], value: &'v Value, keys: &[Value]) -> Option<&'v Value> {
    let mut keys = keys.iter();
    let mut part = value;
    for step in steps {
        part = match (step, part) {
            (Step::Field(name, _), Value::Object(object)) => object.get(name)?,
            (Step::Field(..), _) => return None,
            (Step::Index, part) => match (part, keys.next()?.thawed()) {
                (Value::Array(list), Value::Int(i)) => {
                    list.get(access::position(*i, list.len())?)?
                }
                (Value::Object(object), Value::Str(key)) => object.get(key)?,
                (Value::Map(map), key) => map.get(key)?,
                _ => return None,
            },
        };
    }
    Some(part)
}
