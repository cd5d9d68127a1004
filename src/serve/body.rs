//! Request bodies: which are read, how far, and as what (server 3.3).

use super::bind::Binding;
use super::form;
use super::form::Form;
use super::form::Part;
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

/// A body that a handler takes, not yet made a value.
pub(super) enum Body {
    Json(Bytes),
    /// `a=1&b=2`
    Pairs(Bytes),
    /// A form with files.
    Parts(Vec<Part>),
}

/// What a body is, by its content type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unsaid,
    Json,
    Pairs,
    Parts,
    Other,
}

/// The body, if the handler takes it: JSON for a parameter of its own, forms for the request.
///
/// # Errors
/// The answer to a body that is too large, comes too slowly or is not what the handler takes.
pub(super) async fn read(
    request: &HttpRequest,
    payload: Payload,
    binding: &Binding,
    options: &Options,
) -> Result<Option<Body>, Reply> {
    let kind = Kind::of(request);
    let is_form = binding.needs_request && matches!(kind, Kind::Pairs | Kind::Parts);
    let is_optional = request.method() == Method::DELETE;
    if is_optional && !(binding.needs_body && kind == Kind::Json || is_form) {
        return Ok(None);
    }
    if binding.needs_body && !matches!(kind, Kind::Json | Kind::Unsaid) {
        return Err(not_json());
    }
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if announced
        .and_then(|length| length.parse().ok())
        .is_some_and(|length: u64| length > options.body_bytes as u64)
    {
        return Err(too_large());
    }
    let mut incoming = Incoming::new(payload, options);
    if is_form && kind == Kind::Parts {
        return form::read(request, incoming).await.map(|parts| Some(Body::Parts(parts)));
    }
    let bytes = incoming.gather().await?;
    if is_form {
        return Ok(Some(Body::Pairs(bytes)));
    }
    if !binding.needs_body || bytes.is_empty() && (is_optional || kind == Kind::Unsaid) {
        return Ok(None);
    }
    if kind == Kind::Unsaid { Err(not_json()) } else { Ok(Some(Body::Json(bytes))) }
}

impl Kind {
    fn of(request: &HttpRequest) -> Kind {
        let Some(kind) = request.headers().get(CONTENT_TYPE) else {
            return Kind::Unsaid;
        };
        let kind = String::from_utf8_lossy(kind.as_bytes()).to_ascii_lowercase();
        match kind.split(';').next().unwrap_or_default().trim() {
            "application/x-www-form-urlencoded" => Kind::Pairs,
            "multipart/form-data" => Kind::Parts,
            kind => match kind.strip_prefix("application/") {
                Some(sub) if sub == "json" || sub.ends_with("+json") => Kind::Json,
                _ => Kind::Other,
            },
        }
    }
}

impl Body {
    /// How many bytes it has.
    pub(super) fn len(&self) -> usize {
        match self {
            Body::Json(bytes) | Body::Pairs(bytes) => bytes.len(),
            Body::Parts(parts) => parts.iter().map(|part| part.content.len()).sum(),
        }
    }

    /// Puts it where the handler takes it.
    ///
    /// # Errors
    /// The answer to one that is no JSON.
    pub(super) fn bind(&self, binding: &Binding, args: &mut [Value]) -> Result<(), Reply> {
        match self {
            Body::Json(bytes) => binding.set_body(args, &parse(bytes)?),
            Body::Pairs(bytes) => binding.set_form(args, &Form::of_pairs(bytes)),
            Body::Parts(parts) => binding.set_form(args, &Form::of_parts(parts)),
        }
        Ok(())
    }
}

/// A body on its way.
pub(super) struct Incoming {
    payload: Payload,
    start: Instant,
    /// Bytes so far.
    length: usize,
    most: usize,
    time: Duration,
    rate: u64,
}

impl Incoming {
    fn new(payload: Payload, options: &Options) -> Incoming {
        Incoming {
            payload,
            start: Instant::now(),
            length: 0,
            most: options.body_bytes,
            time: options.body_time,
            rate: options.body_rate,
        }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// The answer when there are too many bytes, or they come too slowly.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Reply> {
        let piece = match timeout_at(self.start + self.patience(), self.payload.next()).await {
            Ok(Some(Ok(piece))) => piece,
            Ok(None) => return Ok(None),
            Ok(Some(Err(error))) => {
                let text = format!("Failed to buffer the request body: {error}");
                return Err(Reply::error(StatusCode::BAD_REQUEST, &text));
            }
            Err(_) => {
                return Err(Reply::error(StatusCode::REQUEST_TIMEOUT, "request body too slow"));
            }
        };
        if piece.len() > self.most - self.length {
            return Err(too_large());
        }
        self.length += piece.len();
        Ok(Some(piece))
    }

    /// All of it.
    async fn gather(&mut self) -> Result<Bytes, Reply> {
        let mut bytes = BytesMut::new();
        while let Some(piece) = self.next().await? {
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes.freeze())
    }

    /// How long after the start the next piece may come: a client that trickles holds a connection and its memory for
    /// little.
    fn patience(&self) -> Duration {
        match (self.length as u64).checked_div(self.rate) {
            Some(seconds) => self.time.min(GRACE + Duration::from_secs(seconds)),
            None => self.time,
        }
    }
}

/// The value of a body.
///
/// # Errors
/// The answer to one that is no JSON.
fn parse(bytes: &[u8]) -> Result<Value, Reply> {
    from_json(bytes).map_err(|error| {
        let text = format!("Failed to parse the request body as JSON: {error}");
        Reply::error(StatusCode::BAD_REQUEST, &text)
    })
}

fn not_json() -> Reply {
    let text = "Expected request with `Content-Type: application/json`";
    Reply::error(StatusCode::UNSUPPORTED_MEDIA_TYPE, text)
}

fn too_large() -> Reply {
    let text = "Failed to buffer the request body: length limit exceeded";
    Reply::error(StatusCode::PAYLOAD_TOO_LARGE, text)
}
