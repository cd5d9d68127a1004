//! The persistent form: entries by sequence number, and sequence numbers by hash.
//!
//! Hashes, not keys, are what the inner trees know, so they never call back into comparing values: a set of trees in a
//! set of trees would otherwise compare on the Rust stack.

use super::Entries as Flat;
use super::TableKey;
use foldhash::fast::FixedState;
use im::GenericHashMap;
use im::OrdMap;
use im::shared_ptr::DefaultSharedPtr;

/// Entries in insertion order, sharing most of themselves with other versions.
#[derive(Clone)]
pub(in super::super) struct Tree<K, V> {
    entries: OrdMap<u64, (K, V)>,
    /// The sequence number of each key.
    places: GenericHashMap<Place, u64, FixedState, DefaultSharedPtr>,
    /// The next sequence number.
    next: u64,
}

/// The hash of a key, and the how-manieth it is of those with this hash: almost always 0, never with a gap.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Place {
    hash: u64,
    nth: u64,
}

/// The entries with their sequence numbers.
pub(super) type Entries<'a, K, V> = im::ordmap::Iter<'a, u64, (K, V), DefaultSharedPtr>;

impl<K: TableKey, V: Clone> Tree<K, V> {
    /// The same entries as `flat`.
    pub(in super::super) fn of(flat: &Flat<K, V>) -> Self {
        let mut tree =
            Tree { entries: OrdMap::new(), places: Default::default(), next: flat.len() as u64 };
        for (seq, (key, value)) in (0..).zip(flat.slots().flatten()) {
            tree.place(K::hash(key.query()), seq);
            tree.entries.insert(seq, (key.clone(), value.clone()));
        }
        tree
    }

    pub(in super::super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn entries(&self) -> Entries<'_, K, V> {
        self.entries.iter()
    }

    #[inline(never)]
    pub(in super::super) fn get(&self, query: &K::Query) -> Option<(&K, &V)> {
        let (_, _, entry) = self.find(query)?;
        Some((&entry.0, &entry.1))
    }

    #[inline(never)]
    pub(in super::super) fn get_mut(&mut self, query: &K::Query) -> Option<&mut V> {
        let (_, seq, _) = self.find(query)?;
        self.entries.get_mut(&seq).map(|(_, value)| value)
    }

    #[inline(never)]
    pub(in super::super) fn set(&mut self, key: K, value: V) -> Option<V> {
        if let Some(old) = self.get_mut(key.query()) {
            return Some(std::mem::replace(old, value));
        }
        self.place(K::hash(key.query()), self.next);
        self.entries.insert(self.next, (key, value));
        self.next += 1;
        None
    }

    #[inline(never)]
    pub(in super::super) fn remove(&mut self, query: &K::Query) -> Option<(K, V)> {
        let (place, seq, _) = self.find(query)?;
        let last = self.free(place.hash).nth - 1;
        let moved = self.places.remove(&Place { nth: last, ..place });
        if last != place.nth
            && let Some(moved) = moved
        {
            self.places.insert(place, moved);
        }
        self.entries.remove(&seq)
    }

    #[inline(never)]
    pub(in super::super) fn next(&self, cursor: &mut usize) -> Option<(&K, &V)> {
        let (seq, (key, value)) = self.entries.get_next(&(*cursor as u64))?;
        *cursor = *seq as usize + 1;
        Some((key, value))
    }

    pub(super) fn candidates(&self, query: &K::Query) -> Vec<(&K, &V)> {
        self.alike(K::hash(query)).map(|(_, _, entry)| (&entry.0, &entry.1)).collect()
    }

    /// The place, the sequence number and the entry of the key that `query` asks for.
    fn find(&self, query: &K::Query) -> Option<(Place, u64, &(K, V))> {
        self.alike(K::hash(query)).find(|(_, _, entry)| entry.0.is(query))
    }

    /// The same of all keys with this hash.
    fn alike(&self, hash: u64) -> impl Iterator<Item = (Place, u64, &(K, V))> {
        (0..).map_while(move |nth| {
            let place = Place { hash, nth };
            let seq = *self.places.get(&place)?;
            Some((place, seq, self.entries.get(&seq)?))
        })
    }

    /// The first place of this hash that no key has.
    fn free(&self, hash: u64) -> Place {
        let taken = (0..).take_while(|nth| self.places.contains_key(&Place { hash, nth: *nth }));
        Place { hash, nth: taken.count() as u64 }
    }

    fn place(&mut self, hash: u64, seq: u64) {
        self.places.insert(self.free(hash), seq);
    }
}
