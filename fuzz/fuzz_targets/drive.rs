//! Drives what a program starts: on one thread, by a clock that stands still until everybody waits for it, with so much
//! fuel for all of it together. So a run ends soon, and ends the same every time.

use forge::diag::Error;
use forge::diag::Fault;
use forge::engine::Loaded;
use forge::engine::Template;
use forge::handles::Failure;
use forge::handles::Running;
use forge::machine::Background;
use forge::machine::Fuel;
use forge::machine::Machine;
use forge::machine::Spawner;
use forge::machine::Step;
use forge::value::Value;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

/// For the machines of a program together, and once more for its requests.
const FUEL: u32 = 10_000;

/// What one machine may take at once: small, so that tasks come in between.
const SLICE: u32 = 200;

/// What a machine pays that waits before its slice is used up.
const PAUSE: u32 = 20;

/// Tasks that live at once.
const TASKS: usize = 100;

/// Functions that are called as requests.
const REQUESTS: usize = 8;

/// By the clock of the program; who waits longer is left.
const END: Duration = Duration::from_secs(3600);

/// Runs the top-level code and what it starts, then some of its functions, each on a fork, beside one another.
pub(crate) fn run(mut loaded: Loaded) -> Result<(), Error> {
    let fuel = Arc::new(Left(AtomicU32::new(FUEL)));
    let image = Arc::make_mut(&mut loaded.image);
    image.spawner = Arc::new(Tasks(fuel.clone()));
    image.max_tasks = TASKS;
    let scope = loaded.image.scope.clone();
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().expect("a thread can wait");
    let result = runtime.block_on(async {
        let (mut template, mut machine) = loaded.start();
        let ended = within(drive(&mut machine, &fuel)).await;
        template.take_names(&machine);
        drop(machine);
        fuel.0.store(FUEL, SeqCst);
        let requests = requests(&template).map(|machine| {
            let fuel = fuel.clone();
            tokio::spawn(async move {
                let mut machine = machine;
                let _ = drive(&mut machine, &fuel).await;
            })
        });
        for request in requests.collect::<Vec<_>>() {
            let _ = within(request).await;
        }
        ended.map_or(Ok(()), |result| result.map(drop))
    });
    // All that waits is dropped.
    drop(runtime);
    assert_eq!(scope.live(), 0, "tasks are left");
    result
}

/// Calls of the first functions, without arguments.
fn requests(template: &Template) -> impl Iterator<Item = Machine> {
    let functions = (0..template.env.len())
        .map(|slot| template.slot(slot))
        .filter(|value| matches!(value, Value::Function(_)));
    functions.take(REQUESTS).filter_map(|function| template.fork().call(function, Vec::new()).ok())
}

async fn within<T>(future: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(END, future).await.ok()
}

/// Fuel that is left for all.
struct Left(AtomicU32);

impl Left {
    fn is_used_up(&self) -> bool {
        self.0.load(SeqCst) == 0
    }

    fn pay(&self, fuel: u32) {
        self.0.store(self.0.load(SeqCst).saturating_sub(fuel), SeqCst);
    }
}

async fn drive(machine: &mut Machine, left: &Left) -> Result<Value, Error> {
    let mut answer = None;
    while !left.is_used_up() {
        match machine.resume(Fuel(SLICE), answer.take()) {
            Step::Done(value) => return Ok(value),
            Step::Failed(error) => return Err(error),
            Step::OutOfFuel => {
                left.pay(SLICE);
                tokio::task::yield_now().await;
            }
            Step::Waiting(future) => {
                left.pay(PAUSE);
                answer = forge::task::wait(machine, future).await;
            }
        }
    }
    std::future::pending().await
}

struct Tasks(Arc<Left>);

impl Spawner for Tasks {
    fn start(&self, machine: Machine, running: Running) -> Result<(), Fault> {
        let left = self.0.clone();
        let mut job = Job { machine, running };
        tokio::spawn(async move {
            let task = job.running.task().clone();
            let result = tokio::select! {
                biased;
                () = task.cancelled() => Err(Failure::Cancelled),
                result = drive(&mut job.machine, &left) => match result {
                    Ok(value) => Ok(job.machine.result(value, &task)),
                    Err(error) => Err(Failure::Raised(error.fault)),
                },
            };
            let Job { machine, running } = job;
            drop(machine);
            running.end(result);
        });
        Ok(())
    }

    /// A block never runs: it would go on for ever.
    fn repeat(&self, _: Background, _: Running) -> Result<(), Fault> {
        Ok(())
    }
}

/// The machine goes first.
struct Job {
    machine: Machine,
    running: Running,
}
