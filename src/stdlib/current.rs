//! The current database of a task, with the transaction that the task has begun (server 6.8).
//!
//! A task that begins a transaction gets a `Current` of its own, so what it does is not seen by those from which its
//! environment came. The tasks that it spawns share it; forks of its world see the database only. The transaction goes
//! with the last of them that is dropped: its `Drop` rolls it back.

use crate::diag::Fault;
use crate::native::Caller;
use crate::native::Outcome;
use crate::native::with_caller;
use crate::value::Handle;
use crate::value::Resource;
use crate::value::Value;
use crate::world::World;
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;
use tokio::sync::OwnedMutexGuard;

/// A database of type `D` and perhaps a transaction of type `T`.
pub(super) struct Current<D, T>(Arc<State<D, T>>);

struct State<D, T> {
    /// The world whose tasks may use the transaction.
    owner: WorldId,
    /// Set once it is open.
    database: Mutex<Option<D>>,
    transaction: Arc<tokio::sync::Mutex<Option<T>>>,
    /// Whether there is one, also while a statement of it runs.
    is_begun: AtomicBool,
}

/// What tells a world from all others that live.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct WorldId(usize);

impl WorldId {
    /// No world: what belongs to it can be used, and has no transaction.
    pub(super) const NOBODY: WorldId = WorldId(0);

    /// Whoever holds a handle, for a transaction that belongs to no world.
    pub(super) const ANYBODY: WorldId = WorldId(1);

    /// That of `world`.
    pub(super) fn of(world: &triomphe::Arc<World>) -> WorldId {
        WorldId(triomphe::Arc::as_ptr(world) as usize)
    }
}

/// The current database of the kind `kind` as a task sees it, if there is one.
pub(super) fn find<D, T>(caller: &mut Caller<'_>, kind: &str) -> Option<Current<D, T>>
where
    D: Clone + Send + 'static,
    T: Send + 'static,
{
    caller.surroundings().current(kind)?.get().cloned()
}

/// The same for a task that will begin a transaction or open another database: one of its own, unless it is in a
/// transaction already. `fork` is what it shares with the one that it had.
pub(super) fn own<D, T>(
    caller: &mut Caller<'_>,
    kind: &'static str,
    fork: impl FnOnce(D) -> D,
) -> Current<D, T>
where
    D: Clone + Send + 'static,
    T: Send + 'static,
{
    let world = WorldId::of(caller.world);
    let found: Option<Current<D, T>> = find(caller, kind);
    if let Some(found) = &found
        && found.is_begun(world)
    {
        return found.clone();
    }
    let database = found.and_then(|found| found.database()).map(fork);
    let fresh = Current::new(world, database);
    caller.surroundings().set_current(kind, Some(Handle::new(fresh.clone())));
    fresh
}

/// Forgets the current database of the kind `kind`.
///
/// # Errors
/// Never.
pub(super) fn forget(kind: &'static str) -> Result<Outcome, Fault> {
    with_caller(move |caller| {
        caller.surroundings().set_current(kind, None);
        Ok(Value::Null.into())
    })
}

impl<D, T> Clone for Current<D, T> {
    fn clone(&self) -> Current<D, T> {
        Current(self.0.clone())
    }
}

impl<D: Clone, T> Current<D, T> {
    /// One for the tasks of `owner`, without a transaction.
    pub(super) fn new(owner: WorldId, database: Option<D>) -> Current<D, T> {
        Current(Arc::new(State {
            owner,
            database: Mutex::new(database),
            transaction: Arc::default(),
            is_begun: AtomicBool::new(false),
        }))
    }

    /// The database, if one is open.
    pub(super) fn database(&self) -> Option<D> {
        self.0.database.lock().clone()
    }

    /// Whether the tasks of `world` use it as their own.
    pub(super) fn is_of(&self, world: WorldId) -> bool {
        self.0.owner == world
    }

    /// Whether a transaction of the tasks of `world` is under way.
    pub(super) fn is_begun(&self, world: WorldId) -> bool {
        self.is_of(world) && self.0.is_begun.load(SeqCst)
    }

    /// Replaces the database; a transaction under way is dropped.
    pub(super) async fn set(&self, database: D) {
        let mut transaction = self.slot().await;
        *self.0.database.lock() = Some(database);
        drop(transaction.content.take());
    }

    /// Where the transaction is kept, once nobody else uses it.
    pub(super) async fn slot(&self) -> Slot<D, T> {
        Slot { content: self.0.transaction.clone().lock_owned().await, state: self.0.clone() }
    }

    /// The same, if a transaction of the tasks of `world` is under way; `None` too when it stays in use for too long.
    pub(super) async fn begun(&self, world: WorldId, patience: Duration) -> Option<Slot<D, T>> {
        self.is_begun(world).then_some(())?;
        let slot = tokio::time::timeout(patience, self.slot()).await.ok()?;
        slot.content.is_some().then_some(slot)
    }
}

/// The place of a transaction, to take it out and to put it back.
pub(super) struct Slot<D, T> {
    pub(super) content: OwnedMutexGuard<Option<T>>,
    state: Arc<State<D, T>>,
}

impl<D, T> Drop for Slot<D, T> {
    fn drop(&mut self) {
        self.state.is_begun.store(self.content.is_some(), SeqCst);
    }
}

impl<D: Clone + Send + 'static, T: Send + 'static> Resource for Current<D, T> {
    fn kind(&self) -> &'static str {
        "Database"
    }

    fn shown(&self) -> &'static str {
        "<database>"
    }

    fn address(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }

    fn settled(&self) -> Option<Handle> {
        let is_begun = self.0.is_begun.load(SeqCst);
        is_begun.then(|| Handle::new(Current::<D, T>::new(self.0.owner, self.database())))
    }
}
