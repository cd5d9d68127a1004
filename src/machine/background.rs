//! `schedule` and `watch`: blocks that run again and again in the world of the program (server 6.7).
//!
//! A block is one task for its whole life. It has its own copies of the variables that it names, made when it starts and
//! kept from run to run; what closures captured it shares. Each run is a machine of its own, so between two runs nothing
//! of the block is in the world.

use super::Image;
use super::Machine;
use super::Step;
use super::literals;
use crate::diag::Fault;
use crate::diag::Span;
use crate::handles::Running;
use crate::handles::Scope;
use crate::program::Op;
use crate::program::Reg;
use crate::value::Value;
use crate::world::Environment;
use crate::world::Share;
use crate::world::World;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// When a block runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// So long after it started, and after each run.
    Every(Duration),
    /// When that file changed, came or went.
    Change(PathBuf),
}

/// A block that has not started.
pub struct Planned {
    trigger: Trigger,
    block: Value,
    span: Span,
    running: Running,
}

/// A block that has started: whoever runs it waits for its trigger, makes a machine, drives it to its end, and so on.
pub struct Background {
    trigger: Trigger,
    span: Span,
    image: Arc<Image>,
    world: triomphe::Arc<World>,
    env: Environment,
    block: Value,
}

impl Machine {
    /// A `schedule` or `watch` statement over function `k` of the running chunk; its trigger is in `base`.
    pub(super) fn background(&mut self, op: Op, base: Reg, k: u16) -> Result<(), Fault> {
        let kind = if matches!(op, Op::Watch { .. }) { "watch" } else { "schedule" };
        let Some(blocks) = self.image.blocks.clone() else {
            return Err(Fault::message(format!("{kind} is not allowed in a request handler")));
        };
        self.refuse_effect(kind)?;
        let at = self.now.base as usize;
        let trigger = match &self.stack[at + usize::from(base)] {
            Value::Str(path) => Trigger::Change(match self.state.env.surroundings.folder() {
                Some(folder) => folder.join(path.as_str()),
                None => PathBuf::from(path.as_str()),
            }),
            Value::Float(seconds) => {
                Trigger::Every(Duration::try_from_secs_f64(*seconds).unwrap_or(Duration::MAX))
            }
            other => unreachable!("the trigger of a block has been looked at, it is no {other:?}"),
        };
        let running =
            blocks.start(false).ok_or_else(|| Fault::message("too many spawned tasks"))?;
        let code = &self.image.program.chunks[self.now.chunk as usize];
        let span = code.spans.get((self.now.pc as usize).saturating_sub(1)).copied();
        let block =
            literals::closure(&code.functions[usize::from(k)], &self.stack[at..], &self.state.env);
        let planned = Planned { trigger, block, span: span.unwrap_or_default(), running };
        match &mut self.planned {
            Some(all) => {
                all.push(planned);
                Ok(())
            }
            None => planned.begin(&self.image, &self.state.world, &self.state.env),
        }
    }

    /// The machine is about to wait: what was planned begins.
    pub(super) fn pauses(&mut self, step: Step) -> Step {
        match self.begin_planned() {
            Ok(()) => step,
            Err(fault) => Step::Failed(self.place(fault)),
        }
    }

    /// The top-level run waits: what it planned begins, and what comes later begins at once.
    pub(super) fn begin_planned(&mut self) -> Result<(), Fault> {
        for planned in self.planned.take().into_iter().flatten() {
            planned.begin(&self.image, &self.state.world, &self.state.env)?;
        }
        Ok(())
    }

    /// The blocks that the top-level run planned and did not begin.
    pub fn take_planned(&mut self) -> Vec<Planned> {
        self.planned.take().unwrap_or_default()
    }
}

impl Planned {
    /// Starts the block, whose copies are made now.
    ///
    /// # Errors
    /// When nothing more can be run.
    pub fn begin(
        self,
        image: &Arc<Image>,
        world: &triomphe::Arc<World>,
        env: &Environment,
    ) -> Result<(), Fault> {
        let Planned { trigger, block, span, running } = self;
        let Value::Function(block) = &block else { unreachable!("a block is a function") };
        let mut share = Share::new(world);
        let block = Value::Function(triomphe::Arc::new(share.block(block)));
        let env = share.environment(env);
        let (image, world) = (image.clone(), world.clone());
        let spawner = image.spawner.clone();
        spawner.repeat(Background { trigger, span, image, world, env, block }, running)
    }
}

impl Background {
    /// When it runs.
    pub fn trigger(&self) -> &Trigger {
        &self.trigger
    }

    /// `schedule` or `watch`.
    pub fn kind(&self) -> &'static str {
        match self.trigger {
            Trigger::Every(_) => "schedule",
            Trigger::Change(_) => "watch",
        }
    }

    /// The line of its statement.
    pub fn line(&self) -> u32 {
        let source = self.image.sources.find(self.span.source);
        source.map_or(0, |source| source.position(self.span.start).line)
    }

    /// The machine of the next run; what it starts hangs below `scope`.
    ///
    /// # Errors
    /// None that a program can cause.
    pub fn machine(&self, scope: &Arc<Scope>) -> Result<Machine, Fault> {
        let (image, world) = (self.image.clone(), self.world.clone());
        let mut machine =
            Machine::new(image, world, self.env.clone(), self.block.clone(), Vec::new())?;
        machine.belongs_to(scope);
        Ok(machine)
    }

    /// A run has ended: the next one goes on with its variables.
    pub fn keep(&mut self, machine: &Machine) {
        self.env = machine.environment().clone();
    }
}
