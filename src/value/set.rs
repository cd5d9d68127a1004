//! Sets: distinct values in the order they came, matched by container equality.

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

/// An insertion-ordered set. Cloning shares, changing unshares.
#[derive(Clone)]
pub struct Set(Ordered<Key, ()>);

impl Set {
    /// The empty set.
    pub fn new() -> Set {
        Set(Ordered::new())
    }

    /// How many elements it has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether an element equals `value`.
    pub fn has(&self, value: &Value) -> bool {
        self.0.get(value).is_some()
    }

    /// Adds `value`; `false` when an equal element is there already.
    pub fn add(&mut self, value: Value) -> bool {
        if !self.is_only() && self.has(&value) {
            return false;
        }
        let adds = Contents::of(&value);
        self.0.set(Key::new(value), (), adds).is_none()
    }

    /// Takes out the element that equals `value`; `false` when there is none.
    pub fn remove(&mut self, value: &Value) -> bool {
        (self.is_only() || self.has(value)) && self.0.remove(value).is_some()
    }

    /// The element at `cursor` or the next one after it; moves the cursor behind it. Starts at 0.
    pub fn next(&self, cursor: &mut usize) -> Option<&Value> {
        self.0.next(cursor).map(|(key, ())| key.value())
    }

    /// All elements in order.
    pub fn iter(&self) -> Iter<'_> {
        Iter(self.0.iter())
    }

    /// What the elements may contain.
    pub fn contents(&self) -> Contents {
        self.0.contents()
    }

    /// Whether nobody else holds this set.
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

    /// Whether both are handles on the same set.
    pub fn ptr_eq(&self, other: &Set) -> bool {
        self.0.ptr_eq(&other.0)
    }

    /// The elements that may equal `value`.
    pub(super) fn candidates<'a>(
        &'a self,
        value: &Value,
    ) -> impl Iterator<Item = (&'a Value, Option<&'a Value>)> + use<'a> {
        self.0.candidates(value).into_iter().map(|(key, ())| (key.value(), None))
    }
}

impl Default for Set {
    fn default() -> Set {
        Set::new()
    }
}

impl FromIterator<Value> for Set {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Set {
        let mut set = Set::new();
        items.into_iter().for_each(|item| {
            set.add(item);
        });
        set
    }
}

impl<'a> IntoIterator for &'a Set {
    type Item = &'a Value;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// The elements of a set.
pub struct Iter<'a>(ordered::Iter<'a, Key, ()>);

impl<'a> Iterator for Iter<'a> {
    type Item = &'a Value;

    fn next(&mut self) -> Option<&'a Value> {
        self.0.next().map(|(key, ())| key.value())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl Flat for Entries<Key, ()> {
    type Tree = Tree<Key, ()>;

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
        Debris::Set(repr)
    }
}
