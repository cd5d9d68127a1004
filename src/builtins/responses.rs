//! Responses that say more than a value (server decision 11).
//!
//! A response is known by its shape, not by its keys: the shape exists here only, so no JSON text that a client sent and
//! a handler gives back can pass for a response and choose its own headers.

use super::GLOBAL;
use super::fail;
use crate::diag::Fault;
use crate::handles::Channel;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Work;
use crate::native::optional;
use crate::native::required;
use crate::value::Object;
use crate::value::Shape;
use crate::value::Text;
use crate::value::Value;
use std::sync::Arc;
use std::sync::OnceLock;

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "respond",
        params: &[
            required("status", Kind::Int),
            optional("body", Kind::Any),
            optional("headers", Kind::Object),
        ],
        requires: "(status, body?, headers?)",
        doc: "A response with a status, a body and headers. A text goes out as it is, any other body as JSON.",
        examples: &[(r#"say respond(201, "made").status"#, "201")],
        run: respond,
        ..GLOBAL
    },
    Builtin {
        name: "redirect",
        params: &[required("url", Kind::String), optional("status", Kind::Int)],
        requires: "(url, status?)",
        doc: "A response that sends the client elsewhere; its status is 302 unless given.",
        examples: &[(r#"say redirect("/login").headers.location"#, "/login")],
        run: redirect,
        ..GLOBAL
    },
    Builtin {
        name: "html",
        params: &[required("text", Kind::String)],
        requires: "a string",
        doc: "A response with a page of HTML.",
        examples: &[(r#"say html("<p>hi</p>").body"#, "<p>hi</p>")],
        work: Work::Little,
        run: |args| {
            let headers = header("content-type", "text/html; charset=utf-8".into());
            Ok(made(200, args.take_as_is(0), headers).into())
        },
        ..GLOBAL
    },
    Builtin {
        name: "sse",
        params: &[optional("source", Kind::Any), optional("headers", Kind::Object)],
        requires: "a stream or a channel",
        doc: "A response that sends each element of a stream, or each message of a channel, to the client as an event, \
              when it is there. An Object with some of `event`, `data`, `id` and `retry` says all of an event, any other \
              value is its data.",
        examples: &[
            (r#"say sse([1].stream()).headers["content-type"]"#, "text/event-stream"),
            ("sse([1])", "error: sse() requires a stream or a channel"),
        ],
        run: sse,
        ..GLOBAL
    },
];

/// A response as a handler gave it. The program may have changed its fields: nothing about them is sure.
#[derive(Clone, Copy, Debug)]
pub struct Response<'a> {
    /// The status, an Int as the program made it.
    pub status: &'a Value,
    /// The body.
    pub body: &'a Value,
    /// The headers, an Object as the program made it.
    pub headers: &'a Value,
}

/// The response that `value` is, if it was made by one of these builtins.
pub fn response(value: &Value) -> Option<Response<'_>> {
    let Value::Object(object) = value.thawed() else {
        return None;
    };
    object.shape().is_some_and(|it| Arc::ptr_eq(it, shape())).then(|| Response {
        status: object.slot(1),
        body: object.slot(2),
        headers: object.slot(3),
    })
}

fn shape() -> &'static Arc<Shape> {
    static SHAPE: OnceLock<Arc<Shape>> = OnceLock::new();
    SHAPE.get_or_init(|| {
        let names = ["__response__", "status", "body", "headers"];
        Shape::new(names.map(Text::from).to_vec())
    })
}

fn made(status: i64, body: Value, headers: Object) -> Value {
    let fields = vec![Value::Bool(true), Value::Int(status), body, Value::Object(headers)];
    Value::Object(Object::shaped(shape().clone(), fields))
}

fn header(name: &str, value: Value) -> Object {
    Object::from_pairs([(Text::from(name), value)])
}

fn respond(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let headers = match args.given(2) {
        Some(Value::Object(headers)) => headers.clone(),
        _ => Object::new(),
    };
    Ok(made(args.int(0), args.take_as_is(1), headers).into())
}

fn redirect(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let status = match args.given(1) {
        Some(Value::Int(status)) => *status,
        _ => 302,
    };
    let target = args.take(0);
    Ok(made(status, Value::text(""), header("location", target)).into())
}

fn sse(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let is_source = |value: &&Value| {
        matches!(value.thawed(), Value::Stream(_)) || Channel::of(value.thawed()).is_some()
    };
    if args.given(0).filter(is_source).is_none() {
        return fail("sse() requires a stream or a channel");
    }
    let given = match args.given(1) {
        Some(Value::Object(headers)) => headers.clone(),
        _ => Object::new(),
    };
    let mut headers = Object::from_pairs([
        (Text::from("content-type"), "text/event-stream".into()),
        (Text::from("cache-control"), "no-cache".into()),
    ]);
    for (name, value) in &given {
        headers.set(name, value.clone());
    }
    Ok(made(200, args.take_as_is(0), headers).into())
}
