//! Blocks that have a value: `if`, `when`, `match`, `try`, `safe`.

use super::Checker;
use super::scopes::Boundary;
use super::types::Type;
use crate::syntax::ast::*;

impl Checker<'_> {
    /// The type of the value that a statement leaves; `None` when what follows is never reached.
    pub(super) fn tail(&mut self, value: &Expr) -> Option<Type> {
        match &value.kind {
            ExprKind::If(form) => self.if_form(form),
            ExprKind::When(form) => self.when_form(form),
            ExprKind::Match(form) => self.match_form(form),
            ExprKind::Try(form) => self.try_form(form),
            ExprKind::Block(block) | ExprKind::Atomic(block) => self.block(block),
            ExprKind::Safe(block) => {
                self.block(block);
                // It may fail, and then its value is `null`.
                Some(Type::Unknown)
            }
            ExprKind::Spawn(block) => {
                self.task(block);
                Some(Type::Null)
            }
            ExprKind::Squad(block) => {
                self.block(block);
                Some(Type::Null)
            }
            _ => Some(self.expr(value)),
        }
    }

    fn if_form(&mut self, form: &If) -> Option<Type> {
        self.expr(&form.condition);
        let facts = self.facts_of(&form.condition, true);
        let then = self.under(&facts, |c| c.block(&form.then));
        let facts = self.facts_of(&form.condition, false);
        let Some(otherwise) = &form.otherwise else {
            if then.is_none() {
                self.narrow(&facts);
            }
            return Some(Type::Unknown);
        };
        let otherwise = self.under(&facts, |c| c.block(otherwise));
        value_of(vec![then, otherwise])
    }

    fn when_form(&mut self, form: &When) -> Option<Type> {
        self.expr(&form.subject);
        let mut values = Vec::new();
        let mut has_else = false;
        for arm in &form.arms {
            if has_else {
                self.unreachable(arm.body.span);
            }
            has_else |= arm.test.is_none();
            arm.test.iter().for_each(|(_, operand)| self.drop_value(operand));
            self.open(Boundary::None, std::slice::from_ref(&arm.body));
            values.push(self.statement(&arm.body));
            self.close();
        }
        if !has_else {
            values.push(Some(Type::Unknown));
        }
        value_of(values)
    }

    fn try_form(&mut self, form: &Try) -> Option<Type> {
        let body = self.block(&form.body);
        self.open(Boundary::None, &[]);
        form.name.iter().for_each(|name| self.bind(name));
        let handler = self.block(&form.handler);
        self.close();
        let cleanup = form.cleanup.as_ref().map(|block| self.block(block));
        match cleanup {
            Some(None) => None,
            _ => value_of(vec![body, handler]),
        }
    }
}

/// The value of a form whose branches have these values: never `Null`, which a branch without value has too.
pub(super) fn value_of(branches: Vec<Option<Type>>) -> Option<Type> {
    let value = branches.into_iter().flatten().reduce(Type::join)?;
    Some(if value == Type::Null { Type::Unknown } else { value })
}
