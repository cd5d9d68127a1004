//! Whether a function leaves its first parameter alone: then the variable of a caller can lend its value for the call,
//! and nobody counts another handle.

use super::effects::Effect;
use crate::program::Op;
use crate::program::Reg;
use crate::value::Code;

/// Where the first parameter arrives.
const FIRST: Reg = 1;

/// Whether what arrives in the first parameter is still there when the function returns, and was never taken out.
pub(super) fn keeps_receiver(code: &Code) -> bool {
    code.params > 0
        && (0..code.code.len()).all(|at| {
            let effect = Effect::of(code, at);
            !effect.writes.contains(FIRST)
                && (!effect.reads.contains(FIRST) || only_looks(code.code[at]))
        })
}

/// Whether the instruction leaves the registers that it reads as they are.
fn only_looks(op: Op) -> bool {
    matches!(
        op,
        Op::Field { .. }
            | Op::Index { .. }
            | Op::IndexField { .. }
            | Op::FieldIndex { .. }
            | Op::IndexIndex { .. }
            | Op::FieldField { .. }
            | Op::Part { .. }
            | Op::Copy { .. }
            | Op::CallMethodOn { .. }
            | Op::Add { .. }
            | Op::Sub { .. }
            | Op::Mul { .. }
            | Op::Div { .. }
            | Op::Mod { .. }
            | Op::Lt { .. }
            | Op::Gt { .. }
            | Op::LtEq { .. }
            | Op::GtEq { .. }
            | Op::Eq { .. }
            | Op::NotEq { .. }
            | Op::Not { .. }
            | Op::Truth { .. }
            | Op::Test { .. }
            | Op::TestEq { .. }
            | Op::TestWhen { .. }
            | Op::Dispatch { .. }
            | Op::Match { .. }
    )
}
