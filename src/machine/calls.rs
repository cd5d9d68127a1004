//! Calling what is not a plain function of the program: builtins, constructors, frozen functions.

use super::Exit;
use super::Image;
use super::WINDOW;
use super::meter::Meter;
use super::registers::Registers;
use super::registers::put;
use super::registers::put_null;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Outcome;
use crate::native::length;
use crate::program::Op;
use crate::program::Reg;
use crate::value::Marker;
use crate::value::Value;

/// What happens next in the loop.
pub(super) enum Next {
    /// The call is over.
    Value(Value),
    /// The function of that chunk runs; its window starts at the callee, with that many arguments.
    Enter(u32, usize),
    /// The machine stops.
    Stop(Exit),
}

/// Calls the value in `regs[at]` with the `count` arguments after it.
#[inline(never)]
pub(super) fn call(
    image: &Image,
    regs: &mut [Value],
    at: usize,
    count: usize,
    meter: &mut Meter,
) -> Result<Next, Fault> {
    if let Value::Frozen(inner) = &regs[at] {
        regs[at] = inner.get().clone();
    }
    match &regs[at] {
        Value::Function(function) => Ok(Next::Enter(function.chunk.0, count)),
        Value::Native(builtin) => native(image, builtin.id, regs, at, count, meter),
        Value::Marker(marker) => {
            let marker = marker.clone();
            construct(&marker, &mut regs[at + 1..at + 1 + count]).map(Next::Value)
        }
        Value::Object(object) => match image.registry.module_function(object) {
            Some(id) => native(image, id, regs, at, count, meter),
            None => Err(Fault::NotCallable("Object")),
        },
        other => Err(Fault::NotCallable(other.kind())),
    }
}

/// A session's program grows: a task that an earlier input started does not have the code of a later one.
#[cold]
pub(super) fn unknown() -> Fault {
    Fault::message("cannot call a function that was defined after this task began")
}

/// Whether a value can be called at all.
pub(super) fn is_callable(value: &Value) -> bool {
    matches!(value.thawed(), Value::Function(_) | Value::Native(_) | Value::Marker(_))
}

/// Calls builtin `id` with the `count` arguments after register `at`, which are empty afterwards.
#[inline(never)]
pub(super) fn native(
    image: &Image,
    id: usize,
    regs: &mut [Value],
    at: usize,
    count: usize,
    meter: &mut Meter,
) -> Result<Next, Fault> {
    let row = image.registry.row(id);
    if row.has_effect {
        if meter.is_atomic {
            return Err(super::atomic::not_allowed(&called(row)));
        }
        meter.has_effect = true;
    }
    let values = &mut regs[at + 1..at + 1 + count];
    meter.room.admit(row.work, values)?;
    meter.is_outside = row.needs.is_some();
    if meter.pay_for(|limit| row.work.steps(values, limit)).is_err() {
        regs[at] = image.registry.value(id);
        return Ok(Next::Stop(Exit::UnpaidCall(count)));
    }
    let outcome = Args::bind(row, values, &*image.host).and_then(|mut args| (row.run)(&mut args));
    let next = match outcome? {
        Outcome::Value(value) => Next::Value(value),
        Outcome::Wait(_) | Outcome::WaitThen(..) if meter.is_atomic => {
            return Err(super::atomic::not_allowed(&called(row)));
        }
        Outcome::Wait(future) => Next::Stop(Exit::Waiting(future)),
        waits @ Outcome::WaitThen(..) => Next::Stop(Exit::InWorld(Box::new(|_| Ok(waits)))),
        Outcome::InWorld(work) => Next::Stop(Exit::InWorld(work)),
        Outcome::InParallel(work) => Next::Stop(Exit::InParallel(work)),
        Outcome::Prelude(args) => {
            let chunk = image.program.prelude.get(id).copied().flatten();
            let chunk = chunk.expect("a builtin that goes on in the prelude has a function there");
            let count = args.len();
            for (slot, value) in regs[at + 1..].iter_mut().zip(args) {
                *slot = value;
            }
            return Ok(Next::Enter(chunk, count));
        }
    };
    regs[at + 1..at + 1 + count].fill(Value::Null);
    Ok(next)
}

/// How a program calls a builtin.
#[cold]
fn called(row: &Builtin) -> String {
    if row.name.starts_with('_') { "waiting".to_string() } else { format!("{}()", row.name) }
}

/// The call that `Glance` stands before, if its result shows at a glance; `ahead` is the code behind it.
#[inline(always)]
pub(super) fn glance_at(
    image: &Image,
    ahead: &[Op],
    regs: &mut Registers,
    at: Reg,
    count: u8,
) -> bool {
    let data = |i: usize| ahead.get(i).map_or(0, |op| op.value());
    let [_, a, b, c] = (data(2) as u32).to_be_bytes();
    glance(image, data(1), regs, at.into(), [a, b, c], count.into())
}

/// Calls builtin `id` with the arguments in these registers, if its result shows at a glance; whether it did. Those that
/// were computed for it, in the `count` registers after `at`, are empty then.
#[inline(never)]
pub(super) fn glance(
    image: &Image,
    id: usize,
    regs: &mut Registers,
    at: usize,
    from: [Reg; 3],
    count: usize,
) -> bool {
    let Some(glance) = image.registry.row(id).glance else { return false };
    let args = from.map(|reg| &regs[reg as usize]);
    let Some(seen) = args.get(..count).and_then(glance) else { return false };
    let result = seen.value();
    for slot in &mut regs[at + 1..=at + count] {
        put_null(slot);
    }
    put(&mut regs[at], result);
    true
}

/// Calls the name of a type.
fn construct(marker: &Marker, args: &mut [Value]) -> Result<Value, Fault> {
    let variant = match marker {
        Marker::Variant(variant) => variant,
        Marker::Struct(name) => return Err(Fault::NoConstructor(name.to_string())),
        marker => return Err(Fault::message(format!("unknown builtin: {marker}"))),
    };
    if args.len() != variant.arity {
        let (name, arity, got) = (&variant.name, variant.arity, args.len());
        return Err(Fault::message(format!("{name}() expects {arity} argument(s), got {got}")));
    }
    Ok(variant.value(args.iter_mut().map(std::mem::take)))
}

/// Calls the value in register `at` of the frame at `base` with the elements of the array behind it.
pub(super) fn spread(
    image: &Image,
    stack: &mut Vec<Value>,
    base: usize,
    at: usize,
    meter: &mut Meter,
) -> Result<Next, Fault> {
    let first = base + at + 1;
    if meter.pay(length(&stack[first])).is_err() {
        return Ok(Next::Stop(Exit::Unpaid));
    }
    let count = unpack_arguments(stack, first);
    let next = call(image, &mut stack[base..], at, count, meter);
    settle(image, stack, first, count, next)
}

/// Replaces the array at `stack[at]` by its elements, however many they are; how many there are.
pub(super) fn unpack_arguments(stack: &mut Vec<Value>, at: usize) -> usize {
    let Value::Array(list) = std::mem::take(&mut stack[at]) else {
        unreachable!("spread arguments are collected in an array");
    };
    let needed = at + list.len() + WINDOW;
    if stack.len() < needed {
        stack.resize_with(needed, Value::default);
    }
    for (slot, value) in stack[at..].iter_mut().zip(list.iter()) {
        *slot = value.clone();
    }
    list.len()
}

/// Empties what a call left of its unpacked arguments, the registers `first .. first + count` of the stack: what a
/// function takes of them goes on.
pub(super) fn settle(
    image: &Image,
    stack: &mut [Value],
    first: usize,
    count: usize,
    next: Result<Next, Fault>,
) -> Result<Next, Fault> {
    let (next, kept) = match next {
        Ok(Next::Enter(to, given)) => {
            let params = image.program.chunks.get(to as usize).map_or(0, |chunk| chunk.params);
            let kept = given.min(usize::from(params));
            (Ok(Next::Enter(to, kept)), kept)
        }
        // They are still to be called with.
        Ok(Next::Stop(Exit::UnpaidCall(given))) => (Ok(Next::Stop(Exit::UnpaidCall(given))), count),
        other => (other, 0),
    };
    stack[(first + kept).min(first + count)..first + count].fill(Value::Null);
    next
}
