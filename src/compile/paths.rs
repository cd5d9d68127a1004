//! Reading fields and elements. A part of a part is read in one step, so that nobody counts a handle on what lies
//! between; where that cannot be, the two steps follow.

use super::Compiler;
use crate::diag::Span;
use crate::program::Op;
use crate::program::Reg;
use crate::syntax::ast::Expr;
use crate::syntax::ast::ExprKind;
use crate::value::Name;

/// The last step to a part.
#[derive(Clone, Copy)]
enum Last<'e> {
    Field(&'e Name),
    Index(&'e Expr),
}

impl Compiler<'_> {
    /// `object.name`
    pub(super) fn field(&mut self, object: &Expr, name: &Name, dst: Reg, whole: &Expr) {
        if let Some(member) = self.member(object, name) {
            return self.load(self.registry.value(member), dst, whole.span);
        }
        if self.part_of_variable(whole, dst)
            || self.part_of_part(object, Last::Field(name), dst, whole.span)
        {
            return;
        }
        let from = self.left_operand(object, whole, Some(dst));
        self.read_field(from, name, dst, whole.span);
        self.forget(object, from, dst);
    }

    /// `object[index]`
    pub(super) fn element(&mut self, object: &Expr, index: &Expr, dst: Reg, whole: &Expr) {
        let span = whole.span;
        if self.part_of_variable(whole, dst)
            || self.part_of_part(object, Last::Index(index), dst, span)
        {
            return;
        }
        let from = self.left_operand(object, index, Some(dst));
        let index = self.operand(index);
        self.emit(Op::Index { dst, object: from, index }, span);
        self.forget(object, from, dst);
    }

    fn read_field(&mut self, object: Reg, name: &Name, dst: Reg, span: Span) {
        let site = self.site(name, None, false);
        self.emit_with(Op::Field { dst, object }, site, span);
    }

    /// `inner` and then `last`, when `inner` is itself a part and nothing happens between the two steps.
    fn part_of_part(&mut self, inner: &Expr, last: Last<'_>, dst: Reg, span: Span) -> bool {
        let (object, first) = match &inner.kind {
            ExprKind::Field { object, name } if self.member(object, &name.name).is_none() => {
                (object, Last::Field(&name.name))
            }
            ExprKind::Index { object, index } => (object, Last::Index(index)),
            _ => return false,
        };
        if let Last::Index(index) = last
            && !matches!(index.kind, ExprKind::Int(_))
            && self.register_of(index).is_none()
        {
            return false;
        }
        let (from, before) = match first {
            Last::Field(_) => (self.left_operand(object, inner, Some(dst)), None),
            Last::Index(index) => {
                let from = self.left_operand(object, index, Some(dst));
                (from, Some(self.operand(index)))
            }
        };
        let after = match last {
            Last::Field(_) => None,
            Last::Index(index) => Some(self.operand(index)),
        };
        let between = if self.is_temporary(dst) { dst } else { self.push(span) };
        let both = match (before, after) {
            (Some(index), None) => Op::IndexField { dst, object: from, index },
            (None, Some(index)) => Op::FieldIndex { dst, object: from, index },
            (Some(index), Some(_)) => Op::IndexIndex { dst, object: from, index },
            (None, None) => Op::FieldField { dst, object: from },
        };
        let done = self.emit_test(both, span);
        for (step, index, object, dst, span) in
            [(first, before, from, between, inner.span), (last, after, between, dst, span)]
        {
            match (step, index) {
                (Last::Index(_), Some(index)) => self.emit(Op::Index { dst, object, index }, span),
                (Last::Field(name), _) => self.read_field(object, name, dst, span),
                (Last::Index(_), None) => unreachable!("an index has a register"),
            }
        }
        self.forget(inner, between, dst);
        self.land(done);
        self.forget(object, from, dst);
        true
    }
}
