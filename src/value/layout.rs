//! Values as text: one walk, on a stack of its own, and three layouts to write in.

use super::Map;
use super::Value;
use super::list;
use super::map;
use super::object;
use super::set;
use crate::program::Label;
use std::fmt;
use std::fmt::Write;

/// How one notation writes values.
pub(super) struct Layout {
    list: [&'static str; 2],
    tuple: [&'static str; 2],
    set: [&'static str; 2],
    map: [&'static str; 2],
    /// Around, and between, a map's key and its value.
    pair: [&'static str; 3],
    object: [&'static str; 2],
    ok: [&'static str; 2],
    err: [&'static str; 2],
    some: [&'static str; 2],
    none: &'static str,
    comma: &'static str,
    /// After an object's key.
    colon: &'static str,
    /// How objects inside are written.
    inside: Option<&'static Layout>,
    /// Whether texts are quoted, and functions only named by their kind.
    quotes: bool,
    /// Whether it must be JSON: no NaN, `1.0` for Floats, maps with text keys as objects.
    strict: bool,
}

/// Display form (language-core 4.3).
pub(super) static PLAIN: Layout = Layout {
    list: ["[", "]"],
    tuple: ["(", ")"],
    set: ["set(", ")"],
    map: ["Map(", ")"],
    pair: ["", " => ", ""],
    object: ["{ ", " }"],
    ok: ["Ok(", ")"],
    err: ["Err(", ")"],
    some: ["Some(", ")"],
    none: "None",
    comma: ", ",
    colon: ": ",
    inside: Some(&DATA),
    quotes: false,
    strict: false,
};

/// JSON-like form, inside objects (language-core 4.4).
static DATA: Layout = Layout {
    list: ["[", "]"],
    tuple: ["[", "]"],
    set: ["[", "]"],
    map: ["[", "]"],
    pair: ["[", ", ", "]"],
    object: ["{ ", " }"],
    ok: ["{ \"Ok\": ", " }"],
    err: ["{ \"Err\": ", " }"],
    some: ["", ""],
    none: "null",
    comma: ", ",
    colon: ": ",
    inside: None,
    quotes: true,
    strict: false,
};

/// Compact JSON (server 3.5).
pub(super) static JSON: Layout = Layout {
    list: ["[", "]"],
    tuple: ["[", "]"],
    set: ["[", "]"],
    map: ["[", "]"],
    pair: ["[", ",", "]"],
    object: ["{", "}"],
    ok: ["{\"Ok\":", "}"],
    err: ["{\"Err\":", "}"],
    some: ["", ""],
    none: "null",
    comma: ",",
    colon: ":",
    inside: None,
    quotes: true,
    strict: true,
};

/// A value that has been opened.
struct Frame<'a> {
    items: Items<'a>,
    layout: &'static Layout,
    separator: &'static str,
    close: &'static str,
    first: bool,
}

/// What is left to write inside it.
enum Items<'a> {
    Values(list::Iter<'a>),
    Members(set::Iter<'a>),
    Fields(object::Iter<'a>),
    /// With what stands around and between a key and its value.
    Entries(map::Iter<'a>, [&'static str; 3]),
    /// One entry of a map, or what a wrapper holds.
    Few([Option<&'a Value>; 2]),
}

impl Layout {
    /// Writes `value`.
    pub(super) fn write<W: Write>(&'static self, value: &Value, out: &mut W) -> fmt::Result {
        let Some(first) = self.open(value, out)? else { return Ok(()) };
        let mut frames = vec![first];
        while let Some(frame) = frames.last_mut() {
            match frame.step(out)? {
                Some(inner) => frames.push(inner),
                None => {
                    out.write_str(frame.close)?;
                    frames.pop();
                }
            }
        }
        Ok(())
    }

    /// Writes a value up to what is inside.
    fn open<'a, W: Write>(
        &'static self,
        value: &'a Value,
        out: &mut W,
    ) -> Result<Option<Frame<'a>>, fmt::Error> {
        let value = value.thawed();
        let (brackets, items) = match value {
            Value::Array(list) => (self.list, Items::Values(list.iter())),
            Value::Tuple(list) => (self.tuple, Items::Values(list.iter())),
            Value::Set(set) => (self.set, Items::Members(set.iter())),
            Value::Map(map) if self.strict && has_text_keys(map) => {
                (self.object, Items::Entries(map.iter(), ["", self.colon, ""]))
            }
            Value::Map(map) => (self.map, Items::Entries(map.iter(), self.pair)),
            Value::Object(object) => (self.object, Items::Fields(object.iter())),
            Value::Ok(inner) => (self.ok, Items::Few([Some(inner.get()), None])),
            Value::Err(inner) => (self.err, Items::Few([Some(inner.get()), None])),
            Value::Some(inner) => (self.some, Items::Few([Some(inner.get()), None])),
            scalar => return self.scalar(scalar, out).map(|()| None),
        };
        out.write_str(brackets[0])?;
        let layout = match value {
            Value::Object(_) => self.inside.unwrap_or(self),
            _ => self,
        };
        let (separator, close) = (self.comma, brackets[1]);
        Ok(Some(Frame { items, layout, separator, close, first: true }))
    }

    /// Writes a value that has nothing inside.
    #[inline]
    fn scalar<W: Write>(&self, value: &Value, out: &mut W) -> fmt::Result {
        match value {
            Value::Unset | Value::Null => out.write_str("null"),
            Value::Pull(_) | Value::Cell(_) | Value::Common(_) | Value::Raised(_) => {
                out.write_str("null")
            }
            Value::None => out.write_str(self.none),
            Value::Bool(true) => out.write_str("true"),
            Value::Bool(false) => out.write_str("false"),
            Value::Int(int) => out.write_str(itoa::Buffer::new().format(*int)),
            Value::Float(float) if self.strict => json_float(*float, out),
            Value::Float(float) => write!(out, "{float}"),
            Value::Str(text) if self.quotes => quoted(text, out),
            Value::Str(text) => out.write_str(text),
            function if self.quotes => write!(out, "\"<{}>\"", function.kind()),
            Value::Native(native) => write!(out, "<builtin {}>", native.name),
            Value::Marker(marker) => write!(out, "<builtin {marker}>"),
            Value::Function(function) => match &function.label {
                Label::Lambda => out.write_str("<lambda>"),
                Label::Function(name) => write!(out, "<fn {name}>"),
                Label::BuiltIn(tag) => write!(out, "<builtin {tag}>"),
            },
            Value::Handle(handle) => out.write_str(handle.shown()),
            Value::Stream(stream) => write!(out, "Stream({})", stream.shown()),
            _ => unreachable!("what has an inside has been opened"),
        }
    }
}

impl<'a> Frame<'a> {
    /// Writes what is inside up to the first value that must be opened: that one, or `None` at the end.
    fn step<W: Write>(&mut self, out: &mut W) -> Result<Option<Frame<'a>>, fmt::Error> {
        let layout = self.layout;
        loop {
            let value = match &mut self.items {
                Items::Values(items) => items.next(),
                Items::Members(items) => items.next(),
                Items::Few(items) => items[0].take().or_else(|| items[1].take()),
                Items::Fields(entries) => {
                    let Some((key, value)) = entries.next() else { return Ok(None) };
                    self.separate(out)?;
                    quoted(key, out)?;
                    out.write_str(layout.colon)?;
                    match layout.open(value, out)? {
                        None => continue,
                        inner => return Ok(inner),
                    }
                }
                Items::Entries(entries, pair) => {
                    let [before, separator, close] = *pair;
                    let Some((key, value)) = entries.next() else { return Ok(None) };
                    self.separate(out)?;
                    out.write_str(before)?;
                    let items = Items::Few([Some(key), Some(value)]);
                    return Ok(Some(Frame { items, layout, separator, close, first: true }));
                }
            };
            let Some(value) = value else { return Ok(None) };
            self.separate(out)?;
            if let Some(inner) = layout.open(value, out)? {
                return Ok(Some(inner));
            }
        }
    }

    #[inline]
    fn separate<W: Write>(&mut self, out: &mut W) -> fmt::Result {
        match std::mem::replace(&mut self.first, false) {
            true => Ok(()),
            false => out.write_str(self.separator),
        }
    }
}

/// Writes a text in double quotes.
pub(super) fn quoted<W: Write>(text: &str, out: &mut W) -> fmt::Result {
    out.write_char('"')?;
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| ESCAPES[usize::from(byte)] != 0) {
        out.write_str(&rest[..at])?;
        let byte = rest.as_bytes()[at];
        match ESCAPES[usize::from(byte)] {
            b'u' => write!(out, "\\u{byte:04x}")?,
            letter => {
                out.write_char('\\')?;
                out.write_char(char::from(letter))?;
            }
        }
        rest = &rest[at + 1..];
    }
    out.write_str(rest)?;
    out.write_char('"')
}

/// What follows the backslash for a byte that needs one; 0 for the others.
static ESCAPES: [u8; 256] = {
    let mut table = [0; 256];
    let mut control = 0;
    while control < 0x20 {
        table[control] = b'u';
        control += 1;
    }
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table[b'\n' as usize] = b'n';
    table[b'\r' as usize] = b'r';
    table[b'\t' as usize] = b't';
    table
};

fn json_float<W: Write>(float: f64, out: &mut W) -> fmt::Result {
    match float.is_finite() {
        true => out.write_str(ryu::Buffer::new().format_finite(float)),
        false => out.write_str("null"),
    }
}

fn has_text_keys(map: &Map) -> bool {
    map.iter().all(|(key, _)| matches!(key.thawed(), Value::Str(_)))
}
