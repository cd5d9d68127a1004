//! Long answers go out compressed to clients that take that.

use super::options::Options;
use actix_http::encoding::Encoder;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::body::BodySize;
use actix_web::body::BoxBody;
use actix_web::body::MessageBody;
use actix_web::http::header::ACCEPT_ENCODING;
use actix_web::http::header::AcceptEncoding;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::http::header::Encoding;
use actix_web::http::header::Header;
use actix_web::http::header::HeaderMap;

/// Bodies of fewer bytes hardly get shorter.
const WORTHWHILE: u64 = 1 << 10;

/// What a client may take, the best first.
const ENCODINGS: [Encoding; 4] =
    [Encoding::brotli(), Encoding::gzip(), Encoding::deflate(), Encoding::identity()];

/// Compresses the body of an answer, if that is worthwhile and its client takes it. Streams are left alone, for
/// compressing keeps back what comes until it has enough of it; so is what is compressed already.
pub(super) fn if_worthwhile(
    options: &Options,
    request: &HttpRequest,
    response: HttpResponse,
) -> HttpResponse {
    let is_long = matches!(response.body().size(), BodySize::Sized(size) if size >= WORTHWHILE);
    let is_asked = options.compress && request.headers().contains_key(ACCEPT_ENCODING);
    if !is_long || !is_asked || is_compressed(response.headers()) {
        return response;
    }
    let accepted = AcceptEncoding::parse(request).ok();
    // Who takes nothing that there is gets it as it is.
    match accepted.and_then(|accepted| accepted.negotiate(ENCODINGS.iter())) {
        Some(Encoding::Known(encoding)) => {
            response.map_body(|head, body| BoxBody::new(Encoder::response(encoding, head, body)))
        }
        _ => response,
    }
}

/// Whether the body of an answer is a picture or a film, of a kind that has been compressed.
fn is_compressed(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().to_ascii_lowercase();
    let is_picture = kind.starts_with("image/") && !kind.starts_with("image/svg");
    is_picture || kind.starts_with("video/")
}
