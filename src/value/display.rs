//! Display form: what `say`, `str` and interpolation show (language-core 4.3).

use super::Value;
use super::layout::PLAIN;
use super::limit;
use super::limit::Limited;
use crate::diag::Fault;
use std::fmt;

/// Messages quote no more bytes of a value.
const QUOTED: usize = 1 << 20;

/// For messages that quote a value: the display form, cut when it is very long.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut quote = String::new();
        match PLAIN.write(self, &mut Limited { out: &mut quote, left: QUOTED }) {
            Ok(()) => f.write_str(&quote),
            Err(fmt::Error) => write!(f, "{quote}..."),
        }
    }
}

impl Value {
    /// The display form.
    ///
    /// # Errors
    /// When it would be too long.
    pub fn to_text(&self) -> Result<String, Fault> {
        let mut text = String::new();
        write_display(self, &mut text).map(|()| text)
    }
}

/// Appends the display form of `value`; nothing when the text would be too long.
///
/// # Errors
/// When it would be.
#[inline]
pub fn write_display(value: &Value, out: &mut impl limit::Sink) -> Result<(), Fault> {
    let written = match value {
        Value::Str(text) if text.len() <= limit::MOST_BYTES.saturating_sub(out.len()) => {
            out.write_str(text)
        }
        Value::Int(int) => out.write_str(itoa::Buffer::new().format(*int)),
        other => return limit::write(&PLAIN, other, out),
    };
    written.map_err(|fmt::Error| Fault::TextTooLong)
}
