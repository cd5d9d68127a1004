//! What a slice may still do, and how work is paid for before it starts.
//!
//! Work that costs more than is left stops the machine, which begins the same instruction anew in its next slice; there
//! the work is paid for, whatever it costs. So a request leaves the worker that accepted it before the work begins,
//! and a driver knows when a slice will take long ([`Meter::is_heavy`]).

use super::Exit;
use super::Fuel;
use super::budget::Room;
use crate::diag::Fault;
use crate::native::depth;
use crate::program::BinaryOp;
use crate::value::Commons;
use crate::value::Value;
use crate::value::equals;
use crate::value::equals_within;
use std::sync::Arc;

/// So many steps of a builtin's work cost as much as one call.
const STEPS: usize = 4;

/// More steps of a builtin's work than this take longer than a slice.
pub const STEPS_OF_SLICE: usize = Fuel::SLICE.0 as usize * STEPS;

/// The fuel of a slice.
#[derive(Debug, Default)]
pub(super) struct Meter {
    /// Never 0 while code runs.
    pub(super) fuel: u32,
    /// The steps that stopped the machine.
    due: usize,
    /// Whether the next work is what stopped the machine before.
    is_paid: bool,
    /// How much may still be made.
    pub(super) room: Room,
    /// Whether what is waited for comes from outside.
    pub(super) is_outside: bool,
    /// Whether a transaction is under way: builtins with effects fail.
    pub(super) is_atomic: bool,
    /// Whether something was done that nobody can undo.
    pub(super) has_effect: bool,
}

/// Why an instruction did not end.
pub(super) enum Stop {
    /// It failed.
    Fault(Fault),
    /// Its work is not paid for. It has changed nothing, and is to begin anew.
    Unpaid,
    /// A transaction has to begin anew.
    Conflict,
    /// It has changed nothing, and is to begin anew when a transaction that goes first has ended.
    Held(Arc<Commons>),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        Stop::Fault(fault)
    }
}

impl From<Stop> for Exit {
    fn from(stop: Stop) -> Exit {
        match stop {
            Stop::Fault(fault) => Exit::Fault(fault),
            Stop::Unpaid => Exit::Unpaid,
            Stop::Conflict => Exit::Conflict,
            Stop::Held(commons) => Exit::Held(commons),
        }
    }
}

impl Meter {
    /// Begins a slice: what stopped the last one is paid for first.
    pub(super) fn refill(&mut self, fuel: Fuel) {
        let due = u32::try_from(std::mem::take(&mut self.due) / STEPS).unwrap_or(u32::MAX);
        self.is_paid = due > 0;
        self.fuel = fuel.0.saturating_sub(due).max(1);
    }

    /// The fuel that the next slice begins with paying.
    pub(super) fn due_fuel(&self) -> u64 {
        (self.due / STEPS) as u64
    }

    /// Whether the next slice begins with work that takes longer than a slice.
    pub(super) fn is_heavy(&self) -> bool {
        self.due > STEPS_OF_SLICE
    }

    /// Pays for `steps` of work.
    #[inline(always)]
    pub(super) fn pay(&mut self, steps: usize) -> Result<(), Stop> {
        if steps < STEPS { Ok(()) } else { self.charge(steps) }
    }

    /// Pays for the work that `steps` counts, no further than the number it is given.
    pub(super) fn pay_for(&mut self, steps: impl FnOnce(usize) -> usize) -> Result<(), Stop> {
        self.pay(steps(STEPS_OF_SLICE))
    }

    #[inline(never)]
    fn charge(&mut self, steps: usize) -> Result<(), Stop> {
        if std::mem::take(&mut self.is_paid) {
            return Ok(());
        }
        match u32::try_from(steps / STEPS).ok().and_then(|cost| self.fuel.checked_sub(cost)) {
            Some(left) if left > 0 => {
                self.fuel = left;
                Ok(())
            }
            _ => {
                self.due = steps;
                Err(Stop::Unpaid)
            }
        }
    }

    /// `left op right`, paid for.
    pub(super) fn apply(
        &mut self,
        op: BinaryOp,
        left: &Value,
        right: &Value,
    ) -> Result<Value, Stop> {
        match op {
            BinaryOp::Eq => return self.equals(left, right).map(Value::Bool),
            BinaryOp::NotEq => return self.equals(left, right).map(|equal| Value::Bool(!equal)),
            BinaryOp::Add if is_text(left) || is_text(right) => {
                self.pay_for(|limit| depth(left, limit).saturating_add(depth(right, limit)))?;
            }
            _ => {}
        }
        Ok(op.apply(left, right)?)
    }

    /// `left == right`. How much work that is shows only by doing it: a slice's worth is done at once.
    fn equals(&mut self, left: &Value, right: &Value) -> Result<bool, Stop> {
        if self.is_paid {
            self.is_paid = false;
            return Ok(equals(left, right));
        }
        let mut steps = STEPS_OF_SLICE;
        match equals_within(left, right, &mut steps) {
            Some(equal) => {
                let cost = ((STEPS_OF_SLICE - steps) / STEPS) as u32;
                self.fuel = self.fuel.saturating_sub(cost).max(1);
                Ok(equal)
            }
            None => {
                self.due = STEPS_OF_SLICE + STEPS;
                Err(Stop::Unpaid)
            }
        }
    }
}

fn is_text(value: &Value) -> bool {
    matches!(value.thawed(), Value::Str(_))
}
