//! `ws`: WebSockets from the client's side (stdlib 23).

mod connection;

use super::MEMBER;
use super::network;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::fail;
use crate::native::optional;
use crate::native::required;
use crate::value::Value;
use crate::value::write_json;
use std::time::Duration;

const ID: Param = optional("connection", Kind::Any);

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "ws.connect",
        params: &[required("url", Kind::String)],
        returns: Returns::Object,
        requires: "a URL string",
        doc: "Connects to a `ws://` or `wss://` address: `{ id, url, connected }`.",
        examples: &[(
            "try { ws.connect(\"http://127.0.0.1:9/\") } catch e { say e.message }",
            "WebSocket connect error: URL error: URL scheme not supported",
        )],
        run: |args| network::wait(connection::connect(args.str(0).to_owned())),
        ..MEMBER
    },
    Builtin {
        name: "ws.send",
        params: &[ID, optional("message", Kind::Any)],
        returns: Returns::Bool,
        doc: "Sends a text; an Object or an Array as JSON.",
        examples: &[(
            "try { ws.send(\"ws_0\", \"hi\") } catch e { say e.message }",
            "WebSocket connection 'ws_0' not found",
        )],
        work: Work::Parts,
        run: send,
        ..MEMBER
    },
    Builtin {
        name: "ws.receive",
        params: &[ID, optional("timeout_ms", Kind::Int)],
        returns: Returns::Object,
        doc: "The next message: `{ type, data, raw }`, where `data` is what a JSON text says. `type` is `text`, `binary`, \
              `close`, or `timeout` when none has come after so many milliseconds, 30,000 unless given.",
        examples: &[(
            "try { ws.receive(5) } catch e { say e.message }",
            "ws.receive() requires a connection ID",
        )],
        run: |args| {
            let patience = match args.given(1) {
                Some(Value::Int(limit)) => u64::try_from(*limit).unwrap_or(0),
                _ => 30_000,
            };
            network::wait(connection::receive(id(args)?, Duration::from_millis(patience)))
        },
        ..MEMBER
    },
    Builtin {
        name: "ws.close",
        params: &[ID],
        returns: Returns::Bool,
        doc: "Closes a connection: whether there was one.",
        examples: &[("say ws.close(\"ws_0\")", "false")],
        run: |args| network::wait(connection::close(id(args)?)),
        ..MEMBER
    },
];

/// The id of a connection, given as such or in what `ws.connect` gave.
fn id(args: &Args<'_>) -> Result<String, Fault> {
    let id = match args.get(0) {
        Value::Object(connection) => connection.get("id").map(Value::thawed),
        other => Some(other),
    };
    match id {
        Some(Value::Str(id)) => Ok(id.as_str().to_owned()),
        _ => fail(format!("{}() requires a connection ID", args.name())),
    }
}

fn send(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let id = id(args)?;
    let text = match args.get(1) {
        Value::Str(text) => text.as_str().to_owned(),
        value @ (Value::Object(_) | Value::Array(_)) => {
            let mut json = Vec::new();
            write_json(value, &mut json)?;
            String::from_utf8_lossy(&json).into_owned()
        }
        _ => return fail("ws.send() requires a message string or object"),
    };
    network::wait(connection::send(id, text))
}
