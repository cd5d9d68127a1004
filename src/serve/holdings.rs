//! What a WebSocket connection holds from message to message: each begins with an account from which that is taken.
//!
//! An account of a message knows what was allocated and freed by it alone. What another frees, a message for another
//! world, it counts as held for ever. So when a connection seems to hold much more than before, its variables are
//! weighed, where that delays nobody.

use crate::engine::Template;
use crate::machine::Budget;
use crate::machine::Limits;
use crate::world::Snapshot;
use crate::world::World;
use std::sync::Arc;

/// A part of the memory limit; so much more is worth weighing what is there.
const PART: usize = 8;

/// What one connection holds.
pub(super) struct Holdings {
    limits: Limits,
    /// The world as the connection found it.
    found: Arc<Snapshot>,
    held: usize,
    /// What it held when it was weighed.
    weighed: usize,
    /// Whether nobody knows what the last message has left.
    is_unknown: bool,
}

/// Weighs what a world holds.
pub(super) struct Scales {
    world: triomphe::Arc<World>,
    found: Arc<Snapshot>,
    limits: Limits,
    /// It is no more than that.
    most: usize,
}

impl Holdings {
    /// A connection that has just begun in the world of `template` holds nothing.
    pub(super) fn new(template: &Template, limits: Limits) -> Holdings {
        let found = Arc::new(template.world.snapshot());
        Holdings { limits, found, held: 0, weighed: 0, is_unknown: false }
    }

    /// The account of the next message.
    pub(super) fn account(&self) -> Budget {
        Budget::holding(self.limits, self.held)
    }

    /// Bytes that it holds, as far as known.
    pub(super) fn held(&self) -> usize {
        self.held
    }

    /// What the next message has to weigh first, if it has to.
    pub(super) fn scales(&self, world: &triomphe::Arc<World>) -> Option<Scales> {
        let limit = self.limits.memory?;
        let seems_more = self.held.saturating_sub(self.weighed) > limit / PART;
        (self.is_unknown || seems_more).then(|| Scales {
            world: world.clone(),
            found: self.found.clone(),
            limits: self.limits,
            most: if self.is_unknown { usize::MAX } else { self.held },
        })
    }

    /// What the connection held when it was weighed.
    pub(super) fn weighed(&mut self, held: usize) {
        (self.held, self.weighed, self.is_unknown) = (held, held, false);
    }

    /// A message has ended, and this is its account.
    pub(super) fn settle(&mut self, account: &Budget) {
        self.held = account.held();
        self.weighed = self.weighed.min(self.held);
    }

    /// A message has ended, and its account is lost.
    pub(super) fn lose(&mut self) {
        self.is_unknown = true;
    }
}

impl Scales {
    /// What the world holds; this takes long.
    pub(super) fn weigh(&self) -> usize {
        let limit = self.limits.memory.unwrap_or(usize::MAX);
        self.world.weight(&self.found, limit).min(self.most)
    }

    /// An account from which so many bytes are taken.
    pub(super) fn account(&self, bytes: usize) -> Budget {
        Budget::holding(self.limits, bytes)
    }
}
