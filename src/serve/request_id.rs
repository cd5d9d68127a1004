//! `X-Request-Id`: taken from the client or made, known before the first span, put on every answer (server 7).
//!
//! One middleware, the outermost: what runs inside it may answer early, and the id must still be on that answer. So it
//! is also the place for the other headers that every answer has.

use actix_web::Error;
use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::body::MessageBody;
use actix_web::dev::Service;
use actix_web::dev::ServiceRequest;
use actix_web::dev::ServiceResponse;
use actix_web::dev::Transform;
use actix_web::dev::forward_ready;
use actix_web::http::header::HeaderName;
use actix_web::http::header::HeaderValue;
use actix_web::http::header::VARY;
use std::future::Ready;
use std::future::ready;
use std::pin::Pin;
use std::time::Instant;
use tracing::warn;
use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// The header that carries it.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Whatever the mode, caches must not give one origin's answer to another (server 3.7).
const VARIES: HeaderValue = HeaderValue::from_static(
    "origin, access-control-request-method, access-control-request-headers",
);

/// The longest id in logs: a client must not fill them.
const LOGGED: usize = 64;

/// What stands in logs for an id that is no text.
const UNKNOWN: &str = "unknown";

/// The id of a request, and when that came; kept in its extensions.
#[derive(Clone)]
pub(super) struct RequestId {
    echoed: Echoed,
    since: Instant,
}

/// What the client gets back.
#[derive(Clone)]
enum Echoed {
    /// The id made for it.
    Made([u8; Hyphenated::LENGTH]),
    /// Its own bytes.
    Given(HeaderValue),
}

impl RequestId {
    /// The id of a request with this header.
    fn of(header: Option<&HeaderValue>) -> RequestId {
        let echoed = match header {
            Some(given) if !given.is_empty() => {
                if text(given.as_bytes()).is_none() {
                    warn!(
                        target: "forge.server",
                        request_id_len = given.len(),
                        "X-Request-Id header is not valid UTF-8; using \"unknown\""
                    );
                }
                Echoed::Given(given.clone())
            }
            given => {
                if given.is_some() {
                    warn!(
                        target: "forge.server",
                        request_id_len = 0,
                        "X-Request-Id header is empty; generated a new id"
                    );
                }
                let mut made = [0; Hyphenated::LENGTH];
                Uuid::new_v4().hyphenated().encode_lower(&mut made);
                Echoed::Made(made)
            }
        };
        RequestId { echoed, since: Instant::now() }
    }

    fn bytes(&self) -> &[u8] {
        match &self.echoed {
            Echoed::Made(made) => made,
            Echoed::Given(given) => given.as_bytes(),
        }
    }

    fn header(&self) -> HeaderValue {
        match &self.echoed {
            Echoed::Made(made) => HeaderValue::from_bytes(made).expect("a UUID is ASCII"),
            Echoed::Given(given) => given.clone(),
        }
    }

    /// The id as it stands in logs: at most 64 characters that cannot break a line.
    pub(super) fn logged(&self) -> &str {
        logged(self.bytes())
    }

    /// The id as other servers get it, if it is text.
    pub(super) fn passed_on(&self) -> Option<String> {
        text(self.bytes()).map(str::to_owned)
    }
}

/// When `request` came.
pub(super) fn arrival(request: &HttpRequest) -> Instant {
    request.extensions().get::<RequestId>().map_or_else(Instant::now, |id| id.since)
}

fn logged(bytes: &[u8]) -> &str {
    let cut = &bytes[..bytes.len().min(LOGGED)];
    match text(bytes) {
        Some(text) if !text.is_empty() => text.get(..cut.len()).unwrap_or(UNKNOWN),
        _ => UNKNOWN,
    }
}

/// The text of bytes that are all printable ASCII or tabs.
fn text(bytes: &[u8]) -> Option<&str> {
    let is_plain = bytes.iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
    std::str::from_utf8(bytes).ok().filter(|_| is_plain)
}

/// The middleware that gives each request its id.
pub struct RequestIds;

impl<S, B> Transform<S, ServiceRequest> for RequestIds
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Transform = WithRequestId<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(WithRequestId { service }))
    }
}

/// A service whose requests have ids.
pub struct WithRequestId<S> {
    service: S,
}

impl<S, B> Service<ServiceRequest> for WithRequestId<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let id = RequestId::of(request.headers().get(HEADER));
        request.extensions_mut().insert(id);
        let answer = self.service.call(request);
        Box::pin(async move {
            let mut response = answer.await?;
            let id = response.request().extensions().get().map(RequestId::header);
            let headers = response.headers_mut();
            if let Some(id) = id {
                headers.insert(HEADER, id);
            }
            headers.append(VARY, VARIES);
            Ok(response)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn echoed_and_logged(header: &[u8]) -> (Vec<u8>, String) {
        let header = HeaderValue::from_bytes(header).unwrap();
        let id = RequestId::of(Some(&header));
        (id.bytes().to_vec(), id.logged().to_owned())
    }

    #[test]
    fn truncate_id_str_keeps_exact_boundary_id() {
        let id = "x".repeat(64);
        assert_eq!(logged(id.as_bytes()), id);
    }

    #[test]
    fn truncate_id_str_caps_oversized_id() {
        assert_eq!(logged("x".repeat(65).as_bytes()), "x".repeat(64));
    }

    #[test]
    fn request_id_for_span_accepts_normal_ascii() {
        assert_eq!(logged(b"test-trace-deadbeef-123"), "test-trace-deadbeef-123");
    }

    #[test]
    fn request_id_for_span_empty_header_is_unknown() {
        assert_eq!(logged(b""), UNKNOWN);
    }

    #[test]
    fn request_id_for_span_non_ascii_is_unknown() {
        assert_eq!(echoed_and_logged(b"caf\xFF"), (b"caf\xFF".to_vec(), UNKNOWN.to_owned()));
    }

    #[test]
    fn request_id_for_span_preserves_whitespace_only_id() {
        assert_eq!(logged(b"   "), "   ");
    }

    #[test]
    fn extract_request_id_returns_owned_truncated_id() {
        let long = [b'y'; 100];
        assert_eq!(echoed_and_logged(&long), (long.to_vec(), "y".repeat(64)));
    }

    proptest::proptest! {
        // P-5
        #[test]
        fn any_header_is_echoed_and_logged_safely(bytes in proptest::collection::vec(0_u8.., 0..200)) {
            let Ok(header) = HeaderValue::from_bytes(&bytes) else { return Ok(()) };
            let id = RequestId::of(Some(&header));
            let logged = id.logged();
            let is_plain = logged.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
            proptest::prop_assert!(is_plain && logged.len() <= 64, "{logged:?}");
            match bytes.is_empty() {
                true => proptest::prop_assert_eq!(logged.len(), 36),
                false => proptest::prop_assert_eq!(id.bytes(), &bytes[..]),
            }
        }
    }

    #[test]
    fn an_id_is_made_for_a_request_without_one() {
        let (one, other) =
            (RequestId::of(None), RequestId::of(Some(&HeaderValue::from_static(""))));
        assert_eq!(one.logged().len(), 36);
        assert_eq!(one.logged().matches('-').count(), 4);
        assert_ne!(one.logged(), other.logged());
    }
}
