//! Machines as futures.

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
    let mut answer = None;
    loop {
        match machine.resume(Fuel::SLICE, answer.take()) {
            Step::Done(value) => return Ok(value),
            Step::Failed(error) => return Err(error),
            Step::OutOfFuel => tokio::task::yield_now().await,
            Step::Waiting(future) => answer = Some(future.await),
        }
    }
}
