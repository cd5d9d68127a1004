//! What the first walk learns about the whole program and the second one uses.

use super::types::Type;
use crate::diag::Span;
use crate::syntax::ast::Name;
use foldhash::HashMap;
use foldhash::HashSet;

/// A variable or function, by the place of the name that declares it first in its scope.
pub(super) type Key = u32;

/// The key of a declaring name.
pub(super) fn key(span: Span) -> Key {
    span.start
}

/// Facts that later code tells about earlier code.
#[derive(Default)]
pub(super) struct Facts {
    returns: HashMap<Key, Type>,
    types: HashMap<Key, Type>,
    assigned: HashSet<Key>,
    blurred: HashSet<Key>,
    /// Fields that are set somewhere.
    fields: HashSet<Name>,
    /// Whether fields are set whose names are not known.
    sets_any_field: bool,
}

impl Facts {
    /// What a function without annotation gives.
    pub(super) fn returns(&self, function: Key) -> Type {
        self.returns.get(&function).cloned().unwrap_or(Type::Unknown)
    }

    pub(super) fn learn_returns(&mut self, function: Key, ty: Type) {
        self.returns.insert(function, ty);
    }

    /// The type with which a variable is declared.
    pub(super) fn ty(&self, variable: Key) -> Type {
        self.types.get(&variable).cloned().unwrap_or(Type::Unknown)
    }

    pub(super) fn learn_type(&mut self, variable: Key, ty: Type) {
        self.types.insert(variable, ty);
    }

    /// Whether a variable is assigned after its declaration.
    pub(super) fn is_assigned(&self, variable: Key) -> bool {
        self.assigned.contains(&variable)
    }

    pub(super) fn learn_assigned(&mut self, variable: Key) {
        self.assigned.insert(variable);
    }

    /// Whether a variable without annotation also gets values of other or unknown types.
    pub(super) fn is_blurred(&self, variable: Key) -> bool {
        self.blurred.contains(&variable)
    }

    pub(super) fn learn_blurred(&mut self, variable: Key) {
        self.blurred.insert(variable);
    }

    /// Whether something may get a field `name` that its definition does not have.
    pub(super) fn may_be_set(&self, name: &str) -> bool {
        self.sets_any_field || self.fields.contains(name)
    }

    /// A field is set; `None` when its name is computed.
    pub(super) fn learn_set(&mut self, field: Option<Name>) {
        match field {
            Some(name) => drop(self.fields.insert(name)),
            None => self.sets_any_field = true,
        }
    }
}
