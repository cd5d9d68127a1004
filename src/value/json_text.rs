//! JSON as modules write it (stdlib 0.4): Floats as `say` shows them, functions as null.

use super::Map;
use super::Value;
use super::layout::quoted;
use super::limit::MOST_BYTES;
use super::list;
use super::map;
use super::object;
use super::set;
use super::size::size;
use crate::diag::Fault;
use std::fmt::Write;

/// A longer text is measured before it grows further: a value can hold the same part 2^60 times.
const LONG: usize = 1 << 20;

/// How JSON is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonStyle {
    /// In one line, with a space behind commas and colons.
    Spaced,
    /// With a line for each element, indented by so many spaces for each level.
    Indented(usize),
    /// Without spaces; what is no part of JSON itself is null.
    Plain,
}

/// The JSON text of `value`.
///
/// # Errors
/// For a map with other keys than texts, for a stream, and when the text would be too long.
pub fn json_text(value: &Value, style: JsonStyle) -> Result<String, Fault> {
    let mut printer = Printer { out: String::new(), style, most: LONG, whole: value };
    let mut open: Vec<Open<'_>> = printer.begin(value, 0)?.into_iter().collect();
    while let Some(top) = open.last_mut() {
        let Some((key, item)) = top.next() else {
            let done = open.pop().expect("there is a last one");
            printer.end(&done, open.len());
            continue;
        };
        let is_first = std::mem::replace(&mut top.is_first, false);
        printer.separate(is_first, open.len());
        if let Some(key) = key {
            printer.text(key);
            printer.out.push_str(if style == JsonStyle::Plain { ":" } else { ": " });
        }
        let inner = printer.begin(item, open.len())?;
        open.extend(inner);
    }
    match printer.out.len() > MOST_BYTES {
        true => Err(Fault::TextTooLong),
        false => Ok(printer.out),
    }
}

struct Printer<'a> {
    out: String,
    style: JsonStyle,
    /// Where its length is looked at next.
    most: usize,
    whole: &'a Value,
}

/// An array or object of which a part has been written.
struct Open<'a> {
    items: Items<'a>,
    close: char,
    is_first: bool,
}

enum Items<'a> {
    Values(list::Iter<'a>),
    Members(set::Iter<'a>),
    Fields(object::Iter<'a>),
    Entries(map::Iter<'a>),
    Case(Option<(&'static str, &'a Value)>),
}

impl<'a> Open<'a> {
    fn next(&mut self) -> Option<(Option<&'a str>, &'a Value)> {
        match &mut self.items {
            Items::Values(items) => items.next().map(|item| (None, item)),
            Items::Members(items) => items.next().map(|item| (None, item)),
            Items::Fields(items) => items.next().map(|(key, item)| (Some(key.as_str()), item)),
            Items::Entries(items) => items.next().map(|(key, item)| match key.thawed() {
                Value::Str(key) => (Some(key.as_str()), item),
                _ => unreachable!("the keys have been looked at"),
            }),
            Items::Case(case) => case.take().map(|(name, item)| (Some(name), item)),
        }
    }
}

impl Printer<'_> {
    /// Writes a value, or opens it.
    fn begin<'v>(&mut self, value: &'v Value, depth: usize) -> Result<Option<Open<'v>>, Fault> {
        if self.out.len() + depth * self.indent() > self.most {
            self.measure()?;
        }
        let mut value = value.thawed();
        while let Value::Some(inner) = value
            && self.style != JsonStyle::Plain
        {
            value = inner.get().thawed();
        }
        let (close, items) = match value {
            Value::Array(list) => (']', Items::Values(list.iter())),
            Value::Object(object) => ('}', Items::Fields(object.iter())),
            other if self.style == JsonStyle::Plain => return self.scalar(other).map(|()| None),
            Value::Tuple(list) => (']', Items::Values(list.iter())),
            Value::Set(set) => (']', Items::Members(set.iter())),
            Value::Map(map) => ('}', Items::Entries(with_text_keys(map)?.iter())),
            Value::Ok(inner) => ('}', Items::Case(Some(("Ok", inner.get())))),
            Value::Err(inner) => ('}', Items::Case(Some(("Err", inner.get())))),
            scalar => return self.scalar(scalar).map(|()| None),
        };
        self.out.push(if close == ']' { '[' } else { '{' });
        Ok(Some(Open { items, close, is_first: true }))
    }

    fn scalar(&mut self, value: &Value) -> Result<(), Fault> {
        match value {
            Value::Bool(true) => self.out.push_str("true"),
            Value::Bool(false) => self.out.push_str("false"),
            Value::Int(int) => self.out.push_str(itoa::Buffer::new().format(*int)),
            Value::Float(float) if float.is_finite() => {
                let _ = write!(self.out, "{float}");
            }
            Value::Str(text) => self.text(text),
            Value::Stream(_) if self.style != JsonStyle::Plain => {
                return Err(Fault::message(
                    "Stream cannot cross the VM/interpreter boundary; call .collect() first to materialize",
                ));
            }
            _ => self.out.push_str("null"),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        quoted(text, &mut self.out).expect("a String takes every text");
    }

    fn separate(&mut self, is_first: bool, depth: usize) {
        if !is_first {
            self.out.push_str(if self.style == JsonStyle::Spaced { ", " } else { "," });
        }
        if self.is_indented() {
            self.line(depth);
        }
    }

    fn end(&mut self, done: &Open<'_>, depth: usize) {
        if self.is_indented() && !done.is_first {
            self.line(depth);
        }
        self.out.push(done.close);
    }

    fn line(&mut self, depth: usize) {
        self.out.push('\n');
        let spaces = depth * self.indent();
        self.out.extend(std::iter::repeat_n(' ', spaces));
    }

    fn is_indented(&self) -> bool {
        matches!(self.style, JsonStyle::Indented(_))
    }

    fn indent(&self) -> usize {
        match self.style {
            JsonStyle::Indented(spaces) => spaces,
            _ => 0,
        }
    }

    /// Fails when the text is too long or will be.
    fn measure(&mut self) -> Result<(), Fault> {
        if self.most == LONG && size(self.whole, 2, MOST_BYTES) <= MOST_BYTES {
            self.most = MOST_BYTES;
            return Ok(());
        }
        Err(Fault::TextTooLong)
    }
}

fn with_text_keys(map: &Map) -> Result<&Map, Fault> {
    match map.iter().map(|(key, _)| key.thawed()).find(|key| !matches!(key, Value::Str(_))) {
        None => Ok(map),
        Some(key) => Err(Fault::message(format!(
            "json: cannot serialize map with non-string key ({})",
            key.kind()
        ))),
    }
}
