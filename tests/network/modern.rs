//! A server that speaks HTTP/2 to those who can, and says so.

use crate::identity::Identity;
use actix_web::App;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::HttpServer;
use actix_web::web;
use std::sync::mpsc;

/// Starts it, for as long as the process lives: its address, without a slash behind it.
pub(super) fn start(identity: &Identity) -> String {
    let config = identity.config.clone();
    let (sender, port) = mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async {
            let server = HttpServer::new(|| {
                App::new()
                    .route("/long", web::get().to(async || "x".repeat(1_000_000)))
                    .default_service(web::to(answer))
            });
            let server = server.workers(1).bind_rustls_0_23("127.0.0.1:0", config).unwrap();
            sender.send(server.addrs()[0].port()).unwrap();
            server.run().await.unwrap();
        });
    });
    format!("https://localhost:{}", port.recv().unwrap())
}

/// By which version of HTTP and on which connection a request has come, and its body.
async fn answer(request: HttpRequest, body: String) -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({
        "version": format!("{:?}", request.version()),
        "connection": request.peer_addr(),
        "body": body,
    }))
}
