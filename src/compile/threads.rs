//! A jump to a jump goes where that one goes (jump threading).

use crate::program::Op;
use crate::value::Code;

/// So many jumps in a row are followed: some go in a circle.
const MOST: usize = 8;

/// Lets every jump of the code, those behind tests too, arrive where it ends up.
pub(super) fn apply(code: &mut Code) {
    for at in 0..code.code.len() {
        let Op::Jump { .. } = code.code[at] else { continue };
        let mut to = target(code, at);
        for _ in 1..MOST {
            match code.code.get(to) {
                Some(Op::Jump { .. }) => to = target(code, to),
                _ => break,
            }
        }
        code.code[at] = Op::jump(to as i32 - at as i32 - 1);
    }
}

fn target(code: &Code, at: usize) -> usize {
    (at + 1).wrapping_add_signed(code.code[at].offset())
}
