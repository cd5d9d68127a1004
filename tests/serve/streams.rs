//! Streams as answers: what the client gets, when, and what becomes of the rest when it does not take it.

use crate::process::Running;
use crate::site::Client;
use crate::site::PATIENCE;
use crate::site::Site;
use serde_json::Value;
use serde_json::json;
use std::io::Read;
use std::time::Instant;

const PROGRAM: &str = r#"
    @server(max_inflight: 3)
    shared { let mut pulled = 0 }
    let go = channel()
    let all = [1, { b: [2.5, null], a: "é" }, "x"].stream()
    fn slowly(xs) { xs.stream().map(fn(x) { receive(go)
        x }) }
    @get("/all") fn lines() { all }
    @get("/twice") fn twice() { return respond(202, all.chain(all), { "x-a": "b" }) }
    @get("/declared") fn declared() {
        respond(200, ["a", 1].stream(), { "content-type": "application/jsonl" })
    }
    @get("/texts") fn texts() { ["a,b\n", "é\n", [1], "z"].stream() }
    @get("/bytes") fn octets() { [{ type: "binary", data: "0a00" }, "b"].stream() }
    @get("/none") fn none() { [].stream() }
    @get("/no-content") fn no_content() { respond(204, all) }
    @get("/wrong") fn wrong() { respond(99, all) }
    @get("/events") fn events() { sse(slowly(["a\nb", { event: "tick", data: { n: 1 } }, 7]), { "x-a": "b" }) }
    @get("/slow") fn slow() { slowly([1, 2]) }
    @get("/go") fn may_go() { send(go, true) }
    @get("/fails/:n") fn fails(n: Int) { range(0, 9).stream().map(fn(x) { if x == 4 { receive(go) }
        10 / (n - x) }) }
    @get("/huge") fn huge() {
        let text = repeat_str("x", 65536)
        range(0, 20000).stream().map(fn(x) { pulled += 1
            text })
    }
    @get("/pulled") fn count() { pulled }
    @get("/feed") fn feed() {
        let messages = channel(0)
        spawn { let mut n = 0
            while true { send(messages, n)
                n += 1 } }
        sse(messages)
    }
    @get("/spins") fn spins() { sse([1].stream().map(fn(x) { say "spinning"
        while true {} })) }
    @get("/channel") fn plain_channel() { channel() }
"#;

fn begun(site: &Site, path: &str) -> Client {
    let mut client = site.connect();
    client.begin("GET", path, &[], b"");
    client
}

fn body(site: &Site, path: &str) -> (u16, String, String) {
    let (head, body) = begun(site, path).finish_chunked();
    let kind = head.header("content-type").unwrap().to_owned();
    (head.status, kind, String::from_utf8(body).unwrap())
}

#[test]
fn elements_are_lines_of_json_or_chunks_of_text() {
    let site = Site::new(PROGRAM);
    let lines = "1\n{\"b\":[2.5,null],\"a\":\"é\"}\n\"x\"\n";
    let (json, text) = ("application/x-ndjson", "text/plain; charset=utf-8");
    for (path, status, kind, wanted) in [
        ("/all", 200, json, lines),
        // Each request drains its own.
        ("/all", 200, json, lines),
        ("/twice", 202, json, lines),
        ("/declared", 200, "application/jsonl", "\"a\"\n1\n"),
        ("/texts", 200, text, "a,b\né\n[1]\nz"),
        ("/bytes", 200, "application/octet-stream", "\n\0b"),
        ("/none", 200, json, ""),
    ] {
        assert_eq!(body(&site, path), (status, kind.to_owned(), wanted.to_owned()), "{path}");
    }
    assert_eq!(site.get("/no-content").status, 204);
    assert_eq!(site.get("/wrong").error(), (500, "invalid response status: 99".to_owned()));
    assert_eq!(site.get("/channel").json(), json!("<Channel>"));
    let mut client = site.connect();
    assert_eq!(
        client.send("HEAD", "/all", &[], b"").header("content-type"),
        Some("application/x-ndjson")
    );
    assert_eq!(client.send("HEAD", "/events", &[], b"").status, 200);
    assert_eq!(client.get("/pulled").json(), json!(0), "the connection goes on");
    site.becomes_idle();
}

#[test]
fn events_go_out_when_they_are_there() {
    let site = Site::new(PROGRAM);
    let mut client = begun(&site, "/events");
    let head = client.head();
    assert_eq!(head.header("content-type"), Some("text/event-stream"));
    assert_eq!(head.header("cache-control"), Some("no-cache"));
    assert_eq!(head.header("x-a"), Some("b"));
    for event in ["data: a\ndata: b\n\n", "event: tick\ndata: {\"n\":1}\n\n", "data: 7\n\n"] {
        site.get("/go");
        assert_eq!(String::from_utf8(client.chunk().unwrap()).unwrap(), event);
    }
    assert_eq!(client.chunk(), None);
    site.becomes_idle();
}

#[test]
fn a_stream_holds_its_permit_to_the_end() {
    let site = Site::new(&PROGRAM.replace("max_inflight: 3", "max_inflight: 1"));
    let mut client = begun(&site, "/events");
    client.head();
    assert_eq!(site.get("/pulled").error().0, 503);
    drop(client);
    site.becomes_idle();
    assert_eq!(site.get("/pulled").status, 200);
}

#[test]
fn a_failure_breaks_the_connection_off() {
    let site = Site::new(PROGRAM);
    let hint = "division by zero\n  hint: check that the divisor is not zero before dividing";
    assert_eq!(site.get("/fails/0").error(), (500, hint.to_owned()), "nothing has been sent yet");
    let mut client = begun(&site, "/fails/4");
    assert_eq!(client.head().status, 200);
    let mut sent = Vec::new();
    while sent.iter().filter(|byte| **byte == b'\n').count() < 4 {
        sent.extend(client.chunk().unwrap());
    }
    site.get("/go");
    let mut rest = Vec::new();
    let _ = client.stream.read_to_end(&mut rest);
    assert!(!rest.ends_with(b"0\r\n\r\n"), "{rest:?}");
    site.becomes_idle();
}

#[test]
fn a_stream_goes_as_fast_as_its_client_reads() {
    let site = Site::new(PROGRAM);
    let mut client = begun(&site, "/huge");
    client.head();
    client.chunk();
    let (mut asker, mut last, mut same) = (site.connect(), 0, 0);
    let start = Instant::now();
    while same < 100 {
        let pulled = asker.get("/pulled").json().as_u64().unwrap();
        same = if pulled == last { same + 1 } else { 0 };
        last = pulled;
        assert!(start.elapsed() < PATIENCE, "it never stops");
    }
    assert!(last < 1000, "{last} pieces of 64 KiB lie in buffers");
    drop(client);
    site.becomes_idle();
}

#[test]
fn a_client_that_leaves_ends_the_work() {
    let site = Site::new(PROGRAM);
    for path in ["/events", "/feed", "/huge"] {
        let mut client = begun(&site, path);
        client.head();
        if path != "/events" {
            client.chunk();
        }
        drop(client);
        site.becomes_idle();
    }
    let start = Instant::now();
    while site.handle.tasks() > 0 {
        assert!(start.elapsed() < PATIENCE, "the feeding task goes on");
        std::thread::yield_now();
    }
    let client = begun(&site, "/spins");
    site.hears("spinning");
    drop(client);
    site.becomes_idle();
}

#[test]
fn a_first_element_that_takes_too_long_is_given_up() {
    let site = Site::new(&PROGRAM.replace("max_inflight: 3", "request_seconds: 0.05"));
    assert_eq!(site.get("/slow").error(), (504, "handler timed out".to_owned()));
    let mut client = begun(&site, "/events");
    assert_eq!(client.head().status, 200, "an answer that has begun takes as long as it takes");
    drop(client);
    site.becomes_idle();
}

#[test]
fn events_end_with_the_server() {
    let site = Site::new(PROGRAM);
    let mut client = begun(&site, "/events");
    client.head();
    site.handle.stop();
    assert_eq!(client.chunk(), None);
}

#[test]
fn what_breaks_a_stream_off_is_logged_with_the_request_id() {
    let program = "@server()\n@get(\"/\") fn root() { [1, 0].stream().map(fn(x) { 1 / x }) }";
    let running = Running::of(program, &["--port", "0"], &[("FORGE_LOG_FORMAT", "json")]);
    let listening = running.event("Forge server listening");
    let port = listening["fields"]["port"].as_u64().unwrap() as u16;
    let mut client = Client::new(([127, 0, 0, 1], port).into());
    client.begin("GET", "/", &["x-request-id: id-9"], b"");
    let mut rest = Vec::new();
    let _ = client.stream.read_to_end(&mut rest);
    let event = running.event("stream broke off");
    let text = event.to_string();
    assert!(text.contains("id-9") && text.contains("division by zero"), "{text}");
}

/// The completion event of a stream is its last, with what became of it.
#[test]
fn a_stream_is_logged_when_it_has_ended() {
    let program = r#"
        @server()
        let go = channel()
        @get("/text") fn texts() { ["ab", "cde"].stream().map(fn(x) { if x == "cde" { receive(go) }
            x }) }
        @get("/go") fn let_go() { send(go, true) }
        @get("/ping") fn ping() { 1 }
        @get("/breaks") fn breaks() { [1, 0].stream().map(fn(x) { 1 / x }) }
    "#;
    let running = Running::of(program, &["--port", "0"], &[("FORGE_LOG_FORMAT", "json")]);
    let listening = running.event("Forge server listening");
    let port = listening["fields"]["port"].as_u64().unwrap() as u16;
    let connect = || Client::new(([127, 0, 0, 1], port).into());
    let finished = || {
        let event = running.event("finished processing request");
        let (fields, span) = (&event["fields"], &event["span"]);
        assert!(fields["latency_ms"].is_u64(), "{event}");
        (span["uri"].clone(), fields["status"].clone(), fields["bytes"].clone())
    };
    let begin = |path: &str| {
        let mut client = connect();
        client.begin("GET", path, &[&format!("x-request-id: of-{path}")], b"");
        assert_eq!(client.head().status, 200);
        client
    };
    let mut client = begin("/text");
    assert_eq!(client.chunk(), Some(b"ab".to_vec()));
    connect().get("/ping");
    assert_eq!(finished(), (json!("/ping"), json!(200), Value::Null), "nothing of the stream yet");
    connect().get("/go");
    assert_eq!(client.chunk(), Some(b"cde".to_vec()));
    assert_eq!(client.chunk(), None);
    let both = [finished(), finished()];
    assert!(both.contains(&(json!("/text"), json!(200), json!(5))), "{both:?}");

    let mut leaves = begin("/text");
    leaves.chunk();
    drop(leaves);
    let cancelled = running.event("request cancelled by client");
    assert_eq!(cancelled["span"]["request_id"], "of-/text");

    let mut rest = Vec::new();
    let _ = begin("/breaks").stream.read_to_end(&mut rest);
    assert_eq!(running.event("stream broke off")["span"]["request_id"], "of-/breaks");
    assert_eq!(finished(), (json!("/breaks"), json!(200), json!(2)));
}
