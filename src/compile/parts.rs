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

/// A part of a variable: `name.field[key]`, or the variable itself.
pub(super) struct Path<'e> {
    pub(super) root: Root,
    name: &'e Expr,
    /// The expressions that end with each step.
    steps: Vec<&'e Expr>,
}

impl<'e> Path<'e> {
    /// All of a variable.
    pub(super) fn whole(root: Root, name: &'e Expr) -> Path<'e> {
        Path { root, name, steps: Vec::new() }
    }
}

impl Compiler<'_> {
    /// Reads `whole` into `dst` if it is a path from such a variable.
    pub(super) fn part_of_variable(&mut self, whole: &Expr, dst: Reg) -> bool {
        let Some(path) = self.path(whole) else { return false };
        let looks = self.looks(&path);
        let done = self.emit_part(dst, path.root, looks.clone(), Then::Nothing, whole.span);
        let between = if self.is_temporary(dst) { dst } else { self.push(whole.span) };
        self.expr(path.name, between);
        for (nth, (look, step)) in looks.iter().zip(&path.steps).enumerate() {
            let (object, span) = (between, step.span);
            let dst = if nth + 1 == looks.len() { dst } else { between };
            match *look {
                Look::Field(site) => self.emit_with(Op::Field { dst, object }, site, span),
                Look::Index(index) => self.emit(Op::Index { dst, object, index }, span),
            }
        }
        self.forget(path.name, between, dst);
        self.land_all(done);
        true
    }

    /// What `whole` is a part of, when the keys may be computed before the variable is read: nobody can tell.
    pub(super) fn path<'e>(&mut self, whole: &'e Expr) -> Option<Path<'e>> {
        let mut steps = Vec::new();
        let mut name = whole;
        while let ExprKind::Field { object, .. } | ExprKind::Index { object, .. } = &name.kind {
            steps.push(name);
            name = object;
        }
        steps.reverse();
        let ExprKind::Name(variable) = &name.kind else { return None };
        let Meaning::Variable { root, pending: None, .. } = self.meaning(variable) else {
            return None;
        };
        let is_set = match root {
            Root::Register(_) => return None,
            // A transaction may have it.
            Root::Global(slot) if self.analysis.globals[usize::from(slot)].is_common => {
                return None;
            }
            Root::Global(slot) => self.is_defined(slot),
            Root::Cell(_) | Root::Capture(_) => false,
        };
        let are_early = steps.iter().enumerate().all(|(nth, step)| match &step.kind {
            // A fault of another key comes after those of the steps before it.
            ExprKind::Index { index, .. } if nth == 0 && is_set => is_quiet(index),
            ExprKind::Index { index, .. } => self.is_safe(index),
            _ => true,
        });
        are_early.then_some(Path { root, name, steps })
    }

    /// The steps of a path, with their keys in registers.
    pub(super) fn looks(&mut self, path: &Path<'_>) -> Vec<Look> {
        let look = |step: &&Expr| match &step.kind {
            ExprKind::Field { name, .. } => Look::Field(self.site(&name.name, None, false)),
            ExprKind::Index { index, .. } => Look::Index(self.operand(index)),
            _ => unreachable!("a path has fields and elements"),
        };
        path.steps.iter().map(look).collect()
    }

    /// Finds a part; the jump away when it was found. In a function that has too many of them the ordinary steps do.
    pub(super) fn emit_part(
        &mut self,
        dst: Reg,
        root: Root,
        steps: Vec<Look>,
        then: Then,
        span: Span,
    ) -> Option<Patch> {
        let parts = &mut self.current().chunk.parts;
        let k = u16::try_from(parts.len()).ok()?;
        parts.push(Part { root, steps, then });
        Some(self.emit_test(Op::Part { dst, k }, span))
    }
}
