//! Parts, found without a handle on what lies between. `ahead` is the code behind the instruction: the jump over the steps
//! that do the same, and these.

use super::Image;
use super::State;
use super::access::cached;
use super::access::element_at;
use super::methods;
use super::registers::Registers;
use super::registers::put;
use super::registers::put_int;
use super::variables::capture;
use crate::native::Seen;
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

/// `dst := part`, a part of a variable or what is made of one; whether it was found.
#[inline(never)]
pub(super) fn part(
    regs: &mut Registers,
    dst: Reg,
    part: &Part,
    chunk: &Code,
    cx: &mut State,
    image: &Image,
) -> bool {
    if let Root::Register(variable) = part.root {
        let Some(seen) = see(&regs[variable as usize], part, regs, chunk, image) else {
            return false;
        };
        match seen.int() {
            Some(number) => put_int(&mut regs[dst as usize], number),
            None => {
                let value = seen.value();
                put(&mut regs[dst as usize], value);
            }
        }
        return true;
    }
    let find = |variable: &Value| see(variable, part, regs, chunk, image).map(Seen::value);
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

/// What `part` is of this variable.
#[inline(always)]
fn see<'v>(
    variable: &'v Value,
    part: &Part,
    regs: &'v Registers,
    chunk: &Code,
    image: &Image,
) -> Option<Seen<'v>> {
    let found = follow(variable, &part.steps, regs, chunk)?;
    let (id, more) = match &part.then {
        Then::Nothing => return Some(Seen::Part(found)),
        Then::Builtin(id, more) => (*id as usize, more),
        Then::Method(site, more) => (methods::builtin(&chunk.sites[*site as usize], found)?, more),
    };
    let glance = image.registry.row(id).glance?;
    match more[..] {
        [] => glance(&[found]),
        [first] => glance(&[found, &regs[first as usize]]),
        [first, second] => glance(&[found, &regs[first as usize], &regs[second as usize]]),
        _ => None,
    }
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
