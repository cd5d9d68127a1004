//! Runs machines: on rayon while they compute, as tasks once they wait.
//!
//! Invariant: a rayon worker never waits. A machine that does becomes a task, and the next machine takes its place.

use crate::diag::Error;
use crate::diag::Fault;
use crate::machine::Machine;
use crate::machine::Step;
use crate::task;
use crate::task::Progress;
use rayon::ThreadPool;
use rayon::ThreadPoolBuildError;
use rayon::ThreadPoolBuilder;
use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::time::Duration;
use std::time::Instant;
use tokio::sync::oneshot;
use tokio::task::JoinError;

/// Threads for machines, and how long each machine may take.
pub(super) struct Runner {
    pool: ThreadPool,
    timeout: Option<Duration>,
}

/// A machine that came to an end.
pub(super) struct Ended {
    /// The machine, or why there is none any more.
    pub(super) result: Result<Machine, Stop>,
    /// From its first instruction to its last.
    pub(super) took: Duration,
}

/// Why a machine did not reach its end.
#[derive(Debug)]
pub(super) enum Stop {
    /// A failure that nobody caught.
    Failed(Error),
    /// The function cannot be called.
    Refused(Fault),
    /// It took longer than this.
    TimedOut(Duration),
    /// We are wrong: what our panic says.
    Panicked(String),
}

impl Stop {
    /// What the report says.
    pub(super) fn text(&self) -> String {
        match self {
            Stop::Failed(error) => error.fault.to_string(),
            Stop::Refused(fault) => fault.to_string(),
            Stop::TimedOut(limit) => format!("timed out after {} s", limit.as_secs_f64()),
            Stop::Panicked(text) => format!("internal fault: {text}"),
        }
    }
}

/// How far a machine got on the pool.
enum Begun {
    Ended(Box<Result<Machine, Stop>>),
    Waits(Box<Machine>, Step),
}

impl Begun {
    fn ended(result: Result<Machine, Stop>) -> Begun {
        Begun::Ended(Box::new(result))
    }
}

impl Runner {
    /// A runner of `jobs` machines at once.
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub(super) fn new(
        jobs: usize,
        timeout: Option<Duration>,
    ) -> Result<Runner, ThreadPoolBuildError> {
        let name = |i| format!("forge-test-{i}");
        let pool = ThreadPoolBuilder::new().num_threads(jobs).thread_name(name).build()?;
        Ok(Runner { pool, timeout })
    }

    /// Runs the machine that `start` makes to its end.
    pub(super) async fn run(
        &self,
        start: impl FnOnce() -> Result<Machine, Fault> + Send + 'static,
    ) -> Ended {
        let timeout = self.timeout;
        let (sender, receiver) = oneshot::channel();
        self.pool.spawn(move || {
            let began = Instant::now();
            let work = || match start() {
                Ok(machine) => compute(machine, began, timeout),
                Err(fault) => Begun::ended(Err(Stop::Refused(fault))),
            };
            let progress = catch_unwind(AssertUnwindSafe(work))
                .unwrap_or_else(|panic| Begun::ended(Err(panicked(&*panic))));
            // Nobody listens any more when the run was given up.
            let _ = sender.send((began, progress));
        });
        let (began, progress) = receiver.await.expect("the worker catches panics and answers");
        let result = match progress {
            Begun::Ended(result) => *result,
            Begun::Waits(machine, step) => wait(*machine, step, began, timeout).await,
        };
        Ended { result, took: began.elapsed() }
    }
}

/// Runs slices until the machine ends, waits, or is late.
fn compute(mut machine: Machine, began: Instant, timeout: Option<Duration>) -> Begun {
    let is_late = || timeout.filter(|limit| began.elapsed() > *limit);
    match task::compute(&mut machine, || is_late().is_none()) {
        Progress::Ended(Ok(_)) => Begun::ended(Ok(machine)),
        Progress::Ended(Err(error)) => Begun::ended(Err(Stop::Failed(error))),
        Progress::Waits(step) => Begun::Waits(Box::new(machine), step),
        Progress::Stopped => Begun::ended(Err(Stop::TimedOut(timeout.unwrap_or_default()))),
    }
}

/// Goes on, as a task of its own, with a machine that waits.
async fn wait(
    mut machine: Machine,
    step: Step,
    began: Instant,
    timeout: Option<Duration>,
) -> Result<Machine, Stop> {
    let task = tokio::spawn(async move {
        match task::finish(&mut machine, step).await {
            Ok(_) => Ok(machine),
            Err(error) => Err(Stop::Failed(error)),
        }
    });
    let abort = task.abort_handle();
    let ended = match timeout {
        None => task.await,
        Some(limit) => match tokio::time::timeout_at((began + limit).into(), task).await {
            Ok(ended) => ended,
            Err(_) => {
                abort.abort();
                return Err(Stop::TimedOut(limit));
            }
        },
    };
    ended.unwrap_or_else(|error| Err(lost(error)))
}

/// Why a task of ours gave no result.
pub(super) fn lost(error: JoinError) -> Stop {
    match error.try_into_panic() {
        Ok(panic) => panicked(&*panic),
        Err(given_up) => Stop::Panicked(given_up.to_string()),
    }
}

/// What a panic of ours says.
fn panicked(panic: &(dyn Any + Send)) -> Stop {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Stop::Panicked(text.unwrap_or("no message").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Sources;
    use crate::engine;
    use crate::engine::Text;
    use crate::testing::capture::Capture;
    use std::sync::Arc;

    fn machine(program: &str) -> Machine {
        let host = Arc::new(Capture::default());
        engine::load(&mut Sources::new(), Text::new("test.fg", program), host).unwrap().start().1
    }

    fn on_one_worker<T>(timeout: Option<Duration>, work: impl AsyncFnOnce(&Runner) -> T) -> T {
        let runner = Runner::new(1, timeout).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(work(&runner))
    }

    #[test]
    fn a_machine_that_waits_leaves_its_worker_to_others() {
        on_one_worker(None, async |runner| {
            tokio::select! {
                biased;
                _ = runner.run(|| Ok(machine("wait 1000000"))) => panic!("it waits for days"),
                ended = runner.run(|| Ok(machine("let x = 1"))) => assert!(ended.result.is_ok()),
            }
        });
    }

    #[test]
    fn the_limit_stops_machines_that_compute_and_machines_that_wait() {
        let limit = Duration::from_millis(20);
        for program in ["loop { }", "wait 1000000", "wait 0\nloop { }"] {
            let ended = on_one_worker(Some(limit), async |runner| {
                runner.run(move || Ok(machine(program))).await
            });
            assert!(matches!(ended.result, Err(Stop::TimedOut(_))), "{program}");
        }
    }

    #[test]
    fn a_panic_of_ours_is_the_failure_of_one_machine() {
        on_one_worker(None, async |runner| {
            for _ in 0..2 {
                let ended = runner.run(|| panic!("a broken promise")).await;
                let Err(Stop::Panicked(text)) = ended.result else { panic!("it came to an end") };
                assert_eq!(text, "a broken promise");
            }
        });
    }
}
