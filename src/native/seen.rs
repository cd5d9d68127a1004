//! What a glance shows: the result of a builtin that takes no handle on anything.

use crate::value::Value;

/// Two words, so that it comes back in registers.
#[derive(Clone, Copy)]
pub enum Seen<'v> {
    /// A part of an argument, or another argument.
    Part(&'v Value),
    /// Nothing.
    Null,
    /// So many.
    Count(usize),
    /// `true`
    Yes,
    /// `false`
    No,
}

/// What looks at the arguments of a call, as they came, without taking them.
pub type Glance = for<'v> fn(&[&'v Value]) -> Option<Seen<'v>>;

impl<'v> Seen<'v> {
    /// This part, or null.
    pub fn found(part: Option<&'v Value>) -> Seen<'v> {
        part.map_or(Seen::Null, Seen::Part)
    }

    /// What most parts are: a number, which needs no handle.
    #[inline(always)]
    pub fn int(self) -> Option<i64> {
        match self {
            Seen::Part(Value::Int(number)) => Some(*number),
            Seen::Count(number) => Some(number as i64),
            _ => None,
        }
    }

    /// A handle of one's own on it.
    #[inline]
    pub fn value(self) -> Value {
        match self {
            Seen::Part(Value::Int(number)) => Value::Int(*number),
            Seen::Part(value) => value.clone(),
            Seen::Null => Value::Null,
            Seen::Count(number) => Value::Int(number as i64),
            Seen::Yes => Value::Bool(true),
            Seen::No => Value::Bool(false),
        }
    }
}

impl From<bool> for Seen<'_> {
    fn from(is: bool) -> Self {
        if is { Seen::Yes } else { Seen::No }
    }
}
