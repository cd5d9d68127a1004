//! WebSockets: one fork a connection, messages in order, and every way a connection ends.

use crate::process::Running;
use crate::site::Answer;
use crate::site::Client;
use crate::site::Site;
use serde_json::Value;
use serde_json::json;
use std::io::Read;
use std::io::Write;
use std::time::Duration;
use std::time::Instant;

const UPGRADE: [&str; 4] = [
    "connection: Upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
];

const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// The client's side of a connection, frame by frame.
pub(crate) struct Socket {
    client: Client,
    head: Answer,
}

impl Socket {
    pub(crate) fn open(mut client: Client, path: &str, headers: &[&str]) -> Socket {
        client.begin("GET", path, &[&UPGRADE[..], headers].concat(), b"");
        let head = client.head();
        assert_eq!(head.status, 101, "{head:?}");
        Socket { client, head }
    }

    /// Sends a frame, masked with zeros.
    fn send(&mut self, kind: u8, payload: &[u8]) {
        self.frame(0x80 | kind, payload);
    }

    fn frame(&mut self, first: u8, payload: &[u8]) {
        let mut frame = vec![first];
        match payload.len() {
            length @ ..126 => frame.push(0x80 | length as u8),
            length @ ..65536 => {
                frame.push(0x80 | 126);
                frame.extend((length as u16).to_be_bytes());
            }
            length => {
                frame.push(0x80 | 127);
                frame.extend((length as u64).to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(payload);
        let _ = self.client.stream.get_mut().write_all(&frame);
    }

    /// The next frame; `None` at the end of the stream.
    fn next(&mut self) -> Option<(u8, Vec<u8>)> {
        let mut head = [0; 2];
        self.client.stream.read_exact(&mut head).ok()?;
        let mut more = |bytes: usize| {
            let mut buffer = [0; 8];
            self.client.stream.read_exact(&mut buffer[8 - bytes..]).unwrap();
            u64::from_be_bytes(buffer) as usize
        };
        let length = match head[1] {
            126 => more(2),
            127 => more(8),
            short => short.into(),
        };
        let mut payload = vec![0; length];
        self.client.stream.read_exact(&mut payload).unwrap();
        Some((head[0] & 0xf, payload))
    }

    fn text(&mut self) -> String {
        let (kind, payload) = self.next().expect("a frame");
        assert_eq!(kind, TEXT, "{}", String::from_utf8_lossy(&payload));
        String::from_utf8(payload).unwrap()
    }

    pub(crate) fn ask(&mut self, text: &str) -> String {
        self.send(TEXT, text.as_bytes());
        self.text()
    }

    /// The code and reason of the close frame that comes next.
    pub(crate) fn close(&mut self) -> (u16, String) {
        let (kind, payload) = self.next().expect("a frame");
        assert_eq!(kind, CLOSE);
        let code = payload.first_chunk().map_or(0, |code| u16::from_be_bytes(*code));
        (code, String::from_utf8(payload.get(2..).unwrap_or_default().to_vec()).unwrap())
    }
}

impl Site {
    pub(crate) fn socket(&self, path: &str) -> Socket {
        Socket::open(self.connect(), path, &[])
    }
}

const PROGRAM: &str = r#"
    @server(ws_queue: 3, ws_message_bytes: 100000, max_inflight: 2)
    let mut hits = 0
    fn make() { let mut n = 0
        return fn() { n += 1
            return n } }
    let next = make()
    @ws("/count") fn count(msg) { hits += 1
        return { hits: hits, next: next() } }
    @get("/http") fn http_count() { hits += 1
        return { hits: hits, next: next() } }
    @ws("/echo") fn echo(msg) { return msg }
    @ws("/json") fn as_json(msg) { return [msg, null, 1.0] }
    @ws("/null") fn nothing(msg) { }
    @ws("/room/:room") fn room(msg, room, user = "nobody", missing) { return [msg, room, user, missing] }
    @ws("/fail") fn fail(msg) { return 1 / 0 }
    @ws("/deep") fn deep(msg) { fn down(n) { return down(n + 1) }
        return down(0) }
    @ws("/panic") fn panics(msg) { say "panic!" }
    @ws("/slow") fn slow(msg) { say "slow {msg}"
        wait 0.02 seconds
        return msg }
    @ws("/stuck") fn stuck(msg) { say "stuck"
        wait 60 seconds
        say "never" }
    @ws("/spin") fn spin(msg) { say "spinning"
        while true {} }
    let silent = channel(0)
    @ws("/within/:what") fn within(msg, what) { say "within"
        if what == "squad" { squad { spawn { while true {} } } }
        if what == "timeout" { timeout 60 seconds { while true {} } }
        if what == "receive" { receive(silent) }
        if what == "calls" { while len("x") == 1 { len("y") } }
        if what == "assignments" { let mut n = 0
            while true { n = n + 1 } }
        say "never" }
    @ws("/deep_enough") fn deep_enough(msg) { fn down(n) { if n == 0 { return 0 }
            return 1 + down(n - 1) }
        return down(9000) }
    @ws("/task") fn task(msg) { spawn { say "begun"
            wait 60 seconds
            say "never" }
        return "started" }
    @ws("/bytes", binary: true) fn bytes(msg) { return msg }
    "#;

#[test]
fn a_connection_keeps_a_fork_of_its_own() {
    let site = Site::new(PROGRAM);
    let (mut one, mut other) = (site.socket("/count"), site.socket("/count"));
    assert!(one.head.header("x-request-id").is_some());
    for n in 1..=3 {
        let wanted = json!({ "hits": n, "next": n });
        assert_eq!(serde_json::from_str::<Value>(&one.ask("x")).unwrap(), wanted);
    }
    let fresh = json!({ "hits": 1, "next": 1 });
    assert_eq!(serde_json::from_str::<Value>(&other.ask("x")).unwrap(), fresh);
    assert_eq!(site.get("/http").json(), fresh);
}

#[test]
fn each_message_has_one_reply() {
    let site = Site::new(PROGRAM);
    assert_eq!(site.socket("/echo").ask("grüß dich"), "grüß dich");
    assert_eq!(site.socket("/json").ask("a"), r#"["a",null,1.0]"#);
    assert_eq!(site.socket("/null").ask("a"), "null");
    assert_eq!(site.socket("/room/7?user=ada").ask("hi"), r#"["hi","7","ada",null]"#);
    assert_eq!(site.socket("/room/7").ask("hi"), r#"["hi","7","nobody",null]"#);
    let mut fails = site.socket("/fail");
    for _ in 0..2 {
        assert!(fails.ask("x").starts_with("error: division by zero"));
    }
    assert!(site.socket("/deep").ask("x").starts_with("error: maximum recursion depth exceeded"));
    assert_eq!(site.socket("/deep_enough").ask("x"), "9000");
    let mut panics = site.socket("/panic");
    for _ in 0..2 {
        assert_eq!(panics.ask("x"), "error: internal handler panic");
    }
    let long = "x".repeat(70_000);
    assert_eq!(site.socket("/echo").ask(&long), long);
}

#[test]
fn a_burst_is_answered_in_order() {
    let site = Site::new(PROGRAM);
    let mut socket = site.socket("/slow");
    for text in ["a", "b", "c", "d"] {
        socket.send(TEXT, text.as_bytes());
    }
    for text in ["a", "b", "c", "d"] {
        assert_eq!(socket.text(), text);
    }
}

#[test]
fn messages_in_pieces_are_put_together_and_pings_answered() {
    let site = Site::new(PROGRAM);
    let mut socket = site.socket("/echo");
    socket.frame(TEXT, b"hel");
    socket.send(PING, b"there?");
    socket.frame(0x80, b"lo");
    assert_eq!(socket.next(), Some((PONG, b"there?".to_vec())));
    assert_eq!(socket.text(), "hello");
}

#[test]
fn binary_messages_are_for_who_asks_for_them() {
    let site = Site::new(PROGRAM);
    let mut socket = site.socket("/echo");
    socket.send(BINARY, b"ignored");
    assert_eq!(socket.ask("next"), "next");
    let mut bytes = site.socket("/bytes");
    bytes.send(BINARY, &[0, 255, 16]);
    assert_eq!(bytes.next(), Some((BINARY, vec![0, 255, 16])));
    assert_eq!(bytes.ask("text"), "text");
}

#[test]
fn every_end_has_its_code() {
    let site = Site::new(PROGRAM);
    let mut leaves = site.socket("/echo");
    leaves.send(CLOSE, &1000_u16.to_be_bytes());
    assert_eq!(leaves.close().0, 1000);

    let mut floods = site.socket("/stuck");
    for _ in 0..9 {
        floods.send(TEXT, b"x");
    }
    assert_eq!(floods.close(), (1013, "message queue full".to_owned()));

    for pieces in [1, 3] {
        let mut large = site.socket("/echo");
        let piece = vec![b'x'; 120_000 / pieces];
        for i in 0..pieces {
            let first = if i == 0 { TEXT } else { 0 };
            large.frame(if i + 1 == pieces { 0x80 | first } else { first }, &piece);
        }
        assert_eq!(large.close().0, 1009, "in {pieces}");
    }
    site.becomes_idle();
}

// T-I5
#[test]
fn websocket_handler_cancelled_on_client_disconnect() {
    let site = Site::new(PROGRAM);
    let within = ["squad", "timeout", "receive", "calls", "assignments"];
    let within = within.map(|what| (format!("/within/{what}"), "within"));
    let all = [("/stuck".to_owned(), "stuck"), ("/spin".to_owned(), "spinning")];
    for (path, said) in all.into_iter().chain(within) {
        for says_goodbye in [false, true] {
            let mut socket = site.socket(&path);
            socket.send(TEXT, b"x");
            site.hears(said);
            assert_eq!(site.handle.in_flight(), 1, "{path}");
            if says_goodbye {
                socket.send(CLOSE, &1000_u16.to_be_bytes());
                assert_eq!(socket.close().0, 1000, "{path}");
                site.becomes_idle();
            } else {
                drop(socket);
                site.becomes_idle();
            }
        }
    }
    let mut socket = site.socket("/task");
    assert_eq!(socket.ask("x"), "started");
    site.hears("begun");
    drop(socket);
    let start = Instant::now();
    while site.handle.tasks() > 0 {
        assert!(start.elapsed() < crate::site::PATIENCE, "the task goes with the connection");
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(site.says_no_more(), Vec::<String>::new());
}

#[test]
fn a_message_waits_for_a_permit_and_is_not_refused() {
    let site = Site::new(PROGRAM);
    let mut stuck = [site.socket("/stuck"), site.socket("/stuck")];
    for socket in &mut stuck {
        socket.send(TEXT, b"x");
        site.hears("stuck");
    }
    assert_eq!(site.get("/http").error().0, 503);
    let mut waits = site.socket("/echo");
    waits.send(TEXT, b"patient");
    drop(stuck);
    assert_eq!(waits.text(), "patient");
}

#[test]
fn requests_that_are_no_upgrades_are_refused() {
    let site = Site::new(PROGRAM);
    let plain = "Connection header did not include 'upgrade'";
    assert_eq!(site.get("/echo").error(), (400, plain.to_owned()));
    let post = site.send("POST", "/echo", &[], b"");
    assert_eq!((post.header("allow"), post.error().0), (Some("GET,HEAD"), 405));
    let no_key = site.send("GET", "/echo", &UPGRADE[..3], b"").error();
    assert_eq!(no_key, (400, "unknown WebSocket key".to_owned()));
}

#[test]
fn a_stop_tells_connections_after_the_message_in_progress() {
    let site = Site::new(PROGRAM);
    let mut idle = site.socket("/echo");
    assert_eq!(idle.ask("x"), "x");
    let mut busy = site.socket("/slow");
    busy.send(TEXT, b"last");
    site.hears("slow last");
    site.handle.stop();
    assert_eq!(busy.text(), "last");
    assert_eq!(busy.close(), (1001, "server shutting down".to_owned()));
    assert_eq!(idle.close().0, 1001);
}

#[test]
fn every_event_of_a_connection_carries_its_id() {
    let program = "@ws(\"/fail\") fn fail(msg) { log.info(\"heard\", msg)\n return 1 / 0 }";
    let env = [("FORGE_LOG_FORMAT", "json")];
    let running = Running::of(program, &["--port", "0"], &env);
    let port = running.event("Forge server listening")["fields"]["port"].as_u64().unwrap();
    let client = Client::new(([127, 0, 0, 1], port as u16).into());
    let mut socket = Socket::open(client, "/fail", &["x-request-id: talk-1"]);
    assert_eq!(socket.head.header("x-request-id"), Some("talk-1"));
    for seq in 1..=2 {
        socket.ask("x");
        for message in ["heard x", "handler failed"] {
            let event = running.event(message);
            assert_eq!(event["span"]["ws_seq"], json!(seq), "{event}");
            assert_eq!(event["span"]["request_id"], "talk-1");
            assert_eq!(event["spans"][0]["name"], "ws.connection");
            assert_eq!(event["spans"][0]["uri"], "/fail");
        }
    }
}
