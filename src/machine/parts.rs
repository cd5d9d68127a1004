//! Parts, found without a handle on what lies between. `ahead` is the code behind the instruction: the jump over the steps
//! that do the same, and these.

use super::Image;
use super::State;
use super::access::cached;
use super::access::element_at;
use super::methods;
use super::registers::Registers;
use super::registers::put;
use super::variables::capture;
use crate::program::Look;
use crate::program::Op;
use crate::program::Part;
use crate::program::Reg;
use crate::program::Root;
use crate::program::Site;
use crate::program::Then;
use crate::value::Capture;
use crate::value::Code;
use crate::value::Value;

/// `object[index].name`
#[inline(always)]
pub(super) fn index_field<'v>(
    regs: &'v Registers,
    chunk: &Code,
    ahead: &[Op],
    object: Reg,
    index: Reg,
) -> Option<&'v Value> {
    let part = element_at(&regs[object as usize], &regs[index as usize])?;
    cached(site(chunk, ahead, 3), part)
}

/// `object.name[index]`
#[inline(always)]
pub(super) fn field_index<'v>(
    regs: &'v Registers,
    chunk: &Code,
    ahead: &[Op],
    object: Reg,
    index: Reg,
) -> Option<&'v Value> {
    let part = cached(site(chunk, ahead, 2), &regs[object as usize])?;
    element_at(part, &regs[index as usize])
}

/// `object[index][second]`
#[inline(always)]
pub(super) fn index_index<'v>(
    regs: &'v Registers,
    ahead: &[Op],
    object: Reg,
    index: Reg,
) -> Option<&'v Value> {
    let part = element_at(&regs[object as usize], &regs[index as usize])?;
    match ahead.get(2) {
        Some(Op::Index { index: second, .. }) => element_at(part, &regs[*second as usize]),
        _ => None,
    }
}

/// `object.name.second`
#[inline(always)]
pub(super) fn field_field<'v>(
    regs: &'v Registers,
    chunk: &Code,
    ahead: &[Op],
    object: Reg,
) -> Option<&'v Value> {
    let part = cached(site(chunk, ahead, 2), &regs[object as usize])?;
    cached(site(chunk, ahead, 4), part)
}

/// The site whose number is `at` instructions ahead.
#[inline(always)]
fn site<'c>(chunk: &'c Code, ahead: &[Op], at: usize) -> &'c Site {
    &chunk.sites[ahead.get(at).map_or(0, |op| op.value())]
}

/// `dst := part`, a part of a variable that is not in a register, or what is made of one; whether it was found.
#[inline(never)]
pub(super) fn part(
    regs: &mut Registers,
    dst: Reg,
    part: &Part,
    chunk: &Code,
    cx: &mut State,
    image: &Image,
) -> bool {
    let find = |variable: &Value| {
        let found = follow(variable, &part.steps, regs, chunk)?;
        match &part.then {
            Then::Nothing => Some(found.clone()),
            Then::Builtin(id, more) => glance(image, *id as usize, found, more, regs),
            Then::Method(site, more) => {
                let id = methods::builtin(&chunk.sites[*site as usize], found)?;
                glance(image, id, found, more, regs)
            }
        }
    };
    let State { env, world, near, .. } = cx;
    let found = match part.root {
        Root::Global(slot) => match env.global(slot as usize) {
            Value::Cell(cell) => world.look(cell, near, find),
            value => find(value),
        },
        Root::Capture(index) => match capture(&regs[0], index) {
            Capture::Value(value) => find(value),
            Capture::Cell(cell) => world.look(cell, near, find),
        },
        Root::Cell(cell) => match &regs[cell as usize] {
            Value::Cell(cell) => world.look(cell, near, find),
            _ => None,
        },
        Root::Register(_) => None,
    };
    found.map(|value| put(&mut regs[dst as usize], value)).is_some()
}

/// The part at the end of a path, if all of it is there and usual.
#[inline(always)]
fn follow<'v>(
    variable: &'v Value,
    path: &[Look],
    regs: &Registers,
    chunk: &Code,
) -> Option<&'v Value> {
    path.iter().try_fold(variable, |value, step| match *step {
        Look::Field(site) => cached(&chunk.sites[site as usize], value.thawed()),
        Look::Index(key) => match (value.thawed(), &regs[key as usize]) {
            (Value::Array(list) | Value::Tuple(list), Value::Int(at)) => list.get(*at as usize),
            (Value::Object(object), Value::Str(key)) => object.get(key),
            (Value::Map(map), key @ (Value::Int(_) | Value::Str(_))) => map.get(key),
            _ => None,
        },
    })
}

/// What builtin `id` gives for a part and the values in more registers, if that shows at a glance.
#[inline(never)]
fn glance(image: &Image, id: usize, part: &Value, more: &[Reg], regs: &Registers) -> Option<Value> {
    let glance = image.registry.row(id).glance?;
    let mut args = [part; 3];
    for (arg, reg) in args[1..].iter_mut().zip(more) {
        *arg = &regs[*reg as usize];
    }
    glance(args.get(..=more.len())?)
}
