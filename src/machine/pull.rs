//! Pulling elements out of streams (builtins 5): a loop over the stages of one pull, however many they are.
//!
//! Invariant: a stage's cursor moves in one step of its cell, and no function of the program runs meanwhile. So machines
//! of one world that pull at once get each element once, and a function may pull from the very stream that called it.
//! What an abandoned pull has taken is gone: cursors never move back.

use super::Exit;
use super::Image;
use super::Machine;
use super::State;
use super::iterate;
use super::registers;
use super::stages;
use super::stages::Turn;
use crate::diag::Error;
use crate::program::Op;
use crate::program::Reg;
use crate::value::Code;
use crate::value::PullState;
use crate::value::Value;

impl Machine {
    /// Whether the loop in register `base` is over a stream.
    pub(super) fn is_pulling(&self, base: Reg) -> bool {
        matches!(self.stack[self.now.base as usize + usize::from(base)], Value::Stream(_))
    }

    /// The next element of the stream in register `base`, for the loop over it: then the jump behind the instruction is
    /// next. A function of a stage is called from here, and its result brings the machine back. What stops the machine,
    /// if anything.
    pub(super) fn pull(&mut self, image: &Image, base: Reg, vars: u8) -> Option<Exit> {
        let at = self.now.base as usize + usize::from(base);
        let Value::Pull(mut pull) = std::mem::take(&mut self.stack[at + 1]) else {
            unreachable!("a loop over a stream keeps its pull");
        };
        if let (PullState::Idle, Value::Stream(stream)) = (&pull.state, &self.stack[at]) {
            pull.state = PullState::Ask(stream.clone());
        }
        loop {
            let turn = match std::mem::take(&mut pull.state) {
                PullState::Give(value) if pull.steps.is_empty() => {
                    iterate::element(&mut self.stack[at..], vars, value, pull.count);
                    pull.count += 1;
                    self.stack[at + 1] = Value::Pull(pull);
                    return None;
                }
                PullState::End if pull.steps.is_empty() => {
                    self.now.pc += 1;
                    return None;
                }
                PullState::Ask(stage) => self.state.ask(stage, &mut pull.steps),
                PullState::Give(value) => self.state.give(value, &mut pull.steps),
                PullState::End => self.state.end(&mut pull.steps),
                PullState::Answer => {
                    let scratch = self.scratch();
                    let answer = std::mem::take(&mut self.stack[scratch]);
                    stages::answered(answer, &mut pull.steps)
                }
                PullState::Idle => unreachable!("a pull begins with a question"),
            };
            match turn {
                Ok(Turn::Next(state)) => pull.state = state,
                Ok(Turn::Call(function, value)) => {
                    pull.state = PullState::Answer;
                    self.stack[at + 1] = Value::Pull(pull);
                    return self.call_stage(image, function, value);
                }
                Err(fault) => return Some(Exit::Fault(fault)),
            }
            self.state.meter.fuel -= 1;
            if self.state.meter.fuel == 0 {
                self.stack[at + 1] = Value::Pull(pull);
                self.now.pc -= 1;
                return Some(Exit::OutOfFuel);
            }
        }
    }

    /// Calls the function of a stage. The machine comes back to the instruction when it returns.
    fn call_stage(&mut self, image: &Image, function: Value, value: Value) -> Option<Exit> {
        let jump = self.now.pc as usize;
        let code = &image.program.chunks[self.now.chunk as usize].code;
        let body = code[jump].target(jump);
        self.now.pc = body as u32 - 1;
        self.answer_to = self.scratch();
        let regs = registers::window(&mut self.stack, self.answer_to);
        regs[0] = function;
        regs[1] = value;
        if let Some(exit) = self.begin_call(image, 1) {
            return Some(exit);
        }
        self.state.meter.fuel -= 1;
        (self.state.meter.fuel == 0).then_some(Exit::OutOfFuel)
    }

    /// The first register behind those of the running frame.
    pub(super) fn scratch(&self) -> usize {
        let chunk = &self.image.program.chunks[self.now.chunk as usize];
        self.now.base as usize + usize::from(chunk.registers)
    }

    /// An error goes through the running frame: it poisons the stage whose function it comes from, or the stream that a
    /// builtin drains with a function (builtins 5.5).
    pub(super) fn poison(&mut self, chunk: &Code, error: &Error) {
        let base = self.now.base as usize;
        let end = (base + usize::from(chunk.registers)).min(self.stack.len());
        let regs = &self.stack[base..end];
        let pull = regs.iter().position(|value| match value {
            Value::Pull(pull) => chunk.is_prelude || pull.calling().is_some(),
            _ => false,
        });
        let Some(at) = pull else { return };
        let Value::Pull(pull) = &regs[at] else { unreachable!("looked at above") };
        let calls = chunk.code[(self.now.pc as usize).saturating_sub(1)];
        let stream = match (pull.calling(), &regs[at - 1]) {
            (Some(stage), _) => stage.clone(),
            (None, Value::Stream(stream)) if is_call_of_value(calls) => stream.clone(),
            _ => return,
        };
        let State { world, near, .. } = &mut self.state;
        world.update(stream.cursor(), near, |cursor| {
            // The first error stays.
            if !matches!(cursor, Value::Raised(_)) {
                *cursor = Value::Raised(triomphe::Arc::new(error.clone()));
            }
        });
    }
}

/// Whether an instruction of a builtin calls the function that it was given.
fn is_call_of_value(op: Op) -> bool {
    matches!(op, Op::Call { .. } | Op::CallLocal { .. })
}
