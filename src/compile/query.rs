//! `where` and `>>` (language-core 5.8).

use super::Compiler;
use super::expr::operator;
use crate::diag::Span;
use crate::program::Op;
use crate::program::Reg;
use crate::syntax::ast::BinaryOp;
use crate::syntax::ast::Expr;
use crate::syntax::ast::Ident;
use crate::syntax::ast::QueryStep;
use crate::value::Value;

impl Compiler<'_> {
    /// `source where field op value`
    pub(super) fn filter(
        &mut self,
        source: &Expr,
        field: &Ident,
        op: BinaryOp,
        value: &Expr,
        dst: Reg,
        span: Span,
    ) {
        let base = self.value(source);
        self.value(value);
        let k = self.constant(Value::text(&*field.name));
        let op = operator(op).map_or(0, |op| op.test_number());
        self.emit_with(Op::Where { base, op }, u32::from(k), span);
        self.emit(Op::Move { dst, src: base }, span);
    }

    /// `source >> step`
    pub(super) fn query(&mut self, source: &Expr, step: &QueryStep, dst: Reg, span: Span) {
        let base = self.push(span);
        match step {
            QueryStep::Keep { field, test } => {
                self.expr(source, base);
                self.keep(base, field, test.as_ref(), span);
            }
            QueryStep::Sort(None) => {
                self.value(source);
                self.call_builtin("__sort_query", base, 1, span);
            }
            QueryStep::Sort(Some(field)) => {
                self.value(source);
                let name = self.push(field.span);
                self.load(Value::text(&*field.name), name, field.span);
                self.call_builtin("__sort_query_by", base, 2, span);
            }
            QueryStep::Take(count) => {
                self.value(source);
                self.value(count);
                self.call_builtin("__take_query", base, 2, span);
            }
            QueryStep::Call(step) => {
                self.value(source);
                self.expr(step, base);
                self.emit(Op::Call { base, count: 1 }, span);
            }
        }
        self.emit(Op::Move { dst, src: base }, span);
    }

    /// Keeps the elements of the array in `base` that pass; anything but an array stays as it is.
    fn keep(&mut self, base: Reg, field: &Ident, test: Option<&(BinaryOp, Expr)>, span: Span) {
        let is_array = self.emit_test(Op::TestArray { src: base }, span);
        let other = self.jump(span);
        self.land(is_array);
        self.push(span);
        let element = self.push(span);
        let kept = self.push(span);
        self.emit(Op::Array { dst: kept, base: kept, count: 0 }, span);
        let part = self.push(span);
        let copy = self.push(span);
        self.each(base, span, |this| {
            let site = this.site(&field.name, None, false);
            this.emit_with(Op::Field { dst: part, object: element }, site, field.span);
            let drops = match test {
                Some((op, value)) => {
                    let mark = this.mark();
                    let op = operator(*op).expect("a comparison");
                    this.arithmetic(op, part, part, value, span);
                    this.release(mark);
                    this.emit_test(Op::Test { src: part, want: false }, span)
                }
                None => this.emit_test(Op::Test { src: part, want: false }, span),
            };
            this.emit(Op::Copy { dst: copy, src: element }, span);
            this.emit(Op::Append { list: kept, base: copy, count: 1 }, span);
            this.land(drops);
        });
        self.emit(Op::Move { dst: base, src: kept }, span);
        self.land(other);
    }
}
