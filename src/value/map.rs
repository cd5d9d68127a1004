//! Maps: any value as key, matched by container equality.

use super::Contents;
use super::Key;
use super::Value;
use super::drain::Debris;
use super::ordered;
use super::ordered::Entries;
use super::ordered::Ordered;
use super::ordered::Tree;
use super::shared::Flat;
use super::shared::Repr;

/// An insertion-ordered map from values to values. Cloning shares, changing unshares.
#[derive(Clone)]
pub struct Map(Ordered<Key, Value>);

impl Map {
    /// The empty map.
    pub fn new() -> Map {
        Map(Ordered::new())
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of `key`.
    pub fn get(&self, key: &Value) -> Option<&Value> {
        self.0.get(key).map(|(_, value)| value)
    }

    /// The value of `key`, to change; `adds` is what will be put into it.
    pub fn get_mut(&mut self, key: &Value, adds: Contents) -> Option<&mut Value> {
        self.0.get_mut(key, adds)
    }

    /// The value of `key`, to be replaced by plain data: `None` when there is none or somebody else holds the map.
    #[inline]
    pub fn own_value(&mut self, key: &Value) -> Option<&mut Value> {
        self.0.own_value(key)
    }

    /// Sets the value of `key`; the first of equal keys is kept.
    pub fn set(&mut self, key: Value, value: Value) {
        let adds = Contents::of(&key).with(Contents::of(&value));
        self.0.set(Key::new(key), value, adds);
    }

    /// Takes out the entry of `key` and gives its value.
    pub fn remove(&mut self, key: &Value) -> Option<Value> {
        if !self.is_only() {
            self.get(key)?;
        }
        self.0.remove(key).map(|(_, value)| value)
    }

    /// The entry at `cursor` or the next one after it; moves the cursor behind it. Starts at 0.
    pub fn next(&self, cursor: &mut usize) -> Option<(&Value, &Value)> {
        self.0.next(cursor).map(|(key, value)| (key.value(), value))
    }

    /// All entries in order.
    pub fn iter(&self) -> Iter<'_> {
        Iter(self.0.iter())
    }

    /// What keys and values may contain.
    pub fn contents(&self) -> Contents {
        self.0.contents()
    }

    /// Whether nobody else holds this map.
    pub fn is_only(&self) -> bool {
        self.0.is_only()
    }

    /// How many handles there are on it; `None` when it is a tree.
    pub(super) fn holders(&self) -> Option<usize> {
        self.0.holders()
    }

    /// Where it is, which tells its handles from those of others.
    pub(super) fn address(&self) -> usize {
        self.0.address()
    }

    /// Whether both are handles on the same map.
    pub fn ptr_eq(&self, other: &Map) -> bool {
        self.0.ptr_eq(&other.0)
    }

    /// The entries whose key may equal `key`.
    pub(super) fn candidates<'a>(
        &'a self,
        key: &Value,
    ) -> impl Iterator<Item = (&'a Value, Option<&'a Value>)> + use<'a> {
        self.0.candidates(key).into_iter().map(|(key, value)| (key.value(), Some(value)))
    }
}

impl Default for Map {
    fn default() -> Map {
        Map::new()
    }
}

impl FromIterator<(Value, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (Value, Value)>>(entries: I) -> Map {
        let mut map = Map::new();
        entries.into_iter().for_each(|(key, value)| map.set(key, value));
        map
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = (&'a Value, &'a Value);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// The entries of a map.
pub struct Iter<'a>(ordered::Iter<'a, Key, Value>);

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a Value, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key.value(), value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl Flat for Entries<Key, Value> {
    type Tree = Tree<Key, Value>;

    fn weight(&self) -> usize {
        self.len()
    }

    fn to_tree(&self) -> Self::Tree {
        Tree::of(self)
    }

    fn shed(&mut self) -> bool {
        Entries::shed(self)
    }

    fn debris(repr: Repr<Self>) -> Debris {
        Debris::Map(repr)
    }
}
