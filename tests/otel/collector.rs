//! A collector that keeps what it gets: as much of gRPC and protobuf as the exporter speaks.

use bytes::Bytes;
use h2::RecvStream;
use h2::server::SendResponse;
use http::HeaderName;
use http::HeaderValue;
use http::Request;
use http::Response;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

/// Messages as they came.
type Kept = Arc<Mutex<Vec<Vec<u8>>>>;

/// Names and texts; values of other kinds are left out.
pub(crate) type Attributes = HashMap<String, String>;

/// A span as it came.
#[derive(Debug)]
pub(crate) struct Span {
    pub(crate) trace: String,
    pub(crate) id: String,
    pub(crate) parent: String,
    pub(crate) name: String,
    pub(crate) attributes: Attributes,
    /// Their names.
    pub(crate) events: Vec<String>,
}

/// A server for one exporter.
pub(crate) struct Collector {
    url: String,
    bodies: Kept,
}

impl Collector {
    pub(crate) fn new() -> Collector {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let bodies = Kept::default();
        let kept = bodies.clone();
        std::thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_io().build().unwrap();
            runtime.block_on(listen(listener, kept));
        });
        Collector { url, bodies }
    }

    /// What `OTEL_EXPORTER_OTLP_ENDPOINT` says.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// All spans so far, and what the last sender says of itself.
    pub(crate) fn received(&self) -> (Vec<Span>, Attributes) {
        let (mut spans, mut resource) = (Vec::new(), Attributes::new());
        for body in self.bodies.lock().unwrap().iter() {
            for group in all(body, 1) {
                all(group, 1).for_each(|it| resource = attributes(it, 1));
                spans.extend(all(group, 2).flat_map(|scope| all(scope, 2)).map(span));
            }
        }
        (spans, resource)
    }
}

/// Answers whoever connects, until the process ends.
async fn listen(listener: std::net::TcpListener, kept: Kept) {
    let listener = TcpListener::from_std(listener).unwrap();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let kept = kept.clone();
        tokio::spawn(async move {
            let mut connection = h2::server::handshake(stream).await.unwrap();
            while let Some(Ok((request, respond))) = connection.accept().await {
                tokio::spawn(take(request, respond, kept.clone()));
            }
        });
    }
}

/// Keeps the message of a call, and says that it has it.
async fn take(request: Request<RecvStream>, mut respond: SendResponse<Bytes>, kept: Kept) {
    let method = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    assert_eq!(request.uri().path(), method);
    assert_eq!(request.headers()["content-type"], "application/grpc");
    let mut body = request.into_body();
    let mut bytes = Vec::new();
    while let Some(piece) = body.data().await {
        let piece = piece.unwrap();
        body.flow_control().release_capacity(piece.len()).unwrap();
        bytes.extend(piece);
    }
    // Before it stand whether it is compressed, and its length.
    let message = bytes.split_off(5);
    assert_eq!((bytes[0], bytes[1..] == (message.len() as u32).to_be_bytes()), (0, true));
    // Before the answer: whoever has it may look.
    kept.lock().unwrap().push(message);
    let head = Response::builder().header("content-type", "application/grpc").body(()).unwrap();
    let mut answer = respond.send_response(head, false).unwrap();
    answer.send_data(Bytes::from_static(&[0; 5]), false).unwrap();
    let status = (HeaderName::from_static("grpc-status"), HeaderValue::from_static("0"));
    answer.send_trailers([status].into_iter().collect()).unwrap();
}

/// The fields of a message that have a length, with their numbers.
fn fields(mut message: &[u8]) -> Vec<(u64, &[u8])> {
    let mut found = Vec::new();
    while !message.is_empty() {
        let key = number(&mut message);
        let length = match key & 7 {
            0 => {
                number(&mut message);
                continue;
            }
            1 => 8,
            2 => number(&mut message) as usize,
            5 => 4,
            kind => panic!("wire type {kind}"),
        };
        let (field, rest) = message.split_at(length);
        message = rest;
        if key & 7 == 2 {
            found.push((key >> 3, field));
        }
    }
    found
}

/// Seven bits a byte, the lowest first.
fn number(message: &mut &[u8]) -> u64 {
    let mut value = 0;
    for place in 0.. {
        let (first, rest) = message.split_first().unwrap();
        *message = rest;
        value |= u64::from(first & 0x7f) << (7 * place);
        if first & 0x80 == 0 {
            break;
        }
    }
    value
}

/// Those of one number.
fn all(message: &[u8], number: u64) -> impl Iterator<Item = &[u8]> {
    fields(message).into_iter().filter(move |it| it.0 == number).map(|it| it.1)
}

fn text(message: &[u8], number: u64) -> String {
    all(message, number).next().map(String::from_utf8_lossy).unwrap_or_default().into_owned()
}

fn hex(message: &[u8], number: u64) -> String {
    all(message, number).flatten().map(|byte| format!("{byte:02x}")).collect()
}

fn attributes(message: &[u8], number: u64) -> Attributes {
    let pair = |it| Some((text(it, 1), text(all(it, 2).next()?, 1)));
    all(message, number).filter_map(pair).collect()
}

fn span(message: &[u8]) -> Span {
    Span {
        trace: hex(message, 1),
        id: hex(message, 2),
        parent: hex(message, 4),
        name: text(message, 5),
        attributes: attributes(message, 9),
        events: all(message, 11).map(|event| text(event, 2)).collect(),
    }
}
