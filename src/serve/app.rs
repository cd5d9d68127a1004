//! What stands around the handlers, on the network and without it: one chain of middleware for both.

use super::logs::RequestSpan;
use super::request_id::RequestIds;
use actix_web::App;
use actix_web::Error;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceFactory;
use actix_web::dev::ServiceRequest;
use actix_web::dev::ServiceResponse;
use actix_web::web;
use tracing_actix_web::TracingLogger;

/// An application in which `answer` answers every request.
pub(super) fn app<A, F>(
    answer: A,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
>
where
    A: Fn(HttpRequest, web::Payload) -> F + Clone + 'static,
    F: Future<Output = HttpResponse> + 'static,
{
    // The last one is the outermost: an id exists before the span, and is put on what ends early, too.
    App::new()
        .default_service(web::to(answer))
        .wrap(TracingLogger::<RequestSpan>::new())
        .wrap(RequestIds)
}
