//! Machines as futures.

mod background;
mod pool;
mod signals;
mod spawn;

pub use signals::Hangups;
pub use signals::Signals;
pub use spawn::On;
pub use spawn::Shared;
pub use spawn::run;

use crate::diag::Error;
use crate::diag::Fault;
use crate::machine::Fuel;
use crate::machine::Machine;
use crate::machine::Step;
use crate::native::Waiting;
use crate::value::Value;
use tokio::runtime::Handle;
use tokio::runtime::RuntimeFlavor;

/// Runs a machine to its end, a slice at a time; a builtin that waits is awaited.
///
/// # Errors
/// The failure that nobody caught.
pub async fn drive(machine: &mut Machine) -> Result<Value, Error> {
    let first = slice(machine, None);
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
            Step::Waiting(future) => wait(machine, future).await,
        };
        step = slice(machine, answer);
    }
}

/// Runs one slice.
fn slice(machine: &mut Machine, answer: Option<Result<Value, Fault>>) -> Step {
    match machine.is_heavy() {
        true => apart(|| machine.resume(Fuel::SLICE, answer)),
        false => machine.resume(Fuel::SLICE, answer),
    }
}

/// How far a machine got without waiting.
pub enum Progress {
    /// To its end.
    Ended(Result<Value, Error>),
    /// To something that waits.
    Waits(Step),
    /// It was stopped between two slices.
    Stopped,
}

/// Runs slices until the machine ends or waits, and as long as `may_go_on` says so between them. Never waits.
pub fn compute(machine: &mut Machine, mut may_go_on: impl FnMut() -> bool) -> Progress {
    loop {
        match machine.resume(Fuel::SLICE, None) {
            Step::Done(value) => return Progress::Ended(Ok(value)),
            Step::Failed(error) => return Progress::Ended(Err(error)),
            step @ Step::Waiting(_) => return Progress::Waits(step),
            Step::OutOfFuel if may_go_on() => {}
            Step::OutOfFuel => return Progress::Stopped,
        }
    }
}

/// Long work must not delay short requests: the calling thread gets a lower priority. One that keeps its own serves as
/// well.
pub fn yield_to_others() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(7);
}

/// Does work that takes longer than a slice: what else waits for this thread goes on in another. A runtime of one
/// thread has no other, and nobody but the program itself to delay.
pub fn apart<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}

/// What a waiting builtin gives, for [`Machine::resume`]; `None` when the time of a `timeout` block is over first.
pub async fn wait(machine: &mut Machine, future: Waiting) -> Option<Result<Value, Fault>> {
    let Some(deadline) = machine.deadline() else {
        return Some(future.await);
    };
    let answer = tokio::time::timeout_at(deadline.into(), future).await.ok();
    if answer.is_none() {
        machine.expire(deadline);
    }
    answer
}
