//! Bytes as values: `{ type: "binary", data: HEX, size: N }`.

use super::Object;
use super::Text;
use super::Value;

/// The value of some bytes.
pub fn from_bytes(bytes: &[u8]) -> Value {
    let fields = [
        ("type", Value::text("binary")),
        ("data", Value::text(hex::encode(bytes))),
        ("size", Value::Int(bytes.len() as i64)),
    ];
    let fields = fields.map(|(name, value)| (Text::from(name), value));
    Value::Object(Object::from_pairs(fields))
}

/// The bytes of a value of that shape; its size may be missing.
pub fn to_bytes(value: &Value) -> Option<Vec<u8>> {
    let Value::Object(object) = value.thawed() else {
        return None;
    };
    let text = |name| match object.get(name)?.thawed() {
        Value::Str(text) => Some(text),
        _ => None,
    };
    text("type").filter(|kind| kind.as_str() == "binary")?;
    hex::decode(text("data")?.as_str()).ok()
}
