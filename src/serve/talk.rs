//! One message of a WebSocket, from its text to the reply (server 4.1): a machine in the connection's world, one slice on
//! the spot, the rest on the shared runtime.

use super::handler::Moved;
use super::logs::panic_text;
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
use crate::task;
use crate::value::Value;
use crate::value::from_bytes;
use crate::value::to_bytes;
use crate::value::write_json;
use crate::world::Environment;
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
    /// The arguments; the first is the message's.
    args: Vec<Value>,
    request_id: String,
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

/// A handler that ended elsewhere, and the top-level names that it left.
pub(super) struct Ended {
    result: Result<Reply, Error>,
    names: Environment,
}

impl Talk {
    /// A fork of the program for a connection; what its messages spawn is counted, and ends, with it.
    pub(super) fn new(worker: &Arc<Worker>, route: &Route, args: Vec<Value>, id: &str) -> Talk {
        let fork = worker.fork();
        let image = Image {
            scope: fork.image.scope.limited(worker.shared.options.max_tasks),
            ..(*fork.image).clone()
        };
        Talk {
            worker: worker.clone(),
            route: route.number,
            template: Template { image: Arc::new(image), ..fork },
            args,
            request_id: id.to_owned(),
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
    pub(super) fn begin(&mut self, message: Message, permit: Permit) -> Turn {
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
        let mut args = self.args.clone();
        if let Some(first) = args.first_mut() {
            *first = message.into_value();
        }
        let begun = span.in_scope(|| catch_unwind(AssertUnwindSafe(|| self.slice(function, args))));
        let (machine, first) = match begun {
            Ok(Ok(begun)) => begun,
            Ok(Err(text)) => return Turn::Done(Reply::Text(format!("error: {text}"))),
            Err(panic) => return Turn::Done(span.in_scope(|| self.panicked(&*panic))),
        };
        match first {
            First::Ended(Err(error)) => Turn::Done(span.in_scope(|| self.failed(&error))),
            First::Ended(Ok(value)) => {
                self.template.take_names(&machine);
                Turn::Done(reply(&value, self.takes_binary()))
            }
            First::Stopped(step) => Turn::Moved(self.moved(machine, step, permit, span)),
        }
    }

    fn slice(&self, function: Value, args: Vec<Value>) -> Result<(Machine, First), String> {
        let machine = self.template.call(function, args);
        let mut machine = machine.map_err(|fault| fault.to_string())?;
        machine.draw_on(Budget::new(self.worker.shared.options.limits));
        let first = slices::first(&mut machine);
        Ok((machine, first))
    }

    /// Goes on where long requests do, which ends when what this gives is dropped.
    fn moved(&self, mut machine: Machine, step: Step, permit: Permit, span: Span) -> Moved<Ended> {
        let takes_binary = self.takes_binary();
        let work = async move {
            let result = task::finish(&mut machine, step).await;
            let names = machine.environment().clone();
            drop((machine, permit));
            let write = |value: Value| slices::written(&value, |value| reply(value, takes_binary));
            let result = result.map(write);
            Ended { result, names }
        };
        Moved::new(self.worker.shared.runtime.spawn(work.instrument(span)))
    }

    /// The reply when a handler has ended elsewhere.
    pub(super) fn settle(&mut self, ended: Result<Ended, tokio::task::JoinError>) -> Reply {
        match ended {
            Ok(Ended { result: Ok(reply), names }) => {
                self.template.env = names;
                reply
            }
            Ok(Ended { result: Err(error), .. }) => self.failed(&error),
            Err(lost) => match lost.try_into_panic() {
                Ok(panic) => self.panicked(&*panic),
                Err(lost) => {
                    let handler = &self.route().plan.handler;
                    error!(target: "forge.server", handler, error = %lost, "websocket handler task failed");
                    Reply::Text("error: handler task failed".to_owned())
                }
            },
        }
    }

    /// The reply when a handler took too long; it is dropped by now.
    pub(super) fn timed_out(&self) -> Reply {
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

    fn panicked(&self, panic: &(dyn Any + Send)) -> Reply {
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

impl Drop for Talk {
    fn drop(&mut self) {
        self.template.image.scope.cancel();
    }
}

impl Message {
    /// A text as it is; bytes in a shape of their own.
    fn into_value(self) -> Value {
        match self {
            Message::Text(text) => Value::text(text),
            Message::Binary(bytes) => from_bytes(&bytes),
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
