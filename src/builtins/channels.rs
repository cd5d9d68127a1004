//! Channels (builtins 17.2).

use super::GLOBAL;
use super::fail;
use super::number;
use super::tasks::duration;
use super::to_float;
use crate::diag::Fault;
use crate::handles::Channel;
use crate::handles::Taken;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Work;
use crate::native::optional;
use crate::native::required;
use crate::value::Value;
use crate::value::Wrapped;
use crate::world::World;
use std::time::Duration;

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "channel",
        params: &[optional("capacity", Kind::Int)],
        doc: "A channel for messages between tasks. It keeps any number of them, or at most so many; with 0 the sender \
              waits until its message is received.",
        examples: &[("let ch = channel()\nsend(ch, \"hi\")\nsay receive(ch)", "hi")],
        work: Work::Little,
        run: |args| {
            let capacity = match args.given(0) {
                Some(Value::Int(capacity)) => Some(usize::try_from(*capacity).unwrap_or(0)),
                _ => None,
            };
            Ok(Value::Handle(Channel::new(capacity).handle()).into())
        },
        ..GLOBAL
    },
    Builtin {
        name: "send",
        params: &[optional("channel", Kind::Any), optional("value", Kind::Any)],
        doc: "Sends a value into a channel; waits while the channel is full.",
        examples: &[("let ch = channel(1)\nsend(ch, 7)\nsay receive(ch)", "7")],
        work: Work::Little,
        has_effect: true,
        run: send,
        ..GLOBAL
    },
    Builtin {
        name: "receive",
        params: &[optional("channel", Kind::Any)],
        doc: "The next value of a channel; waits for one. Null once the channel is closed and empty.",
        examples: &[("let ch = channel()\nspawn { send(ch, 1 + 1) }\nsay receive(ch)", "2")],
        work: Work::Little,
        has_effect: true,
        run: receive,
        ..GLOBAL
    },
    Builtin {
        name: "try_send",
        params: &[required("channel", Kind::Any), required("value", Kind::Any)],
        requires: "(channel, value)",
        doc: "Sends a value if that needs no waiting; whether it was sent.",
        examples: &[(
            "let ch = channel(1)\nsay try_send(ch, 1)\nsay try_send(ch, 2)",
            "true\nfalse",
        )],
        work: Work::Little,
        has_effect: true,
        run: |args| {
            let Some(channel) = Channel::of(args.get(0)).cloned() else {
                return fail("try_send() first argument must be a channel");
            };
            let value = args.take_as_is(1);
            Ok(Outcome::InWorld(Box::new(move |caller| {
                Ok(channel.try_send(channel.message(caller.world, value)).into())
            })))
        },
        ..GLOBAL
    },
    Builtin {
        name: "try_receive",
        params: &[required("channel", Kind::Any)],
        requires: "a channel",
        doc: "Some of the next value of a channel, or None when there is none now.",
        examples: &[(
            "let ch = channel()\nsay try_receive(ch)\nsend(ch, 1)\nsay try_receive(ch)",
            "None\nSome(1)",
        )],
        work: Work::Little,
        has_effect: true,
        run: |args| {
            let Some(channel) = Channel::of(args.get(0)).cloned() else {
                return fail("try_receive() argument must be a channel");
            };
            Ok(Outcome::InWorld(Box::new(move |caller| {
                Ok(match channel.take() {
                    Taken::Message(message) => {
                        Value::Some(Wrapped::new(channel.content(caller.world, message)))
                    }
                    Taken::Empty | Taken::Closed => Value::None,
                }
                .into())
            })))
        },
        ..GLOBAL
    },
    Builtin {
        name: "close",
        params: &[optional("channel", Kind::Any)],
        doc: "Closes a channel: nothing more can be sent; what is in it can still be received.",
        examples: &[("let ch = channel()\nsend(ch, 1)\nclose(ch)\nfor m in ch { say m }", "1")],
        work: Work::Little,
        has_effect: true,
        run: |args| match Channel::of(args.get(0)) {
            Some(channel) => {
                channel.close();
                Ok(Value::Null.into())
            }
            None => fail("close() requires a channel"),
        },
        ..GLOBAL
    },
    Builtin {
        name: "select",
        params: &[required("channels", Kind::Array), optional("timeout_ms", Kind::Number)],
        requires: "an array of channels",
        doc: "Waits for a value in any of some channels: the position of the channel, and the value. Null when it takes \
              longer than so many milliseconds, and once all are closed and empty.",
        examples: &[("let ch = channel()\nsend(ch, \"a\")\nsay select([channel(), ch])", "[1, a]")],
        work: Work::Little,
        has_effect: true,
        run: select,
        ..GLOBAL
    },
];

fn send(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    if args.len() < 2 {
        return fail("send(channel, value) requires 2 arguments");
    }
    let Some(channel) = Channel::of(args.get(0)).cloned() else {
        return fail("send() requires a channel as first argument");
    };
    let value = args.take_as_is(1);
    Ok(Outcome::InWorld(Box::new(move |caller| {
        match channel.send_now(channel.message(caller.world, value)) {
            Ok(()) => Ok(Value::Null.into()),
            Err(None) => fail("channel closed"),
            Err(Some(message)) => Ok(Outcome::Wait(Box::pin(async move {
                match channel.send(message).await {
                    true => Ok(Value::Null),
                    false => fail("channel closed"),
                }
            }))),
        }
    })))
}

fn receive(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    if args.is_empty() {
        return fail("receive(channel) requires 1 argument");
    }
    let Some(channel) = Channel::of(args.get(0)).cloned() else {
        return fail("receive() requires a channel as first argument");
    };
    Ok(Outcome::InWorld(Box::new(move |caller| {
        match channel.take() {
            Taken::Message(message) => return Ok(channel.content(caller.world, message).into()),
            Taken::Closed => return Ok(Value::Null.into()),
            Taken::Empty => {}
        }
        let world = caller.world.clone();
        Ok(Outcome::Wait(Box::pin(async move {
            let message = channel.receive().await;
            Ok(message.map_or(Value::Null, |message| channel.content(&world, message)))
        })))
    })))
}

fn select(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let limit = args.given(1).map(|limit| duration(to_float(limit) / 1000.0));
    let list = args.take_list(0);
    let channels: Option<Vec<Channel>> =
        list.iter().map(|channel| Channel::of(channel).cloned()).collect();
    let Some(channels) = channels else {
        return fail("select() array must contain only channels");
    };
    if channels.is_empty() {
        return fail("select() requires a non-empty array");
    }
    Ok(Outcome::InWorld(Box::new(move |caller| {
        let world = caller.world.clone();
        Ok(Outcome::Wait(Box::pin(async move { first(&channels, limit, &world).await })))
    })))
}

async fn first(
    channels: &[Channel],
    limit: Option<Duration>,
    world: &World,
) -> Result<Value, Fault> {
    let timer = async {
        match limit {
            Some(limit) => tokio::time::sleep(limit).await,
            None => std::future::pending().await,
        }
    };
    let found = Channel::select(channels, timer).await;
    Ok(found.map_or(Value::Null, |(at, message)| {
        Value::array(vec![number(at), channels[at].content(world, message)])
    }))
}
