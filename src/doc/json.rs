//! Documentation for programs.

use super::program::Entry;
use super::program::Page;
use super::program::Route;
use crate::builtins;
use serde_json::Value;
use serde_json::json;

/// Everything that the language has, as one JSON document.
pub fn language() -> String {
    let entry = |it: &builtins::Entry| {
        let example =
            |(program, printed): &(&str, &str)| json!({ "program": program, "prints": printed });
        let examples: Vec<Value> = it.examples.iter().map(example).collect();
        json!({ "name": it.name, "signature": it.signature, "doc": it.doc, "examples": examples })
    };
    let items: Vec<Value> = builtins::entries().iter().map(entry).collect();
    format!("{:#}\n", json!({ "version": env!("CARGO_PKG_VERSION"), "items": items }))
}

/// The pages as one JSON document.
pub fn json(pages: &[Page]) -> String {
    let files: Vec<Value> = pages.iter().map(page).collect();
    format!("{:#}\n", json!({ "files": files }))
}

fn page(page: &Page) -> Value {
    let items: Vec<Value> = page.entries.iter().map(entry).collect();
    json!({ "file": page.name, "doc": page.doc, "items": items })
}

/// What is empty is left out, but for the documentation.
fn entry(entry: &Entry) -> Value {
    let mut value = json!({
        "kind": entry.word(),
        "name": entry.name,
        "signature": entry.signature,
        "doc": entry.doc,
        "line": entry.line,
    });
    let mut add = |key: &str, values: Vec<Value>| {
        if !values.is_empty() {
            value[key] = Value::Array(values);
        }
    };
    add("decorators", entry.decorators.iter().map(|it| json!(it)).collect());
    add("routes", entry.routes.iter().map(route).collect());
    add("powers", entry.powers.iter().map(|it| json!(it)).collect());
    add("parts", entry.parts.iter().map(self::entry).collect());
    value
}

fn route(route: &Route) -> Value {
    let params = route.params.iter().map(|(name, ty)| json!({ "name": name, "type": ty }));
    json!({
        "method": route.method,
        "path": route.pattern,
        "params": params.collect::<Vec<_>>(),
    })
}
