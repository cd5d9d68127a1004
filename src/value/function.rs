//! Functions as values: compiled code and what it captured.

use super::Cell;
use super::Contents;
use super::Name;
use super::Object;
use super::Shape;
use super::Text;
use super::Value;
use crate::program::Label;
use std::sync::Arc;

/// Number of a chunk of code in its program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChunkId(pub u32);

/// A function or lambda of the program.
pub struct Function {
    /// Its code.
    pub chunk: ChunkId,
    /// How it shows.
    pub label: Label,
    /// What it captured, in the order its code numbers them.
    pub captures: Vec<Capture>,
    /// What they may contain. Kept: asking a chain of a million functions would recurse.
    contents: Contents,
}

/// Something captured.
pub enum Capture {
    /// A variable that never changes after the capture.
    Value(Value),
    /// A variable that may change.
    Cell(Arc<Cell>),
}

impl Function {
    /// A function with the code `chunk`.
    pub fn new(chunk: ChunkId, label: Label, captures: Vec<Capture>) -> Function {
        let contents = contents_of(&captures);
        Function { chunk, label, captures, contents }
    }

    /// `Function`, `Lambda` or `BuiltIn`.
    pub fn kind(&self) -> &'static str {
        match self.label {
            Label::Lambda => "Lambda",
            Label::Function(_) => "Function",
            Label::BuiltIn(_) => "BuiltIn",
        }
    }

    /// What it may contain.
    pub fn contents(&self) -> Contents {
        self.contents
    }
}

/// What a function with these captures may contain.
fn contents_of(captures: &[Capture]) -> Contents {
    captures.iter().fold(Contents::PLAIN, |all, capture| {
        all.with(Contents::NESTED).with(Contents::CAPTURES).with(match capture {
            Capture::Value(value) => value.contents(),
            Capture::Cell(_) => Contents::CELLS,
        })
    })
}

impl Drop for Function {
    fn drop(&mut self) {
        if !self.captures.is_empty() {
            super::drain::drop_captures(std::mem::take(&mut self.captures));
        }
    }
}

/// A builtin function as a value: its row in the registry and the name it shows.
#[derive(Debug)]
pub struct Native {
    /// Row in the registry.
    pub id: usize,
    /// Its name, with its module: `len`, `math.sqrt`.
    pub name: &'static str,
}

/// Names of types and their constructors, as values.
#[derive(Debug, PartialEq, Eq)]
pub enum Marker {
    /// A struct name.
    Struct(Name),
    /// An algebraic type's name.
    Type(Name),
    /// A variant with fields.
    Variant(Variant),
}

/// A variant of an algebraic type.
#[derive(Debug)]
pub struct Variant {
    /// Its type.
    pub ty: Text,
    /// Its own name.
    pub name: Text,
    /// How many fields it takes.
    pub arity: usize,
    /// The shape of its values: type and name, then the fields.
    pub shape: Arc<Shape>,
}

impl Variant {
    /// The value with these fields, as many as it takes.
    pub fn value(&self, fields: impl IntoIterator<Item = Value>) -> Value {
        let mut values = Vec::with_capacity(2 + self.arity);
        values.extend([Value::Str(self.ty.clone()), Value::Str(self.name.clone())]);
        values.extend(fields);
        Value::Object(Object::shaped(self.shape.clone(), values))
    }
}

/// Each declaration makes shapes of its own; the variants are what the program calls the same.
impl PartialEq for Variant {
    fn eq(&self, other: &Variant) -> bool {
        (&self.ty, &self.name, self.arity) == (&other.ty, &other.name, other.arity)
    }
}

impl Eq for Variant {}

impl std::fmt::Display for Marker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Marker::Struct(name) => write!(f, "struct:{name}"),
            Marker::Type(name) => write!(f, "type:{name}"),
            Marker::Variant(it) => write!(f, "adt:{}:{}:{}", it.ty, it.name, it.arity),
        }
    }
}
