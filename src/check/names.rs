//! Names: those that nothing defines, those that cannot be assigned, those whose assignment nobody sees.

use super::Checker;
use super::MOST;
use super::scopes::Boundary;
use super::scopes::Found;
use super::types::Type;
use crate::diag;
use crate::diag::Diagnostic;
use crate::diag::Fault;
use crate::diag::Span;
use crate::native::Module;
use crate::native::Registry;
use crate::syntax::ast::Name;
use crate::syntax::token::Keyword;

impl Checker<'_> {
    /// The type of the variable `name`; a report when there is none.
    pub(super) fn name(&mut self, name: &Name, at: Span) -> Type {
        match self.find(name) {
            Found::Variable { scope, is_late } => self.type_now(scope, name, is_late),
            Found::None => Type::option(Type::Unknown),
            Found::Builtin(_) | Found::Uncertain => Type::Unknown,
            Found::Module => Type::Object,
            Found::Nothing => {
                self.undefined(name, at);
                Type::Unknown
            }
        }
    }

    pub(super) fn undefined(&mut self, name: &Name, at: Span) {
        if !self.is_reporting || self.found.len() == MOST {
            return;
        }
        let suggestion = self.suggestion(name);
        let is_like = suggestion.is_some();
        let fault = Fault::Undefined { name: name.to_string(), suggestion };
        let mut found = self.warning("E0301", fault.to_string());
        advise_of_undefined(&mut found, name, is_like, self.registry);
        self.report(found.at(at).label("not found in this scope"));
    }

    /// The rule of run time: the nearest of all visible names.
    fn suggestion(&self, name: &Name) -> Option<String> {
        let builtins = self.registry.names().chain(["None"]).collect();
        diag::suggest(name, self.variables().chain([builtins])).map(str::to_string)
    }

    /// The names of the variables of each scope, innermost first.
    fn variables(&self) -> impl Iterator<Item = Vec<&str>> {
        self.scopes.iter().rev().map(|scope| scope.vars.keys().map(|it| &**it).collect())
    }

    /// The scope of the variable at the root of an assigned place, if it can be assigned; else a report.
    pub(super) fn assigned(&mut self, name: &Name, at: Span) -> Option<usize> {
        match self.find(name) {
            Found::Variable { scope, is_late } => {
                return self.check_assigned(scope, name, is_late, at).then_some(scope);
            }
            Found::Nothing => self.undefined_target(name, at),
            Found::Builtin(_) | Found::Module | Found::None | Found::Uncertain => {}
        }
        None
    }

    /// `x = 1` where other languages declare a variable.
    fn undefined_target(&mut self, name: &Name, at: Span) {
        let fault = Fault::AssignUndefined(name.to_string());
        let suggestion = diag::suggest(name, self.variables());
        let suggestion = suggestion.map(|name| format!("did you mean '{name}'?"));
        let mut found = self.warning("E0301", format!("undefined variable: '{name}'"));
        found.hints.extend(suggestion.into_iter().chain(fault.hint()));
        self.report(found.at(at).label("not found in this scope"));
    }

    fn check_assigned(&mut self, scope: usize, name: &Name, is_late: bool, at: Span) -> bool {
        let var = self.found(scope, name);
        let (key, declared, is_shared) = (var.key, var.span, var.is_shared);
        let is_immutable = var.is_immutable(is_late);
        self.facts.learn_assigned(key);
        if is_immutable {
            let text = Fault::Immutable(name.to_string()).to_string();
            let found = self.warning("E0302", text);
            self.report(found.at(at).related(declared, "declared here"));
        } else if scope == 0 && !is_shared && self.is_copy() {
            let text = format!(
                "assignment to '{name}' changes only this task's copy; use shared {{ }} to publish it"
            );
            self.report(self.warning("W0902", text).at(at));
        }
        !is_immutable
    }

    /// Whether top-level variables are a task's own copies here. A task that a closure starts may share what the
    /// closure captured.
    fn is_copy(&self) -> bool {
        let mut outer = self.scopes.iter().map(|scope| scope.boundary);
        outer.find(|it| matches!(it, Boundary::Closure | Boundary::Task)) == Some(Boundary::Task)
    }
}

/// Adds hints to the finding about a name that nothing has, whose text says if a name `is_like` it: what other languages
/// call so, a member of a module, a keyword. Then the text need not say that the variable has to be defined.
pub fn advise_of_undefined(found: &mut Diagnostic, name: &str, is_like: bool, registry: &Registry) {
    let fault = Fault::Undefined { name: name.to_owned(), suggestion: None };
    let foreign = fault.hint();
    let is_better = foreign.is_some();
    let Some(hint) = foreign.or_else(|| elsewhere(name, registry)) else { return };
    if is_better || !is_like {
        found.message = found.headline().to_owned();
    }
    found.hints.push(hint);
}

/// The members of modules that are called so, or the keyword that is like it.
fn elsewhere(name: &str, registry: &Registry) -> Option<String> {
    member_of_a_module(name, registry).or_else(|| {
        let keywords = Keyword::ALL.iter().map(|keyword| keyword.text());
        diag::did_you_mean(name, keywords.filter(|text| text.len() > 3))
    })
}

/// The members of modules that are called so: `conn.execute(sql)` is written `db.execute(sql)`.
pub fn member_of_a_module(name: &str, registry: &Registry) -> Option<String> {
    let has = |module: &&Module| registry.member(module.name, name).is_some();
    let members = registry.modules().iter().filter(has).take(3);
    let members: Vec<String> = members.map(|module| format!("'{}.{name}'", module.name)).collect();
    let (last, others) = members.split_last()?;
    Some(match others {
        [] => format!("did you mean {last}?"),
        others => format!("did you mean {} or {last}?", others.join(", ")),
    })
}
