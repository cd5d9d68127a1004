//! Machines that compute for one caller, on all cores: on rayon, in turns of a slice, as tasks of a runtime once they
//! wait.
//!
//! Invariant: a thread of rayon never waits.

use super::Progress;
use super::compute as compute_slices;
use super::spawn::UnderWay;
use super::spawn::raised;
use super::yield_to_others;
use crate::diag::Fault;
use crate::handles::Failure;
use parking_lot::Mutex;
use rayon::ThreadPool;
use rayon::ThreadPoolBuildError;
use rayon::ThreadPoolBuilder;
use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::OnceLock;
use tokio::runtime::Handle;
use tracing::Instrument;
use tracing::Span;

/// Runs a task on the threads that all programs of a process share; they start with the first.
pub(super) fn compute(task: UnderWay, runtime: Handle) -> Result<(), Fault> {
    static POOL: OnceLock<Result<Pool, ThreadPoolBuildError>> = OnceLock::new();
    let pool = POOL.get_or_init(Pool::new).as_ref();
    let pool = pool.map_err(|error| Fault::message(format!("could not start a task: {error}")))?;
    pool.add(Job { task, runtime, span: Span::current() });
    Ok(())
}

struct Pool {
    threads: ThreadPool,
    /// Machines that could run. They take turns: one that computes for ever holds up no other caller.
    ready: Mutex<VecDeque<Job>>,
}

struct Job {
    task: UnderWay,
    /// Where it goes on once it waits.
    runtime: Handle,
    span: Span,
}

impl Pool {
    fn new() -> Result<Pool, ThreadPoolBuildError> {
        let builder = ThreadPoolBuilder::new().thread_name(|i| format!("forge-compute-{i}"));
        let threads = builder.start_handler(|_| yield_to_others()).build()?;
        Ok(Pool { threads, ready: Mutex::default() })
    }

    /// Every job comes with a thread's worth of turns, so none is left over.
    fn add(&'static self, job: Job) {
        self.ready.lock().push_back(job);
        self.threads.spawn(|| self.take_turns());
    }

    /// Runs jobs, a slice each, until one of them is done here.
    fn take_turns(&self) {
        loop {
            let Some(job) = self.ready.lock().pop_front() else { return };
            let Some(job) = job.turn() else { return };
            self.ready.lock().push_back(job);
        }
    }
}

impl Job {
    /// Runs one slice; gives the job back unless it has ended or waits.
    fn turn(mut self) -> Option<Job> {
        if self.task.running.task().is_cancelled() {
            self.task.end(Err(Failure::Cancelled));
            return None;
        }
        let machine = &mut self.task.machine;
        let slice = || self.span.in_scope(|| compute_slices(machine, || false));
        match catch_unwind(AssertUnwindSafe(slice)) {
            Ok(Progress::Stopped) => return Some(self),
            Ok(Progress::Waits(step)) => {
                self.runtime.spawn(self.task.go_on(Some(step)).instrument(self.span));
            }
            Ok(Progress::Ended(result)) => self.task.end(result.map_err(raised)),
            Err(_) => self.task.end(Err(Failure::Panicked)),
        }
        None
    }
}
