//! Calls of builtins whose result may show at a glance: `len(xs)`, `prices.get(key)`. Then nobody counts a handle on the
//! collection; where that cannot be, the ordinary call follows.

use super::Compiler;
use super::emit::Patch;
use super::names::Meaning;
use super::parts::Path;
use crate::diag::Span;
use crate::program::Op;
use crate::program::Reg;
use crate::program::Root;
use crate::program::Then;
use crate::syntax::ast::Expr;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Item;

/// Arguments of a builtin that can be called at a glance, at most.
const GLANCED: usize = 3;

impl Compiler<'_> {
    /// Whether the result of builtin `id` may show at a glance.
    pub(super) fn shows_at_a_glance(&self, id: usize, args: &[Item]) -> bool {
        args.len() <= GLANCED && self.registry.row(id).glance.is_some()
    }

    /// Calls such a builtin; its result goes to `base`.
    pub(super) fn glance(&mut self, base: Reg, id: usize, args: &[Item], span: Span) {
        let found =
            args.split_first().filter(|(_, more)| self.are_safe(more)).and_then(|(of, more)| {
                let path = self.path(&of.value)?;
                self.glance_at_part(base, &path, more, span, |more| Then::Builtin(id as u32, more))
            });
        let first = self.push_many(args.len(), span);
        let mut registers = [0; GLANCED];
        for ((i, arg), register) in (0..).zip(args).zip(&mut registers) {
            *register = match self.register_of(&arg.value) {
                Some(variable) => variable,
                None => {
                    self.expr(&arg.value, first + i);
                    first + i
                }
            };
        }
        let count = args.len() as u8;
        let done = self.emit_test(Op::Glance { base, count }, span);
        self.emit(Op::data(id as u32), span);
        let [a, b, c] = registers.map(u32::from);
        self.emit(Op::data(a << 16 | b << 8 | c), span);
        for (dst, src) in (first..first + count).zip(registers).filter(|(dst, src)| dst != src) {
            self.emit(Op::Copy { dst, src }, span);
        }
        self.emit_with(Op::CallNative { base, count }, id as u32, span);
        self.land(done);
        self.land_all(found);
    }

    /// Calls a method of a variable, or of a part of one, if it shows at a glance; the jump away then, and the site of
    /// the call.
    pub(super) fn glance_method(
        &mut self,
        base: Reg,
        receiver: &Expr,
        name: &Ident,
        args: &[Item],
        span: Span,
    ) -> Option<(Patch, u32)> {
        let builtin = self.registry.method(&name.name)?;
        // A variable of that name may be what is called.
        let meaning = self.meaning(&name.name);
        let is_hidden = matches!(meaning, Meaning::Variable { .. } | Meaning::Itself);
        if is_hidden || args.len() >= GLANCED || self.registry.row(builtin).glance.is_none() {
            return None;
        }
        if !self.are_safe(args) {
            return None;
        }
        let path = match self.register_of(receiver) {
            Some(register) => Path::whole(Root::Register(register), receiver),
            None => self.path(receiver)?,
        };
        let site = self.method_site(name, base, span);
        let done = self.glance_at_part(base, &path, args, span, |more| Then::Method(site, more))?;
        Some((done, site))
    }

    fn are_safe(&mut self, args: &[Item]) -> bool {
        args.iter().all(|arg| !arg.spread && self.is_safe(&arg.value))
    }

    fn glance_at_part(
        &mut self,
        base: Reg,
        path: &Path<'_>,
        args: &[Item],
        span: Span,
        then: impl FnOnce(Vec<Reg>) -> Then,
    ) -> Option<Patch> {
        let mark = self.mark();
        let steps = self.looks(path);
        let more = args.iter().map(|arg| self.operand(&arg.value)).collect();
        let done = self.emit_part(base, path.root, steps, then(more), span);
        self.release(mark);
        done
    }
}
