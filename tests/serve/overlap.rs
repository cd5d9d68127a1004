//! Handlers beside one another: nothing of one waits for, or is seen by, the other.

use crate::site::Client;
use crate::site::Site;
use serde_json::json;

// T-I3: each waits for the other, so a lock around handlers would hold both for ever.
#[test]
fn two_handlers_overlap_deterministically() {
    let plain = r#"
        @server()
        let first = channel()
        let second = channel()
        @get("/a") fn a() { send(first, "from a")
            return receive(second) }
        @get("/b") fn b() { send(second, "from b")
            return receive(first) }
        "#;
    let captured = r#"
        @server()
        let first = channel()
        let second = channel()
        fn meeting(mine, others, text) {
            let mut met = 0
            return fn() { send(mine, text)
                let heard = receive(others)
                met += 1
                return heard }
        }
        let one = meeting(first, second, "from a")
        let other = meeting(second, first, "from b")
        @get("/a") fn a() { return one() }
        @get("/b") fn b() { return other() }
        "#;
    for program in [plain, captured] {
        let site = Site::new(program);
        let (mut a, mut b) = (site.connect(), site.connect());
        a.begin("GET", "/a", &[], b"");
        b.begin("GET", "/b", &[], b"");
        assert_eq!(a.finish("GET").json(), json!("from b"));
        assert_eq!(b.finish("GET").json(), json!("from a"));
    }
}

// T-I18
#[test]
fn interleaved_clients_count_for_themselves() {
    let site = Site::new(
        r#"
        @server()
        fn make() { let mut n = 0
            return fn() { n += 1
                return n } }
        let count = make()
        let mut plain = 0
        @get("/") fn root() {
            let a = count()
            wait 0.001 seconds
            plain += 1
            return { a: a, b: count(), plain: plain }
        }
        "#,
    );
    let address = site.address;
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(move || {
                let mut client = Client::new(address);
                for _ in 0..50 {
                    assert_eq!(client.get("/").json(), json!({ "a": 1, "b": 2, "plain": 1 }));
                }
            });
        }
    });
}

// T-I11, what waits for others and what runs below it; the rest is in lives.rs.
#[test]
fn what_waits_for_others_ends_with_its_client() {
    let site = Site::new(
        r#"
        @server()
        let silent = channel()
        @get("/:kind") fn work(kind) {
            say "started"
            if kind == "squad" { squad { spawn { while true {} } } }
            if kind == "timeout" { timeout 60 seconds { while true {} } }
            if kind == "receive" { receive(silent) }
            if kind == "await" { await spawn { receive(silent) } }
            if kind == "assignments" { let mut n = 0
                while true { n = n + 1 } }
            say "after"
        }
        "#,
    );
    for kind in ["squad", "timeout", "receive", "await", "assignments"] {
        let mut client = site.connect();
        client.begin("GET", &format!("/{kind}"), &[], b"");
        site.hears("started");
        assert_eq!(site.handle.in_flight(), 1, "{kind}");
        drop(client);
        site.becomes_idle();
    }
    assert_eq!(site.says_no_more(), Vec::<String>::new());
}

/// A bug of the host in the middle of two writes: what was written stays in its world, nothing of it comes out.
#[test]
fn what_a_panic_left_half_way_is_its_worlds_own() {
    let site = Site::new(
        r#"
        @server()
        let mut pair = [0, 0]
        let mut sum = 0
        let add = fn(n) { sum += n
            say "panic!"
            sum += n }
        @get("/both") fn both() { pair[0] = 1
            pair = push(pair, add(1)) }
        @get("/look") fn look() { return [pair, sum] }
        @ws("/talk") fn talk(msg) { if msg == "look" { return look() }
            both() }
        "#,
    );
    let untouched = json!([[0, 0], 0]);
    for _ in 0..2 {
        assert_eq!(site.get("/both").error(), (500, "internal server error".to_owned()));
        assert_eq!(site.get("/look").json(), untouched);
    }
    let mut socket = site.socket("/talk");
    assert_eq!(socket.ask("both"), "error: internal handler panic");
    assert_eq!(socket.ask("look"), "[[1,0],1]", "the connection goes on from there");
    assert_eq!(site.socket("/talk").ask("look"), untouched.to_string());
    assert_eq!(site.get("/look").json(), untouched);
}

// T-I12 and T-I13 in a task; in handlers: answers.rs.
#[test]
fn recursion_and_bugs_of_the_host_in_a_task_reach_who_awaits_it() {
    let site = Site::new(
        r#"
        @server()
        fn down(n) { if n == 0 { return 0 }
            return 1 + down(n - 1) }
        fn deep() { return deep() }
        @get("/enough") fn enough() { return await spawn { down(9000) } }
        @get("/deep") fn endless() { return await spawn { deep() } }
        @get("/host") fn host() { return await spawn { say "panic!" } }
        @get("/ping") fn ping() { return "pong" }
        "#,
    );
    assert_eq!(site.get("/enough").json(), json!(9000));
    let (status, text) = site.get("/deep").error();
    assert_eq!(status, 500);
    assert!(text.contains("maximum recursion depth exceeded (10000 frames)"), "{text}");
    let (status, text) = site.get("/host").error();
    assert_eq!((status, text.as_str()), (500, "task error: task panicked"));
    assert_eq!(site.get("/ping").json(), json!("pong"));
    site.becomes_idle();
}
