//! `spawn`, `await`, `squad`.

use super::Compiler;
use super::control::Cleanup;
use super::function::FunctionState;
use super::function::Role;
use crate::diag::Span;
use crate::program::CatchKind;
use crate::program::Label;
use crate::program::Op;
use crate::program::Reg;
use crate::syntax::ast::Block;
use crate::syntax::ast::Expr;
use crate::value::Name;

impl Compiler<'_> {
    pub(super) fn spawn(&mut self, block: &Block, dst: Reg, span: Span) {
        let chunk = self.reserve();
        let name = Name::from("<task>");
        self.functions.push(FunctionState::new(name, Role::Task));
        self.open_scope(&block.statements);
        let captures = self.body_of(chunk, block);
        let k = self.function_entry(chunk, Label::Lambda, captures);
        self.emit(Op::Spawn { base: dst, k }, span);
    }

    pub(super) fn wait_for(&mut self, operand: &Expr, dst: Reg, span: Span) {
        let base = self.value(operand);
        self.emit(Op::Await { base }, span);
        self.emit(Op::Move { dst, src: base }, span);
    }

    pub(super) fn squad(&mut self, body: &Block, dst: Option<Reg>, span: Span) {
        let result = self.push(span);
        let over = self.emit_test(Op::Squad { limit: result }, span);
        self.open_guard(CatchKind::Error, Some(Cleanup::Squad(span)));
        self.block(body, None);
        let ranges = self.close_guard();
        self.land(over);
        self.emit(Op::Join { base: result }, span);
        match dst {
            Some(dst) => self.emit(Op::Move { dst, src: result }, span),
            None => self.emit(Op::Null { dst: result }, span),
        }
        let end = self.jump(span);
        self.catch(ranges, result, CatchKind::Error);
        self.disband(span);
        self.emit(Op::Raise { src: result }, span);
        self.land(end);
    }

    /// Cancels the innermost squad and waits until its tasks are gone.
    pub(super) fn disband(&mut self, span: Span) {
        let base = self.push(span);
        self.emit(Op::Disband { base }, span);
        self.release(u16::from(base));
    }
}
