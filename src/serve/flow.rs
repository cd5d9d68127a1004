//! A stream as an answer: its elements are pulled on the request's own fork, as fast as the client takes them.
//!
//! A client that is slow makes the puller wait, one that leaves drops it. Elements that come without waiting go out
//! together; one that waits sends first what is there.

use super::call::Call;
use super::events;
use super::handler::Moved;
use super::logs::Completion;
use super::reply::Reply;
use super::slices;
use crate::builtins::response;
use crate::diag::Error;
use crate::handles::Channel;
use crate::handles::Scope;
use crate::machine::Fuel;
use crate::machine::Machine;
use crate::machine::Step;
use crate::stdlib;
use crate::task;
use crate::value::Value;
use crate::value::to_bytes;
use crate::value::write_json;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::http::header::HeaderValue;
use actix_web::web::Bytes;
use std::io;
use std::pin::Pin;
use std::pin::pin;
use std::sync::Arc;
use std::sync::OnceLock;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;
use std::time::Instant;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tracing::Instrument;

/// So many bytes are a piece.
const ENOUGH: usize = 16 << 10;

/// What is there goes out after this time, and others have their turn.
const TURN: Duration = Duration::from_millis(1);

/// After so long without an event a connection is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(15);

const EVENTS: &str = "text/event-stream";
const LINES: HeaderValue = HeaderValue::from_static("application/x-ndjson");
const PLAIN: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// The stream or channel whose elements `value` sends, if it is such an answer.
pub(super) fn source(value: &Value) -> Option<Value> {
    let is_stream = |value: &Value| matches!(value, Value::Stream(_));
    let found = match response(value) {
        None => Some(value.thawed()).filter(|it| is_stream(it)),
        Some(made) => {
            let body = made.body.thawed();
            Some(body).filter(|it| is_stream(it) || Channel::of(it).is_some())
        }
    };
    found.cloned()
}

/// What the elements become.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Server-sent events.
    Events,
    /// Lines of JSON.
    Lines,
    /// Texts and bytes as they are; others as lines of JSON.
    Chunks,
}

/// A stream under way.
struct Flow {
    /// The last that ran in the world of the request.
    machine: Machine,
    source: Value,
    form: Form,
    call: Call,
    outbox: Outbox,
    scope: Dropped,
}

/// What is on its way to the client. `None` is the end; without one the stream broke off.
struct Outbox {
    bytes: Vec<u8>,
    since: Instant,
    pieces: mpsc::Sender<Option<Bytes>>,
}

/// How a stream came to its end.
enum End {
    Over,
    Failed(Error),
    /// Nobody takes it any more.
    Unwanted,
}

/// The body that the client gets.
pub(super) struct Pieces {
    pieces: mpsc::Receiver<Option<Bytes>>,
    _puller: Moved<()>,
    /// Whether what came before has had its turn to go out.
    is_broken: bool,
    /// So many so far.
    bytes: u64,
    streamed: Streamed,
}

/// What is to be said when a stream has ended, told when its answer begins.
#[derive(Clone, Default)]
pub(super) struct Streamed(Arc<OnceLock<Completion>>);

impl Streamed {
    pub(super) fn tell(&self, completion: Completion) {
        // Nobody else has: it is taken out of the answer.
        let _ = self.0.set(completion);
    }
}

impl Pieces {
    /// Who wants to know when the stream has ended says so here.
    pub(super) fn streamed(&self) -> Streamed {
        self.streamed.clone()
    }

    fn ended(&mut self) {
        if let Some(completion) = self.streamed.0.get() {
            completion.ended(self.bytes);
        }
        self.streamed = Streamed::default();
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        if let Some(completion) = self.streamed.0.get() {
            completion.cancelled();
        }
    }
}

/// Cancels what hangs below a request whose client leaves while it is answered.
struct Dropped(Option<Arc<Scope>>);

/// The answer that sends the elements of `source`, once the first of them says what they are. Events begin at once.
pub(super) async fn answer(
    mut call: Call,
    mut machine: Machine,
    made: &Value,
    source: Value,
) -> Reply {
    let mut reply = match Reply::head(made) {
        Ok(reply) if !reply.is_bodiless() => reply,
        Ok(reply) | Err(reply) => return reply,
    };
    let scope = Dropped(Some(machine.scope()));
    let declared = reply.header(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let mut first = None;
    let form = match declared {
        Some(kind) if kind.starts_with(EVENTS) => Form::Events,
        _ => {
            machine = machine.to_pull(&source);
            match task::drive(&mut machine).await {
                Ok(found) => first = Some(element(found)),
                Err(error) => return call.failed(&error),
            }
            let (form, kind) = form(declared, first.as_ref().and_then(Option::as_ref));
            if declared.is_none() {
                reply = reply.with(CONTENT_TYPE, kind);
            }
            form
        }
    };
    if call.is_head {
        return reply.with_unsent_body();
    }
    let (sender, pieces) = mpsc::channel(1);
    let span = call.open_span();
    let runtime = call.shared().runtime.clone();
    let outbox = Outbox { bytes: Vec::new(), since: Instant::now(), pieces: sender };
    let flow = Flow { machine, source, form, call, outbox, scope };
    let puller = stdlib::carry_on(flow.run(first).instrument(span));
    let _puller = Moved::new(runtime.spawn(puller));
    let streamed = Streamed::default();
    reply.with_pieces(Pieces { pieces, _puller, is_broken: false, bytes: 0, streamed })
}

/// The form for elements of which `first` is the first, and what it is called.
fn form(declared: Option<&str>, first: Option<&Value>) -> (Form, HeaderValue) {
    let is_lines = |kind: &str| kind.contains("ndjson") || kind.contains("jsonl");
    match first.map(Value::thawed) {
        _ if declared.is_some_and(is_lines) => (Form::Lines, LINES),
        Some(Value::Str(_)) => (Form::Chunks, PLAIN),
        Some(value) if to_bytes(value).is_some() => (Form::Chunks, BYTES),
        _ => (Form::Lines, LINES),
    }
}

/// What a pull gave; `None` at the end.
fn element(pulled: Value) -> Option<Value> {
    match pulled {
        Value::Some(inner) => Some(inner.get().clone()),
        _ => None,
    }
}

impl Flow {
    async fn run(mut self, first: Option<Option<Value>>) {
        let end = match first {
            Some(None) => End::Over,
            Some(Some(first)) => match self.write(&first) {
                Ok(()) => self.pull_all().await,
                Err(error) => End::Failed(error),
            },
            None => self.pull_all().await,
        };
        let Flow { machine, mut call, mut outbox, mut scope, .. } = self;
        drop(machine);
        match end {
            // Dropping them says so.
            End::Unwanted => return,
            End::Failed(error) => {
                call.log_failure(&error, "stream broke off");
                outbox.flush().await;
            }
            End::Over => {
                outbox.flush().await;
                let _ = outbox.pieces.send(None).await;
            }
        }
        scope.0 = None;
    }

    async fn pull_all(&mut self) -> End {
        loop {
            self.machine = self.machine.to_pull(&self.source);
            let pulled = match self.machine.resume(Fuel::SLICE, None) {
                Step::Done(value) => Ok(value),
                Step::Failed(error) => Err(error),
                step => match self.wait(step).await {
                    Ok(pulled) => pulled,
                    Err(end) => return end,
                },
            };
            let written = match pulled.map(element) {
                Ok(None) => return End::Over,
                Ok(Some(found)) => {
                    let written = self.write(&found);
                    self.machine.release(found);
                    written
                }
                Err(error) => Err(error),
            };
            if let Err(error) = written {
                return End::Failed(error);
            }
            if self.outbox.is_full() {
                if self.outbox.flush().await.is_none() {
                    return End::Unwanted;
                }
                if self.form == Form::Events && self.call.shared().has_ended() {
                    return End::Over;
                }
            }
        }
    }

    /// Sends what is there, and waits for an element that does not come at once. A stream of events says now and then
    /// that it lives, and ends with the server.
    async fn wait(&mut self, step: Step) -> Result<Result<Value, Error>, End> {
        self.outbox.flush().await.ok_or(End::Unwanted)?;
        let mut ended = pin!(task::finish(&mut self.machine, step));
        if self.form != Form::Events {
            return Ok(ended.await);
        }
        let mut over = pin!(self.call.shared().ends());
        loop {
            tokio::select! {
                biased;
                ended = &mut ended => return Ok(ended),
                _ = &mut over => return Err(End::Over),
                () = sleep(SILENCE) => {
                    self.outbox.bytes.extend_from_slice(events::NOTHING);
                    self.outbox.flush().await.ok_or(End::Unwanted)?;
                }
            }
        }
    }

    fn write(&mut self, value: &Value) -> Result<(), Error> {
        let (form, out) = (self.form, &mut self.outbox.bytes);
        let write = |value: &Value| match (form, value.thawed()) {
            (Form::Events, value) => events::write(value, out),
            (Form::Chunks, Value::Str(text)) => {
                out.extend_from_slice(text.as_bytes());
                Ok(())
            }
            (form, value) => match (form == Form::Chunks).then(|| to_bytes(value)).flatten() {
                Some(bytes) => {
                    out.extend(bytes);
                    Ok(())
                }
                None => write_json(value, out).map(|()| out.push(b'\n')),
            },
        };
        slices::written(value, write).map_err(super::call::unplaced)
    }
}

impl Outbox {
    fn is_full(&self) -> bool {
        self.bytes.len() >= ENOUGH || self.since.elapsed() >= TURN
    }

    /// Sends what is there, when the client has taken what came before; `None` when it takes no more.
    async fn flush(&mut self) -> Option<()> {
        if !self.bytes.is_empty() {
            let bytes = std::mem::take(&mut self.bytes);
            self.pieces.send(Some(bytes.into())).await.ok()?;
        }
        // A client that takes everything at once must not keep this thread for itself.
        tokio::task::yield_now().await;
        self.since = Instant::now();
        Some(())
    }
}

impl Drop for Dropped {
    fn drop(&mut self) {
        if let Some(scope) = &self.0 {
            scope.cancel();
        }
    }
}

impl futures_util::Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Bytes>>> {
        match self.pieces.poll_recv(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Some(Some(piece))) => {
                self.bytes += piece.len() as u64;
                Poll::Ready(Some(Ok(piece)))
            }
            Poll::Ready(Some(None)) => {
                self.ended();
                Poll::Ready(None)
            }
            Poll::Ready(None) if self.is_broken => {
                self.ended();
                Poll::Ready(Some(Err(io::Error::other("the stream broke off"))))
            }
            Poll::Ready(None) => {
                self.is_broken = true;
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}
