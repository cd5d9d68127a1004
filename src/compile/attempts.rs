//! `retry` and `timeout`: their blocks run in the frame of their function (language-statements 6.5, 6.6).

use super::Compiler;
use super::calls::seconds;
use super::control::Cleanup;
use crate::diag::Span;
use crate::program::CatchKind;
use crate::program::Op;
use crate::program::Reg;
use crate::syntax::ast::Block;
use crate::syntax::ast::Expr;
use crate::syntax::ast::Unit;
use crate::value::Value;

impl Compiler<'_> {
    /// `retry count { body }`: a jump out of the body is a success.
    pub(super) fn retry_stmt(&mut self, count: &Expr, body: &Block, span: Span) {
        let mark = self.mark();
        let attempts = self.push(span);
        self.call_with("__attempts", &[count], attempts, span);
        self.release(u16::from(attempts) + 1);
        let tried = self.push(span);
        self.load(Value::Int(0), tried, span);
        let caught = self.push(span);
        self.emit(Op::Null { dst: caught }, span);
        let is_used_up = Op::TestLt { left: tried, right: attempts, want: false };
        let never = self.emit_test(is_used_up, span);
        let again = self.label();
        self.emit(Op::AddInt { dst: tried, left: tried, value: 1 }, span);
        // It takes a `?` as a `catch` does, but what the last attempt failed with keeps its place and its hints.
        self.open_guard(CatchKind::Object, None);
        self.block(body, None);
        let ranges = self.close_guard();
        let done = self.jump(span);
        self.catch(ranges, caught, CatchKind::Error);
        let last = self.emit_test(is_used_up, span);
        self.call_on("__retry_pause", &[tried], span);
        self.jump_to(again, span);
        self.land_all(vec![never, last]);
        self.call_on("__retry_failed", &[attempts, caught], count.span);
        self.land(done);
        self.release(mark);
    }

    /// `timeout amount unit { body }`: the machine drops the body when the time is over.
    pub(super) fn timeout_stmt(&mut self, amount: &Expr, unit: Unit, body: &Block, span: Span) {
        let mark = self.mark();
        let limit = self.push(span);
        self.value(amount);
        let unit_reg = self.push(span);
        self.load(Value::Float(seconds(unit)), unit_reg, span);
        self.call_builtin("__limit", limit, 2, span);
        self.release(u16::from(limit) + 1);
        let over = self.emit_test(Op::Deadline { limit }, span);
        self.open_guard(CatchKind::Deadline, Some(Cleanup::Deadline(span)));
        self.block(body, None);
        let ranges = self.close_guard();
        self.emit(Op::EndDeadline, span);
        let done = self.jump(span);
        // A fault goes on from here in no case, but code whose time is over does.
        self.catch(ranges, limit, CatchKind::Deadline);
        self.land(over);
        self.call_on("__timed_out", &[limit], amount.span);
        self.land(done);
        self.release(mark);
    }

    /// Calls a builtin on copies of what is in registers, for its effect.
    pub(super) fn call_on(&mut self, builtin: &str, args: &[Reg], span: Span) -> Reg {
        let base = self.push(span);
        for src in args {
            let dst = self.push(span);
            self.emit(Op::Copy { dst, src: *src }, span);
        }
        self.call_builtin(builtin, base, args.len() as u8, span);
        self.release(u16::from(base) + 1);
        base
    }
}
