//! Reading a part of a variable that is not in a register: `prices[i]`, `settings.limits.most`. It is found where it is,
//! so that nobody counts a handle on the variable's value, which the cores of a server would fight over; where that
//! cannot be, the ordinary steps follow.

use super::Compiler;
use super::emit::Patch;
use super::expr::is_quiet;
use super::names::Meaning;
use crate::diag::Span;
use crate::program::Look;
use crate::program::Op;
use crate::program::Part;
use crate::program::Reg;
use crate::program::Root;
use crate::program::Then;
use crate::syntax::ast::Expr;
use crate::syntax::ast::ExprKind;

impl Compiler<'_> {
    /// Reads `whole` into `dst` if it is a path from such a variable.
    pub(super) fn part_of_variable(&mut self, whole: &Expr, dst: Reg) -> bool {
        let Some((root, path)) = self.path_of(whole) else { return false };
        let steps: Vec<Look> = path.iter().map(|step| self.look(step)).collect();
        let done = self.emit_part(dst, root, steps.clone(), Then::Nothing, whole.span);
        let between = if self.is_temporary(dst) { dst } else { self.push(whole.span) };
        let name = root_of(whole);
        self.expr(name, between);
        for (nth, (look, step)) in steps.iter().zip(&path).enumerate() {
            let (object, span) = (between, step.span);
            let dst = if nth + 1 == steps.len() { dst } else { between };
            match *look {
                Look::Field(site) => self.emit_with(Op::Field { dst, object }, site, span),
                Look::Index(index) => self.emit(Op::Index { dst, object, index }, span),
            }
        }
        self.forget(name, between, dst);
        self.land(done);
        true
    }

    /// The variable that `whole` is a part of, and the expressions of the steps to it, when the keys may be computed before
    /// the variable is read: nobody can tell.
    pub(super) fn path_of<'e>(&mut self, whole: &'e Expr) -> Option<(Root, Vec<&'e Expr>)> {
        let ExprKind::Name(name) = &root_of(whole).kind else { return None };
        let Meaning::Variable { root, pending: None, .. } = self.meaning(name) else { return None };
        let is_set = match root {
            Root::Register(_) => return None,
            // A transaction may have it.
            Root::Global(slot) if self.analysis.globals[usize::from(slot)].is_common => {
                return None;
            }
            Root::Global(slot) => self.is_defined(slot),
            Root::Cell(_) | Root::Capture(_) => false,
        };
        let mut path = Vec::new();
        let mut at = whole;
        while let ExprKind::Field { object, .. } | ExprKind::Index { object, .. } = &at.kind {
            path.push(at);
            at = object;
        }
        path.reverse();
        let are_early = path.iter().enumerate().all(|(nth, step)| match &step.kind {
            // A fault of another key comes after those of the steps before it.
            ExprKind::Index { index, .. } if nth == 0 && is_set => is_quiet(index),
            ExprKind::Index { index, .. } => self.is_safe(index),
            _ => true,
        });
        let has_room = self.current().chunk.parts.len() <= usize::from(u16::MAX);
        (are_early && has_room).then_some((root, path))
    }

    /// A step of a path.
    pub(super) fn look(&mut self, step: &Expr) -> Look {
        match &step.kind {
            ExprKind::Field { name, .. } => Look::Field(self.site(&name.name, None, false)),
            ExprKind::Index { index, .. } => Look::Index(self.operand(index)),
            _ => unreachable!("a path has fields and elements"),
        }
    }

    /// Finds a part; the jump away when it was found.
    pub(super) fn emit_part(
        &mut self,
        dst: Reg,
        root: Root,
        steps: Vec<Look>,
        then: Then,
        span: Span,
    ) -> Patch {
        let part = Part { root, steps, then };
        let k = self.numbered("parts of variables", |chunk| &mut chunk.parts, part);
        self.emit_test(Op::Part { dst, k }, span)
    }
}

/// What a path starts from.
fn root_of(whole: &Expr) -> &Expr {
    let mut at = whole;
    while let ExprKind::Field { object, .. } | ExprKind::Index { object, .. } = &at.kind {
        at = object;
    }
    at
}
