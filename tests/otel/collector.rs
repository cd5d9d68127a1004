//! A collector that keeps what it gets: as much of HTTP and protobuf as the exporter speaks.

use std::collections::HashMap;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;

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
    bodies: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Collector {
    pub(crate) fn new() -> Collector {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let kept = bodies.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let kept = kept.clone();
                std::thread::spawn(move || take(&stream, &kept));
            }
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

/// Keeps the bodies of a connection.
fn take(stream: &TcpStream, kept: &Mutex<Vec<Vec<u8>>>) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if reader.read_until(b'\n', &mut head).unwrap_or(0) == 0 {
                return;
            }
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        assert!(head.starts_with("post /v1/traces "), "{head}");
        assert!(head.contains("content-type: application/x-protobuf"), "{head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.unwrap().parse().unwrap()];
        reader.read_exact(&mut body).unwrap();
        // Before the answer: whoever has it may look.
        kept.lock().unwrap().push(body);
        let mut writer = stream;
        writer.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
    }
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
