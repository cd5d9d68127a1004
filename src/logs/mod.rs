//! Where log lines go, of the server and of programs (server 8, stdlib 12).

#[cfg_attr(not(feature = "otel"), path = "otel_absent.rs")]
mod otel;
mod place;

pub use otel::flush_otel;
pub use otel::join_trace;
pub use otel::otel_is_active;
pub use place::at;

use place::Placed;
use std::io::IsTerminal;
use std::sync::OnceLock;
use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

/// What is logged unless the environment says otherwise.
const FILTER: &str = "warn,forge=info";

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people, in several lines.
    Pretty,
    /// One line each.
    Compact,
}

/// What the command line says about the format.
static CHOSEN: OnceLock<LogFormat> = OnceLock::new();

/// Sets the format of this process, whatever the environment says; the first call counts.
pub fn set_format(format: LogFormat) {
    let _ = CHOSEN.set(format);
}

impl LogFormat {
    /// The format that `FORGE_LOG_FORMAT` asks for.
    pub fn of(variable: Option<&str>, is_terminal: bool) -> LogFormat {
        match (variable, is_terminal) {
            (Some("json"), _) => LogFormat::Json,
            (Some("pretty"), _) => LogFormat::Pretty,
            (Some("compact"), _) => LogFormat::Compact,
            (_, true) => LogFormat::Pretty,
            (_, false) => LogFormat::Compact,
        }
    }

    /// The format of this process.
    pub fn of_process() -> LogFormat {
        if let Some(chosen) = CHOSEN.get() {
            return *chosen;
        }
        let variable = std::env::var("FORGE_LOG_FORMAT").ok();
        LogFormat::of(variable.as_deref(), std::io::stderr().is_terminal())
    }
}

/// The filter that `FORGE_LOG` asks for, or else `RUST_LOG`, or else the usual one; and what is wrong with the first.
fn filter(forge: Option<&str>, rust: Option<&str>) -> (EnvFilter, Option<String>) {
    let mut wrong = None;
    if let Some(directives) = forge {
        match EnvFilter::try_new(directives) {
            Ok(filter) => return (filter, None),
            Err(reason) => wrong = Some(format!("ignoring invalid FORGE_LOG: {reason}")),
        }
    }
    let filter = rust.and_then(|directives| EnvFilter::try_new(directives).ok());
    (filter.unwrap_or_else(|| EnvFilter::new(FILTER)), wrong)
}

/// Sends logs to standard error, unless somebody listens already, and spans to the collector that the environment names.
/// May be called again.
pub fn init() {
    let variable = |name| std::env::var(name).ok();
    let (filter, wrong) = filter(variable("FORGE_LOG").as_deref(), variable("RUST_LOG").as_deref());
    let registry = tracing_subscriber::registry();
    let installed = match otel::layer() {
        // Each has a filter of its own: a collector gets what standard error leaves out.
        Some(spans) => registry.with(spans).with(lines().with_filter(filter)).try_init(),
        None => registry.with(filter).with(lines()).try_init(),
    };
    if let Some(wrong) = wrong.filter(|_| installed.is_ok()) {
        eprintln!("{wrong}");
    }
}

/// What writes events to standard error.
fn lines<S>() -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
{
    let is_terminal = std::io::stderr().is_terminal();
    let layer = fmt::layer().with_writer(std::io::stderr).with_ansi(is_terminal);
    match LogFormat::of_process() {
        LogFormat::Json => layer.with_ansi(false).json().boxed(),
        LogFormat::Pretty => layer.pretty().map_event_format(Placed).boxed(),
        LogFormat::Compact => layer.compact().boxed(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn init_may_be_called_again() {
        init();
        init();
        init();
    }

    #[test]
    fn a_flush_of_what_never_began_does_nothing() {
        flush_otel();
        assert!(!otel_is_active());
    }

    #[test]
    fn forge_log_comes_before_rust_log() {
        let shown = |forge, rust| {
            let (filter, wrong) = filter(forge, rust);
            (filter.to_string(), wrong.is_some())
        };
        assert_eq!(shown(Some("debug"), Some("error")), ("debug".to_owned(), false));
        assert_eq!(shown(None, Some("error")), ("error".to_owned(), false));
        assert_eq!(shown(Some("=!="), Some("error")), ("error".to_owned(), true));
        assert_eq!(shown(None, None).0.split(',').count(), 2);
        assert!(!shown(Some(""), None).0.contains("info"));
    }

    #[test]
    fn the_format_depends_on_the_terminal_only_when_nothing_is_said() {
        assert_eq!(LogFormat::of(Some("json"), true), LogFormat::Json);
        assert_eq!(LogFormat::of(Some("JSON"), false), LogFormat::Compact);
        assert_eq!(LogFormat::of(None, true), LogFormat::Pretty);
        assert_eq!(LogFormat::of(Some("compact"), true), LogFormat::Compact);
    }
}
