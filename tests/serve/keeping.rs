//! What WebSocket connections may hold: fuel for each message, memory for what they keep from one to the next.

use crate::site::Site;
use crate::web_sockets::Socket;

/// The answer to a message for which there is no room, be it in a task that it starts.
const TOO_MUCH: &str = "memory limit exceeded (4 MiB)";

#[test]
fn each_message_has_fuel_of_its_own_and_gets_back_what_it_frees() {
    let site = Site::new(
        r#"
        @server(memory_bytes: 4194304, fuel: 100000)
        let mut kept = ""
        @ws("/keep") fn keep(msg) {
            kept = repeat_str("x", int(msg))
            return repeat_str("y", 1048576)
        }
        @ws("/work") fn works(msg) { repeat 90000 times {}
            return "done" }
        "#,
    );
    let mut socket = site.socket("/keep");
    for _ in 0..10 {
        assert_eq!(socket.ask("1000").len(), 1 << 20);
    }
    let text = socket.ask("5000000");
    assert!(text.starts_with("error: memory limit exceeded (4 MiB)"), "{text}");
    let mut socket = site.socket("/work");
    for _ in 0..3 {
        assert_eq!(socket.ask("x"), "done");
    }
}

const KEEPERS: &str = r#"
    @server(memory_bytes: 4194304)
    let mut kept = []
    fn make() { let mut all = []
        return fn(x) { push(all, x)
            return len(all) } }
    let keep = make()
    let room = channel()
    shared { let mut heard = 0 }
    spawn { for message in room { heard += len(message) } }
    @ws("/plain") fn plain(msg) { push(kept, repeat_str("x", 100000))
        return len(kept) }
    @ws("/closure") fn closure(msg) { return keep(repeat_str("y", 100000)) }
    @ws("/text") fn texts(msg) { push(kept, msg)
        return len(kept) }
    @ws("/spread") fn spreads(msg) { wait 0.0001 seconds
        squad { spawn { keep(repeat_str("z", 50000)) } }
        return keep(repeat_str("z", 50000)) / 2 }
    @ws("/late") fn late(msg) { push(kept, repeat_str("w", 1000000))
        if msg == "late" { wait 60 seconds }
        return len(kept) }
    @ws("/same") fn same(msg) {
        kept = [repeat_str("v", 500000), msg]
        send(room, repeat_str("u", 20000))
        wait 0.00001 seconds
        if msg == "fails" { return 1 / 0 }
        return len(squad { for i in [1, 2] { spawn { range(0, 1000) } } })
    }
    @get("/heard") fn heard_so_far() { return heard }
"#;

/// Asks until there is too much; how many messages went well.
fn kept(socket: &mut Socket, text: &str) -> usize {
    for n in 1..200 {
        let reply = socket.ask(text);
        if reply.contains(TOO_MUCH) {
            return n - 1;
        }
        assert_eq!(reply, n.to_string());
    }
    panic!("it keeps as much as it likes");
}

#[test]
fn what_a_connection_keeps_is_on_its_account() {
    let site = Site::new(KEEPERS);
    let long = "m".repeat(100_000);
    for (path, text) in [("/plain", "x"), ("/closure", "x"), ("/text", &long), ("/spread", "x")] {
        let mut socket = site.socket(path);
        let found = kept(&mut socket, text);
        // Four MiB, within a fifth.
        assert!((33..=50).contains(&found), "{path}: {found}");
        // The machine of the message that was refused is gone, and what is there has been weighed: there may be room for
        // a few.
        let is_refused = (0..10).any(|_| socket.ask(text).contains(TOO_MUCH));
        assert!(is_refused, "{path}: nothing was freed");
        assert_eq!(site.socket(path).ask(text), "1", "{path}: others are not concerned");
    }
}

#[test]
fn what_a_message_kept_that_took_too_long_is_on_the_account() {
    let site = Site::new(&KEEPERS.replace("@server(", "@server(request_seconds: 0.5, "));
    let mut socket = site.socket("/late");
    for _ in 0..3 {
        assert_eq!(socket.ask("late"), "error: handler timed out");
    }
    assert_eq!(socket.ask("quick"), "4");
    assert!(socket.ask("quick").contains(TOO_MUCH));
}

#[test]
fn a_connection_that_keeps_no_more_is_never_refused() {
    let site = Site::new(KEEPERS);
    let mut socket = site.socket("/same");
    // What it sends to others, sixteen times what it may keep, is not its own for ever.
    for n in 0..3_000 {
        let (text, wanted) = match n % 10 {
            0 => ("fails", "error: division by zero"),
            _ => ("goes", "2"),
        };
        let reply = socket.ask(text);
        assert!(reply.starts_with(wanted), "message {n}: {reply}");
    }
    while site.get("/heard").body != "60000000" {
        std::thread::yield_now();
    }
}
