//! Instructions that are no part of a hot loop and go on behind themselves.

use super::Image;
use super::State;
use super::access;
use super::iterate;
use super::literals;
use super::meter::Stop;
use super::methods;
use super::patterns;
use super::registers::Registers;
use super::sorting;
use super::variables;
use super::variables::Read;
use crate::diag::Error;
use crate::diag::Fault;
use crate::native::length;
use crate::native::parts;
use crate::program::BinaryOp;
use crate::program::Op;
use crate::program::Pattern;
use crate::program::Reg;
use crate::value::Code;
use crate::value::Unary;
use crate::value::Value;
use std::sync::atomic::Ordering::Relaxed;

/// Runs one instruction; `data` is the operand behind it, if it has one.
#[inline(never)]
pub(super) fn step(
    op: Op,
    data: usize,
    regs: &mut Registers,
    chunk: &Code,
    cx: &mut State,
    image: &Image,
) -> Result<(), Stop> {
    macro_rules! r {
        ($i:expr) => {
            regs[$i as usize]
        };
    }
    match op {
        Op::Unset { dst } => r!(dst) = Value::Unset,
        Op::PeekCapture { dst, index } => {
            variables::read_capture(regs, dst, index, Read::Peek, cx, image, chunk)?;
        }
        Op::NewCell { reg, src } => variables::new_cell(regs, reg, src, cx),
        Op::PeekCell { dst, cell } => {
            variables::read_cell(regs, dst, cell, Read::Peek, cx, image, chunk)?;
        }
        Op::PeekGlobal { dst, slot } => {
            variables::read_global(&mut r!(dst), slot as usize, Read::Peek, cx, image)?;
        }
        Op::Define { src, slot } => variables::define(&mut r!(src), slot as usize, cx)?,
        Op::SetGlobal { src, slot } => {
            variables::write_global(&mut r!(src), slot as usize, cx, image)?;
        }
        Op::Neg { dst, src } => r!(dst) = Unary::Neg.apply(r!(src).clone())?,
        Op::Truth { dst, src } => r!(dst) = Value::Bool(r!(src).is_truthy()),
        Op::Must { dst, src } => r!(dst) = Unary::Must.apply(r!(src).clone())?,
        Op::Freeze { dst, src } => r!(dst) = Unary::Freeze.apply(r!(src).clone())?,
        Op::Sort { base } => sorting::start(regs, base),
        Op::Iter { base } => iterate::start(&mut regs[base as usize..])?,
        Op::Array { dst, base, count } => {
            r!(dst) = literals::array(&mut regs[base as usize..base as usize + count as usize]);
        }
        Op::Append { list, base, count } => literals::append(regs, list, base, count),
        Op::Spread { list, src } => {
            cx.meter.pay(length(&r!(src)))?;
            literals::spread(regs, list, src)
        }
        Op::Tuple { list } => literals::tuple(&mut r!(list)),
        Op::Object { base, k } => {
            r!(base) = literals::object(&chunk.shapes[k as usize], &mut regs[base as usize..]);
        }
        Op::SetKey { object, key, value } => literals::set_key(regs, object, key, value)?,
        Op::SpreadObject { object, src } => {
            cx.meter.pay(length(&r!(src)))?;
            literals::spread_object(regs, object, src)?
        }
        Op::Instance { object, k } => {
            literals::instance(&mut r!(object), &chunk.instances[k as usize], &cx.env);
        }
        Op::Concat { dst, base, count } => {
            let pieces = &mut regs[base as usize..base as usize + count as usize];
            if !pieces.iter().all(is_short) {
                cx.meter.pay_for(|limit| parts(pieces, limit))?;
            }
            r!(dst) = literals::concat(pieces)?;
        }
        Op::NeedGlobal { slot } => variables::need_global(slot as usize, cx, image)?,
        Op::NeedMethod { base } => {
            methods::need(&chunk.sites[data], &r!(base + 1), &cx.env, image)?;
        }
        Op::Closure { dst, k } => {
            r!(dst) = literals::closure(&chunk.functions[k as usize], regs, &cx.env);
        }
        Op::Where { base, op } => {
            let (op, name) = (BinaryOp::TESTS[op as usize], &chunk.constants[data]);
            r!(base) = access::filter(&regs[base as usize..], op, name, &mut cx.meter)?;
        }
        Op::Method { src, k } => {
            let function = std::mem::take(&mut r!(src));
            literals::method(&mut cx.env, &chunk.constants[k as usize..], function);
        }
        Op::Declare { base, k } => {
            literals::declare(&mut cx.env, &chunk.types[k as usize], &mut regs[base as usize..]);
        }
        Op::Unpack { base, src } => {
            let source = r!(src).clone();
            cx.meter.pay(length(&source))?;
            patterns::unpack(&chunk.unpacks[data], &source, &mut regs[base as usize..])?;
        }
        Op::Fulfils { power, k } => {
            methods::check_power(&r!(power), &chunk.constants[k as usize..], &cx.env)?;
        }
        Op::HasMethod { base } => {
            let answer = methods::has(&r!(base + 1), &r!(base + 2), &cx.env);
            r!(base) = answer.into();
            regs[base as usize + 1..=base as usize + 2].fill(Value::Null);
        }
        Op::Unhandled { src } => return Err(Fault::Unhandled(access::payload(&r!(src))).into()),
        Op::Mark => chunk.marks[data].has_run.store(true, Relaxed),
        Op::Fail { k } => match &chunk.constants[k as usize] {
            Value::Raised(error) => return Err(error.fault.clone().into()),
            other => unreachable!("a fault constant, not {other:?}"),
        },
        op => unreachable!("{op:?} belongs to the loop"),
    }
    Ok(())
}

/// Whether a value is shown in no time.
fn is_short(value: &Value) -> bool {
    match value {
        Value::Str(text) => text.is_short(),
        value => value.is_inline(),
    }
}

/// Whether what is in `subject` matches; bindings go to the registers from `to` on.
#[inline(never)]
pub(super) fn matches(
    regs: &mut Registers,
    pattern: &Pattern,
    subject: Reg,
    to: Reg,
    chunk: &Code,
) -> bool {
    let (low, high) = regs.split_at_mut(to as usize);
    patterns::matches(pattern, &low[subject as usize], &chunk.constants, high)
}

/// The error that waits in a register to be raised again.
#[cold]
pub(super) fn raised(slot: &mut Value) -> Error {
    match std::mem::take(slot) {
        Value::Raised(error) => (*error).clone(),
        other => unreachable!("an error to raise again, not {other:?}"),
    }
}
