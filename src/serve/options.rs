//! `@server(...)`: the values that the statement had when it ran, checked (server 2.2).

use crate::compile::ServerPlan;
use crate::diag::Diagnostic;
use crate::diag::did_you_mean;
use crate::engine::Template;
use crate::machine::Limits;
use crate::value::Value;
use std::path::PathBuf;
use std::time::Duration;

/// How a program is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Port to listen on; 0 picks a free one.
    pub port: u16,
    /// Address or name to listen on.
    pub host: String,
    /// Which other origins may read answers.
    pub cors: Cors,
    /// Machines that may run or wait at once.
    pub max_inflight: usize,
    /// Tasks that one request may have at once.
    pub max_tasks: usize,
    /// What a request may use in all.
    pub limits: Limits,
    /// Largest head of a request.
    pub head_bytes: usize,
    /// How long a head may take to arrive.
    pub head_time: Duration,
    /// Largest request body.
    pub body_bytes: usize,
    /// How long a body may take to arrive.
    pub body_time: Duration,
    /// Bytes of a body that must arrive each second, on average.
    pub body_rate: u64,
    /// How long a handler may take.
    pub request_time: Option<Duration>,
    /// Open connections at most; the workers share them evenly.
    pub max_connections: usize,
    /// Messages of a WebSocket that may wait for their turn.
    pub ws_queue: usize,
    /// Largest message of a WebSocket.
    pub ws_message_bytes: usize,
    /// How long requests may take to finish after a stop.
    pub drain: Duration,
    /// What a 500 says.
    pub errors: Errors,
    /// Whether long answers are compressed for clients that take that.
    pub compress: bool,
    /// Whether each request is a line of the log.
    pub access_log: bool,
    /// The path that says whether the server is well.
    pub health: Option<String>,
    /// The path that counts what the server did.
    pub metrics: Option<String>,
    /// The Unix socket to listen on, in place of a port.
    pub unix: Option<PathBuf>,
    /// The certificate and key to serve HTTPS and HTTP/2 with.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Threads that accept requests, and threads that finish the long ones.
    pub workers: usize,
}

/// No larger head is read.
pub const MOST_HEAD: usize = 128 << 10;

/// Which other origins may read answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cors {
    /// None.
    Restrictive,
    /// All.
    Permissive,
    /// These.
    Origins(Vec<String>),
}

/// What a 500 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errors {
    /// The error's message.
    Shown,
    /// That there was one, and the request id.
    Hidden,
    /// The error's message, where it happened and the calls that led there.
    Placed,
}

/// An option: its name, what it takes, and the way into [`Options`], `None` when the value is not that.
struct Key {
    name: &'static str,
    takes: &'static str,
    set: fn(&mut Options, &Value) -> Option<()>,
}

const KEYS: &[Key] = &[
    Key {
        name: "port",
        takes: "an Int from 0 to 65535",
        set: |options, value| put(&mut options.port, int(value).and_then(|n| n.try_into().ok())),
    },
    Key {
        name: "host",
        takes: "a String",
        set: |options, value| put(&mut options.host, text(value).map(str::to_owned)),
    },
    Key {
        name: "cors",
        takes: "a String",
        set: |options, value| put(&mut options.cors, text(value).map(Cors::named)),
    },
    Key {
        name: "max_inflight",
        takes: "an Int of at least 1",
        set: |options, value| put(&mut options.max_inflight, at_least(1, value)),
    },
    Key {
        name: "max_tasks",
        takes: "an Int of at least 0",
        set: |options, value| put(&mut options.max_tasks, at_least(0, value)),
    },
    Key {
        name: "fuel",
        takes: "an Int of at least 0",
        set: |options, value| {
            let fuel = at_least(0, value).map(|n| Some(n as u64).filter(|n| *n > 0));
            put(&mut options.limits.fuel, fuel)
        },
    },
    Key {
        name: "memory_bytes",
        takes: "an Int of at least 0",
        set: |options, value| {
            put(&mut options.limits.memory, at_least(0, value).map(|n| Some(n).filter(|n| *n > 0)))
        },
    },
    Key {
        name: "head_bytes",
        takes: "an Int from 1 to 131072",
        set: |options, value| {
            put(&mut options.head_bytes, at_least(1, value).filter(|n| *n <= MOST_HEAD))
        },
    },
    Key {
        name: "head_seconds",
        takes: "an Int of at least 1",
        set: |options, value| put(&mut options.head_time, at_least(1, value).map(seconds)),
    },
    Key {
        name: "body_bytes",
        takes: "an Int of at least 0",
        set: |options, value| put(&mut options.body_bytes, at_least(0, value)),
    },
    Key {
        name: "body_seconds",
        takes: "an Int of at least 1",
        set: |options, value| put(&mut options.body_time, at_least(1, value).map(seconds)),
    },
    Key {
        name: "body_rate",
        takes: "an Int of at least 0",
        set: |options, value| put(&mut options.body_rate, at_least(0, value).map(|n| n as u64)),
    },
    Key {
        name: "request_seconds",
        takes: "a number of at least 0",
        set: |options, value| put(&mut options.request_time, time_limit(value)),
    },
    Key {
        name: "max_connections",
        takes: "an Int of at least 1",
        set: |options, value| put(&mut options.max_connections, at_least(1, value)),
    },
    Key {
        name: "compress",
        takes: "a Bool",
        set: |options, value| put(&mut options.compress, bool(value)),
    },
    Key {
        name: "health",
        takes: "a path",
        set: |options, value| put(&mut options.health, path(value)),
    },
    Key {
        name: "metrics",
        takes: "a path",
        set: |options, value| put(&mut options.metrics, path(value)),
    },
    Key {
        name: "drain_seconds",
        takes: "an Int of at least 0",
        set: |options, value| put(&mut options.drain, at_least(0, value).map(seconds)),
    },
    Key {
        name: "errors",
        takes: "\"shown\" or \"hidden\"",
        set: |options, value| put(&mut options.errors, text(value).and_then(Errors::named)),
    },
    Key {
        name: "ws_queue",
        takes: "an Int of at least 1",
        set: |options, value| put(&mut options.ws_queue, at_least(1, value)),
    },
    Key {
        name: "ws_message_bytes",
        takes: "an Int of at least 1",
        set: |options, value| put(&mut options.ws_message_bytes, at_least(1, value)),
    },
];

impl Default for Options {
    fn default() -> Options {
        Options {
            port: 8080,
            host: "127.0.0.1".to_owned(),
            cors: Cors::Restrictive,
            max_inflight: 512,
            max_tasks: 10_000,
            limits: Limits { fuel: None, memory: Some(256 << 20) },
            head_bytes: MOST_HEAD,
            head_time: Duration::from_secs(5),
            body_bytes: 2 << 20,
            body_time: Duration::from_secs(60),
            body_rate: 240,
            request_time: None,
            max_connections: 25_000,
            ws_queue: 32,
            ws_message_bytes: 16 << 20,
            drain: Duration::from_secs(30),
            errors: Errors::Shown,
            compress: true,
            access_log: true,
            health: None,
            metrics: None,
            unix: None,
            tls: None,
            workers: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

impl Options {
    /// The options of `@server`, or the usual ones without it, and warnings about what was not understood.
    ///
    /// # Errors
    /// A value that its key does not take.
    pub fn of(
        plan: Option<&ServerPlan>,
        template: &Template,
    ) -> Result<(Options, Vec<Diagnostic>), Vec<Diagnostic>> {
        let mut options = Options::default();
        let (mut errors, mut warnings) = (Vec::new(), Vec::new());
        let Some(plan) = plan else {
            return Ok((options, warnings));
        };
        let given = template.slot(plan.slot);
        for (name, span) in &plan.keys {
            let value = match &given {
                Value::Object(object) => object.get(name),
                _ => None,
            };
            match (KEYS.iter().find(|key| key.name == name), value) {
                (Some(key), Some(value)) if (key.set)(&mut options, value).is_none() => {
                    let text = format!("invalid @server option '{name}': expected {}", key.takes);
                    let found = format!("found {} {value}", value.kind());
                    errors.push(Diagnostic::error("E0802", text).at(*span).label(found));
                }
                (Some(_), _) => {}
                (None, _) => warnings.push(not_understood(name, plan).at(*span)),
            }
        }
        if errors.is_empty() { Ok((options, warnings)) } else { Err(errors) }
    }
}

fn not_understood(name: &str, plan: &ServerPlan) -> Diagnostic {
    let position = name.strip_prefix('_').and_then(|index| index.parse::<usize>().ok());
    let text = match position {
        Some(index) if index < plan.keys.len() => {
            "@server takes no positional arguments; this one is ignored".to_owned()
        }
        _ => format!("unknown @server option '{name}' is ignored"),
    };
    let known = KEYS.iter().map(|key| key.name);
    let mut found = Diagnostic::warning("W0803", text);
    found.hints.extend(did_you_mean(name, known));
    found
}

impl Cors {
    /// The mode that `cors: NAME` asks for: a known word, or origins with their scheme, between commas.
    pub fn named(name: &str) -> Cors {
        let is_open = ["permissive", "any", "*"].iter().any(|open| open.eq_ignore_ascii_case(name));
        let origins = name.split(',').map(|origin| origin.trim().trim_end_matches('/'));
        let origins: Vec<String> =
            origins.filter(|origin| origin.contains("://")).map(str::to_owned).collect();
        match (is_open, origins.is_empty()) {
            (true, _) => Cors::Permissive,
            (false, true) => Cors::Restrictive,
            (false, false) => Cors::Origins(origins),
        }
    }

    /// Its name in logs.
    pub fn name(&self) -> &str {
        match self {
            Cors::Restrictive => "restrictive",
            Cors::Permissive => "permissive",
            Cors::Origins(_) => "origins",
        }
    }
}

impl Errors {
    fn named(name: &str) -> Option<Errors> {
        match name {
            "shown" => Some(Errors::Shown),
            "hidden" => Some(Errors::Hidden),
            _ => None,
        }
    }
}

fn put<T>(place: &mut T, value: Option<T>) -> Option<()> {
    *place = value?;
    Some(())
}

fn seconds(count: usize) -> Duration {
    Duration::from_secs(count as u64)
}

/// A limit in seconds; 0 is none.
fn time_limit(value: &Value) -> Option<Option<Duration>> {
    let seconds = match value.thawed() {
        Value::Int(n) => *n as f64,
        Value::Float(n) => *n,
        _ => return None,
    };
    let time = Duration::try_from_secs_f64(seconds).ok()?;
    Some(Some(time).filter(|time| !time.is_zero()))
}

fn bool(value: &Value) -> Option<bool> {
    match value.thawed() {
        Value::Bool(is_it) => Some(*is_it),
        _ => None,
    }
}

fn path(value: &Value) -> Option<Option<String>> {
    let path = text(value).filter(|path| path.starts_with('/'))?;
    Some(Some(path.to_owned()))
}

fn int(value: &Value) -> Option<i64> {
    match value.thawed() {
        Value::Int(n) => Some(*n),
        _ => None,
    }
}

fn at_least(least: i64, value: &Value) -> Option<usize> {
    int(value).filter(|n| *n >= least).and_then(|n| n.try_into().ok())
}

fn text(value: &Value) -> Option<&str> {
    match value.thawed() {
        Value::Str(text) => Some(text),
        _ => None,
    }
}
