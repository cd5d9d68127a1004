//! A task as others see it: whether it has ended, and with what. The result is kept for everybody who asks.

use super::Scope;
use crate::diag::Fault;
use crate::value::Handle;
use crate::value::Resource;
use crate::value::Value;
use crate::world::Carrier;
use crate::world::Parcel;
use crate::world::Parcels;
use crate::world::World;
use event_listener::Event;
use parking_lot::Mutex;
use parking_lot::MutexGuard;
use std::fmt;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::Weak;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;

/// A task. Its copies are the same task.
#[derive(Clone)]
pub struct Task(Arc<State>);

pub(super) struct State {
    result: OnceLock<Result<Mutex<Parcel>, Failure>>,
    is_cancelled: AtomicBool,
    /// Whether a world has noted that its result holds handles.
    is_noted: AtomicBool,
    /// Rung when it is cancelled and when it has ended.
    bell: Event,
    /// The squad that fails with it.
    squad: Option<Weak<Scope>>,
}

/// Why a task has no value.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// A fault that nobody caught.
    Raised(Fault),
    /// What it hangs below was cancelled.
    Cancelled,
    /// A fault of ours.
    Panicked,
}

impl Task {
    /// A task that is about to run; when it fails, so does `squad`.
    pub(super) fn new(squad: Option<&Arc<Scope>>) -> Task {
        Task(Arc::new(State {
            result: OnceLock::new(),
            is_cancelled: AtomicBool::new(false),
            is_noted: AtomicBool::new(false),
            bell: Event::new(),
            squad: squad.map(Arc::downgrade),
        }))
    }

    /// The task that `value` is a handle on.
    pub fn of(value: &Value) -> Option<&Task> {
        match value.thawed() {
            Value::Handle(handle) => handle.get(),
            _ => None,
        }
    }

    /// What it came to, if it has ended.
    pub fn result(&self) -> Option<Result<Kept<'_>, &Failure>> {
        let result = self.0.result.get()?;
        Some(result.as_ref().map(|parcel| Kept { task: self, parcel }))
    }

    /// What it came to, once it has ended: then nothing of it runs any more.
    pub async fn ended(&self) -> Result<Kept<'_>, &Failure> {
        loop {
            let listener = self.0.bell.listen();
            if let Some(result) = self.result() {
                return result;
            }
            listener.await;
        }
    }

    /// What awaiting it gives in `world`.
    ///
    /// # Errors
    /// `task error: ...`
    pub async fn wait(&self, world: &World) -> Result<Value, Fault> {
        self.unwrap(self.ended().await, world)
    }

    /// The same, if it has ended.
    pub fn outcome(&self, world: &World) -> Option<Result<Value, Fault>> {
        self.result().map(|result| self.unwrap(result, world))
    }

    fn unwrap(&self, result: Result<Kept<'_>, &Failure>, world: &World) -> Result<Value, Fault> {
        match result {
            Ok(kept) => Ok(kept.value(world)),
            Err(failure) => Err(failure.fault("task error")),
        }
    }

    /// `value` of `world` as its result.
    pub fn parcel(&self, world: &World, value: Value) -> Parcel {
        Parcel::new(world, value, &self.0, || self.handle())
    }

    /// A handle on it.
    pub fn handle(&self) -> Handle {
        Handle::new(self.clone())
    }

    /// Asks it to stop.
    pub(super) fn cancel(&self) {
        self.0.is_cancelled.store(true, SeqCst);
        self.0.bell.notify(usize::MAX);
    }

    /// Whether it was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(SeqCst)
    }

    /// Returns when it is asked to stop.
    pub async fn cancelled(&self) {
        loop {
            let listener = self.0.bell.listen();
            if self.is_cancelled() {
                return;
            }
            listener.await;
        }
    }

    /// It has ended. The first result counts.
    pub(super) fn end(&self, result: Result<Parcel, Failure>) {
        let has_failed = matches!(result, Err(Failure::Raised(_) | Failure::Panicked));
        // Whoever comes second drops its result.
        let _ = self.0.result.set(result.map(Mutex::new));
        self.0.bell.notify(usize::MAX);
        if has_failed && let Some(squad) = self.0.squad.as_ref().and_then(Weak::upgrade) {
            squad.fail();
        }
    }

    pub(super) fn downgrade(&self) -> Weak<State> {
        Arc::downgrade(&self.0)
    }

    pub(super) fn upgrade(task: &Weak<State>) -> Option<Task> {
        task.upgrade().map(Task)
    }
}

/// The value of a task that has ended well.
#[derive(Clone, Copy)]
pub struct Kept<'t> {
    task: &'t Task,
    parcel: &'t Mutex<Parcel>,
}

impl Kept<'_> {
    /// What it is in `world`.
    pub fn value(&self, world: &World) -> Value {
        self.parcel.lock().value(world, || self.task.handle())
    }
}

impl Carrier for State {
    fn open(&self) -> Box<dyn Parcels + '_> {
        let result = self.result.get().and_then(|result| result.as_ref().ok());
        Box::new(Open(result.map(|parcel| parcel.lock())))
    }

    fn noted(&self) -> &AtomicBool {
        &self.is_noted
    }
}

struct Open<'t>(Option<MutexGuard<'t, Parcel>>);

impl Parcels for Open<'_> {
    fn each(&self, look: &mut dyn FnMut(&Parcel)) {
        self.0.iter().for_each(|parcel| look(parcel));
    }

    fn take(&mut self) -> Vec<Parcel> {
        self.0.iter_mut().map(|parcel| std::mem::take(&mut **parcel)).collect()
    }
}

impl Failure {
    /// The fault of whoever waits for the task.
    pub fn fault(&self, heading: &'static str) -> Fault {
        match self {
            Failure::Cancelled => Fault::Cancelled(heading),
            Failure::Raised(fault) => fault.clone().within(heading),
            Failure::Panicked => Fault::message(format!("{heading}: {self}")),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Raised(fault) => fault.fmt(f),
            Failure::Cancelled => f.write_str("cancelled"),
            Failure::Panicked => f.write_str("task panicked"),
        }
    }
}

impl Resource for Task {
    fn kind(&self) -> &'static str {
        "TaskHandle"
    }

    fn shown(&self) -> &'static str {
        "<task>"
    }

    fn address(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }
}
