//! The flat form: entries in a row, and an index by hash once there are more than a few.

use super::TableKey;
use hashbrown::HashTable;

/// Up to this many entries are looked through one by one, without hashing.
const FEW: usize = 8;

/// Entries in insertion order.
#[derive(Clone)]
pub(in super::super) struct Entries<K, V> {
    /// A removed entry leaves `None` behind.
    slots: Vec<Option<(K, V)>>,
    /// How many slots are not `None`.
    live: usize,
    /// Where each key is; missing while there are at most `FEW` slots.
    index: Option<Box<HashTable<Place>>>,
}

/// One key in the index.
#[derive(Clone, Copy)]
struct Place {
    hash: u32,
    slot: u32,
}

impl<K, V> Default for Entries<K, V> {
    #[inline]
    fn default() -> Self {
        Entries { slots: Vec::new(), live: 0, index: None }
    }
}

impl<K: TableKey, V> Entries<K, V> {
    /// Room for `n` entries.
    pub(in super::super) fn with_capacity(n: usize) -> Self {
        Entries { slots: Vec::with_capacity(n), live: 0, index: None }
    }

    /// How many entries there are.
    #[inline]
    pub(in super::super) fn len(&self) -> usize {
        self.live
    }

    /// All slots in order.
    #[inline]
    pub(super) fn slots(&self) -> std::slice::Iter<'_, Option<(K, V)>> {
        self.slots.iter()
    }

    #[inline]
    pub(in super::super) fn get(&self, query: &K::Query) -> Option<(&K, &V)> {
        let slot = self.find(query, self.hash(query))?;
        self.slots[slot].as_ref().map(|(key, value)| (key, value))
    }

    pub(in super::super) fn get_mut(&mut self, query: &K::Query) -> Option<&mut V> {
        let slot = self.find(query, self.hash(query))?;
        self.slots[slot].as_mut().map(|(_, value)| value)
    }

    pub(in super::super) fn set(&mut self, key: K, value: V) -> Option<V> {
        let hash = self.hash(key.query());
        if let Some(slot) = self.find(key.query(), hash)
            && let Some((_, old)) = &mut self.slots[slot]
        {
            return Some(std::mem::replace(old, value));
        }
        self.append(key, value, hash);
        None
    }

    /// The same for a key that is shared only when it is new.
    pub(in super::super) fn put(&mut self, key: &K, value: V) {
        let hash = self.hash(key.query());
        match self.find(key.query(), hash).and_then(|slot| self.slots[slot].as_mut()) {
            Some((_, old)) => *old = value,
            None => self.append(key.clone(), value, hash),
        }
    }

    pub(in super::super) fn remove(&mut self, query: &K::Query) -> Option<(K, V)> {
        let hash = self.hash(query);
        let slot = self.find(query, hash)?;
        if let (Some(index), Some(hash)) = (&mut self.index, hash)
            && let Ok(place) = index.find_entry(spread(hash), |place| place.slot as usize == slot)
        {
            place.remove();
        }
        let taken = self.slots[slot].take();
        self.live -= 1;
        while let Some(None) = self.slots.last() {
            self.slots.pop();
        }
        if self.slots.len() > 2 * self.live + FEW {
            self.compact();
        }
        taken
    }

    #[inline]
    pub(in super::super) fn next(&self, cursor: &mut usize) -> Option<(&K, &V)> {
        let rest = self.slots.get(*cursor..)?;
        let skipped = rest.iter().position(Option::is_some)?;
        *cursor += skipped + 1;
        rest[skipped].as_ref().map(|(key, value)| (key, value))
    }

    pub(super) fn candidates(&self, query: &K::Query) -> Vec<(&K, &V)> {
        let entry = |slot: usize| self.slots[slot].as_ref().map(|(key, value)| (key, value));
        match (&self.index, self.hash(query)) {
            (Some(index), Some(hash)) => index
                .iter_hash(spread(hash))
                .filter(|place| place.hash == hash)
                .filter_map(|place| entry(place.slot as usize))
                .collect(),
            _ => (0..self.slots.len()).filter_map(entry).collect(),
        }
    }

    /// Drops one entry or what one has left behind; `false` when there is none.
    #[inline]
    pub(in super::super) fn shed(&mut self) -> bool {
        self.slots.pop().is_some()
    }

    /// The hash of a key, if there is an index to use it with.
    #[inline]
    fn hash(&self, query: &K::Query) -> Option<u32> {
        self.index.as_ref().map(|_| K::hash(query) as u32)
    }

    #[inline]
    fn find(&self, query: &K::Query, hash: Option<u32>) -> Option<usize> {
        let is = |slot: &Option<(K, V)>| slot.as_ref().is_some_and(|(key, _)| key.is(query));
        match (&self.index, hash) {
            (Some(index), Some(hash)) => index
                .find(spread(hash), |place| {
                    place.hash == hash && is(&self.slots[place.slot as usize])
                })
                .map(|place| place.slot as usize),
            _ => self.slots.iter().position(is),
        }
    }

    fn append(&mut self, key: K, value: V, hash: Option<u32>) {
        let slot = self.slots.len() as u32;
        self.slots.push(Some((key, value)));
        self.live += 1;
        match (&mut self.index, hash) {
            (Some(index), Some(hash)) => {
                index.insert_unique(spread(hash), Place { hash, slot }, |place| spread(place.hash));
            }
            _ if self.slots.len() > FEW => self.compact(),
            _ => {}
        }
    }

    /// Closes the gaps, and makes the index anew.
    #[cold]
    fn compact(&mut self) {
        self.slots.retain(Option::is_some);
        if self.slots.len() <= FEW {
            self.index = None;
            return;
        }
        let mut index = HashTable::with_capacity(self.slots.len());
        for (slot, (key, _)) in self.slots.iter().flatten().enumerate() {
            let place = Place { hash: K::hash(key.query()) as u32, slot: slot as u32 };
            index.insert_unique(spread(place.hash), place, |place| spread(place.hash));
        }
        self.index = Some(Box::new(index));
    }
}

/// A hash for the table, which takes its tag from the top bits and its bucket from the low ones.
#[inline(always)]
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}
