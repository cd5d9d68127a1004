//! Machines as futures.

mod signals;

pub use signals::Signals;

use crate::diag::Error;
use crate::machine::Fuel;
use crate::machine::Machine;
use crate::machine::Step;
use crate::value::Value;

/// Runs a machine to its end, a slice at a time; a builtin that waits is awaited.
///
/// # Errors
/// The failure that nobody caught.
pub async fn drive(machine: &mut Machine) -> Result<Value, Error> {
    let first = machine.resume(Fuel::SLICE, None);
    finish(machine, first).await
}

/// Runs a machine to its end that has stopped at `step`.
///
/// # Errors
/// The failure that nobody caught.
pub async fn finish(machine: &mut Machine, mut step: Step) -> Result<Value, Error> {
    loop {
        let answer = match step {
            Step::Done(value) => return Ok(value),
            Step::Failed(error) => return Err(error),
            Step::OutOfFuel => {
                tokio::task::yield_now().await;
                None
            }
            Step::Waiting(future) => Some(future.await),
        };
        step = machine.resume(Fuel::SLICE, answer);
    }
}
