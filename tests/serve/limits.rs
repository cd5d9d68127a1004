//! What a request may use: fuel, memory, the size of its head.

use crate::process::Running;
use crate::site::Client;
use crate::site::PATIENCE;
use crate::site::Site;
use serde_json::json;
use std::io::BufRead;
use std::io::Write;
use std::time::Duration;
use std::time::Instant;

const OUT_OF_FUEL: &str = "fuel limit exceeded (100000 steps)\n  hint: check for a loop without end, or raise the limit: @server(fuel: n)";

#[test]
fn fuel_ends_what_goes_on_for_ever() {
    let site = Site::new(
        r#"
        @server(fuel: 100000)
        fn spin() { while true {} }
        @get("/spin") fn spins() { try { spin() } catch e { return "caught" } }
        @get("/heavy") fn heavy() { let xs = range(0, 30000)
            while true { sort(xs) } }
        @get("/tasks") fn tasks() { squad { for i in [1, 2, 3] { spawn { spin() } } } }
        @get("/parts") fn parts() { par_map(range(0, 8), fn(x) { spin() }) }
        @get("/stream") fn streams() { ["a", "b"].stream().map(fn(x) { if x == "b" { spin() }
            x }) }
        @get("/enough") fn enough() { let mut n = 0
            repeat 90000 times { n += 1 }
            return n }
        @get("/later") fn later() { spawn { spin() }
            return 1 }
        @ws("/talk") fn talk(m) { let mut n = 0
            repeat 90000 times { n += 1 }
            return n }
        "#,
    );
    for path in ["/spin", "/heavy"] {
        assert_eq!(site.get(path).error(), (500, OUT_OF_FUEL.to_owned()), "{path}");
    }
    for path in ["/tasks", "/parts"] {
        let (status, text) = site.get(path).error();
        assert!(status == 500 && text.contains("fuel limit exceeded"), "{path}: {text}");
    }
    let mut client = site.connect();
    client.begin("GET", "/stream", &[], b"");
    assert_eq!((client.head().status, client.chunk()), (200, Some(b"a".to_vec())));
    site.becomes_idle();
    assert_eq!(site.get("/enough").json(), json!(90_000));
    assert_eq!(site.get("/later").json(), json!(1));
    let start = Instant::now();
    while site.handle.tasks() > 0 {
        assert!(start.elapsed() < PATIENCE, "a task has no fuel of its own");
        std::thread::yield_now();
    }
}

#[test]
fn connections_beyond_the_limit_wait_for_one_that_ends() {
    let site = Site::new("@server(max_connections: 2)\n@get(\"/\") fn hi() { \"hi\" }");
    let mut open: Vec<Client> = (0..2).map(|_| site.connect()).collect();
    for client in &mut open {
        assert_eq!(client.get("/").status, 200);
    }
    let mut third = site.connect();
    third.begin("GET", "/", &[], b"");
    third.stream.get_ref().set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert!(third.stream.fill_buf().is_err(), "it waits");
    third.stream.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
    open.pop();
    assert_eq!(third.finish("GET").status, 200);
}

/// Handlers that hold more and more, and count the KiB on the way.
const HOARDERS: &str = r#"
    @server(memory_bytes: 16777216)
    shared { let mut held = 0 }
    fn hoard() {
        let mut all = []
        let mut i = 0
        while true {
            push(all, repeat_str("x", 1000))
            i += 1
            held += 1
        }
    }
    @get("/texts") fn texts() { hoard() }
    @get("/caught") fn caught() { while true { safe { hoard() } } }
    @get("/objects") fn objects() {
        let mut all = map([])
        let mut i = 0
        while true {
            all[i] = { name: repeat_str("y", 900), more: [i, i + 1] }
            i += 1
            held += 1
        }
    }
    @get("/waits") fn waits() {
        let mut all = []
        while true {
            push(all, repeat_str("z", 1024 * 100))
            held += 100
            wait 0.0001 seconds
        }
    }
    @get("/squad") fn squads() { squad { for i in [1, 2, 3] { spawn { hoard() } } } }
    @get("/closure") fn closure() {
        let mut all = []
        let more = fn(x) { push(all, x) }
        while true {
            more(repeat_str("x", 1000))
            held += 1
        }
    }
    @get("/garbage") fn garbage() {
        let mut n = 0
        repeat 3000 times { n += len(repeat_str("g", 1024 * 30) + str(n)) }
        squad { for i in range(0, 100) { spawn { len(range(0, 10000)) } } }
        par_map(range(0, 100), fn(x) { len(range(0, 10000)) })
        return n > 0
    }
    @get("/held") fn held_so_far() { let was = held
        held = 0
        return was }
    @get("/huge") fn huge(n: Int) { return len(range(0, n)) }
    @get("/long") fn long(n: Int) { return len(repeat_str("ab", n)) }
    @get("/stream") fn streams() { [1].stream().map(fn(x) { hoard() }) }
    @get("/rows") fn rows() {
        range(0, 3000).stream().map(fn(i) { repeat_str("r", 20000) + str(i) })
    }
    @get("/feed") fn feed() {
        let messages = channel(0)
        spawn {
            for i in range(0, 1500) { send(messages, repeat_str("m", 20000)) }
            close(messages)
        }
        sse(messages)
    }
    @get("/files") fn files() {
        fs.write("/tmp/forge-limits-{os.pid()}", repeat_str("f", 1000000))
        let mut n = 0
        repeat 40 times { n += len(fs.read("/tmp/forge-limits-{os.pid()}")) }
        fs.remove("/tmp/forge-limits-{os.pid()}")
        return n
    }
    @post("/body") fn body(body) { return len(body) }
"#;

const TOO_MUCH: &str = "memory limit exceeded (16 MiB)\n  hint: keep less at once, or raise the limit: @server(memory_bytes: n)";

#[test]
fn memory_ends_what_hoards() {
    let site = Site::new(HOARDERS);
    for path in ["/texts", "/caught", "/objects", "/waits", "/closure", "/stream", "/squad"] {
        let (status, text) = site.get(path).error();
        assert!(status == 500 && text.contains("memory limit exceeded (16 MiB)"), "{path}: {text}");
        let held = site.get("/held").json().as_u64().unwrap();
        assert!((13_000..=19_700).contains(&held) || path == "/caught", "{path}: {held} KiB");
    }
    site.becomes_idle();
}

#[test]
fn garbage_is_not_held() {
    let site = Site::new(HOARDERS);
    assert_eq!(site.get("/garbage").json(), json!(true));
    assert_eq!(site.get("/files").json(), json!(40_000_000));
    for (path, least) in [("/rows", 60_000_000), ("/feed", 30_000_000)] {
        let mut client = site.connect();
        client.begin("GET", path, &[], b"");
        let (_, body) = client.finish_chunked();
        assert!(body.len() > least, "{path}: {}", body.len());
    }
}

#[test]
fn what_is_huge_is_not_begun() {
    let site = Site::new(HOARDERS);
    assert_eq!(site.get("/huge?n=900000").json(), json!(900_000));
    assert_eq!(site.get("/long?n=7000000").json(), json!(14_000_000));
    for path in ["/huge?n=1200000", "/huge?n=9000000000000", "/long?n=9000000"] {
        assert_eq!(site.get(path).error(), (500, TOO_MUCH.to_owned()), "{path}");
    }
    let kind = ["content-type: application/json"];
    let body = format!("[{}0]", "0,".repeat(500_000));
    assert_eq!(site.send("POST", "/body", &kind, body.as_bytes()).json(), json!(500_001));
    let body = format!("[{}{{}}]", "{},".repeat(600_000));
    let answer = site.send("POST", "/body", &kind, body.as_bytes());
    assert_eq!(answer.error(), (500, TOO_MUCH.to_owned()));
}

#[test]
fn a_head_has_a_size_and_a_time() {
    let site = Site::new("@server(head_bytes: 1000, head_seconds: 1)\n@get(\"/\") fn root() { 1 }");
    let header = |length: usize| format!("x-a: {}", "x".repeat(length));
    assert_eq!(site.send("GET", "/", &[&header(900)], b"").status, 200);
    let refused = (431, "request head too large".to_owned());
    assert_eq!(site.send("GET", "/", &[&header(1000)], b"").error(), refused);
    assert_eq!(site.get(&format!("/?{}", "q".repeat(1000))).error(), refused);
    let mut client = site.connect();
    client.stream.get_mut().write_all(b"GET / HTTP/1.1\r\nhost:").unwrap();
    assert_eq!(client.head().status, 408);
}

#[test]
fn flags_come_before_the_decorator() {
    let program = "@server(fuel: 10, memory_bytes: 10)\n@get(\"/\") fn root() { range(0, 1000000)\n while true {} }\n@get(\"/ok\") fn ok() { repeat 1000 times {} }";
    let flags = ["--port=0", "--fuel", "100000", "--memory=8MiB", "--head-limit=1KiB"];
    let more = ["--head-timeout=1", "--request-tasks=5", "--ws-queue=2", "--ws-message-limit=1KiB"];
    let running = Running::of(program, &[&flags[..], &more[..]].concat(), &[]);
    let mut client = Client::new(running.address());
    assert_eq!(client.get("/ok").json(), json!(null));
    assert!(client.get("/").error().1.starts_with("memory limit exceeded (8 MiB)"));
    let header = format!("x-a: {}", "x".repeat(1000));
    assert_eq!(client.send("GET", "/ok", &[&header], b"").status, 431);
}
