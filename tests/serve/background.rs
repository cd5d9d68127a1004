//! `schedule` and `watch`: what requests see of them, and processes that live on with them (server 6.7, decision 8).

use crate::process::Running;
use crate::process::ended;
use crate::site::PATIENCE;
use crate::site::Site;
use serde_json::Value;
use serde_json::json;
use std::time::Instant;

/// Each tick waits until it may, and tells when it is done.
const TICKS: &str = r#"
    @server()
    let go = channel()
    let done = channel()
    let mut state = 0
    let mut through = 0
    let bump_plain = fn() { through += 1 }
    fn make() {
        let mut n = 0
        return { inc: fn() { n += 1 }, get: fn() { return n } }
    }
    let counter = make()
    schedule every 1 ms {
        receive(go)
        state += 1
        bump_plain()
        counter.inc()
        counter.inc()
        send(done, state)
    }
    @get("/tick") fn tick() { send(go, true)
        return receive(done) }
    @get("/read") fn read() { return [state, counter.get()] }
    @get("/steady") fn steady() {
        let first = counter.get()
        send(go, true)
        receive(done)
        return [first, counter.get()]
    }
"#;

// T-I4, T-I4b
#[test]
fn schedule_mutations_do_not_leak_into_handler_forks() {
    let site = Site::new(TICKS);
    for tick in 1..=5 {
        assert_eq!(site.get("/tick").json(), json!(tick), "the block keeps its own variable");
        for _ in 0..5 {
            let read = site.get("/read").json();
            assert_eq!(read[0], json!(0), "plain variables are those of the launch");
            assert_eq!(read[1], json!(2 * tick), "what closures captured is published");
        }
    }
    let steady = site.get("/steady").json();
    assert_eq!(steady, json!([10, 10]), "a tick during the request is not seen by it");
    assert_eq!(site.get("/read").json(), json!([0, 12]));
}

/// Ticks that never stop, and many requests: a pair of variables is always seen as one tick left it.
#[test]
fn requests_see_one_consistent_snapshot_of_running_ticks() {
    let site = Site::new(
        r#"
        @server()
        fn make() {
            let mut a = 0
            let mut b = 0
            return { tick: fn() { a += 1
                for i in range(0, 50) { i }
                b += 1 },
                look: fn() { return [a, b] } }
        }
        let pair = make()
        schedule every 0.0001 seconds { repeat 20 times { pair.tick() } }
        @get("/look") fn look() {
            let first = pair.look()
            for i in range(0, 2000) { i }
            return [first, pair.look()]
        }
    "#,
    );
    let clients = [0; 2].map(|_| {
        let mut client = site.connect();
        std::thread::spawn(move || (0..300).map(|_| client.get("/look").json()).collect::<Vec<_>>())
    });
    let since = Instant::now();
    while site.get("/look").json()[0][0] == json!(0) {
        assert!(since.elapsed() < PATIENCE, "no tick is ever seen");
    }
    for client in clients {
        let mut last = 0;
        for seen in client.join().unwrap() {
            let (a, b) = (seen[0][0].as_i64().unwrap(), seen[0][1].as_i64().unwrap());
            assert!(a == b || a == b + 1, "the moment between two writes at most: {seen}");
            assert_eq!(seen[0], seen[1], "the snapshot does not move");
            assert!(a >= last, "later requests see later ticks: {a} after {last}");
            last = a;
        }
    }
}

/// What a task of the top-level code goes on to write is seen like that of a block.
#[test]
fn requests_see_what_spawned_tasks_of_the_program_wrote_before() {
    let site = Site::new(
        r#"
        @server()
        let go = channel()
        let done = channel()
        fn make() {
            let mut n = 0
            return { inc: fn() { n += 1 }, get: fn() { return n } }
        }
        let counter = make()
        spawn { for m in go { counter.inc()
            send(done, m) } }
        @get("/go") fn let_go() { send(go, 1)
            return receive(done) }
        @get("/read") fn read() { return counter.get() }
    "#,
    );
    for n in 1..=3 {
        assert_eq!(site.get("/go").json(), json!(1));
        assert_eq!(site.get("/read").json(), json!(n));
    }
}

#[test]
fn blocks_are_not_allowed_in_requests() {
    let site = Site::new(
        r#"
        @server()
        fn deep() { schedule every 1 seconds { } }
        @get("/schedule") fn plan() { deep() }
        @get("/watch") fn look() { watch "x" { } }
        @get("/task") fn task() { await spawn { deep() } }
        @get("/caught") fn caught() { try { deep() } catch e { return e.message } }
    "#,
    );
    let text = "schedule is not allowed in a request handler";
    assert_eq!(site.get("/schedule").json(), json!({ "error": text }));
    assert_eq!(
        site.get("/watch").json(),
        json!({ "error": "watch is not allowed in a request handler" })
    );
    assert_eq!(site.get("/task").json(), json!({ "error": format!("task error: {text}") }));
    assert_eq!(site.get("/caught").json(), json!(text));
}

const TICKING: &str = "let mut n = 0
schedule every 0.01 seconds { n += 1
    say \"tick {n}\"
    if n == 2 { 1 / 0 } }
say \"main\"";

#[test]
fn a_program_with_a_schedule_stays_until_a_signal() {
    for (command, signal, code) in
        [("run", "-INT", 130), ("run", "-TERM", 143), ("serve", "-INT", 0), ("serve", "-TERM", 0)]
    {
        let process = Running::by(command, TICKING, &[], &[("FORGE_LOG_FORMAT", "json")]);
        for line in ["main", "tick 1", "tick 2", "tick 3", "tick 4"] {
            assert_eq!(process.out.recv_timeout(PATIENCE).unwrap(), line);
        }
        process.signal(signal);
        let (found, err) = process.end();
        assert_eq!(found, code, "{command} {signal}");
        let events = err.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let failed: Vec<Value> = events
            .filter(|event| event["fields"]["message"] == "background block failed")
            .collect();
        assert_eq!(failed.len(), 1, "{err:?}");
        let fields = &failed[0]["fields"];
        assert_eq!(failed[0]["target"], "forge.server");
        assert_eq!(failed[0]["level"], "ERROR");
        assert_eq!([&fields["kind"], &fields["line"]], [&json!("schedule"), &json!(2)]);
        assert_eq!(fields["error"], "division by zero");
    }
}

#[test]
fn a_program_with_a_schedule_ends_by_itself_in_two_ways() {
    let (code, out, _) = ended("run", "schedule every 0.01 seconds { say 1\nexit(7) }", &[], &[]);
    assert_eq!((code, out.as_str()), (7, "1\n"));
    let (code, out, err) = ended("run", "schedule every 60 { }\nsay 1\n1 / 0", &[], &[]);
    assert_eq!((code, out.as_str()), (1, "1\n"));
    assert!(err.contains("division by zero"), "{err}");
}

#[test]
fn a_server_with_a_schedule_stops_it_with_the_first_signal() {
    let program = format!("@server()\n{TICKING}\n@get(\"/slow\") fn slow() {{ wait 0.5 seconds }}");
    let process = Running::by("run", &program, &[], &[("PORT", "0")]);
    let address = process.address();
    for line in ["main", "tick 1", "tick 2"] {
        assert_eq!(process.out.recv_timeout(PATIENCE).unwrap(), line);
    }
    assert_eq!(crate::site::Client::new(address).get("/slow").status, 200);
    process.signal("-TERM");
    assert_eq!(process.end().0, 0);
}

#[test]
fn a_watch_runs_when_its_file_comes_changes_and_goes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("watched");
    let program = format!(
        "let mut n = 0\nwatch \"{}\" {{ n += 1\nsay n }}
         let mut is_ready = false
         schedule every 0.01 seconds {{ if !is_ready {{ is_ready = true\nsay \"ready\" }} }}",
        file.display()
    );
    let process = Running::by("run", &program, &[], &[]);
    // The block that stands first has looked at the file when the other one runs: no change is missed.
    assert_eq!(process.out.recv_timeout(PATIENCE).unwrap(), "ready");
    std::fs::write(&file, "a").unwrap();
    assert_eq!(process.out.recv_timeout(PATIENCE).unwrap(), "1");
    let earlier = std::time::SystemTime::UNIX_EPOCH;
    std::fs::File::options().write(true).open(&file).unwrap().set_modified(earlier).unwrap();
    assert_eq!(process.out.recv_timeout(PATIENCE).unwrap(), "2");
    std::fs::remove_file(&file).unwrap();
    assert_eq!(process.out.recv_timeout(PATIENCE).unwrap(), "3");
}

#[test]
fn requests_and_blocks_share_shared_variables() {
    let site = Site::new(
        r#"
        @server()
        shared {
            let mut hits = 0
            let mut ticks = 0
            let mut a = 100
            let mut b = 0
        }
        let go = channel()
        let done = channel()
        schedule every 1 ms {
            receive(go)
            ticks += 1
            send(done, ticks)
        }
        @get("/hit") fn hit() { hits += 1 }
        @get("/move") fn move_one() {
            return atomic { a -= 1
                for i in range(0, 200) { i }
                b += 1
                a + b }
        }
        @get("/fail") fn fail() { atomic { a = 0
            1 / 0 } }
        @get("/tick") fn tick() { send(go, true)
            receive(done)
            return ticks }
        @get("/look") fn look() { return [hits, a, b] }
    "#,
    );
    let clients = [0; 3].map(|_| {
        let mut client = site.connect();
        std::thread::spawn(move || {
            for _ in 0..100 {
                client.get("/hit");
                assert_eq!(client.get("/move").json(), json!(100));
            }
        })
    });
    clients.into_iter().for_each(|client| client.join().unwrap());
    assert_eq!(site.get("/fail").status, 500);
    assert_eq!(site.get("/look").json(), json!([300, -200, 300]));
    assert_eq!(site.get("/tick").json(), json!(1), "a request sees them as they are now");
    assert_eq!(site.get("/tick").json(), json!(2));
}
