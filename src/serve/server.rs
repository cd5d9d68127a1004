//! From a program to a listening socket (server 1.2 to 1.4).

use super::acceptor::Acceptor;
use super::app::app;
use super::handler;
use super::logs;
use super::metrics::Metrics;
use super::options::Options;
use super::routes::Table;
use super::shutdown::Handle;
use super::shutdown::failed;
use super::socket_file;
use super::socket_file::SocketFile;
use super::statics::Mount;
use super::tls;
use super::turnstile::Turnstile;
use super::worker::Connection;
use super::worker::Desk;
use super::worker::Ending;
use super::worker::Latest;
use super::worker::Premises;
use super::worker::Remains;
use super::worker::Shared;
use crate::compile::Plan;
use crate::diag::Diagnostic;
use crate::diag::Sources;
use crate::engine;
use crate::engine::Template;
use crate::logs::otel_is_active;
use crate::machine::Image;
use crate::stdlib;
use crate::task;
use actix_web::HttpRequest;
use actix_web::HttpServer;
use actix_web::web;
use std::io;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::net::ToSocketAddrs;
use std::sync::Arc;
use tokio::sync::watch;
use tracing::info;

/// A program that can be served: its routes and options are sound.
pub struct Service {
    template: Template,
    table: Table,
    mounts: Vec<Mount>,
    options: Options,
    sources: Sources,
}

/// A service with its socket.
pub struct Server {
    pub(super) premises: Arc<Premises>,
    pub(super) latest: Latest,
    pub(super) runtime: Runtime,
    pub(super) actix: actix_web::dev::Server,
    /// Where it listens; none on a Unix socket.
    addresses: Vec<SocketAddr>,
    /// The file of that socket.
    pub(super) socket: Option<SocketFile>,
}

/// What becomes of WebSockets and streams of events when another program takes the place of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connections {
    /// They go on with the program that they began with.
    Stay,
    /// They end.
    End,
}

/// The runtime that finishes what workers began. It can be dropped anywhere, and waits for nobody.
pub(super) struct Runtime(Option<tokio::runtime::Runtime>);

impl Service {
    /// The routes and options of a program, which `over` may change; warnings about it are logged.
    ///
    /// # Errors
    /// What keeps it from being served; never empty.
    pub fn new(
        template: Template,
        plan: &Plan,
        over: impl Fn(&mut Options),
        sources: &Sources,
    ) -> Result<Service, Vec<Diagnostic>> {
        let (mut options, mut warnings) = Options::of(plan.server.as_ref(), &template)?;
        over(&mut options);
        if plan.routes.is_empty() && plan.statics.is_empty() {
            return Err(vec![no_routes(plan)]);
        }
        let mounts = Mount::all(&plan.statics, &template)?;
        let (table, more) = Table::new(&plan.routes)?;
        warnings.extend(more);
        warnings.extend(plan.loose.iter().map(|span| {
            Diagnostic::warning("W0807", "route decorator decorates nothing").at(*span)
        }));
        warnings.iter().for_each(|found| logs::warning(found, sources));
        Ok(Service { template, table, mounts, options, sources: sources.clone() })
    }

    /// Method, pattern and handler of each route, in source order.
    pub fn routes(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let plans = self.table.routes.iter().map(|route| &route.plan);
        plans.map(|plan| (plan.method, plan.pattern.as_str(), plan.handler.as_str()))
    }

    /// How it will be served.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Binds the socket; connections wait until [`Server::run`].
    ///
    /// # Errors
    /// When no address of the host can be bound.
    pub fn bind(self) -> Result<Server, Vec<Diagnostic>> {
        // Many connections keep a little each. In huge pages all that lies between counts as well: 39 KiB for a request
        // that waits instead of 29.
        engine::allow_huge_pages(false);
        let options = self.options.clone();
        let tls = tls_of(&options)?;
        let runtime = shared_runtime(options.workers).map_err(|error| failed(&error))?;
        let routes = self.table.routes.len();
        let premises = Arc::new(Premises::new());
        let shared = self.open(premises.clone(), runtime.handle(), None);
        let latest = Latest::new(watch::Sender::new(Arc::new(shared)));
        let (for_workers, for_connections) = (latest.clone(), premises.clone());
        let acceptor = Acceptor::new();
        let actix = HttpServer::new(move || {
            let desk = Desk::new(&for_workers);
            let answer = move |request: HttpRequest, payload: web::Payload| {
                handler::answer(desk.worker(), request, payload)
            };
            app(answer).wrap(Turnstile)
        })
        .on_connect(move |_, extensions| {
            acceptor.is_at_work();
            extensions.insert(Connection::open(&for_connections));
        })
        .workers(options.workers)
        .tcp_nodelay(true)
        // Otherwise a client that left is not noticed while its handler runs.
        .h1_allow_half_closed(false)
        // Ours comes first, and lets go of machines, not of connections.
        .shutdown_timeout(options.drain.as_secs() + 5)
        // They share them evenly; one that has enough is given no more.
        .max_connections(options.max_connections.div_ceil(options.workers.max(1)))
        .client_request_timeout(options.head_time)
        .disable_signals();
        let refused = |error: io::Error| cannot_bind(&error, &options);
        let mut socket = None;
        let actix = match (&options.unix, tls) {
            (Some(path), _) => {
                let (listener, file) = socket_file::listen(path).map_err(refused)?;
                socket = Some(file);
                actix.listen_uds(listener)
            }
            (None, Some(tls)) => {
                actix.bind_rustls_0_23(&addresses(&options).map_err(refused)?[..], tls)
            }
            (None, None) => actix.bind(&addresses(&options).map_err(refused)?[..]),
        };
        let actix = actix.map_err(refused)?;
        let addresses = match options.unix {
            Some(_) => Vec::new(),
            None => actix.addrs(),
        };
        let server = Server { premises, latest, runtime, actix: actix.run(), addresses, socket };
        info!(
            target: "forge.server",
            host = options.host,
            port = server.addresses.first().map(SocketAddr::port),
            unix = options.unix.as_ref().map(|path| path.display().to_string()),
            routes,
            cors = options.cors.name(),
            max_inflight = options.max_inflight,
            "Forge server listening"
        );
        Ok(server)
    }

    /// The program as workers take it; `metrics` are those of the one whose place it takes.
    pub(super) fn open(
        self,
        premises: Arc<Premises>,
        runtime: &tokio::runtime::Handle,
        metrics: Option<Arc<Metrics>>,
    ) -> Shared {
        let remains = Remains::of(&self.template.image.scope);
        self.open_with(premises, runtime, metrics, remains)
    }

    /// The same for a program of which something goes on until `remains` is dropped.
    pub(super) fn open_with(
        self,
        premises: Arc<Premises>,
        runtime: &tokio::runtime::Handle,
        metrics: Option<Arc<Metrics>>,
        remains: Arc<Remains>,
    ) -> Shared {
        let new = || self.options.metrics.is_some().then(|| Arc::new(Metrics::new()));
        Shared {
            _remains: remains,
            premises,
            // What it imports has been read, and is among them.
            logs: otel_is_active() || self.sources.mention("log"),
            spawns: self.sources.mention("spawn"),
            blocks: self.template.image.blocks.clone(),
            metrics: metrics.or_else(new),
            template: for_requests(self.template, &self.options, runtime),
            table: self.table,
            mounts: self.mounts,
            options: self.options,
            sources: self.sources,
            runtime: runtime.clone(),
            ending: watch::Sender::new(None),
        }
    }
}

impl Handle {
    /// Another program takes the place of the one that is served: requests that arrive from now on see it, those under
    /// way end where they began. Long connections go on, or are told to come again. What belongs to the socket stays.
    pub fn replace(&self, service: Service, connections: Connections) {
        let old = self.latest.borrow().clone();
        let metrics = old.metrics.clone();
        let shared = service.open(self.premises.clone(), &old.runtime, metrics);
        self.latest.send_replace(Arc::new(shared));
        old.blocks.iter().for_each(|blocks| blocks.cancel());
        if connections == Connections::End {
            old.ending.send_replace(Some(Ending::Replaced));
        }
    }
}

impl Server {
    /// The first address it listens on.
    ///
    /// # Panics
    /// On a Unix socket, which has none.
    pub fn address(&self) -> SocketAddr {
        self.addresses.first().copied().expect("a server on a port has an address")
    }

    /// Where people find it: `http://127.0.0.1:8080`, or the path of its socket.
    pub fn url(&self) -> String {
        let shared = self.latest.borrow();
        let options = &shared.options;
        match &options.unix {
            Some(path) => format!("unix:{}", path.display()),
            None if options.tls.is_some() => format!("https://{}", self.address()),
            None => format!("http://{}", self.address()),
        }
    }

    /// Whether it listens on all addresses of the machine.
    pub fn is_reachable_from_outside(&self) -> bool {
        self.addresses.iter().any(|address| address.ip().is_unspecified())
    }

    /// A handle that stops it.
    pub fn handle(&self) -> Handle {
        Handle { premises: self.premises.clone(), latest: self.latest.clone() }
    }
}

/// The template with the image of its requests: what they spawn runs where long requests do.
fn for_requests(
    template: Template,
    options: &Options,
    runtime: &tokio::runtime::Handle,
) -> Template {
    let image = Image {
        max_tasks: options.max_tasks,
        blocks: None,
        spawner: Arc::new(task::On(runtime.clone())),
        ..(*template.image).clone()
    };
    Template { image: Arc::new(image), ..template }
}

/// Why a program without routes is not served.
fn no_routes(plan: &Plan) -> Diagnostic {
    match &plan.server {
        Some(server) => {
            let text = "@server defined but no route handlers found. Add @get/@post functions.";
            Diagnostic::error("E0801", text).at(server.span)
        }
        None => Diagnostic::error("E0801", "no route handlers found. Add @get/@post functions."),
    }
}

/// The settings for HTTPS, if that is wanted.
fn tls_of(options: &Options) -> Result<Option<rustls::ServerConfig>, Vec<Diagnostic>> {
    let Some((certificate, key)) = &options.tls else {
        return Ok(None);
    };
    let config = tls::config(certificate, key);
    config.map(Some).map_err(|text| vec![Diagnostic::error("E0811", text)])
}

/// The addresses of the host. Of several with a free port only the first: two would get two ports.
fn addresses(options: &Options) -> io::Result<Vec<SocketAddr>> {
    let literal = options.host.trim_start_matches('[').trim_end_matches(']');
    let mut found: Vec<SocketAddr> = match literal.parse::<IpAddr>() {
        Ok(ip) => vec![SocketAddr::new(ip, options.port)],
        Err(_) => (options.host.as_str(), options.port).to_socket_addrs()?.collect(),
    };
    if options.port == 0 {
        found.truncate(1);
    }
    Ok(found)
}

fn cannot_bind(error: &io::Error, options: &Options) -> Vec<Diagnostic> {
    let address = match &options.unix {
        Some(path) => path.display().to_string(),
        None => format!("{}:{}", options.host, options.port),
    };
    let found = Diagnostic::error("E0808", format!("bind failed: {error}"));
    vec![match error.kind() {
        io::ErrorKind::AddrInUse => {
            found.hint(format!("another program is listening on {address}"))
        }
        _ => found.note(format!("the address is {address}")),
    }]
}

fn shared_runtime(threads: usize) -> io::Result<Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(threads).thread_name("forge-tasks").enable_all();
    builder.on_thread_start(|| {
        task::yield_to_others();
        stdlib::is_always_polled();
    });
    Ok(Runtime(Some(builder.build()?)))
}

impl Runtime {
    fn handle(&self) -> &tokio::runtime::Handle {
        self.0.as_ref().expect("it is taken out only when it is dropped").handle()
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
