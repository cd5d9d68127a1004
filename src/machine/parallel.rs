//! Calls that go on in several machines at once, `par_map` and its kind: each takes a part of the elements, on a fork
//! of the caller's world. The caller waits for all of them.

use super::Machine;
use crate::diag::Fault;
use crate::handles::Failure;
use crate::handles::Scope;
use crate::handles::Task;
use crate::native::InParallel;
use crate::native::Waiting;
use crate::value::Value;
use crate::world::World;
use std::num::NonZero;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::OnceLock;
use std::task::Poll;
use std::thread;

/// So many parts for each core: one that is done early takes another, and a call that waits holds up few others.
const PARTS: usize = 4;

impl Machine {
    /// Starts a machine for each part. Their results go to `answer_to` once all have ended; at once when there are none.
    pub(super) fn in_parallel(&mut self, work: InParallel) -> Result<Option<Waiting>, Fault> {
        let InParallel { part, items, function } = work;
        let size = items.len().div_ceil(PARTS * cores()).max(1);
        let mut parts = Parts::default();
        // One moment for all parts: other tasks of this world may write while they are made.
        let moment = World::fork(&self.state.world);
        for start in (0..items.len()).step_by(size) {
            let piece = items.slice(start..(start + size).min(items.len()));
            let args = [Value::Array(piece), function.clone()];
            parts.0.push(self.start_part(World::fork(&moment), part, args)?);
        }
        if parts.0.is_empty() {
            self.stack[self.answer_to] = Value::array(Vec::new());
            return Ok(None);
        }
        let world = self.state.world.clone();
        Ok(Some(Box::pin(parts.join(world))))
    }

    /// Starts the prelude function of the builtin `name`.
    fn start_part(
        &mut self,
        world: triomphe::Arc<World>,
        name: &str,
        args: [Value; 2],
    ) -> Result<Part, Fault> {
        let scope = self.open_scope();
        let too_many = || Fault::message("too many spawned tasks");
        let running = scope.start(false).ok_or_else(too_many)?;
        let part = Part { scope, task: running.task().clone(), is_over: false };
        let env = self.state.env.clone();
        let mut machine = Machine::of_prelude(&self.image, world, env, name, args);
        // A part that runs parts, which run parts, ends like a function that calls itself.
        machine.state.max_depth = self.state.max_depth.saturating_sub(self.frames.len() + 1);
        machine.draw_on(self.state.budget.share());
        machine.belongs_to(running.scope());
        self.image.spawner.compute(machine, running)?;
        Ok(part)
    }
}

/// Cores that parts can run on.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, NonZero::get))
}

/// Parts under way, in the order of their elements.
#[derive(Default)]
struct Parts(Vec<Part>);

/// A machine that runs a part. When nobody waits for it any more, it is cancelled, with all that it has started.
struct Part {
    scope: Arc<Scope>,
    task: Task,
    is_over: bool,
}

impl Parts {
    /// The results of all parts, in `world`.
    async fn join(mut self, world: triomphe::Arc<World>) -> Result<Value, Fault> {
        self.ended().await;
        let mut values = Vec::with_capacity(self.0.len());
        for Part { task, .. } in &self.0 {
            match task.ended().await {
                Ok(value) => values.push(value.value(&world)),
                Err(Failure::Raised(fault)) => return Err(fault.clone()),
                Err(failure) => return Err(failure.fault("parallel call")),
            }
        }
        self.0.iter_mut().for_each(Part::end);
        Ok(Value::array(values))
    }

    /// Returns when all parts have ended. One that fails cancels those behind it: their elements would not be called.
    /// Those before it go on, as one of them may fail too, which then is the failure of all.
    async fn ended(&self) {
        type Ended = Pin<Box<dyn Future<Output = bool> + Send>>;
        let end = |part: &Part| -> Ended {
            let task = part.task.clone();
            Box::pin(async move { task.ended().await.is_ok() })
        };
        let mut under_way: Vec<(usize, Ended)> = self.0.iter().map(end).enumerate().collect();
        std::future::poll_fn(|context| {
            under_way.retain_mut(|(at, ended)| {
                let Poll::Ready(is_well) = ended.as_mut().poll(context) else { return true };
                if !is_well {
                    self.0[*at + 1..].iter().for_each(|behind| behind.scope.cancel());
                }
                false
            });
            if under_way.is_empty() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

impl Part {
    /// It ended well: what it has started goes on.
    fn end(&mut self) {
        self.is_over = true;
        self.scope.end();
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_over {
            self.scope.cancel();
        }
    }
}
