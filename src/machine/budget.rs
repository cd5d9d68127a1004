//! What a request may use in all. Its machine, the tasks that it starts and the parts of its calls have one account, which
//! is looked at between slices: what uses more than there is ends there, and nothing of it catches that.
//!
//! Memory is what its slices have allocated and not freed again, as the allocator counts it for each thread, and what
//! values from outside (an answer, a file) hold. What somebody else frees, a message for another request, is still
//! counted: accounts are for what ends soon.

use super::Fuel;
use super::Machine;
use super::Step;
use super::stacks;
use crate::diag::Fault;
use crate::native::Work;
use crate::value::Value;
use crate::value::size;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

/// The most of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Calls, loop rounds and as much work of builtins.
    pub fuel: Option<u64>,
    /// Bytes.
    pub memory: Option<usize>,
}

/// An account.
#[derive(Debug, Default)]
pub struct Budget {
    limits: Limits,
    used: Used,
}

/// What has been used. An account that nobody shares costs nothing to open.
#[derive(Debug)]
enum Used {
    Own(u64, i64),
    Shared(Arc<Shared>),
}

#[derive(Debug, Default)]
struct Shared {
    fuel: AtomicU64,
    memory: AtomicI64,
}

impl Default for Used {
    fn default() -> Used {
        Used::Own(0, 0)
    }
}

impl Budget {
    /// An account from which nothing has been taken.
    pub fn new(limits: Limits) -> Budget {
        Budget { limits, used: Used::default() }
    }

    /// An account from which what `first` allocates is taken.
    pub fn with<T>(limits: Limits, first: impl FnOnce() -> T) -> (Budget, T) {
        let mut budget = Budget::new(limits);
        let made = budget.on(first);
        (budget, made)
    }

    /// An account from which so many bytes are taken.
    pub fn holding(limits: Limits, bytes: usize) -> Budget {
        let mut budget = Budget::new(limits);
        budget.charge(0, i64::try_from(bytes).unwrap_or(i64::MAX));
        budget
    }

    /// The bytes that are taken.
    pub fn held(&self) -> usize {
        usize::try_from(self.used().1).unwrap_or(0)
    }

    /// Does what allocates or frees outside of slices.
    pub fn on<T>(&mut self, work: impl FnOnce() -> T) -> T {
        if self.is_unlimited() {
            return work();
        }
        let before = allocated();
        let made = work();
        self.charge(0, allocated() - before);
        made
    }

    /// Another handle on the same account.
    pub fn share(&mut self) -> Budget {
        if self.is_unlimited() {
            return Budget::default();
        }
        let shared = match &self.used {
            Used::Shared(shared) => shared.clone(),
            Used::Own(fuel, memory) => {
                let (fuel, memory) = (AtomicU64::new(*fuel), AtomicI64::new(*memory));
                Arc::new(Shared { fuel, memory })
            }
        };
        self.used = Used::Shared(shared.clone());
        Budget { limits: self.limits, used: Used::Shared(shared) }
    }

    fn is_unlimited(&self) -> bool {
        self.limits == Limits::default()
    }

    fn used(&self) -> (u64, i64) {
        match &self.used {
            Used::Own(fuel, memory) => (*fuel, *memory),
            Used::Shared(shared) => (shared.fuel.load(Relaxed), shared.memory.load(Relaxed)),
        }
    }

    fn charge(&mut self, more_fuel: u64, more_memory: i64) {
        match &mut self.used {
            Used::Own(fuel, memory) => {
                *fuel = fuel.saturating_add(more_fuel);
                *memory = memory.saturating_add(more_memory).max(0);
            }
            Used::Shared(shared) => {
                shared.fuel.fetch_add(more_fuel, Relaxed);
                shared.memory.fetch_add(more_memory, Relaxed);
                // What others have made and this one frees is no credit.
                shared.memory.fetch_max(0, Relaxed);
            }
        }
    }

    /// Bytes that are left.
    fn room(&self) -> usize {
        let Some(limit) = self.limits.memory else { return usize::MAX };
        limit.saturating_sub(self.held())
    }

    /// Fuel that is left.
    fn fuel(&self) -> u64 {
        self.limits.fuel.map_or(u64::MAX, |limit| limit.saturating_sub(self.used().0))
    }

    /// The fault of who holds more memory than there is.
    fn overdrawn(&self) -> Option<Fault> {
        let limit = self.limits.memory?;
        (self.held() > limit).then(|| too_much_memory(limit))
    }

    /// The fault of who has nothing left to go on with.
    fn exhausted(&self) -> Option<Fault> {
        let limit = self.limits.fuel.filter(|_| self.fuel() == 0)?;
        Some(Fault::message(format!(
            "fuel limit exceeded ({limit} steps)\n  hint: check for a loop without end, or raise the limit: @server(fuel: n)"
        )))
    }
}

fn too_much_memory(limit: usize) -> Fault {
    let amount = match limit {
        limit if limit.is_multiple_of(1 << 20) => format!("{} MiB", limit >> 20),
        limit if limit.is_multiple_of(1 << 10) => format!("{} KiB", limit >> 10),
        limit => format!("{limit} bytes"),
    };
    Fault::message(format!(
        "memory limit exceeded ({amount})\n  hint: keep less at once, or raise the limit: @server(memory_bytes: n)"
    ))
}

/// The room that is left before something huge is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    left: usize,
    limit: usize,
}

impl Default for Room {
    fn default() -> Room {
        Room { left: usize::MAX, limit: usize::MAX }
    }
}

impl Room {
    /// Refuses a call of a builtin that makes more than there is room for.
    pub(super) fn admit(self, work: Work, args: &[Value]) -> Result<(), Fault> {
        match self.left == usize::MAX || work.made(args) <= self.left {
            true => Ok(()),
            false => Err(too_much_memory(self.limit)),
        }
    }
}

impl Machine {
    /// What it uses, and all that it starts, is taken from this account.
    pub fn draw_on(&mut self, budget: Budget) {
        self.state.budget = budget;
    }

    /// Ends, and gives back its account.
    pub fn settle(mut self) -> Budget {
        let mut budget = std::mem::take(&mut self.state.budget);
        budget.on(|| drop(self));
        budget
    }

    /// Runs until the function returns or fails, a builtin waits, or `fuel` is used up. `answer` is what the
    /// future of [`Step::Waiting`] gave; what waited in a `timeout` block whose time is over gets none. Must not be
    /// called again after `Done` or `Failed`.
    pub fn resume(&mut self, fuel: Fuel, answer: Option<Result<Value, Fault>>) -> Step {
        // No part of the account: a thread may take a stack that another one gives back.
        stacks::unpark(&mut self.stack);
        let step = self.account(fuel, answer);
        if let Step::Waiting(_) = step {
            let used = self.scratch().max(self.answer_to) + 1;
            stacks::park(&mut self.stack, used);
        }
        step
    }

    /// The same, within the limits.
    fn account(&mut self, fuel: Fuel, answer: Option<Result<Value, Fault>>) -> Step {
        if self.state.budget.is_unlimited() {
            return self.slice(fuel, answer);
        }
        let budget = &self.state.budget;
        if let Some(fault) = budget.overdrawn().or_else(|| budget.exhausted()) {
            return Step::Failed(self.place(fault));
        }
        let arrived = match &answer {
            Some(Ok(value)) if self.state.meter.is_outside => self.weigh(value),
            _ => 0,
        };
        let budget = &self.state.budget;
        self.state.meter.room = Room {
            left: budget.room().saturating_sub(arrived),
            limit: budget.limits.memory.unwrap_or(usize::MAX),
        };
        let fuel = Fuel(u32::try_from(budget.fuel()).map_or(fuel.0, |left| fuel.0.min(left)));
        let due = self.state.meter.due_fuel();
        let before = allocated();
        let step = self.slice(fuel, answer);
        let more = allocated() - before + arrived as i64;
        let used = u64::from(fuel.0.saturating_sub(self.state.meter.fuel)).max(due);
        let budget = &mut self.state.budget;
        budget.charge(used, more);
        match (step, budget.overdrawn()) {
            (Step::Done(_), Some(fault)) => Step::Failed(self.place(fault)),
            (step, _) => step,
        }
    }

    /// About the bytes that a value from elsewhere holds.
    fn weigh(&self, value: &Value) -> usize {
        match self.state.budget.limits.memory {
            Some(limit) => size(value, size_of::<Value>(), limit.saturating_add(1)),
            None => 0,
        }
    }

    /// Drops a value that this machine has given.
    pub fn release(&mut self, value: Value) {
        self.on_account(|_| drop(value));
    }

    /// Does what allocates or frees outside of slices.
    pub(super) fn on_account(&mut self, work: impl FnOnce(&mut Machine)) {
        if self.state.budget.is_unlimited() {
            return work(self);
        }
        let before = allocated();
        work(self);
        self.state.budget.charge(0, allocated() - before);
    }
}

/// Bytes that this thread has allocated and not freed. Nothing is counted unless the process has the allocator of the
/// `forge` command.
fn allocated() -> i64 {
    alloc_metrics::thread_metrics().allocated_bytes as i64
}
