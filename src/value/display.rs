//! Display form: what `say`, `str` and interpolation show (language-core 4.3).

use super::Value;
use super::layout::PLAIN;
use std::fmt;

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        PLAIN.write(self, f)
    }
}

/// Appends the display form of `value`.
#[inline]
pub fn write_display(value: &Value, out: &mut String) {
    match value {
        Value::Str(text) => out.push_str(text),
        Value::Int(int) => out.push_str(itoa::Buffer::new().format(*int)),
        other => PLAIN.write(other, out).expect("writing to a String does not fail"),
    }
}
