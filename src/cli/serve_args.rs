//! The flags of `forge serve`, and what they put in place of the decorator's values.

use super::units::seconds;
use super::units::size;
use crate::serve;
use crate::serve::Cors;
use crate::serve::LogFormat;
use crate::serve::Options;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// Flags of `forge serve`.
#[derive(clap::Args, Clone)]
pub(super) struct ServeArgs {
    /// The program, the project's unless given
    pub(super) file: Option<String>,
    /// Port to listen on; 0 picks a free one
    #[arg(short, long, value_name = "N")]
    pub(super) port: Option<u16>,
    /// Address to listen on
    #[arg(long, value_name = "ADDR")]
    pub(super) host: Option<String>,
    /// Listen on a Unix socket instead; only this user may connect
    #[arg(long, value_name = "PATH", conflicts_with_all = ["port", "host"])]
    unix: Option<PathBuf>,
    /// Threads that accept requests
    #[arg(short, long, value_name = "N")]
    workers: Option<usize>,
    /// Requests in progress at most; further ones are answered 503
    #[arg(long, value_name = "N")]
    max_inflight: Option<usize>,
    /// Open connections at most; more of them wait
    #[arg(long, value_name = "N")]
    max_connections: Option<usize>,
    /// Seconds that a handler may take before 504 is answered; 0 for any
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    timeout: Option<Duration>,
    /// Tasks that one request may have at once
    #[arg(long, value_name = "N")]
    request_tasks: Option<usize>,
    /// Calls and loop rounds that a request may make, with its tasks; 0 for any
    #[arg(long, value_name = "N")]
    fuel: Option<u64>,
    /// Memory that a request may hold, with its tasks, such as 64MiB; 0 for any
    #[arg(long, value_name = "SIZE", value_parser = size)]
    memory: Option<usize>,
    /// Largest head of a request, 128KiB at most
    #[arg(long, value_name = "SIZE", value_parser = head)]
    head_limit: Option<usize>,
    /// Seconds that a head may take to arrive before 408 is answered
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    head_timeout: Option<Duration>,
    /// Messages of a WebSocket that may wait for their turn
    #[arg(long, value_name = "N")]
    ws_queue: Option<usize>,
    /// Largest message of a WebSocket, such as 1MiB
    #[arg(long, value_name = "SIZE", value_parser = size)]
    ws_message_limit: Option<usize>,
    /// Largest request body, such as 512KiB; 0 for any
    #[arg(long, value_name = "SIZE", value_parser = size)]
    body_limit: Option<usize>,
    /// Seconds that a request body may take to arrive before 408 is answered
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    body_timeout: Option<Duration>,
    /// Bytes of a body that must arrive each second; 0 for any
    #[arg(long, value_name = "N")]
    body_rate: Option<u64>,
    /// Seconds that requests may take to finish after a stop signal
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    shutdown_grace: Option<Duration>,
    /// Other origins that may read answers: `restrictive` for none, `permissive` for all, or ORIGIN[,ORIGIN]
    #[arg(long, value_name = "WHO", value_parser = cors)]
    cors: Option<Cors>,
    /// Certificate chain in PEM; serves HTTPS and HTTP/2
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Key of the certificate in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Do not compress answers
    #[arg(long)]
    no_compress: bool,
    /// Answer this path with the state of the server, without running the program
    #[arg(long, value_name = "PATH", value_parser = path)]
    health: Option<String>,
    /// Answer this path with counts in the text format of Prometheus
    #[arg(long, value_name = "PATH", value_parser = path)]
    metrics: Option<String>,
    /// How log lines look
    #[arg(long, value_name = "FORMAT")]
    pub(super) log_format: Option<Format>,
    /// One log line for each request, which is the default
    #[arg(long, overrides_with = "no_access_log")]
    access_log: bool,
    /// No log line for each request
    #[arg(long)]
    no_access_log: bool,
    /// Whether a 500 says the error's message
    #[arg(long, value_name = "HOW")]
    errors: Option<Errors>,
    /// A 500 also says where; for developing, never in public
    #[arg(long, conflicts_with = "errors")]
    dev: bool,
    /// Reload when the program or what it imports changes
    #[arg(long)]
    pub(super) watch: bool,
    /// Reload like --watch, and keep WebSockets and shared variables
    #[arg(long)]
    pub(super) hot: bool,
    /// Watch this file or folder, too
    #[arg(long, value_name = "PATH")]
    pub(super) watch_path: Vec<PathBuf>,
    /// Open a browser once the server listens
    #[arg(long)]
    pub(super) open: bool,
    /// Print the routes and exit
    #[arg(long)]
    pub(super) routes: bool,
    /// Arguments of the program
    #[arg(last = true)]
    pub(super) args: Vec<OsString>,
}

/// What a 500 says.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Errors {
    /// The error's message.
    Shown,
    /// That there was one.
    Hidden,
}

/// How log lines look.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people.
    Pretty,
    /// One line each.
    Compact,
    /// One JSON object each.
    Json,
}

impl Format {
    /// The format that it names.
    pub(super) fn log(self) -> LogFormat {
        match self {
            Format::Pretty => LogFormat::Pretty,
            Format::Compact => LogFormat::Compact,
            Format::Json => LogFormat::Json,
        }
    }
}

fn cors(text: &str) -> Result<Cors, String> {
    match Cors::named(text) {
        Cors::Restrictive if text != "restrictive" => {
            Err("expected restrictive, permissive or origins such as https://example.org".into())
        }
        cors => Ok(cors),
    }
}

fn head(text: &str) -> Result<usize, String> {
    match size(text)? {
        0 => Err("expected a size of at least 1".to_owned()),
        most if most > serve::MOST_HEAD => Err("expected 128KiB at most".to_owned()),
        most => Ok(most),
    }
}

fn path(text: &str) -> Result<String, String> {
    match text.starts_with('/') {
        true => Ok(text.to_owned()),
        false => Err("expected a path that begins with '/'".to_owned()),
    }
}

/// The port and host that the environment names.
#[derive(Clone, Default)]
pub(super) struct Surroundings {
    port: Option<u16>,
    host: Option<String>,
}

impl Surroundings {
    /// What `FORGE_PORT`, `PORT` and `FORGE_HOST` say.
    ///
    /// # Errors
    /// The text about a port that is none.
    pub(super) fn read() -> Result<Surroundings, String> {
        let port = ["FORGE_PORT", "PORT"].into_iter().find_map(|name| {
            let value = std::env::var(name).ok().filter(|value| !value.is_empty())?;
            Some(value.parse().map_err(|_| {
                format!("invalid {name}: expected a number from 0 to 65535, found '{value}'")
            }))
        });
        let host = std::env::var("FORGE_HOST").ok().filter(|host| !host.is_empty());
        Ok(Surroundings { port: port.transpose()?, host })
    }

    /// Puts it in place of the decorator's values.
    pub(super) fn set(&self, options: &mut Options) {
        set(&mut options.port, &self.port);
        set(&mut options.host, &self.host);
    }
}

impl ServeArgs {
    /// Puts the flags in place of the decorator's and the environment's values.
    pub(super) fn set(&self, options: &mut Options) {
        set(&mut options.port, &self.port);
        set(&mut options.host, &self.host);
        set(&mut options.workers, &self.workers.map(|workers| workers.clamp(1, 512)));
        set(&mut options.max_inflight, &self.max_inflight.map(|most| most.max(1)));
        set(&mut options.max_connections, &self.max_connections.map(|most| most.max(1)));
        set(
            &mut options.body_bytes,
            &self.body_limit.map(|most| if most == 0 { usize::MAX } else { most }),
        );
        set(&mut options.max_tasks, &self.request_tasks);
        set(&mut options.limits.fuel, &self.fuel.map(|fuel| Some(fuel).filter(|it| *it > 0)));
        set(&mut options.limits.memory, &self.memory.map(|most| Some(most).filter(|it| *it > 0)));
        set(&mut options.head_bytes, &self.head_limit);
        set(&mut options.head_time, &self.head_timeout);
        set(&mut options.ws_queue, &self.ws_queue.map(|most| most.max(1)));
        set(&mut options.ws_message_bytes, &self.ws_message_limit.map(|most| most.max(1)));
        set(&mut options.body_time, &self.body_timeout);
        set(&mut options.body_rate, &self.body_rate);
        set(
            &mut options.request_time,
            &self.timeout.map(|time| Some(time).filter(|it| !it.is_zero())),
        );
        set(&mut options.drain, &self.shutdown_grace);
        set(&mut options.cors, &self.cors);
        set(&mut options.unix, &self.unix.clone().map(Some));
        set(&mut options.health, &self.health.clone().map(Some));
        set(&mut options.metrics, &self.metrics.clone().map(Some));
        set(
            &mut options.errors,
            &self.errors.map(|errors| match errors {
                Errors::Shown => serve::Errors::Shown,
                Errors::Hidden => serve::Errors::Hidden,
            }),
        );
        if let (Some(cert), Some(key)) = (&self.tls_cert, &self.tls_key) {
            options.tls = Some((cert.clone(), key.clone()));
        }
        if self.dev {
            options.errors = serve::Errors::Placed;
        }
        options.compress &= !self.no_compress;
        options.access_log = self.access_log || !self.no_access_log;
    }
}

fn set<T: Clone>(place: &mut T, value: &Option<T>) {
    if let Some(value) = value {
        *place = value.clone();
    }
}
