//! The tables themselves, and the rows that are easy to get wrong, called directly.

mod arrays;
mod collections;
mod outcomes;
mod tables;
mod texts;
mod work;

use super::*;
use crate::native::Builtin;
use crate::native::Host;
use crate::value::Map;
use crate::value::Set;
use crate::value::Text;
use crate::value::Wrapped;
use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::Mutex;

#[derive(Default)]
struct Recorder(Mutex<String>);

impl Host for Recorder {
    fn write(&self, text: &str) -> Result<(), Fault> {
        self.0.lock().unwrap().push_str(text);
        Ok(())
    }

    fn note(&self, _: &str) {}

    fn exit(&self, code: i32) -> Result<Infallible, Fault> {
        Err(Fault::message(format!("exit {code}")))
    }
}

fn outcome(name: &str, mut values: Vec<Value>) -> Result<Outcome, Fault> {
    let registry = registry();
    let id = registry.global(name).or(registry.any(name));
    let row = registry.row(id.unwrap_or_else(|| panic!("no row {name}")));
    Args::bind(row, &mut values, &Recorder::default()).and_then(|mut args| (row.run)(&mut args))
}

fn call(name: &str, values: Vec<Value>) -> Result<Value, String> {
    match outcome(name, values) {
        Ok(Outcome::Value(value)) => Ok(value),
        Ok(_) => panic!("{name} did not give a value"),
        Err(fault) => Err(fault.to_string()),
    }
}

/// The display text of what a call gives, or of its failure.
fn shown(name: &str, values: Vec<Value>) -> String {
    call(name, values).map_or_else(|fault| fault, |value| value.to_string())
}

fn t(text: &str) -> Value {
    Value::text(text)
}

fn i(value: i64) -> Value {
    Value::Int(value)
}

fn f(value: f64) -> Value {
    Value::Float(value)
}

fn a<const N: usize>(items: [Value; N]) -> Value {
    Value::array(items.to_vec())
}

fn ints<const N: usize>(items: [i64; N]) -> Value {
    Value::array(items.map(Value::Int).to_vec())
}

fn frozen(value: Value) -> Value {
    Value::Frozen(Wrapped::new(value))
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let field = |(name, value): (&str, Value)| (Text::from(name), value);
    Value::Object(fields.into_iter().map(field).collect())
}

fn rows() -> impl Iterator<Item = &'static Builtin> {
    TOPICS.iter().flat_map(|(_, table)| table.iter())
}
