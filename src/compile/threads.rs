//! A jump to a jump goes where that one goes (jump threading), and those that go back say so.

use crate::program::Op;
use crate::value::Code;

/// So many jumps in a row are followed: some go in a circle.
const MOST: usize = 8;

/// Lets every jump of the code, those behind tests too, arrive where it ends up.
pub(super) fn apply(code: &mut Code) {
    let code = &mut code.code;
    for at in 0..code.len() {
        let Op::Jump { .. } = code[at] else { continue };
        let mut to = code[at].target(at);
        for _ in 1..MOST {
            match code.get(to) {
                Some(next @ (Op::Jump { .. } | Op::Back { .. })) => to = next.target(to),
                _ => break,
            }
        }
        code[at] = Op::jump_between(at, to);
    }
}
