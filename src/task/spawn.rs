//! Machines as tasks of a runtime.

use super::background;
use super::drive;
use super::finish;
use super::pool;
use crate::diag::Error;
use crate::diag::Fault;
use crate::handles::Failure;
use crate::handles::Running;
use crate::machine::Background;
use crate::machine::Machine;
use crate::machine::Spawner;
use crate::machine::Step;
use crate::stdlib;
use crate::value::Value;
use std::io;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::pin::pin;
use std::sync::OnceLock;
use std::task::Poll;
use tokio::runtime::Handle;
use tokio::runtime::Runtime;
use tracing::Instrument;

/// Runs tasks on the runtime that all programs of a process share; it starts with the first task.
pub struct Shared;

impl Spawner for Shared {
    fn start(&self, machine: Machine, running: Running) -> Result<(), Fault> {
        Shared::runtime()?.start(machine, running)
    }

    fn compute(&self, machine: Machine, running: Running) -> Result<(), Fault> {
        Shared::runtime()?.compute(machine, running)
    }

    fn repeat(&self, block: Background, running: Running) -> Result<(), Fault> {
        Shared::runtime()?.repeat(block, running)
    }
}

impl Shared {
    fn runtime() -> Result<On, Fault> {
        static RUNTIME: OnceLock<io::Result<Runtime>> = OnceLock::new();
        let runtime = RUNTIME.get_or_init(|| {
            let mut builder = tokio::runtime::Builder::new_multi_thread();
            builder.thread_name("forge-tasks").enable_all();
            builder.on_thread_start(stdlib::is_always_polled).build()
        });
        let runtime = runtime
            .as_ref()
            .map_err(|error| Fault::message(format!("could not start a task: {error}")))?;
        Ok(On(runtime.handle().clone()))
    }
}

/// Runs tasks on a runtime.
pub struct On(pub Handle);

impl Spawner for On {
    fn start(&self, machine: Machine, running: Running) -> Result<(), Fault> {
        self.0.spawn(stdlib::carry_on(run(machine, running)).in_current_span());
        Ok(())
    }

    fn compute(&self, machine: Machine, running: Running) -> Result<(), Fault> {
        pool::compute(UnderWay { machine, running }, self.0.clone())
    }

    fn repeat(&self, block: Background, running: Running) -> Result<(), Fault> {
        self.0.spawn(background::repeat(block, running));
        Ok(())
    }
}

/// Runs the machine of a task to its end, or until the task is cancelled. Whoever drops this cancels it, too.
pub fn run(machine: Machine, running: Running) -> impl Future<Output = ()> + Send {
    UnderWay { machine, running }.go_on(None)
}

/// A task under way. Wherever it is dropped, the machine goes before anybody hears that the task has ended.
pub(super) struct UnderWay {
    pub(super) machine: Machine,
    pub(super) running: Running,
}

impl UnderWay {
    /// Runs it to its end, from where it has stopped.
    pub(super) async fn go_on(mut self, step: Option<Step>) {
        let result = tokio::select! {
            biased;
            () = self.running.task().cancelled() => Err(Failure::Cancelled),
            result = ended(&mut self.machine, step) => result,
        };
        self.end(result);
    }

    /// It has ended.
    pub(super) fn end(self, result: Result<Value, Failure>) {
        let UnderWay { machine, running } = self;
        let result = match result {
            // What fails after the task was asked to stop fails because of it: what it waits for may have stopped first.
            Err(Failure::Raised(_)) if running.task().is_cancelled() => Err(Failure::Cancelled),
            result => result.map(|value| machine.result(value, running.task())),
        };
        drop(machine);
        running.end(result);
    }
}

async fn ended(machine: &mut Machine, step: Option<Step>) -> Result<Value, Failure> {
    let result = caught(async {
        match step {
            Some(step) => finish(machine, step).await,
            None => drive(machine).await,
        }
    });
    result.await?.map_err(raised)
}

/// The failure of a task. A fault that came from the program's own code keeps its place there.
pub(super) fn raised(error: Error) -> Failure {
    Failure::Raised(match error.trace.is_empty() {
        true => error.fault,
        false => Fault::Placed(Box::new(error)),
    })
}

/// Turns a panic into a failure.
pub(super) async fn caught<F: Future>(future: F) -> Result<F::Output, Failure> {
    let mut future = pin!(future);
    std::future::poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        match polled {
            Ok(polled) => polled.map(Ok),
            Err(_) => Poll::Ready(Err(Failure::Panicked)),
        }
    })
    .await
}
