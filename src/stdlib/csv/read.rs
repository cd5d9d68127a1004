//! Records of fields (RFC 4180). A quote may stand anywhere in a field, and whether there was one counts for what the
//! field is, which no crate tells.

use crate::value::Object;
use crate::value::Text;
use crate::value::Value;

/// One field of a record.
struct Field {
    text: String,
    /// Whether a part of it stood in quotes.
    is_quoted: bool,
}

/// The rows below the first line, with the fields that it names.
pub(super) fn rows(text: &str) -> Value {
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some(header) = record(&mut rest) else { return Value::array(Vec::new()) };
    let names: Vec<Text> = header.into_iter().map(|field| Text::from(field.text)).collect();
    let mut rows = Vec::new();
    while let Some(fields) = record(&mut rest) {
        let missing = std::iter::repeat_with(|| Value::from(""));
        let values = fields.into_iter().map(typed).chain(missing);
        rows.push(Value::Object(Object::from_pairs(names.iter().cloned().zip(values))));
    }
    Value::array(rows)
}

/// The next record that is not blank.
fn record(rest: &mut &str) -> Option<Vec<Field>> {
    while !rest.is_empty() {
        let fields = next(rest);
        let is_blank = matches!(&fields[..], [only] if only.text.is_empty() && !only.is_quoted);
        if !is_blank {
            return Some(fields);
        }
    }
    None
}

/// The fields up to the end of the line that is in no quotes.
fn next(rest: &mut &str) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut text = String::new();
    let (mut is_quoted, mut in_quotes) = (false, false);
    let mut chars = rest.char_indices().peekable();
    let mut end = rest.len();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' if in_quotes && chars.next_if(|(_, next)| *next == '"').is_some() => text.push('"'),
            '"' => {
                in_quotes = !in_quotes;
                is_quoted = true;
            }
            ',' if !in_quotes => {
                fields.push(field(&text, is_quoted));
                text.clear();
                is_quoted = false;
            }
            '\n' if !in_quotes => {
                end = at + 1;
                break;
            }
            c => text.push(c),
        }
    }
    *rest = &rest[end..];
    fields.push(field(&text, is_quoted));
    fields
}

fn field(text: &str, is_quoted: bool) -> Field {
    Field { text: text.trim().to_owned(), is_quoted }
}

/// A field as the value that it looks like.
fn typed(field: Field) -> Value {
    let text = field.text;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // An identifier, as its quotes tell: `"007"`, `"+49"`.
    let is_name =
        field.is_quoted && (text.starts_with('+') || text.strip_prefix('0').is_some_and(digits));
    // Rust takes the words `inf` and `nan` for numbers; in a table they are words.
    let is_word = text.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_alphabetic());
    match text.as_str() {
        "true" => return Value::Bool(true),
        "false" => return Value::Bool(false),
        _ if is_name || is_word => {}
        number => {
            let int = number.parse().map(Value::Int).ok();
            if let Some(value) = int.or_else(|| number.parse().map(Value::Float).ok()) {
                return value;
            }
        }
    }
    Value::text(text)
}
