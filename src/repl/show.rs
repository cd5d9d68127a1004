//! Values as a session shows them: texts quoted, long ones cut, nested ones over several lines.

use crate::value::Value;

/// Items of a collection that are shown.
const ITEMS: usize = 100;

/// Lines that are shown.
const LINES: usize = 20;

/// How deep values are shown.
const DEPTH: usize = 12;

/// The width of a line when the terminal does not say.
const WIDTH: usize = 80;

/// `=> VALUE`
pub(super) fn result(value: &Value, has_colors: bool) -> String {
    let text = cut(&pretty(value, WIDTH - 3));
    if has_colors { format!("\x1b[32m=> {text}\x1b[0m") } else { format!("=> {text}") }
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
    let (open, close, parts): (&str, &str, Vec<(String, Value)>) = match value {
        Value::Array(list) => {
            ("[", "]", list.iter().map(|it| (String::new(), it.clone())).collect())
        }
        Value::Object(object) => {
            let fields = object.iter().map(|(key, it)| (format!("{key}: "), it.clone()));
            ("{", "}", fields.collect())
        }
        _ => return out.push_str(&line),
    };
    out.push_str(open);
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
            let fields = object.iter().take(ITEMS);
            let fields: Vec<String> =
                fields.map(|(key, it)| format!("{key}: {}", flat(it, depth - 1))).collect();
            match fields.is_empty() {
                true => "{}".to_owned(),
                false => format!("{{ {} }}", fields.join(", ")),
            }
        }
        other => other.to_string(),
    }
}
