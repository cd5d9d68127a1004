//! Work that blocks a thread: it goes to the pool that is there for it, and the machine waits.

use super::carried::holding;
use crate::diag::Fault;
use crate::native::Outcome;
use crate::native::fail;
use crate::value::Value;
use std::panic::resume_unwind;
use tokio::task::JoinHandle;

/// Does `work` on the blocking pool, once the machine waits for it. It must not hold the world, or anything that
/// does: it goes on when the machine that waits is dropped.
pub(super) fn blocking<T: Into<Value>>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Outcome {
    Outcome::Wait(Box::pin(async move { on_pool(move || work().map(Into::into)).await? }))
}

/// The same within a future.
///
/// # Errors
/// When the process ends.
pub(super) async fn on_pool<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Fault> {
    let mut begun = Begun(tokio::task::spawn_blocking(holding(work)));
    match (&mut begun.0).await {
        Ok(result) => Ok(result),
        Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
        Err(_) => fail("the process is shutting down"),
    }
}

/// Work that does not begin any more once nobody waits for it.
struct Begun<T>(JoinHandle<T>);

impl<T> Drop for Begun<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
