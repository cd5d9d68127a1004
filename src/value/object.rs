//! Objects: text keys in insertion order.
//!
//! An object that a literal makes shares the names of its fields with all others from there and keeps only the values;
//! one made from data, or one that got or lost a key, keeps its own keys. Nobody outside can tell.

use super::Contents;
use super::Shape;
use super::Text;
use super::Value;
use super::compare::hash_text;
use super::drain::Debris;
use super::ordered;
use super::ordered::Entries;
use super::ordered::TableKey;
use super::ordered::Tree;
use super::shared::Flat;
use super::shared::Repr;
use super::shared::Shared;
use super::text::are_equal;
use std::sync::Arc;

/// An object. Cloning shares, changing unshares.
#[derive(Clone)]
pub struct Object(Shared<Fields>);

/// The fields in one block.
#[derive(Clone)]
pub(super) enum Fields {
    /// Names in the shape, values here, as many as there are names.
    Shaped { id: u32, shape: Arc<Shape>, values: Vec<Value> },
    /// Names and values here.
    Keyed(Entries<Text, Value>),
}

impl Object {
    /// The empty object.
    pub fn new() -> Object {
        Object::keyed(Entries::default(), Contents::PLAIN)
    }

    /// An object with the names of `shape` and as many `values`.
    #[inline]
    pub fn shaped(shape: Arc<Shape>, values: Vec<Value>) -> Object {
        assert_eq!(shape.names.len(), values.len(), "one value for each name");
        let contents = Contents::of_all(&values);
        Object(Shared::new(Fields::Shaped { id: shape.id, shape, values }, contents))
    }

    /// An object with these entries; the last of equal keys wins, in the place of the first.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (Text, Value)>) -> Object {
        let pairs = pairs.into_iter();
        let mut entries = Entries::with_capacity(pairs.size_hint().0);
        let mut contents = Contents::PLAIN;
        for (key, value) in pairs {
            contents = contents.with(Contents::of(&value));
            entries.set(key, value);
        }
        Object::keyed(entries, contents)
    }

    fn keyed(entries: Entries<Text, Value>, contents: Contents) -> Object {
        Object(Shared::new(Fields::Keyed(entries), contents))
    }

    /// The id of its shape; 0 when it has none.
    #[inline(always)]
    pub fn shape_id(&self) -> u32 {
        match self.0.repr() {
            Repr::Flat(Fields::Shaped { id, .. }) => *id,
            _ => 0,
        }
    }

    /// Its shape.
    pub fn shape(&self) -> Option<&Arc<Shape>> {
        match self.0.repr() {
            Repr::Flat(Fields::Shaped { shape, .. }) => Some(shape),
            _ => None,
        }
    }

    /// The value in a slot of its shape. The object has a shape, and that has the slot.
    #[inline(always)]
    pub fn slot(&self, slot: usize) -> &Value {
        match self.0.repr() {
            Repr::Flat(Fields::Shaped { values, .. }) => &values[slot],
            _ => shapeless(),
        }
    }

    /// The same, to change; `adds` is what will be put into it.
    #[inline(always)]
    pub fn slot_mut(&mut self, slot: usize, adds: Contents) -> &mut Value {
        match self.0.change(adds) {
            Repr::Flat(Fields::Shaped { values, .. }) => &mut values[slot],
            _ => shapeless(),
        }
    }

    /// The value in the slot that `find` knows for the shape's id, to be replaced by a number or the like: `None` when
    /// there is none or somebody else holds the object.
    #[inline(always)]
    pub fn own_slot(&mut self, find: impl FnOnce(u32) -> Option<u32>) -> Option<&mut Value> {
        match self.0.own()? {
            Repr::Flat(Fields::Shaped { id, values, .. }) if *id != 0 => {
                values.get_mut(find(*id)? as usize)
            }
            _ => None,
        }
    }

    /// The value of `key`, to be replaced by plain data: `None` when there is none or somebody else holds the object.
    #[inline]
    pub fn own_value(&mut self, key: &str) -> Option<&mut Value> {
        match self.0.own()? {
            Repr::Flat(Fields::Shaped { shape, values, .. })
                if !shape.is_tag(key) && !shape.is_module =>
            {
                shape.slot_of(key).map(|slot| &mut values[slot])
            }
            Repr::Flat(Fields::Keyed(entries)) => entries.get_mut(key),
            _ => None,
        }
    }

    /// Sets `key` to plain data, when that needs no more than storing it; whether it did.
    pub fn own_set(&mut self, key: &Text, value: &mut Value) -> bool {
        match self.0.own() {
            Some(Repr::Flat(Fields::Shaped { shape, values, .. }))
                if !shape.is_tag(key) && !shape.is_module =>
            {
                let slot = shape.slot_of(key).map(|slot| &mut values[slot]);
                slot.map(|slot| *slot = std::mem::take(value)).is_some()
            }
            Some(Repr::Flat(Fields::Keyed(entries))) => {
                entries.put(key, std::mem::take(value));
                true
            }
            _ => false,
        }
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self.0.repr() {
            Repr::Flat(Fields::Shaped { shape, values, .. }) => {
                shape.slot_of(key).map(|slot| &values[slot])
            }
            Repr::Flat(Fields::Keyed(entries)) => entries.get(key).map(|(_, value)| value),
            Repr::Tree(entries) => entries.get(key).map(|(_, value)| value),
        }
    }

    /// The value of `key`, to change; `adds` is what will be put into it.
    pub fn get_mut(&mut self, key: &str, adds: Contents) -> Option<&mut Value> {
        let fields = match self.0.change(adds) {
            Repr::Flat(fields) => fields,
            Repr::Tree(entries) => return entries.get_mut(key),
        };
        if matches!(fields, Fields::Shaped { shape, .. } if shape.is_tag(key)) {
            fields.keyed_mut();
        }
        match fields {
            Fields::Shaped { shape, values, .. } => {
                shape.slot_of(key).map(|slot| &mut values[slot])
            }
            Fields::Keyed(entries) => entries.get_mut(key),
        }
    }

    /// Sets the value of `key`, in its place or at the end.
    pub fn set(&mut self, key: &Text, value: Value) {
        let repr = self.0.change(Contents::of(&value));
        if let Repr::Flat(Fields::Shaped { shape, values, .. }) = repr
            && let Some(slot) = shape.slot_of(key)
            && !shape.is_tag(key)
        {
            values[slot] = value;
            return;
        }
        match repr {
            Repr::Flat(fields) => fields.keyed_mut().put(key, value),
            Repr::Tree(entries) => drop(entries.set(key.clone(), value)),
        }
    }

    /// Takes out the entry of `key` and gives its value.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        if !self.is_only() {
            self.get(key)?;
        }
        match self.0.change(Contents::PLAIN) {
            Repr::Flat(fields) => fields.keyed_mut().remove(key).map(|(_, value)| value),
            Repr::Tree(entries) => entries.remove(key).map(|(_, value)| value),
        }
    }

    /// How many entries it has.
    #[inline]
    pub fn len(&self) -> usize {
        match self.0.repr() {
            Repr::Flat(Fields::Shaped { values, .. }) => values.len(),
            Repr::Flat(Fields::Keyed(entries)) => entries.len(),
            Repr::Tree(entries) => entries.len(),
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry at `cursor` or the next one after it; moves the cursor behind it. Starts at 0.
    pub fn next(&self, cursor: &mut usize) -> Option<(&Text, &Value)> {
        match self.0.repr() {
            Repr::Flat(Fields::Shaped { shape, values, .. }) => {
                let entry = (shape.names.get(*cursor)?, values.get(*cursor)?);
                *cursor += 1;
                Some(entry)
            }
            Repr::Flat(Fields::Keyed(entries)) => entries.next(cursor),
            Repr::Tree(entries) => entries.next(cursor),
        }
    }

    /// All entries in order.
    pub fn iter(&self) -> Iter<'_> {
        match self.0.repr() {
            Repr::Flat(Fields::Shaped { shape, values, .. }) => {
                Iter(Place::Shaped(shape.names.iter().zip(values)))
            }
            Repr::Flat(Fields::Keyed(entries)) => Iter(Place::Keyed(ordered::Iter::flat(entries))),
            Repr::Tree(entries) => Iter(Place::Keyed(ordered::Iter::tree(entries))),
        }
    }

    /// What the values may contain.
    #[inline]
    pub fn contents(&self) -> Contents {
        self.0.contents()
    }

    /// Whether nobody else holds this object.
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

    /// Whether both are handles on the same object.
    pub fn ptr_eq(&self, other: &Object) -> bool {
        self.0.ptr_eq(&other.0)
    }
}

#[cold]
fn shapeless() -> ! {
    panic!("slots are those of the shape whose id was asked for")
}

/// Who gets a new key may get more.
const ROOM: usize = 4;

impl Fields {
    /// The entries with their own keys, whatever shape they had.
    fn keyed_mut(&mut self) -> &mut Entries<Text, Value> {
        if let Fields::Shaped { shape, values, .. } = self {
            let mut entries = Entries::with_capacity(values.len() + ROOM);
            for (name, value) in shape.names.iter().zip(std::mem::take(values)) {
                entries.set(name.clone(), value);
            }
            *self = Fields::Keyed(entries);
        }
        match self {
            Fields::Keyed(entries) => entries,
            Fields::Shaped { .. } => unreachable!("it has just been replaced"),
        }
    }
}

impl Default for Object {
    fn default() -> Object {
        Object::new()
    }
}

impl FromIterator<(Text, Value)> for Object {
    fn from_iter<I: IntoIterator<Item = (Text, Value)>>(pairs: I) -> Object {
        Object::from_pairs(pairs)
    }
}

impl<'a> IntoIterator for &'a Object {
    type Item = (&'a Text, &'a Value);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// The entries of an object.
pub struct Iter<'a>(Place<'a>);

enum Place<'a> {
    Shaped(std::iter::Zip<std::slice::Iter<'a, Text>, std::slice::Iter<'a, Value>>),
    Keyed(ordered::Iter<'a, Text, Value>),
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a Text, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Place::Shaped(entries) => entries.next(),
            Place::Keyed(entries) => entries.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            Place::Shaped(entries) => entries.size_hint(),
            Place::Keyed(entries) => entries.size_hint(),
        }
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl TableKey for Text {
    type Query = str;

    fn hash(query: &str) -> u64 {
        hash_text(query)
    }

    #[inline]
    fn is(&self, query: &str) -> bool {
        are_equal(self, query)
    }

    fn query(&self) -> &str {
        self
    }
}

impl Default for Fields {
    fn default() -> Fields {
        Fields::Keyed(Entries::default())
    }
}

impl Flat for Fields {
    type Tree = Tree<Text, Value>;

    fn weight(&self) -> usize {
        match self {
            // Slots must stay slots: a shaped object is as large as a literal in a program.
            Fields::Shaped { .. } => 0,
            Fields::Keyed(entries) => entries.len(),
        }
    }

    fn to_tree(&self) -> Self::Tree {
        match self {
            Fields::Keyed(entries) => Tree::of(entries),
            Fields::Shaped { .. } => Tree::of(self.clone().keyed_mut()),
        }
    }

    fn shed(&mut self) -> bool {
        match self {
            Fields::Shaped { values, .. } => values.pop().is_some(),
            Fields::Keyed(entries) => entries.shed(),
        }
    }

    fn debris(repr: Repr<Self>) -> Debris {
        Debris::Object(repr)
    }
}
