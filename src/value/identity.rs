//! Which parts of a value are one and the same.

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
            (Value::Str(a), Value::Str(b)) => Arc::ptr_eq(a, b),
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
