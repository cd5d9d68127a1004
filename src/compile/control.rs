//! Branches and failures: `if`, `when`, `try`, `safe`, `?`.

use super::Compiler;
use super::function::Role;
use super::walk::Declared;
use crate::diag::Span;
use crate::program::Catch;
use crate::program::CatchKind;
use crate::program::Op;
use crate::program::Reg;
use crate::syntax::ast::Block;
use crate::syntax::ast::Expr;
use crate::syntax::ast::If;
use crate::syntax::ast::Stmt;
use crate::syntax::ast::StmtKind;
use crate::syntax::ast::Try;
use crate::syntax::ast::When;

/// Copies of `finally` blocks in one program at most.
const MOST_CLEANUPS: u32 = 1 << 16;

/// Code whose faults are caught, while it is being compiled.
pub(super) struct Guard {
    kind: CatchKind,
    /// Where the range that is open began.
    start: u32,
    /// Ranges that are closed: the code of cleanups is no part of them.
    ranges: Vec<(u32, u32)>,
    /// What runs on every way out.
    cleanup: Option<Cleanup>,
}

/// What a jump out of a block does first.
#[derive(Clone)]
pub(super) enum Cleanup {
    /// Runs the block of a `finally`.
    Finally(Block),
    /// Cancels a squad and waits for its tasks.
    Squad(Span),
    /// Ends the deadline of a `timeout`.
    Deadline(Span),
    /// Commits what an `atomic` block did.
    Atomic(Span),
}

impl Compiler<'_> {
    pub(super) fn if_form(&mut self, form: &If, dst: Option<Reg>, span: Span) {
        if let (Some(is_break), None, None) = (self.leaves_loop(&form.then), &form.otherwise, dst) {
            let patches = self.jump_if(&form.condition, true);
            return self.add_leaving(is_break, patches);
        }
        let otherwise = self.jump_if(&form.condition, false);
        self.block(&form.then, dst);
        if form.otherwise.is_none() && dst.is_none() {
            return self.land_all(otherwise);
        }
        let end = self.jump(span);
        self.land_all(otherwise);
        match (&form.otherwise, dst) {
            (Some(block), dst) => self.block(block, dst),
            (None, Some(dst)) => self.emit(Op::Null { dst }, span),
            (None, None) => {}
        }
        self.land(end);
    }

    pub(super) fn when_form(&mut self, form: &When, dst: Option<Reg>, span: Span) {
        let subject = self.value(&form.subject);
        let mut ends = Vec::new();
        let mut is_total = false;
        for arm in &form.arms {
            let Some((op, right)) = &arm.test else {
                self.arm(&arm.body, dst);
                is_total = true;
                break;
            };
            let mark = self.mark();
            let right = self.operand(right);
            let op = super::expr::operator(*op).expect("a `when` arm compares");
            let op = op.test_number();
            let taken = self.emit_test(Op::TestWhen { left: subject, right, op }, arm.body.span);
            self.release(mark);
            let skip = self.jump(arm.body.span);
            self.land(taken);
            self.arm(&arm.body, dst);
            ends.push(self.jump(arm.body.span));
            self.land(skip);
        }
        if let (Some(dst), false) = (dst, is_total) {
            self.emit(Op::Null { dst }, span);
        }
        self.land_all(ends);
    }

    /// The result of an arm: one statement with a scope of its own.
    fn arm(&mut self, body: &Stmt, dst: Option<Reg>) {
        let statements = std::slice::from_ref(body);
        self.open_scope(statements);
        match (&body.kind, dst) {
            // Behind the arrow stands an expression: `spawn { }` is its handle there, not a statement.
            (StmtKind::Expr(e), Some(dst)) => self.result(body, e, dst),
            _ => self.statements(statements, dst, body.span),
        }
        self.close_block(body.span);
    }

    pub(super) fn try_form(&mut self, form: &Try, dst: Option<Reg>, span: Span) {
        // What is caught lands in a register below everything that the body uses.
        let pending = self.push(span);
        if let Some(cleanup) = &form.cleanup {
            self.open_guard(CatchKind::Error, Some(Cleanup::Finally(cleanup.clone())));
        }
        let caught = self.push(span);
        self.open_guard(CatchKind::Object, None);
        self.block(&form.body, dst);
        let ranges = self.close_guard();
        let done = self.jump(span);
        self.catch(ranges, caught, CatchKind::Object);
        self.open_scope(&[]);
        if let Some(name) = &form.name {
            let reg = self.push(name.span);
            self.emit(Op::Move { dst: reg, src: caught }, name.span);
            self.declare(name, reg, Declared::Mutable);
        }
        self.block(&form.handler, dst);
        self.close_block(form.handler.span);
        self.land(done);
        if let Some(cleanup) = &form.cleanup {
            let ranges = self.close_guard();
            self.finally(cleanup);
            let end = self.jump(span);
            self.catch(ranges, pending, CatchKind::Error);
            self.finally(cleanup);
            self.emit(Op::Raise { src: pending }, span);
            self.land(end);
        }
    }

    pub(super) fn safe_form(&mut self, body: &Block, dst: Option<Reg>, span: Span) {
        let caught = self.push(span);
        self.open_guard(CatchKind::Null, None);
        self.block(body, dst);
        let ranges = self.close_guard();
        let done = self.jump(span);
        self.catch(ranges, caught, CatchKind::Null);
        if let Some(dst) = dst {
            self.emit(Op::Null { dst }, span);
        }
        self.land(done);
    }

    fn cleanup(&mut self, cleanup: &Cleanup) {
        match cleanup {
            Cleanup::Finally(block) => self.finally(block),
            Cleanup::Squad(span) => self.disband(*span),
            Cleanup::Deadline(span) => self.emit(Op::EndDeadline, *span),
            Cleanup::Atomic(span) => self.emit(Op::Commit, *span),
        }
    }

    /// The code of a `finally`, once more for every way out: one within another doubles it at each level.
    fn finally(&mut self, block: &Block) {
        self.cleanups += 1;
        match self.cleanups {
            ..=MOST_CLEANUPS => self.block(block, None),
            n if n == MOST_CLEANUPS + 1 => {
                self.error("E0298", "`finally` blocks are nested too deeply", block.span);
            }
            _ => {}
        }
    }

    pub(super) fn open_guard(&mut self, kind: CatchKind, cleanup: Option<Cleanup>) {
        let start = self.label().0 as u32;
        self.current().guards.push(Guard { kind, start, ranges: Vec::new(), cleanup });
    }

    pub(super) fn close_guard(&mut self) -> Vec<(u32, u32)> {
        let end = self.label().0 as u32;
        let mut guard = self.current().guards.pop().expect("every guard that is closed was opened");
        guard.ranges.push((guard.start, end));
        guard.ranges
    }

    /// Faults in the ranges go on here.
    pub(super) fn catch(&mut self, ranges: Vec<(u32, u32)>, reg: Reg, kind: CatchKind) {
        let target = self.label().0 as u32;
        let catches =
            ranges.into_iter().map(|(start, end)| Catch { start, end, target, reg, kind });
        self.current().chunk.catches.extend(catches);
    }

    /// Code of all cleanups from the innermost guard down to number `depth`, for a jump that leaves them. Their own
    /// faults must not be caught by the guards that are left: [`Compiler::reopen_guards`] goes on behind the jump.
    pub(super) fn run_cleanups(&mut self, depth: usize) {
        let guards = std::mem::take(&mut self.current().guards);
        let count = guards.len();
        let mut left: Vec<Guard> = guards;
        let mut aside = Vec::new();
        for _ in depth..count {
            let mut guard = left.pop().expect("counted");
            let end = self.label().0 as u32;
            guard.ranges.push((guard.start, end));
            let cleanup = guard.cleanup.clone();
            aside.push(guard);
            if let Some(cleanup) = cleanup {
                // The cleanup sees the guards around it only, and no loop that is left.
                self.current().guards = left;
                let loops = std::mem::take(&mut self.current().loops);
                let depth_now = self.current().guards.len();
                let (kept, gone): (Vec<_>, Vec<_>) =
                    loops.into_iter().partition(|one| one.guards <= depth_now);
                self.current().loops = kept;
                self.cleanup(&cleanup);
                self.current().loops.extend(gone);
                left = std::mem::take(&mut self.current().guards);
            }
        }
        left.extend(aside.into_iter().rev());
        self.current().guards = left;
    }

    /// Guards that a jump left cover the code behind it again.
    pub(super) fn reopen_guards(&mut self, depth: usize) {
        let start = self.label().0 as u32;
        for guard in &mut self.current().guards[depth..] {
            guard.start = start;
        }
    }

    /// `e?`
    pub(super) fn propagate(&mut self, inner: &Expr, dst: Reg, span: Span) {
        let src = self.left_operand(inner, inner, Some(dst));
        let fine = self.emit_test(Op::Propagate { dst, src }, span);
        let guards = &self.current().guards;
        let is_caught =
            guards.iter().any(|guard| matches!(guard.kind, CatchKind::Object | CatchKind::Null));
        if is_caught || matches!(self.current().role, Role::Main | Role::Task) {
            self.emit(Op::Unhandled { src }, span);
        } else {
            let value = self.push(span);
            self.emit(Op::Copy { dst: value, src }, span);
            self.run_cleanups(0);
            self.emit(Op::Return { src: value }, span);
            self.reopen_guards(0);
        }
        self.land(fine);
        self.forget(inner, src, dst);
    }
}
