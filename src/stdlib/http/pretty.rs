//! `http.pretty` (stdlib 13.6).

use crate::diag::Fault;
use crate::value::JsonStyle;
use crate::value::Object;
use crate::value::Value;
use crate::value::json_text;

/// An answer for a person at a terminal.
///
/// # Errors
/// When its text would be too long.
pub(super) fn pretty(response: &Object) -> Result<String, Fault> {
    let shown = |key, missing: &str| match response.get(key) {
        Some(value) => value.thawed().to_text(),
        None => Ok(missing.to_owned()),
    };
    let colour = match response.get("status").map(Value::thawed) {
        Some(Value::Int(200..300)) => 32,
        Some(Value::Int(300..400)) => 33,
        _ => 31,
    };
    let (method, url) = (shown("method", "GET")?, shown("url", "")?);
    let (status, time) = (shown("status", "")?, shown("time", "?")?);
    let mut text = format!(
        "\n  \x1b[1m{method} {url}\x1b[0m\n  \x1b[{colour}mStatus: {status}\x1b[0m  \x1b[90mTime: {time}ms\x1b[0m\n"
    );
    if let Some(value) = response.get("json") {
        text.push('\n');
        for line in json_text(value, JsonStyle::Indented(2))?.lines() {
            text.push_str(&format!("  {line}\n"));
        }
    }
    text.push('\n');
    Ok(text)
}
