//! One call of a handler, from its arguments to its answer. Runs on any thread.

use super::body::Body;
use super::flow;
use super::reply::Reply;
use super::request_id::RequestId;
use super::routes::Route;
use super::slices;
use super::slices::First;
use super::worker::Permit;
use super::worker::Shared;
use crate::diag;
use crate::diag::Error;
use crate::diag::Fault;
use crate::machine::Budget;
use crate::machine::Machine;
use crate::machine::Step;
use crate::task;
use crate::value::Value;
use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::StatusCode;
use std::any::Any;
use std::sync::Weak;
use tracing::Span;
use tracing::error;
use tracing::info_span;

/// A body of more bytes is read where it delays nobody.
const LARGE: usize = 64 << 10;

/// A handler and what it is called with.
pub(super) struct Call {
    args: Vec<Value>,
    /// The body, not yet read, when the handler takes it.
    body: Option<Body>,
    /// The number of its route.
    route: usize,
    id: Option<RequestId>,
    /// Whether the client wants no body.
    pub(super) is_head: bool,
    /// `forge.handler`; none while nothing can be logged in it, for it costs as much as a small handler.
    span: Span,
    permit: Permit,
}

/// How far a call is.
pub(super) enum Progress {
    /// It has not begun.
    Waits(Call),
    /// It stopped under way, or has ended with a value that takes long to write.
    Stopped(Box<Stopped>),
    /// It has ended.
    Done(Reply),
}

/// A machine that stopped under way. It is dropped before its permit.
pub(super) struct Stopped {
    machine: Machine,
    step: Step,
    call: Call,
}

impl Call {
    /// A call of the handler of `route`.
    pub(super) fn new(
        permit: Permit,
        route: &Route,
        request: &HttpRequest,
        args: Vec<Value>,
        body: Option<Body>,
    ) -> Call {
        let logs = permit.worker().shared.logs;
        let extensions = request.extensions();
        let mut call = Call {
            args,
            body,
            route: route.number,
            id: extensions.get().cloned(),
            is_head: request.method() == Method::HEAD,
            span: Span::none(),
            permit,
        };
        if logs {
            call.open_span();
        }
        call
    }

    /// What keeps its permit.
    pub(super) fn lend(&mut self) -> Weak<dyn Any + Send + Sync> {
        self.permit.lend()
    }

    /// The span of the handler, made when it is first needed.
    pub(super) fn open_span(&mut self) -> Span {
        if self.span.is_none() {
            self.span = info_span!(
                target: "forge.http",
                "forge.handler",
                handler = self.permit.worker().shared.table.routes[self.route].plan.handler,
                request_id = self.id.as_ref().map(RequestId::logged),
            );
        }
        self.span.clone()
    }

    /// Whether reading its body takes long.
    pub(super) fn is_large(&self) -> bool {
        self.body.as_ref().is_some_and(|body| body.len() > LARGE)
    }

    /// Forks the program and runs the first slice.
    pub(super) fn begin(mut self) -> Progress {
        let mut machine = match self.machine() {
            Ok(machine) => machine,
            Err(refusal) => return Progress::Done(refusal),
        };
        let step = match self.span.in_scope(|| slices::first(&mut machine)) {
            First::Ended(Ok(value)) if flow::source(&value).is_some() => Step::Done(value),
            First::Ended(result) => return Progress::Done(self.settle(result, Reply::value)),
            First::Stopped(step) => step,
        };
        Progress::Stopped(Box::new(Stopped { machine, step, call: self }))
    }

    /// The machine that will run the handler, in a fork of its own. What is made of the body is on its account; the body
    /// itself is not, and goes before it runs.
    fn machine(&mut self) -> Result<Machine, Reply> {
        let limits = self.shared().options.limits;
        let body = self.body.take();
        let (budget, machine) = Budget::with(limits, || self.unlimited_machine(body.as_ref()));
        let mut machine = machine?;
        machine.draw_on(budget);
        Ok(machine)
    }

    fn unlimited_machine(&mut self, body: Option<&Body>) -> Result<Machine, Reply> {
        let worker = self.permit.worker();
        let route = &worker.shared.table.routes[self.route];
        if let Some(body) = body {
            body.bind(&route.binding, &mut self.args)?;
        }
        let refuse = |text: String| Reply::error(StatusCode::INTERNAL_SERVER_ERROR, &text);
        let function = worker.functions[self.route].clone();
        if matches!(function, Value::Unset) {
            return Err(refuse(format!("handler '{}' not found", route.plan.handler)));
        }
        let args = std::mem::take(&mut self.args);
        worker.fork().call(function, args).map_err(|fault| refuse(fault.to_string()))
    }

    /// The answer to what the handler gave.
    fn settle(
        &mut self,
        result: Result<Value, Error>,
        write: impl FnOnce(&Value) -> Result<Reply, Fault>,
    ) -> Reply {
        let reply = result.and_then(|value| write(&value).map_err(unplaced));
        reply.unwrap_or_else(|error| self.failed(&error))
    }

    /// The answer when the handler has failed, which is logged.
    pub(super) fn failed(&mut self, error: &Error) -> Reply {
        self.log_failure(error, "handler failed");
        let shared = self.shared();
        let id = self.id.as_ref().map_or("", RequestId::logged);
        Reply::failed(error, shared.options.errors, id, &shared.sources)
    }

    /// Logs what went wrong, and where.
    pub(super) fn log_failure(&mut self, error: &Error, what: &str) {
        let span = self.open_span();
        let shared = self.shared();
        let text = error.fault.to_string();
        error!(
            target: "forge.server",
            parent: span,
            handler = shared.table.routes[self.route].plan.handler,
            error = text.lines().next(),
            hint = error.fault.hints(),
            at = shared.sources.place(error.span),
            "{what}"
        );
    }

    /// What all workers use.
    pub(super) fn shared(&self) -> &Shared {
        &self.permit.worker().shared
    }
}

/// A failure behind the end of the program.
pub(super) fn unplaced(fault: Fault) -> Error {
    Error { fault, span: diag::Span::default(), trace: Vec::new() }
}

impl Progress {
    /// The span to go on in.
    pub(super) fn span(&mut self) -> Span {
        match self {
            Progress::Waits(call) => call.open_span(),
            Progress::Stopped(stopped) => stopped.call.open_span(),
            Progress::Done(_) => Span::none(),
        }
    }

    /// What keeps its permit.
    pub(super) fn lend(&mut self) -> Weak<dyn Any + Send + Sync> {
        match self {
            Progress::Waits(call) => call.lend(),
            Progress::Stopped(stopped) => stopped.call.lend(),
            Progress::Done(_) => Weak::<()>::new(),
        }
    }

    /// Goes on to the end, a slice at a time.
    pub(super) async fn finish(self) -> Reply {
        let progress = match self {
            Progress::Waits(call) => task::apart(|| call.begin()),
            other => other,
        };
        match progress {
            Progress::Waits(_) => unreachable!("it has just begun"),
            Progress::Done(reply) => reply,
            Progress::Stopped(stopped) => {
                let Stopped { mut machine, step, mut call } = *stopped;
                let result = task::finish(&mut machine, step).await;
                if let Ok(value) = &result
                    && let Some(source) = flow::source(value)
                {
                    // Apart, so that what is no stream keeps no room for one while it waits.
                    return Box::pin(flow::answer(call, machine, value, source)).await;
                }
                drop(machine);
                call.settle(result, |value| slices::written(value, Reply::value))
            }
        }
    }
}
