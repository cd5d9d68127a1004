//! Scopes of the walk: what a name means where it stands.
//!
//! The rules are those of the checker: code of the same function sees a name once its declaration has been passed, code
//! that runs later sees all of them.

use super::names::Member;
use super::names::Names;
use super::names::Sort;
use super::names::Symbol;
use super::names::Use;
use crate::diag::Span;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Import;
use crate::syntax::ast::Name;
use crate::syntax::ast::Stmt;
use crate::syntax::ast::StmtKind;
use crate::syntax::declared::Declared;
use crate::syntax::declared::declared;
use foldhash::HashMap;

/// Whether the code of a scope runs where it stands.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Runs {
    Here,
    Later,
}

struct Scope {
    vars: HashMap<Name, Var>,
    runs: Runs,
    /// Where it can be seen.
    range: Span,
}

struct Var {
    symbol: usize,
    is_declared: bool,
}

/// A declaration besides its name.
pub(super) struct About {
    pub(super) sort: Sort,
    pub(super) detail: String,
    pub(super) params: Vec<String>,
}

impl About {
    pub(super) fn new(sort: Sort, detail: impl Into<String>) -> About {
        About { sort, detail: detail.into(), params: Vec::new() }
    }
}

/// The walk through a file.
pub(super) struct Walker<'t> {
    pub(super) text: &'t str,
    pub(super) names: Names,
    scopes: Vec<Scope>,
}

impl<'t> Walker<'t> {
    pub(super) fn of(text: &'t str) -> Walker<'t> {
        Walker { text, names: Names::default(), scopes: Vec::new() }
    }

    pub(super) fn open(&mut self, runs: Runs, range: Span) {
        self.scopes.push(Scope { vars: HashMap::default(), runs, range });
    }

    pub(super) fn close(&mut self) {
        self.scopes.pop();
    }

    fn scope(&mut self) -> &mut Scope {
        self.scopes.last_mut().expect("a scope is open")
    }

    /// The innermost scope will declare what `statements` do.
    pub(super) fn expect(&mut self, statements: &[Stmt]) {
        for statement in statements {
            for (name, how) in declared(statement) {
                self.symbol(name, super::about::of(statement, name, how, self.text), None);
            }
            match &statement.kind {
                StmtKind::Import(Import::Names(names, path)) => {
                    for name in names {
                        let detail = format!("import {{ {} }} from \"{path}\"", name.name);
                        let about = About::new(Sort::Imported, detail);
                        self.symbol(name, about, Some(path.clone()));
                    }
                }
                StmtKind::Import(import) => self.names.whole.push(import.path().clone()),
                // A type that is called as one of its variants declares no name of its own.
                StmtKind::Type(def) if !self.scope().vars.contains_key(&def.name.name) => {
                    let about =
                        super::about::of(statement, &def.name, Declared::Mutable, self.text);
                    self.symbol(&def.name, about, None);
                }
                _ => {}
            }
        }
    }

    /// The symbol that the innermost scope has for a name, made if it has none.
    fn symbol(&mut self, name: &Ident, about: About, from: Option<Name>) -> usize {
        let next = self.names.symbols.len();
        let scope = self.scopes.last_mut().expect("a scope is open");
        if let Some(var) = scope.vars.get(&name.name) {
            return var.symbol;
        }
        scope.vars.insert(name.name.clone(), Var { symbol: next, is_declared: false });
        let scope = scope.range.start..scope.range.end;
        let About { sort, detail, params } = about;
        let (name, span) = (name.name.clone(), name.span);
        self.names.symbols.push(Symbol { name, sort, span, detail, params, scope, from });
        next
    }

    /// The declarations of a statement have been passed.
    pub(super) fn pass(&mut self, statement: &Stmt) {
        for (name, _) in declared(statement) {
            self.declare(name);
        }
        match &statement.kind {
            StmtKind::Import(Import::Names(names, _)) => {
                names.iter().for_each(|it| self.declare(it))
            }
            StmtKind::Type(def) if declared(statement).iter().all(|it| it.0 != &def.name) => {
                self.declare(&def.name);
            }
            _ => {}
        }
    }

    fn declare(&mut self, name: &Ident) {
        let Some(var) = self.scope().vars.get_mut(&name.name) else { return };
        var.is_declared = true;
        let symbol = var.symbol;
        self.add(name.span, symbol, true);
    }

    /// A variable that no statement declares: a parameter, a loop variable, a binding.
    pub(super) fn bind(&mut self, name: &Ident, about: About) {
        self.symbol(name, about, None);
        self.declare(name);
    }

    fn add(&mut self, span: Span, symbol: usize, declares: bool) {
        self.names.uses.push(Use { span, symbol, declares, is_shorthand: false });
    }

    /// The name stands there for the key of an object as well.
    pub(super) fn is_shorthand(&mut self) {
        if let Some(last) = self.names.uses.last_mut() {
            last.is_shorthand = true;
        }
    }

    pub(super) fn use_name(&mut self, name: &Name, span: Span) {
        match self.find(name) {
            Some(symbol) => self.add(span, symbol, false),
            None => self.names.free.push((name.clone(), span)),
        }
    }

    /// A type's name: it may stand before the type.
    pub(super) fn use_type(&mut self, name: &Name, span: Span) {
        let known = self.scopes.iter().rev().find_map(|scope| scope.vars.get(name));
        match known.map(|var| var.symbol) {
            Some(symbol) => self.add(span, symbol, false),
            None => self.names.free.push((name.clone(), span)),
        }
    }

    pub(super) fn use_member(&mut self, of: Option<&Name>, name: &Ident) {
        let symbol = of.and_then(|of| self.find(of));
        let (span, name) = (name.span, name.name.clone());
        self.names.members.push(Member { span, name, of: of.cloned(), symbol });
    }

    /// Whether a bare name in a pattern is the test of a variant.
    pub(super) fn is_variant(&self, name: &Name) -> bool {
        match self.find(name) {
            Some(symbol) => self.names.symbols[symbol].sort == Sort::Variant,
            None => matches!(&**name, "None" | "Some" | "Ok" | "Err"),
        }
    }

    fn find(&self, name: &Name) -> Option<usize> {
        let mut is_late = false;
        for scope in self.scopes.iter().rev() {
            if let Some(var) = scope.vars.get(name)
                && (is_late || var.is_declared)
            {
                return Some(var.symbol);
            }
            is_late |= scope.runs == Runs::Later;
        }
        None
    }
}
