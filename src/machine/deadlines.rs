//! `timeout`: what is under way in a block whose time is over is dropped, and the block fails.
//!
//! The machine only knows when. Its driver looks at the clock: between slices, and while a builtin waits.

use super::Machine;
use super::meter::Meter;
use crate::program::Reg;
use crate::value::Value;
use std::time::Duration;
use std::time::Instant;

/// Far enough for a limit that no clock can hold.
const NEVER: Duration = Duration::from_secs(1 << 31);

/// The end of a `timeout` block under way.
pub(super) struct Deadline {
    at: Instant,
    /// The earliest among this one and those around it.
    earliest: Instant,
    /// How many squads were open around it.
    squads: usize,
    /// Taken when the time is over.
    exit: WayOut,
}

/// The way out of a block that is left wherever it stands.
#[derive(Clone, Copy)]
pub(super) struct WayOut {
    /// How many callers the frame of the block has.
    depth: usize,
    /// Where the frame goes on.
    target: u32,
    /// Its registers after this one are the block's own.
    limit: Reg,
}

impl Machine {
    /// The way out of the block that begins behind the jump behind the running instruction: that jump.
    pub(super) fn way_out(&self, limit: Reg) -> WayOut {
        let code = &self.image.program.chunks[self.now.chunk as usize].code;
        let at = self.now.pc as usize;
        let target = code[at].target(at) as u32;
        WayOut { depth: self.frames.len(), target, limit }
    }

    /// Takes the way out of a block. No code of the block runs any more.
    pub(super) fn leave_block(&mut self, exit: WayOut) {
        self.abort_within(exit.depth, exit.limit);
        while self.frames.len() > exit.depth {
            self.leave_frame();
        }
        self.clear_from(exit.limit + 1);
        self.now.pc = exit.target;
        // What was about to begin begins no more.
        self.unpaid_call = None;
        self.state.meter = Meter::default();
        self.state.meter.is_atomic = self.state.transaction.is_some();
    }

    /// When the first of the `timeout` blocks under way must end. A driver waits for a builtin no longer than that;
    /// then it lets go of the future and calls [`Machine::expire`].
    pub fn deadline(&self) -> Option<Instant> {
        self.deadlines.last().map(|last| last.earliest)
    }

    /// Leaves the outermost `timeout` block that must have ended by `now`. No code of the block runs any more; the
    /// fault is raised behind it, by the next [`Machine::resume`]. Whether there is such a block.
    pub fn expire(&mut self, now: Instant) -> bool {
        let Some(first) = self.deadlines.iter().position(|deadline| deadline.at <= now) else {
            return false;
        };
        let Deadline { squads, exit, .. } = self.deadlines.swap_remove(first);
        self.deadlines.truncate(first);
        self.drop_squads(squads);
        self.leave_block(exit);
        true
    }

    /// The jump behind the instruction is taken when the time is over: at once, if there is none.
    pub(super) fn set_deadline(&mut self, limit: Reg) {
        let exit = self.way_out(limit);
        let seconds = match self.stack[self.now.base as usize + usize::from(limit)] {
            Value::Int(seconds) => seconds as f64,
            Value::Float(seconds) => seconds,
            _ => unreachable!("the limit has been made a number"),
        };
        if seconds <= 0.0 {
            self.now.pc = exit.target;
            return;
        }
        let span = Duration::try_from_secs_f64(seconds).unwrap_or(NEVER).min(NEVER);
        let at = Instant::now() + span;
        let earliest = self.deadline().map_or(at, |around| around.min(at));
        let squads = self.squads();
        self.deadlines.push(Deadline { at, earliest, squads, exit });
        self.now.pc += 1;
    }

    /// The innermost `timeout` block has been left.
    pub(super) fn end_deadline(&mut self) {
        self.deadlines.pop();
    }
}
