//! Handles die on time: a value that is copied out of a register for the last time is moved out instead. So a function
//! that gets a collection, changes it and gives it back changes it in place: `xs = add(xs, x)` is linear.
//!
//! A register is live where some way from there on reads it before it is written. What a handler reads is live
//! wherever the handler catches, up to the register that receives the error: from there on the machine empties them.
//! The receiver of a method call is live in all arguments: a fault in one asks it first whether it has the method.

mod effects;
mod flow;
mod receiver;
mod registers;

use crate::program::KEEPS_VALUE;
use crate::program::Op;
use crate::value::Code;
use effects::Effect;
use flow::Flow;
use registers::Registers;

/// Finds out what the code says about its registers, and makes a move of every last use.
pub(super) fn apply(code: &mut Code) {
    move_last_uses(code);
    code.keeps_receiver = receiver::keeps_receiver(code);
}

/// Makes a move of every copy whose source nothing reads any more.
fn move_last_uses(code: &mut Code) {
    if !code.code.iter().any(|op| source(*op).is_some()) {
        return;
    }
    let flow = Flow::of(code);
    let asked = Asked::of(code);
    let lives = Lives::of(code, &flow, &asked);
    for block in 0..flow.count() {
        if !code.code[flow.range(block)].iter().any(|op| source(*op).is_some()) {
            continue;
        }
        let caught = lives.caught(block, code, &flow);
        let mut live = lives.after(block, &flow).or(caught);
        for at in flow.range(block).rev() {
            let effect = Effect::of(code, at);
            let op = &mut code.code[at];
            if let Op::Copy { dst, src } = *op
                && source(*op).is_some_and(|src| !live.contains(src))
            {
                *op = Op::Move { dst, src };
            }
            if let Op::CallMethodOn { base, count, receiver } = *op
                && !live.contains(receiver)
            {
                *op = Op::CallMethodOf { base, count, receiver };
            }
            if let Op::Clear { first, count: 0 } = *op
                && !live.contains(first)
            {
                *op = Op::Clear { first, count: 1 };
            }
            if let Op::SetIndex { .. } = *op
                && source(*op).is_some_and(|value| !live.contains(value))
                && let Some(data) = code.code.get_mut(at + 1)
            {
                *data = Op::data(data.value() as u32 & !KEEPS_VALUE);
            }
            live = live.without(effect.writes).or(effect.reads).or(caught).or(asked.at(at));
        }
    }
}

/// The register that might be emptied here. Register 0 belongs to the call, to its last instruction.
fn source(op: Op) -> Option<u8> {
    match op {
        Op::Clear { first, count: 0 } => Some(first),
        Op::Copy { dst, src } => (src != 0 && src != dst).then_some(src),
        Op::CallMethodOn { receiver, .. } => Some(receiver),
        Op::SetIndex { list, index, value } => (value != list && value != index).then_some(value),
        _ => None,
    }
}

/// The receivers that a fault of each instruction asks; empty when there are none.
struct Asked(Vec<Registers>);

impl Asked {
    fn of(code: &Code) -> Asked {
        if code.choices.is_empty() {
            return Asked(Vec::new());
        }
        let mut asked = vec![Registers::default(); code.code.len()];
        for choice in &code.choices {
            let arguments = &mut asked[choice.start as usize..choice.end as usize];
            arguments.iter_mut().for_each(|asked| asked.insert(choice.receiver));
        }
        Asked(asked)
    }

    fn at(&self, at: usize) -> Registers {
        self.0.get(at).copied().unwrap_or_default()
    }
}

/// What is live where each block begins.
struct Lives {
    before: Vec<Registers>,
}

/// A block as one instruction.
#[derive(Clone, Copy, Default)]
struct Summary {
    reads: Registers,
    writes: Registers,
}

impl Lives {
    fn of(code: &Code, flow: &Flow, asked: &Asked) -> Lives {
        let blocks = flow.count();
        let summaries: Vec<Summary> =
            (0..blocks).map(|block| Summary::of(code, flow.range(block), asked)).collect();
        let mut lives = Lives { before: vec![Registers::default(); blocks] };
        // Most blocks lead to later ones: backwards, a round is enough for all but loops and handlers.
        let mut changed = true;
        while std::mem::take(&mut changed) {
            for block in (0..blocks).rev() {
                let Summary { reads, writes } = summaries[block];
                let after = lives.after(block, flow);
                let caught = lives.caught(block, code, flow);
                let before = after.without(writes).or(reads).or(caught);
                changed |= before != lives.before[block];
                lives.before[block] = before;
            }
        }
        lives
    }

    /// What is live where a block ends.
    fn after(&self, block: usize, flow: &Flow) -> Registers {
        flow.after(block)
            .iter()
            .fold(Registers::default(), |live, next| live.or(self.before[*next]))
    }

    /// What the handler of a block's faults may read.
    fn caught(&self, block: usize, code: &Code, flow: &Flow) -> Registers {
        let Some(catch) = flow.handlers[block] else { return Registers::default() };
        let catch = &code.catches[catch as usize];
        self.before[flow.block_at(catch.target as usize)].below(catch.reg)
    }
}

impl Summary {
    fn of(code: &Code, range: std::ops::Range<usize>, asked: &Asked) -> Summary {
        range.rev().fold(Summary::default(), |later, at| {
            let Effect { reads, writes } = Effect::of(code, at);
            Summary {
                reads: later.reads.without(writes).or(reads).or(asked.at(at)),
                writes: later.writes.or(writes),
            }
        })
    }
}
