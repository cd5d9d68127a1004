//! A world in which something is tried: it starts with what another holds, and is given to it as a whole, or dropped.

use super::World;
use super::isolation::read_frozen;
use crate::sync::Mutex;
use crate::value::Cell;
use crate::value::CellId;
use crate::value::Epoch;
use crate::value::Value;
use foldhash::fast::FixedState;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::Ordering::Release;

/// The variables of others that a trial has changed, each with what it held before. Some stand in it more than once.
#[derive(Default)]
pub(super) struct Log(Mutex<Vec<(Arc<Cell>, Value)>>);

impl Log {
    pub(super) fn note(&self, cell: &Arc<Cell>, before: Value) {
        self.0.lock().push((cell.clone(), before));
    }
}

/// What a variable of the outer world becomes.
struct Change {
    id: CellId,
    cell: Arc<Cell>,
    value: Value,
}

impl World {
    /// A fork that can be given back.
    pub fn trial(world: &triomphe::Arc<World>) -> triomphe::Arc<World> {
        let log = Some(Box::new(Log::default()));
        triomphe::Arc::new(World::with(world.read(), Some(world.clone()), log))
    }

    /// Does in `outer` what was done in this trial of it, all at once, if `outer` still holds what the trial has seen of
    /// the variables that it changed, and if `commit` says so too; else nothing. Nobody else writes meanwhile.
    pub fn merge(&self, outer: &World, commit: impl FnOnce() -> bool) -> bool {
        let log = self.log.as_ref().expect("it is a trial");
        let log = std::mem::take(&mut *log.0.lock());
        if log.is_empty() {
            return commit() && self.give_suspects(outer);
        }
        let mut overlay = outer.overlay.lock();
        let epoch = Epoch::fresh();
        // From here on whoever writes in place finds itself in another epoch, and waits for the overlay.
        outer.epoch.store(epoch.0, Release);
        let mut changes: Vec<Change> = Vec::new();
        let mut seen: HashSet<CellId, FixedState> = HashSet::default();
        for (cell, before) in log {
            if !seen.insert(cell.id) {
                continue;
            }
            let Some(own) = self.overlay.lock().get(&cell.id).map(|(own, _)| own.clone()) else {
                continue;
            };
            let value = own.slot.lock().clone();
            if value.is_same(&before) {
                continue;
            }
            let now = match overlay.get(&cell.id) {
                Some((older, _)) => read_frozen(older),
                None => read_frozen(&cell),
            };
            if !now.is_same(&before) {
                return false;
            }
            changes.push(Change { id: cell.id, cell, value });
        }
        if !commit() {
            return false;
        }
        let mut replaced = Vec::new();
        let mut suspects = Vec::new();
        for Change { id, cell, value } in changes {
            let may_cycle = value.contents().may_cycle();
            let own = Arc::new(Cell::copy(id, epoch, value));
            if may_cycle {
                suspects.push(own.clone());
            }
            replaced.extend(overlay.insert(id, (own, Arc::downgrade(&cell))));
        }
        outer.has_overlay.store(!overlay.is_empty(), Release);
        replaced.extend(outer.sweep_overlay(&mut overlay));
        drop(overlay);
        drop(replaced);
        suspects.iter().for_each(|own| outer.suspect(own));
        self.give_suspects(outer)
    }

    /// What was made in the trial lives on: it is not emptied when the trial ends.
    fn give_suspects(&self, outer: &World) -> bool {
        let own = std::mem::take(&mut self.suspects.lock().cells);
        let mut suspects = outer.suspects.lock();
        for cell in own {
            if suspects.add(cell) {
                outer.has_many_suspects.store(true, Relaxed);
            }
        }
        true
    }
}
