//! Merging objects, however deep they are.

use crate::value::Object;
use crate::value::Text;
use crate::value::Value;

/// One object that is merged into another.
struct Level {
    into: Object,
    from: Object,
    cursor: usize,
    /// Where the result goes in the level below.
    key: Text,
}

impl Level {
    fn new(into: Object, from: Object, key: Text) -> Level {
        Level { into, from, cursor: 0, key }
    }
}

/// `a` with the fields of `b`: objects in both are merged, anything else is replaced.
pub(super) fn merged(a: Object, b: Object) -> Object {
    let mut below: Vec<Level> = Vec::new();
    let mut now = Level::new(a, b, Text::default());
    loop {
        let Some((key, value)) = now.from.next(&mut now.cursor) else {
            let Some(outer) = below.pop() else { return now.into };
            let done = std::mem::replace(&mut now, outer);
            now.into.set(&done.key, Value::Object(done.into));
            continue;
        };
        match (now.into.get(key).map(Value::thawed), value.thawed()) {
            (Some(Value::Object(a)), Value::Object(b)) => {
                let inner = Level::new(a.clone(), b.clone(), key.clone());
                below.push(std::mem::replace(&mut now, inner));
            }
            _ => {
                let (key, value) = (key.clone(), value.clone());
                now.into.set(&key, value);
            }
        }
    }
}
