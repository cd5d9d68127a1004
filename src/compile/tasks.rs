//! `spawn`, `schedule`, `watch`, `await`, `squad`.

use super::Compiler;
use super::calls::seconds;
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
use crate::syntax::ast::Unit;
use crate::value::Name;
use crate::value::Value;

impl Compiler<'_> {
    pub(super) fn spawn(&mut self, block: &Block, dst: Reg, span: Span) {
        let k = self.task("<task>", block);
        self.emit(Op::Spawn { base: dst, k }, span);
    }

    /// The number of the function that runs a block as a task.
    fn task(&mut self, name: &str, block: &Block) -> u16 {
        let chunk = self.reserve();
        self.functions.push(FunctionState::new(Name::from(name), Role::Task));
        self.open_scope(&block.statements);
        let captures = self.body_of(chunk, block);
        self.function_entry(chunk, Label::Lambda, captures)
    }

    /// `schedule every amount unit { body }`
    pub(super) fn schedule_stmt(&mut self, amount: &Expr, unit: Unit, body: &Block, span: Span) {
        let base = self.push(span);
        self.value(amount);
        let factor = self.push(span);
        self.load(Value::Float(seconds(unit)), factor, span);
        self.call_builtin("__interval", base, 2, amount.span);
        self.release(u16::from(base) + 1);
        let k = self.task("<schedule>", body);
        self.emit(Op::Schedule { base, k }, span);
        self.release(u16::from(base));
        self.plan.has_blocks = true;
    }

    /// `watch path { body }`
    pub(super) fn watch_stmt(&mut self, path: &Expr, body: &Block, span: Span) {
        let base = self.push(span);
        self.value(path);
        self.call_builtin("__watched", base, 1, path.span);
        self.release(u16::from(base) + 1);
        let k = self.task("<watch>", body);
        self.emit(Op::Watch { base, k }, span);
        self.release(u16::from(base));
        self.plan.has_blocks = true;
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
