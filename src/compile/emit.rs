//! Instructions, jumps and registers. Only this file sees an offset.

use super::Compiler;
use crate::diag::Span;
use crate::program::Op;
use crate::program::Reg;
use crate::value::Code;
use crate::value::Value;

/// A `Jump` whose target is not known yet.
#[derive(Debug)]
#[must_use]
pub(super) struct Patch(usize);

/// A place in the code to jump back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label(pub(super) usize);

/// Registers that one function may use.
const LIMIT: u16 = 250;

impl Compiler<'_> {
    pub(super) fn emit(&mut self, op: Op, span: Span) {
        let chunk = &mut self.current().chunk;
        chunk.code.push(op);
        chunk.spans.push(span);
    }

    /// Emits an instruction with its operand.
    pub(super) fn emit_with(&mut self, op: Op, data: u32, span: Span) {
        self.emit(op, span);
        self.emit(Op::data(data), span);
    }

    /// Emits an instruction that takes the jump behind it, to be patched.
    pub(super) fn emit_test(&mut self, op: Op, span: Span) -> Patch {
        self.emit(op, span);
        self.jump(span)
    }

    /// A jump forward, to be patched.
    pub(super) fn jump(&mut self, span: Span) -> Patch {
        self.emit(Op::jump(0), span);
        Patch(self.current().chunk.code.len() - 1)
    }

    /// The jump arrives here.
    pub(super) fn land(&mut self, patch: Patch) {
        let state = self.current();
        state.landed = state.chunk.code.len();
        let code = &mut state.chunk.code;
        let offset = code.len() as i32 - patch.0 as i32 - 1;
        code[patch.0] = Op::jump(offset);
    }

    pub(super) fn land_all(&mut self, patches: impl IntoIterator<Item = Patch>) {
        patches.into_iter().for_each(|patch| self.land(patch));
    }

    /// The jumps arrive at an earlier place.
    pub(super) fn land_at(&mut self, patches: Vec<Patch>, label: Label) {
        for patch in patches {
            let code = &mut self.current().chunk.code;
            code[patch.0] = Op::jump(label.0 as i32 - patch.0 as i32 - 1);
        }
    }

    /// Here.
    pub(super) fn label(&mut self) -> Label {
        let state = self.current();
        state.landed = state.chunk.code.len();
        Label(state.landed)
    }

    /// A jump back.
    pub(super) fn jump_to(&mut self, label: Label, span: Span) {
        let patch = self.jump(span);
        self.land_at(vec![patch], label);
    }

    /// The next free register.
    pub(super) fn push(&mut self, span: Span) -> Reg {
        self.push_many(1, span)
    }

    /// `count` free registers in a row; the first of them.
    pub(super) fn push_many(&mut self, count: usize, span: Span) -> Reg {
        let state = self.current();
        let first = state.next;
        let next = first as usize + count;
        if next >= usize::from(LIMIT) {
            if !state.is_full {
                state.is_full = true;
                self.error(
                    "E0298",
                    "too many variables and intermediate values in one function",
                    span,
                );
            }
            // The code is worth nothing any more; no number counted from here overflows.
            return 0;
        }
        state.next = next as u16;
        state.highest = state.highest.max(state.next);
        first as Reg
    }

    /// The next free register, without taking it.
    pub(super) fn mark(&mut self) -> u16 {
        self.current().next
    }

    /// Gives back all registers from `mark` on.
    pub(super) fn release(&mut self, mark: u16) {
        self.current().next = mark;
    }

    /// The number of a constant.
    pub(super) fn constant(&mut self, value: Value) -> u16 {
        let constants = &mut self.current().chunk.constants;
        let known = constants.iter().rev().take(64).position(|constant| is_same(constant, &value));
        match known {
            Some(back) => (constants.len() - 1 - back) as u16,
            None => self.next_constant(value),
        }
    }

    /// The number of a constant of its own, the one after that of the last.
    pub(super) fn next_constant(&mut self, value: Value) -> u16 {
        self.numbered("constants", |chunk| &mut chunk.constants, value)
    }

    /// Puts an entry into a table of the function, which holds `what`: its number there.
    pub(super) fn numbered<T>(
        &mut self,
        what: &str,
        table: impl Fn(&mut Code) -> &mut Vec<T>,
        entry: T,
    ) -> u16 {
        let state = self.current();
        let span = state.chunk.spans.last().copied().unwrap_or_default();
        let table = table(&mut state.chunk);
        table.push(entry);
        let number = table.len() - 1;
        if number == usize::from(u16::MAX) + 1 {
            self.error("E0298", format!("too many {what} in one function"), span);
        }
        // The code is worth nothing any more if that is another number.
        number as u16
    }
}

fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::Native(a), Value::Native(b)) => a.id == b.id,
        (Value::Object(a), Value::Object(b)) => a.ptr_eq(b),
        _ => false,
    }
}
