//! What a server answers about itself, without running the program: `--health`, `--metrics` (tooling 4.5).

use super::metrics::Metrics;
use super::worker::Shared;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::Method;

/// On an answer that is no line of the log.
pub(super) struct Unlogged;

/// The answer to a question about the server itself.
pub(super) fn answer(shared: &Shared, request: &HttpRequest) -> Option<HttpResponse> {
    let is_asked = |path: &Option<String>| path.as_deref() == Some(request.path());
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let mut response = match &shared.metrics {
        Some(metrics) if is_asked(&shared.options.metrics) => counts(metrics, shared),
        _ if is_asked(&shared.options.health) => health(shared),
        _ => return None,
    };
    response.extensions_mut().insert(Unlogged);
    Some(response)
}

fn health(shared: &Shared) -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({
        "status": "ok",
        "uptime_s": shared.premises.since.elapsed().as_secs(),
        "inflight": shared.premises.machines.now(),
    }))
}

fn counts(metrics: &Metrics, shared: &Shared) -> HttpResponse {
    let text = metrics.text(shared.premises.machines.now(), shared.premises.connections.now());
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text)
}
