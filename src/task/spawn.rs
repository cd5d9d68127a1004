//! Machines as tasks of a runtime.

use super::background;
use super::drive;
use crate::diag::Fault;
use crate::handles::Failure;
use crate::handles::Running;
use crate::handles::Task;
use crate::machine::Background;
use crate::machine::Machine;
use crate::machine::Spawner;
use crate::world::Parcel;
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

    fn repeat(&self, block: Background, running: Running) -> Result<(), Fault> {
        Shared::runtime()?.repeat(block, running)
    }
}

impl Shared {
    fn runtime() -> Result<On, Fault> {
        static RUNTIME: OnceLock<io::Result<Runtime>> = OnceLock::new();
        let runtime = RUNTIME.get_or_init(|| {
            let mut builder = tokio::runtime::Builder::new_multi_thread();
            builder.thread_name("forge-tasks").enable_all().build()
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
        self.0.spawn(run(machine, running).in_current_span());
        Ok(())
    }

    fn repeat(&self, block: Background, running: Running) -> Result<(), Fault> {
        self.0.spawn(background::repeat(block, running));
        Ok(())
    }
}

/// Runs the machine of a task to its end, or until the task is cancelled. Whoever drops this cancels it, too.
pub fn run(machine: Machine, running: Running) -> impl Future<Output = ()> + Send {
    let mut task = UnderWay { machine, running };
    async move {
        let result = tokio::select! {
            biased;
            () = task.running.task().cancelled() => Err(Failure::Cancelled),
            result = ended(&mut task.machine, task.running.task()) => result,
        };
        let UnderWay { machine, running } = task;
        drop(machine);
        running.end(result);
    }
}

/// A task under way. Wherever it is dropped, the machine goes before anybody hears that the task has ended.
struct UnderWay {
    machine: Machine,
    running: Running,
}

async fn ended(machine: &mut Machine, task: &Task) -> Result<Parcel, Failure> {
    let result = caught(drive(machine)).await?;
    result.map(|value| machine.result(value, task)).map_err(|error| Failure::Raised(error.fault))
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
