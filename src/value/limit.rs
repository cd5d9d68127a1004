//! The longest text that a value can become.

use super::Value;
use super::layout::Layout;
use super::size::size;
use crate::diag::Fault;
use std::fmt;
use std::fmt::Write;

/// More bytes than this no text has.
pub const MOST_BYTES: usize = 1 << 30;

/// A text of more bytes is measured before it is written: a value can hold the same part 2^60 times.
const LONG: usize = 1 << 20;

/// A text that grows, and can be taken back.
pub trait Sink: Write {
    fn len(&self) -> usize;
    fn truncate(&mut self, len: usize);
}

impl Sink for String {
    fn len(&self) -> usize {
        self.len()
    }

    fn truncate(&mut self, len: usize) {
        self.truncate(len);
    }
}

/// Appends `value` in `layout`; nothing when the text would be too long.
pub(super) fn write(
    layout: &'static Layout,
    value: &Value,
    out: &mut impl Sink,
) -> Result<(), Fault> {
    let start = out.len();
    let most = MOST_BYTES.saturating_sub(start);
    if layout.write(value, &mut Limited { out, left: LONG.min(most) }).is_ok() {
        return Ok(());
    }
    out.truncate(start);
    // Each value in it takes a character and something between it and the next.
    let fits = size(value, 2, most) <= most;
    if fits && layout.write(value, &mut Limited { out, left: most }).is_ok() {
        return Ok(());
    }
    out.truncate(start);
    Err(Fault::TextTooLong)
}

/// A writer that fails after `left` more bytes.
pub(super) struct Limited<'a, W> {
    pub(super) out: &'a mut W,
    pub(super) left: usize,
}

impl<W: Write> Write for Limited<'_, W> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.left = self.left.checked_sub(text.len()).ok_or(fmt::Error)?;
        self.out.write_str(text)
    }

    #[inline]
    fn write_char(&mut self, char: char) -> fmt::Result {
        self.left = self.left.checked_sub(char.len_utf8()).ok_or(fmt::Error)?;
        self.out.write_char(char)
    }
}
