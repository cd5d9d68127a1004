//! `shared` variables: one storage for all worlds. Only `machine` reads and writes them.
//!
//! Whoever changes one advances the clock of all of its program before anybody can read the change, so a transaction
//! knows without looking whether what it has read may have changed since.

use super::CellId;
use super::Value;
use super::cell;
use crate::sync::AtomicBool;
use crate::sync::AtomicU64;
use crate::sync::Mutex;
use crate::sync::MutexGuard;
use event_listener::Event;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

/// A variable without a home.
pub struct Common {
    /// Its identity, and its place when several are locked.
    pub id: CellId,
    /// The variables that it belongs to.
    pub all: Arc<Commons>,
    slot: Mutex<Value>,
}

/// What the shared variables of a program have in common.
#[derive(Default)]
pub struct Commons {
    clock: AtomicU64,
    /// Whether a transaction goes first.
    is_taken: AtomicBool,
    /// Rung when it does no more.
    bell: Event,
}

/// A moment in the life of all shared variables of a program: it stands as long as none of them changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment(u64);

/// The right of a transaction that has begun anew too often to go first. There is one at most. Nobody is stopped where
/// it stands: whoever is about to change a shared variable waits, as for a message, until this is dropped.
pub struct Precedence(Arc<Commons>);

impl Commons {
    /// This moment.
    pub fn now(&self) -> Moment {
        Moment(self.clock.load(SeqCst))
    }

    /// Takes precedence, unless somebody else has it.
    pub fn go_first(self: &Arc<Self>) -> Option<Precedence> {
        (!self.is_taken.swap(true, SeqCst)).then(|| Precedence(self.clone()))
    }

    /// Whether somebody goes first.
    pub fn is_taken(&self) -> bool {
        self.is_taken.load(SeqCst)
    }

    /// Returns once nobody goes first.
    pub async fn is_free(&self) {
        loop {
            let listener = self.bell.listen();
            if !self.is_taken() {
                return;
            }
            listener.await;
        }
    }
}

impl Drop for Precedence {
    fn drop(&mut self) {
        self.0.is_taken.store(false, SeqCst);
        self.0.bell.notify(usize::MAX);
    }
}

impl Common {
    /// A new variable without a value.
    pub fn new(all: Arc<Commons>) -> Common {
        Common { id: cell::fresh_id(), all, slot: Mutex::new(Value::Unset) }
    }

    /// What it holds.
    pub fn get(&self) -> Value {
        self.slot.lock().clone()
    }

    /// Changes it in one step. `change` must not run user code.
    pub fn update<R>(&self, change: impl FnOnce(&mut Value) -> R) -> R {
        let mut slot = self.slot.lock();
        let result = change(&mut slot);
        self.all.clock.fetch_add(1, SeqCst);
        result
    }

    /// Holds several, which stand in the order of their ids, while `change` looks at them and changes them.
    /// It gives its result, and whether it changed any.
    pub fn hold<R>(
        commons: &[&Common],
        change: impl FnOnce(&mut [MutexGuard<'_, Value>]) -> (R, bool),
    ) -> R {
        let mut slots: Vec<MutexGuard<'_, Value>> =
            commons.iter().map(|common| common.slot.lock()).collect();
        let (result, has_changed) = change(&mut slots);
        if let (true, Some(first)) = (has_changed, commons.first()) {
            first.all.clock.fetch_add(1, SeqCst);
        }
        result
    }
}

impl Drop for Common {
    fn drop(&mut self) {
        super::drain::drop_all([std::mem::take(self.slot.get_mut())]);
    }
}
