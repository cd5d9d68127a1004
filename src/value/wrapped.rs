//! The one value inside `Ok`, `Err`, `Some` and `freeze`.

use super::Contents;
use super::Value;
use triomphe::Arc;

/// A shared box around one value.
#[derive(Clone)]
pub struct Wrapped(Arc<Node>);

struct Node {
    value: Value,
    /// Of `value`. Kept: asking a chain of a million wrappers would recurse.
    contents: Contents,
}

impl Wrapped {
    /// A box around `value`.
    pub fn new(value: Value) -> Wrapped {
        let contents = value.contents();
        Wrapped(Arc::new(Node { value, contents }))
    }

    /// What is inside.
    #[inline(always)]
    pub fn get(&self) -> &Value {
        &self.0.value
    }

    /// What the value inside may contain.
    #[inline(always)]
    pub fn contents(&self) -> Contents {
        self.0.contents
    }

    /// How many handles there are on the box.
    pub(super) fn holders(&self) -> usize {
        Arc::count(&self.0)
    }

    /// Where the box is.
    pub(super) fn address(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }

    /// Whether both are handles on the same box.
    #[inline]
    pub fn ptr_eq(&self, other: &Wrapped) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if self.contents.has(Contents::NESTED) {
            super::drain::drop_all([std::mem::take(&mut self.value)]);
        }
    }
}
