//! Statements that leave a mark when they run: what `forge test --coverage` counts (language-statements 16.4).
//!
//! Marked are the statements of the top-level code, of function bodies and of blocks that stand as statements; those of
//! blocks that stand as values, and of tasks, are not.

use super::Compiler;
use super::Origin;
use crate::program::Mark;
use crate::program::Op;
use crate::syntax::ast::ExprKind;
use crate::syntax::ast::Stmt;
use crate::syntax::ast::StmtKind;
use std::sync::atomic::AtomicBool;

impl Compiler<'_> {
    /// The statements of a function body leave marks, wherever the function stands; what was so before.
    pub(super) fn mark_body(&mut self) -> bool {
        std::mem::replace(&mut self.is_marking, self.origin == Origin::Marked)
    }

    /// Notes the statement that is compiled next, and whether those in it are noted; what was so before.
    pub(super) fn mark_statement(&mut self, statement: &Stmt) -> bool {
        let outside = self.is_marking;
        if outside {
            let span = match &statement.kind {
                // Decorators are no executable lines.
                StmtKind::Function(def) => def.name.span,
                _ => statement.span,
            };
            let marks = &mut self.current().chunk.marks;
            marks.push(Mark { span, has_run: AtomicBool::new(false) });
            let number = (marks.len() - 1) as u32;
            self.emit_with(Op::Mark, number, span);
            self.is_marking = has_statement_blocks(statement);
        }
        outside
    }
}

/// Whether the blocks directly in the statement are statements too.
fn has_statement_blocks(statement: &Stmt) -> bool {
    match &statement.kind {
        StmtKind::While { .. }
        | StmtKind::Loop(_)
        | StmtKind::For { .. }
        | StmtKind::Repeat { .. }
        | StmtKind::Retry { .. }
        | StmtKind::Shared(_) => true,
        StmtKind::Expr(expr) => matches!(
            expr.kind,
            ExprKind::If(_)
                | ExprKind::When(_)
                | ExprKind::Match(_)
                | ExprKind::Try(_)
                | ExprKind::Safe(_)
                | ExprKind::Atomic(_)
        ),
        _ => false,
    }
}
