//! What the workers share, and what each has for itself.

use super::capacity::Count;
use super::metrics::Metrics;
use super::options::Options;
use super::routes::Table;
use super::statics::Mount;
use crate::diag::Fault;
use crate::diag::Sources;
use crate::engine::Template;
use crate::handles::Scope;
use crate::native::Host;
use crate::native::Started;
use crate::value::Function;
use crate::value::Value;
use crate::world::Stand;
use crate::world::World;
use parking_lot::Mutex;
use std::any::Any;
use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::Weak;
use std::time::Instant;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::sync::watch;

/// A program that is served: what all workers use, and none changes.
pub(super) struct Shared {
    /// First: what it left behind ends before it goes.
    pub(super) _remains: Arc<Remains>,
    pub(super) premises: Arc<Premises>,
    pub(super) template: Template,
    pub(super) table: Table,
    pub(super) options: Options,
    pub(super) sources: Sources,
    /// Folders with files.
    pub(super) mounts: Vec<Mount>,
    /// What is counted, if somebody may ask.
    pub(super) metrics: Option<Arc<Metrics>>,
    /// What the background blocks of the program hang below.
    pub(super) blocks: Option<Arc<Scope>>,
    /// Whether the program can log, or somebody looks at spans.
    pub(super) logs: bool,
    /// Whether the program can start tasks, which carry what belongs to their request.
    pub(super) spawns: bool,
    /// Where machines go on that need more than a slice.
    pub(super) runtime: Handle,
    /// Why long connections are to end: they are told.
    pub(super) ending: watch::Sender<Option<Ending>>,
}

/// Why connections of a program end that would go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The server stops.
    Stopped,
    /// Another program takes its place.
    Replaced,
}

/// What outlives the programs that are served, one after the other.
pub(super) struct Premises {
    /// When the server began.
    pub(super) since: Instant,
    /// Machines that run or wait.
    pub(super) machines: Count,
    /// Open connections.
    pub(super) connections: Count,
    /// Rung to stop.
    pub(super) stop: Notify,
    /// Whether the server is ending.
    pub(super) stopping: watch::Sender<bool>,
}

/// Where the program that is served now is found.
pub(super) type Latest = Arc<watch::Sender<Arc<Shared>>>;

impl Shared {
    /// Returns when long connections are to end, with the reason.
    pub(super) async fn ends(&self) -> Ending {
        let (mut ending, mut stopping) =
            (self.ending.subscribe(), self.premises.stopping.subscribe());
        tokio::select! {
            biased;
            _ = stopping.wait_for(|stops| *stops) => Ending::Stopped,
            ending = ending.wait_for(Option::is_some) => {
                ending.ok().and_then(|ending| *ending).unwrap_or(Ending::Stopped)
            }
        }
    }

    /// Whether they are to end now.
    pub(super) fn has_ended(&self) -> bool {
        *self.premises.stopping.borrow() || self.ending.borrow().is_some()
    }
}

/// What a program leaves behind when nobody uses it any more: it ends with this.
pub(super) struct Remains(Arc<Scope>);

impl Remains {
    pub(super) fn of(scope: &Arc<Scope>) -> Arc<Remains> {
        Arc::new(Remains(scope.clone()))
    }
}

impl Drop for Remains {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl Premises {
    pub(super) fn new() -> Premises {
        Premises {
            since: Instant::now(),
            machines: Count::default(),
            connections: Count::default(),
            stop: Notify::new(),
            stopping: watch::Sender::new(false),
        }
    }
}

/// Where one thread that accepts requests keeps its worker: the program changes, the thread stays.
pub(super) struct Desk {
    worker: RefCell<Arc<Worker>>,
    latest: RefCell<watch::Receiver<Arc<Shared>>>,
}

impl Desk {
    /// A desk that follows the changes, also when no request comes: then an old program is let go.
    pub(super) fn new(latest: &Latest) -> Rc<Desk> {
        let mut changes = latest.subscribe();
        let shared = changes.borrow_and_update().clone();
        let desk = Rc::new(Desk {
            worker: RefCell::new(Arc::new(Worker::new(shared))),
            latest: RefCell::new(changes.clone()),
        });
        let idle = Rc::downgrade(&desk);
        actix_web::rt::spawn(async move {
            while changes.changed().await.is_ok()
                && let Some(desk) = idle.upgrade()
            {
                desk.worker();
            }
        });
        desk
    }

    /// The worker for the next request.
    pub(super) fn worker(&self) -> Arc<Worker> {
        let mut latest = self.latest.borrow_mut();
        if latest.has_changed().unwrap_or(false) {
            let shared = latest.borrow_and_update().clone();
            *self.worker.borrow_mut() = Arc::new(Worker::new(shared));
        }
        self.worker.borrow().clone()
    }
}

/// The program as one thread that accepts requests holds it.
pub(super) struct Worker {
    pub(super) shared: Arc<Shared>,
    template: Template,
    /// What the template was made of: the world of the program as it stood. `None` when nobody changes that any more.
    of: Option<Mutex<Replica>>,
    /// The handlers by the numbers of their routes.
    pub(super) functions: Vec<Value>,
}

impl Worker {
    pub(super) fn new(shared: Arc<Shared>) -> Worker {
        let host = InRequest(shared.template.image.host.clone());
        let program = &shared.template.world;
        let blocks = shared.blocks.as_ref().map_or(0, |blocks| blocks.live());
        let stand = program.stand();
        let template = shared.template.with_host(Arc::new(host)).replica();
        let is_settled = blocks == 0 && stand.is_some();
        let replica = Replica { world: template.world.clone(), stand };
        let of = (!is_settled).then(|| Mutex::new(replica));
        let routes = shared.table.routes.iter();
        let functions = routes.map(|route| own(template.slot(route.plan.slot))).collect();
        Worker { shared, template, of, functions }
    }

    /// The program for one request: a fork of what it holds now.
    pub(super) fn fork(&self) -> Template {
        let Some(of) = &self.of else { return self.template.fork() };
        let program = &self.shared.template.world;
        let mut replica = of.lock();
        let world = match replica.stand {
            Some(stand) if program.stands(stand) => World::fork(&replica.world),
            _ => match program.stand() {
                Some(stand) => {
                    *replica = Replica { world: World::fork(program), stand: Some(stand) };
                    World::fork(&replica.world)
                }
                // Somebody is about to change it: no two requests need see the same.
                None => World::fork(program),
            },
        };
        self.template.with_world(world)
    }
}

/// A fork of the program's world that one worker has for itself: cores that fork it do not fight over one count.
struct Replica {
    world: triomphe::Arc<World>,
    /// How the program stood then; `None` when a machine of it ran or waited.
    stand: Option<Stand>,
}

/// The same function behind a handle of its own, when nobody can tell.
fn own(function: Value) -> Value {
    match &function {
        Value::Function(shared) if shared.captures.is_empty() => {
            let copy = Function::new(shared.chunk, shared.label.clone(), Vec::new());
            Value::Function(triomphe::Arc::new(copy))
        }
        _ => function,
    }
}

/// The host of the program for its request handlers: one of them must not end the others.
struct InRequest(Arc<dyn Host>);

impl Host for InRequest {
    fn write(&self, text: &str) -> Result<(), Fault> {
        self.0.write(text)
    }

    fn flush(&self) -> Result<(), Fault> {
        self.0.flush()
    }

    fn exit(&self, _: i32) -> Result<Infallible, Fault> {
        Err(Fault::message("exit() is not allowed in a request handler"))
    }

    fn started(&self) -> &Started {
        self.0.started()
    }

    fn note(&self, text: &str) {
        self.0.note(text);
    }
}

/// The right to have one machine; it lives as long as the machine, or as a call that blocks a thread for it.
pub(super) struct Permit {
    worker: Arc<Worker>,
    /// Once others may keep it.
    kept: Option<Arc<Place>>,
}

/// One of the machines that are counted.
struct Place(Arc<Premises>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.machines.leave();
    }
}

impl Permit {
    fn new(worker: &Arc<Worker>) -> Permit {
        Permit { worker: worker.clone(), kept: None }
    }

    /// A permit, if one is left.
    pub(super) fn take(worker: &Arc<Worker>) -> Option<Permit> {
        let shared = &worker.shared;
        let is_left = shared.premises.machines.enter(shared.options.max_inflight);
        is_left.then(|| Permit::new(worker))
    }

    /// A permit, as soon as one is left.
    pub(super) async fn wait(worker: &Arc<Worker>) -> Permit {
        let shared = &worker.shared;
        shared.premises.machines.enter_when_possible(shared.options.max_inflight).await;
        Permit::new(worker)
    }

    pub(super) fn worker(&self) -> &Worker {
        &self.worker
    }

    /// What keeps the permit, for whoever goes on when its machine is gone.
    pub(super) fn lend(&mut self) -> Weak<dyn Any + Send + Sync> {
        let place = || Arc::new(Place(self.worker.shared.premises.clone()));
        let place = self.kept.get_or_insert_with(place);
        let lent: Weak<Place> = Arc::downgrade(place);
        lent
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.kept.is_none() {
            self.worker.shared.premises.machines.leave();
        }
    }
}

/// An open connection.
pub(super) struct Connection(Arc<Premises>);

impl Connection {
    pub(super) fn open(premises: &Arc<Premises>) -> Connection {
        premises.connections.enter(usize::MAX);
        Connection(premises.clone())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.connections.leave();
    }
}
