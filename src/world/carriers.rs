//! What carries values between worlds, and cycles through it: channels in one another's unread messages, tasks in one
//! another's results. Counting alone keeps them for ever.
//!
//! A carrier is noted in the world that first puts a handle into it. When that world ends, and whenever a world that
//! goes on has noted twice as many, those that only hold one another are emptied. What is still in use goes on, for
//! all worlds, and is looked at again with the parent's.
//!
//! Invariant: nothing but a parcel holds the containers and functions around the handles in it, so counting the
//! handles tells whether anybody else can reach a carrier (`tests/leaks.rs`).

use super::Parcel;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Weak;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

/// A channel or a task: it keeps parcels.
pub trait Carrier: Send + Sync {
    /// Its parcels; while the guard lives, nobody else gets at them.
    fn open(&self) -> Box<dyn Parcels + '_>;

    /// Whether a world has noted it.
    fn noted(&self) -> &AtomicBool;
}

/// The parcels of a carrier.
pub trait Parcels {
    /// Shows all of them.
    fn each(&self, look: &mut dyn FnMut(&Parcel));

    /// Takes all of them out.
    fn take(&mut self) -> Vec<Parcel>;
}

/// The carriers that a world has noted.
#[derive(Default)]
pub(super) struct Carriers {
    all: Vec<Weak<dyn Carrier>>,
    /// How many are too many.
    limit: usize,
}

/// Worlds with fewer are not worth a sweep.
const FEW: usize = 16;

impl Carriers {
    /// One more, unless it is noted. What is to be swept, when there are too many; then [`Carriers::settle`].
    pub(super) fn note(&mut self, carrier: &Arc<impl Carrier + 'static>) -> Option<Carriers> {
        if carrier.noted().swap(true, Relaxed) {
            return None;
        }
        self.add(Arc::downgrade(carrier) as Weak<dyn Carrier>)
    }

    /// Those of a world that has ended. The same as of [`Carriers::note`].
    pub(super) fn adopt(&mut self, others: Carriers) -> Option<Carriers> {
        others.all.into_iter().fold(None, |due, carrier| due.or(self.add(carrier)))
    }

    fn add(&mut self, carrier: Weak<dyn Carrier>) -> Option<Carriers> {
        self.all.push(carrier);
        if self.all.len() < self.limit.max(FEW) {
            return None;
        }
        // Nobody else begins with it meanwhile.
        self.limit = usize::MAX;
        Some(Carriers { all: self.all.clone(), limit: 0 })
    }

    /// It has been swept: twice as many as are left are too many.
    pub(super) fn settle(&mut self) {
        self.all.retain(|carrier| carrier.strong_count() > 0);
        self.limit = 2 * self.all.len();
    }

    /// Nobody will look at them again.
    pub(super) fn forget(self) {
        for carrier in self.all.iter().filter_map(Weak::upgrade) {
            carrier.noted().store(false, Relaxed);
        }
    }

    /// Empties those that only hold one another; the others are left.
    pub(super) fn sweep(self) -> Carriers {
        let mut all: Vec<Arc<dyn Carrier>> = self.all.iter().filter_map(Weak::upgrade).collect();
        // In one order, so that two who sweep do not wait for each other.
        all.sort_unstable_by_key(address);
        all.dedup_by_key(|carrier| address(carrier));
        let mut emptied = Vec::new();
        let mut left = Carriers::default();
        {
            let mut open: Vec<_> = all.iter().map(|carrier| carrier.open()).collect();
            let is_live = reached(&all, &open);
            for (at, is_live) in is_live.into_iter().enumerate() {
                match is_live {
                    true => left.all.push(Arc::downgrade(&all[at])),
                    false => emptied.extend(open[at].take()),
                }
            }
        }
        drop(emptied);
        left
    }
}

fn address(carrier: &Arc<dyn Carrier>) -> usize {
    Arc::as_ptr(carrier).cast::<()>() as usize
}

/// The handles in parcels that share one counted box: how often it lies in them, and how often it is held at all.
struct Shared {
    found: usize,
    held: usize,
    /// The number of the carrier that it is a handle on.
    target: usize,
}

/// Which carriers somebody can reach who is none of them.
fn reached(all: &[Arc<dyn Carrier>], open: &[Box<dyn Parcels + '_>]) -> Vec<bool> {
    let numbers: HashMap<usize, usize, FixedState> =
        all.iter().enumerate().map(|(number, carrier)| (address(carrier), number)).collect();
    let mut shared: HashMap<usize, Shared, FixedState> = HashMap::default();
    let mut edges: Vec<Vec<usize>> = vec![Vec::new(); all.len()];
    for (number, parcels) in open.iter().enumerate() {
        parcels.each(&mut |parcel| {
            for handle in parcel.handles() {
                let Some(target) = numbers.get(&handle.address()).copied() else { continue };
                edges[number].push(target);
                let held = handle.count();
                let one = Shared { found: 0, held, target };
                shared.entry(handle.identity()).or_insert(one).found += 1;
            }
        });
    }
    let mut within = vec![0; all.len()];
    shared
        .values()
        .filter(|handle| handle.found == handle.held)
        .for_each(|h| within[h.target] += 1);
    // One is ours.
    let mut is_live: Vec<bool> = all
        .iter()
        .zip(within)
        .map(|(carrier, within)| Arc::strong_count(carrier) > within + 1)
        .collect();
    let mut pending: Vec<usize> = (0..all.len()).filter(|number| is_live[*number]).collect();
    while let Some(number) = pending.pop() {
        for target in &edges[number] {
            if !std::mem::replace(&mut is_live[*target], true) {
                pending.push(*target);
            }
        }
    }
    is_live
}
