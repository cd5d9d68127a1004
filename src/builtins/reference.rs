//! `docs/reference/`, made from the tables: the page of builtins and one for each module.

use super::TOPICS;
use crate::native::Builtin;
use crate::native::Case;
use crate::native::Form;
use crate::native::Kind;
use crate::native::Param;
use crate::native::Returns;
use crate::stdlib::MODULES;
use crate::stdlib::Module;
use std::fmt::Write;

const HEAD: &str = "\
# Builtins

Every name that needs no import, made from the table that the engine itself reads: change a row, not this page.

`text: String` takes a String, `text?: String` may be left out, `value` takes anything. A call with something else fails
with the text behind *Otherwise*. More arguments than a function has are ignored unless it says so. A frozen value counts
as its content. Examples print what stands behind `// prints:`.
";

/// All pages: name and text.
pub fn reference() -> Vec<(String, String)> {
    let module = |module: &Module| (format!("modules/{}.md", module.name), page_of(module));
    let modules = MODULES.iter().map(module);
    std::iter::once(("builtins.md".to_owned(), builtins())).chain(modules).collect()
}

/// The page of a module.
fn page_of(module: &Module) -> String {
    let mut page = format!(
        "# {}\n\n{}\n\nHow to read this page: [builtins](../builtins.md).\n",
        module.name, module.doc
    );
    let links: Vec<String> = module.table.iter().map(|row| link(row.name)).collect();
    page.push_str(&format!("\n{}\n", links.join(", ")));
    module.table.iter().for_each(|row| entry(&mut page, row));
    page
}

/// The page of builtins.
fn builtins() -> String {
    let topics = topics();
    let mut page = HEAD.to_owned();
    let modules = MODULES.iter().map(|Module { name, .. }| format!("[{name}](modules/{name}.md)"));
    page.push_str(&format!("\n**Modules**: {}\n", modules.collect::<Vec<_>>().join(", ")));
    for (title, rows) in &topics {
        let links: Vec<String> = rows.iter().map(|row| link(&heading(row))).collect();
        page.push_str(&format!("\n**{title}**: {}\n", links.join(", ")));
    }
    for (title, rows) in &topics {
        page.push_str(&format!("\n## {title}\n"));
        rows.iter().for_each(|row| entry(&mut page, row));
    }
    page
}

/// The rows that programs can reach, by topic.
pub(super) fn topics() -> Vec<(&'static str, Vec<&'static Builtin>)> {
    let mut topics: Vec<(&str, Vec<&Builtin>)> = Vec::new();
    for (title, table) in TOPICS {
        let rows = table.iter().filter(|row| is_public(row));
        match topics.iter_mut().find(|(known, _)| known == title) {
            Some((_, known)) => known.extend(rows),
            None => topics.push((title, rows.collect())),
        }
    }
    topics.retain(|(_, rows)| !rows.is_empty());
    for (_, rows) in &mut topics {
        rows.sort_by_key(|row| heading(row).to_lowercase());
    }
    topics
}

/// A link to the heading of an entry.
fn link(heading: &str) -> String {
    format!("[{heading}](#{})", heading.to_lowercase().replace('.', ""))
}

/// Whether programs can reach a row: not those of the prelude, the compiler and the modules.
fn is_public(row: &Builtin) -> bool {
    match row.forms {
        [Form::Internal] => owner(row).is_some(),
        _ => !row.name.starts_with("__"),
    }
}

/// The kind whose method a row is, and no other's: `Set` of `Set.has`.
fn owner(row: &Builtin) -> Option<&'static str> {
    let mut names = [row.name].into_iter().chain(row.aliases.iter().copied());
    let (kind, _) = names.find_map(|name| name.split_once('.'))?;
    kind.starts_with(char::is_uppercase).then_some(kind)
}

/// `has` of `Set.has`.
pub(super) fn plain_name(row: &Builtin) -> &'static str {
    row.name.rsplit('.').next().unwrap_or_default()
}

/// How a row is called, each way in backquotes.
pub(super) fn forms(row: &Builtin) -> Vec<String> {
    let gives = gives(row.returns).map_or(String::new(), |kind| format!(" → {kind}"));
    let mut forms: Vec<String> = Vec::new();
    if row.forms.contains(&Form::Global) {
        forms.push(format!("`{}({}){gives}`", row.name, params(row.params)));
        let others = row.aliases.iter().filter(|alias| !alias.contains('.'));
        forms.extend(others.map(|alias| format!("`{alias}`")));
    }
    if row.forms.contains(&Form::Module) {
        forms.push(format!("`{}({}){gives}`", row.name, params(row.params)));
    }
    if row.forms.contains(&Form::Constant) {
        forms.push(format!("`{}`: {}", row.name, gives.trim_start_matches(" → ")));
    }
    if let Some(receiver) = receiver(row) {
        let rest = row.params.get(1..).unwrap_or_default();
        forms.push(format!("`{receiver}.{}({}){gives}`", plain_name(row), params(rest)));
    }
    if row.forms.contains(&Form::Property) {
        forms.push(format!("`text.{}`", plain_name(row)));
    }
    forms
}

fn entry(page: &mut String, row: &Builtin) {
    let forms = forms(row);
    page.push_str(&format!("\n### {}\n\n{}\n\n{}\n", heading(row), forms.join(" · "), row.doc));
    if let Some(text) = otherwise(row) {
        page.push_str(&format!("\nOtherwise: `{text}`\n"));
    }
    row.examples.iter().for_each(|example| block(page, example));
}

/// The failure of a call with other arguments than its row takes.
pub(super) fn otherwise(row: &Builtin) -> Option<String> {
    let has_required = row.params.iter().any(|param| param.is_required) && owner(row).is_none();
    has_required.then(|| format!("{}() requires {}", row.name, row.requires))
}

/// Names that two rows have are told apart by the kind.
pub(super) fn heading(row: &Builtin) -> String {
    match owner(row) {
        Some(kind) => format!("{kind}.{}", plain_name(row)),
        None => row.name.to_owned(),
    }
}

/// What stands before the dot of a method call.
fn receiver(row: &Builtin) -> Option<&'static str> {
    let is_method = row.forms.contains(&Form::Method) || row.forms.contains(&Form::ResultMethod);
    match owner(row) {
        Some("String") => Some("text"),
        Some("Set") => Some("set"),
        Some("Map") => Some("map"),
        Some("Stream") => Some("stream"),
        Some(_) => Some("value"),
        None => is_method.then(|| row.params.first().map_or("value", |param| param.name)),
    }
}

fn params(params: &[Param]) -> String {
    let shown = |param: &Param| {
        let mark = if param.is_required { "" } else { "?" };
        match kind(param.kind) {
            Some(kind) => format!("{}{mark}: {kind}", param.name),
            None => format!("{}{mark}", param.name),
        }
    };
    params.iter().map(shown).collect::<Vec<_>>().join(", ")
}

fn kind(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Any => None,
        Kind::Int => Some("Int"),
        Kind::Number => Some("Int | Float"),
        Kind::String => Some("String"),
        Kind::Bool => Some("Bool"),
        Kind::Array => Some("Array"),
        Kind::Object => Some("Object"),
        Kind::Map => Some("Map"),
        Kind::Set => Some("Set"),
        Kind::Stream => Some("Stream"),
        Kind::Function => Some("Function"),
    }
}

fn gives(returns: Returns) -> Option<&'static str> {
    match returns {
        Returns::Any | Returns::Argument | Returns::Content | Returns::ContentOr => None,
        Returns::Int => Some("Int"),
        Returns::Float => Some("Float"),
        Returns::String => Some("String"),
        Returns::Bool | Returns::Is(Case::Ok | Case::Err | Case::Some | Case::None) => Some("Bool"),
        Returns::Array => Some("Array"),
        Returns::ArrayOrMap => Some("Array | Map"),
        Returns::Object => Some("Object"),
        Returns::Result => Some("Result"),
        Returns::Some => Some("Option"),
    }
}

fn block(page: &mut String, (program, printed): &(&str, &str)) {
    page.push_str(&format!("\n```forge\n{program}\n"));
    for line in printed.lines() {
        // A `String` takes everything.
        let _ = match line.starts_with("error: ") {
            true => writeln!(page, "// {line}"),
            false => writeln!(page, "// prints: {line}"),
        };
    }
    page.push_str("```\n");
}
