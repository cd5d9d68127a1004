//! One slice on the spot, the rest on the shared runtime: how calls, messages and streams share the threads.

use crate::diag::Error;
use crate::machine::Fuel;
use crate::machine::Machine;
use crate::machine::STEPS_OF_SLICE;
use crate::machine::Step;
use crate::native::depth;
use crate::task;
use crate::value::Value;
use std::cell::Cell;
use std::time::Duration;
use std::time::Instant;

/// What became of a machine in its first slice.
pub(super) enum First {
    /// It has ended, with a value that is written at once.
    Ended(Result<Value, Error>),
    /// The rest takes longer: it goes on elsewhere, with [`task::finish`].
    Stopped(Step),
}

/// The first slice on a thread where one has just been used up: 30 microseconds. A hundred requests that come at once,
/// each with a loop that does not end, must not keep the next one waiting for a hundred slices.
const SHORT: Fuel = Fuel(Fuel::SLICE.0 / 16);

/// So long first slices are short then.
const RUSH: Duration = Duration::from_millis(10);

thread_local! {
    /// When a first slice was used up last.
    static USED_UP: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Runs the first slice of a machine.
pub(super) fn first(machine: &mut Machine) -> First {
    let is_rush = USED_UP.get().is_some_and(|last| last.elapsed() < RUSH);
    let slice = if is_rush { SHORT } else { Fuel::SLICE };
    match machine.resume(slice, None) {
        Step::Done(value) if !is_long(&value) => First::Ended(Ok(value)),
        Step::Failed(error) => First::Ended(Err(error)),
        step => {
            if let Step::OutOfFuel = step {
                USED_UP.set(Some(Instant::now()));
            }
            First::Stopped(step)
        }
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
