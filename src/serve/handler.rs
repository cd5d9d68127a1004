//! From a request to its answer: one fork, one machine, one slice on the spot; what needs more moves away (server 5.1).

use super::body;
use super::body::Body;
use super::call::Call;
use super::call::Progress;
use super::compress;
use super::cors;
use super::flow::Streamed;
use super::logs;
use super::logs::Completion;
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
use super::request_id::arrival;
use super::routes::Found;
use super::routes::Route;
use super::socket;
use super::worker::Permit;
use super::worker::Shared;
use super::worker::Worker;
use crate::stdlib;
use crate::stdlib::Carried;
use crate::value::Value;
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
use futures_util::future::Either;
use std::any::Any;
use std::future::Ready;
use std::future::ready;
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

/// What becomes of a request.
enum Begun {
    /// It is answered.
    Now(HttpResponse),
    /// Its answer comes later. Apart, so that what is answered at once keeps no room for waiting.
    Later(Pin<Box<dyn Future<Output = Result<HttpResponse, Reply>>>>),
}

/// The answer to a request, which may be there already.
pub(super) type Answering =
    Either<Ready<HttpResponse>, Pin<Box<dyn Future<Output = HttpResponse>>>>;

/// Answers one request.
pub(super) fn answer(worker: Arc<Worker>, request: HttpRequest, payload: Payload) -> Answering {
    if let Some(probe) = probes::answer(&worker.shared, &request) {
        let options = &worker.shared.options;
        return Either::Left(ready(compress::if_worthwhile(options, &request, probe)));
    }
    let answer = match begin(&worker, &request, payload) {
        Ok(Begun::Later(answer)) => {
            return Either::Right(Box::pin(async move {
                let answer = answer.await;
                complete(&worker.shared, &request, answer)
            }));
        }
        Ok(Begun::Now(answer)) => Ok(answer),
        Err(reply) => Err(reply),
    };
    Either::Left(ready(complete(&worker.shared, &request, answer)))
}

/// What belongs to every answer that a route or a file gives, and to those that say why there is none.
fn complete(
    shared: &Shared,
    request: &HttpRequest,
    answer: Result<HttpResponse, Reply>,
) -> HttpResponse {
    let mut response = answer.unwrap_or_else(Reply::into_response);
    cors::allow(&shared.options.cors, request, &mut response);
    let status = response.status();
    let count = shared.metrics.as_ref().map(|metrics| count(metrics, shared, request, status));
    let is_logged = shared.options.access_log;
    let streamed = response.extensions_mut().remove::<Streamed>();
    if !is_logged || streamed.is_some() {
        response.extensions_mut().insert(Unlogged);
    }
    match (streamed, count) {
        (Some(streamed), count) => {
            let (span, since) = (Span::current(), arrival(request));
            streamed.tell(Completion { span, since, status, is_logged, count });
        }
        (None, Some(count)) => count.count(arrival(request).elapsed()),
        (None, None) => {}
    }
    compress::if_worthwhile(&shared.options, request, response)
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

/// Finds out what answers, and begins it.
///
/// # Errors
/// The answer to a request that nothing answers.
fn begin(worker: &Arc<Worker>, request: &HttpRequest, payload: Payload) -> Result<Begun, Reply> {
    let shared = &worker.shared;
    if !head_fits(request, &shared.options) {
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        return Err(Reply::error(status, "request head too large"));
    }
    let (route, captured) = match shared.table.find(request.method(), request.path()) {
        Found::Route(route, captured) => (route, captured),
        Found::OtherMethod(allow) => return Err(other_method(request.method(), allow)),
        Found::Nothing => return unrouted(shared, request),
    };
    if shared.metrics.is_some() {
        request.extensions_mut().insert(Matched(route.number));
    }
    let captured = route.binding.decode(&captured)?;
    if route.plan.method == "WS" {
        return socket::upgrade(worker, route, &captured, request, payload).map(Begun::Now);
    }
    let args = route.binding.arguments(&captured, request)?;
    if !body::is_wanted(request.method()) {
        return run(worker, route, request, args, None);
    }
    let (worker, request, number) = (worker.clone(), request.clone(), route.number);
    Ok(Begun::Later(Box::pin(async move {
        let route = &worker.shared.table.routes[number];
        let read = body::read(&request, payload, &route.binding, &worker.shared.options);
        // Apart, so that nothing keeps room for reading while its handler waits.
        let body = unless_gone(&request, Box::pin(read)).await?;
        match run(&worker, route, &request, args, body)? {
            Begun::Now(answer) => Ok(answer),
            Begun::Later(answer) => answer.await,
        }
    })))
}

/// Runs the handler of a route: its first slice here, the rest where it delays nobody.
fn run(
    worker: &Arc<Worker>,
    route: &Route,
    request: &HttpRequest,
    args: Vec<Value>,
    body: Option<Body>,
) -> Result<Begun, Reply> {
    let shared = &worker.shared;
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
        return Ok(Begun::Now(reply.into_response()));
    }
    let permit = progress.lend();
    let carried = carried.unwrap_or_else(|| Carried { fields: passed_on(request), permit });
    let work = stdlib::carrying(carried, progress.finish());
    let moved = Moved(shared.runtime.spawn(work.instrument(span)));
    let (worker, request, number) = (worker.clone(), request.clone(), route.number);
    Ok(Begun::Later(Box::pin(async move {
        let Shared { options, table, .. } = &*worker.shared;
        let handler = &table.routes[number].plan.handler;
        let ended = unless_gone(&request, in_time(moved, options.request_time)).await;
        match ended.ok_or_else(|| timed_out(handler))? {
            Ok(reply) => Ok(reply.into_response()),
            Err(lost) => Err(match lost.try_into_panic() {
                Ok(panic) => panicked(handler, &*panic),
                Err(_) => Reply::error(StatusCode::SERVICE_UNAVAILABLE, "server shutting down"),
            }),
        }
    })))
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
fn unrouted(shared: &Shared, request: &HttpRequest) -> Result<Begun, Reply> {
    let not_found = || Reply::error(StatusCode::NOT_FOUND, "not found");
    match *request.method() {
        Method::OPTIONS => return Err(Reply::empty(StatusCode::OK)),
        Method::GET | Method::HEAD => {}
        _ => return Err(not_found()),
    }
    let targets = shared.mounts.iter().filter_map(|mount| mount.target(request.path()));
    let targets: Vec<_> = targets.collect();
    if targets.is_empty() {
        return Err(not_found());
    }
    let (runtime, request) = (shared.runtime.clone(), request.clone());
    Ok(Begun::Later(Box::pin(async move {
        for target in targets {
            if let Ok(Ok(file)) = runtime.spawn_blocking(|| target.open()).await {
                return Ok(file.into_response(&request));
            }
        }
        Err(not_found())
    })))
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
    let gone = Gone::new(Span::current(), arrival(request));
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
