//! A WebSocket connection, from its upgrade to its end (server 4): messages one after the other, each with one reply. The
//! socket is read while a handler runs, so a client that leaves ends what runs for it.

use super::handler::in_time;
use super::reply;
use super::request_id::RequestId;
use super::routes::Route;
use super::talk::Message;
use super::talk::Reply;
use super::talk::Talk;
use super::talk::Turn;
use super::worker::Ending;
use super::worker::Permit;
use super::worker::Worker;
use crate::value::Value;
use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::UPGRADE;
use actix_web::rt;
use actix_web::web::Payload;
use actix_ws::AggregatedMessage;
use actix_ws::AggregatedMessageStream;
use actix_ws::CloseCode;
use actix_ws::CloseReason;
use actix_ws::ProtocolError;
use actix_ws::Session;
use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio::time::Instant;
use tokio::time::interval_at;
use tokio::time::timeout;
use tracing::Instrument;
use tracing::Span;
use tracing::debug;
use tracing::info;
use tracing::info_span;

/// How often a client is asked whether it is still there; one that says nothing twice is not.
const PING: Duration = Duration::from_secs(30);

/// How long a client may take to be told why its connection ends.
const FAREWELL: Duration = Duration::from_secs(1);

/// Turns a request into a connection.
///
/// # Errors
/// The answer to a request that asks for none, or whose parameters do not convert.
pub(super) fn upgrade(
    worker: &Arc<Worker>,
    route: &Route,
    captured: &[Value],
    request: &HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, reply::Reply> {
    let args = route.binding.arguments(captured, request)?;
    let refused = |text: &str| reply::Reply::error(StatusCode::BAD_REQUEST, text);
    let (response, session, stream) = actix_ws::handle(request, payload).map_err(|error| {
        match request.headers().contains_key(UPGRADE) {
            true => refused(&error.to_string()),
            false => refused("Connection header did not include 'upgrade'"),
        }
    })?;
    let most = worker.shared.options.ws_message_bytes;
    let stream = stream.max_frame_size(most).aggregate_continuations().max_continuation_size(most);
    let id =
        request.extensions().get::<RequestId>().map_or(String::new(), |id| id.logged().to_owned());
    let span = info_span!(
        target: "forge.http",
        parent: None,
        "ws.connection",
        request_id = id,
        uri = %request.uri(),
        handler = route.plan.handler,
    );
    let talk = Talk::new(worker, route, args, request);
    rt::spawn(run(worker.clone(), talk, session, stream).instrument(span));
    Ok(response)
}

/// Why a connection ends: the client is gone, or it is told.
enum End {
    Gone,
    Close(Option<CloseReason>),
}

async fn run(worker: Arc<Worker>, talk: Talk, session: Session, stream: AggregatedMessageStream) {
    let (queue, messages) = mpsc::channel(worker.shared.options.ws_queue);
    let takes_binary = talk.takes_binary();
    let end = tokio::select! {
        biased;
        end = answer(&worker, talk, session.clone(), messages) => end,
        end = listen(stream, session.clone(), &queue, takes_binary) => end,
    };
    // What ran for the client is dropped by now.
    if let End::Close(reason) = end {
        let _ = timeout(FAREWELL, session.close(reason)).await;
    }
}

/// Reads the socket to its end.
async fn listen(
    mut stream: AggregatedMessageStream,
    mut session: Session,
    queue: &mpsc::Sender<Message>,
    takes_binary: bool,
) -> End {
    let mut pings = interval_at(Instant::now() + PING, PING);
    let mut silence = 0;
    loop {
        let message = tokio::select! {
            message = stream.recv() => message,
            _ = pings.tick() => {
                silence += 1;
                if silence > 2 || timeout(FAREWELL, session.ping(b"")).await.is_err() {
                    return End::Gone;
                }
                continue;
            }
        };
        silence = 0;
        let message = match message {
            Some(Ok(AggregatedMessage::Text(text))) => Message::Text(text.to_string()),
            Some(Ok(AggregatedMessage::Binary(bytes))) if takes_binary => Message::Binary(bytes),
            Some(Ok(AggregatedMessage::Binary(bytes))) => {
                debug!(target: "forge.server", bytes = bytes.len(), "binary message ignored");
                continue;
            }
            Some(Ok(AggregatedMessage::Ping(bytes))) => {
                let _ = timeout(FAREWELL, session.pong(&bytes)).await;
                continue;
            }
            Some(Ok(AggregatedMessage::Pong(_))) => continue,
            Some(Ok(AggregatedMessage::Close(reason))) => return End::Close(reason),
            Some(Err(error)) => return broken(&error),
            None => return End::Gone,
        };
        if queue.try_send(message).is_err() {
            return close(CloseCode::Again, "message queue full");
        }
        // A message that can begin at once does not wait in the queue.
        yield_now().await;
    }
}

/// What a client is told that does not keep to the protocol.
fn broken(error: &ProtocolError) -> End {
    match error {
        ProtocolError::Overflow => close(CloseCode::Size, "message too large"),
        ProtocolError::Io(error) if error.kind() == ErrorKind::Other => {
            close(CloseCode::Size, "message too large")
        }
        ProtocolError::Io(_) => End::Gone,
        other => close(CloseCode::Protocol, &other.to_string()),
    }
}

fn farewell(ending: Ending) -> End {
    match ending {
        Ending::Stopped => close(CloseCode::Away, "server shutting down"),
        Ending::Replaced => close(CloseCode::Restart, "server reloading"),
    }
}

fn close(code: CloseCode, description: &str) -> End {
    End::Close(Some(CloseReason { code, description: Some(description.to_owned()) }))
}

/// Answers one message after the other.
async fn answer(
    worker: &Arc<Worker>,
    mut talk: Talk,
    mut session: Session,
    mut messages: mpsc::Receiver<Message>,
) -> End {
    let mut ending = pin!(worker.shared.ends());
    loop {
        let message = tokio::select! {
            biased;
            ending = &mut ending => return farewell(ending),
            message = messages.recv() => message,
        };
        let Some(message) = message else {
            return End::Gone;
        };
        let permit = Permit::wait(worker).await;
        let reply = match talk.begin(message, permit) {
            Turn::Done(reply) => reply,
            Turn::Moved(moved) => {
                let limit = worker.shared.options.request_time;
                let cut = Cut { span: Span::current(), is_over: false };
                let ended = in_time(moved, limit).await;
                cut.not();
                match ended {
                    Some(ended) => talk.settle(ended),
                    None => talk.timed_out(),
                }
            }
        };
        let sent = match reply {
            Reply::Text(text) => session.text(text).await,
            Reply::Binary(bytes) => session.binary(bytes).await,
        };
        if sent.is_err() {
            return End::Gone;
        }
    }
}

/// Says that a handler was cut short: no reply will follow.
struct Cut {
    span: Span,
    is_over: bool,
}

impl Cut {
    fn not(mut self) {
        self.is_over = true;
    }
}

impl Drop for Cut {
    fn drop(&mut self) {
        if !self.is_over {
            info!(target: "forge.server", parent: &self.span, "websocket handler cancelled by client");
        }
    }
}
