//! What stands beside a name when the mouse rests on it.

use super::documents::Document;
use super::names::Sort;
use crate::builtins;
use crate::diag::Span;
use lsp_types::Hover;
use lsp_types::HoverContents;
use lsp_types::MarkupContent;
use lsp_types::MarkupKind;
use lsp_types::Position;

/// What is known of the name at a position.
pub(super) fn of(document: &Document, at: Position) -> Option<Hover> {
    let (offset, names) = (document.offset(at), document.names());
    if let Some(it) = names.at(offset) {
        return shown(document, it.span, symbol(document, it.symbol));
    }
    if let Some(member) = names.member_at(offset) {
        return shown(document, member.span, member_text(document, member)?);
    }
    let (name, span) = names.free_at(offset)?;
    shown(document, *span, builtin(name)?)
}

fn shown(document: &Document, span: Span, text: String) -> Option<Hover> {
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: text });
    Some(Hover { contents, range: Some(document.range(span)) })
}

/// How a symbol is declared, its type, and the comment above.
fn symbol(document: &Document, at: usize) -> String {
    let symbol = &document.names().symbols[at];
    let is_value = matches!(symbol.sort, Sort::Variable | Sort::Parameter);
    let ty = document.type_of(at).filter(|_| is_value && !symbol.detail.contains(':'));
    let ty = ty.map_or(String::new(), |ty| format!(": {ty}"));
    code(&format!("{}{ty}", symbol.detail), &document.comment(symbol.span))
}

fn member_text(document: &Document, member: &super::names::Member) -> Option<String> {
    let names = document.names();
    if let (Some(of), None) = (&member.of, member.symbol)
        && let Some(text) = builtin(&format!("{of}.{}", member.name))
    {
        return Some(text);
    }
    let ty = member.symbol.and_then(|it| document.type_of(it));
    let mut parts = names.parts.iter().filter(|it| it.name == member.name);
    let own = parts.find(|it| ty.is_none_or(|ty| *it.of == *ty));
    if let Some(part) = own {
        return Some(code(&format!("{}.{}", part.of, part.detail), &document.comment(part.span)));
    }
    let owner = ty.filter(|ty| ty.chars().all(char::is_alphanumeric)).unwrap_or_default();
    builtin(&format!("{owner}.{}", member.name)).or_else(|| builtin(&member.name))
}

/// The help for a builtin, a module or a member of one.
pub(super) fn builtin(name: &str) -> Option<String> {
    if let Some(entry) = builtins::entries().iter().find(|entry| entry.name == name) {
        return Some(code(&entry.signature, entry.doc));
    }
    // Other names, and what several kinds have.
    builtins::help(name).ok().map(|text| format!("```text\n{}\n```", text.trim_end()))
}

/// The same without the fences around code.
pub(super) fn plain(markdown: &str) -> String {
    let lines = markdown.lines().filter(|line| !line.starts_with("```"));
    lines.collect::<Vec<_>>().join("\n")
}

pub(super) fn code(declaration: &str, doc: &str) -> String {
    match doc.is_empty() {
        true => format!("```forge\n{declaration}\n```"),
        false => format!("```forge\n{declaration}\n```\n\n{doc}"),
    }
}
