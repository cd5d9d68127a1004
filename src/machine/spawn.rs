//! Starting tasks, and waiting for them and for messages.

use super::Background;
use super::Machine;
use super::iterate;
use super::literals;
use crate::diag::Fault;
use crate::handles::Channel;
use crate::handles::Running;
use crate::handles::Taken;
use crate::handles::Task;
use crate::native::Waiting;
use crate::program::Reg;
use crate::value::Value;
use crate::world::Share;

/// Runs machines as tasks of their own: all that a machine knows of a runtime.
pub trait Spawner: Send + Sync {
    /// Runs `machine` to its end, or until its task is cancelled, and tells `running` what it came to.
    ///
    /// # Errors
    /// When nothing more can be run.
    fn start(&self, machine: Machine, running: Running) -> Result<(), Fault>;

    /// Runs the machines of `block`, one after the other, whenever it is time, until its task is cancelled.
    ///
    /// # Errors
    /// When nothing more can be run.
    fn repeat(&self, block: Background, running: Running) -> Result<(), Fault>;

    /// The same for one of several machines that compute for one caller: they share all cores.
    ///
    /// # Errors
    /// When nothing more can be run.
    fn compute(&self, machine: Machine, running: Running) -> Result<(), Fault> {
        self.start(machine, running)
    }
}

impl Machine {
    /// `base := a new task` that runs function `k` of the running chunk, with variables of its own.
    pub(super) fn spawn(&mut self, base: Reg, k: u16) -> Result<(), Fault> {
        let image = self.image.clone();
        let code = &image.program.chunks[self.now.chunk as usize].functions[usize::from(k)];
        let at = self.now.base as usize;
        let block = literals::closure(code, &self.stack[at..], &self.state.env);
        let Value::Function(block) = &block else { unreachable!("a block is a function") };
        let mut share = Share::new(&self.state.world);
        let block = Value::Function(triomphe::Arc::new(share.block(block)));
        let env = share.environment(&self.state.env);

        let mut running =
            self.begin_task().ok_or_else(|| Fault::message("too many spawned tasks"))?;
        running.keep(&self.state.world);
        let task = running.task().clone();
        let mut machine =
            Machine::new(self.image.clone(), self.state.world.clone(), env, block, Vec::new())?;
        machine.draw_on(self.state.budget.share());
        machine.belongs_to(running.scope());
        self.image.spawner.start(machine, running)?;
        self.joins_squad(&task);
        self.stack[at + usize::from(base)] = Value::Handle(task.handle());
        Ok(())
    }

    /// `base := the result of the task in base`
    pub(super) fn wait_for(&mut self, base: Reg) -> Result<Option<Waiting>, Fault> {
        let at = self.now.base as usize + usize::from(base);
        let Some(task) = Task::of(&self.stack[at]) else { return Ok(None) };
        if let Some(result) = task.outcome(&self.state.world) {
            self.stack[at] = result?;
            return Ok(None);
        }
        let (task, world) = (task.clone(), self.state.world.clone());
        self.answer_to = at;
        Ok(Some(Box::pin(async move { task.wait(&world).await })))
    }

    /// The next round of a loop over the channel in `base`; without a message the instruction runs again when there
    /// may be one.
    pub(super) fn next_message(&mut self, base: Reg, vars: u8) -> Option<Waiting> {
        let at = self.now.base as usize + usize::from(base);
        let channel = Channel::of(&self.stack[at]).expect("a loop was prepared over it").clone();
        match channel.take() {
            // The jump behind the instruction goes to the next round.
            Taken::Message(message) => {
                let message = channel.content(&self.state.world, message);
                iterate::message(&mut self.stack[at..], vars, message);
                None
            }
            Taken::Closed => {
                self.now.pc += 1;
                None
            }
            Taken::Empty => {
                self.now.pc -= 1;
                self.answer_to = at + 2;
                Some(Box::pin(async move {
                    channel.ready().await;
                    Ok(Value::Null)
                }))
            }
        }
    }
}
