//! The symbols of a file, types with their parts.

use super::documents::Document;
use super::names::Part;
use crate::diag::Span;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Stmt;
use crate::syntax::ast::StmtKind;
use crate::syntax::declared::declared;
use lsp_types::DocumentSymbol;
use lsp_types::SymbolKind;

/// What stands at the top level of a file.
pub(super) fn of(document: &Document) -> Vec<DocumentSymbol> {
    let statements = &document.view().tree.statements;
    statements.iter().flat_map(|statement| symbols(document, statement)).collect()
}

fn symbols(document: &Document, statement: &Stmt) -> Vec<DocumentSymbol> {
    let whole = statement.span;
    let one = |name: &Ident, kind| symbol(document, (&name.name, name.span), whole, kind);
    match &statement.kind {
        StmtKind::Function(def) => {
            let inner = def.lambda.body.statements.iter();
            let inner = inner.filter(|it| matches!(it.kind, StmtKind::Function(_)));
            let inner: Vec<_> = inner.flat_map(|it| symbols(document, it)).collect();
            vec![with(one(&def.name, SymbolKind::FUNCTION), inner)]
        }
        StmtKind::Struct(def) => {
            let own = parts(document, whole);
            vec![with(one(&def.name, SymbolKind::STRUCT), own)]
        }
        StmtKind::Interface(def) => {
            let own = parts(document, whole);
            vec![with(one(&def.name, SymbolKind::INTERFACE), own)]
        }
        StmtKind::Type(def) => {
            let variants = def.variants.iter().map(|it| {
                let name = (&*it.name.name, it.name.span);
                symbol(document, name, it.name.span, SymbolKind::ENUM_MEMBER)
            });
            vec![with(one(&def.name, SymbolKind::ENUM), variants.collect())]
        }
        StmtKind::Impl(def) => {
            let own = parts(document, whole);
            vec![with(one(&def.target, SymbolKind::CLASS), own)]
        }
        StmtKind::Prompt(def) => vec![one(&def.name, SymbolKind::CLASS)],
        StmtKind::Agent(def) => vec![one(&def.name, SymbolKind::CLASS)],
        _ => declared(statement).iter().map(|(it, _)| one(it, SymbolKind::VARIABLE)).collect(),
    }
}

/// The fields and methods that stand in a statement.
fn parts(document: &Document, whole: Span) -> Vec<DocumentSymbol> {
    let is_inside = |it: &&Part| whole.start <= it.span.start && it.span.end <= whole.end;
    let inside = document.names().parts.iter().filter(is_inside);
    let part = |it: &Part| {
        let kind = if it.is_method { SymbolKind::METHOD } else { SymbolKind::FIELD };
        let mut symbol = symbol(document, (&it.name, it.span), it.span, kind);
        symbol.detail = Some(it.detail.clone());
        symbol
    };
    inside.map(part).collect()
}

fn with(symbol: DocumentSymbol, children: Vec<DocumentSymbol>) -> DocumentSymbol {
    DocumentSymbol { children: Some(children).filter(|it| !it.is_empty()), ..symbol }
}

// The field that the protocol gave up has no default.
#[expect(deprecated)]
fn symbol(
    document: &Document,
    (name, place): (&str, Span),
    whole: Span,
    kind: SymbolKind,
) -> DocumentSymbol {
    DocumentSymbol {
        name: name.to_owned(),
        detail: None,
        kind,
        tags: None,
        deprecated: None,
        range: document.range(Span::new(
            whole.source,
            whole.start.min(place.start),
            whole.end.max(place.end),
        )),
        selection_range: document.range(place),
        children: None,
    }
}
