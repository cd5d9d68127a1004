//! Code as blocks that run from their first instruction to their last, and where each goes on.

use crate::program::Op;
use crate::value::Code;

/// The blocks of one function. Faults are no part of where a block goes on: who catches them is `handler`.
pub(super) struct Flow {
    /// The first instruction of each block, and the end of the code.
    starts: Vec<usize>,
    /// The block of each instruction.
    of: Vec<u32>,
    /// Where all blocks go on, one after another.
    edges: Vec<usize>,
    /// The end of each block's part of `edges`.
    ends: Vec<usize>,
    /// The number in `catches` that catches the faults of each block.
    pub(super) handlers: Vec<Option<u32>>,
}

impl Flow {
    pub(super) fn of(code: &Code) -> Flow {
        let end = code.code.len();
        let mut is_start = vec![false; end + 1];
        is_start[0] = true;
        is_start[end] = true;
        for at in 0..end {
            if leaves(code.code[at]) {
                each_successor(code, at, &mut |next| is_start[next] = true);
                is_start[at + 1] = true;
            }
        }
        for catch in &code.catches {
            [catch.start, catch.end, catch.target]
                .into_iter()
                .for_each(|at| is_start[at as usize] = true);
        }
        let starts: Vec<usize> = (0..=end).filter(|at| is_start[*at]).collect();
        let mut of = Vec::with_capacity(end);
        for (block, range) in starts.windows(2).enumerate() {
            of.resize(range[1], block as u32);
        }
        let (mut edges, mut ends) = (Vec::new(), Vec::new());
        for start in &starts[1..] {
            each_successor(code, start - 1, &mut |next| edges.push(of[next] as usize));
            ends.push(edges.len());
        }
        let mut flow = Flow { handlers: vec![None; starts.len() - 1], starts, of, edges, ends };
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
    pub(super) fn after(&self, block: usize) -> &[usize] {
        let first = block.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.edges[first..self.ends[block]]
    }
}

/// Whether an instruction may go on elsewhere than behind itself, or nowhere.
fn leaves(op: Op) -> bool {
    is_test(op)
        || matches!(
            op,
            Op::Jump { .. }
                | Op::Match { .. }
                | Op::Dispatch { .. }
                | Op::Return { .. }
                | Op::ReturnNull
                | Op::Fail { .. }
                | Op::Raise { .. }
                | Op::Unhandled { .. }
        )
}

/// Shows the instructions that may run after instruction `at`.
fn each_successor(code: &Code, at: usize, show: &mut impl FnMut(usize)) {
    match code.code[at] {
        op @ Op::Jump { .. } => show(op.target(at)),
        Op::Return { .. } | Op::ReturnNull => {}
        Op::Fail { .. } | Op::Raise { .. } | Op::Unhandled { .. } => {}
        Op::Dispatch { k, .. } => {
            let arms = &code.arms[usize::from(k)];
            show(at + 1);
            show(arms.otherwise as usize);
            arms.heads.iter().for_each(|head| show(head.at as usize));
        }
        // A test is followed by the jump that it takes or passes over.
        Op::Match { .. } => {
            show(at + 2);
            show(at + 3);
        }
        op if is_test(op) => {
            show(at + 1);
            show(at + 2);
        }
        _ => show(at + 1),
    }
}

/// Whether the next instruction is the jump that this one takes or passes over.
fn is_test(op: Op) -> bool {
    matches!(
        op,
        Op::Propagate { .. }
            | Op::IndexField { .. }
            | Op::FieldIndex { .. }
            | Op::IndexIndex { .. }
            | Op::FieldField { .. }
            | Op::Part { .. }
            | Op::Glance { .. }
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
            | Op::TryUpdate { .. }
            | Op::Ask { .. }
            | Op::Deadline { .. }
            | Op::Squad { .. }
    )
}
