//! A variable that can change after someone else has seen it. Only `world` reads and writes the slot.

use super::Value;
use crate::sync::AtomicBool;
use crate::sync::Slot;
use std::cell::Cell as Local;
use std::sync::OnceLock;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

/// Identity of a variable: its copies in other worlds carry the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CellId(pub u64);

/// A stretch of the life of one world between two forks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Epoch(pub u64);

impl Epoch {
    /// An epoch that no world has had.
    pub fn fresh() -> Epoch {
        Epoch(fresh())
    }
}

/// A variable. Closures hold cells; what a cell holds depends on the world that looks.
pub struct Cell {
    /// Its identity.
    pub id: CellId,
    /// The epoch that may write the slot.
    pub home: Epoch,
    /// The value. Only `world` touches it.
    pub slot: Slot<Value>,
    /// Whether its world has noted that it may hold cells.
    pub is_suspect: AtomicBool,
    /// The value once another world or a later epoch has read it: it never changes again.
    pub frozen: OnceLock<Value>,
}

impl Cell {
    /// A new variable of the epoch `home`.
    pub fn new(home: Epoch, value: Value) -> Cell {
        Cell::copy(CellId(fresh()), home, value)
    }

    /// The same variable in another epoch.
    pub fn copy(id: CellId, home: Epoch, value: Value) -> Cell {
        LIVE.fetch_add(1, Relaxed);
        Cell {
            id,
            home,
            slot: Slot::new(value),
            is_suspect: AtomicBool::new(false),
            frozen: OnceLock::new(),
        }
    }

    /// How many cells exist in the process: what leak tests watch.
    pub fn live() -> i64 {
        LIVE.load(Relaxed)
    }

    /// Takes the contents out of a cell that nobody else holds.
    pub(super) fn empty(&mut self) -> [Option<Value>; 2] {
        [Some(std::mem::take(self.slot.get_mut())), self.frozen.take()]
    }
}

impl Drop for Cell {
    fn drop(&mut self) {
        LIVE.fetch_sub(1, Relaxed);
        let contents = self.empty();
        super::drain::drop_all(contents.into_iter().flatten());
    }
}

static LIVE: AtomicI64 = AtomicI64::new(0);
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Ids handed out by one thread at a time: threads do not fight over the counter.
const BLOCK: u64 = 1 << 16;

thread_local! {
    static IDS: Local<(u64, u64)> = const { Local::new((0, 0)) };
}

/// The identity of a new variable.
pub(super) fn fresh_id() -> CellId {
    CellId(fresh())
}

/// A number that nobody else gets.
fn fresh() -> u64 {
    IDS.with(|ids| {
        let (mut next, mut end) = ids.get();
        if next == end {
            next = NEXT.fetch_add(BLOCK, Relaxed);
            end = next + BLOCK;
        }
        ids.set((next + 1, end));
        next
    })
}
