//! Which parts of a value are one and the same.

use super::Value;
use std::mem::Discriminant;
use std::mem::discriminant;
use triomphe::Arc;

/// Tells a part that can be reached in several ways, as long as somebody holds it.
pub type Identity = (Discriminant<Value>, usize);

impl Value {
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
