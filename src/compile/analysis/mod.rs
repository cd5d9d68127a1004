//! Which variables must be cells, and where top-level names live: found before any code is made.
//!
//! A variable is a cell when a closure captures it, unless it is assigned once and before any closure can capture it
//! (design §2). The walk resolves names the way `names.rs` does afterwards.

mod scopes;
mod tree;

use super::plan::TestsPlan;
use super::walk;
use crate::diag::Span;
use crate::native::Registry;
use crate::program::Global;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Name;
use crate::syntax::ast::Program;
use crate::syntax::ast::StmtKind;
use scopes::Walker;
use std::collections::HashMap;

/// A variable, by the place of the name that declares it first in its scope.
pub(super) type Key = (u32, u32);

/// The key of a declaring name.
pub(super) fn key(span: Span) -> Key {
    (span.source.0, span.start)
}
/// What the walk found out.
#[derive(Default)]
pub(super) struct Analysis {
    facts: HashMap<Key, Facts>,
    /// Top-level names that live in slots, in slot order.
    pub(super) globals: Vec<GlobalFacts>,
    by_name: HashMap<Name, usize>,
}

/// How a variable is used.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    declared: u32,
    assigned: u32,
    captured: bool,
    /// A closure may hold it before it has its value.
    captured_early: bool,
    /// The function of that name names itself.
    names_itself: bool,
}

impl Facts {
    /// Whether it has one value for ever.
    pub(super) fn is_constant(&self) -> bool {
        self.declared <= 1 && self.assigned == 0
    }

    /// Whether it must be a cell before it has its value. A function that names itself holds itself, unless the
    /// name may come to mean something else.
    pub(super) fn exists_early(&self) -> bool {
        self.captured_early || (self.names_itself && !self.is_constant())
    }

    /// Whether it must be a cell.
    pub(super) fn is_cell(&self) -> bool {
        (self.captured && (self.captured_early || !self.is_constant()))
            || (self.names_itself && !self.is_constant())
    }
}

/// A top-level name.
#[derive(Clone, Debug)]
pub(super) struct GlobalFacts {
    pub(super) name: Name,
    pub(super) facts: Facts,
    /// Whether a function, lambda or background block names it, or the test runner.
    named_by_function: bool,
    pub(super) is_mutable: bool,
    pub(super) is_variant: bool,
    /// The builtin it means before it is declared.
    pub(super) builtin: Option<usize>,
    /// Whether it is assigned without ever being declared: a builtin's name.
    pub(super) is_implicit: bool,
    /// Whether it lives in a slot rather than in a register of the main function.
    pub(super) is_slot: bool,
    /// Whether it has a value wherever the code compiled from now on runs.
    pub(super) is_defined: bool,
}

impl GlobalFacts {
    /// Whether it is a cell.
    pub(super) fn is_cell(&self) -> bool {
        self.is_slot && !(self.facts.declared <= 1 && self.facts.assigned == 0)
    }

    /// What the program knows of it.
    pub(super) fn code(&self) -> Global {
        Global {
            name: self.name.clone(),
            is_cell: self.is_cell(),
            initial: self.builtin.map(|id| id as u32),
        }
    }
}

impl Analysis {
    /// The facts of a local variable.
    pub(super) fn facts(&self, key: Key) -> Facts {
        self.facts.get(&key).copied().unwrap_or_default()
    }

    /// The slot of a top-level name, if it has one.
    pub(super) fn slot(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// A slot for a name that only the runtime reads.
    pub(super) fn hidden(&mut self, name: String) -> usize {
        self.globals.push(GlobalFacts {
            name: name.into(),
            facts: Facts::default(),
            named_by_function: false,
            is_mutable: true,
            is_variant: false,
            builtin: None,
            is_implicit: false,
            is_slot: true,
            is_defined: false,
        });
        self.globals.len() - 1
    }
}

/// Walks a whole file.
pub(super) fn analyse(tree: &Program, registry: &Registry) -> Analysis {
    let mut walker = Walker::new(registry);
    for statement in &tree.statements {
        for (name, how) in walk::declared(statement) {
            walker.declare_global(name, how);
        }
        if let StmtKind::Function(def) = &statement.kind
            && TestsPlan::calls(def)
        {
            walker.name_from_outside(&def.name.name);
        }
    }
    walker.statements(&tree.statements);
    walker.finish()
}

/// The variable of `repeat`, declared where its count stands.
pub(super) fn repeat_variable(span: Span) -> Ident {
    Ident { name: Name::from("_"), span }
}
