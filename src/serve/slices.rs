//! One slice on the spot, the rest on the shared runtime: how calls, messages and streams share the threads.

use crate::diag::Error;
use crate::machine::Fuel;
use crate::machine::Machine;
use crate::machine::STEPS_OF_SLICE;
use crate::machine::Step;
use crate::native::depth;
use crate::task;
use crate::value::Value;

/// What became of a machine in its first slice.
pub(super) enum First {
    /// It has ended, with a value that is written at once.
    Ended(Result<Value, Error>),
    /// The rest takes longer: it goes on elsewhere, with [`task::finish`].
    Stopped(Step),
}

/// Runs the first slice of a machine.
pub(super) fn first(machine: &mut Machine) -> First {
    match machine.resume(Fuel::SLICE, None) {
        Step::Done(value) if !is_long(&value) => First::Ended(Ok(value)),
        Step::Failed(error) => First::Ended(Err(error)),
        step => First::Stopped(step),
    }
}

/// Writes a value where it delays nobody.
pub(super) fn written<T>(value: &Value, write: impl FnOnce(&Value) -> T) -> T {
    match is_long(value) {
        true => task::apart(|| write(value)),
        false => write(value),
    }
}

/// Whether writing a value takes longer than a slice.
fn is_long(value: &Value) -> bool {
    depth(value, STEPS_OF_SLICE) > STEPS_OF_SLICE
}
