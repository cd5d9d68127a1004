//! Spans that a collector gets (server 9), from the shipped binary and within this process. Needs the feature `otel`.
#![cfg(feature = "otel")]

#[path = "otel/collector.rs"]
mod collector;

use collector::Collector;
use collector::Span;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpListener;
use std::net::TcpStream;
use std::process::Child;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

/// No test waits longer: then something hangs.
const PATIENCE: Duration = Duration::from_secs(20);

const PROGRAM: &str = r#"
@server(port: 0)
@get("/hello") fn hello() { log.info("in hello")
    return "hi" }
@ws("/echo") fn echo(text) { return text }
"#;

/// What the environment of whoever runs the tests must not say.
const VARIABLES: [&str; 6] = [
    "FORGE_LOG",
    "RUST_LOG",
    "FORGE_LOG_FORMAT",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_SERVICE_NAME",
    "OTEL_RESOURCE_ATTRIBUTES",
];

/// A served program; killed in the end.
struct Site {
    process: Child,
    address: String,
    lines: BufReader<std::process::ChildStderr>,
    program: std::path::PathBuf,
}

impl Site {
    fn new(name: &str, env: &[(&str, &str)]) -> Site {
        let file = format!("forge-otel-{}-{name}.fg", std::process::id());
        let program = std::env::temp_dir().join(file);
        std::fs::write(&program, PROGRAM).unwrap();
        let mut forge = Command::new(env!("CARGO_BIN_EXE_forge"));
        for name in VARIABLES {
            forge.env_remove(name);
        }
        forge.arg("serve").arg(&program).envs(env.iter().copied());
        let mut process = forge.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap());
        let address = loop {
            let mut line = String::new();
            assert!(lines.read_line(&mut line).unwrap() > 0, "it ended");
            if let Some(address) = line.trim().strip_prefix("listening on http://") {
                break address.to_owned();
            }
        };
        Site { process, address, lines, program }
    }

    /// Sends a head, and waits until `answer` is answered.
    fn ask(&self, path: &str, headers: &str, answer: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: it\r\n{headers}\r\n").unwrap();
        let mut head = vec![0; answer.len()];
        stream.read_exact(&mut head).unwrap();
        assert_eq!(String::from_utf8_lossy(&head), answer);
        stream
    }

    fn get(&self, headers: &str) {
        self.ask("/hello?a=1", headers, "HTTP/1.1 200");
    }

    /// Ends it as an operator does; how it ended, how long that took, and what it said.
    fn stop(mut self) -> (ExitStatus, Duration, String) {
        let begun = Instant::now();
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut said = String::new();
        self.lines.read_to_string(&mut said).unwrap();
        (self.process.wait().unwrap(), begun.elapsed(), said)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_file(&self.program);
    }
}

/// The only span of that name.
fn only<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let mut found = spans.iter().filter(|span| span.name == name);
    let span = found.next().unwrap_or_else(|| panic!("no span {name}: {spans:#?}"));
    assert!(found.next().is_none(), "several spans {name}: {spans:#?}");
    span
}

#[test]
fn a_request_is_a_span_with_that_of_its_handler_below() {
    let collector = Collector::new();
    // What standard error leaves out is exported all the same.
    let env = [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()), ("FORGE_LOG", "error")];
    let site = Site::new("request", &env);
    site.get("x-request-id: one-and-only\r\nconnection: close\r\n");
    assert!(site.stop().0.success());
    let (spans, resource) = collector.received();
    let request = only(&spans, "request");
    assert_eq!(request.parent, "");
    assert_eq!(request.attributes["uri"], "/hello?a=1");
    assert_eq!(request.attributes["request_id"], "one-and-only");
    let handler = only(&spans, "forge.handler");
    assert_eq!(handler.parent, request.id);
    assert_eq!(handler.trace, request.trace);
    assert_eq!(handler.attributes["handler"], "hello");
    assert!(handler.events.iter().any(|event| event == "in hello"), "{handler:?}");
    assert_eq!(resource["service.name"], "forge");
}

#[test]
fn a_web_socket_is_a_span_and_each_message_one_below() {
    let collector = Collector::new();
    let site = Site::new("socket", &[("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())]);
    let upgrade = "x-request-id: up\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
        sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let mut stream = site.ask("/echo", upgrade, "HTTP/1.1 101");
    // A masked text of two letters, the mask all zeros.
    stream.write_all(&[0x81, 0x82, 0, 0, 0, 0, b'h', b'i']).unwrap();
    let mut seen = Vec::new();
    while !seen.ends_with(&[0x81, 2, b'h', b'i']) {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        seen.extend(byte);
    }
    drop(stream);
    assert!(site.stop().0.success());
    let (spans, _) = collector.received();
    let connection = only(&spans, "ws.connection");
    assert_eq!(connection.attributes["request_id"], "up");
    assert_eq!(connection.attributes["handler"], "echo");
    let message = only(&spans, "forge.handler");
    assert_eq!(message.parent, connection.id);
    assert_eq!(message.attributes["request_id"], "up");
}

#[test]
fn a_request_joins_the_trace_that_its_header_names() {
    let collector = Collector::new();
    let (trace, parent) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    let site = Site::new("trace", &[("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())]);
    site.get(&format!(
        "traceparent: 00-{trace}-{parent}-01\r\nx-request-id: good\r\nconnection: close\r\n"
    ));
    site.get("traceparent: 00-nonsense\r\nx-request-id: bad\r\nconnection: close\r\n");
    assert!(site.stop().0.success());
    let (spans, _) = collector.received();
    let of = |id: &str| {
        let is_it = |span: &&Span| span.name == "request" && span.attributes["request_id"] == id;
        spans.iter().find(is_it).unwrap()
    };
    assert_eq!((of("good").trace.as_str(), of("good").parent.as_str()), (trace, parent));
    assert_eq!(of("bad").parent, "");
    assert_ne!(of("bad").trace, trace);
}

#[test]
fn the_operator_names_the_service() {
    for (variable, value) in
        [("OTEL_SERVICE_NAME", "shop"), ("OTEL_RESOURCE_ATTRIBUTES", "zone=b,service.name=shop")]
    {
        let collector = Collector::new();
        let env = [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()), (variable, value)];
        let site = Site::new(variable, &env);
        site.get("connection: close\r\n");
        assert!(site.stop().0.success());
        assert_eq!(collector.received().1["service.name"], "shop", "{variable}");
    }
}

/// The address of a port at which nobody listens any more.
fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[test]
fn a_collector_that_is_away_keeps_nobody_waiting() {
    let site = Site::new("away", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &closed())]);
    site.get("connection: close\r\n");
    let (status, took, said) = site.stop();
    assert!(status.success());
    assert!(took < PATIENCE / 2, "{took:?}");
    let complaints = said.lines().filter(|line| line.contains("BatchSpanProcessor.ExportError"));
    assert_eq!(complaints.count(), 1, "{said}");
}

/// T-O1. In a process of its own, since the environment is read once.
#[test]
fn export_is_active_without_a_collector_and_the_flush_ends() {
    let own = "export_is_active_without_a_collector_and_the_flush_ends";
    if std::env::var_os("OTEL_EXPORTER_OTLP_ENDPOINT").is_none() {
        let mut test = Command::new(std::env::current_exe().unwrap());
        test.args(["--exact", own]).env("OTEL_EXPORTER_OTLP_ENDPOINT", closed());
        test.envs([("OTEL_EXPORTER_OTLP_TIMEOUT", "1000"), ("OTEL_BSP_EXPORT_TIMEOUT", "2000")]);
        let output = test.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        return;
    }
    forge::serve::init_logs();
    assert!(forge::logs::otel_is_active());
    tracing::info_span!(target: "forge.http", "lost").in_scope(|| ());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let begun = Instant::now();
    runtime.block_on(async {
        tokio::task::spawn_blocking(forge::logs::flush_otel).await.unwrap();
    });
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

/// T-L4.
#[test]
fn without_an_endpoint_nothing_is_exported() {
    if std::env::var_os("OTEL_EXPORTER_OTLP_ENDPOINT").is_some() {
        return;
    }
    forge::serve::init_logs();
    assert!(!forge::logs::otel_is_active());
    tracing::info!(target: "forge.server", "an event");
    forge::logs::flush_otel();
}
