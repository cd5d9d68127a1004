//! Values as a session shows them: texts quoted, long ones cut, nested ones over several lines.

use crate::value::List;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;

/// Items of a collection that are shown.
const ITEMS: usize = 100;

/// Lines that are shown.
const LINES: usize = 20;

/// How deep values are shown.
const DEPTH: usize = 12;

/// Arrays of values that are shorter stand several in a line.
const BRIEF: usize = 24;

/// The value in lines of that width, cut where it gets too long.
pub(super) fn result(value: &Value, width: usize) -> String {
    cut(&pretty(value, width.saturating_sub(3)))
}

/// The value in one line of about `width` characters.
pub(super) fn short(value: &Value, width: usize) -> String {
    let line = flat(value, DEPTH);
    match line.char_indices().nth(width) {
        Some((at, _)) => format!("{}...", &line[..at]),
        None => line,
    }
}

fn cut(text: &str) -> String {
    let count = text.lines().count();
    if count <= LINES {
        return text.to_owned();
    }
    let shown: Vec<&str> = text.lines().take(LINES).collect();
    format!("{}\n... ({} more lines; :full shows all)", shown.join("\n"), count - LINES)
}

/// The value in as many lines as it needs.
pub(super) fn pretty(value: &Value, width: usize) -> String {
    let mut out = String::new();
    write(value, 0, width, DEPTH, &mut out);
    out
}

fn write(value: &Value, indent: usize, width: usize, depth: usize, out: &mut String) {
    let line = flat(value, depth);
    if indent + line.chars().count() <= width || depth == 0 {
        return out.push_str(&line);
    }
    let (open, close, parts): (String, &str, Vec<(String, Value)>) = match value {
        Value::Array(list) => {
            let parts: Vec<_> = list.iter().map(|it| (String::new(), it.clone())).collect();
            if let Some(lines) = filled(list, indent + 2, width) {
                return out.push_str(&format!("[{lines}\n{:indent$}]", ""));
            }
            ("[".to_owned(), "]", parts)
        }
        Value::Object(object) if variant(object).is_none() => {
            let fields = fields(object).map(|(key, it)| (format!("{key}: "), it.clone()));
            (format!("{}{{", name(object)), "}", fields.collect())
        }
        _ => return out.push_str(&line),
    };
    out.push_str(&open);
    let inner = indent + 2;
    for (label, part) in parts.iter().take(ITEMS) {
        out.push_str(&format!("\n{:inner$}{label}", ""));
        write(part, inner + label.len(), width, depth - 1, out);
        out.push(',');
    }
    if parts.len() > ITEMS {
        out.push_str(&format!("\n{:inner$}... ({} more)", "", parts.len() - ITEMS));
    }
    out.push_str(&format!("\n{:indent$}{close}", ""));
}

/// Short plain values, as many in each line as fit; `None` when some are long or have parts.
fn filled(list: &List, indent: usize, width: usize) -> Option<String> {
    let mut lines = String::new();
    let mut column = usize::MAX;
    for item in list.iter().take(ITEMS) {
        let is_plain = !matches!(item, Value::Array(_) | Value::Tuple(_) | Value::Object(_));
        let item = Some(flat(item, 1)).filter(|it| is_plain && it.chars().count() <= BRIEF)?;
        let length = item.chars().count() + 1;
        if column.saturating_add(length + 1) > width {
            lines.push_str(&format!("\n{:indent$}{item},", ""));
            column = indent + length;
        } else {
            lines.push_str(&format!(" {item},"));
            column += length + 1;
        }
    }
    if list.len() > ITEMS {
        lines.push_str(&format!("\n{:indent$}... ({} more)", "", list.len() - ITEMS));
    }
    Some(lines)
}

/// The name of a variant, for a value of an algebraic type.
fn variant(object: &Object) -> Option<&Value> {
    object.get("__variant__")
}

/// `Point `, for an instance of a struct.
fn name(object: &Object) -> String {
    object.get("__type__").map_or(String::new(), |name| format!("{name} "))
}

/// The fields that a program wrote.
fn fields(object: &Object) -> impl Iterator<Item = (&Text, &Value)> {
    object.iter().filter(|(key, _)| !matches!(key.as_str(), "__type__" | "__variant__"))
}

fn flat(value: &Value, depth: usize) -> String {
    if depth == 0 {
        return "...".to_owned();
    }
    let list = |open: &str, items: &mut dyn Iterator<Item = Value>, close: &str| {
        let mut shown: Vec<String> =
            (&mut *items).take(ITEMS).map(|it| flat(&it, depth - 1)).collect();
        let more = items.count();
        if more > 0 {
            shown.push(format!("... ({more} more)"));
        }
        format!("{open}{}{close}", shown.join(", "))
    };
    match value {
        Value::Str(text) => format!("{:?}", &**text),
        Value::Array(items) => list("[", &mut items.iter().cloned(), "]"),
        Value::Tuple(items) => list("(", &mut items.iter().cloned(), ")"),
        Value::Object(object) => {
            if let Some(variant) = variant(object) {
                let mut values = fields(object).map(|(_, it)| it.clone()).peekable();
                return match values.peek() {
                    Some(_) => list(&format!("{variant}("), &mut values, ")"),
                    None => variant.to_string(),
                };
            }
            let parts = fields(object).take(ITEMS);
            let parts: Vec<String> =
                parts.map(|(key, it)| format!("{key}: {}", flat(it, depth - 1))).collect();
            let name = name(object);
            match parts.is_empty() {
                true => format!("{name}{{}}"),
                false => format!("{name}{{ {} }}", parts.join(", ")),
            }
        }
        other => other.to_string(),
    }
}
