//! What a condition tells about the variables in it.
//!
//! Narrowings are a stack: a block takes back those made within it. A variable that was assigned since keeps no
//! narrowing from before, and after the block nobody knows which assignment was the last.

use super::Checker;
use super::infer::is_none;
use super::scopes::Boundary;
use super::scopes::Found;
use super::scopes::Narrowed;
use super::scopes::Variable;
use super::types::Type;
use crate::native::Case;
use crate::native::Returns;
use crate::syntax::ast::BinaryOp;
use crate::syntax::ast::Expr;
use crate::syntax::ast::ExprKind;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Name;
use crate::syntax::ast::UnaryOp;

/// A variable is, or is not, this.
#[derive(Clone)]
pub(super) struct Fact {
    name: Name,
    case: Case,
}

/// How a narrowing is taken back.
pub(super) struct Undo {
    scope: usize,
    name: Name,
    before: Before,
}

enum Before {
    /// It was this.
    Known(Option<Narrowed>),
    /// It was assigned: what it is now depends on the way taken.
    Assigned,
}

fn opposite(case: Case) -> Case {
    match case {
        Case::Ok => Case::Err,
        Case::Err => Case::Ok,
        Case::Some => Case::None,
        Case::None => Case::Some,
    }
}

/// What a variable of type `ty` is in that case, if that says anything.
fn part(ty: &Type, case: Case) -> Option<Type> {
    match (ty, case) {
        (Type::Option(content), Case::Some) => Some((**content).clone()),
        (Type::Option(_), Case::None) => Some(Type::Null),
        (Type::Result(ok, _), Case::Ok) => Some((**ok).clone()),
        (Type::Result(_, err), Case::Err) => Some((**err).clone()),
        _ => None,
    }
}

impl Checker<'_> {
    /// What holds where `condition` is truthy, or where it is not.
    pub(super) fn facts_of(&self, condition: &Expr, holds: bool) -> Vec<Fact> {
        let mut facts = Vec::new();
        self.collect(condition, holds, &mut facts);
        facts
    }

    fn collect(&self, condition: &Expr, holds: bool, facts: &mut Vec<Fact>) {
        match &condition.kind {
            ExprKind::Unary { op: UnaryOp::Not, operand } => self.collect(operand, !holds, facts),
            ExprKind::Binary { op, left, right } => match (op, holds) {
                (BinaryOp::And, true) | (BinaryOp::Or, false) => {
                    self.collect(left, holds, facts);
                    self.collect(right, holds, facts);
                }
                (BinaryOp::Eq, _) => facts.extend(null_test(left, right, holds)),
                (BinaryOp::NotEq, _) => facts.extend(null_test(left, right, !holds)),
                _ => {}
            },
            ExprKind::Call { callee, args } => {
                let (ExprKind::Name(test), [arg]) = (&callee.kind, &args[..]) else { return };
                if let Found::Builtin(id) = self.find(test) {
                    facts.extend(self.case_test(id, &arg.value, holds));
                }
            }
            ExprKind::Method { receiver, name, .. } => {
                let test = self.registry.method(&name.name);
                facts.extend(test.and_then(|id| self.case_test(id, receiver, holds)));
            }
            // `None` and `null` are falsy, but so is `0`.
            ExprKind::Name(name) if holds => {
                facts.push(Fact { name: name.clone(), case: Case::Some });
            }
            _ => {}
        }
    }

    /// `is_some(subject)` and its like.
    fn case_test(&self, builtin: usize, subject: &Expr, holds: bool) -> Option<Fact> {
        let Returns::Is(case) = self.registry.row(builtin).returns else { return None };
        Self::fact(subject, if holds { case } else { opposite(case) })
    }

    /// The fact that `subject` is `case`, if it is a variable.
    pub(super) fn fact(subject: &Expr, case: Case) -> Option<Fact> {
        match &subject.kind {
            ExprKind::Name(name) => Some(Fact { name: name.clone(), case }),
            _ => None,
        }
    }

    /// From here on to the end of the block.
    pub(super) fn narrow(&mut self, facts: &[Fact]) {
        for Fact { name, case } in facts {
            let Found::Variable { scope, is_late } = self.find(name) else { continue };
            let ty = self.type_now(scope, name, is_late);
            if let Some(part) = part(&ty, *case) {
                let narrowed = Some(Narrowed { ty: part, depth: self.scopes.len() });
                let before = std::mem::replace(&mut self.found(scope, name).narrowed, narrowed);
                let before = Before::Known(before);
                self.narrowings.push(Undo { scope, name: name.clone(), before });
            }
        }
    }

    /// Checks `work` under `facts`.
    pub(super) fn under<T>(&mut self, facts: &[Fact], work: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.narrowings.len();
        self.narrow(facts);
        let result = work(self);
        self.unwind(mark);
        result
    }

    /// Takes back what was narrowed since.
    pub(super) fn unwind(&mut self, mark: usize) {
        let mut assigned = Vec::new();
        for undo in self.narrowings.split_off(mark).into_iter().rev() {
            let Some(scope) = self.scopes.get_mut(undo.scope) else { continue };
            let Some(var) = scope.vars.get_mut(&undo.name) else { continue };
            match undo.before {
                Before::Known(before) => var.narrowed = before,
                Before::Assigned => assigned.push((undo.scope, undo.name)),
            }
        }
        for (scope, name) in assigned {
            let depth = self.scopes.len();
            self.found(scope, &name).narrowed = Some(Narrowed { ty: Type::Unknown, depth });
            self.narrowings.push(Undo { scope, name, before: Before::Assigned });
        }
    }

    /// A variable got a value of type `ty`: an Option that got its content is that content for now.
    pub(super) fn narrow_to_assigned(&mut self, scope: usize, name: &Name, ty: &Type) {
        let is_case = |ty: &Type| matches!(ty, Type::Option(_) | Type::Result(..));
        let depth = self.scopes.len();
        let var = self.found(scope, name);
        if !is_case(&var.ty) {
            return;
        }
        var.narrowed = (!is_case(ty)).then(|| Narrowed { ty: ty.clone(), depth });
        let before = Before::Assigned;
        self.narrowings.push(Undo { scope, name: name.clone(), before });
    }

    /// Checks code that may run again. What was known of a variable before does not hold in it if something assigns the
    /// variable.
    pub(super) fn again(&mut self, names: &[&Ident], work: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.repeats_from, self.scopes.len());
        self.open(Boundary::None, &[]);
        names.iter().for_each(|name| self.bind(name));
        work(self);
        self.close();
        self.repeats_from = outer;
    }

    /// What a variable is for the moment, as far as that is certain.
    pub(super) fn narrowed(&self, var: &Variable, is_late: bool) -> Option<Type> {
        let narrowed = var.narrowed.as_ref()?;
        let may_differ = is_late || narrowed.depth <= self.repeats_from;
        match may_differ && self.facts.is_assigned(var.key) {
            true => Some(Type::Unknown),
            false => Some(narrowed.ty.clone()),
        }
    }
}

/// `x == null`, `x == None` and the other way round.
fn null_test(left: &Expr, right: &Expr, is_equal: bool) -> Option<Fact> {
    let is_nothing = |e: &Expr| matches!(e.kind, ExprKind::Null) || is_none(e);
    let name = match (&left.kind, &right.kind) {
        (ExprKind::Name(name), _) if is_nothing(right) => name,
        (_, ExprKind::Name(name)) if is_nothing(left) => name,
        _ => return None,
    };
    let case = if is_equal { Case::None } else { Case::Some };
    Some(Fact { name: name.clone(), case })
}
