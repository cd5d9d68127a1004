//! What the variables of a world hold, in bytes: for accounts that have lost count of it.

use super::Near;
use super::Snapshot;
use super::World;
use crate::value::Capture;
use crate::value::Cell;
use crate::value::CellId;
use crate::value::Contents;
use crate::value::Identity;
use crate::value::Value;
use crate::value::size;
use foldhash::fast::FixedState;
use std::collections::HashSet;
use std::sync::Arc;

impl World {
    /// About the bytes that the variables hold which have changed since `since`, and those behind functions in them; no
    /// further than beyond `limit`.
    pub fn weight(&self, since: &Snapshot, limit: usize) -> usize {
        let mut scales = Scales::new(self, limit);
        let overlay = self.overlay.lock().clone();
        for (id, (own, _)) in &overlay {
            let is_old = since.0.get(id).is_some_and(|(old, _)| Arc::ptr_eq(old, own));
            if !is_old && scales.cells.insert(*id) {
                let held = own.slot.lock().clone();
                scales.weigh(held);
            }
        }
        scales.total
    }
}

struct Scales<'w> {
    world: &'w World,
    limit: usize,
    total: usize,
    cells: HashSet<CellId, FixedState>,
    /// Parts that have been weighed.
    parts: HashSet<Identity, FixedState>,
    near: Near,
}

impl<'w> Scales<'w> {
    fn new(world: &'w World, limit: usize) -> Scales<'w> {
        let (cells, parts) = (HashSet::default(), HashSet::default());
        Scales { world, limit, total: 0, cells, parts, near: Near::default() }
    }

    fn weigh(&mut self, value: Value) {
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            if self.total > self.limit {
                return;
            }
            if value.identity().is_some_and(|identity| !self.parts.insert(identity)) {
                continue;
            }
            if !value.contents().has(Contents::CELLS) {
                self.total += size(&value, size_of::<Value>(), self.limit - self.total);
                continue;
            }
            self.total += size_of::<Value>();
            match &value {
                Value::Function(function) => {
                    for capture in &function.captures {
                        if let Capture::Cell(cell) = capture {
                            open.extend(self.held(cell));
                        }
                    }
                }
                Value::Stream(stream) => open.extend(self.held(stream.cursor())),
                _ => {}
            }
            open.extend(value.inside());
        }
    }

    /// What a variable holds that has not been weighed.
    fn held(&mut self, cell: &Arc<Cell>) -> Option<Value> {
        let is_new = self.cells.insert(cell.id);
        is_new.then(|| self.world.get(cell, &mut self.near))
    }
}
