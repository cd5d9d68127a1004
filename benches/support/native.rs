//! The native server: this program again, in a process of its own. actix-web with the same two layers that Forge has, a
//! request id and a tracing span with its completion event: the same line in the log.

use crate::server::Server;
use actix_web::App;
use actix_web::HttpMessage;
use actix_web::HttpServer;
use actix_web::body::MessageBody;
use actix_web::dev::Service;
use actix_web::dev::ServiceRequest;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::HeaderName;
use actix_web::http::header::HeaderValue;
use actix_web::web::ServiceConfig;
use std::process::Command;
use std::time::Instant;
use tracing::Span;
use tracing::info;
use tracing_actix_web::RootSpanBuilder;
use tracing_actix_web::TracingLogger;

/// Whether this process is to be the server.
pub(crate) fn is_wanted() -> bool {
    std::env::var("FORGE_BENCH_ROLE").is_ok_and(|role| role == "native")
}

impl Server {
    /// One whose process finds `variables` in its environment.
    pub(crate) fn native(variables: &[(&str, &str)], log: &str) -> Server {
        let mut command = Command::new(std::env::current_exe().expect("this program has a file"));
        command.env("FORGE_BENCH_ROLE", "native").envs(variables.iter().copied());
        Server::start(command, log)
    }
}

/// Serves what `routes` adds.
pub(crate) fn serve(routes: impl Fn(&mut ServiceConfig) + Clone + Send + 'static) {
    forge::serve::init_logs();
    actix_web::rt::System::new().block_on(async {
        let server = HttpServer::new(move || {
            App::new().configure(&routes).wrap(TracingLogger::<RequestSpan>::new()).wrap_fn(
                |request, service| {
                    let answer = service.call(request);
                    async move {
                        let mut answer = answer.await?;
                        let id = uuid::Uuid::new_v4().to_string();
                        let id = HeaderValue::try_from(id).expect("hexadecimal digits");
                        answer.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
                        Ok(answer)
                    }
                },
            )
        });
        let server = server.tcp_nodelay(true).h1_allow_half_closed(false);
        let server = server.bind("127.0.0.1:0").expect("a free port");
        eprintln!("listening on http://{}", server.addrs()[0]);
        server.run().await.expect("it serves");
    });
}

/// The span of Forge's own logger, for the native server.
struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        request.extensions_mut().insert(Instant::now());
        tracing::info_span!(
            target: "forge.http",
            "request",
            method = %request.method(),
            uri = %request.uri(),
            version = ?request.version(),
            request_id = %uuid::Uuid::new_v4(),
        )
    }

    fn on_request_end<B: MessageBody>(
        span: Span,
        outcome: &Result<ServiceResponse<B>, actix_web::Error>,
    ) {
        let status = outcome.as_ref().map_or(500, |response| response.status().as_u16());
        let since = |response: &ServiceResponse<B>| response.request().extensions().get().copied();
        let since: Option<Instant> = outcome.as_ref().ok().and_then(since);
        let latency = since.map_or(0, |since| since.elapsed().as_millis() as u64);
        span.in_scope(|| {
            info!(
                target: "forge.http",
                latency = format_args!("{latency} ms"),
                latency_ms = latency,
                status,
                "finished processing request"
            );
        });
    }
}
