//! Where something stands: byte ranges in numbered sources.

use std::fmt;

/// Number of a source text in a [`Sources`](super::Sources) table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SourceId(pub u32);

/// A half-open range of bytes in one source.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The text the range is of.
    pub source: SourceId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

/// Nothing with `{:-?}`: then trees that differ in nothing but places have one text.
impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.sign_minus() {
            return Ok(());
        }
        let mut shown = f.debug_struct("Span");
        shown.field("source", &self.source).field("start", &self.start).field("end", &self.end);
        shown.finish()
    }
}

impl Span {
    /// The range `start..end` of `source`.
    pub fn new(source: SourceId, start: u32, end: u32) -> Self {
        Span { source, start, end }
    }

    /// From the start of `self` to the end of `last`.
    pub fn to(self, last: Span) -> Self {
        Span { end: last.end.max(self.start), ..self }
    }
}
