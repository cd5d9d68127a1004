//! What no program can show: sharing paths against plain models, and depth.

mod compare;
mod deep;
mod growing;
mod lists;
mod sharing;
mod tables;
mod text;

use super::List;
use super::Map;
use super::Object;
use super::Set;
use super::Text;
use super::Value;
use super::Wrapped;
use triomphe::Arc;

#[test]
fn values_go_between_threads() {
    fn check<T: Send + Sync>() {}
    check::<Value>();
}

fn int(n: i64) -> Value {
    Value::Int(n)
}

fn float(n: f64) -> Value {
    Value::Float(n)
}

fn text(text: &str) -> Text {
    Text::from(text)
}

fn array(items: impl IntoIterator<Item = Value>) -> Value {
    Value::Array(items.into_iter().collect())
}

fn tuple(items: impl IntoIterator<Item = Value>) -> Value {
    Value::Tuple(items.into_iter().collect())
}

fn set(items: impl IntoIterator<Item = Value>) -> Value {
    Value::Set(items.into_iter().collect())
}

fn map(entries: impl IntoIterator<Item = (Value, Value)>) -> Value {
    Value::Map(entries.into_iter().collect())
}

fn object<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    Value::Object(entries.into_iter().map(|(key, value)| (text(key), value)).collect())
}

fn frozen(value: Value) -> Value {
    Value::Frozen(Wrapped::new(value))
}
