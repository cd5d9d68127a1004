//! Server-sent events: how a value becomes one.

use crate::diag::Fault;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;
use crate::value::write_json;

/// Keeps a connection open on which nothing happens, and finds out that its client is gone.
pub(super) const NOTHING: &[u8] = b":\n\n";

/// Adds the event that `value` is. An object with nothing but an event's fields says all of it; any other value is its
/// data: a text as it is, all else as JSON.
///
/// # Errors
/// When its text would be too long.
pub(super) fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), Fault> {
    match value.thawed() {
        Value::Object(object) if is_event(object) => {
            for (name, value) in object {
                field(name, value, out)?;
            }
        }
        other => field("data", other, out)?,
    }
    out.push(b'\n');
    Ok(())
}

fn is_event(object: &Object) -> bool {
    let fits = |(name, value): (&Text, &Value)| match name.as_str() {
        "event" | "id" | "data" => true,
        "retry" => matches!(value.thawed(), Value::Int(0..)),
        _ => false,
    };
    !object.is_empty() && object.into_iter().all(fits)
}

/// A line of text is a line of its own; what breaks lines cannot stand in another field.
fn field(name: &str, value: &Value, out: &mut Vec<u8>) -> Result<(), Fault> {
    let mut text = Vec::new();
    match value.thawed() {
        Value::Str(given) => text.extend_from_slice(given.as_bytes()),
        other => write_json(other, &mut text)?,
    }
    let breaks = |byte: &u8| matches!(byte, b'\n' | b'\r');
    if name != "data" {
        text.iter_mut().filter(|byte| breaks(byte)).for_each(|byte| *byte = b' ');
    }
    let mut rest = &text[..];
    loop {
        let end = rest.iter().position(breaks);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(&rest[..end.unwrap_or(rest.len())]);
        out.push(b'\n');
        let Some(end) = end else { return Ok(()) };
        rest = rest[end..].strip_prefix(b"\r\n").unwrap_or(&rest[end + 1..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::from_json;

    fn event(json: &str) -> String {
        let mut out = Vec::new();
        write(&from_json(json.as_bytes()).unwrap(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn values_become_events() {
        for (json, wanted) in [
            (r#""hi""#, "data: hi\n\n"),
            (r#""a\nb\r\nc\rd\n""#, "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n"),
            (r#"{"n":1}"#, "data: {\"n\":1}\n\n"),
            ("null", "data: null\n\n"),
            ("{}", "data: {}\n\n"),
            (
                r#"{"event":"tick\ndata: no","id":7,"data":[1,"\n"]}"#,
                "event: tick data: no\nid: 7\ndata: [1,\"\\n\"]\n\n",
            ),
            (r#"{"retry":100,"data":"x"}"#, "retry: 100\ndata: x\n\n"),
            (r#"{"retry":"soon"}"#, "data: {\"retry\":\"soon\"}\n\n"),
        ] {
            assert_eq!(event(json), wanted, "{json}");
        }
    }
}
