//! Names and scopes of the walk: what is declared, and what a use of a name means for the variable.

use super::Analysis;
use super::Facts;
use super::GlobalFacts;
use super::Key;
use super::key;
use crate::compile::patterns::is_wrapper;
use crate::compile::walk;
use crate::compile::walk::Declared;
use crate::native::Registry;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Name;
use crate::syntax::ast::Stmt;
use std::collections::HashMap;

/// Top-level names that stay in registers at most; further ones live in slots.
const REGISTERS: usize = 90;
pub(super) struct Walker<'a> {
    registry: &'a Registry,
    facts: HashMap<Key, Facts>,
    globals: Vec<GlobalFacts>,
    by_name: HashMap<Name, usize>,
    functions: Vec<Function>,
}

#[derive(Default)]
struct Function {
    scopes: Vec<HashMap<Name, Var>>,
    /// The function's own name and variable, when it is a named local function.
    itself: Option<(Name, Key)>,
}

#[derive(Clone, Copy)]
struct Var {
    key: Key,
    /// Whether its declaration has been passed.
    is_declared: bool,
    /// Whether a `type` introduced it.
    is_variant: bool,
}

/// What is done with a name.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Use {
    Read,
    Assign,
}

impl<'a> Walker<'a> {
    pub(super) fn new(registry: &'a Registry) -> Walker<'a> {
        Walker {
            registry,
            facts: HashMap::new(),
            globals: Vec::new(),
            by_name: HashMap::new(),
            functions: vec![Function::default()],
        }
    }

    pub(super) fn declare_global(&mut self, name: &Ident, how: Declared) {
        let at = match self.by_name.get(&name.name) {
            Some(at) => *at,
            None => {
                let builtin = self.registry.global(&name.name);
                self.add_global(&name.name, builtin, false)
            }
        };
        let global = &mut self.globals[at];
        global.facts.declared += 1;
        global.is_mutable = how != Declared::Immutable;
        global.is_variant = how == Declared::Variant;
    }

    /// The test runner looks the top-level name up, so it must not be a register of the top-level code.
    pub(super) fn name_from_outside(&mut self, name: &Name) {
        if let Some(at) = self.by_name.get(name) {
            self.globals[*at].named_by_function = true;
        }
    }

    fn add_global(&mut self, name: &Name, builtin: Option<usize>, is_implicit: bool) -> usize {
        self.globals.push(GlobalFacts {
            name: name.clone(),
            facts: Facts::default(),
            named_by_function: false,
            is_mutable: true,
            is_variant: false,
            builtin,
            is_implicit,
            is_slot: false,
            is_defined: builtin.is_some(),
        });
        self.by_name.insert(name.clone(), self.globals.len() - 1);
        self.globals.len() - 1
    }

    pub(super) fn finish(self) -> Analysis {
        let mut in_registers = 0;
        let mut analysis = Analysis { facts: self.facts, ..Analysis::default() };
        for mut global in self.globals {
            let fits = !global.named_by_function && !global.is_implicit && in_registers < REGISTERS;
            if fits {
                in_registers += 1;
                continue;
            }
            global.is_slot = true;
            analysis.by_name.insert(global.name.clone(), analysis.globals.len());
            analysis.globals.push(global);
        }
        analysis
    }

    fn function(&mut self) -> &mut Function {
        self.functions.last_mut().expect("there is always a function")
    }

    /// Whether statements stand directly at top level.
    pub(super) fn is_top(&self) -> bool {
        self.functions.len() == 1 && self.functions[0].scopes.is_empty()
    }

    pub(super) fn open_function(&mut self, itself: Option<(Name, Key)>) {
        self.functions.push(Function { scopes: vec![HashMap::new()], itself });
    }

    pub(super) fn close_function(&mut self) {
        self.functions.pop();
    }

    /// The variable of a function that the innermost scope declares; one at top level is no local.
    pub(super) fn own_variable(&mut self, name: &Name) -> Option<(Name, Key)> {
        if self.is_top() {
            return None;
        }
        let var = self.function().scopes.last()?.get(name)?;
        Some((name.clone(), var.key))
    }

    pub(super) fn open(&mut self, statements: &[Stmt]) {
        self.function().scopes.push(HashMap::new());
        self.expect(statements);
    }

    /// Adds what `statements` declare to the innermost scope: a name declared again is the same variable.
    pub(super) fn expect(&mut self, statements: &[Stmt]) {
        let mut scope = self.function().scopes.pop().expect("a scope is open");
        for statement in statements {
            for (name, how) in walk::declared(statement) {
                let is_variant = how == Declared::Variant;
                let var = *scope.entry(name.name.clone()).or_insert(Var {
                    key: key(name.span),
                    is_declared: false,
                    is_variant,
                });
                self.facts.entry(var.key).or_default().declared += 1;
            }
        }
        self.function().scopes.push(scope);
    }

    pub(super) fn close(&mut self) {
        self.function().scopes.pop();
    }

    /// A variable that exists from here on in the innermost scope.
    pub(super) fn bind(&mut self, name: &Ident) {
        let own = Var { key: key(name.span), is_declared: true, is_variant: false };
        self.facts.entry(own.key).or_default().declared += 1;
        if let Some(scope) = self.function().scopes.last_mut() {
            scope.insert(name.name.clone(), own);
        }
    }

    /// The declaration of a name of the innermost scope has been passed.
    pub(super) fn declare(&mut self, name: &Ident) {
        if let Some(var) =
            self.function().scopes.last_mut().and_then(|scope| scope.get_mut(&name.name))
        {
            var.is_declared = true;
        }
    }

    pub(super) fn use_name(&mut self, name: &Name, how: Use) {
        let top = self.functions.len() - 1;
        for level in (0..=top).rev() {
            for scope in (0..self.functions[level].scopes.len()).rev() {
                let Some(var) = self.functions[level].scopes[scope].get(name).copied() else {
                    continue;
                };
                if level == top && !var.is_declared {
                    continue;
                }
                let facts = self.facts.entry(var.key).or_default();
                if how == Use::Assign {
                    facts.assigned += 1;
                }
                if level == top {
                    return;
                }
                let is_own_name = self.functions[level + 1]
                    .itself
                    .as_ref()
                    .is_some_and(|(own, of)| own == name && *of == var.key);
                let facts = self.facts.entry(var.key).or_default();
                if is_own_name {
                    facts.names_itself = true;
                    return;
                }
                facts.captured = true;
                if var.is_declared {
                    return;
                }
                // Until it has its value, the name means what it means further out.
                facts.captured_early = true;
            }
        }
        let at = match self.by_name.get(name) {
            Some(at) => *at,
            None => match self.registry.global(name).filter(|_| how == Use::Assign) {
                Some(builtin) => self.add_global(name, Some(builtin), true),
                None => return,
            },
        };
        let global = &mut self.globals[at];
        global.named_by_function |= top > 0;
        if how == Use::Assign {
            global.facts.assigned += 1;
        }
    }

    /// Whether a bare name in a pattern is the test of a variant rather than a binding.
    pub(super) fn is_variant(&self, name: &Name) -> bool {
        let local = self
            .functions
            .iter()
            .rev()
            .flat_map(|function| function.scopes.iter().rev())
            .find_map(|scope| scope.get(name));
        match (local, self.by_name.get(name)) {
            (Some(var), _) => var.is_variant,
            (None, Some(at)) => self.globals[*at].is_variant,
            (None, None) => is_wrapper(name),
        }
    }
}
