//! How much work a call of a builtin is, so that it can be paid for before it starts.
//!
//! A step is about what copying an element takes: some nanoseconds. What a builtin does with its arguments is estimated
//! from their sizes; being wrong by a small factor hurts nobody.

use crate::value::Value;
use crate::value::size;

/// The work of one builtin.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// About that of a call, however large its arguments are.
    Little,
    /// It counts the characters of its first argument, if that is a text. A collection knows how large it is.
    Text,
    /// It looks for its second argument by hash.
    Key,
    /// It goes through its arguments once.
    Arguments,
    /// It goes through all that its arguments hold, at any depth: it shows, hashes or compares them.
    Parts,
    /// As many steps as this says for these arguments; it need not count further than the number.
    By(fn(&[Value], usize) -> usize),
    /// The same, and it makes as many elements, or texts of [`BYTES`] as many, of small arguments.
    Makes(fn(&[Value], usize) -> usize),
}

impl Work {
    /// The bytes of what a call with `args` makes, if its arguments do not limit that.
    #[inline(always)]
    pub fn made(self, args: &[Value]) -> usize {
        match self {
            Work::Makes(steps) => steps(args, usize::MAX).saturating_mul(size_of::<Value>()),
            _ => 0,
        }
    }

    /// The steps of a call with `args`. No more is counted than shows that there are more than `limit`.
    #[inline(always)]
    pub fn steps(self, args: &[Value], limit: usize) -> usize {
        match self {
            Work::Little => 0,
            Work::Text => match args.first() {
                Some(Value::Array(_)) | None => 0,
                Some(first) => self.more_steps(std::slice::from_ref(first), limit),
            },
            Work::Key => match args.get(1) {
                Some(Value::Str(text)) => text.len() / BYTES,
                Some(key) if !key.is_inline() => self.more_steps(std::slice::from_ref(key), limit),
                _ => 0,
            },
            _ => self.more_steps(args, limit),
        }
    }

    /// The same for `Text` and `Key` of the argument that counts.
    #[inline(never)]
    fn more_steps(self, args: &[Value], limit: usize) -> usize {
        match self {
            Work::Little => 0,
            Work::Text => match args[0].thawed() {
                Value::Str(text) => text.len() / BYTES,
                _ => 0,
            },
            Work::Key => depth(&args[0], limit),
            Work::Arguments => args.iter().map(length).fold(0, usize::saturating_add),
            Work::Parts => parts(args, limit),
            Work::By(steps) | Work::Makes(steps) => steps(args, limit),
        }
    }
}

/// So many bytes of text are one step.
pub const BYTES: usize = 16;

/// The steps of going through one value.
#[inline]
pub fn length(value: &Value) -> usize {
    match value {
        Value::Str(text) => text.len() / BYTES,
        Value::Array(list) | Value::Tuple(list) => list.len(),
        Value::Object(object) => object.len(),
        Value::Set(set) => set.len(),
        Value::Map(map) => map.len(),
        Value::Frozen(inner) => length(inner.get()),
        _ => 0,
    }
}

/// The steps of going through all that one value holds.
#[inline]
pub fn depth(value: &Value, limit: usize) -> usize {
    match value {
        Value::Str(text) => text.len() / BYTES,
        value if value.is_inline() => 0,
        value => size(value, 2 * BYTES, limit.saturating_mul(BYTES)) / BYTES,
    }
}

/// The same for several values.
pub fn parts(args: &[Value], limit: usize) -> usize {
    args.iter().fold(0, |sum: usize, value| match sum > limit {
        true => sum,
        false => sum.saturating_add(depth(value, limit)),
    })
}
