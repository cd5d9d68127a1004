//! The window of registers that a frame sees, and the ways to write one.
//!
//! Every fast path stores its own variant: a value that is built first and stored later goes through memory in odd
//! pieces (it doubled the time of a loop over ints). What is not fast is a call that finishes the instruction, so
//! that the loop keeps nothing across it.

use super::WINDOW;
use super::meter::Meter;
use super::meter::Stop;
use crate::program::BinaryOp;
use crate::program::Reg;
use crate::value::Code;
use crate::value::Value;

/// The registers of one frame.
pub(super) type Registers = [Value; WINDOW];

/// The registers of the frame at `base`.
#[inline(always)]
pub(super) fn window(stack: &mut Vec<Value>, base: usize) -> &mut Registers {
    if stack.len() < base + WINDOW {
        grow(stack, base + WINDOW);
    }
    (&mut stack[base..base + WINDOW]).try_into().expect("a window has a fixed length")
}

#[cold]
#[inline(never)]
fn grow(stack: &mut Vec<Value>, needed: usize) {
    stack.resize_with((needed + needed / 2).max(2 * WINDOW), Value::default);
}

/// `slot := value`
#[inline(always)]
pub(super) fn put_int(slot: &mut Value, value: i64) {
    if slot.is_inline() {
        std::mem::forget(std::mem::replace(slot, Value::Int(value)));
    } else {
        replace_by_int(slot, value);
    }
}

/// `slot := value`
#[inline(always)]
pub(super) fn put_float(slot: &mut Value, value: f64) {
    if !slot.is_inline() {
        clear(slot);
    }
    std::mem::forget(std::mem::replace(slot, Value::Float(value)));
}

/// `slot := value`
#[inline(always)]
pub(super) fn put_bool(slot: &mut Value, value: bool) {
    if slot.is_inline() {
        std::mem::forget(std::mem::replace(slot, Value::Bool(value)));
    } else {
        replace_by_bool(slot, value);
    }
}

/// `slot := null`
#[inline(always)]
pub(super) fn put_null(slot: &mut Value) {
    if slot.is_inline() {
        std::mem::forget(std::mem::take(slot));
    } else {
        clear(slot);
    }
}

#[inline(never)]
fn replace_by_int(slot: &mut Value, value: i64) {
    clear(slot);
    *slot = Value::Int(value);
}

#[inline(never)]
fn replace_by_bool(slot: &mut Value, value: bool) {
    clear(slot);
    *slot = Value::Bool(value);
}

/// Gives up what the slot holds.
#[inline(never)]
fn clear(slot: &mut Value) {
    match slot {
        Value::Str(text) if text.is_short() => std::mem::forget(std::mem::take(slot)),
        slot => *slot = Value::Null,
    }
}

/// Another handle on a value.
#[inline(never)]
pub(super) fn another(value: &Value) -> Value {
    value.clone()
}

/// `slot := value`
#[inline(always)]
pub(super) fn put(slot: &mut Value, value: Value) {
    if !slot.is_inline() {
        clear(slot);
    }
    std::mem::forget(std::mem::replace(slot, value));
}

/// `dst := src`, both hold it.
#[inline(never)]
pub(super) fn copy(regs: &mut Registers, dst: Reg, src: Reg) {
    regs[dst as usize] = regs[src as usize].clone();
}

/// `dst := value`, both hold it.
#[inline(never)]
pub(super) fn copy_from(slot: &mut Value, value: &Value) {
    *slot = value.clone();
}

/// `dst := src`, which is empty afterwards.
#[inline(never)]
pub(super) fn shift(regs: &mut Registers, dst: Reg, src: Reg) {
    regs[dst as usize] = std::mem::take(&mut regs[src as usize]);
}

/// A variable lends its function to the call at `at`.
#[inline(always)]
pub(super) fn lend(regs: &mut Registers, at: Reg, callee: Reg) {
    regs.swap(at as usize, callee as usize);
    // What the call's register held before is garbage: the variable must not keep it alive.
    put_null(&mut regs[callee as usize]);
}

/// `dst := left op right` for what the fast paths do not know. Text that nobody else holds grows in place.
#[cold]
#[inline(never)]
pub(super) fn binary(
    regs: &mut Registers,
    op: BinaryOp,
    dst: Reg,
    left: Reg,
    right: Reg,
    meter: &mut Meter,
) -> Result<(), Stop> {
    let is_text = matches!(regs[left as usize], Value::Str(_));
    if op == BinaryOp::Add && dst == left && dst != right && is_text {
        let mut text = std::mem::take(&mut regs[left as usize]);
        let result = super::places::append(&mut text, &regs[right as usize], meter);
        regs[left as usize] = text;
        return result;
    }
    regs[dst as usize] = meter.apply(op, &regs[left as usize], &regs[right as usize])?;
    Ok(())
}

/// `dst := left op right` for a right operand that is no register.
#[cold]
#[inline(never)]
pub(super) fn binary_with(
    regs: &mut Registers,
    op: BinaryOp,
    dst: Reg,
    left: Reg,
    right: &Value,
    meter: &mut Meter,
) -> Result<(), Stop> {
    if op == BinaryOp::Add && dst == left && matches!(regs[left as usize], Value::Str(_)) {
        return super::places::append(&mut regs[left as usize], right, meter);
    }
    regs[dst as usize] = meter.apply(op, &regs[left as usize], right)?;
    Ok(())
}

/// `dst := left op right` for a left operand that is no register.
#[cold]
#[inline(never)]
pub(super) fn binary_before(
    regs: &mut Registers,
    op: BinaryOp,
    dst: Reg,
    left: &Value,
    right: Reg,
    meter: &mut Meter,
) -> Result<(), Stop> {
    regs[dst as usize] = meter.apply(op, left, &regs[right as usize])?;
    Ok(())
}

/// Whether `left op right` is `want`, for operands that are not two numbers of one kind.
#[cold]
#[inline(never)]
pub(super) fn test(
    op: BinaryOp,
    left: &Value,
    right: &Value,
    want: bool,
    meter: &mut Meter,
) -> Result<bool, Stop> {
    meter.apply(op, left, right).map(|value| matches!(value, Value::Bool(holds) if holds == want))
}

/// Makes the arguments fit the parameters: missing ones are unset or null, surplus ones are dropped.
#[inline(never)]
pub(super) fn fit(regs: &mut Registers, chunk: &Code, count: usize) {
    let params = usize::from(chunk.params);
    for slot in &mut regs[params.min(count) + 1..=params.max(count)] {
        *slot = if chunk.has_defaults && count < params { Value::Unset } else { Value::Null };
    }
}
