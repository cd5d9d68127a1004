//! `check`: a value that does not pass is a fault (language-statements 6.4).

use super::Compiler;
use super::emit::Patch;
use super::expr::is_steady;
use crate::diag::Span;
use crate::program::Op;
use crate::program::Reg;
use crate::syntax::ast::CheckTest;
use crate::syntax::ast::Expr;
use crate::value::Value;

impl Compiler<'_> {
    /// `check value [test]`
    pub(super) fn check_stmt(&mut self, value: &Expr, test: &CheckTest, negated: bool) {
        let mark = self.mark();
        let is_kept = match test {
            CheckTest::Between(low, high) => is_steady(low) && is_steady(high),
            CheckTest::Contains(needle) => is_steady(needle),
            _ => true,
        };
        let checked = if is_kept { self.operand(value) } else { self.value(value) };
        let passes = self.jump_if_passes(checked, test, !negated, value.span);
        self.call_on("__check_failed", &[checked], value.span);
        self.land(passes);
        if self.is_temporary(checked) {
            // What it held must not look shared to a later change of the variable it came from.
            self.emit(Op::Clear { first: checked, count: 1 }, value.span);
        }
        self.release(mark);
    }

    /// Code that jumps away when the answer of `test` about `checked` is `want`.
    fn jump_if_passes(&mut self, checked: Reg, test: &CheckTest, want: bool, span: Span) -> Patch {
        let constant = match test {
            CheckTest::Truthy => return self.emit_test(Op::Test { src: checked, want }, span),
            CheckTest::True => Value::Bool(true),
            CheckTest::False => Value::Bool(false),
            CheckTest::Null => Value::Null,
            CheckTest::Empty => {
                return self.jump_if_builtin("__is_empty", checked, &[], want, span);
            }
            CheckTest::Between(low, high) => {
                return self.jump_if_builtin("__between", checked, &[low, high], want, span);
            }
            CheckTest::Contains(needle) => {
                return self.jump_if_builtin("__contains", checked, &[needle], want, span);
            }
        };
        let right = self.push(span);
        let k = self.constant(constant);
        self.emit(Op::Load { dst: right, k }, span);
        self.emit_test(Op::TestEq { left: checked, right, want }, span)
    }

    fn jump_if_builtin(
        &mut self,
        builtin: &str,
        first: Reg,
        others: &[&Expr],
        want: bool,
        span: Span,
    ) -> Patch {
        let base = self.push(span);
        let dst = self.push(span);
        self.emit(Op::Copy { dst, src: first }, span);
        for other in others {
            self.value(other);
        }
        self.call_builtin(builtin, base, 1 + others.len() as u8, span);
        self.release(u16::from(base) + 1);
        self.emit_test(Op::Test { src: base, want }, span)
    }
}
