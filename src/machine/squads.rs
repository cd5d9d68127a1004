//! What hangs below a machine: the squads that it has open, and the scope of what it starts outside of them. All of
//! it is cancelled when the machine is dropped before its end.

use super::Machine;
use super::Step;
use super::deadlines::WayOut;
use crate::diag::Fault;
use crate::handles::Failure;
use crate::handles::Running;
use crate::handles::Scope;
use crate::handles::Task;
use crate::native::Waiting;
use crate::program::Reg;
use crate::value::Value;
use crate::world::World;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

/// What a machine has started.
pub(super) struct Below {
    scope: Arc<Scope>,
    /// Whether the scope is cancelled with the machine; that of a task is not its own.
    is_own: bool,
    /// Squads whose bodies run, outermost first.
    squads: Vec<Squad>,
}

/// Tasks that are waited for together.
struct Squad {
    scope: Arc<Scope>,
    /// In the order of their start.
    tasks: Vec<Task>,
    /// Tasks of squads within it that were left.
    left: Vec<Task>,
    /// How many `timeout` blocks were under way around it.
    deadlines: usize,
    /// Taken when one of its tasks fails.
    exit: WayOut,
    is_over: bool,
}

impl Machine {
    /// The machine runs as a task of `scope`.
    pub(super) fn belongs_to(&mut self, scope: &Arc<Scope>) {
        let scope = scope.clone();
        self.below = Some(Box::new(Below { scope, is_own: false, squads: Vec::new() }));
    }

    /// What it starts outside of squads hangs below this.
    pub fn scope(&mut self) -> Arc<Scope> {
        self.below().scope.clone()
    }

    fn below(&mut self) -> &mut Below {
        let image = &self.image;
        self.below.get_or_insert_with(|| {
            let scope = image.scope.limited(image.max_tasks);
            Box::new(Below { scope, is_own: true, squads: Vec::new() })
        })
    }

    /// Room for a new task where the machine stands: in the innermost squad, or else in its scope.
    pub(super) fn begin_task(&mut self) -> Option<Running> {
        let below = self.below();
        match below.squads.last() {
            Some(squad) => squad.scope.start(true),
            None => below.scope.start(false),
        }
    }

    /// The innermost squad will wait for the task.
    pub(super) fn joins_squad(&mut self, task: &Task) {
        if let Some(squad) = self.below().squads.last_mut() {
            squad.tasks.push(task.clone());
        }
    }

    /// A scope below where the machine stands.
    pub(super) fn open_scope(&mut self) -> Arc<Scope> {
        let below = self.below();
        below.squads.last().map_or(&below.scope, |squad| &squad.scope).open()
    }

    /// The jump behind the instruction is taken when a task of the squad fails.
    pub(super) fn open_squad(&mut self, limit: Reg) {
        let (exit, deadlines) = (self.way_out(limit), self.deadlines.len());
        self.now.pc += 1;
        let scope = self.open_scope();
        let (tasks, left) = (Vec::new(), Vec::new());
        self.below().squads.push(Squad { scope, tasks, left, deadlines, exit, is_over: false });
    }

    /// The body of the outermost squad that has failed goes on no more: its end raises the failure. Whether there is
    /// such a squad.
    pub(super) fn leave_failed_squad(&mut self) -> bool {
        let Some(below) = &mut self.below else { return false };
        let squads = &mut below.squads;
        let failed = squads.iter().position(|squad| squad.scope.has_failed());
        let Some(failed) = failed else { return false };
        let within = squads.split_off(failed + 1);
        let squad = &mut squads[failed];
        squad.left.extend(within.iter().flat_map(|squad| squad.tasks.iter().cloned()));
        let (exit, deadlines) = (squad.exit, squad.deadlines);
        self.deadlines.truncate(deadlines);
        self.leave_block(exit);
        true
    }

    /// The machine waits for `future`; in the body of a squad only until the squad fails.
    pub(super) fn waits(&self, mut future: Waiting) -> Step {
        let squads = self.below.as_ref().map_or(&[][..], |below| &below.squads);
        let scopes: Vec<_> = squads.iter().map(|squad| squad.scope.clone()).collect();
        // Cancelling an outer one reaches it.
        let Some(innermost) = scopes.last().cloned() else { return Step::Waiting(future) };
        Step::Waiting(Box::pin(async move {
            let mut failed = pin!(async {
                innermost.cancelled().await;
                if !scopes.iter().any(|scope| scope.has_failed()) {
                    // Everything is cancelled, this machine too.
                    std::future::pending().await
                }
            });
            std::future::poll_fn(|context| match future.as_mut().poll(context) {
                Poll::Ready(answer) => Poll::Ready(answer),
                Poll::Pending => {
                    failed.as_mut().poll(context).map(|()| Err(Fault::Cancelled("squad")))
                }
            })
            .await
        }))
    }

    fn close_squad(&mut self) -> Squad {
        self.below().squads.pop().expect("a squad that ends was opened")
    }

    /// `base := [the results of the innermost squad]`, when all its tasks have ended.
    pub(super) fn join_squad(&mut self, base: Reg) -> Option<Waiting> {
        let squad = self.close_squad();
        let at = self.now.base as usize + usize::from(base);
        if squad.tasks.is_empty() {
            squad.end();
            self.stack[at] = Value::array(Vec::new());
            return None;
        }
        self.answer_to = at;
        let world = self.state.world.clone();
        Some(Box::pin(squad.join(world)))
    }

    /// Cancels the innermost squad, and waits until its tasks are gone.
    pub(super) fn disband_squad(&mut self, base: Reg) -> Option<Waiting> {
        let squad = self.close_squad();
        if squad.tasks.is_empty() {
            return None;
        }
        self.answer_to = self.now.base as usize + usize::from(base);
        Some(Box::pin(squad.disband()))
    }

    /// How many squads are open.
    pub(super) fn squads(&self) -> usize {
        self.below.as_ref().map_or(0, |below| below.squads.len())
    }

    /// Cancels all squads but the outermost `kept`, without waiting.
    pub(super) fn drop_squads(&mut self, kept: usize) {
        if let Some(below) = &mut self.below {
            below.squads.truncate(kept);
        }
    }

    /// The machine has ended: what it started goes on without it.
    pub(super) fn let_go(&mut self) {
        if let Some(below) = &mut self.below {
            below.is_own = false;
        }
    }
}

impl Squad {
    async fn join(self, world: triomphe::Arc<World>) -> Result<Value, Fault> {
        let mut values = Vec::with_capacity(self.tasks.len());
        let mut failed = None;
        let mut is_cancelled = false;
        // The first failure in time has cancelled the others: waiting in order delays nothing.
        for task in &self.tasks {
            match task.ended().await {
                Ok(value) => values.push(value.value(&world)),
                Err(Failure::Cancelled) => is_cancelled = true,
                Err(failure) => failed = failed.or(Some(failure.clone())),
            }
        }
        self.are_left().await;
        match failed.or(is_cancelled.then_some(Failure::Cancelled)) {
            Some(failure) => Err(failure.fault("squad task error")),
            None => {
                self.end();
                Ok(Value::array(values))
            }
        }
    }

    async fn disband(self) -> Result<Value, Fault> {
        self.scope.cancel();
        for task in &self.tasks {
            // What it came to does not matter any more.
            let _ = task.ended().await;
        }
        self.are_left().await;
        Ok(Value::Null)
    }

    /// Waits until the tasks of squads within it that were left have ended.
    async fn are_left(&self) {
        for task in &self.left {
            let _ = task.ended().await;
        }
    }

    /// It ended well: what its tasks have begun goes on.
    fn end(mut self) {
        self.is_over = true;
        self.scope.end();
    }
}

impl Drop for Squad {
    fn drop(&mut self) {
        if !self.is_over {
            self.scope.cancel();
        }
    }
}

impl Drop for Below {
    fn drop(&mut self) {
        if self.is_own {
            self.scope.cancel();
        }
    }
}
