//! From a request to its answer: one fork, one machine, one slice on the spot; what needs more moves away (server 5.1).

use super::body;
use super::call::Call;
use super::call::Progress;
use super::cors;
use super::flow::Streamed;
use super::logs;
use super::logs::Completion;
use super::logs::Started;
use super::logs::panic_text;
use super::metrics;
use super::metrics::Count;
use super::metrics::Metrics;
use super::options::MOST_HEAD;
use super::options::Options;
use super::probes;
use super::probes::Unlogged;
use super::reply::INTERNAL;
use super::reply::Reply;
use super::request_id::RequestId;
use super::routes::Found;
use super::socket;
use super::worker::Permit;
use super::worker::Shared;
use super::worker::Worker;
use crate::stdlib;
use crate::stdlib::Carried;
use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::StatusCode;
use actix_web::http::Version;
use actix_web::http::header::ALLOW;
use actix_web::http::header::HeaderName;
use actix_web::http::header::HeaderValue;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::Payload;
use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;
use std::time::Instant;
use tokio::task::JoinError;
use tokio::task::JoinHandle;
use tracing::Instrument;
use tracing::Span;
use tracing::error;
use tracing::warn;

/// Answers one request.
pub(super) async fn answer(
    worker: Arc<Worker>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let shared = &worker.shared;
    if let Some(probe) = probes::answer(shared, &request) {
        return probe;
    }
    let answer = reply(&worker, &request, payload).await;
    let mut response = answer.unwrap_or_else(Reply::into_response);
    cors::allow(&shared.options.cors, &request, &mut response);
    let status = response.status();
    let count = shared.metrics.as_ref().map(|metrics| count(metrics, shared, &request, status));
    let is_logged = shared.options.access_log;
    let streamed = response.extensions_mut().remove::<Streamed>();
    if !is_logged || streamed.is_some() {
        response.extensions_mut().insert(Unlogged);
    }
    match (streamed, count) {
        (Some(streamed), count) => {
            let (span, since) = (Span::current(), Started::of(&request));
            streamed.tell(Completion { span, since, status, is_logged, count });
        }
        (None, Some(count)) => count.count(Started::of(&request).elapsed()),
        (None, None) => {}
    }
    response
}

fn count(
    metrics: &Arc<Metrics>,
    shared: &Shared,
    request: &HttpRequest,
    status: StatusCode,
) -> Count {
    let extensions = request.extensions();
    let route = extensions.get::<Matched>().map(|found| &shared.table.routes[found.0]);
    Count {
        metrics: metrics.clone(),
        method: metrics::method(request.method().as_str()),
        route: route.map_or(String::new(), |it| it.plan.pattern.clone()),
        status: status.as_u16(),
    }
}

async fn reply(
    worker: &Arc<Worker>,
    request: &HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Reply> {
    let shared = &worker.shared;
    if !head_fits(request, &shared.options) {
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        return Err(Reply::error(status, "request head too large"));
    }
    let (route, captured) = match shared.table.find(request.method(), request.path()) {
        Found::Route(route, captured) => (route, captured),
        Found::OtherMethod(allow) => return Err(other_method(request.method(), allow)),
        Found::Nothing => return unrouted(shared, request).await,
    };
    if shared.metrics.is_some() {
        request.extensions_mut().insert(Matched(route.number));
    }
    let captured = route.binding.decode(&captured)?;
    if route.plan.method == "WS" {
        return socket::upgrade(worker, route, &captured, request, payload);
    }
    let args = route.binding.arguments(&captured, request)?;
    let body = match body::is_wanted(request.method()) {
        true => {
            let read = body::read(request, payload, &route.binding, &shared.options);
            // Apart, so that requests without a body keep no room for reading one while they wait.
            unless_gone(request, Box::pin(read)).await?
        }
        false => None,
    };
    let permit = Permit::take(worker).ok_or_else(at_capacity)?;
    let mut call = Call::new(permit, route, request, args, body);
    let mut carried = None;
    if shared.spawns {
        carried = Some(Carried { fields: passed_on(request), permit: call.lend() });
    }
    let begin = |call: Call| match carried.clone() {
        Some(carried) => stdlib::carrying_now(carried, || call.begin()),
        None => call.begin(),
    };
    let mut progress = match call.is_large() {
        true => Progress::Waits(call),
        false => catch_unwind(AssertUnwindSafe(|| begin(call)))
            .map_err(|panic| panicked(&route.plan.handler, &*panic))?,
    };
    let span = progress.span();
    if let Progress::Done(reply) = progress {
        return Ok(reply.into_response());
    }
    let permit = progress.lend();
    let carried = carried.unwrap_or_else(|| Carried { fields: passed_on(request), permit });
    let work = stdlib::carrying(carried, progress.finish());
    let moved = Moved(shared.runtime.spawn(work.instrument(span)));
    let ended = unless_gone(request, in_time(moved, shared.options.request_time)).await;
    match ended.ok_or_else(|| timed_out(&route.plan.handler))? {
        Ok(reply) => Ok(reply.into_response()),
        Err(lost) => Err(match lost.try_into_panic() {
            Ok(panic) => panicked(&route.plan.handler, &*panic),
            Err(_) => Reply::error(StatusCode::SERVICE_UNAVAILABLE, "server shutting down"),
        }),
    }
}

/// Whether the head of a request is within the limit. Of HTTP/1 nothing larger than all can be is ever read.
fn head_fits(request: &HttpRequest, options: &Options) -> bool {
    if options.head_bytes == MOST_HEAD && request.version() < Version::HTTP_2 {
        return true;
    }
    // What stands between them on the wire.
    let header = |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len() + 4;
    let line = request.method().as_str().len() + request.uri().to_string().len();
    request.headers().iter().map(header).sum::<usize>() + line <= options.head_bytes
}

/// What the requests carry that a handler sends itself: whoever reads the logs of both servers finds them together.
pub(super) fn passed_on(request: &HttpRequest) -> Arc<[(&'static str, String)]> {
    let header = |name| request.headers().get(name)?.to_str().ok().map(str::to_owned);
    let id = request.extensions().get::<RequestId>().and_then(RequestId::passed_on);
    let fields = [
        ("x-request-id", id),
        ("traceparent", header("traceparent")),
        ("tracestate", header("tracestate")),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// What `future` gives, unless that takes too long: then it is dropped.
pub(super) async fn in_time<F: Future>(future: F, limit: Option<Duration>) -> Option<F::Output> {
    match limit {
        Some(limit) => tokio::time::timeout(limit, future).await.ok(),
        None => Some(future.await),
    }
}

/// The answer on a path without a route: a file, if there is one.
async fn unrouted(shared: &Shared, request: &HttpRequest) -> Result<HttpResponse, Reply> {
    let not_found = || Reply::error(StatusCode::NOT_FOUND, "not found");
    match *request.method() {
        Method::OPTIONS => return Err(Reply::empty(StatusCode::OK)),
        Method::GET | Method::HEAD => {}
        _ => return Err(not_found()),
    }
    for target in shared.mounts.iter().filter_map(|mount| mount.target(request.path())) {
        let opened = shared.runtime.spawn_blocking(|| target.open()).await;
        if let Ok(Ok(file)) = opened {
            return Ok(file.into_response(request));
        }
    }
    Err(not_found())
}

fn timed_out(handler: &str) -> Reply {
    warn!(target: "forge.server", handler, "handler timed out");
    Reply::error(StatusCode::GATEWAY_TIMEOUT, "handler timed out")
}

/// The number of the route that answers; kept in the extensions of a request when answers are counted.
struct Matched(usize);

fn other_method(method: &Method, allow: &HeaderValue) -> Reply {
    let reply = match *method {
        Method::OPTIONS => Reply::empty(StatusCode::OK),
        _ => Reply::error(StatusCode::METHOD_NOT_ALLOWED, "method not allowed"),
    };
    reply.with(ALLOW, allow.clone())
}

fn at_capacity() -> Reply {
    Reply::error(StatusCode::SERVICE_UNAVAILABLE, "server at capacity")
        .with(RETRY_AFTER, HeaderValue::from_static("1"))
}

/// Logs a panic, of which the client learns nothing.
fn panicked(handler: &str, panic: &(dyn Any + Send)) -> Reply {
    error!(target: "forge.server", handler, panic = panic_text(panic), "handler panicked");
    Reply::error(StatusCode::INTERNAL_SERVER_ERROR, INTERNAL)
}

/// A task that ends with its owner: a plain handle would leave it running.
pub(super) struct Moved<T>(JoinHandle<T>);

impl<T> Moved<T> {
    pub(super) fn new(handle: JoinHandle<T>) -> Moved<T> {
        Moved(handle)
    }
}

impl<T> Future for Moved<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context)
    }
}

impl<T> Drop for Moved<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Waits, and says so when the wait is cut short: no completion event will follow.
async fn unless_gone<F: Future>(request: &HttpRequest, future: F) -> F::Output {
    let gone = Gone::new(Span::current(), Started::of(request));
    let output = future.await;
    gone.arrived();
    output
}

/// A request under way. Dropped with it, outside its span.
struct Gone {
    span: Span,
    since: Instant,
    is_over: bool,
}

impl Gone {
    fn new(span: Span, since: Instant) -> Gone {
        Gone { span, since, is_over: false }
    }

    fn arrived(mut self) {
        self.is_over = true;
    }
}

impl Drop for Gone {
    fn drop(&mut self) {
        if !self.is_over {
            logs::cancelled(&self.span, self.since);
        }
    }
}
