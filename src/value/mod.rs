//! What a program can hold. Values are immutable; an update changes a handle's own copy, in place when it is the only one.

mod binary;
mod cell;
mod common;
mod compare;
mod display;
mod drain;
mod function;
mod handle;
mod hash;
mod identity;
mod json;
mod json_text;
mod known;
mod layout;
mod limit;
mod list;
mod map;
mod object;
mod ops;
mod ordered;
mod set;
mod shape;
mod shared;
mod size;
mod stream;
#[cfg(test)]
mod tests;
mod text;
mod wrapped;

pub use binary::from_bytes;
pub use binary::to_bytes;
pub use cell::Cell;
pub use cell::CellId;
pub use cell::Epoch;
pub use common::Common;
pub use common::Commons;
pub use common::Moment;
pub use common::Precedence;
pub use compare::Key;
pub use compare::equals;
pub use compare::equals_within;
pub use compare::order;
pub use compare::same;
pub use display::write_display;
pub use drain::drop_all;
pub use drain::drop_captures;
pub use function::Capture;
pub use function::ChunkId;
pub use function::Function;
pub use function::Marker;
pub use function::Native;
pub use function::Variant;
pub use handle::Counted;
pub use handle::Handle;
pub use handle::Resource;
pub use identity::Identity;
pub use json::from_json;
pub use json::write_json;
pub use json_text::JsonStyle;
pub use json_text::json_text;
pub use limit::MOST_BYTES;
pub use list::List;
pub use map::Map;
pub use object::Object;
pub use ops::Unary;
pub use set::Set;
pub use shape::Shape;
pub use size::size;
pub use stream::Pull;
pub use stream::PullState;
pub use stream::PullStep;
pub use stream::Recipe;
pub use stream::Stream;
pub use text::Text;
pub use wrapped::Wrapped;

use crate::diag::Error;
use std::sync::Arc as StdArc;
use triomphe::Arc;

/// The text of a name, shared with the program's code.
pub type Name = StdArc<str>;

/// Anything a variable can hold. Sixteen bytes; cloning costs at most one reference count.
#[derive(Clone, Default)]
pub enum Value {
    /// Text.
    Str(Text),
    /// `[a, b]`
    Array(List),
    /// `(a, b)`
    Tuple(List),
    /// `set([a, b])`
    Set(Set),
    /// `map([(k, v)])`
    Map(Map),
    /// `{ k: v }`, struct instances, variants, caught errors, modules.
    Object(Object),
    /// `Ok(v)`
    Ok(Wrapped),
    /// `Err(v)`
    Err(Wrapped),
    /// `Some(v)`
    Some(Wrapped),
    /// `freeze v`; never holds another frozen value.
    Frozen(Wrapped),
    /// A function or lambda of the program with what it captured.
    Function(Arc<Function>),
    /// A struct name, a type name, a constructor.
    Marker(Arc<Marker>),
    /// A channel, a task: the same for all worlds.
    Handle(Handle),
    /// A lazy stream.
    Stream(Stream),
    /// A pull of a stream under way; never seen by a program.
    Pull(Box<Pull>),
    /// A variable in a register or a global slot; never seen by a program.
    Cell(StdArc<Cell>),
    /// A shared variable in a global slot; never seen by a program.
    Common(StdArc<Common>),
    /// An error on its way through `finally`; never seen by a program.
    Raised(Arc<Error>),
    // What owns no memory comes last: then one comparison tells it from all others.
    /// A variable that exists and has no value yet; never seen by a program.
    Unset,
    /// `null`
    #[default]
    Null,
    /// `None`
    None,
    /// `true`, `false`
    Bool(bool),
    /// Signed 64-bit integer.
    Int(i64),
    /// IEEE double.
    Float(f64),
    /// A builtin function.
    Native(&'static Native),
}

const _: () = assert!(size_of::<Value>() == 16);

/// What a value may contain: sticky, answered in O(1) for every value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents(u8);

impl Contents {
    /// Numbers and text only.
    pub const PLAIN: Contents = Contents(0);
    /// Something that itself contains values: dropping it must not recurse.
    pub const NESTED: Contents = Contents(1);
    /// A closure over variables (or a stream): it must be copied when it leaves its world.
    pub const CELLS: Contents = Contents(2);
    /// A channel or a task, which may hold anything, also what holds it.
    pub const HANDLES: Contents = Contents(4);
    /// A function that captured something, be it a value that never changes.
    pub const CAPTURES: Contents = Contents(8);

    /// What `value` adds to the collection it goes into.
    #[inline(always)]
    pub fn of(value: &Value) -> Contents {
        if value.is_inline() { Contents::PLAIN } else { value.contents() }
    }

    /// What `values` add together.
    pub fn of_all(values: &[Value]) -> Contents {
        values.iter().fold(Contents::PLAIN, |all, value| all.with(Contents::of(value)))
    }

    /// Both together.
    pub fn with(self, other: Contents) -> Contents {
        Contents(self.0 | other.0)
    }

    /// Whether a cell that holds it may be part of a cycle.
    pub fn may_cycle(self) -> bool {
        self.0 & (Contents::CELLS.0 | Contents::HANDLES.0) != 0
    }

    /// Whether a shared variable may not hold it.
    pub fn is_bound(self) -> bool {
        self.0 & (Contents::CELLS.0 | Contents::CAPTURES.0) != 0
    }

    /// Whether all of `other` is in `self`.
    pub fn has(self, other: Contents) -> bool {
        self.0 & other.0 == other.0
    }
}

impl Value {
    /// A text value.
    pub fn text(text: impl Into<Text>) -> Value {
        Value::Str(text.into())
    }

    /// An array of `items`.
    pub fn array(items: Vec<Value>) -> Value {
        Value::Array(List::from(items))
    }

    /// The value behind a frozen wrapper, or the value itself.
    #[inline(always)]
    pub fn thawed(&self) -> &Value {
        match self {
            Value::Frozen(inner) => inner.get(),
            other => other,
        }
    }

    /// Whether it surely owns no memory, so that overwriting it costs nothing: a short text is not asked.
    #[inline(always)]
    pub fn is_inline(&self) -> bool {
        matches!(
            self,
            Value::Unset
                | Value::Null
                | Value::None
                | Value::Bool(_)
                | Value::Int(_)
                | Value::Float(_)
                | Value::Native(_)
        )
    }

    /// Overwrites it: dropping nothing costs nothing, not even a call.
    #[inline(always)]
    pub fn store(&mut self, value: Value) {
        if self.is_inline() {
            std::mem::forget(std::mem::replace(self, value));
        } else {
            *self = value;
        }
    }

    /// Moves it to `slot`. A number is written there as what it is: right after it was made, loading it as a whole
    /// would wait until the two stores that made it have arrived.
    #[inline(always)]
    pub fn move_to(&mut self, slot: &mut Value) {
        if let Value::Int(number) = self {
            slot.store(Value::Int(*number));
        } else if let Value::Float(number) = self {
            slot.store(Value::Float(*number));
        } else {
            slot.store(std::mem::take(self));
        }
    }

    /// The name that `typeof` gives (language-core 4.1).
    pub fn kind(&self) -> &'static str {
        match self.thawed() {
            Value::Unset | Value::Null => "Null",
            Value::Bool(_) => "Bool",
            Value::Int(_) => "Int",
            Value::Float(_) => "Float",
            Value::Str(_) => "String",
            Value::Array(_) => "Array",
            Value::Tuple(_) => "Tuple",
            Value::Set(_) => "Set",
            Value::Map(_) => "Map",
            Value::Object(_) => "Object",
            Value::Ok(_) | Value::Err(_) => "Result",
            Value::Some(_) | Value::None => "Option",
            Value::Function(function) => function.kind(),
            Value::Native(_) | Value::Marker(_) => "BuiltIn",
            Value::Handle(handle) => handle.kind(),
            Value::Stream(_) => "Stream",
            Value::Frozen(_) => "Frozen",
            Value::Pull(_) | Value::Cell(_) | Value::Common(_) | Value::Raised(_) => "Null",
        }
    }

    /// Truthiness (language-core 4.2).
    #[inline(always)]
    pub fn is_truthy(&self) -> bool {
        match self {
            Value::Bool(value) => *value,
            Value::Int(value) => *value != 0,
            other => other.is_truthy_rest(),
        }
    }

    #[inline(never)]
    fn is_truthy_rest(&self) -> bool {
        match self.thawed() {
            Value::Unset | Value::Null | Value::None | Value::Err(_) => false,
            Value::Bool(value) => *value,
            Value::Int(value) => *value != 0,
            Value::Float(value) => *value != 0.0,
            Value::Str(text) => !text.is_empty(),
            Value::Array(list) | Value::Tuple(list) => !list.is_empty(),
            Value::Set(set) => !set.is_empty(),
            Value::Map(map) => !map.is_empty(),
            Value::Object(object) => !object.is_empty(),
            _ => true,
        }
    }

    /// What it may contain.
    pub fn contents(&self) -> Contents {
        match self {
            Value::Array(list) | Value::Tuple(list) => list.contents().with(Contents::NESTED),
            Value::Set(set) => set.contents().with(Contents::NESTED),
            Value::Map(map) => map.contents().with(Contents::NESTED),
            Value::Object(object) => object.contents().with(Contents::NESTED),
            Value::Ok(inner) | Value::Err(inner) | Value::Some(inner) | Value::Frozen(inner) => {
                inner.contents().with(Contents::NESTED)
            }
            Value::Function(function) => function.contents(),
            Value::Handle(_) => Contents::NESTED.with(Contents::HANDLES),
            Value::Stream(_) | Value::Pull(_) | Value::Cell(_) => {
                Contents::NESTED.with(Contents::CELLS)
            }
            _ => Contents::PLAIN,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Value {
        Value::Float(value)
    }
}

impl From<Stream> for Value {
    fn from(stream: Stream) -> Value {
        Value::Stream(stream)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::text(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::text(value)
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}({self})", self.kind())
    }
}

/// Compiled code over values.
pub type Code = crate::program::Chunk<Value, StdArc<Shape>>;

/// A compiled program over values.
pub type Program = crate::program::Program<Value, StdArc<Shape>>;
