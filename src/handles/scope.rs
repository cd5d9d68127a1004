//! What is cancelled together (server 6.6): a program, a request, a squad. Scopes form a tree; tasks hang in them.
//!
//! Cancelling a scope reaches everything below it. A squad that ended well leaves what its tasks began to the scope
//! around it. A scope is kept by those who start tasks in it, and forgotten with the last of them.

use super::Failure;
use super::Task;
use super::task;
use crate::world::Parcel;
use crate::world::World;
use event_listener::Event;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Weak;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::Ordering::SeqCst;

/// A node of the tree.
pub struct Scope {
    parent: Option<Arc<Scope>>,
    /// Its number among the members of its parent.
    number: u64,
    quota: Arc<Quota>,
    /// Whether new members go to its parent instead.
    has_ended: AtomicBool,
    /// Whether a task of this squad has failed.
    has_failed: AtomicBool,
    members: Mutex<Members>,
    /// Rung when it is cancelled.
    bell: Event,
}

#[derive(Default)]
struct Members {
    is_cancelled: bool,
    next: u64,
    tasks: HashMap<u64, Weak<task::State>>,
    scopes: HashMap<u64, Weak<Scope>>,
}

/// How many tasks may live at once.
struct Quota {
    live: AtomicUsize,
    limit: usize,
    /// The one that counts them too.
    outer: Option<Arc<Quota>>,
}

/// A task as its driver holds it. Dropped when nothing of the task runs any more.
pub struct Running {
    task: Task,
    scope: Arc<Scope>,
    number: u64,
    /// The world that the task runs in: its end looks at what the task came to.
    world: Option<triomphe::Arc<World>>,
}

impl Scope {
    /// The scope of a process, in which at most `limit` tasks live at once.
    pub fn root(limit: usize) -> Arc<Scope> {
        let quota = Quota { live: AtomicUsize::new(0), limit, outer: None };
        Arc::new(Scope {
            parent: None,
            number: 0,
            quota: Arc::new(quota),
            has_ended: AtomicBool::new(false),
            has_failed: AtomicBool::new(false),
            members: Mutex::default(),
            bell: Event::new(),
        })
    }

    /// A scope below this one in which at most `limit` tasks live at once.
    pub fn limited(self: &Arc<Self>, limit: usize) -> Arc<Scope> {
        let outer = Some(self.quota.clone());
        self.below(Arc::new(Quota { live: AtomicUsize::new(0), limit, outer }))
    }

    /// A scope below this one.
    pub fn open(self: &Arc<Self>) -> Arc<Scope> {
        let outer = Scope::current(self);
        outer.below(self.quota.clone())
    }

    fn below(self: &Arc<Self>, quota: Arc<Quota>) -> Arc<Scope> {
        let mut members = self.members.lock();
        let number = members.number();
        let scope = Arc::new(Scope {
            parent: Some(self.clone()),
            number,
            quota,
            has_ended: AtomicBool::new(false),
            has_failed: AtomicBool::new(false),
            members: Mutex::new(Members {
                is_cancelled: members.is_cancelled,
                ..Members::default()
            }),
            bell: Event::new(),
        });
        members.scopes.insert(number, Arc::downgrade(&scope));
        scope
    }

    /// The innermost scope around that has not ended.
    fn current(scope: &Arc<Scope>) -> Arc<Scope> {
        let mut scope = scope;
        while scope.has_ended.load(SeqCst)
            && let Some(parent) = &scope.parent
        {
            scope = parent;
        }
        scope.clone()
    }

    /// A new task in this scope; `None` when there are too many. With `is_squad` its failure cancels the scope.
    pub fn start(self: &Arc<Self>, is_squad: bool) -> Option<Running> {
        let scope = Scope::current(self);
        scope.quota.enter().then_some(())?;
        let task = Task::new(is_squad.then_some(&scope));
        let mut members = scope.members.lock();
        let number = members.number();
        members.tasks.insert(number, task.downgrade());
        if members.is_cancelled {
            task.cancel();
        }
        drop(members);
        Some(Running { task, scope, number, world: None })
    }

    /// Cancels everything in this scope and below it, also what comes later.
    pub fn cancel(self: &Arc<Self>) {
        let mut open = vec![self.clone()];
        while let Some(scope) = open.pop() {
            let (tasks, scopes) = scope.members.lock().cancel();
            scope.bell.notify(usize::MAX);
            tasks
                .into_iter()
                .filter_map(|task| Task::upgrade(&task))
                .for_each(|task| task.cancel());
            open.extend(scopes.into_iter().filter_map(|scope| scope.upgrade()));
        }
    }

    /// A task of this squad has failed: its body and its other tasks stop.
    pub(super) fn fail(self: &Arc<Self>) {
        self.has_failed.store(true, SeqCst);
        self.cancel();
    }

    /// Whether a task of this squad has failed.
    pub fn has_failed(&self) -> bool {
        self.has_failed.load(SeqCst)
    }

    /// Returns when it is cancelled.
    pub async fn cancelled(&self) {
        let listener = self.bell.listen();
        if !self.members.lock().is_cancelled {
            listener.await;
        }
    }

    /// What is still in this scope is no longer its own matter.
    pub fn end(&self) {
        self.has_ended.store(true, SeqCst);
    }

    /// How many tasks live that are counted with those of this scope.
    pub fn live(&self) -> usize {
        self.quota.live.load(SeqCst)
    }

    /// Leaves its parent, which it gives.
    fn unlink(&mut self) -> Option<Arc<Scope>> {
        let parent = self.parent.take()?;
        parent.members.lock().scopes.remove(&self.number);
        Some(parent)
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        // Squads within squads that only hold one another would drop recursively.
        let mut next = self.unlink();
        while let Some(scope) = next {
            next = Arc::into_inner(scope).and_then(|mut scope| scope.unlink());
        }
    }
}

impl Members {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn cancel(&mut self) -> (Vec<Weak<task::State>>, Vec<Weak<Scope>>) {
        self.is_cancelled = true;
        let tasks = self.tasks.values().cloned().collect();
        (tasks, self.scopes.values().cloned().collect())
    }
}

impl Quota {
    /// Counts one more task, unless that is too many.
    fn enter(&self) -> bool {
        let more = |live: usize| (live < self.limit).then_some(live + 1);
        if self.live.fetch_update(SeqCst, Relaxed, more).is_err() {
            return false;
        }
        let fits = self.outer.as_ref().is_none_or(|outer| outer.enter());
        if !fits {
            self.live.fetch_sub(1, SeqCst);
        }
        fits
    }

    fn leave(&self) {
        self.live.fetch_sub(1, SeqCst);
        self.outer.iter().for_each(|outer| outer.leave());
    }
}

impl Running {
    /// The task.
    pub fn task(&self) -> &Task {
        &self.task
    }

    /// The scope for what the task starts.
    pub fn scope(&self) -> &Arc<Scope> {
        &self.scope
    }

    /// The task runs in `world`, which lasts until its result is told.
    pub fn keep(&mut self, world: &triomphe::Arc<World>) {
        self.world = Some(world.clone());
    }

    /// The task has ended, and nothing of it runs any more.
    pub fn end(mut self, result: Result<Parcel, Failure>) {
        self.leave();
        self.task.end(result);
        let world = self.world.take();
        drop(self);
        // It looks who holds what: not we any more.
        drop(world);
    }

    /// Makes room for another task. Twice is once.
    fn leave(&self) {
        if self.scope.members.lock().tasks.remove(&self.number).is_some() {
            self.scope.quota.leave();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.task.result().is_none() {
            self.leave();
            self.task.end(Err(Failure::Cancelled));
        }
    }
}
