//! Statements and the values of blocks (language-core 2.6).

use super::Compiler;
use super::emit::Patch;
use super::walk;
use super::walk::Declared;
use crate::diag::Fault;
use crate::diag::Span;
use crate::program::Op;
use crate::program::Reg;
use crate::program::UnpackCode;
use crate::syntax::ast::Block;
use crate::syntax::ast::Destructure;
use crate::syntax::ast::Expr;
use crate::syntax::ast::ExprKind;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Stmt;
use crate::syntax::ast::StmtKind;

impl Compiler<'_> {
    /// A block with a scope of its own; its value goes to `dst`.
    pub(super) fn block(&mut self, block: &Block, dst: Option<Reg>) {
        self.open_scope(&block.statements);
        self.statements(&block.statements, dst, block.span);
        self.close_block(block.span);
    }

    /// Statements of the scope that is open; the value of the last one goes to `dst`.
    pub(super) fn statements(&mut self, statements: &[Stmt], dst: Option<Reg>, span: Span) {
        let Some((last, rest)) = statements.split_last() else {
            if let Some(dst) = dst {
                self.emit(Op::Null { dst }, span);
            }
            return;
        };
        rest.iter().for_each(|statement| self.statement(statement));
        match dst {
            Some(dst) => self.last(last, dst),
            None => self.statement(last),
        }
    }

    /// The last statement of a block: expressions have a value, all others, `spawn` and `squad` too, are null.
    fn last(&mut self, statement: &Stmt, dst: Reg) {
        if let StmtKind::Expr(e) = &statement.kind
            && !matches!(e.kind, ExprKind::Spawn(_) | ExprKind::Squad(_))
        {
            return self.result(statement, e, dst);
        }
        self.statement(statement);
        self.emit(Op::Null { dst }, statement.span);
    }

    /// The expression `e`, which is all of the statement, for its value.
    pub(super) fn result(&mut self, statement: &Stmt, e: &Expr, dst: Reg) {
        let outside = self.mark_statement(statement);
        self.expr(e, dst);
        self.is_marking = outside;
    }

    pub(super) fn statement(&mut self, statement: &Stmt) {
        let outside = self.mark_statement(statement);
        self.kind_of_statement(statement);
        self.is_marking = outside;
    }

    fn kind_of_statement(&mut self, statement: &Stmt) {
        let span = statement.span;
        match &statement.kind {
            StmtKind::Expr(e) => self.effect(e),
            StmtKind::Let { name, mutable, value, .. } => self.let_stmt(name, *mutable, value),
            StmtKind::Unpack { target, value } => self.unpack(target, value, span),
            StmtKind::Assign { target, op, value } => self.assign(target, *op, value, span),
            StmtKind::Function(def) => self.function_def(def, span),
            StmtKind::Return(value) => self.return_stmt(value.as_ref(), span),
            StmtKind::Break => self.leave_loop(true, span),
            StmtKind::Continue => self.leave_loop(false, span),
            StmtKind::While { condition, body } => self.while_stmt(condition, body, span),
            StmtKind::Loop(body) => self.loop_stmt(body, span),
            StmtKind::For { name, second, source, body } => {
                self.for_stmt(name, second.as_ref(), source, body, span);
            }
            StmtKind::Repeat { count, body } => self.repeat_stmt(count, body, span),
            StmtKind::Struct(def) => self.struct_def(def, span),
            StmtKind::Type(def) => self.type_def(def, span),
            StmtKind::Impl(def) => self.impl_def(def, span),
            StmtKind::Decorator(decorator) => self.decorator(decorator),
            StmtKind::Yield(e) => self.effect(e),
            StmtKind::Interface(def) => self.interface_def(def, span),
            StmtKind::Check { value, test, negated } => self.check_stmt(value, test, *negated),
            StmtKind::Retry { count, body } => self.retry_stmt(count, body, span),
            StmtKind::Timeout { amount, unit, body } => {
                self.timeout_stmt(amount, *unit, body, span);
            }
            StmtKind::Grab { name, url, options } => {
                self.grab_stmt(name, url, options.as_ref(), span);
            }
            StmtKind::Prompt(def) => self.prompt_def(def, span),
            StmtKind::Agent(def) => self.agent_def(def, span),
            StmtKind::Import(import) => self.import_stmt(import, span),
            StmtKind::Schedule { amount, unit, body } => {
                self.schedule_stmt(amount, *unit, body, span);
            }
            StmtKind::Watch { path, body } => self.watch_stmt(path, body, span),
            StmtKind::Shared(block) => self.shared_stmt(block),
        }
    }

    fn let_stmt(&mut self, name: &Ident, is_mutable: bool, value: &Expr) {
        let reg = self.value(value);
        let how = if is_mutable { Declared::Mutable } else { Declared::Immutable };
        self.declare(name, reg, how);
    }

    /// `grab name from url [with options]`
    fn grab_stmt(&mut self, name: &Ident, url: &Expr, options: Option<&Expr>, span: Span) {
        let args: Vec<&Expr> = std::iter::once(url).chain(options).collect();
        let reg = self.push(span);
        self.call_with("fetch", &args, reg, span);
        self.declare(name, reg, Declared::Immutable);
    }

    fn unpack(&mut self, target: &Destructure, value: &Expr, span: Span) {
        let names = walk::targets(target);
        let base = self.push_many(names.len().max(1), span);
        let src = self.value(value);
        let code = match target {
            Destructure::Object(names) => {
                UnpackCode::Object(names.iter().map(|name| name.name.clone()).collect())
            }
            Destructure::Array(names, rest) => {
                UnpackCode::Array { count: names.len() as u8, rest: rest.is_some() }
            }
            Destructure::Tuple(names) => UnpackCode::Tuple(names.len() as u8),
        };
        let unpacks = &mut self.current().chunk.unpacks;
        unpacks.push(code);
        let k = (unpacks.len() - 1) as u32;
        self.emit_with(Op::Unpack { base, src }, k, span);
        // The whole must not outlive its parts: else the next change of one would copy it.
        self.emit(Op::Clear { first: src, count: 1 }, span);
        let row: Vec<_> = names.into_iter().map(|name| (name, Declared::Mutable)).collect();
        self.declare_row(&row, base);
        if row.is_empty() {
            self.release(u16::from(base));
        }
    }

    fn return_stmt(&mut self, value: Option<&Expr>, span: Span) {
        let mark = self.mark();
        match value {
            Some(value) => {
                let src = match self.register_of(value) {
                    // What runs on the way out may assign the variable.
                    Some(reg) if self.current().guards.is_empty() => reg,
                    _ => self.value(value),
                };
                self.run_cleanups(0);
                self.leave_module(span);
                self.give_back(src, span);
            }
            None => {
                self.run_cleanups(0);
                self.leave_module(span);
                self.emit(Op::ReturnNull, span);
            }
        }
        self.reopen_guards(0);
        self.release(mark);
    }

    /// Returns what is in `src`. A sum right before it is made in the place of its left side, which nothing reads any
    /// more: so text that a function appends to and gives back grows in place.
    pub(super) fn give_back(&mut self, src: Reg, span: Span) {
        let state = self.current();
        let end = state.chunk.code.len();
        if let Some(last) = state.chunk.code.last_mut()
            && let Op::Add { dst, left, right } = *last
            && (dst == src && left != right && state.landed < end)
        {
            *last = Op::Add { dst: left, left, right };
            return self.emit(Op::Return { src: left }, span);
        }
        self.emit(Op::Return { src }, span);
    }

    /// `break` or `continue`.
    fn leave_loop(&mut self, is_break: bool, span: Span) {
        let Some(depth) = self.current().loops.last().map(|inner| inner.guards) else {
            let text = if is_break { "break outside of loop" } else { "continue outside of loop" };
            return self.fail(Fault::message(text), span);
        };
        self.run_cleanups(depth);
        let patch = self.jump(span);
        self.add_leaving(is_break, vec![patch]);
        self.reopen_guards(depth);
    }

    /// These jumps leave the innermost loop, or its round.
    pub(super) fn add_leaving(&mut self, is_break: bool, patches: Vec<Patch>) {
        let inner = self.current().loops.last_mut().expect("a loop is open");
        if is_break {
            inner.breaks.extend(patches);
        } else {
            inner.continues.extend(patches);
        }
    }

    /// Whether a block is nothing but a jump out of the innermost loop (true), or out of its round (false).
    pub(super) fn leaves_loop(&mut self, block: &Block) -> Option<bool> {
        let is_break = match &block.statements[..] {
            [Stmt { kind: StmtKind::Break, .. }] => true,
            [Stmt { kind: StmtKind::Continue, .. }] => false,
            _ => return None,
        };
        let state = self.current();
        let is_plain = state.loops.last().is_some_and(|inner| inner.guards == state.guards.len());
        (is_plain && !self.is_marking).then_some(is_break)
    }
}
