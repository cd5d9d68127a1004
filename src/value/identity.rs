//! Which parts of a value are one and the same.

use super::Capture;
use super::Value;
use std::mem::Discriminant;
use std::mem::discriminant;
use triomphe::Arc;

/// Tells a part that can be reached in several ways, as long as somebody holds it.
pub type Identity = (Discriminant<Value>, usize);

impl Value {
    /// Whether `other` is this very value: equal numbers, handles on one thing. What is equal and stands elsewhere is not.
    pub fn is_same(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
            (Value::Native(a), Value::Native(b)) => a.id == b.id,
            (Value::Str(a), Value::Str(b)) => a.is_same(b),
            (Value::Marker(a), Value::Marker(b)) => Arc::ptr_eq(a, b),
            (Value::Handle(a), Value::Handle(b)) => a.address() == b.address(),
            (Value::Raised(a), Value::Raised(b)) => Arc::ptr_eq(a, b),
            (Value::Unset, Value::Unset)
            | (Value::Null, Value::Null)
            | (Value::None, Value::None) => true,
            _ => match (self.identity(), other.identity()) {
                (Some(a), Some(b)) => a == b,
                _ => false,
            },
        }
    }

    /// How many handles on it there are. `None` for what has nothing inside, and for a tree: others may hold parts of it.
    pub fn holders(&self) -> Option<usize> {
        match self {
            Value::Array(list) | Value::Tuple(list) => list.holders(),
            Value::Set(set) => set.holders(),
            Value::Map(map) => map.holders(),
            Value::Object(object) => object.holders(),
            Value::Ok(inner) | Value::Err(inner) | Value::Some(inner) | Value::Frozen(inner) => {
                Some(inner.holders())
            }
            Value::Function(function) => Some(Arc::count(function)),
            Value::Stream(stream) => Some(stream.holders()),
            _ => None,
        }
    }

    /// The values right inside of it, in order. What a function captured as a variable is none.
    pub fn inside(&self) -> Vec<Value> {
        match self {
            Value::Array(list) | Value::Tuple(list) => list.to_vec(),
            Value::Set(set) => set.iter().cloned().collect(),
            Value::Map(map) => {
                map.iter().flat_map(|(key, value)| [key.clone(), value.clone()]).collect()
            }
            Value::Object(object) => object.iter().map(|(_, value)| value.clone()).collect(),
            Value::Ok(inner) | Value::Err(inner) | Value::Some(inner) | Value::Frozen(inner) => {
                vec![inner.get().clone()]
            }
            Value::Function(function) => {
                let captures = function.captures.iter();
                captures
                    .filter_map(|capture| match capture {
                        Capture::Value(value) => Some(value.clone()),
                        Capture::Cell(_) => None,
                    })
                    .collect()
            }
            Value::Stream(stream) => stream.parts(),
            _ => Vec::new(),
        }
    }

    /// Its identity; `None` for what has nothing inside.
    pub fn identity(&self) -> Option<Identity> {
        let address = match self {
            Value::Array(list) | Value::Tuple(list) => list.address(),
            Value::Set(set) => set.address(),
            Value::Map(map) => map.address(),
            Value::Object(object) => object.address(),
            Value::Ok(inner) | Value::Err(inner) | Value::Some(inner) | Value::Frozen(inner) => {
                inner.address()
            }
            Value::Function(function) => Arc::as_ptr(function) as usize,
            Value::Stream(stream) => stream.address(),
            _ => return None,
        };
        Some((discriminant(self), address))
    }
}
