//! Stacks of registers that machines leave to the next ones: a short request makes no new one.

use super::WINDOW;
use crate::value::Value;
use std::cell::RefCell;

/// Empty stacks that one thread keeps.
const KEPT: usize = 32;

thread_local! {
    static STACKS: RefCell<Vec<Vec<Value>>> = const { RefCell::new(Vec::new()) };
}

/// A stack of one window. Its registers hold numbers that mean nothing: code writes a register before it reads it.
pub(super) fn take() -> Vec<Value> {
    let kept = STACKS.try_with(|stacks| stacks.borrow_mut().pop()).ok().flatten();
    kept.unwrap_or_else(|| vec![Value::Null; WINDOW])
}

/// Keeps the first `used` registers, all that a machine needs while it waits: ten thousand wait at once.
pub(super) fn park(stack: &mut Vec<Value>, used: usize) {
    let used = used.min(stack.len());
    let kept = stack[..used].iter_mut().map(std::mem::take).collect();
    give_back(std::mem::replace(stack, kept), usize::MAX);
}

/// Gives a parked machine a whole window again.
pub(super) fn unpark(stack: &mut Vec<Value>) {
    if stack.len() < WINDOW {
        let kept = std::mem::replace(stack, take());
        for (slot, value) in stack.iter_mut().zip(kept) {
            slot.store(value);
        }
    }
}

/// Takes back a stack, of which the first `used` registers may own memory. One that grew is dropped.
pub(super) fn give_back(mut stack: Vec<Value>, used: usize) {
    for slot in stack.iter_mut().take(used) {
        // Looking is cheaper than dropping: most registers hold numbers.
        if !slot.is_inline() {
            *slot = Value::Null;
        }
    }
    debug_assert!(stack.iter().skip(used).all(Value::is_inline), "a register was not counted");
    if stack.len() == WINDOW {
        // Values are dropped above, not here: what they run must not find the list borrowed.
        let _ = STACKS.try_with(|stacks| {
            let mut stacks = stacks.borrow_mut();
            if stacks.len() < KEPT {
                stacks.push(stack);
            }
        });
    }
}
