//! A program that answers in its own process, without a socket: the requests of its tests. They take the way of all others
//! from the first middleware on; only the bytes of HTTP are not written and read.

use super::app::app;
use super::handler;
use super::options::MOST_HEAD;
use super::server::Service;
use super::worker::Premises;
use super::worker::Remains;
use super::worker::Shared;
use super::worker::Worker;
use crate::compile::Plan;
use crate::diag::Fault;
use crate::diag::Sources;
use crate::engine::Template;
use crate::machine::Image;
use crate::native::Answered;
use crate::native::Answering;
use crate::native::Asked;
use crate::native::Served;
use crate::world::Environment;
use crate::world::World;
use actix_web::HttpRequest;
use actix_web::body::BodySize;
use actix_web::body::MessageBody;
use actix_web::dev::Service as _;
use actix_web::http::Method;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::http::header::DATE;
use actix_web::http::header::HeaderMap;
use actix_web::http::header::HeaderName;
use actix_web::http::header::HeaderValue;
use actix_web::http::header::HttpDate;
use actix_web::http::header::TRANSFER_ENCODING;
use actix_web::rt;
use actix_web::test::TestRequest;
use actix_web::test::init_service;
use actix_web::web;
use std::error::Error;
use std::future::poll_fn;
use std::io;
use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::SystemTime;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::sync::oneshot;

/// Where requests seem to come from.
const CLIENT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 49152);

/// The threads that accept such requests, as the workers of a server do: they start with the first, and end with this.
pub struct Threads {
    count: usize,
    next: AtomicUsize,
    each: OnceLock<io::Result<Vec<mpsc::UnboundedSender<Job>>>>,
}

/// A request, the program that answers it, and where the answer goes.
struct Job {
    shared: Arc<Shared>,
    asked: Asked,
    answer: oneshot::Sender<Result<Answered, Fault>>,
}

impl Threads {
    /// So many threads, at least one.
    pub fn new(count: usize) -> Threads {
        Threads { count: count.max(1), next: AtomicUsize::new(0), each: OnceLock::new() }
    }

    fn send(&self, job: Job) -> Result<(), Fault> {
        let started = self.each.get_or_init(|| (0..self.count).map(start).collect());
        let each = started.as_ref();
        let each = each.map_err(|error| Fault::message(format!("could not start: {error}")))?;
        let turn = self.next.fetch_add(1, Relaxed) % each.len();
        assert!(each[turn].send(job).is_ok(), "a thread works as long as it can be reached");
        Ok(())
    }
}

fn start(i: usize) -> io::Result<mpsc::UnboundedSender<Job>> {
    let (sender, jobs) = mpsc::unbounded_channel();
    let work = move || match rt::Runtime::new() {
        Ok(runtime) => runtime.block_on(work(jobs)),
        Err(error) => panic!("a runtime can be made: {error}"),
    };
    thread::Builder::new().name(format!("forge-inside-{i}")).spawn(work)?;
    Ok(sender)
}

/// Answers requests, beside one another, until nobody can send any more.
async fn work(mut jobs: mpsc::UnboundedReceiver<Job>) {
    while let Some(Job { shared, asked, mut answer }) = jobs.recv().await {
        rt::spawn(async move {
            let answered = tokio::select! {
                answered = answer_one(shared, asked) => answered,
                // The client has left.
                () = answer.closed() => return,
            };
            // It may leave at the last moment, too.
            let _ = answer.send(answered);
        });
    }
}

async fn answer_one(shared: Arc<Shared>, asked: Asked) -> Result<Answered, Fault> {
    let request = request(&asked)?;
    let worker = Arc::new(Worker::new(shared));
    let answer = move |request: HttpRequest, payload: web::Payload| {
        handler::answer(worker.clone(), request, payload)
    };
    let service = init_service(app(answer)).await;
    let response = service.call(request.to_request()).await;
    let response = response.map_err(|error| Fault::message(error.to_string()))?;
    let status = response.status();
    let is_bodiless = status == StatusCode::NO_CONTENT || status == StatusCode::NOT_MODIFIED;
    let size = if is_bodiless { BodySize::None } else { response.response().body().size() };
    let headers = headers(response.headers(), size);
    let body = response.into_body();
    let is_unsent = is_bodiless || asked.method == Method::HEAD.as_str();
    let body = if is_unsent { Vec::new() } else { all(body, asked.most).await? };
    Ok(Answered { status: status.as_u16(), headers, body })
}

/// The headers as the encoder of HTTP/1 writes them.
fn headers(own: &HeaderMap, size: BodySize) -> Vec<(String, Vec<u8>)> {
    let framing = match size {
        BodySize::Sized(size) => Some((CONTENT_LENGTH, size.to_string())),
        BodySize::Stream => Some((TRANSFER_ENCODING, "chunked".to_owned())),
        BodySize::None => None,
    };
    let date = (!own.contains_key(DATE)).then(|| HttpDate::from(SystemTime::now()).to_string());
    let date = date.map(|date| (DATE, date));
    let text = |(name, value): (HeaderName, String)| (name.to_string(), value.into_bytes());
    let own = own.iter().filter(|(name, _)| ![CONTENT_LENGTH, TRANSFER_ENCODING].contains(name));
    let own = own.map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()));
    framing.map(text).into_iter().chain(own).chain(date.map(text)).collect()
}

/// The request as the parser of HTTP would give it.
fn request(asked: &Asked) -> Result<TestRequest, Fault> {
    let head: usize = asked.headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
    if head + asked.target.len() > MOST_HEAD {
        return Err(Fault::message(format!("the request's head has more than {MOST_HEAD} bytes")));
    }
    let wrong = |what: &str| Fault::message(format!("invalid {what}"));
    let method = Method::from_bytes(asked.method.as_bytes()).map_err(|_| wrong("method"))?;
    let mut request = TestRequest::default().method(method).uri(&asked.target).peer_addr(CLIENT);
    for (name, value) in &asked.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong("header name"))?;
        let value = HeaderValue::from_bytes(value).map_err(|_| wrong("header value"))?;
        request = request.append_header((name, value));
    }
    Ok(match &asked.body {
        Some(body) => request.set_payload(body.clone()),
        None => request,
    })
}

/// A whole body, of at most so many bytes.
async fn all(body: impl MessageBody, most: u64) -> Result<Vec<u8>, Fault> {
    let mut body = pin!(body);
    let mut bytes = Vec::new();
    while let Some(piece) = poll_fn(|context| body.as_mut().poll_next(context)).await {
        let broken = |why: Box<dyn Error>| Fault::message(format!("body read error: {why}"));
        let piece = piece.map_err(|error| broken(error.into()))?;
        bytes.extend_from_slice(&piece);
        if bytes.len() as u64 > most {
            return Err(Fault::message(format!("response body exceeded cap of {most} bytes")));
        }
    }
    Ok(bytes)
}

/// A program whose tests ask it.
pub struct Inside {
    image: Arc<Image>,
    plan: Arc<Plan>,
    sources: Arc<Sources>,
    runtime: Handle,
    premises: Arc<Premises>,
    /// What handlers leave behind goes on as long as this.
    remains: Arc<Remains>,
    threads: Arc<Threads>,
}

impl Inside {
    /// The program of `image`, whose long requests go on in `runtime`.
    pub fn new(image: &Image, plan: &Arc<Plan>, runtime: Handle, threads: Arc<Threads>) -> Inside {
        let scope = image.scope.limited(image.max_tasks);
        Inside {
            remains: Remains::of(&scope),
            sources: image.sources.clone(),
            image: Arc::new(Image { scope, ..image.clone() }),
            plan: plan.clone(),
            runtime,
            premises: Arc::new(Premises::new()),
            threads,
        }
    }

    /// The program as one request finds it.
    fn open(&self, template: Template) -> Result<Shared, Fault> {
        let service = Service::new(template, &self.plan, |_| (), &self.sources);
        let service = service.map_err(|found| {
            Fault::message(found.first().map_or("it cannot be served", |found| found.headline()))
        })?;
        let (premises, remains) = (self.premises.clone(), self.remains.clone());
        Ok(service.open_with(premises, &self.runtime, None, remains))
    }
}

impl Served for Inside {
    fn answer(&self, world: triomphe::Arc<World>, env: Environment, asked: Asked) -> Answering {
        let template = Template { image: self.image.clone(), env, world };
        let (answer, answered) = oneshot::channel();
        let opened = self.open(template);
        let threads = self.threads.clone();
        Box::pin(async move {
            threads.send(Job { shared: Arc::new(opened?), asked, answer })?;
            let lost = |_| Err(Fault::message("internal fault: the request was lost"));
            answered.await.unwrap_or_else(lost)
        })
    }
}
