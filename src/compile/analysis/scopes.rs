//! Names and scopes of the walk: what is declared, and what a use of a name means for the variable.

use super::Facts;
use super::GlobalFacts;
use super::Key;
use super::imports::Binder;
use super::imports::Binders;
use super::imports::Imported;
use super::imports::UnitNames;
use super::imports::meant;
use super::key;
use crate::compile::Known;
use crate::compile::Unit;
use crate::compile::patterns::is_wrapper;
use crate::compile::walk;
use crate::compile::walk::Declared;
use crate::native::Registry;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Import;
use crate::syntax::ast::Name;
use crate::syntax::ast::Stmt;
use crate::syntax::ast::StmtKind;
use foldhash::HashMap;
use foldhash::HashSet;
use std::rc::Rc;

pub(super) struct Walker<'a> {
    pub(super) registry: &'a Registry,
    pub(super) units: &'a [Unit<'a>],
    /// The file under way.
    pub(super) unit: usize,
    pub(super) facts: HashMap<Key, Facts>,
    pub(super) globals: Vec<GlobalFacts>,
    /// Names of each file; behind them those of the built-in modules.
    pub(super) names: Vec<UnitNames>,
    pub(super) imported: HashMap<Key, Rc<Imported>>,
    /// Bindings that some code makes use of.
    pub(super) used: HashSet<(Key, Name)>,
    /// Whether this is an input of a session.
    pub(super) is_session: bool,
    functions: Vec<Function>,
}

#[derive(Default)]
struct Function {
    scopes: Vec<Scope>,
    /// The function's own name and variable, when it is a named local function.
    itself: Option<(Name, Key)>,
}

#[derive(Default)]
struct Scope {
    vars: HashMap<Name, Var>,
    imports: Binders,
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
    pub(super) fn new(units: &'a [Unit<'a>], registry: &'a Registry) -> Walker<'a> {
        Walker {
            registry,
            units,
            unit: 0,
            facts: HashMap::default(),
            globals: Vec::new(),
            names: (0..=units.len()).map(|_| UnitNames::default()).collect(),
            imported: HashMap::default(),
            used: HashSet::default(),
            is_session: false,
            functions: vec![Function::default()],
        }
    }

    /// The main file is the next input of a session: it knows the names of the earlier ones.
    pub(super) fn goes_on(&mut self, known: &Known) {
        self.is_session = true;
        self.globals = known.globals.clone();
        self.names[0].own = known.names.clone();
    }

    pub(super) fn declare_global(&mut self, name: &Ident, how: Declared) {
        let at = match self.names[self.unit].own.get(&name.name) {
            Some(at) => *at,
            None => {
                let builtin = self.registry.named(&name.name);
                self.add_global(self.unit, &name.name, builtin, false)
            }
        };
        let global = &mut self.globals[at];
        global.is_mutable = how != Declared::Immutable;
        global.facts.declare(global.is_mutable);
        global.is_variant = how == Declared::Variant;
    }

    /// A `shared` block declares the top-level name.
    pub(super) fn declare_common(&mut self, name: &Ident) {
        let at = self.names[self.unit].own[&name.name];
        self.globals[at].is_shared = true;
        self.globals[at].is_common = true;
    }

    /// The test runner looks the top-level name up, so it must not be a register of the top-level code.
    pub(super) fn name_from_outside(&mut self, name: &Name) {
        if let Some(at) = self.names[self.unit].own.get(name) {
            self.globals[*at].is_shared = true;
        }
    }

    pub(super) fn add_global(
        &mut self,
        unit: usize,
        name: &Name,
        builtin: Option<usize>,
        is_implicit: bool,
    ) -> usize {
        self.globals.push(GlobalFacts {
            name: name.clone(),
            unit,
            // A later input of a session may assign it.
            facts: Facts { assigned: u32::from(self.is_session), ..Facts::default() },
            is_shared: false,
            is_common: false,
            is_mutable: true,
            is_variant: false,
            builtin,
            is_late: false,
            is_implicit,
            is_slot: false,
            is_defined: builtin.is_some(),
        });
        self.names[unit].own.insert(name.clone(), self.globals.len() - 1);
        self.globals.len() - 1
    }

    fn function(&mut self) -> &mut Function {
        self.functions.last_mut().expect("there is always a function")
    }

    /// Whether statements stand directly at top level.
    pub(super) fn is_top(&self) -> bool {
        self.functions.len() == 1 && self.functions[0].scopes.is_empty()
    }

    pub(super) fn open_function(&mut self, itself: Option<(Name, Key)>) {
        self.functions.push(Function { scopes: vec![Scope::default()], itself });
    }

    pub(super) fn close_function(&mut self) {
        self.functions.pop();
    }

    /// The variable of a function that the innermost scope declares; one at top level is no local.
    pub(super) fn own_variable(&mut self, name: &Name) -> Option<(Name, Key)> {
        if self.is_top() {
            return None;
        }
        let var = self.function().scopes.last()?.vars.get(name)?;
        Some((name.clone(), var.key))
    }

    pub(super) fn open(&mut self, statements: &[Stmt]) {
        self.function().scopes.push(Scope::default());
        self.expect(statements);
    }

    /// Adds what `statements` declare to the innermost scope: a name declared again is the same variable. Imported
    /// names are known from the start too, unless the scope itself declares them: then from the import on.
    pub(super) fn expect(&mut self, statements: &[Stmt]) {
        let mut scope = self.function().scopes.pop().expect("a scope is open");
        for statement in statements {
            for (name, how) in walk::declared(statement) {
                let is_variant = how == Declared::Variant;
                let var = *scope.vars.entry(name.name.clone()).or_insert(Var {
                    key: key(name.span),
                    is_declared: false,
                    is_variant,
                });
                self.facts.entry(var.key).or_default().declare(how != Declared::Immutable);
            }
        }
        for statement in statements {
            let StmtKind::Import(import) = &statement.kind else { continue };
            for binder in &self.imported(import, statement).names {
                if !scope.vars.contains_key(&binder.name) {
                    scope.imports.entry(binder.name.clone()).or_default().push(binder.clone());
                }
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
            scope.vars.insert(name.name.clone(), own);
        }
    }

    /// An import has been passed.
    pub(super) fn import(&mut self, import: &Import, statement: &Stmt) {
        let imported = self.imported(import, statement);
        let is_top = self.is_top();
        let unit = self.unit;
        for binder in &imported.names {
            let binders = match self.functions.last_mut().and_then(|it| it.scopes.last_mut()) {
                Some(scope) if !is_top => &mut scope.imports,
                _ => &mut self.names[unit].binders,
            };
            pass(binders.entry(binder.name.clone()).or_default(), binder);
        }
    }

    /// The declaration of a name of the innermost scope has been passed.
    pub(super) fn declare(&mut self, name: &Ident) {
        if self.is_top() {
            let binders = self.names[self.unit].binders.get_mut(&name.name);
            let own = binders.into_iter().flatten().find(|own| own.key == key(name.span));
            own.into_iter().for_each(|own| own.is_passed = true);
            return;
        }
        let Some(scope) = self.function().scopes.last_mut() else { return };
        scope.imports.remove(&name.name);
        if let Some(var) = scope.vars.get_mut(&name.name) {
            var.is_declared = true;
        }
    }

    pub(super) fn use_name(&mut self, name: &Name, how: Use) {
        let top = self.functions.len() - 1;
        for level in (0..=top).rev() {
            for scope in (0..self.functions[level].scopes.len()).rev() {
                if let Some(binders) =
                    self.functions[level].scopes[scope].imports.get(name).cloned()
                    && self.touch(&binders, how)
                {
                    return;
                }
                let Some(var) = self.functions[level].scopes[scope].vars.get(name).copied() else {
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
        self.use_global(name, how, top > 0);
    }

    fn use_global(&mut self, name: &Name, how: Use, is_in_function: bool) {
        if let Some(binders) = self.names[self.unit].binders.get(name).cloned()
            && self.touch(&binders, how)
        {
            return;
        }
        let at = match self.names[self.unit].own.get(name) {
            Some(at) => *at,
            None => match self.registry.named(name).filter(|_| how == Use::Assign) {
                Some(builtin) => self.add_global(self.unit, name, Some(builtin), true),
                None if self.may_come(name, is_in_function) => {
                    self.add_global(self.unit, name, None, true)
                }
                None => return,
            },
        };
        let global = &mut self.globals[at];
        global.is_shared |= is_in_function;
        global.facts.assigned += u32::from(how == Use::Assign);
    }

    /// Whether a later input of the session may define a name that a function uses and nothing has yet.
    fn may_come(&self, name: &Name, is_in_function: bool) -> bool {
        let is_free = self.registry.named(name).is_none() && !is_wrapper(name);
        self.is_session && is_in_function && is_free && !name.starts_with("__")
    }

    /// Whether a bare name in a pattern is the test of a variant rather than a binding.
    pub(super) fn is_variant(&mut self, name: &Name) -> bool {
        let top = self.functions.len() - 1;
        for level in (0..=top).rev() {
            for scope in (0..self.functions[level].scopes.len()).rev() {
                let scope = &self.functions[level].scopes[scope];
                let var = scope.vars.get(name).copied();
                if let Some(binders) = scope.imports.get(name).cloned()
                    && let Some(found) = self.imported_variant(&binders, level < top)
                {
                    return found;
                }
                if let Some(var) = var {
                    return var.is_variant;
                }
            }
        }
        if let Some(binders) = self.names[self.unit].binders.get(name).cloned()
            && let Some(found) = self.imported_variant(&binders, top > 0)
        {
            return found;
        }
        match self.names[self.unit].own.get(name) {
            Some(at) => self.globals[*at].is_variant,
            None => is_wrapper(name),
        }
    }

    /// Whether the name that these binders give is a variant; `None` when none of them has been passed.
    fn imported_variant(&mut self, binders: &[Binder], from_inside: bool) -> Option<bool> {
        let binder = meant(binders, from_inside)?;
        self.touch(binders, Use::Read);
        Some(self.globals[binder.global].is_variant)
    }
}

/// The place of `binder` has been passed.
fn pass(binders: &mut Vec<Binder>, binder: &Binder) {
    match binders.iter_mut().find(|known| known.key == binder.key) {
        Some(known) => known.is_passed = true,
        None => binders.push(Binder { is_passed: true, ..binder.clone() }),
    }
}
