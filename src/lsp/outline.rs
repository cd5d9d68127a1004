//! The symbols of a file, types with their parts.

use super::documents::Document;
use crate::diag::Span;
use crate::syntax::items::Item;
use crate::syntax::items::Sort;
use crate::syntax::items::items;
use lsp_types::DocumentSymbol;
use lsp_types::SymbolKind;

/// What stands at the top level of a file.
pub(super) fn of(document: &Document) -> Vec<DocumentSymbol> {
    let items = items(&document.view().tree.statements, &document.text);
    items.iter().map(|item| symbol(document, item)).collect()
}

// The field that the protocol gave up has no default.
#[expect(deprecated)]
fn symbol(document: &Document, item: &Item) -> DocumentSymbol {
    let (whole, place) = (item.span, item.name.span);
    let is_part = matches!(item.sort, Sort::Field | Sort::Method);
    let children: Vec<_> = item.parts.iter().map(|part| symbol(document, part)).collect();
    DocumentSymbol {
        name: item.name.name.to_string(),
        detail: is_part.then(|| item.signature.clone()),
        kind: kind(item.sort),
        tags: None,
        deprecated: None,
        range: document.range(Span::new(
            whole.source,
            whole.start.min(place.start),
            whole.end.max(place.end),
        )),
        selection_range: document.range(place),
        children: Some(children).filter(|it| !it.is_empty()),
    }
}

fn kind(sort: Sort) -> SymbolKind {
    match sort {
        Sort::Function => SymbolKind::FUNCTION,
        Sort::Struct => SymbolKind::STRUCT,
        Sort::Field => SymbolKind::FIELD,
        Sort::Method => SymbolKind::METHOD,
        Sort::Type => SymbolKind::ENUM,
        Sort::Variant => SymbolKind::ENUM_MEMBER,
        Sort::Interface => SymbolKind::INTERFACE,
        Sort::Impl | Sort::Prompt | Sort::Agent => SymbolKind::CLASS,
        Sort::Variable => SymbolKind::VARIABLE,
    }
}
