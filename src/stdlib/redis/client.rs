//! Connections to Redis: one for all commands, which opens itself anew, and one for each subscription.

use super::reply;
use crate::diag::Fault;
use crate::handles::Channel;
use crate::stdlib::current;
use crate::stdlib::network::runtime;
use crate::stdlib::rows::object;
use crate::stdlib::tls;
use crate::value::Value;
use crate::world::World;
use futures_util::StreamExt;
use redis::Client;
use redis::Cmd;
use redis::aio::ConnectionManager;
use redis::aio::ConnectionManagerConfig;
use redis::aio::PubSub;
use std::time::Duration;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

const REPLY_TIMEOUT: Duration = Duration::from_secs(30);

/// How often a subscription looks whether anybody still listens.
const LOOK: Duration = Duration::from_millis(500);

/// The current server of a task.
pub(super) type Current = current::Current<Server, ()>;

/// A server.
#[derive(Clone)]
pub(super) struct Server {
    client: Client,
    manager: ConnectionManager,
}

/// A command under construction.
pub(super) struct Command(Cmd);

impl Command {
    /// One without arguments.
    pub(super) fn new(name: &str) -> Command {
        Command(redis::cmd(name))
    }

    /// The same with one more argument.
    ///
    /// # Errors
    /// When it would be too long.
    pub(super) fn value(mut self, value: &Value) -> Result<Command, Fault> {
        self.0.arg(reply::bytes(value)?);
        Ok(self)
    }

    /// The same with a word.
    pub(super) fn text(mut self, text: &str) -> Command {
        self.0.arg(text);
        self
    }
}

/// Connects.
///
/// # Errors
/// The reason.
pub(super) async fn connect(url: String) -> Result<Server, String> {
    tls::provider();
    let client = Client::open(url).map_err(reply::explained)?;
    let config = ConnectionManagerConfig::new()
        .set_number_of_retries(1)
        .set_connection_timeout(Some(CONNECT_TIMEOUT))
        .set_response_timeout(Some(REPLY_TIMEOUT));
    let manager =
        client.get_connection_manager_with_config(config).await.map_err(reply::explained)?;
    Ok(Server { client, manager })
}

/// Sends a command and waits for the reply.
///
/// # Errors
/// The reason.
pub(super) async fn send(mut server: Server, command: Command) -> Result<Value, String> {
    let sent = server.manager.send_packed_command(&command.0).await;
    let answer = match sent {
        // The connection was lost while nobody used it; by now there is a new one.
        Err(error) if error.is_connection_dropped() && is_repeatable(&command.0) => {
            server.manager.send_packed_command(&command.0).await
        }
        sent => sent,
    };
    reply::value(answer.map_err(reply::explained)?)
}

/// Whether a command can be sent twice without harm.
fn is_repeatable(command: &Cmd) -> bool {
    const READS: [&[u8]; 9] =
        [b"GET", b"TTL", b"EXISTS", b"KEYS", b"LRANGE", b"LLEN", b"HGET", b"HGETALL", b"SMEMBERS"];
    match command.args_iter().next() {
        Some(redis::Arg::Simple(name)) => READS.contains(&name),
        _ => false,
    }
}

/// Opens a connection whose messages go into a channel.
///
/// # Errors
/// The reason.
pub(super) async fn subscribe(server: Server, names: Vec<String>) -> Result<Channel, String> {
    let connected = tokio::time::timeout(CONNECT_TIMEOUT, server.client.get_async_pubsub()).await;
    let mut source = connected.map_err(|_| "timed out".to_owned())?.map_err(reply::explained)?;
    for name in names {
        source.subscribe(name).await.map_err(reply::explained)?;
    }
    let channel = Channel::new(None);
    runtime().spawn(pump(source, channel.clone()));
    Ok(channel)
}

/// Passes messages on for as long as somebody can receive them.
async fn pump(mut source: PubSub, channel: Channel) {
    let nowhere = World::new();
    let mut messages = source.on_message();
    while !channel.is_abandoned() {
        let Ok(next) = tokio::time::timeout(LOOK, messages.next()).await else { continue };
        // The connection is lost.
        let Some(message) = next else { break };
        let text = String::from_utf8_lossy(message.get_payload_bytes()).into_owned();
        let name = message.get_channel_name().to_owned();
        let value = object([("channel", name.into()), ("message", text.into())]);
        if !channel.try_send(channel.message(&nowhere, value)) {
            break;
        }
    }
    channel.close();
}
