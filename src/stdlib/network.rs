//! Where connections live: on a runtime that is always polled, whoever waits for an answer.
//!
//! A connection belongs to the runtime that opens it. One opened by top-level code must work in handlers, and the
//! runtime of the top-level code stands still while that computes; so there is one for the process that does nothing
//! else. Tasks and handlers have a runtime that is always polled: what they open lives there, and no answer changes
//! threads twice (benches/databases.rs: a tenth more requests that read a row of PostgreSQL).

use super::carried::holding;
use crate::diag::Fault;
use crate::native::Outcome;
use crate::value::Value;
use std::cell::Cell;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::Context;
use std::task::Poll;
use tokio::runtime::Runtime;
use tokio::task::JoinError;
use tokio::task::JoinHandle;
use tracing::Instrument;

thread_local! {
    static IS_ALWAYS_POLLED: Cell<bool> = const { Cell::new(false) };
}

/// Says that the calling thread is one of a runtime that is always polled.
pub fn is_always_polled() {
    IS_ALWAYS_POLLED.set(true);
}

/// The runtime of the process; it starts with the first use.
pub(super) fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let built = builder.worker_threads(1).thread_name("forge-network").enable_all().build();
        built.expect("the process can start one more thread")
    })
}

/// Runs `work` where connections live once this is polled; whoever drops it ends the work.
pub(super) async fn on_network<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    if IS_ALWAYS_POLLED.get() {
        return work.await;
    }
    joined(Owned(runtime().spawn(work.in_current_span())).await)
}

/// Runs `work` where it may block a thread. It goes on when this is dropped, with the permit of its request.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    joined(runtime().spawn_blocking(holding(work)).await)
}

/// A builtin that waits for `work` where connections live.
pub(super) fn wait(
    work: impl Future<Output = Result<Value, String>> + Send + 'static,
) -> Result<Outcome, Fault> {
    Ok(Outcome::Wait(Box::pin(async move { on_network(work).await.map_err(Fault::message) })))
}

fn joined<T>(ended: Result<T, JoinError>) -> T {
    match ended {
        Ok(value) => value,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => unreachable!("only its owner ends it, and the runtime never stops"),
        },
    }
}

/// A task that ends with its owner: a plain handle would leave it running.
struct Owned<T>(JoinHandle<T>);

impl<T> Future for Owned<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context)
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
