//! Lists: what arrays and tuples hold.

use super::Contents;
use super::Value;
use super::drain::Debris;
use super::shared::Flat;
use super::shared::Repr;
use super::shared::Shared;
use im::Vector;
use im::shared_ptr::DefaultSharedPtr;
use std::ops::Range;

/// A list of values. Cloning shares, changing unshares.
#[derive(Clone)]
pub struct List(Shared<Vec<Value>>);

impl List {
    /// The empty list.
    pub fn new() -> List {
        List::from(Vec::new())
    }

    /// How many elements it has.
    #[inline(always)]
    pub fn len(&self) -> usize {
        match self.0.repr() {
            Repr::Flat(items) => items.len(),
            Repr::Tree(items) => items.len(),
        }
    }

    /// Whether it has none.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at `index`.
    #[inline(always)]
    pub fn get(&self, index: usize) -> Option<&Value> {
        match self.0.repr() {
            Repr::Flat(items) => items.get(index),
            Repr::Tree(items) => tree_get(items, index),
        }
    }

    /// All elements in order.
    pub fn iter(&self) -> Iter<'_> {
        Iter(match self.0.repr() {
            Repr::Flat(items) => Place::Flat(items.iter()),
            Repr::Tree(items) => Place::Tree(Box::new(items.iter())),
        })
    }

    /// Adds an element at the end.
    #[inline(always)]
    pub fn push(&mut self, value: Value) {
        match self.0.change(Contents::of(&value)) {
            Repr::Flat(items) => items.push(value),
            Repr::Tree(items) => tree_push(items, value),
        }
    }

    /// Takes the last element.
    pub fn pop(&mut self) -> Option<Value> {
        if self.is_empty() {
            return None;
        }
        match self.0.change(Contents::PLAIN) {
            Repr::Flat(items) => items.pop(),
            Repr::Tree(items) => items.pop_back(),
        }
    }

    /// Replaces the element at `index`, which must exist.
    #[inline(always)]
    pub fn set(&mut self, index: usize, value: Value) {
        match self.0.change(Contents::of(&value)) {
            Repr::Flat(items) => {
                items[index].store(value);
            }
            Repr::Tree(items) => tree_set(items, index, value),
        }
    }

    /// The element at `index` to change; `adds` is what will be put into it.
    #[inline(always)]
    pub fn get_mut(&mut self, index: usize, adds: Contents) -> Option<&mut Value> {
        match self.0.change(adds) {
            Repr::Flat(items) => items.get_mut(index),
            Repr::Tree(items) => items.get_mut(index),
        }
    }

    /// The element at `index`, to be replaced by plain data: `None` when there is none or somebody else holds the list.
    #[inline(always)]
    pub fn own_slot(&mut self, index: usize) -> Option<&mut Value> {
        match self.0.own()? {
            Repr::Flat(items) => items.get_mut(index),
            Repr::Tree(_) => None,
        }
    }

    /// The elements, to append plain data: `None` when there is no room or somebody else holds the list.
    #[inline(always)]
    pub fn own_room(&mut self) -> Option<&mut Vec<Value>> {
        match self.0.own()? {
            Repr::Flat(items) if items.len() < items.capacity() => Some(items),
            _ => None,
        }
    }

    /// The elements of `range`, which must exist.
    pub fn slice(&self, range: Range<usize>) -> List {
        match self.0.repr() {
            Repr::Flat(items) => List::from(items[range].to_vec()),
            Repr::Tree(items) => {
                let part = items.clone().slice(range);
                List(Shared::from_repr(Repr::Tree(Box::new(part)), self.contents()))
            }
        }
    }

    /// What the elements may contain.
    #[inline(always)]
    pub fn contents(&self) -> Contents {
        self.0.contents()
    }

    /// The elements as a vector of their own.
    pub fn to_vec(&self) -> Vec<Value> {
        match self.0.repr() {
            Repr::Flat(items) => items.clone(),
            Repr::Tree(items) => items.iter().cloned().collect(),
        }
    }

    /// The elements as a vector, moved when this is the only handle.
    pub fn into_vec(self) -> Vec<Value> {
        match self.0.into_repr() {
            Ok(Repr::Flat(items)) => items,
            Ok(Repr::Tree(items)) => items.iter().cloned().collect(),
            Err(shared) => List(shared).to_vec(),
        }
    }

    /// Whether nobody else holds this list.
    #[inline]
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

    /// Whether it has become a tree.
    #[cfg(test)]
    pub(super) fn is_tree(&self) -> bool {
        matches!(self.0.repr(), Repr::Tree(_))
    }

    /// Whether both are handles on the same list.
    #[inline]
    pub fn ptr_eq(&self, other: &List) -> bool {
        self.0.ptr_eq(&other.0)
    }
}

impl Default for List {
    fn default() -> List {
        List::new()
    }
}

impl From<Vec<Value>> for List {
    fn from(items: Vec<Value>) -> List {
        let contents = Contents::of_all(&items);
        List(Shared::new(items, contents))
    }
}

impl FromIterator<Value> for List {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> List {
        List::from(Vec::from_iter(items))
    }
}

impl<'a> IntoIterator for &'a List {
    type Item = &'a Value;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// The elements of a list.
pub struct Iter<'a>(Place<'a>);

enum Place<'a> {
    Flat(std::slice::Iter<'a, Value>),
    Tree(Box<im::vector::Iter<'a, Value, DefaultSharedPtr>>),
}

impl<'a> Iterator for Iter<'a> {
    type Item = &'a Value;

    #[inline]
    fn next(&mut self) -> Option<&'a Value> {
        match &mut self.0 {
            Place::Flat(items) => items.next(),
            Place::Tree(items) => items.next(),
        }
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            Place::Flat(items) => items.size_hint(),
            Place::Tree(items) => items.size_hint(),
        }
    }
}

impl DoubleEndedIterator for Iter<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Place::Flat(items) => items.next_back(),
            Place::Tree(items) => items.next_back(),
        }
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl Flat for Vec<Value> {
    type Tree = Vector<Value>;

    fn weight(&self) -> usize {
        self.len()
    }

    fn to_tree(&self) -> Vector<Value> {
        self.iter().cloned().collect()
    }

    #[inline]
    fn shed(&mut self) -> bool {
        self.pop().is_some()
    }

    fn debris(repr: Repr<Self>) -> Debris {
        Debris::List(repr)
    }
}

#[inline(never)]
fn tree_get(items: &Vector<Value>, index: usize) -> Option<&Value> {
    items.get(index)
}

#[inline(never)]
fn tree_push(items: &mut Vector<Value>, value: Value) {
    items.push_back(value);
}

#[inline(never)]
fn tree_set(items: &mut Vector<Value>, index: usize, value: Value) {
    items.set(index, value);
}
