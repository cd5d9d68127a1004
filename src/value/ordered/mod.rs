//! Insertion-ordered hash maps: what maps, sets and objects made from data are.

mod entries;
mod tree;

pub(super) use entries::Entries;
pub(super) use tree::Tree;

use super::Contents;
use super::shared::Flat;
use super::shared::Repr;
use super::shared::Shared;

/// A key of a table, and what it can be looked up by.
pub(super) trait TableKey: Clone {
    /// What it can be looked up by.
    type Query: ?Sized;

    /// The hash of a key, well mixed in all its bits.
    fn hash(query: &Self::Query) -> u64;

    /// Whether `query` asks for this key.
    fn is(&self, query: &Self::Query) -> bool;

    /// What asks for this key.
    fn query(&self) -> &Self::Query;
}

/// An insertion-ordered hash map. Overwriting keeps the position and the first key.
pub(super) struct Ordered<K: TableKey, V: Clone>(Shared<Entries<K, V>>)
where
    Entries<K, V>: Flat<Tree = Tree<K, V>>;

impl<K: TableKey, V: Clone> Ordered<K, V>
where
    Entries<K, V>: Flat<Tree = Tree<K, V>>,
{
    /// The empty map.
    pub(super) fn new() -> Ordered<K, V> {
        Ordered(Shared::new(Entries::default(), Contents::PLAIN))
    }

    /// How many entries it has.
    #[inline]
    pub(super) fn len(&self) -> usize {
        match self.0.repr() {
            Repr::Flat(entries) => entries.len(),
            Repr::Tree(entries) => entries.len(),
        }
    }

    /// The entry of the key that `query` asks for.
    #[inline]
    pub(super) fn get(&self, query: &K::Query) -> Option<(&K, &V)> {
        match self.0.repr() {
            Repr::Flat(entries) => entries.get(query),
            Repr::Tree(entries) => entries.get(query),
        }
    }

    /// The value of that key, to change; `adds` is what will be put into it.
    pub(super) fn get_mut(&mut self, query: &K::Query, adds: Contents) -> Option<&mut V> {
        match self.0.change(adds) {
            Repr::Flat(entries) => entries.get_mut(query),
            Repr::Tree(entries) => entries.get_mut(query),
        }
    }

    /// The value of that key, to be replaced by plain data: `None` when there is none or somebody else holds the map.
    #[inline]
    pub(super) fn own_value(&mut self, query: &K::Query) -> Option<&mut V> {
        match self.0.own()? {
            Repr::Flat(entries) => entries.get_mut(query),
            Repr::Tree(_) => None,
        }
    }

    /// Sets the value of `key`, and gives back the old one.
    pub(super) fn set(&mut self, key: K, value: V, adds: Contents) -> Option<V> {
        match self.0.change(adds) {
            Repr::Flat(entries) => entries.set(key, value),
            Repr::Tree(entries) => entries.set(key, value),
        }
    }

    /// Takes out the entry of the key that `query` asks for.
    pub(super) fn remove(&mut self, query: &K::Query) -> Option<(K, V)> {
        match self.0.change(Contents::PLAIN) {
            Repr::Flat(entries) => entries.remove(query),
            Repr::Tree(entries) => entries.remove(query),
        }
    }

    /// The entry at `cursor` or the next one after it; moves the cursor behind it. Starts at 0.
    #[inline]
    pub(super) fn next(&self, cursor: &mut usize) -> Option<(&K, &V)> {
        match self.0.repr() {
            Repr::Flat(entries) => entries.next(cursor),
            Repr::Tree(entries) => entries.next(cursor),
        }
    }

    /// All entries in order.
    pub(super) fn iter(&self) -> Iter<'_, K, V> {
        match self.0.repr() {
            Repr::Flat(entries) => Iter::flat(entries),
            Repr::Tree(entries) => Iter::tree(entries),
        }
    }

    /// All entries whose key may be the one that `query` asks for: their hash says so, or nobody knows.
    pub(super) fn candidates(&self, query: &K::Query) -> Vec<(&K, &V)> {
        match self.0.repr() {
            Repr::Flat(entries) => entries.candidates(query),
            Repr::Tree(entries) => entries.candidates(query),
        }
    }

    /// What keys and values may contain.
    #[inline]
    pub(super) fn contents(&self) -> Contents {
        self.0.contents()
    }

    /// Whether nobody else holds this map.
    pub(super) fn is_only(&self) -> bool {
        self.0.is_only()
    }

    /// How many handles there are on it; `None` when it is a tree.
    pub(super) fn holders(&self) -> Option<usize> {
        self.0.holders()
    }

    /// Where the entries are.
    pub(super) fn address(&self) -> usize {
        self.0.address()
    }

    /// Whether both are handles on the same map.
    pub(super) fn ptr_eq(&self, other: &Self) -> bool {
        self.0.ptr_eq(&other.0)
    }
}

impl<K: TableKey, V: Clone> Clone for Ordered<K, V>
where
    Entries<K, V>: Flat<Tree = Tree<K, V>>,
{
    #[inline]
    fn clone(&self) -> Self {
        Ordered(self.0.clone())
    }
}

/// The entries of a map in order.
pub(super) struct Iter<'a, K, V> {
    place: Place<'a, K, V>,
    left: usize,
}

enum Place<'a, K, V> {
    Flat(std::slice::Iter<'a, Option<(K, V)>>),
    Tree(Box<tree::Entries<'a, K, V>>),
}

impl<'a, K: TableKey, V: Clone> Iter<'a, K, V> {
    /// The entries of a block.
    pub(super) fn flat(entries: &'a Entries<K, V>) -> Self {
        Iter { place: Place::Flat(entries.slots()), left: entries.len() }
    }

    /// The entries of a tree.
    pub(super) fn tree(entries: &'a Tree<K, V>) -> Self {
        Iter { place: Place::Tree(Box::new(entries.entries())), left: entries.len() }
    }
}

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);

    #[inline]
    fn next(&mut self) -> Option<(&'a K, &'a V)> {
        let (key, value) = match &mut self.place {
            Place::Flat(slots) => slots.find_map(Option::as_ref)?,
            Place::Tree(entries) => entries.next()?.1,
        };
        self.left -= 1;
        Some((key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<K, V> ExactSizeIterator for Iter<'_, K, V> {}
