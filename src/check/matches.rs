//! `match`: cases that no arm takes, and arms that nothing reaches.

use super::Checker;
use super::forms::value_of;
use super::infer::case_of;
use super::narrow::Fact;
use super::scopes::Boundary;
use super::scopes::Found;
use super::types::Type;
use crate::diag::Span;
use crate::syntax::ast::Expr;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Match;
use crate::syntax::ast::MatchArm;
use crate::syntax::ast::Pattern;
use crate::syntax::ast::PatternKind;

impl Checker<'_> {
    pub(super) fn match_form(&mut self, form: &Match) -> Option<Type> {
        let subject = self.expr(&form.subject);
        let mut values = Vec::new();
        let mut is_complete = false;
        for arm in &form.arms {
            if is_complete {
                self.unreachable(arm.pattern.span);
            }
            is_complete |= arm.guard.is_none() && self.takes_everything(&arm.pattern);
            let fact = self.fact_of(&form.subject, &arm.pattern);
            values.push(self.under(&Vec::from_iter(fact), |c| c.arm(arm)));
        }
        self.check_exhaustive(form, &subject);
        value_of(values)
    }

    fn arm(&mut self, arm: &MatchArm) -> Option<Type> {
        self.open(Boundary::None, &[]);
        self.pattern(&arm.pattern);
        arm.guard.iter().for_each(|guard| self.drop_value(guard));
        let value = self.block(&arm.body);
        self.close();
        value
    }

    /// Binds the names of a pattern.
    fn pattern(&mut self, pattern: &Pattern) {
        match &pattern.kind {
            PatternKind::Name(name) => {
                if !self.is_variant(name) {
                    self.bind(&Ident { name: name.clone(), span: pattern.span });
                }
            }
            PatternKind::Constructor { args, .. } | PatternKind::Tuple(args) => {
                args.iter().for_each(|arg| self.pattern(arg));
            }
            PatternKind::Or(choices) => choices.iter().for_each(|choice| self.pattern(choice)),
            PatternKind::Wildcard
            | PatternKind::Null
            | PatternKind::Bool(_)
            | PatternKind::Int(_)
            | PatternKind::Float(_)
            | PatternKind::Str(_) => {}
        }
    }

    fn takes_everything(&self, pattern: &Pattern) -> bool {
        match &pattern.kind {
            PatternKind::Wildcard => true,
            PatternKind::Name(name) => {
                self.find(name) != Found::Uncertain && !self.is_variant(name)
            }
            PatternKind::Or(choices) => choices.iter().any(|choice| self.takes_everything(choice)),
            _ => false,
        }
    }

    /// What an arm `Some(..)`, `Ok(..)` or `Err(..)` tells about the subject.
    fn fact_of(&self, subject: &Expr, pattern: &Pattern) -> Option<Fact> {
        let PatternKind::Constructor { name, .. } = &pattern.kind else { return None };
        Self::fact(subject, case_of(&name.name)?)
    }

    fn check_exhaustive(&mut self, form: &Match, subject: &Type) {
        let cases: &[&str] = match subject {
            Type::Option(_) => &["Some", "None"],
            Type::Result(..) => &["Ok", "Err"],
            Type::Bool => &["true", "false"],
            _ => return,
        };
        let mut taken = Vec::new();
        for arm in form.arms.iter().filter(|arm| arm.guard.is_none()) {
            if !cases_of(&arm.pattern, &mut taken) {
                return;
            }
        }
        let missing = cases.iter().filter(|case| !taken.contains(*case));
        let missing = missing.copied().collect::<Vec<_>>().join(", ");
        if !missing.is_empty() {
            let text = format!("non-exhaustive match on {subject} — missing: {missing}");
            self.report(self.warning("W0408", text).at(form.subject.span));
        }
    }

    pub(super) fn unreachable(&mut self, at: Span) {
        self.report(self.warning("W0901", "unreachable arm").at(at));
    }
}

/// Adds the cases that a pattern names; whether it leaves anything: a bare name counts as taking all.
fn cases_of<'p>(pattern: &'p Pattern, taken: &mut Vec<&'p str>) -> bool {
    match &pattern.kind {
        PatternKind::Wildcard | PatternKind::Name(_) => return false,
        PatternKind::Constructor { name, .. } => taken.push(&name.name),
        PatternKind::Bool(true) => taken.push("true"),
        PatternKind::Bool(false) => taken.push("false"),
        PatternKind::Or(choices) => {
            return choices.iter().all(|choice| cases_of(choice, taken));
        }
        _ => {}
    }
    true
}
