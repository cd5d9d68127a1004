//! JSON in and out, as requests and responses have it (server 3.3 and 3.5).

use super::Object;
use super::Text;
use super::Value;
use super::layout::JSON;
use super::limit;
use crate::diag::Fault;
use serde::de::DeserializeSeed;
use serde::de::Error;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;
use std::fmt;

/// Appends the JSON form of `value`, compact; nothing when the text would be too long.
///
/// # Errors
/// When it would be.
pub fn write_json(value: &Value, out: &mut Vec<u8>) -> Result<(), Fault> {
    limit::write(&JSON, value, &mut Bytes(out))
}

/// The value of a JSON text, nested at most 128 deep. Of equal keys the last wins.
pub fn from_json(text: &[u8]) -> Result<Value, String> {
    let mut names = Names::default();
    let mut json = serde_json::Deserializer::from_slice(text);
    let value = Reader(&mut names).deserialize(&mut json).map_err(|error| error.to_string())?;
    json.end().map_err(|error| error.to_string())?;
    Ok(value)
}

struct Bytes<'a>(&'a mut Vec<u8>);

impl fmt::Write for Bytes<'_> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }

    #[inline]
    fn write_char(&mut self, char: char) -> fmt::Result {
        match char.is_ascii() {
            true => self.0.push(char as u8),
            false => self.write_str(char.encode_utf8(&mut [0; 4]))?,
        }
        Ok(())
    }
}

impl limit::Sink for Bytes<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }
}

/// The last object's keys: objects in a row mostly have the same ones, and then share them.
#[derive(Default)]
struct Names(Vec<Text>);

impl Names {
    /// The text of the key `name`, the `index`-th of its object.
    fn text(&mut self, index: usize, name: &str) -> Text {
        if let Some(known) = self.0.get(index)
            && known.as_str() == name
        {
            return known.clone();
        }
        let text = Text::from(name);
        self.0.truncate(index);
        if self.0.len() == index && index < 64 {
            self.0.push(text.clone());
        }
        text
    }
}

struct Reader<'a>(&'a mut Names);

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(i64::try_from(value).map_or(Value::Float(value as f64), Value::Int))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::text(value))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Reader(self.0))? {
            list.push(item);
        }
        Ok(Value::array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut pairs: Vec<(Text, Value)> = Vec::new();
        while let Some(key) = entries.next_key_seed(Name(self.0, pairs.len()))? {
            pairs.push((key, entries.next_value_seed(Reader(self.0))?));
        }
        Ok(Value::Object(Object::from_pairs(pairs)))
    }
}

/// Reads a key, the how-manieth of its object.
struct Name<'a>(&'a mut Names, usize);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Text;

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<Text, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name<'_> {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Text, E> {
        Ok(self.0.text(self.1, name))
    }
}
