//! What a server logs, heard within this process: a binary of its own, since a process has one who listens.

#[allow(dead_code, reason = "not all of the client is needed here")]
#[path = "serve/site.rs"]
mod site;

use serde_json::Value;
use serde_json::json;
use site::Answer;
use site::Site;
use std::io;
use std::io::Read;
use std::io::Write;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::time::Instant;

/// Everything that was logged.
static HEARD: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Ear;

impl Write for Ear {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        HEARD.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The events so far of which `wanted` says so.
fn events(wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
    let text = String::from_utf8(HEARD.lock().unwrap().clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).filter(wanted).collect()
}

fn of(id: &str, message: &str) -> Vec<Value> {
    events(|it| it["fields"]["message"] == message && it["spans"][0]["request_id"] == id)
}

fn listen() {
    static LISTENS: OnceLock<()> = OnceLock::new();
    LISTENS.get_or_init(|| {
        let subscriber = tracing_subscriber::fmt().json().with_writer(|| Ear);
        subscriber.with_max_level(tracing::Level::INFO).init();
    });
}

const PROGRAM: &str = r#"
    @server(max_inflight: 1, body_bytes: 10)
    @get("/log") fn logs(a) { log.info("hello") }
    @get("/task") fn tasks() { squad { spawn { wait 0.001 seconds
        log.info("in a task") } } }
    @get("/fail") fn fails() { return 1 / 0 }
    @get("/host") fn host() { say "panic!" }
    @get("/late") fn late() { wait 0.001 seconds
        say "panic!" }
    @post("/body") fn takes(body) { return body }
    @get("/hold") fn holds() { say "held"
        wait 60 seconds }
    @ws("/talk") fn talk(text) { say text }
"#;

// T-I7
#[test]
fn request_id_is_on_the_log_line() {
    listen();
    let site = Site::new(PROGRAM);
    let long = "i7".repeat(50);
    let given =
        [("", ""), ("i7-given", "i7-given"), (&long, &long[..64]), ("i7-caf\u{e9}", "unknown")];
    for (id, logged) in given {
        let header = format!("x-request-id: {id}");
        let headers = if id.is_empty() { vec![] } else { vec![header.as_str()] };
        let answer = site.send("GET", "/log?a=b", &headers, b"");
        let echoed = answer.header("x-request-id").unwrap();
        let logged = if id.is_empty() { echoed } else { logged };
        finished(logged, &answer);
        let hello = of(logged, "hello");
        assert_eq!(hello.len(), 1, "{logged}");
        let [outer, inner] = [&hello[0]["spans"][0], &hello[0]["spans"][1]];
        assert_eq!((&outer["method"], &outer["uri"]), (&json!("GET"), &json!("/log?a=b")));
        assert_eq!((&inner["handler"], &inner["request_id"]), (&json!("logs"), &json!(logged)));
        assert_eq!(hello[0]["target"], "forge.user");
    }
    let warning = "X-Request-Id header is not valid UTF-8; using \"unknown\"";
    assert_eq!(events(|it| it["fields"]["message"] == warning).len(), 1);

    site.send("GET", "/task", &["x-request-id: i7-task"], b"");
    let in_task = of("i7-task", "in a task");
    assert_eq!(in_task.len(), 1);
    assert_eq!(in_task[0]["spans"][1]["handler"], "tasks");

    let mut holder = site.connect();
    for (n, (method, path, status)) in [
        ("GET", "/nowhere", 404),
        ("PUT", "/log", 405),
        ("POST", "/body", 413),
        ("GET", "/fail", 500),
        ("OPTIONS", "/log", 200),
        ("GET", "/log", 503),
    ]
    .into_iter()
    .enumerate()
    {
        if status == 503 {
            holder.begin("GET", "/hold", &[], b"");
            site.hears("held");
        }
        let id = format!("i7-{n}");
        let body = if status == 413 { &b"[1, 2, 3, 4, 5]"[..] } else { b"" };
        let headers = [&format!("x-request-id: {id}"), "content-type: application/json"];
        let answer = site.send(method, path, &headers, body);
        assert_eq!(answer.status, status, "{path}");
        finished(&id, &answer);
        let failed = of(&id, "response failed");
        assert_eq!(failed.len(), usize::from(status >= 500), "{path}");
    }
}

/// There is one completion event of the request.
fn finished(id: &str, answer: &Answer) {
    let found = of(id, "finished processing request");
    assert_eq!(found.len(), 1, "{id}: {found:?}");
    assert_eq!(found[0]["fields"]["status"], answer.status, "{id}");
    assert_eq!(found[0]["target"], "forge.http");
}

// T-I13
#[test]
fn a_bug_of_the_host_is_logged_and_not_told() {
    listen();
    let site = Site::new(PROGRAM);
    for (path, id, handler) in [("/host", "i13-a", "host"), ("/late", "i13-b", "late")] {
        let answer = site.send("GET", path, &[&format!("x-request-id: {id}")], b"");
        assert_eq!(answer.error(), (500, "internal server error".to_owned()));
        let panics = of(id, "handler panicked");
        assert_eq!(panics.len(), 1, "{path}");
        let fields = &panics[0]["fields"];
        assert_eq!((&fields["handler"], &panics[0]["level"]), (&json!(handler), &json!("ERROR")));
        assert_eq!(fields["panic"], "the host panics");
        finished(id, &answer);
        site.becomes_idle();
        assert_eq!(site.get("/log").status, 200, "the permit is back");
    }
    let mut client = site.connect();
    let upgrade = ["connection: Upgrade", "upgrade: websocket", "sec-websocket-version: 13"];
    let key = ["sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==", "x-request-id: i13-c"];
    client.begin("GET", "/talk", &[&upgrade[..], &key].concat(), b"");
    assert_eq!(client.head().status, 101);
    let frame = [&[0x81, 0x86, 0, 0, 0, 0], &b"panic!"[..]].concat();
    client.stream.get_mut().write_all(&frame).unwrap();
    let mut reply = [0; 2 + 29];
    client.stream.read_exact(&mut reply).unwrap();
    assert_eq!(&reply[2..], b"error: internal handler panic");
    let start = Instant::now();
    loop {
        let panics = of("i13-c", "websocket handler panicked");
        if let [panic] = &panics[..] {
            break assert_eq!(panic["fields"]["panic"], "the host panics");
        }
        assert!(panics.is_empty() && start.elapsed() < site::PATIENCE, "{panics:?}");
    }
}
