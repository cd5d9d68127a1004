//! How large a value is when each part counts as often as it is reached: what writing it takes.

use super::Value;
use super::known::Known;
use super::list;
use super::map;
use super::object;
use super::set;

/// The bytes of all texts in `value`, and `node` for each value in it. No more is counted than takes it beyond `limit`.
pub fn size(value: &Value, node: usize, limit: usize) -> usize {
    if let Some(total) = small(value, node, &mut { FEW }, LEVELS) {
        return total;
    }
    let mut total = node + bytes(value);
    let Some(mut first) = Open::new(value, 0) else { return total };
    let Some(inner) = first.parts.next(&mut total, node, limit) else { return total };
    let mut memory: Known<usize> = Known::new();
    let mut open = vec![first];
    open.extend(Open::new(inner, total));
    while let Some(top) = open.last_mut() {
        if total > limit {
            return total;
        }
        match top.parts.next(&mut total, node, limit) {
            Some(inner) => match memory.recall(inner) {
                Some(size) => total = total.saturating_add(size),
                None => open.extend(Open::new(inner, total)),
            },
            None => {
                memory.note(top.value, total - top.before);
                open.pop();
            }
        }
    }
    total
}

/// Values of no more parts and levels need no stack of their own.
const FEW: usize = 32;
const LEVELS: usize = 4;

/// The size of a value of at most `few` parts on at most so many levels.
fn small(value: &Value, node: usize, few: &mut usize, levels: usize) -> Option<usize> {
    let levels = levels.checked_sub(1)?;
    let mut total = node + bytes(value);
    let Some(mut open) = Open::new(value, 0) else { return Some(total) };
    while let Some(part) = open.parts.next_part(&mut total) {
        *few = few.checked_sub(1)?;
        total += match has_parts(part) {
            true => small(part, node, few, levels)?,
            false => node + bytes(part),
        };
    }
    Some(total)
}

/// A value whose parts are being counted.
struct Open<'a> {
    parts: Parts<'a>,
    /// The total when it was opened.
    before: usize,
    value: &'a Value,
}

enum Parts<'a> {
    List(list::Iter<'a>),
    Set(set::Iter<'a>),
    Object(object::Iter<'a>),
    /// With the value of the key that came last.
    Map(map::Iter<'a>, Option<&'a Value>),
    One(Option<&'a Value>),
}

impl<'a> Open<'a> {
    fn new(value: &'a Value, before: usize) -> Option<Open<'a>> {
        let value = value.thawed();
        let parts = match value {
            Value::Array(list) | Value::Tuple(list) => Parts::List(list.iter()),
            Value::Set(set) => Parts::Set(set.iter()),
            Value::Object(object) => Parts::Object(object.iter()),
            Value::Map(map) => Parts::Map(map.iter(), None),
            Value::Ok(inner) | Value::Err(inner) | Value::Some(inner) => {
                Parts::One(Some(inner.get()))
            }
            _ => return None,
        };
        Some(Open { parts, before, value })
    }
}

impl<'a> Parts<'a> {
    /// Counts parts up to the first that has parts itself, or until the total is beyond `limit`.
    fn next(&mut self, total: &mut usize, node: usize, limit: usize) -> Option<&'a Value> {
        while *total <= limit {
            let part = self.next_part(total)?;
            *total = total.saturating_add(node + bytes(part));
            if has_parts(part) {
                return Some(part);
            }
        }
        None
    }

    /// The next part; the key of a field is counted.
    #[inline]
    fn next_part(&mut self, total: &mut usize) -> Option<&'a Value> {
        match self {
            Parts::List(items) => items.next(),
            Parts::Set(items) => items.next(),
            Parts::Object(entries) => entries.next().map(|(key, value)| {
                *total = total.saturating_add(key.len());
                value
            }),
            Parts::Map(entries, last) => last.take().or_else(|| {
                let (key, value) = entries.next()?;
                *last = Some(value);
                Some(key)
            }),
            Parts::One(inner) => inner.take(),
        }
    }
}

fn bytes(value: &Value) -> usize {
    match value.thawed() {
        Value::Str(text) => text.len(),
        _ => 0,
    }
}

fn has_parts(value: &Value) -> bool {
    !matches!(value, Value::Int(_) | Value::Float(_) | Value::Str(_) | Value::Function(_))
        && !value.is_inline()
}
