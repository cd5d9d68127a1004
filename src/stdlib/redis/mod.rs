//! `redis`: keys, lists, hashes and messages of a Redis server.

mod client;
mod reply;

use super::MEMBER;
use super::current;
use super::network::on_network;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Caller;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::fail;
use crate::native::optional;
use crate::native::required;
use crate::native::with_caller;
use crate::value::Object;
use crate::value::Value;
use client::Command;
use client::Current;

/// What `Surroundings` calls the current server.
const KIND: &str = "redis";

const CLOSED: &str = "no redis connection open (call redis.connect() first)";

const LOCAL: &str = "redis://127.0.0.1:6379";

const KEY: &[Param] = &[required("key", Kind::String)];

const KEY_VALUE: &[Param] = &[required("key", Kind::String), required("value", Kind::Any)];

/// A row whose example shows that there is no connection yet.
macro_rules! closed {
    ($call:literal) => {
        &[(concat!("try { redis.", $call, " } catch e { say e.message }"), CLOSED)]
    };
}

/// A command pays for the values that it sends.
const COMMAND: Builtin = Builtin { work: Work::Parts, ..MEMBER };

const OF_KEY: Builtin = Builtin { params: KEY, requires: "a key string", ..COMMAND };

const OF_VALUE: Builtin =
    Builtin { params: KEY_VALUE, returns: Returns::Int, requires: "(key, value)", ..COMMAND };

const OF_FIELD: Builtin = Builtin {
    params: &[required("key", Kind::String), required("field", Kind::String)],
    requires: "(key, field) strings",
    ..COMMAND
};

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "redis.connect",
        params: &[optional("url", Kind::String)],
        returns: Returns::Bool,
        doc: "Connects to a server, `redis://127.0.0.1:6379` unless given; `rediss://` for TLS. It becomes the current one of \
              this task and of those that come from it.",
        examples: &[(
            "try { redis.connect(\"http://x\") } catch e { say e.message }",
            "redis.connect error: Redis URL did not parse - InvalidClientConfig",
        )],
        run: connect,
        ..COMMAND
    },
    Builtin {
        name: "redis.get",
        doc: "The text of a key; null if there is none.",
        examples: closed!("get(\"a\")"),
        run: |args| send(args, "GET", &[0]),
        ..OF_KEY
    },
    Builtin {
        name: "redis.set",
        params: &[
            required("key", Kind::String),
            required("value", Kind::Any),
            optional("options", Kind::Any),
        ],
        requires: "(key, value)",
        returns: Returns::Bool,
        doc: "Sets a key to a text, or to the JSON of a collection. Options: `ex` seconds or `px` milliseconds to live, `nx` or `xx` \
              to set only a new or only a known key; or the seconds alone. Whether it was set.",
        examples: closed!("set(\"a\", 1)"),
        run: set,
        ..COMMAND
    },
    Builtin {
        name: "redis.incr",
        params: &[required("key", Kind::String), optional("by", Kind::Int)],
        returns: Returns::Int,
        doc: "Adds to a number, 1 unless given: the new number.",
        examples: closed!("incr(\"a\")"),
        run: |args| {
            let by = match args.given(1) {
                Some(by) => by.clone(),
                None => Value::Int(1),
            };
            let command = Command::new("INCRBY").value(args.get(0))?.value(&by)?;
            run(args, command, Ok)
        },
        ..OF_KEY
    },
    Builtin {
        name: "redis.decr",
        returns: Returns::Int,
        doc: "Takes 1 from a number: the new number.",
        examples: closed!("decr(\"a\")"),
        run: |args| send(args, "DECR", &[0]),
        ..OF_KEY
    },
    Builtin {
        name: "redis.expire",
        params: &[required("key", Kind::String), required("seconds", Kind::Int)],
        returns: Returns::Bool,
        requires: "(key, seconds)",
        doc: "A key goes away after so many seconds: whether there is such a key.",
        examples: closed!("expire(\"a\", 60)"),
        run: |args| send_for(args, "EXPIRE", &[0, 1], truth),
        ..COMMAND
    },
    Builtin {
        name: "redis.ttl",
        returns: Returns::Int,
        doc: "The seconds that a key will live; -1 for ever, -2 if there is none.",
        examples: closed!("ttl(\"a\")"),
        run: |args| send(args, "TTL", &[0]),
        ..OF_KEY
    },
    Builtin {
        name: "redis.del",
        params: &[required("key", Kind::Any)],
        returns: Returns::Int,
        requires: "a key string",
        doc: "Removes keys, one or an array or several arguments: how many there were.",
        examples: closed!("del(\"a\")"),
        run: |args| many(args, "DEL"),
        ..COMMAND
    },
    Builtin {
        name: "redis.exists",
        returns: Returns::Bool,
        doc: "Whether there is such a key.",
        examples: closed!("exists(\"a\")"),
        run: |args| send_for(args, "EXISTS", &[0], truth),
        ..OF_KEY
    },
    Builtin {
        name: "redis.keys",
        params: &[optional("pattern", Kind::String)],
        returns: Returns::Array,
        doc: "The keys that fit a pattern, all unless given, sorted.",
        examples: closed!("keys()"),
        run: |args| {
            let pattern = args.given(0).cloned().unwrap_or_else(|| "*".into());
            run(args, Command::new("KEYS").value(&pattern)?, |keys| Ok(sorted(keys)))
        },
        ..COMMAND
    },
    Builtin {
        name: "redis.lpush",
        doc: "Puts values before the first of a list: how many it has then.",
        examples: closed!("lpush(\"a\", 1)"),
        run: |args| many(args, "LPUSH"),
        ..OF_VALUE
    },
    Builtin {
        name: "redis.rpush",
        doc: "Puts values behind the last of a list: how many it has then.",
        examples: closed!("rpush(\"a\", 1)"),
        run: |args| many(args, "RPUSH"),
        ..OF_VALUE
    },
    Builtin {
        name: "redis.lpop",
        doc: "Takes the first of a list; null if it has none.",
        examples: closed!("lpop(\"a\")"),
        run: |args| send(args, "LPOP", &[0]),
        ..OF_KEY
    },
    Builtin {
        name: "redis.rpop",
        doc: "Takes the last of a list; null if it has none.",
        examples: closed!("rpop(\"a\")"),
        run: |args| send(args, "RPOP", &[0]),
        ..OF_KEY
    },
    Builtin {
        name: "redis.lrange",
        params: &[
            required("key", Kind::String),
            optional("start", Kind::Int),
            optional("stop", Kind::Int),
        ],
        returns: Returns::Array,
        doc: "The values of a list from one place to another, both included; all unless given. -1 is the last.",
        examples: closed!("lrange(\"a\")"),
        run: |args| {
            let place = |i, otherwise| args.given(i).cloned().unwrap_or(Value::Int(otherwise));
            let (start, stop) = (place(1, 0), place(2, -1));
            let command = Command::new("LRANGE").value(args.get(0))?.value(&start)?.value(&stop)?;
            run(args, command, Ok)
        },
        ..OF_KEY
    },
    Builtin {
        name: "redis.llen",
        returns: Returns::Int,
        doc: "How many values a list has.",
        examples: closed!("llen(\"a\")"),
        run: |args| send(args, "LLEN", &[0]),
        ..OF_KEY
    },
    Builtin {
        name: "redis.hset",
        params: &[
            required("key", Kind::String),
            required("field", Kind::Any),
            optional("value", Kind::Any),
        ],
        returns: Returns::Int,
        requires: "(key, field, value) or (key, object)",
        doc: "Sets a field of a hash, or all fields of an object: how many are new.",
        examples: closed!("hset(\"a\", \"f\", 1)"),
        run: hset,
        ..COMMAND
    },
    Builtin {
        name: "redis.hget",
        doc: "The text of a field of a hash; null if there is none.",
        examples: closed!("hget(\"a\", \"f\")"),
        run: |args| send(args, "HGET", &[0, 1]),
        ..OF_FIELD
    },
    Builtin {
        name: "redis.hgetall",
        returns: Returns::Object,
        doc: "All fields of a hash as an object.",
        examples: closed!("hgetall(\"a\")"),
        run: |args| send_for(args, "HGETALL", &[0], |reply| Ok(reply::object(reply))),
        ..OF_KEY
    },
    Builtin {
        name: "redis.hdel",
        returns: Returns::Int,
        doc: "Removes fields of a hash: how many there were.",
        examples: closed!("hdel(\"a\", \"f\")"),
        run: |args| many(args, "HDEL"),
        ..OF_FIELD
    },
    Builtin {
        name: "redis.hincr",
        params: &[
            required("key", Kind::String),
            required("field", Kind::String),
            optional("by", Kind::Int),
        ],
        returns: Returns::Int,
        doc: "Adds to a number in a hash, 1 unless given: the new number.",
        examples: closed!("hincr(\"a\", \"f\")"),
        run: |args| {
            let by = args.given(2).cloned().unwrap_or(Value::Int(1));
            let command = Command::new("HINCRBY").value(args.get(0))?.value(args.get(1))?;
            run(args, command.value(&by)?, Ok)
        },
        ..OF_FIELD
    },
    Builtin {
        name: "redis.sadd",
        doc: "Adds members to a set: how many are new.",
        examples: closed!("sadd(\"a\", 1)"),
        run: |args| many(args, "SADD"),
        ..OF_VALUE
    },
    Builtin {
        name: "redis.srem",
        doc: "Removes members of a set: how many there were.",
        examples: closed!("srem(\"a\", 1)"),
        run: |args| many(args, "SREM"),
        ..OF_VALUE
    },
    Builtin {
        name: "redis.smembers",
        returns: Returns::Array,
        doc: "The members of a set, sorted.",
        examples: closed!("smembers(\"a\")"),
        run: |args| send_for(args, "SMEMBERS", &[0], |reply| Ok(sorted(reply))),
        ..OF_KEY
    },
    Builtin {
        name: "redis.publish",
        params: &[required("channel", Kind::String), required("message", Kind::Any)],
        doc: "Sends a message to all who have subscribed: how many they are.",
        examples: closed!("publish(\"news\", \"hi\")"),
        requires: "(channel, message)",
        run: |args| send(args, "PUBLISH", &[0, 1]),
        ..OF_VALUE
    },
    Builtin {
        name: "redis.subscribe",
        params: &[required("channel", Kind::Any)],
        requires: "a channel string",
        doc: "A channel of this program into which each message to the server's channels of these names comes, as `{ channel, \
              message }`: one name, an array or several arguments.",
        examples: closed!("subscribe(\"news\")"),
        run: subscribe,
        ..COMMAND
    },
    Builtin {
        name: "redis.command",
        params: &[required("name", Kind::String), optional("args", Kind::Array)],
        requires: "a command name string",
        doc: "The reply to any command.",
        examples: closed!("command(\"PING\")"),
        run: |args| {
            let mut command = Command::new(args.str(0));
            if let Some(Value::Array(list)) = args.given(1) {
                for value in list {
                    command = command.value(value)?;
                }
            }
            run(args, command, Ok)
        },
        ..COMMAND
    },
    Builtin {
        name: "redis.close",
        doc: "Forgets the current server for this task.",
        examples: &[("say redis.close()", "null")],
        run: |_| current::forget(KIND),
        ..COMMAND
    },
];

fn connect(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let url = match args.given(0) {
        Some(Value::Str(url)) => url.as_str().to_owned(),
        _ => LOCAL.to_owned(),
    };
    with_caller(move |caller| {
        let current: Current = current::own(caller, KIND, |server| server);
        Ok(Outcome::Wait(Box::pin(async move {
            let server = on_network(client::connect(url)).await;
            let server =
                server.map_err(|why| Fault::message(format!("redis.connect error: {why}")))?;
            current.set(server).await;
            Ok(true.into())
        })))
    })
}

/// The current server.
///
/// # Errors
/// When there is none.
fn server(caller: &mut Caller<'_>) -> Result<client::Server, Fault> {
    let current: Option<Current> = current::find(caller, KIND);
    current.and_then(|current| current.database()).ok_or_else(|| Fault::message(CLOSED))
}

/// Sends a command; `read` makes a value of the reply.
fn run(
    args: &Args<'_>,
    command: Command,
    read: fn(Value) -> Result<Value, String>,
) -> Result<Outcome, Fault> {
    let name = args.name();
    with_caller(move |caller| {
        let server = server(caller)?;
        Ok(Outcome::Wait(Box::pin(async move {
            let reply = on_network(client::send(server, command)).await.and_then(read);
            reply.map_err(|why| Fault::message(format!("{name} error: {why}")))
        })))
    })
}

/// Sends a command with some of the arguments.
fn send(args: &mut Args<'_>, name: &'static str, places: &[usize]) -> Result<Outcome, Fault> {
    send_for(args, name, places, Ok)
}

fn send_for(
    args: &mut Args<'_>,
    name: &'static str,
    places: &[usize],
    read: fn(Value) -> Result<Value, String>,
) -> Result<Outcome, Fault> {
    let mut command = Command::new(name);
    for place in places {
        command = command.value(args.get(*place))?;
    }
    run(args, command, read)
}

/// Sends a command with all arguments; arrays behind the first, or alone, stand for their elements.
fn many(args: &mut Args<'_>, name: &'static str) -> Result<Outcome, Fault> {
    let mut command = Command::new(name);
    for i in 0..args.len() {
        match args.get(i) {
            Value::Array(list) if i > 0 || args.len() == 1 => {
                for value in list {
                    command = command.value(value)?;
                }
            }
            value => command = command.value(value)?,
        }
    }
    run(args, command, Ok)
}

fn set(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let mut command = Command::new("SET").value(args.get(0))?.value(args.get(1))?;
    match args.get(2) {
        seconds @ Value::Int(_) => command = command.text("EX").value(seconds)?,
        Value::Object(options) => command = with_options(command, options)?,
        _ => {}
    }
    run(args, command, |reply| Ok((!matches!(reply, Value::Null)).into()))
}

fn with_options(mut command: Command, options: &Object) -> Result<Command, Fault> {
    for (name, word) in [("ex", "EX"), ("px", "PX")] {
        if let Some(limit @ Value::Int(_)) = options.get(name).map(Value::thawed) {
            command = command.text(word).value(limit)?;
        }
    }
    for (name, word) in [("nx", "NX"), ("xx", "XX")] {
        if options.get(name).is_some_and(Value::is_truthy) {
            command = command.text(word);
        }
    }
    Ok(command)
}

fn hset(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let mut command = Command::new("HSET").value(args.get(0))?;
    match args.get(1) {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                command = command.text(name).value(value)?;
            }
        }
        Value::Str(_) if args.len() > 2 => {
            command = command.value(args.get(1))?.value(args.get(2))?;
        }
        _ => return Err(args.requires()),
    }
    run(args, command, Ok)
}

fn subscribe(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let mut names = Vec::new();
    for value in args.all() {
        match value.thawed() {
            Value::Array(list) => names.extend(list.iter().map(Value::to_string)),
            Value::Str(name) => names.push(name.as_str().to_owned()),
            _ => return fail("redis.subscribe() requires a channel string"),
        }
    }
    with_caller(move |caller| {
        let server = server(caller)?;
        Ok(Outcome::Wait(Box::pin(async move {
            let channel = on_network(client::subscribe(server, names)).await;
            let channel =
                channel.map_err(|why| Fault::message(format!("redis.subscribe error: {why}")))?;
            Ok(Value::Handle(channel.handle()))
        })))
    })
}

fn truth(reply: Value) -> Result<Value, String> {
    Ok(reply.is_truthy().into())
}

/// Texts of which the server does not say in which order they are.
fn sorted(reply: Value) -> Value {
    let Value::Array(list) = reply else { return reply };
    let mut texts: Vec<String> = list.iter().map(Value::to_string).collect();
    texts.sort_unstable();
    Value::array(texts.into_iter().map(Value::from).collect())
}
