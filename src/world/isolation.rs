//! Worlds: isolation domains for cells.
//!
//! Invariant: a cell that another world or a later epoch has read is never written again. So a world writes only
//! cells of its own epoch, checked under the cell's lock, and keeps what it changed of others in its overlay.

use super::carriers::Carrier;
use super::carriers::Carriers;
use super::trial::Log;
use crate::sync::AtomicBool;
use crate::sync::AtomicU64;
use crate::sync::AtomicUsize;
use crate::sync::Mutex;
use crate::value::Cell;
use crate::value::CellId;
use crate::value::Epoch;
use crate::value::Value;
use crate::value::drop_all;
use std::sync::Arc;
use std::sync::Weak;
use std::sync::atomic::Ordering::Acquire;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::Ordering::Release;
use std::sync::atomic::Ordering::SeqCst;

/// Cells that a world has changed: its own copy, and the original, which tells when the entry is of no more use.
pub(super) type Overlay = im::GenericHashMap<
    CellId,
    (Arc<Cell>, Weak<Cell>),
    foldhash::fast::FixedState,
    im::shared_ptr::DefaultSharedPtr,
>;

/// One isolation domain. It is held by `triomphe::Arc`: an untouched fork costs an allocation and the counting of its
/// handles, and one without a count of weak handles is a tenth cheaper.
pub struct World {
    id: WorldId,
    pub(super) epoch: AtomicU64,
    /// False while the overlay is empty, so that reading a cell of the template takes no lock.
    pub(super) has_overlay: AtomicBool,
    pub(super) overlay: Mutex<Overlay>,
    /// How many entries are worth looking for those of no more use. Changed while the overlay is locked.
    overlay_limit: AtomicUsize,
    pub(super) machines: AtomicUsize,
    /// Whether it was forked while no machine was in it: the next one needs a new epoch.
    is_read: AtomicBool,
    /// Cells that got a value that may hold them: what could be a cycle.
    pub(super) suspects: Mutex<Suspects>,
    /// Whether a machine is to look for cycles.
    pub(super) has_many_suspects: AtomicBool,
    parent: Option<triomphe::Arc<World>>,
    /// Of a trial: what it has changed.
    pub(super) log: Option<Box<Log>>,
}

/// Tells a world from all others, also from those that are gone: its first epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorldId(Epoch);

/// A state of a world that [`World::restore`] brings back.
#[derive(Clone)]
pub struct Snapshot(pub(super) Overlay);

/// A world in which no machine was, as it was then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand(Epoch);

/// The own copy of the foreign cell that a machine touched last: a loop over a variable of the template looks it
/// up once. Valid for one epoch of one world.
#[derive(Default)]
pub struct Near(Option<(CellId, Epoch, Arc<Cell>)>);

impl World {
    /// An empty world.
    pub fn new() -> triomphe::Arc<World> {
        triomphe::Arc::new(World::with(Overlay::default(), None, None))
    }

    pub(super) fn with(
        overlay: Overlay,
        parent: Option<triomphe::Arc<World>>,
        log: Option<Box<Log>>,
    ) -> World {
        let epoch = Epoch::fresh();
        World {
            id: WorldId(epoch),
            epoch: AtomicU64::new(epoch.0),
            has_overlay: AtomicBool::new(!overlay.is_empty()),
            overlay_limit: AtomicUsize::new(2 * overlay.len()),
            overlay: Mutex::new(overlay),
            machines: AtomicUsize::new(0),
            is_read: AtomicBool::new(false),
            suspects: Mutex::new(Suspects::default()),
            has_many_suspects: AtomicBool::new(false),
            parent,
            log,
        }
    }

    /// Which world it is.
    pub fn id(&self) -> WorldId {
        self.id
    }

    /// A world of its own that starts with what this one holds now. O(1).
    pub fn fork(world: &triomphe::Arc<World>) -> triomphe::Arc<World> {
        let overlay = if world.is_still() { Overlay::default() } else { world.read() };
        triomphe::Arc::new(World::with(overlay, Some(world.clone()), None))
    }

    /// What this world holds now, to be read while its machines go on; nothing unless others than the one that asks are
    /// in it.
    pub(super) fn cut(&self) -> Option<World> {
        (self.machines.load(SeqCst) > 1).then(|| World::with(self.read(), None, None))
    }

    /// What the overlay holds, for somebody who goes on in another epoch than the machines of this world.
    pub(super) fn read(&self) -> Overlay {
        let overlay = self.overlay.lock();
        if self.machines.load(SeqCst) > 0 {
            self.epoch.store(Epoch::fresh().0, Release);
        }
        overlay.clone()
    }

    /// Whether no machine is in this world and nothing in its overlay, and the next machine will take a new epoch: then
    /// a fork needs no lock (a third of its time). The note for that machine is left before looking for machines, and
    /// looked at again afterwards: one that came and went in between has taken it.
    fn is_still(&self) -> bool {
        // Looked at first: requests on two cores would fight over the line otherwise.
        if !self.is_read.load(SeqCst) {
            self.is_read.store(true, SeqCst);
        }
        self.machines.load(SeqCst) == 0
            && !self.has_overlay.load(Acquire)
            && self.is_read.load(SeqCst)
    }

    /// How the world stands, if no machine is in it. The next one takes a new epoch.
    pub fn stand(&self) -> Option<Stand> {
        // No machine enters meanwhile.
        let overlay = self.overlay.lock();
        if self.machines.load(SeqCst) > 0 {
            return None;
        }
        self.is_read.store(true, SeqCst);
        let stand = Stand(self.now());
        drop(overlay);
        Some(stand)
    }

    /// Whether nobody has changed anything since. A machine that has come and gone in between has left its epoch.
    pub fn stands(&self, stand: Stand) -> bool {
        self.machines.load(SeqCst) == 0 && self.now() == stand.0
    }

    /// The state of this world, to come back to.
    pub fn snapshot(&self) -> Snapshot {
        let overlay = self.overlay.lock();
        self.epoch.store(Epoch::fresh().0, Release);
        Snapshot(overlay.clone())
    }

    /// Brings back the state of a snapshot of this very world; tasks stay in it. O(1).
    pub fn restore(&self, snapshot: &Snapshot) {
        let mut overlay = self.overlay.lock();
        self.epoch.store(Epoch::fresh().0, Release);
        self.has_overlay.store(!snapshot.0.is_empty(), Release);
        let old = std::mem::replace(&mut *overlay, snapshot.0.clone());
        drop(overlay);
        drop(old);
    }

    /// A machine starts in this world.
    pub fn enter(&self) {
        let overlay = self.overlay.lock();
        if self.machines.fetch_add(1, SeqCst) == 0 && self.is_read.swap(false, SeqCst) {
            self.epoch.store(Epoch::fresh().0, Release);
        }
        drop(overlay);
    }

    /// A machine of this world ended.
    pub fn leave(&self) {
        self.machines.fetch_sub(1, SeqCst);
    }

    /// A new variable of this world.
    pub fn cell(&self, value: Value) -> Arc<Cell> {
        let may_cycle = value.contents().may_cycle();
        let cell = Arc::new(Cell::new(self.now(), value));
        if may_cycle {
            self.suspect(&cell);
        }
        cell
    }

    #[inline(always)]
    fn now(&self) -> Epoch {
        Epoch(self.epoch.load(Acquire))
    }

    /// What the variable holds in this world.
    #[inline(always)]
    pub fn get(&self, cell: &Arc<Cell>, near: &mut Near) -> Value {
        self.look(cell, near, Value::clone)
    }

    /// What `find` finds in what the variable holds in this world. `find` must not run user code.
    #[inline(always)]
    pub fn look<R>(&self, cell: &Arc<Cell>, near: &mut Near, find: impl FnOnce(&Value) -> R) -> R {
        let epoch = self.now();
        if cell.home == epoch {
            return find(&cell.slot.lock());
        }
        if let Some((id, of, own)) = &near.0
            && *id == cell.id
            && *of == epoch
        {
            return find(&own.slot.lock());
        }
        self.look_foreign(cell, near, find)
    }

    #[inline(never)]
    fn look_foreign<R>(
        &self,
        cell: &Arc<Cell>,
        near: &mut Near,
        find: impl FnOnce(&Value) -> R,
    ) -> R {
        if self.has_overlay.load(Acquire) {
            let overlay = self.overlay.lock();
            if let Some((own, _)) = overlay.get(&cell.id) {
                let own = own.clone();
                let epoch = self.now();
                drop(overlay);
                if own.home == epoch {
                    let found = find(&own.slot.lock());
                    near.0 = Some((cell.id, epoch, own));
                    return found;
                }
                return look_frozen(&own, find);
            }
        }
        look_frozen(cell, find)
    }

    /// Assigns the variable in this world.
    #[inline(always)]
    pub fn set(&self, cell: &Arc<Cell>, value: Value, near: &mut Near) {
        let old = self.update(cell, near, |slot| std::mem::replace(slot, value));
        drop(old);
    }

    /// Changes the variable in one step: nobody of this world writes it in between, a fork sees all of it or
    /// nothing. `change` must not run user code.
    #[inline(always)]
    pub fn update<R>(
        &self,
        cell: &Arc<Cell>,
        near: &mut Near,
        change: impl FnOnce(&mut Value) -> R,
    ) -> R {
        if cell.home == self.now() {
            let mut slot = cell.slot.lock();
            if cell.home == self.now() {
                let result = change(&mut slot);
                let may_cycle = !slot.is_inline() && slot.contents().may_cycle();
                drop(slot);
                if may_cycle {
                    self.suspect(cell);
                }
                return result;
            }
        }
        self.update_foreign(cell, near, change)
    }

    /// Adds to the Int in a cell of this world's epoch: the sum. None when it is anything else, and nothing happened.
    #[inline(always)]
    pub fn add_int(&self, cell: &Cell, more: i64) -> Option<i64> {
        if cell.home != self.now() {
            return None;
        }
        let mut slot = cell.slot.lock();
        match &mut *slot {
            Value::Int(value) if cell.home == self.now() => {
                let sum = value.checked_add(more)?;
                *value = sum;
                Some(sum)
            }
            _ => None,
        }
    }

    #[inline(never)]
    fn update_foreign<R>(
        &self,
        cell: &Arc<Cell>,
        near: &mut Near,
        change: impl FnOnce(&mut Value) -> R,
    ) -> R {
        if let Some((id, of, own)) = &near.0
            && *id == cell.id
            && *of == self.now()
        {
            let mut slot = own.slot.lock();
            if *of == self.now() {
                let result = change(&mut slot);
                let may_cycle = !slot.is_inline() && slot.contents().may_cycle();
                drop(slot);
                if may_cycle {
                    self.suspect(own);
                }
                return result;
            }
        }
        // The overlay stays locked: no fork and no other task of this world comes in between.
        let mut overlay = self.overlay.lock();
        let epoch = self.now();
        if let Some((own, _)) = overlay.get(&cell.id)
            && own.home == epoch
        {
            let own = own.clone();
            let mut slot = own.slot.lock();
            let result = change(&mut slot);
            let may_cycle = slot.contents().may_cycle();
            drop(slot);
            drop(overlay);
            if may_cycle {
                self.suspect(&own);
            }
            near.0 = Some((cell.id, epoch, own));
            return result;
        }
        let mut value = match overlay.get(&cell.id) {
            Some((older, _)) => read_frozen(older),
            None => read_frozen(cell),
        };
        if let Some(log) = &self.log {
            log.note(cell, value.clone());
        }
        let result = change(&mut value);
        let may_cycle = value.contents().may_cycle();
        let own = Arc::new(Cell::copy(cell.id, epoch, value));
        let replaced = overlay.insert(cell.id, (own.clone(), Arc::downgrade(cell)));
        self.has_overlay.store(true, Release);
        let gone = self.sweep_overlay(&mut overlay);
        drop(overlay);
        drop((replaced, gone));
        if may_cycle {
            self.suspect(&own);
        }
        near.0 = Some((cell.id, epoch, own));
        result
    }

    /// Takes out the entries whose variable is gone, whenever there are twice as many as were left the last time.
    pub(super) fn sweep_overlay(&self, overlay: &mut Overlay) -> Vec<(Arc<Cell>, Weak<Cell>)> {
        if overlay.len() < self.overlay_limit.load(Relaxed).max(FEW) {
            return Vec::new();
        }
        let is_gone = |original: &Weak<Cell>| original.strong_count() == 0;
        let gone = overlay.iter().filter(|(_, (_, original))| is_gone(original));
        let gone: Vec<CellId> = gone.map(|(id, _)| *id).collect();
        let gone = gone.into_iter().filter_map(|id| overlay.remove(&id)).collect();
        self.overlay_limit.store(2 * overlay.len(), Relaxed);
        gone
    }

    /// Notes what carries a handle from now on.
    pub(super) fn note(&self, carrier: &Arc<impl Carrier + 'static>) {
        let due = self.suspects.lock().carriers().note(carrier);
        self.sweep(due);
    }

    fn sweep(&self, due: Option<Carriers>) {
        if let Some(due) = due {
            // Those that are left are in the list.
            due.sweep();
            self.suspects.lock().carriers().settle();
        }
    }

    /// Notes a cell that may be part of a cycle.
    #[inline(never)]
    pub(super) fn suspect(&self, cell: &Arc<Cell>) {
        if !cell.is_suspect.swap(true, Relaxed) {
            let are_many = self.suspects.lock().add(Arc::downgrade(cell));
            if are_many {
                self.has_many_suspects.store(true, Relaxed);
            }
        }
    }
}

/// Reads a cell that is never written again.
pub(super) fn read_frozen(cell: &Cell) -> Value {
    look_frozen(cell, Value::clone)
}

/// What `find` finds in a cell that is never written again. Plain data is kept where reading takes no lock.
fn look_frozen<R>(cell: &Cell, find: impl FnOnce(&Value) -> R) -> R {
    if let Some(value) = cell.frozen.get() {
        return find(value);
    }
    let value = cell.slot.lock().clone();
    let found = find(&value);
    if !value.contents().may_cycle() {
        // Another reader may have been first; both read the same value.
        let _ = cell.frozen.set(value);
    }
    found
}

/// Fewer cells are not worth looking at.
const FEW: usize = 64;

/// How many parts may be looked at for each new suspect.
const WORK_PER_SUSPECT: usize = 4;

/// Cells that may be part of a cycle.
#[derive(Default)]
pub(super) struct Suspects {
    pub(super) cells: Vec<Weak<Cell>>,
    /// How many cells are worth looking for cycles.
    limit: usize,
    /// Few worlds have any.
    carriers: Option<Box<Carriers>>,
}

impl Suspects {
    fn carriers(&mut self) -> &mut Carriers {
        self.carriers.get_or_insert_default()
    }

    /// One more. Those that are gone are swept out whenever the list is full, so that a world which lives long keeps
    /// what it has, not what it had. Whether there are many even so; then [`World::tidy`].
    pub(super) fn add(&mut self, cell: Weak<Cell>) -> bool {
        let is_full = self.cells.len() == self.cells.capacity();
        if is_full {
            self.forget_gone();
        }
        self.cells.push(cell);
        is_full && self.cells.len() >= self.limit.max(FEW)
    }

    fn forget_gone(&mut self) {
        self.cells.retain(|cell| cell.strong_count() > 0);
        self.cells.reserve(self.cells.len().max(4));
    }

    /// Cycles have been emptied. What is left takes so much work the next time, which pays for itself.
    pub(super) fn settle(&mut self, work: usize) {
        self.cells.retain(|cell| cell.strong_count() > 0);
        let len = self.cells.len();
        self.limit = len + len.max(work / WORK_PER_SUSPECT);
        self.cells.shrink_to(self.limit.max(FEW));
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let Suspects { cells, carriers, .. } = std::mem::take(self.suspects.get_mut());
        for suspect in cells {
            if let Some(cell) = suspect.upgrade() {
                let contents = std::mem::take(&mut *cell.slot.lock());
                // A message in a channel in such a cell may have a world of its own, and so on.
                drop_all([contents]);
            }
        }
        if let Some(carriers) = carriers {
            let left = carriers.sweep();
            match &self.parent {
                Some(parent) => {
                    let due = parent.suspects.lock().carriers().adopt(left);
                    parent.sweep(due);
                }
                None => left.forget(),
            }
        }
        // A chain of forks that only hold one another would drop recursively.
        let mut parent = self.parent.take();
        while let Some(world) = parent {
            parent = triomphe::Arc::into_unique(world).and_then(|mut world| world.parent.take());
        }
    }
}
