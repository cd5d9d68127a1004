//! Loops: the test stands at the top once and at the end of each round.

use super::Compiler;
use super::analysis::repeat_variable;
use super::emit::Label;
use super::emit::Patch;
use super::walk::Declared;
use crate::diag::Span;
use crate::program::Op;
use crate::program::Reg;
use crate::program::SORT_REGISTERS;
use crate::syntax::ast::Block;
use crate::syntax::ast::Expr;
use crate::syntax::ast::ExprKind;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Item;
use crate::value::Value;

/// A loop being compiled.
pub(super) struct Loop {
    pub(super) breaks: Vec<Patch>,
    pub(super) continues: Vec<Patch>,
    /// How many guards were open around it.
    pub(super) guards: usize,
}

impl Compiler<'_> {
    fn open_loop(&mut self) {
        let guards = self.current().guards.len();
        self.current().loops.push(Loop { breaks: Vec::new(), continues: Vec::new(), guards });
    }

    /// The body with a scope of its own; `continue` arrives behind it.
    fn body(&mut self, body: &Block) {
        self.open_scope(&body.statements);
        self.statements(&body.statements, None, body.span);
        self.close_scope();
        let continues = std::mem::take(&mut self.innermost().continues);
        self.land_all(continues);
    }

    fn innermost(&mut self) -> &mut Loop {
        self.current().loops.last_mut().expect("a loop is open")
    }

    /// `break` arrives here. What the rounds left in registers must not outlive the loop.
    fn close_loop(&mut self, first: u16, span: Span) {
        let inner = self.current().loops.pop().expect("a loop is open");
        self.land_all(inner.breaks);
        let count = self.current().highest.saturating_sub(first);
        if count > 0 {
            self.emit(Op::Clear { first: first as Reg, count: count as u8 }, span);
        }
    }

    pub(super) fn while_stmt(&mut self, condition: &Expr, body: &Block, span: Span) {
        let first = self.mark();
        let outside = self.current().highest;
        self.current().highest = first;
        self.open_loop();
        let exit = self.jump_if(condition, false);
        let top = self.label();
        self.body(body);
        let again = self.jump_if(condition, true);
        self.land_at(again, top);
        self.land_all(exit);
        self.close_loop(first, span);
        self.restore_highest(outside);
    }

    /// `highest` counts within a loop what the loop uses; afterwards the function's maximum goes on.
    fn restore_highest(&mut self, outside: u16) {
        let state = self.current();
        state.highest = state.highest.max(outside);
    }

    pub(super) fn loop_stmt(&mut self, body: &Block, span: Span) {
        let first = self.mark();
        let outside = self.current().highest;
        self.current().highest = first;
        self.open_loop();
        let top = self.label();
        self.body(body);
        self.jump_to(top, span);
        self.close_loop(first, span);
        self.restore_highest(outside);
    }

    pub(super) fn for_stmt(
        &mut self,
        name: &Ident,
        second: Option<&Ident>,
        source: &Expr,
        body: &Block,
        span: Span,
    ) {
        if second.is_none()
            && let Some((start, end)) = self.counted(source)
        {
            return self.count(start, end, name, body, span);
        }
        let first = self.mark();
        let outside = self.current().highest;
        self.current().highest = first;
        let base = self.push_many(2, span);
        self.expr(source, base);
        self.emit(Op::Iter { base }, source.span);
        let vars = if second.is_some() { 2 } else { 1 };
        let variables = self.push_many(usize::from(vars), span);
        self.open_loop();
        let start = self.first_round(source.span);
        let top = self.label();
        let names: Vec<&Ident> = std::iter::once(name).chain(second).collect();
        self.round(&names, variables, body);
        self.land_all(start);
        let next = self.emit_test(Op::IterNext { base, vars }, source.span);
        self.land_at(vec![next], top);
        self.close_loop(first, span);
        self.restore_highest(outside);
        self.release(first);
    }

    /// The jump to the `IterNext` of a loop; it is there twice, right before the loop's body. A function that a stream
    /// calls for the next element returns to the second one: while it runs, the frame stands at the first, whose place
    /// and guards are those of the loop.
    fn first_round(&mut self, span: Span) -> Vec<Patch> {
        vec![self.jump(span), self.jump(span)]
    }

    /// One round: the loop variables are fresh, then the body runs.
    fn round(&mut self, names: &[&Ident], variables: Reg, body: &Block) {
        let mark = self.mark();
        self.open_scope(&[]);
        for (i, name) in names.iter().enumerate() {
            let reg = self.push(name.span);
            // The loop's own register stays: a cell, or an assignment in the body, must not touch it.
            self.emit(Op::Move { dst: reg, src: variables + i as Reg }, name.span);
            self.declare(name, reg, Declared::Mutable);
        }
        self.body(body);
        self.close_scope();
        self.release(mark);
    }

    /// `range(a, b)`, `range(n)`, `a..b` as start and end.
    fn counted<'e>(&mut self, source: &'e Expr) -> Option<(Option<&'e Expr>, &'e Expr)> {
        match &source.kind {
            ExprKind::Range { start, end } => Some((Some(start), end)),
            ExprKind::Call { callee, args } if args.iter().all(|arg| !arg.spread) => {
                let ExprKind::Name(name) = &callee.kind else { return None };
                if &**name != "range" || self.builtin("range").is_none() {
                    return None;
                }
                match &args[..] {
                    [end] => Some((None, &end.value)),
                    [start, end] => Some((Some(&start.value), &end.value)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn count(&mut self, start: Option<&Expr>, end: &Expr, name: &Ident, body: &Block, span: Span) {
        let first = self.mark();
        let outside = self.current().highest;
        self.current().highest = first;
        let base = self.push_many(2, span);
        match start {
            Some(start) => self.expr(start, base),
            None => self.load(Value::Int(0), base, span),
        }
        self.expr(end, base + 1);
        let variable = self.push(span);
        self.open_loop();
        let exit = self.emit_test(Op::Count { base }, span);
        let top = self.label();
        let mark = self.mark();
        self.open_scope(&[]);
        let is_cell = self.analysis.facts(super::analysis::key(name.span)).is_cell();
        let reg = if is_cell { self.push(name.span) } else { variable };
        if is_cell {
            self.emit(Op::Copy { dst: reg, src: variable }, name.span);
        }
        self.declare(name, reg, Declared::Mutable);
        self.release(mark + u16::from(is_cell));
        self.body(body);
        self.close_scope();
        self.release(mark);
        let next = self.emit_test(Op::CountNext { base }, span);
        self.land_at(vec![next], top);
        self.land(exit);
        self.close_loop(first, span);
        self.restore_highest(outside);
        self.release(first);
    }

    pub(super) fn repeat_stmt(&mut self, count: &Expr, body: &Block, span: Span) {
        self.count(None, count, &repeat_variable(count.span), body, span);
    }

    /// A loop over the array in `base` that leaves each element in `base + 2`; `body` is compiled once.
    pub(super) fn each(&mut self, base: Reg, span: Span, body: impl FnOnce(&mut Self)) {
        self.emit(Op::Iter { base }, span);
        let start = self.first_round(span);
        let top: Label = self.label();
        body(self);
        self.land_all(start);
        let next = self.emit_test(Op::IterNext { base, vars: 1 }, span);
        self.land_at(vec![next], top);
    }

    /// `base := the array of the first argument, sorted by what the second one, a comparator, says`
    pub(super) fn sorted(&mut self, base: Reg, args: &[Item], span: Span) {
        self.expr(&args[0].value, base);
        let callee = self.push_many(SORT_REGISTERS - 1, span);
        self.expr(&args[1].value, callee);
        self.emit(Op::Sort { base }, span);
        let top = self.label();
        let end = self.emit_test(Op::Ask { base }, span);
        let call = base + SORT_REGISTERS as Reg - 3;
        self.emit(Op::CallLocal { base: call, callee, count: 2 }, span);
        self.jump_to(top, span);
        self.land(end);
    }
}
