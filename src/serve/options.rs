//! `@server(...)`: the values that the statement had when it ran, checked (server 2.2).

use crate::compile::ServerPlan;
use crate::diag::Diagnostic;
use crate::diag::nearest;
use crate::engine::Template;
use crate::value::Value;
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
    /// Largest request body.
    pub body_bytes: usize,
    /// How long requests may take to finish after a stop.
    pub drain: Duration,
    /// What a 500 says.
    pub errors: Errors,
    /// Threads that accept requests, and threads that finish the long ones.
    pub workers: usize,
}

/// Which other origins may read answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cors {
    /// None.
    Restrictive,
    /// All.
    Permissive,
}

/// What a 500 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errors {
    /// The error's message.
    Shown,
    /// That there was one, and the request id.
    Hidden,
}

/// What the command line and the environment put in place of the decorator's values.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Port to listen on.
    pub port: Option<u16>,
    /// Address or name to listen on.
    pub host: Option<String>,
    /// Machines that may run or wait at once.
    pub max_inflight: Option<usize>,
    /// Largest request body; 0 for any.
    pub body_bytes: Option<usize>,
    /// How long requests may take to finish after a stop.
    pub drain: Option<Duration>,
    /// What a 500 says.
    pub errors: Option<Errors>,
    /// Threads that accept requests.
    pub workers: Option<usize>,
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
        name: "body_bytes",
        takes: "an Int of at least 0",
        set: |options, value| put(&mut options.body_bytes, at_least(0, value)),
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
        set: |_, value| at_least(1, value).map(drop),
    },
    Key {
        name: "ws_message_bytes",
        takes: "an Int of at least 1",
        set: |_, value| at_least(1, value).map(drop),
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
            body_bytes: 2 << 20,
            drain: Duration::from_secs(30),
            errors: Errors::Shown,
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

    /// The same with what the command line says.
    pub fn with(self, over: Overrides) -> Options {
        Options {
            port: over.port.unwrap_or(self.port),
            host: over.host.unwrap_or(self.host),
            cors: self.cors,
            max_inflight: over.max_inflight.unwrap_or(self.max_inflight).max(1),
            max_tasks: self.max_tasks,
            body_bytes: match over.body_bytes {
                Some(0) => usize::MAX,
                given => given.unwrap_or(self.body_bytes),
            },
            drain: over.drain.unwrap_or(self.drain),
            errors: over.errors.unwrap_or(self.errors),
            workers: over.workers.unwrap_or(self.workers).clamp(1, 512),
        }
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
    let found = Diagnostic::warning("W0803", text);
    match nearest(name, known).first() {
        Some(near) => found.hint(format!("did you mean '{near}'?")),
        None => found,
    }
}

impl Cors {
    /// The mode that `cors: NAME` asks for.
    fn named(name: &str) -> Cors {
        let is_open = ["permissive", "any", "*"].iter().any(|open| open.eq_ignore_ascii_case(name));
        if is_open { Cors::Permissive } else { Cors::Restrictive }
    }

    /// Its name in logs.
    pub fn name(self) -> &'static str {
        match self {
            Cors::Restrictive => "restrictive",
            Cors::Permissive => "permissive",
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
