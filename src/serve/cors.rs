//! Which other origins may read answers (server 3.8).

use super::options::Cors;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::ACCESS_CONTROL_ALLOW_HEADERS;
use actix_web::http::header::ACCESS_CONTROL_ALLOW_METHODS;
use actix_web::http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use actix_web::http::header::HeaderValue;
use actix_web::http::header::ORIGIN;

const ALL: HeaderValue = HeaderValue::from_static("*");

/// Puts the headers on an answer that let other origins read it; what a handler says itself stays.
pub(super) fn allow(cors: &Cors, request: &HttpRequest, response: &mut HttpResponse) {
    let Some(origin) = allowed(cors, request) else {
        return;
    };
    let headers = response.headers_mut();
    let mut add = |name, value| {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    };
    add(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if request.method() == Method::OPTIONS {
        add(ACCESS_CONTROL_ALLOW_METHODS, ALL);
        add(ACCESS_CONTROL_ALLOW_HEADERS, ALL);
    }
}

fn allowed(cors: &Cors, request: &HttpRequest) -> Option<HeaderValue> {
    match cors {
        Cors::Restrictive => None,
        Cors::Permissive => Some(ALL),
        Cors::Origins(known) => {
            let origin = request.headers().get(ORIGIN)?;
            known.iter().any(|known| known.as_bytes() == origin.as_bytes()).then(|| origin.clone())
        }
    }
}
