//! `shared` and `atomic` (language-statements 7.3).

use super::Compiler;
use super::control::Cleanup;
use super::walk;
use crate::diag::Span;
use crate::program::CatchKind;
use crate::program::Op;
use crate::program::Reg;
use crate::syntax::ast::Block;

impl Compiler<'_> {
    /// `shared { let ... }`: variables that have a value already keep it. A module that is loaded a second time, in
    /// another world, finds them like that.
    pub(super) fn shared_stmt(&mut self, block: &Block) {
        for statement in &block.statements {
            let first = walk::declared(statement).first().map(|(name, _)| name.name.clone());
            let slot = first.and_then(|name| self.analysis.slot(self.unit, &name));
            let Some(slot) = slot else { continue };
            let known = self.push(statement.span);
            self.emit(Op::PeekGlobal { dst: known, slot: slot as u16 }, statement.span);
            let done = self.emit_test(Op::TestSet { src: known }, statement.span);
            self.release(u16::from(known));
            self.statement(statement);
            self.land(done);
        }
    }

    /// `atomic { body }`: a fault in it, and a transaction that has to begin anew, put back what it assigned.
    pub(super) fn atomic(&mut self, body: &Block, dst: Option<Reg>, span: Span) {
        let own = self.push(span);
        self.emit(Op::Null { dst: own }, span);
        self.emit(Op::Atomic { own }, span);
        self.open_guard(CatchKind::Atomic, Some(Cleanup::Atomic(span)));
        self.block(body, dst);
        let ranges = self.close_guard();
        self.emit(Op::Commit, span);
        // A fault goes on in no case: the target is never taken.
        self.catch(ranges, own, CatchKind::Atomic);
    }
}
