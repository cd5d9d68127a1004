//! Request bodies: which are read, how far, and as what (server 3.3).

use super::bind::Binding;
use super::options::Options;
use super::reply::Reply;
use crate::value::Value;
use crate::value::from_json;
use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::web::BytesMut;
use actix_web::web::Payload;
use futures_util::StreamExt;
use std::time::Duration;
use tokio::time::Instant;
use tokio::time::timeout_at;

/// How long the first pieces of a body may take, whatever the rate.
const GRACE: Duration = Duration::from_secs(5);

/// Whether the body of such a request is read.
pub(super) fn is_wanted(method: &Method) -> bool {
    matches!(*method, Method::POST | Method::PUT | Method::PATCH | Method::DELETE)
}

/// The bytes of the body, if the handler takes them.
///
/// # Errors
/// The answer to a body that is too large or no JSON by its content type.
pub(super) async fn read(
    request: &HttpRequest,
    payload: Payload,
    binding: &Binding,
    options: &Options,
) -> Result<Option<Bytes>, Reply> {
    let kind = request.headers().get(CONTENT_TYPE).map(|kind| is_json(kind.as_bytes()));
    let is_optional = request.method() == Method::DELETE;
    if is_optional && !(binding.needs_body && kind == Some(true)) {
        return Ok(None);
    }
    if binding.needs_body && kind == Some(false) {
        return Err(not_json());
    }
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if announced
        .and_then(|length| length.parse().ok())
        .is_some_and(|length: u64| length > options.body_bytes as u64)
    {
        return Err(too_large());
    }
    let bytes = gather(payload, options).await?;
    if !binding.needs_body || bytes.is_empty() && (is_optional || kind.is_none()) {
        return Ok(None);
    }
    if kind.is_none() { Err(not_json()) } else { Ok(Some(bytes)) }
}

/// All bytes of a body, unless they are too many or come too slowly.
async fn gather(mut payload: Payload, options: &Options) -> Result<Bytes, Reply> {
    let start = Instant::now();
    let mut bytes = BytesMut::new();
    loop {
        let latest = start + patience(bytes.len() as u64, options);
        let piece = match timeout_at(latest, payload.next()).await {
            Ok(Some(Ok(piece))) => piece,
            Ok(None) => return Ok(bytes.freeze()),
            Ok(Some(Err(error))) => {
                let text = format!("Failed to buffer the request body: {error}");
                return Err(Reply::error(StatusCode::BAD_REQUEST, &text));
            }
            Err(_) => {
                return Err(Reply::error(StatusCode::REQUEST_TIMEOUT, "request body too slow"));
            }
        };
        if piece.len() > options.body_bytes - bytes.len() {
            return Err(too_large());
        }
        bytes.extend_from_slice(&piece);
    }
}

/// How long after the start the next piece may come when `length` bytes are there: a client that trickles holds a
/// connection and its memory for little.
fn patience(length: u64, options: &Options) -> Duration {
    match length.checked_div(options.body_rate) {
        Some(seconds) => options.body_time.min(GRACE + Duration::from_secs(seconds)),
        None => options.body_time,
    }
}

/// The value of a body.
///
/// # Errors
/// The answer to one that is no JSON.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, Reply> {
    from_json(bytes).map_err(|error| {
        let text = format!("Failed to parse the request body as JSON: {error}");
        Reply::error(StatusCode::BAD_REQUEST, &text)
    })
}

/// `application/json` or `application/<anything>+json`, whatever its parameters.
fn is_json(kind: &[u8]) -> bool {
    let kind = String::from_utf8_lossy(kind).to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.strip_prefix("application/").is_some_and(|sub| sub == "json" || sub.ends_with("+json"))
}

fn not_json() -> Reply {
    let text = "Expected request with `Content-Type: application/json`";
    Reply::error(StatusCode::UNSUPPORTED_MEDIA_TYPE, text)
}

fn too_large() -> Reply {
    let text = "Failed to buffer the request body: length limit exceeded";
    Reply::error(StatusCode::PAYLOAD_TOO_LARGE, text)
}
