//! One message of a WebSocket, from its text to the reply (server 4.1): a machine in the connection's world, one slice on
//! the spot, the rest on the shared runtime.

use super::handler;
use super::handler::Moved;
use super::holdings::Holdings;
use super::holdings::Scales;
use super::logs::panic_text;
use super::request_id::RequestId;
use super::routes::Route;
use super::slices;
use super::slices::First;
use super::worker::Permit;
use super::worker::Worker;
use crate::builtins::response;
use crate::diag::Error;
use crate::engine::Template;
use crate::machine::Budget;
use crate::machine::Image;
use crate::machine::Machine;
use crate::machine::Step;
use crate::stdlib;
use crate::stdlib::Carried;
use crate::task;
use crate::value::Value;
use crate::value::from_bytes;
use crate::value::to_bytes;
use crate::value::write_json;
use crate::world::Environment;
use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::web::Bytes;
use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;
use tracing::Instrument;
use tracing::Span;
use tracing::error;
use tracing::info_span;
use tracing::warn;

/// A connection's own copy of the program, and the handler that it talks to.
pub(super) struct Talk {
    worker: Arc<Worker>,
    /// The number of the route.
    route: usize,
    template: Template,
    holdings: Holdings,
    /// The arguments; the first is the message's.
    args: Vec<Value>,
    request_id: String,
    /// What the requests carry that handlers send themselves.
    fields: Arc<[(&'static str, String)]>,
    /// Messages so far.
    count: u64,
}

/// What a client sent.
pub(super) enum Message {
    Text(String),
    /// For routes that take them only.
    Binary(Bytes),
}

/// What goes back.
#[derive(Debug)]
pub(super) enum Reply {
    Text(String),
    Binary(Vec<u8>),
}

/// How far the handling of a message is.
pub(super) enum Turn {
    Done(Reply),
    Moved(Moved<Ended>),
}

/// A handler that ended, what it has used, and the top-level names that it left.
pub(super) struct Ended {
    result: Result<Reply, Error>,
    account: Budget,
    names: Environment,
    /// What the connection held before, if that was weighed.
    weighed: Option<usize>,
}

/// A handler that is about to run, or does.
struct Work {
    machine: Machine,
    takes_binary: bool,
    /// Bytes that it and the message took before it began.
    taken: usize,
    weighed: Option<usize>,
}

impl Talk {
    /// A fork of the program for a connection; what its messages spawn is counted, and ends, with it.
    pub(super) fn new(
        worker: &Arc<Worker>,
        route: &Route,
        args: Vec<Value>,
        request: &HttpRequest,
    ) -> Talk {
        let options = &worker.shared.options;
        let fork = worker.fork();
        let image =
            Image { scope: fork.image.scope.limited(options.max_tasks), ..(*fork.image).clone() };
        let id = request.extensions().get::<RequestId>().map(|id| id.logged().to_owned());
        Talk {
            worker: worker.clone(),
            route: route.number,
            holdings: Holdings::new(&fork, options.limits),
            template: Template { image: Arc::new(image), ..fork },
            args,
            request_id: id.unwrap_or_default(),
            fields: handler::passed_on(request),
            count: 0,
        }
    }

    /// Whether its handler takes binary messages.
    pub(super) fn takes_binary(&self) -> bool {
        self.route().plan.takes_binary
    }

    fn route(&self) -> &Route {
        &self.worker.shared.table.routes[self.route]
    }

    /// Runs the handler's first slice on a message.
    pub(super) fn begin(&mut self, message: Message, mut permit: Permit) -> Turn {
        self.count += 1;
        let span = info_span!(
            target: "forge.http",
            "forge.handler",
            handler = self.route().plan.handler,
            request_id = self.request_id,
            ws_seq = self.count,
        );
        let function = self.worker.functions[self.route].clone();
        if matches!(function, Value::Unset) {
            return Turn::Done(Reply::Text("handler not found".to_owned()));
        }
        let scales = self.holdings.scales(&self.template.world);
        let spawns = self.worker.shared.spawns;
        let carried =
            spawns.then(|| Carried { fields: self.fields.clone(), permit: permit.lend() });
        let first = |work: &mut Work| match (&scales, carried) {
            (Some(_), _) => First::Stopped(Step::OutOfFuel),
            (None, Some(carried)) => {
                stdlib::carrying_now(carried, || slices::first(&mut work.machine))
            }
            (None, None) => slices::first(&mut work.machine),
        };
        let begun = span.in_scope(|| {
            catch_unwind(AssertUnwindSafe(|| {
                let mut work = self.work(function, &message)?;
                let step = first(&mut work);
                Ok::<_, String>((work, step))
            }))
        });
        match begun {
            Ok(Ok((work, First::Ended(result)))) => {
                let ended = work.end(result);
                Turn::Done(span.in_scope(|| self.settle(Ok(ended))))
            }
            Ok(Ok((work, First::Stopped(step)))) => {
                Turn::Moved(self.moved(work, step, scales, permit, span))
            }
            Ok(Err(text)) => Turn::Done(Reply::Text(format!("error: {text}"))),
            Err(panic) => Turn::Done(span.in_scope(|| self.panicked(&*panic))),
        }
    }

    /// The handler with a message, which is on the account from here on.
    fn work(&self, function: Value, message: &Message) -> Result<Work, String> {
        let mut account = self.holdings.account();
        let machine = account.on(|| {
            let mut args = self.args.clone();
            if let Some(first) = args.first_mut() {
                *first = message.value();
            }
            self.template.call(function, args)
        });
        let mut machine = machine.map_err(|fault| fault.to_string())?;
        let taken = account.held().saturating_sub(self.holdings.held());
        machine.draw_on(account);
        Ok(Work { machine, takes_binary: self.takes_binary(), taken, weighed: None })
    }

    /// Goes on where long requests do, which ends when what this gives is dropped.
    fn moved(
        &self,
        mut work: Work,
        step: Step,
        scales: Option<Scales>,
        mut permit: Permit,
        span: Span,
    ) -> Moved<Ended> {
        let carried = Carried { fields: self.fields.clone(), permit: permit.lend() };
        let work = async move {
            if let Some(scales) = scales {
                work.weigh(&scales);
            }
            let result = task::finish(&mut work.machine, step).await;
            let ended = work.end(result);
            drop(permit);
            ended
        };
        let work = stdlib::carrying(carried, work).instrument(span);
        Moved::new(self.worker.shared.runtime.spawn(work))
    }

    /// The reply when a handler has ended.
    pub(super) fn settle(&mut self, ended: Result<Ended, tokio::task::JoinError>) -> Reply {
        let lost = match ended {
            Ok(Ended { result, account, names, weighed }) => {
                if let Some(weighed) = weighed {
                    self.holdings.weighed(weighed);
                }
                self.holdings.settle(&account);
                return match result {
                    Ok(reply) => {
                        self.template.env = names;
                        reply
                    }
                    Err(error) => self.failed(&error),
                };
            }
            Err(lost) => lost,
        };
        match lost.try_into_panic() {
            Ok(panic) => self.panicked(&*panic),
            Err(lost) => {
                self.holdings.lose();
                let handler = &self.route().plan.handler;
                error!(target: "forge.server", handler, error = %lost, "websocket handler task failed");
                Reply::Text("error: handler task failed".to_owned())
            }
        }
    }

    /// The reply when a handler took too long; it is dropped by now.
    pub(super) fn timed_out(&mut self) -> Reply {
        self.holdings.lose();
        let handler = &self.route().plan.handler;
        warn!(target: "forge.server", handler, ws_seq = self.count, "handler timed out");
        Reply::Text("error: handler timed out".to_owned())
    }

    fn failed(&self, error: &Error) -> Reply {
        let text = error.fault.to_string();
        error!(
            target: "forge.server",
            handler = self.route().plan.handler,
            request_id = self.request_id,
            ws_seq = self.count,
            error = text.lines().next(),
            hint = error.fault.hints(),
            at = self.worker.shared.sources.place(error.span),
            "handler failed"
        );
        Reply::Text(format!("error: {text}"))
    }

    fn panicked(&mut self, panic: &(dyn Any + Send)) -> Reply {
        self.holdings.lose();
        error!(
            target: "forge.server",
            handler = self.route().plan.handler,
            request_id = self.request_id,
            panic = panic_text(panic),
            "websocket handler panicked"
        );
        Reply::Text("error: internal handler panic".to_owned())
    }
}

impl Work {
    /// Its account begins anew, with what the connection really holds.
    fn weigh(&mut self, scales: &Scales) {
        let held = task::apart(|| scales.weigh());
        self.machine.draw_on(scales.account(held + self.taken));
        self.weighed = Some(held);
    }

    /// It has ended. What it gave is freed here, while it is counted.
    fn end(self, result: Result<Value, Error>) -> Ended {
        let Work { mut machine, takes_binary, weighed, .. } = self;
        let names = machine.environment().clone();
        let result = result.map(|value| {
            let reply = slices::written(&value, |value| reply(value, takes_binary));
            machine.release(value);
            reply
        });
        Ended { result, account: machine.settle(), names, weighed }
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        self.template.image.scope.cancel();
    }
}

impl Message {
    /// A text as it is; bytes in a shape of their own.
    fn value(&self) -> Value {
        match self {
            Message::Text(text) => Value::text(text.as_str()),
            Message::Binary(bytes) => from_bytes(bytes),
        }
    }
}

/// A String as it is, all else as JSON; of a response only its body.
fn reply(value: &Value, takes_binary: bool) -> Reply {
    let value = response(value).map_or(value, |response| response.body);
    if let Value::Str(text) = value.thawed() {
        return Reply::Text(text.to_string());
    }
    if let Some(bytes) = takes_binary.then(|| to_bytes(value)).flatten() {
        return Reply::Binary(bytes);
    }
    let mut json = Vec::with_capacity(128);
    Reply::Text(match write_json(value, &mut json) {
        Ok(()) => String::from_utf8(json).expect("JSON is UTF-8"),
        Err(fault) => format!("error: {fault}"),
    })
}
