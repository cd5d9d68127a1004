//! Bytes as values: `{ type: "binary", data: HEX, size: N }`, the shape that the client's own `ws.receive` has for them.

use crate::value::Object;
use crate::value::Text;
use crate::value::Value;

/// The value of some bytes.
pub(super) fn value(bytes: &[u8]) -> Value {
    let fields = [
        ("type", Value::text("binary")),
        ("data", Value::text(hex::encode(bytes))),
        ("size", Value::Int(bytes.len() as i64)),
    ];
    let fields = fields.map(|(name, value)| (Text::new(name.to_owned()), value));
    Value::Object(Object::from_pairs(fields))
}

/// The bytes of a value of that shape; its size may be missing.
pub(super) fn bytes(value: &Value) -> Option<Vec<u8>> {
    let Value::Object(object) = value.thawed() else {
        return None;
    };
    let text = |name| match object.get(name)?.thawed() {
        Value::Str(text) => Some(text.clone()),
        _ => None,
    };
    text("type").filter(|kind| &**kind == "binary")?;
    hex::decode(&*text("data")?).ok()
}
