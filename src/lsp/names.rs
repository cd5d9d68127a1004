//! What the names of a file mean: its variables, functions and types, and every place where one of them stands.

use crate::diag::Span;
use crate::syntax::ast::Name;
use foldhash::HashMap;
use std::ops::Range;

/// What a name is declared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Variable,
    Parameter,
    Function,
    Struct,
    Type,
    Variant,
    Interface,
    Agent,
    /// Another file declares it.
    Imported,
}

/// Something that the file declares, or imports by its name.
#[derive(Clone, Debug)]
pub(super) struct Symbol {
    pub(super) name: Name,
    pub(super) sort: Sort,
    /// Where it is declared first.
    pub(super) span: Span,
    /// How it is declared: `fn area(width, height = 2)`.
    pub(super) detail: String,
    /// The labels of its parameters, when it can be called.
    pub(super) params: Vec<String>,
    /// Where it can be seen.
    pub(super) scope: Range<u32>,
    /// The path of the import that brings it.
    pub(super) from: Option<Name>,
}

/// A place where a symbol stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    pub(super) span: Span,
    /// Its number.
    pub(super) symbol: usize,
    pub(super) declares: bool,
    /// `{ name }`: the key of the object as well.
    pub(super) is_shorthand: bool,
}

/// A name behind a dot.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) span: Span,
    pub(super) name: Name,
    /// The name before the dot, if there stands one.
    pub(super) of: Option<Name>,
    /// What that name is, if the file declares it.
    pub(super) symbol: Option<usize>,
}

/// A field or a method of a type of this file.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) of: Name,
    pub(super) name: Name,
    pub(super) span: Span,
    pub(super) detail: String,
    pub(super) params: Vec<String>,
    pub(super) is_method: bool,
}

/// All names of a file.
#[derive(Default)]
pub(super) struct Names {
    pub(super) symbols: Vec<Symbol>,
    pub(super) uses: Vec<Use>,
    /// Names that the file does not declare: builtins, modules, what a whole import brings.
    pub(super) free: Vec<(Name, Span)>,
    pub(super) members: Vec<Member>,
    pub(super) parts: Vec<Part>,
    /// The keys of the object literals that variables begin with, by symbol.
    pub(super) keys: HashMap<usize, Vec<Name>>,
    /// The paths that are imported as a whole.
    pub(super) whole: Vec<Name>,
}

fn holds(span: Span, offset: usize) -> bool {
    span.start as usize <= offset && offset <= span.end as usize
}

impl Names {
    /// The symbol at a place; the end of a name belongs to it.
    pub(super) fn at(&self, offset: usize) -> Option<&Use> {
        self.uses.iter().find(|it| holds(it.span, offset))
    }

    /// The name at a place that the file does not declare.
    pub(super) fn free_at(&self, offset: usize) -> Option<&(Name, Span)> {
        self.free.iter().find(|it| holds(it.1, offset))
    }

    pub(super) fn member_at(&self, offset: usize) -> Option<&Member> {
        self.members.iter().find(|it| holds(it.span, offset))
    }

    /// The places of a symbol.
    pub(super) fn uses_of(&self, symbol: usize) -> impl Iterator<Item = &Use> {
        self.uses.iter().filter(move |it| it.symbol == symbol)
    }

    /// What `name` means at a place: of those that can be seen there, the one of the innermost scope.
    pub(super) fn seen(&self, name: &str, offset: usize) -> Option<usize> {
        let seen = self.visible(offset).filter(|(_, it)| *it.name == *name);
        seen.min_by_key(|(_, it)| it.scope.end - it.scope.start).map(|(at, _)| at)
    }

    /// The symbols that can be seen at a place, with their numbers.
    pub(super) fn visible(&self, offset: usize) -> impl Iterator<Item = (usize, &Symbol)> {
        let offset = offset as u32;
        let all = self.symbols.iter().enumerate();
        all.filter(move |(_, it)| it.scope.start <= offset && offset <= it.scope.end)
    }

    /// The fields and methods of a type.
    pub(super) fn parts_of(&self, of: &str) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| *part.of == *of)
    }
}
