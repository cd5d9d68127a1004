//! Scopes: what a name means where it stands.
//!
//! A scope knows from its beginning what its statements declare. Code of the same function sees a name once its
//! declaration has been passed; code that runs later (functions, lambdas, tasks) sees all of them.

use super::Checker;
use super::facts::Key;
use super::facts::key;
use super::infer::case_of;
use super::signatures::Signature;
use super::types::Type;
use crate::diag::Span;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Import;
use crate::syntax::ast::Name;
use crate::syntax::ast::Stmt;
use crate::syntax::ast::StmtKind;
use crate::syntax::declared::Declared;
use crate::syntax::declared::declared;
use foldhash::HashMap;
use std::rc::Rc;

/// The names of a block.
pub(super) struct Scope {
    pub(super) vars: HashMap<Name, Variable>,
    pub(super) boundary: Boundary,
    /// Whether an import may define more names than are known.
    is_open: bool,
    /// How many narrowings there were before.
    narrowings: usize,
}

/// What lies between a scope and the code around it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Boundary {
    /// Nothing: it runs right there.
    None,
    /// A named function or method at top level: it captures nothing.
    Function,
    /// A lambda, or a function within something: it shares what it captures.
    Closure,
    /// A task: it has copies of the variables that it names.
    Task,
}

pub(super) struct Variable {
    pub(super) key: Key,
    /// Where it is declared last so far.
    pub(super) span: Span,
    /// How often its scope declares it.
    pub(super) declarations: usize,
    /// Whether its declaration has been passed.
    pub(super) is_declared: bool,
    pub(super) is_mutable: bool,
    /// Whether some declaration of it is mutable.
    may_be_mutable: bool,
    /// Whether an import may have defined it anew.
    is_uncertain: bool,
    pub(super) is_shared: bool,
    pub(super) is_annotated: bool,
    pub(super) meaning: Meaning,
    /// As declared or inferred.
    pub(super) ty: Type,
    /// What it is for the moment, if more is known.
    pub(super) narrowed: Option<Narrowed>,
}

/// What is known of a variable for the moment.
#[derive(Clone)]
pub(super) struct Narrowed {
    pub(super) ty: Type,
    /// How many scopes were open when that became known.
    pub(super) depth: usize,
}

/// What kind of name it is.
#[derive(Clone)]
pub(super) enum Meaning {
    Value,
    Function(Rc<Signature>),
    /// A variant of an algebraic type.
    Variant,
}

/// What a name means.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Found {
    /// The variable of that name in that scope.
    Variable {
        scope: usize,
        is_late: bool,
    },
    /// A builtin, by its number.
    Builtin(usize),
    /// A built-in module.
    Module,
    /// The Option without content.
    None,
    /// Perhaps something of an import.
    Uncertain,
    Nothing,
}

impl Variable {
    fn new(name: &Ident) -> Variable {
        Variable {
            key: key(name.span),
            span: name.span,
            declarations: 0,
            is_declared: false,
            is_mutable: true,
            may_be_mutable: false,
            is_uncertain: false,
            is_shared: false,
            is_annotated: false,
            meaning: Meaning::Value,
            ty: Type::Unknown,
            narrowed: None,
        }
    }

    /// Whether assigning it fails.
    pub(super) fn is_immutable(&self, is_late: bool) -> bool {
        if is_late { !self.may_be_mutable } else { !self.is_mutable }
    }
}

impl Checker<'_> {
    /// Opens a scope that will declare what `statements` declare.
    pub(super) fn open(&mut self, boundary: Boundary, statements: &[Stmt]) {
        self.scopes.push(Scope {
            vars: HashMap::default(),
            boundary,
            is_open: false,
            narrowings: self.narrowings.len(),
        });
        self.expect(statements);
    }

    pub(super) fn close(&mut self) {
        let scope = self.scopes.pop().expect("a scope is open");
        if self.is_reporting {
            let known = scope.vars.values().filter(|var| !var.ty.is_unknown());
            self.types.extend(known.map(|var| (var.span.start, var.ty.to_string())));
        }
        self.unwind(scope.narrowings);
    }

    /// Adds what `statements` declare to the innermost scope.
    pub(super) fn expect(&mut self, statements: &[Stmt]) {
        for statement in statements {
            if self.is_opaque(statement) {
                let scope = self.scope();
                scope.is_open = true;
                scope.vars.values_mut().for_each(|var| var.is_uncertain = true);
                self.tables.is_open = true;
            }
            for (name, how) in declarations(statement) {
                let vars = &mut self.scope().vars;
                let var = vars.entry(name.name.clone()).or_insert_with(|| Variable::new(name));
                var.declarations += 1;
                var.may_be_mutable |= how != Declared::Immutable;
                // What is imported may be anything, a variant too.
                var.is_uncertain = matches!(statement.kind, StmtKind::Import(_));
                var.is_shared |= matches!(statement.kind, StmtKind::Shared(_));
                if how == Declared::Variant {
                    var.meaning = Meaning::Variant;
                }
            }
            if let StmtKind::Function(def) = &statement.kind {
                let meaning = Meaning::Function(Rc::new(self.signature(def)));
                self.variable(&def.name.name).meaning = meaning;
            }
            for name in self.imported(statement) {
                let ident = Ident { name, span: statement.span };
                let vars = &mut self.scope().vars;
                let var = vars.entry(ident.name.clone()).or_insert_with(|| Variable::new(&ident));
                var.declarations += 1;
                var.is_uncertain = true;
            }
        }
    }

    /// The names that an import without braces brings, if they are known.
    fn imported(&self, statement: &Stmt) -> Vec<Name> {
        whole_module(statement).and_then(|path| (self.modules)(path)).unwrap_or_default()
    }

    fn is_opaque(&self, statement: &Stmt) -> bool {
        whole_module(statement).is_some_and(|path| (self.modules)(path).is_none())
    }

    /// The declarations of a statement have been passed.
    pub(super) fn pass(&mut self, statement: &Stmt) {
        for (name, how) in declarations(statement) {
            let is_variant = how == Declared::Variant;
            let var = self.declare(name);
            var.is_mutable = how != Declared::Immutable;
            var.meaning = if is_variant { Meaning::Variant } else { Meaning::Value };
        }
        if let StmtKind::Function(def) = &statement.kind {
            let meaning = Meaning::Function(Rc::new(self.signature(def)));
            self.variable(&def.name.name).meaning = meaning;
        }
        for name in self.imported(statement) {
            self.declare(&Ident { name, span: statement.span });
        }
    }

    /// The innermost scope has a variable `name` from here on, of a type that nobody knows.
    pub(super) fn declare(&mut self, name: &Ident) -> &mut Variable {
        let vars = &mut self.scope().vars;
        let var = vars.entry(name.name.clone()).or_insert_with(|| Variable::new(name));
        var.span = name.span;
        var.is_declared = true;
        var.is_mutable = true;
        var.is_annotated = false;
        var.meaning = Meaning::Value;
        var.ty = Type::Unknown;
        var.narrowed = None;
        var
    }

    /// A variable that no statement declares: a parameter, a loop variable, a binding.
    pub(super) fn bind(&mut self, name: &Ident) {
        let var = self.declare(name);
        var.declarations += 1;
        var.may_be_mutable = true;
    }

    fn scope(&mut self) -> &mut Scope {
        self.scopes.last_mut().expect("a scope is open")
    }

    /// A variable that the innermost scope has.
    pub(super) fn variable(&mut self, name: &Name) -> &mut Variable {
        self.scope().vars.get_mut(name).expect("the scope declares it")
    }

    /// What `name` means here.
    pub(super) fn find(&self, name: &str) -> Found {
        let mut is_late = false;
        for (at, scope) in self.scopes.iter().enumerate().rev() {
            if let Some(var) = scope.vars.get(name)
                && (is_late || var.is_declared)
            {
                return match var.is_uncertain {
                    true => Found::Uncertain,
                    false => Found::Variable { scope: at, is_late },
                };
            }
            if scope.is_open {
                return Found::Uncertain;
            }
            is_late |= scope.boundary != Boundary::None;
        }
        if self.registry.module(name).is_some() {
            return Found::Module;
        }
        match self.registry.global(name) {
            Some(id) => Found::Builtin(id),
            None if name == "None" => Found::None,
            None if self.tells_of_type(name) => Found::Uncertain,
            None => Found::Nothing,
        }
    }

    /// Whether it is the `__type_T__` of a type.
    fn tells_of_type(&self, name: &str) -> bool {
        let of = name.strip_prefix("__type_").and_then(|name| name.strip_suffix("__"));
        let is_here = |of: &str| self.scopes.iter().any(|scope| scope.vars.contains_key(of));
        of.is_some_and(|of| of == "Option" || is_here(of))
    }

    /// The variable that was found.
    pub(super) fn found(&mut self, scope: usize, name: &str) -> &mut Variable {
        self.scopes[scope].vars.get_mut(name).expect("it was found")
    }

    /// The signature that a call of `name` is bound to, if that is certain.
    pub(super) fn callee(&self, name: &str) -> Option<Rc<Signature>> {
        let Found::Variable { scope, is_late } = self.find(name) else { return None };
        let var = &self.scopes[scope].vars[name];
        let is_certain = !self.facts.is_assigned(var.key) && (var.declarations == 1 || !is_late);
        match &var.meaning {
            Meaning::Function(signature) if is_certain => Some(signature.clone()),
            _ => None,
        }
    }

    /// Whether a bare name in a pattern tests for a variant instead of taking everything.
    pub(super) fn is_variant(&self, name: &str) -> bool {
        match self.find(name) {
            Found::Variable { scope, .. } => {
                matches!(self.scopes[scope].vars[name].meaning, Meaning::Variant)
            }
            Found::None => true,
            Found::Builtin(_) | Found::Module | Found::Nothing => case_of(name).is_some(),
            Found::Uncertain => false,
        }
    }
}

/// All names that a statement declares in its scope, those that it imports by name too; those of `shared` are top-level variables.
fn declarations(statement: &Stmt) -> Vec<(&Ident, Declared)> {
    match &statement.kind {
        StmtKind::Shared(block) => block.statements.iter().flat_map(declared).collect(),
        StmtKind::Import(Import::Names(names, _)) => {
            names.iter().map(|name| (name, Declared::Mutable)).collect()
        }
        _ => declared(statement),
    }
}

/// What is imported as a whole.
fn whole_module(statement: &Stmt) -> Option<&str> {
    match &statement.kind {
        StmtKind::Import(Import::All(path)) => Some(path),
        StmtKind::Import(Import::Module(name)) => Some(&name.name),
        _ => None,
    }
}
