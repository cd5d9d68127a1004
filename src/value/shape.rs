//! Shapes: the field names of objects that one place in a program makes.

use super::Text;
use super::compare::hash_text;
use crate::program::KEYS;
use hashbrown::HashTable;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

/// The names of an object's fields, in order. Made from program text only, so their number is bounded.
#[derive(Debug)]
pub struct Shape {
    /// Its identity; 0 for shapes that came too late to be told apart.
    pub id: u32,
    /// Whether all its objects have the same `__type__`, and the same `__variant__` if they have one.
    pub is_typed: bool,
    /// Whether it is that of a built-in module, which nobody changes.
    pub is_module: bool,
    /// The names, each once.
    pub names: Vec<Text>,
    /// Where each name is; missing while there are few.
    index: Option<HashTable<u32>>,
}

/// Up to this many names are looked through one by one.
const FEW: usize = 8;

/// Lower numbers stand for kinds of values without a shape, in the caches of method calls.
static NEXT: AtomicU32 = AtomicU32::new(8);

impl Shape {
    /// A shape with these names, no two of them equal.
    pub fn new(names: Vec<Text>) -> Arc<Shape> {
        Shape::with(names, false, false)
    }

    /// The shape of a built-in module.
    pub fn module(names: Vec<Text>) -> Arc<Shape> {
        Shape::with(names, false, true)
    }

    /// A shape of the instances of one struct, or the values of one variant.
    pub fn typed(names: Vec<Text>) -> Arc<Shape> {
        Shape::with(names, true, false)
    }

    fn with(names: Vec<Text>, is_typed: bool, is_module: bool) -> Arc<Shape> {
        let hash = |slot: &u32| hash_text(&names[*slot as usize]);
        let index = (names.len() > FEW).then(|| {
            let mut index = HashTable::with_capacity(names.len());
            for slot in 0..names.len() as u32 {
                index.insert_unique(hash(&slot), slot, hash);
            }
            index
        });
        let id = NEXT.fetch_update(Relaxed, Relaxed, |id| (id < KEYS).then_some(id + 1));
        Arc::new(Shape { id: id.unwrap_or(0), is_typed, is_module, names, index })
    }

    /// Whether the field tells the type of all objects of this shape: one that changes it takes another shape.
    pub fn is_tag(&self, name: &str) -> bool {
        self.is_typed && matches!(name, "__type__" | "__variant__")
    }

    /// The slot of the field `name`.
    #[inline]
    pub fn slot_of(&self, name: &str) -> Option<usize> {
        match &self.index {
            None => self.names.iter().position(|each| each.as_str() == name),
            Some(index) => index
                .find(hash_text(name), |slot| self.names[*slot as usize].as_str() == name)
                .map(|slot| *slot as usize),
        }
    }
}
