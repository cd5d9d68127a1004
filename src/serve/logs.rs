//! What the server says about itself: the span of a request, its last event (server 8).

use super::metrics::Count;
use super::probes::Unlogged;
use super::request_id::RequestId;
use super::request_id::arrival;
use crate::diag::Diagnostic;
use crate::diag::Sources;
use crate::logs::join_trace;
use actix_web::Error;
use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceRequest;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use std::any::Any;
use std::time::Instant;
use tracing::Span;
use tracing::debug;
use tracing::error;
use tracing::info;
use tracing::info_span;
use tracing::warn;
use tracing_actix_web::RootSpanBuilder;

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

/// What is said of an answer that is a stream, when that ends.
pub(super) struct Completion {
    /// That of the request.
    pub(super) span: Span,
    pub(super) since: Instant,
    pub(super) status: StatusCode,
    pub(super) is_logged: bool,
    pub(super) count: Option<Count>,
}

impl Completion {
    /// All of it is on its way: so many bytes.
    pub(super) fn ended(&self, bytes: u64) {
        self.count();
        if self.is_logged {
            let latency = self.since.elapsed().as_millis() as u64;
            self.span.in_scope(|| finished(self.status, latency, Some(bytes)));
        }
    }

    /// The client has left.
    pub(super) fn cancelled(&self) {
        self.count();
        cancelled(&self.span, self.since);
    }

    fn count(&self) {
        if let Some(count) = &self.count {
            count.count(self.since.elapsed());
        }
    }
}

/// Says that nobody waits for an answer any more: no completion event will follow.
pub(super) fn cancelled(span: &Span, since: Instant) {
    let latency_ms = since.elapsed().as_millis() as u64;
    info!(target: "forge.server", parent: span, latency_ms, "request cancelled by client");
}

/// The completion event, in the span of a request; `bytes` where nobody knew them before.
fn finished(status: StatusCode, latency: u64, bytes: Option<u64>) {
    info!(
        target: "forge.http",
        latency = format_args!("{latency} ms"),
        latency_ms = latency,
        status = status.as_u16(),
        bytes,
        "finished processing request"
    );
}

/// Makes the span of a request, and its completion event.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let extensions = request.extensions();
        let span = info_span!(
            target: "forge.http",
            "request",
            method = %request.method(),
            uri = %request.uri(),
            version = ?request.version(),
            request_id = extensions.get::<RequestId>().map(RequestId::logged),
        );
        join_trace(&span, |name| request.headers().get(name)?.to_str().ok());
        debug!(target: "forge.http", parent: &span, "started processing request");
        span
    }

    fn on_request_end<B: MessageBody>(_span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let (status, latency) = match outcome {
            Ok(response) => (response.status(), latency(response)),
            Err(error) => (error.as_response_error().status_code(), 0),
        };
        if !is_unlogged(outcome) {
            finished(status, latency, None);
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
    arrival(response.request()).elapsed().as_millis() as u64
}

fn failed(status: StatusCode, latency: u64) {
    error!(
        target: "forge.http",
        classification = format_args!("Status code: {status}"),
        latency = format_args!("{latency} ms"),
        "response failed"
    );
}
