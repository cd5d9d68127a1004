//! From a fault to the code that catches it, or out of the machine.

use super::Frame;
use super::Machine;
use super::methods;
use crate::diag::Error;
use crate::diag::Fault;
use crate::diag::Span;
use crate::program::CatchKind;
use crate::program::Reg;
use crate::value::Object;
use crate::value::Shape;
use crate::value::Text;
use crate::value::Value;
use std::sync::Arc;
use std::sync::OnceLock;

impl Machine {
    /// Gives a fault of the running instruction its place. One that was raised in another machine for this one keeps
    /// its own.
    pub(super) fn place(&self, fault: Fault) -> Error {
        if let Fault::Placed(error) = fault {
            return *error;
        }
        Error { fault, span: self.here(), trace: Vec::new() }
    }

    /// Where the running instruction stands: in the innermost frame that is not the prelude's.
    pub(super) fn here(&self) -> Span {
        std::iter::once(&self.now)
            .chain(self.frames.iter().rev())
            .find_map(|frame| self.span(frame))
            .unwrap_or_default()
    }

    /// Where a frame stands; `None` in the prelude.
    fn span(&self, frame: &Frame) -> Option<Span> {
        let chunk = &self.image.program.chunks[frame.chunk as usize];
        if chunk.is_prelude {
            return None;
        }
        chunk.spans.get((frame.pc as usize).saturating_sub(1)).copied()
    }

    /// A fault of the running instruction goes where it is caught. That something was cancelled because a squad failed
    /// is no fault of its own.
    pub(super) fn raise(&mut self, fault: Fault) -> Result<(), Error> {
        if matches!(fault, Fault::Cancelled(_)) && self.leave_failed_squad() {
            return Ok(());
        }
        self.catch(self.place(self.missing_method().unwrap_or(fault)))
    }

    /// The fault of the method call under way in whose arguments the machine stands, if there is no such method.
    fn missing_method(&self) -> Option<Fault> {
        let chunk = &self.image.program.chunks[self.now.chunk as usize];
        let at = self.now.pc.saturating_sub(1);
        let choice =
            chunk.choices.iter().find(|choice| (choice.start..choice.end).contains(&at))?;
        let receiver = &self.stack[self.now.base as usize + usize::from(choice.receiver)];
        let site = &chunk.sites[choice.site as usize];
        methods::need(site, receiver, &self.state.env, &self.image).err()
    }

    /// Leaves frames until one catches the error, which then goes on in its handler.
    pub(super) fn catch(&mut self, mut error: Error) -> Result<(), Error> {
        loop {
            let chunk = self.image.program.chunks[self.now.chunk as usize].clone();
            let at = self.now.pc.saturating_sub(1);
            self.poison(&chunk, &error);
            let around =
                chunk.catches.iter().filter(|catch| (catch.start..catch.end).contains(&at));
            for catch in around {
                let caught = match catch.kind {
                    CatchKind::Object => error_object(&error.fault),
                    CatchKind::Null => Value::Null,
                    CatchKind::Error => Value::Raised(triomphe::Arc::new(error)),
                    CatchKind::Deadline => {
                        self.end_deadline();
                        continue;
                    }
                    CatchKind::Atomic => {
                        self.abort();
                        continue;
                    }
                };
                self.clear_from(catch.reg);
                self.stack[self.now.base as usize + usize::from(catch.reg)] = caught;
                self.now.pc = catch.target;
                return Ok(());
            }
            if let Some(span) = self.span(&self.now) {
                error.trace.push((chunk.name.clone(), span));
            }
            if !self.leave_frame() {
                return Err(error);
            }
        }
    }

    /// Empties the registers of the running frame from `first` on.
    pub(super) fn clear_from(&mut self, first: Reg) {
        let registers = self.image.program.chunks[self.now.chunk as usize].registers;
        let base = self.now.base as usize;
        let end = (base + usize::from(registers)).min(self.stack.len());
        self.stack[base + usize::from(first)..end].fill(Value::Null);
    }

    /// Drops the running frame, which is not done: its caller goes on. False when it has none.
    pub(super) fn leave_frame(&mut self) -> bool {
        let progress = self.image.program.chunks[self.now.chunk as usize].progress;
        if let Some(slot) = progress {
            // A module that failed runs again when it is imported again.
            self.state.env.set_global(usize::from(slot), Value::Unset);
        }
        let lent = self.frames.last().map_or(0, |caller| usize::from(caller.lent));
        let lent = std::mem::take(&mut self.stack[self.now.base as usize + lent]);
        self.clear_from(0);
        let Some(frame) = self.frames.pop() else { return false };
        if frame.lender != 0 {
            self.stack[frame.base as usize + usize::from(frame.lender)] = lent;
        }
        self.now = frame;
        true
    }
}

/// What `catch` binds: `{ message, type }`.
fn error_object(fault: &Fault) -> Value {
    static SHAPE: OnceLock<Arc<Shape>> = OnceLock::new();
    let shape = SHAPE.get_or_init(|| Shape::new(vec![Text::from("message"), Text::from("type")]));
    let message = fault.to_string();
    let category = Fault::category(&message);
    Value::Object(Object::shaped(shape.clone(), vec![message.into(), category.into()]))
}
