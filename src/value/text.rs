//! Texts: what a string value and an object's key are.

use super::Name;
use super::Value;
use super::display::write_display;
use super::limit;
use crate::diag::Fault;
use lean_string::LeanString;
use std::borrow::Borrow;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::Hash;
use std::hash::Hasher;
use std::ops::Deref;
use triomphe::Arc;

/// A text of UTF-8. Up to sixteen bytes stand in the handle itself; more are shared: cloning counts a reference.
pub struct Text(Repr);

enum Repr {
    /// A short text, or one that has not been appended to.
    Lean(LeanString),
    /// One that grows in place while nobody else holds it, which [`LeanString`] does not tell.
    Grown(Arc<String>),
}

/// A text of so many bytes needs no memory.
pub(super) const SHORT: usize = size_of::<LeanString>();

/// Up to this many bytes copying a text is cheaper than keeping it in two allocations.
const FEW: usize = 256;

impl Text {
    /// The text as a slice.
    #[inline(always)]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Lean(text) => text.as_str(),
            Repr::Grown(text) => text.as_str(),
        }
    }

    /// A text that is likely to grow.
    pub(super) fn growing(text: String) -> Text {
        Text(match text.len() <= SHORT {
            true => Repr::Lean(LeanString::from(text.as_str())),
            false => Repr::Grown(Arc::new(text)),
        })
    }

    /// The display texts of `values` in a row.
    ///
    /// # Errors
    /// When it would be too long.
    pub fn of_all<'v>(values: impl IntoIterator<Item = &'v Value>) -> Result<Text, Fault> {
        let mut values = values.into_iter();
        let mut text = LeanString::new();
        match values.next() {
            // Sixteen bytes are copied at once.
            Some(Value::Str(Text(Repr::Lean(first)))) if !first.is_heap_allocated() => {
                text = first.clone();
            }
            Some(first) => write_display(first, &mut text)?,
            None => {}
        }
        values.try_for_each(|value| write_display(value, &mut text))?;
        Ok(Text(Repr::Lean(text)))
    }

    /// The text itself, to append to it: when nobody else holds it, and it is of those that grow in place.
    #[inline]
    pub fn own(&mut self) -> Option<&mut String> {
        match &mut self.0 {
            Repr::Lean(_) => None,
            Repr::Grown(text) => Arc::get_mut(text),
        }
    }

    /// Whether it owns no memory.
    #[inline(always)]
    pub fn is_short(&self) -> bool {
        match &self.0 {
            Repr::Lean(text) => !text.is_heap_allocated(),
            Repr::Grown(_) => false,
        }
    }

    /// Whether both are handles on one text, or short and equal.
    pub fn is_same(&self, other: &Text) -> bool {
        let is_one = self.as_ptr() == other.as_ptr() && self.len() == other.len();
        is_one || (self.is_short() && self == other)
    }
}

/// Whether two texts are equal. Most that are not differ in their length; of the short ones, which are most, the first
/// and the last bytes are compared as numbers, which overlap: no call and no loop.
#[inline]
pub(super) fn are_equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    match a.len() {
        0..4 => a.iter().zip(b).all(|(a, b)| a == b),
        4..8 => a.first_chunk::<4>() == b.first_chunk() && a.last_chunk::<4>() == b.last_chunk(),
        8..=16 => a.first_chunk::<8>() == b.first_chunk() && a.last_chunk::<8>() == b.last_chunk(),
        _ => std::ptr::eq(a, b) || a == b,
    }
}

impl Clone for Text {
    /// Three functions, so that each copies sixteen bytes at once. As one, and where it is inlined, the compiler copies
    /// them in four pieces, and whoever loads the copy next has to wait for all of them.
    #[inline(never)]
    fn clone(&self) -> Text {
        match &self.0 {
            Repr::Lean(text) => lean(text),
            Repr::Grown(text) => grown(text),
        }
    }
}

#[inline(never)]
fn lean(text: &LeanString) -> Text {
    Text(Repr::Lean(text.clone()))
}

#[inline(never)]
fn grown(text: &Arc<String>) -> Text {
    Text(Repr::Grown(text.clone()))
}

impl Default for Text {
    fn default() -> Text {
        Text::from("")
    }
}

impl Deref for Text {
    type Target = str;

    #[inline(always)]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Text {
    #[inline]
    fn eq(&self, other: &Text) -> bool {
        are_equal(self, other)
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Text) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Text) -> Ordering {
        self.as_str().cmp(other)
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl From<&str> for Text {
    #[inline]
    fn from(text: &str) -> Text {
        Text(Repr::Lean(LeanString::from(text)))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        match text.len() <= FEW {
            true => Text::from(text.as_str()),
            false => Text(Repr::Grown(Arc::new(text))),
        }
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Text {
        Text::from(text.as_str())
    }
}

impl From<Cow<'_, str>> for Text {
    fn from(text: Cow<'_, str>) -> Text {
        match text {
            Cow::Borrowed(text) => Text::from(text),
            Cow::Owned(text) => Text::from(text),
        }
    }
}

impl From<char> for Text {
    fn from(char: char) -> Text {
        Text(Repr::Lean(LeanString::from(char)))
    }
}

impl From<&Name> for Text {
    fn from(name: &Name) -> Text {
        Text::from(&**name)
    }
}

impl limit::Sink for LeanString {
    fn len(&self) -> usize {
        self.len()
    }

    fn truncate(&mut self, len: usize) {
        self.truncate(len);
    }
}
