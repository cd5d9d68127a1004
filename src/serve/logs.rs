//! What the server says about itself: the subscriber, the span of a request, its last event (server 8).

use super::probes::Unlogged;
use super::request_id::RequestId;
use crate::diag::Diagnostic;
use crate::diag::Sources;
use actix_web::Error;
use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceRequest;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use std::any::Any;
use std::io::IsTerminal;
use std::sync::OnceLock;
use std::time::Instant;
use tracing::Span;
use tracing::debug;
use tracing::error;
use tracing::info;
use tracing::info_span;
use tracing::warn;
use tracing_actix_web::RootSpanBuilder;
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
        LogFormat::Pretty => layer.pretty().boxed(),
        LogFormat::Compact => layer.compact().boxed(),
    };
    let is_first = tracing_subscriber::registry().with(filter).with(layer).try_init().is_ok();
    if let Some(wrong) = wrong.filter(|_| is_first) {
        eprintln!("{wrong}");
    }
}

/// Logs panics in place of the raw text that would stand between log lines.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string);
        error!(target: "forge.server", at, panic = panic_text(panic.payload()), "internal fault");
    }));
}

/// The text of a panic.
pub(super) fn panic_text(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
    text.unwrap_or("<non-string panic payload>")
}

/// Logs a finding about a program that serves all the same.
pub(super) fn warning(found: &Diagnostic, sources: &Sources) {
    let at = found.span.map(|span| sources.place(span));
    warn!(target: "forge.server", at, "{}", found.headline());
}

/// Says that a program has routes and no server.
pub fn warn_of_unserved() {
    warn!(target: "forge.server", "route decorators found but no @server; not serving");
}

/// When a request began; kept in its extensions.
pub(super) struct Started(pub(super) Instant);

/// Makes the span of a request, and its completion event.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        request.extensions_mut().insert(Started(Instant::now()));
        let extensions = request.extensions();
        let span = info_span!(
            target: "forge.http",
            "request",
            method = %request.method(),
            uri = %request.uri(),
            version = ?request.version(),
            request_id = extensions.get::<RequestId>().map(RequestId::logged),
        );
        debug!(target: "forge.http", parent: &span, "started processing request");
        span
    }

    fn on_request_end<B: MessageBody>(_span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let (status, latency) = match outcome {
            Ok(response) => (response.status(), latency(response)),
            Err(error) => (error.as_response_error().status_code(), 0),
        };
        if !is_unlogged(outcome) {
            info!(
                target: "forge.http",
                latency = format_args!("{latency} ms"),
                latency_ms = latency,
                status = status.as_u16(),
                "finished processing request"
            );
        }
        if status.is_server_error() {
            failed(status, latency);
        }
    }
}

fn is_unlogged<B>(outcome: &Result<ServiceResponse<B>, Error>) -> bool {
    outcome.as_ref().is_ok_and(|answer| answer.response().extensions().contains::<Unlogged>())
}

fn latency<B>(response: &ServiceResponse<B>) -> u64 {
    let extensions = response.request().extensions();
    extensions.get::<Started>().map_or(0, |started| started.0.elapsed().as_millis() as u64)
}

fn failed(status: StatusCode, latency: u64) {
    error!(
        target: "forge.http",
        classification = format_args!("Status code: {status}"),
        latency = format_args!("{latency} ms"),
        "response failed"
    );
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
