//! What may be written at a place: names that can be seen there, builtins, modules, keywords; behind a dot, fields and
//! methods.

use super::documents::Document;
use super::hover;
use super::names::Sort;
use crate::builtins;
use crate::native::Builtin;
use crate::native::Form;
use crate::native::Kind;
use crate::native::MODULES;
use crate::syntax::Receiver;
use crate::syntax::cursor;
use crate::syntax::token::Keyword;
use lsp_types::ClientCapabilities;
use lsp_types::CompletionItem;
use lsp_types::CompletionItemKind;
use lsp_types::Documentation;
use lsp_types::MarkupContent;
use lsp_types::MarkupKind;
use lsp_types::Position;
use std::collections::HashSet;

/// What may stand at a position.
pub(super) fn of(document: &Document, at: Position) -> Vec<CompletionItem> {
    let offset = document.offset(at);
    let cursor = cursor(&document.text, offset);
    if cursor.is_in_text {
        return Vec::new();
    }
    let mut items = match &cursor.receiver {
        Some(receiver) => members(document, receiver, offset),
        None => words(document, offset),
    };
    let mut known = HashSet::new();
    items.retain(|it| it.label.starts_with(&cursor.prefix) && known.insert(it.label.clone()));
    items
}

/// The documentation of one of them, which is looked for once somebody looks at it.
pub(super) fn resolved(mut item: CompletionItem, reads: Reads) -> CompletionItem {
    let name = item.data.as_ref().and_then(|it| it.as_str());
    let text = name.and_then(hover::builtin);
    item.documentation = text.map(|value| match reads {
        Reads::Markdown => {
            Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })
        }
        Reads::Plain => Documentation::String(hover::plain(&value)),
    });
    item
}

/// What an editor can show beside an item.
#[derive(Clone, Copy)]
pub(super) enum Reads {
    Markdown,
    /// What it does not know, it would show with all its signs.
    Plain,
}

impl Reads {
    /// Of an editor that says this of itself.
    pub(super) fn of(editor: &ClientCapabilities) -> Reads {
        let completion = editor.text_document.as_ref().and_then(|it| it.completion.as_ref());
        let item = completion.and_then(|it| it.completion_item.as_ref());
        let formats = item.and_then(|it| it.documentation_format.as_ref());
        match formats.is_some_and(|it| it.contains(&MarkupKind::Markdown)) {
            true => Reads::Markdown,
            false => Reads::Plain,
        }
    }
}

/// An item; those with a lower `order` come first.
fn item(name: &str, kind: CompletionItemKind, detail: &str, order: u8) -> CompletionItem {
    CompletionItem {
        label: name.to_owned(),
        kind: Some(kind),
        detail: Some(detail.to_owned()).filter(|it| !it.is_empty()),
        sort_text: Some(format!("{order}{name}")),
        ..CompletionItem::default()
    }
}

/// An item of which the registry knows more, by the name `of`.
fn known(name: &str, kind: CompletionItemKind, of: String, order: u8) -> CompletionItem {
    CompletionItem { data: Some(of.into()), ..item(name, kind, "", order) }
}

fn words(document: &Document, offset: usize) -> Vec<CompletionItem> {
    let names = document.names();
    let mut visible: Vec<_> = names.visible(offset).map(|(_, it)| it).collect();
    // Of two with one name, the innermost is meant.
    visible.sort_by_key(|it| it.scope.end - it.scope.start);
    let kind = |sort| match sort {
        Sort::Function => CompletionItemKind::FUNCTION,
        Sort::Struct => CompletionItemKind::STRUCT,
        Sort::Type => CompletionItemKind::ENUM,
        Sort::Variant => CompletionItemKind::ENUM_MEMBER,
        Sort::Interface => CompletionItemKind::INTERFACE,
        Sort::Agent => CompletionItemKind::CLASS,
        Sort::Variable | Sort::Parameter | Sort::Imported => CompletionItemKind::VARIABLE,
    };
    let own = visible.iter().map(|it| item(&it.name, kind(it.sort), &it.detail, 0));
    let registry = builtins::registry();
    let builtin = registry.names().filter(|it| !MODULES.contains(it));
    let builtin = builtin.map(|it| known(it, CompletionItemKind::FUNCTION, it.to_owned(), 1));
    let modules =
        MODULES.iter().map(|it| known(it, CompletionItemKind::MODULE, (*it).to_owned(), 1));
    let keywords =
        Keyword::ALL.iter().map(|it| item(it.text(), CompletionItemKind::KEYWORD, "", 2));
    own.chain(modules).chain(builtin).chain(keywords).collect()
}

fn members(document: &Document, receiver: &Receiver, offset: usize) -> Vec<CompletionItem> {
    let names = document.names();
    let registry = builtins::registry();
    let symbol = match receiver {
        Receiver::Name(name) => names.seen(name, offset),
        _ => None,
    };
    if let (Receiver::Name(module), None) = (receiver, symbol)
        && registry.module(module).is_some()
    {
        let member = |name| {
            let row = registry.member(module, name).map(|id| registry.row(id));
            let is_value = row.is_some_and(|row| row.forms.contains(&Form::Constant));
            let kind = match is_value {
                true => CompletionItemKind::CONSTANT,
                false => CompletionItemKind::FUNCTION,
            };
            known(name, kind, format!("{module}.{name}"), 0)
        };
        return registry.members(module).map(member).collect();
    }
    let ty = match receiver {
        Receiver::Literal(ty) => Some(*ty),
        _ => symbol.and_then(|it| document.type_of(it)),
    };
    let parts = names.parts.iter().filter(|it| ty.is_none_or(|ty| *it.of == *ty || ty == "Object"));
    let parts = parts.map(|it| {
        let kind = match it.is_method {
            true => CompletionItemKind::METHOD,
            false => CompletionItemKind::FIELD,
        };
        item(&it.name, kind, &it.detail, 0)
    });
    // What the file reads of the same variable elsewhere it has as well.
    let used = names.members.iter().filter(|it| symbol.is_some() && it.symbol == symbol);
    let used = used.filter(|it| registry.method(&it.name).is_none());
    let used = used.filter(|it| (it.span.end as usize) < offset || it.span.start as usize > offset);
    let keys = symbol.and_then(|it| names.keys.get(&it)).into_iter().flatten();
    let keys = keys.map(|it| item(it, CompletionItemKind::FIELD, "", 0));
    let used = used.map(|it| item(&it.name, CompletionItemKind::FIELD, "", 0));
    parts.chain(keys).chain(used).chain(methods(ty)).collect()
}

/// The built-in methods of a type; all of them when it is not known.
fn methods(ty: Option<&str>) -> Vec<CompletionItem> {
    let registry = builtins::registry();
    let of = |name: &str, of: &str| known(name, CompletionItemKind::METHOD, of.to_owned(), 1);
    let rows = registry.method_names().filter(|name| !name.contains('.')).filter(|name| {
        let row = registry.method(name).map(|id| registry.row(id));
        row.is_some_and(|row| takes(row, ty))
    });
    let mut methods: Vec<CompletionItem> = rows.map(|name| of(name, name)).collect();
    for row in registry.rows() {
        if let Some((kind, name)) = row.name.split_once('.')
            && kind.starts_with(char::is_uppercase)
            && ty.is_none_or(|ty| ty == kind)
        {
            methods.push(of(name, row.name));
        }
    }
    methods
}

/// The kinds whose method a row is: `Set` of `Set.has`.
fn owners(row: &Builtin) -> impl Iterator<Item = &'static str> {
    let names = [row.name].into_iter().chain(row.aliases.iter().copied());
    let owners = names.filter_map(|name| name.split_once('.'));
    owners.map(|(kind, _)| kind).filter(|kind| kind.starts_with(char::is_uppercase))
}

/// Whether a value of a type can be the receiver of a row: its owner, else its first parameter says so.
fn takes(row: &Builtin, ty: Option<&str>) -> bool {
    let Some(ty) = ty else { return true };
    if owners(row).next().is_some() {
        return owners(row).any(|owner| owner == ty);
    }
    match row.params.first().map_or(Kind::Any, |first| first.kind) {
        Kind::Any => true,
        Kind::String => ty == "String",
        Kind::Int | Kind::Number => matches!(ty, "Int" | "Float"),
        Kind::Bool => ty == "Bool",
        Kind::Array => ty.starts_with('['),
        Kind::Function => ty.starts_with("fn("),
        Kind::Object => !matches!(ty, "String" | "Int" | "Float" | "Bool") && !ty.starts_with('['),
        Kind::Map | Kind::Set | Kind::Stream => false,
    }
}
