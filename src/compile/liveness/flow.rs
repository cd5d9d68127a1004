//! Code as blocks that run from their first instruction to their last, and where each goes on.

use crate::program::Op;
use crate::value::Code;

/// The blocks of one function. Faults are no part of where a block goes on: who catches them is `handler`.
pub(super) struct Flow {
    /// The first instruction of each block, and the end of the code.
    starts: Vec<usize>,
    /// The block of each instruction.
    of: Vec<u32>,
    /// The number in `catches` that catches the faults of each block.
    pub(super) handlers: Vec<Option<u32>>,
}

impl Flow {
    pub(super) fn of(code: &Code) -> Flow {
        let end = code.code.len();
        let mut is_start = vec![false; end + 1];
        is_start[0] = true;
        is_start[end] = true;
        let mut mark = |at: usize| is_start[at.min(end)] = true;
        for at in 0..end {
            let next = successors(code, at);
            if next != [Some(at + 1), None] {
                next.into_iter().flatten().for_each(&mut mark);
                mark(at + 1);
            }
        }
        for catch in &code.catches {
            [catch.start, catch.end, catch.target].into_iter().for_each(|at| mark(at as usize));
        }
        let starts: Vec<usize> = (0..=end).filter(|at| is_start[*at]).collect();
        let mut of = Vec::with_capacity(end);
        for (block, range) in starts.windows(2).enumerate() {
            of.resize(range[1], block as u32);
        }
        let mut flow = Flow { handlers: vec![None; starts.len() - 1], starts, of };
        flow.find_handlers(code);
        flow
    }

    /// Who catches what: the first entry of the table, as in the machine.
    fn find_handlers(&mut self, code: &Code) {
        for (number, catch) in code.catches.iter().enumerate() {
            let mut at = catch.start as usize;
            while at < catch.end as usize {
                let block = self.block_at(at);
                self.handlers[block].get_or_insert(number as u32);
                at = self.starts[block + 1];
            }
        }
    }

    pub(super) fn count(&self) -> usize {
        self.handlers.len()
    }

    /// The block that instruction `at` is in.
    pub(super) fn block_at(&self, at: usize) -> usize {
        self.of[at] as usize
    }

    /// The instructions of a block.
    pub(super) fn range(&self, block: usize) -> std::ops::Range<usize> {
        self.starts[block]..self.starts[block + 1]
    }

    /// The blocks that may run after a block, unless it faults.
    pub(super) fn after(&self, block: usize, code: &Code) -> impl Iterator<Item = usize> {
        let next = successors(code, self.starts[block + 1] - 1);
        next.into_iter().flatten().map(|at| self.block_at(at))
    }
}

/// The instructions that may run after instruction `at`.
fn successors(code: &Code, at: usize) -> [Option<usize>; 2] {
    let op = code.code[at];
    // A test is followed by the jump that it takes or passes over.
    let test = |jump: usize| [Some(jump), Some(jump + 1)];
    match op {
        Op::Jump { .. } => [Some((at + 1).wrapping_add_signed(op.offset())), None],
        Op::Return { .. } | Op::ReturnNull | Op::Fail { .. } => [None, None],
        Op::Raise { .. } | Op::Unhandled { .. } => [None, None],
        Op::Match { .. } => test(at + 2),
        Op::Propagate { .. }
        | Op::Test { .. }
        | Op::TestLt { .. }
        | Op::TestGt { .. }
        | Op::TestLtEq { .. }
        | Op::TestGtEq { .. }
        | Op::TestEq { .. }
        | Op::TestLtInt { .. }
        | Op::TestGtInt { .. }
        | Op::TestLtEqInt { .. }
        | Op::TestGtEqInt { .. }
        | Op::TestEqInt { .. }
        | Op::TestLtConst { .. }
        | Op::TestGtConst { .. }
        | Op::TestLtEqConst { .. }
        | Op::TestGtEqConst { .. }
        | Op::TestEqConst { .. }
        | Op::TestSet { .. }
        | Op::TestArray { .. }
        | Op::TestWhen { .. }
        | Op::Count { .. }
        | Op::CountNext { .. }
        | Op::IterNext { .. }
        | Op::TryUpdate { .. } => test(at + 1),
        _ => [Some(at + 1), None],
    }
}
