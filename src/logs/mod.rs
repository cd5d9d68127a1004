//! Where log lines go, of the server and of programs (server 8, stdlib 12).

mod place;

pub use place::at;

use place::Placed;
use std::io::IsTerminal;
use std::sync::OnceLock;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
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

/// Sends logs to standard error, unless somebody listens already. May be called again.
pub fn init() {
    let variable = |name| std::env::var(name).ok();
    let (filter, wrong) = filter(variable("FORGE_LOG").as_deref(), variable("RUST_LOG").as_deref());
    let is_terminal = std::io::stderr().is_terminal();
    let layer = fmt::layer().with_writer(std::io::stderr).with_ansi(is_terminal);
    let layer = match LogFormat::of_process() {
        LogFormat::Json => layer.with_ansi(false).json().boxed(),
        LogFormat::Pretty => layer.pretty().map_event_format(Placed).boxed(),
        LogFormat::Compact => layer.compact().boxed(),
    };
    let is_first = tracing_subscriber::registry().with(filter).with(layer).try_init().is_ok();
    if let Some(wrong) = wrong.filter(|_| is_first) {
        eprintln!("{wrong}");
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
