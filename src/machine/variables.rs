//! Variables that are not registers: captures, cells, top-level names.

use super::Image;
use super::State;
use super::commons;
use super::meter::Stop;
use super::places;
use super::registers::Registers;
use super::registers::put_int;
use crate::diag::Fault;
use crate::program::BinaryOp;
use crate::program::Reg;
use crate::value::Capture;
use crate::value::Cell;
use crate::value::Code;
use crate::value::Value;
use crate::world::Environment;
use crate::world::Near;
use crate::world::World;
use std::sync::Arc;

/// How an unset variable is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    /// It is a fault.
    Sure,
    /// As unset.
    Peek,
}

/// Capture `index` of the running function.
#[inline(always)]
pub(super) fn capture(function: &Value, index: u8) -> &Capture {
    match function {
        Value::Function(function) => &function.captures[index as usize],
        other => unreachable!("register 0 holds the running function, not {other:?}"),
    }
}

/// `dst := captures[index]`
#[inline(never)]
pub(super) fn read_capture(
    regs: &mut Registers,
    dst: Reg,
    index: u8,
    how: Read,
    cx: &mut State,
    image: &Image,
    chunk: &Code,
) -> Result<(), Fault> {
    let value = match capture(&regs[0], index) {
        Capture::Value(value) => value.clone(),
        Capture::Cell(cell) => cx.world.get(cell, &mut cx.near),
    };
    if how == Read::Sure && matches!(value, Value::Unset) {
        return Err(undefined(image, &cx.env, chunk.module, &chunk.capture_names[index as usize]));
    }
    regs[dst as usize] = value;
    Ok(())
}

/// `captures[index] := src`
#[inline(never)]
pub(super) fn write_capture(
    regs: &mut Registers,
    index: u8,
    src: Reg,
    cx: &mut State,
    chunk: &Code,
) -> Result<(), Fault> {
    let value = std::mem::take(&mut regs[src as usize]);
    let Capture::Cell(cell) = capture(&regs[0], index) else {
        unreachable!("a captured variable that is assigned is a cell");
    };
    let name = || chunk.capture_names[index as usize].to_string();
    assign(&cx.world, cell, value, &mut cx.near, name)
}

/// Adds to a captured Int of this world's own; None when it is anything else, and nothing happened.
#[inline(always)]
pub(super) fn count(function: &Value, index: u8, more: i64, cx: &State) -> Option<i64> {
    match capture(function, index) {
        Capture::Cell(cell) => cx.world.add_int(cell, more),
        Capture::Value(_) => None,
    }
}

/// `captures[index] := captures[index] + right` in one step; the sum goes to `dst`, if any.
#[inline(never)]
pub(super) fn add_capture(
    regs: &mut Registers,
    index: u8,
    right: &Value,
    dst: Option<Reg>,
    cx: &mut State,
    chunk: &Code,
) -> Result<(), Stop> {
    let Capture::Cell(cell) = capture(&regs[0], index) else {
        unreachable!("a captured variable that is assigned is a cell");
    };
    if let Value::Int(more) = right
        && let Some(sum) = cx.world.add_int(cell, *more)
    {
        if let Some(dst) = dst {
            put_int(&mut regs[dst as usize], sum);
        }
        return Ok(());
    }
    let State { world, near, meter, .. } = cx;
    let sum = world.update(cell, near, |slot| {
        if let (Value::Int(a), Value::Int(b)) = (&mut *slot, right)
            && let Some(sum) = a.checked_add(*b)
        {
            *a = sum;
            return Ok(Value::Int(sum));
        }
        let name = &chunk.capture_names[index as usize];
        places::apply_in_place(BinaryOp::Add, slot, right, name, meter)?;
        Ok::<Value, Stop>(if dst.is_some() { slot.clone() } else { Value::Null })
    })?;
    if let Some(dst) = dst {
        regs[dst as usize] = sum;
    }
    Ok(())
}

/// Assigns a variable that must exist.
fn assign(
    world: &World,
    cell: &Arc<Cell>,
    value: Value,
    near: &mut Near,
    name: impl FnOnce() -> String,
) -> Result<(), Fault> {
    let old = world.update(cell, near, |slot| match slot {
        Value::Unset => None,
        _ => Some(std::mem::replace(slot, value)),
    });
    match old {
        Some(old) => {
            drop(old);
            Ok(())
        }
        None => Err(Fault::AssignUndefined(name())),
    }
}

/// `reg := a new cell holding src`
#[inline(never)]
pub(super) fn new_cell(regs: &mut Registers, reg: Reg, src: Reg, cx: &State) {
    let value = std::mem::take(&mut regs[src as usize]);
    regs[reg as usize] = Value::Cell(cx.world.cell(value));
}

/// `dst := what the cell in a register holds`
#[inline(never)]
pub(super) fn read_cell(
    regs: &mut Registers,
    dst: Reg,
    cell: Reg,
    how: Read,
    cx: &mut State,
    image: &Image,
    chunk: &Code,
) -> Result<(), Fault> {
    let value = match &regs[cell as usize] {
        Value::Cell(cell) => cx.world.get(cell, &mut cx.near),
        _ => Value::Unset,
    };
    if how == Read::Sure && matches!(value, Value::Unset) {
        let names = &chunk.cell_names;
        let name = names.iter().rev().find(|(of, _)| *of == cell).map_or("", |(_, name)| name);
        return Err(undefined(image, &cx.env, chunk.module, name));
    }
    regs[dst as usize] = value;
    Ok(())
}

/// `the cell in a register := src`
#[inline(never)]
pub(super) fn write_cell(regs: &mut Registers, cell: Reg, src: Reg, cx: &mut State) {
    let value = std::mem::take(&mut regs[src as usize]);
    if let Value::Cell(cell) = &regs[cell as usize] {
        cx.world.set(cell, value, &mut cx.near);
    }
}

/// What the top-level name holds, unset included.
fn global(slot: usize, cx: &mut State) -> Result<Value, Stop> {
    Ok(match cx.env.global(slot) {
        Value::Cell(cell) => cx.world.get(cell, &mut cx.near),
        Value::Common(common) => commons::read(common, &mut cx.transaction)?,
        value => value.clone(),
    })
}

/// `dst := globals[slot]`
#[inline(never)]
pub(super) fn read_global(
    dst: &mut Value,
    slot: usize,
    how: Read,
    cx: &mut State,
    image: &Image,
) -> Result<(), Stop> {
    let value = global(slot, cx)?;
    if how == Read::Sure && matches!(value, Value::Unset) {
        return Err(undefined_global(image, &cx.env, slot).into());
    }
    *dst = value;
    Ok(())
}

/// Fails when the top-level name is unset.
pub(super) fn need_global(slot: usize, cx: &mut State, image: &Image) -> Result<(), Fault> {
    let is_unset = match cx.env.global(slot) {
        Value::Cell(cell) => matches!(cx.world.get(cell, &mut cx.near), Value::Unset),
        Value::Common(common) => matches!(common.get(), Value::Unset),
        value => matches!(value, Value::Unset),
    };
    match is_unset {
        true => Err(undefined_global(image, &cx.env, slot)),
        false => Ok(()),
    }
}

/// Defines the top-level name.
#[inline(never)]
pub(super) fn define(src: &mut Value, slot: usize, cx: &mut State) -> Result<(), Stop> {
    if let Value::Common(common) = cx.env.global(slot) {
        let common = common.clone();
        cx.meter.has_effect = true;
        return commons::write(&common, src, &mut cx.transaction, || Ok(()));
    }
    let value = std::mem::take(src);
    match cx.env.global(slot) {
        Value::Cell(cell) => cx.world.set(cell, value, &mut cx.near),
        _ => cx.env.set_global(slot, value),
    }
    Ok(())
}

/// Assigns the top-level name.
#[inline(never)]
pub(super) fn write_global(
    src: &mut Value,
    slot: usize,
    cx: &mut State,
    image: &Image,
) -> Result<(), Stop> {
    let name = || image.program.globals[slot].name.to_string();
    if let Value::Common(common) = cx.env.global(slot) {
        let common = common.clone();
        cx.meter.has_effect = true;
        return commons::write(&common, src, &mut cx.transaction, || {
            Err(Fault::AssignUndefined(name()))
        });
    }
    let value = std::mem::take(src);
    match cx.env.global(slot) {
        Value::Cell(cell) => {
            return Ok(assign(&cx.world, cell, value, &mut cx.near, name)?);
        }
        Value::Unset => return Err(Fault::AssignUndefined(name()).into()),
        _ => cx.env.set_global(slot, value),
    }
    Ok(())
}

/// The fault of reading a top-level name that has no value.
#[cold]
fn undefined_global(image: &Image, env: &Environment, slot: usize) -> Fault {
    let global = &image.program.globals[slot];
    undefined(image, env, global.module, &global.name)
}

/// The fault of reading a name of a file that has no value, with what may have been meant.
#[cold]
fn undefined(image: &Image, env: &Environment, module: u32, name: &str) -> Fault {
    let globals = image
        .program
        .globals
        .iter()
        .enumerate()
        .filter(|(_, global)| global.module == module && !global.name.starts_with('@'))
        .filter(|(slot, _)| !matches!(env.global(*slot), Value::Unset | Value::Cell(_)))
        .map(|(_, global)| &*global.name);
    let mut builtins: Vec<&str> = image.registry.names().collect();
    builtins.sort_unstable();
    let suggestion = crate::diag::suggest(name, [globals.collect(), builtins]).map(str::to_string);
    Fault::Undefined { name: name.to_string(), suggestion }
}
