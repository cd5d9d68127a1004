//! What looking at one element of a collection gives, without a handle on the collection: `len(xs)`, `get(o, key)`; and
//! changing one that is there, in a collection that nobody else holds.
//! Whatever is unusual, fails or may take long is left to the builtin itself.

use super::access::at_path;
use crate::native::Seen;
use crate::value::Contents;
use crate::value::Value;

/// Longer texts are looked up, or counted, where their work is paid for.
const SHORT: usize = 64;

/// `len(x)`
pub(super) fn len<'v>(args: &[&'v Value]) -> Option<Seen<'v>> {
    let [value] = args else { return None };
    Some(Seen::Count(match value {
        Value::Array(list) | Value::Tuple(list) => list.len(),
        Value::Set(set) => set.len(),
        Value::Map(map) => map.len(),
        Value::Object(object) => object.len(),
        Value::Str(text) if text.len() <= SHORT => text.chars().count(),
        _ => return None,
    }))
}

/// `contains(x, key)`, `m.has(key)`: whether there is an entry, or a part of a short text.
pub(super) fn has<'v>(args: &[&'v Value]) -> Option<Seen<'v>> {
    let [collection, key] = args else { return None };
    let key = short(key)?;
    Some(Seen::from(match (collection, key) {
        (Value::Str(text), Value::Str(part)) if text.len() <= SHORT => text.contains(&**part),
        (Value::Object(object), Value::Str(key)) => object.get(key).is_some(),
        (Value::Map(map), key) => map.get(key).is_some(),
        (Value::Set(set), key) => set.has(key),
        _ => return None,
    }))
}

/// `has_key(o, key)`
pub(super) fn has_field<'v>(args: &[&'v Value]) -> Option<Seen<'v>> {
    matches!(args, [Value::Object(_), Value::Str(_)]).then(|| has(args)).flatten()
}

/// `m.get(key)`
pub(super) fn entry<'v>(args: &[&'v Value]) -> Option<Seen<'v>> {
    let [Value::Map(map), key] = args else { return None };
    Some(Seen::found(map.get(short(key)?)))
}

/// `get(x, key)`, `get(x, key, default)`
pub(super) fn get<'v>(args: &[&'v Value]) -> Option<Seen<'v>> {
    let (Some(collection), Some(key)) = (args.first(), args.get(1)) else { return None };
    let found = match (collection, short(key)?) {
        (Value::Array(list), Value::Int(index)) => {
            usize::try_from(*index).ok().and_then(|index| list.get(index))
        }
        (Value::Object(object), Value::Str(path)) => at_path(object, path),
        _ => return None,
    };
    Some(Seen::found(found.or(args.get(2).copied())))
}

/// `m = m.set(key, value)` for plain data and a key that is there.
pub(super) fn set_entry(map: &mut Value, args: &mut [Value]) -> bool {
    let (Value::Map(map), [key, value]) = (map, args) else { return false };
    let slot = match short(key) {
        Some(key) if Contents::of(value) == Contents::PLAIN => map.own_value(key),
        _ => None,
    };
    slot.map(|slot| value.move_to(slot)).is_some()
}

/// A key that is hashed and compared in no time.
fn short(key: &Value) -> Option<&Value> {
    match key {
        Value::Str(text) if text.len() > SHORT => None,
        Value::Str(_) | Value::Int(_) | Value::Bool(_) => Some(key),
        _ => None,
    }
}
