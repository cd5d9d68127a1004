//! Connections by their ids, which are the same for the whole process (stdlib 23).

use crate::stdlib::rows::object;
use crate::stdlib::tls;
use crate::value::Value;
use crate::value::from_bytes;
use crate::value::from_json;
use futures_util::SinkExt;
use futures_util::StreamExt;
use futures_util::stream::SplitSink;
use futures_util::stream::SplitStream;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::Connector;
use tokio_tungstenite::MaybeTlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::connect_async_tls_with_config;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::error::UrlError;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a closing frame may take; the other side may have gone.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

struct Connection {
    sink: tokio::sync::Mutex<SplitSink<Socket, Message>>,
    stream: tokio::sync::Mutex<SplitStream<Socket>>,
}

#[derive(Default)]
struct Registry {
    connections: Mutex<HashMap<String, Arc<Connection>>>,
    attempts: AtomicU64,
}

fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(Registry::default)
}

fn find(id: &str) -> Result<Arc<Connection>, String> {
    let found = registry().connections.lock().get(id).cloned();
    found.ok_or_else(|| format!("WebSocket connection '{id}' not found"))
}

/// Connects: the id and the rest.
///
/// # Errors
/// The text of the fault.
pub(super) async fn connect(url: String) -> Result<Value, String> {
    let id = format!("ws_{}", registry().attempts.fetch_add(1, SeqCst) + 1);
    if !["ws://", "wss://"].iter().any(|scheme| url.to_ascii_lowercase().starts_with(scheme)) {
        // The library would try to connect first.
        let error = Error::Url(UrlError::UnsupportedUrlScheme);
        return Err(format!("WebSocket connect error: {error}"));
    }
    let connector = Connector::Rustls(Arc::new(tls::config().clone()));
    let connected = connect_async_tls_with_config(url.as_str(), None, true, Some(connector));
    let (socket, _) = tokio::time::timeout(CONNECT_TIMEOUT, connected)
        .await
        .map_err(|_| "WebSocket connect error: operation timed out".to_owned())?
        .map_err(|error| format!("WebSocket connect error: {error}"))?;
    let (sink, stream) = socket.split();
    let connection = Connection { sink: sink.into(), stream: stream.into() };
    registry().connections.lock().insert(id.clone(), Arc::new(connection));
    Ok(object([("id", id.into()), ("url", url.into()), ("connected", true.into())]))
}

/// Sends a text.
///
/// # Errors
/// The text of the fault.
pub(super) async fn send(id: String, text: String) -> Result<Value, String> {
    let connection = find(&id)?;
    let sent = connection.sink.lock().await.send(Message::text(text)).await;
    sent.map_err(|error| format!("WebSocket send error: {error}"))?;
    Ok(true.into())
}

/// The next message, `timeout` when none comes in time. Nothing is lost then.
///
/// # Errors
/// The text of the fault.
pub(super) async fn receive(id: String, patience: Duration) -> Result<Value, String> {
    let connection = find(&id)?;
    let message = async {
        let mut stream = connection.stream.lock().await;
        loop {
            match stream.next().await {
                // Answered by the library.
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                other => return other,
            }
        }
    };
    match tokio::time::timeout(patience, message).await {
        Err(_) => Ok(object([("type", "timeout".into())])),
        Ok(None | Some(Ok(Message::Close(_)))) => Ok(object([("type", "close".into())])),
        Ok(Some(Ok(Message::Binary(bytes)))) => Ok(from_bytes(&bytes)),
        Ok(Some(Ok(message))) => {
            let text = message.to_text().unwrap_or_default();
            let data = from_json(text.as_bytes()).unwrap_or_else(|_| text.into());
            Ok(object([("type", "text".into()), ("data", data), ("raw", text.into())]))
        }
        Ok(Some(Err(error))) if is_end(&error) => Ok(object([("type", "close".into())])),
        Ok(Some(Err(error))) => Err(format!("WebSocket receive error: {error}")),
    }
}

fn is_end(error: &Error) -> bool {
    matches!(
        error,
        Error::ConnectionClosed
            | Error::AlreadyClosed
            | Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)
    )
}

/// Sends a closing frame and forgets the id: whether there was such a connection.
///
/// # Errors
/// None.
pub(super) async fn close(id: String) -> Result<Value, String> {
    let Some(connection) = registry().connections.lock().remove(&id) else {
        return Ok(false.into());
    };
    let closing = async { connection.sink.lock().await.close().await };
    // Whatever comes of it, the connection is forgotten.
    let _ = tokio::time::timeout(CLOSE_TIMEOUT, closing).await;
    Ok(true.into())
}
