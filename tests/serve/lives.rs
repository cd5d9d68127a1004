//! How long machines live: capacity, clients that leave, endless work, the end of the server.

use crate::site::PATIENCE;
use crate::site::Site;
use serde_json::json;
use std::io::Write;
use std::net::TcpStream;
use std::time::Instant;

#[test]
fn beyond_capacity_requests_are_refused_at_once() {
    let site = Site::new(
        r#"
        @server(max_inflight: 2)
        @get("/hold") fn holds() { say "held"
            wait 60 seconds }
        @get("/") fn root() { return 1 }
        "#,
    );
    let holders = [(); 2].map(|()| {
        let mut client = site.connect();
        client.begin("GET", "/hold", &[], b"");
        site.hears("held");
        client
    });
    assert_eq!(site.handle.in_flight(), 2);
    let refused = site.get("/");
    assert_eq!(refused.error(), (503, "server at capacity".to_owned()));
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(site.get("/no").status, 404, "only handlers need a permit");
    drop(holders);
    site.becomes_idle();
    assert_eq!(site.get("/").status, 200);
}

#[test]
fn a_machine_ends_with_its_client() {
    let site = Site::new(
        r#"
        @server()
        fn nap() { wait 0.001 seconds
            return true }
        @get("/:kind") fn work(kind) {
            say "started"
            if kind == "empty" { while true {} }
            if kind == "calls" { while nap() {} }
            if kind == "wait" { wait 60 seconds }
            if kind == "map" { range(0, 1000000).map(fn(x) { wait 1 seconds
                return x }) }
            if kind == "try" {
                try { wait 60 seconds } catch e { say "caught" }
                say "after"
            }
            if kind == "late" { wait 0.01 seconds
                while true { say "still here" } }
        }
        "#,
    );
    for kind in ["empty", "calls", "wait", "map", "try", "late"] {
        let mut client = site.connect();
        client.begin("GET", &format!("/{kind}"), &[], b"");
        site.hears("started");
        assert_eq!(site.handle.in_flight(), 1, "{kind}");
        drop(client);
        site.becomes_idle();
    }
    let after: Vec<String> = site.says_no_more();
    assert!(after.iter().all(|text| text == "still here"), "{after:?}");
}

#[test]
fn a_timeout_ends_what_its_handler_does() {
    let site = Site::new(
        r#"
        @server()
        fn limited(f) {
            try { timeout 20 ms { return f() } } catch e { return e.message }
        }
        @get("/spin") fn spins() { limited(fn() { while true {} }) }
        @get("/wait") fn waits() { limited(fn() { wait 60 seconds }) }
        @get("/map") fn maps() { limited(fn() { [1].map(fn(x) { wait 60 seconds }) }) }
        @get("/quick") fn quick() { limited(fn() { "quick" }) }
        @get("/fails") fn fails() { timeout 20 ms { while true {} } }
        "#,
    );
    let text = "timeout: operation exceeded 0.02 second limit";
    for path in ["/spin", "/wait", "/map"] {
        assert_eq!(site.get(path).json(), json!(text), "{path}");
    }
    assert_eq!(site.get("/quick").json(), json!("quick"));
    assert_eq!(site.get("/fails").error(), (500, text.to_owned()));
}

#[test]
fn endless_work_delays_nobody_for_ever() {
    let site = Site::new(
        r#"
        @server()
        @get("/spin") fn spin() { say "spinning"
            while true {} }
        @get("/ping") fn ping() { return { ok: true } }
        @get("/long") fn long() {
            let mut n = 0
            repeat 200000 times { n += 1 }
            return n
        }
        "#,
    );
    let spinners = [(); 4].map(|()| {
        let mut client = site.connect();
        client.begin("GET", "/spin", &[], b"");
        site.hears("spinning");
        client
    });
    let mut client = site.connect();
    for _ in 0..20 {
        assert_eq!(client.get("/ping").json(), json!({ "ok": true }));
    }
    assert_eq!(client.get("/long").json(), json!(200_000));
    drop(spinners);
    site.becomes_idle();
}

#[test]
fn requests_wait_side_by_side() {
    let site = Site::new(
        r#"
        @server()
        @get("/wait") fn pause() { say "waiting"
            wait 60 seconds }
        "#,
    );
    let mut clients: Vec<_> = (0..100).map(|_| site.connect()).collect();
    clients.iter_mut().for_each(|client| client.begin("GET", "/wait", &[], b""));
    clients.iter().for_each(|_| site.hears("waiting"));
    assert_eq!(site.handle.in_flight(), 100, "on two threads");
    drop(clients);
    site.becomes_idle();
}

#[test]
fn a_stop_lets_requests_finish() {
    let site = Site::new(
        r#"
        @server()
        @get("/slow") fn slow() { say "started"
            wait 0.3 seconds
            return "done" }
        @get("/") fn root() { return 1 }
        "#,
    );
    let mut idle = site.connect();
    assert_eq!(idle.get("/").status, 200);
    let mut half = TcpStream::connect(site.address).unwrap();
    half.write_all(b"GET / HTT").unwrap();
    let mut slow = site.connect();
    slow.begin("GET", "/slow", &[], b"");
    site.hears("started");
    let address = site.address;
    let stopping = std::thread::spawn(move || site.stop());
    assert_eq!(slow.finish("GET").body, "\"done\"");
    stopping.join().unwrap();
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
}

#[test]
fn a_stop_waits_no_longer_than_the_deadline() {
    let site = Site::new(
        r#"
        @server(drain_seconds: 1)
        @get("/wait") fn pause() { say "started"
            wait 60 seconds }
        @get("/spin") fn spin() { say "started"
            while true {} }
        "#,
    );
    let clients = ["/wait", "/spin"].map(|path| {
        let mut client = site.connect();
        client.begin("GET", path, &[], b"");
        site.hears("started");
        client
    });
    let start = Instant::now();
    let handle = site.handle.clone();
    site.stop();
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let idle = runtime.block_on(async { tokio::time::timeout(PATIENCE, handle.idle()).await });
    assert!(idle.is_ok(), "the machines are gone");
    drop(clients);
}
