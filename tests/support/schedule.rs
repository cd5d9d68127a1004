//! Tasks driven by hand: one job at a time, chosen by a seed, in slices whose size the seed chooses too. A job runs
//! only after somebody woke it, so a wake that is missing shows as a job that sleeps for ever.

use forge::engine::Loaded;
use forge::handles::Failure;
use forge::handles::Running;
use forge::machine::Background;
use forge::machine::Fuel;
use forge::machine::Machine;
use forge::machine::Spawner;
use forge::machine::Step;
use forge::value::Value;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;
use std::task::Context;
use std::task::Poll;
use std::task::Wake;
use std::task::Waker;

/// The jobs of one test.
pub(crate) struct Schedule {
    jobs: Mutex<Vec<Job>>,
    blocks: Mutex<Vec<(Background, Running)>>,
    random: Arc<Random>,
}

struct Job {
    future: Pin<Box<dyn Future<Output = ()> + Send>>,
    is_awake: Arc<Flag>,
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, SeqCst);
    }
}

/// A sequence of numbers that a seed decides.
struct Random(AtomicU64);

impl Random {
    fn below(&self, n: u64) -> u64 {
        let state = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, SeqCst);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % n
    }
}

impl Schedule {
    pub(crate) fn new(seed: u64) -> Arc<Schedule> {
        let random = Arc::new(Random(AtomicU64::new(seed.wrapping_mul(0x2545_F491_4F6C_DD1D))));
        Arc::new(Schedule { jobs: Mutex::default(), blocks: Mutex::default(), random })
    }

    /// From now on the program's tasks are jobs.
    pub(crate) fn drives(self: &Arc<Self>, loaded: &mut Loaded) {
        Arc::make_mut(&mut loaded.image).spawner = self.clone();
    }

    /// Runs `machine` as a job of its own until it ends; everything else goes on meanwhile. What it came to, or the
    /// text of its failure; nothing when all jobs sleep and it has not ended.
    pub(crate) fn finish(&self, machine: Machine) -> Option<Result<Value, String>> {
        let result = Arc::new(Mutex::new(None));
        self.main(machine, result.clone());
        while result.lock().unwrap().is_none() && self.step() {}
        result.lock().unwrap().take()
    }

    /// Runs jobs until all sleep or have ended.
    pub(crate) fn settle(&self) {
        for _ in 0..5_000_000 {
            if !self.step() {
                return;
            }
        }
        panic!("{} jobs go on and on", self.len());
    }

    /// How many jobs have not ended.
    pub(crate) fn len(&self) -> usize {
        self.jobs.lock().unwrap().len()
    }

    fn main(&self, mut machine: Machine, result: Arc<Mutex<Option<Result<Value, String>>>>) {
        let random = self.random.clone();
        self.add(async move {
            let ended = drive(&mut machine, &random).await;
            drop(machine);
            *result.lock().unwrap() = Some(ended.map_err(|fault| fault.to_string()));
        });
    }

    fn add(&self, future: impl Future<Output = ()> + Send + 'static) {
        let is_awake = Arc::new(Flag(AtomicBool::new(true)));
        self.jobs.lock().unwrap().push(Job { future: Box::pin(future), is_awake });
    }

    /// Runs one job that is awake; false when none is.
    pub(crate) fn step(&self) -> bool {
        let mut jobs = self.jobs.lock().unwrap();
        let awake: Vec<usize> =
            (0..jobs.len()).filter(|at| jobs[*at].is_awake.0.load(SeqCst)).collect();
        if awake.is_empty() {
            return false;
        }
        let at = awake[self.random.below(awake.len() as u64) as usize];
        let mut job = jobs.swap_remove(at);
        drop(jobs);
        job.is_awake.0.store(false, SeqCst);
        let waker = Waker::from(job.is_awake.clone());
        if job.future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            self.jobs.lock().unwrap().push(job);
        }
        true
    }
}

impl Spawner for Schedule {
    fn start(&self, machine: Machine, running: Running) -> Result<(), forge::diag::Fault> {
        let random = self.random.clone();
        let mut job = Spawned { machine, running };
        self.add(async move {
            let task = job.running.task().clone();
            let result = tokio::select! {
                biased;
                () = task.cancelled() => Err(Failure::Cancelled),
                result = drive(&mut job.machine, &random) => match result {
                    Ok(value) => Ok(job.machine.result(value, &task)),
                    Err(fault) => Err(Failure::Raised(fault)),
                },
            };
            let Spawned { machine, running } = job;
            drop((machine, task));
            running.end(result);
        });
        Ok(())
    }

    fn repeat(&self, block: Background, running: Running) -> Result<(), forge::diag::Fault> {
        self.blocks().push((block, running));
        Ok(())
    }
}

impl Schedule {
    /// The background blocks that have started, in that order, each with its next run. Nobody runs them by themselves.
    pub(crate) fn blocks(&self) -> std::sync::MutexGuard<'_, Vec<(Background, Running)>> {
        self.blocks.lock().unwrap()
    }

    /// One run of background block `at`, to its end; other jobs run meanwhile.
    #[allow(dead_code, reason = "not every test has background blocks")]
    pub(crate) fn tick(&self, at: usize) -> Option<Result<Value, String>> {
        let ended = Arc::new(Mutex::new(None));
        let (kept, random) = (ended.clone(), self.random.clone());
        let mut machine = {
            let (block, running) = &self.blocks()[at];
            block.machine(running.scope()).expect("a block can run")
        };
        self.add(async move {
            let result = drive(&mut machine, &random).await;
            *kept.lock().unwrap() = Some((machine, result));
        });
        while ended.lock().unwrap().is_none() && self.step() {}
        let (machine, result) = ended.lock().unwrap().take()?;
        self.blocks()[at].0.keep(&machine);
        Some(result.map_err(|fault| fault.to_string()))
    }
}

struct Spawned {
    machine: Machine,
    running: Running,
}

async fn drive(machine: &mut Machine, random: &Random) -> Result<Value, forge::diag::Fault> {
    let mut answer = None;
    loop {
        let fuel = Fuel(1 + random.below(40) as u32);
        match machine.resume(fuel, answer.take()) {
            Step::Done(value) => return Ok(value),
            Step::Failed(error) => return Err(error.fault),
            Step::Waiting(future) => answer = Some(future.await),
            Step::OutOfFuel => Again(false).await,
        }
    }
}

/// Lets others run.
struct Again(bool);

impl Future for Again {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
