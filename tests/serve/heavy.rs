//! Builtins whose work takes longer than a slice: they delay nobody, and end with their clients.

use crate::site::Site;
use std::time::Duration;
use std::time::Instant;

const HEAVY: &str = r#"
    @server()
    let ints = range(1000000, 0, -1)
    let words = ints.map(str)
    @get("/ping") fn ping() { return { ok: true } }
    @get("/once") fn once() {
        sort(words)
        return true
    }
    @get("/sort") fn sorts() {
        say "busy"
        while true { sort(words) }
    }
    @get("/join") fn joins() {
        say "busy"
        while true { join(ints, ", ") }
    }
    @get("/equal") fn equal() {
        let copies = [reverse(reverse(words)), reverse(reverse(words))]
        say "busy"
        while true { if copies[0] != copies[1] { return false } }
    }
    @get("/list") fn list() { return ints }
    @get("/endless") fn endless() {
        let mut x = [1]
        repeat 60 times { x = [x, x] }
        return x
    }
"#;

/// The middle one of some requests for `path` on one connection.
fn usual_time(site: &Site, path: &str, requests: usize) -> Duration {
    let mut client = site.connect();
    let mut times: Vec<Duration> = (0..requests)
        .map(|_| {
            let start = Instant::now();
            assert_eq!(client.get(path).status, 200);
            start.elapsed()
        })
        .collect();
    times.sort();
    times[requests / 2]
}

#[test]
fn heavy_builtins_delay_nobody_and_end_with_their_clients() {
    let site = Site::new(HEAVY);
    let once = usual_time(&site, "/once", 3);
    for path in ["/sort", "/join", "/equal"] {
        // More than there are workers, and threads to go on in.
        let busy = [(); 4].map(|()| {
            let mut client = site.connect();
            client.begin("GET", path, &[], b"");
            site.hears("busy");
            client
        });
        let ping = usual_time(&site, "/ping", 21);
        // A ping that waits for its turn behind a sort takes as long as one, if not as four.
        assert!(ping < once / 4, "{path}: a ping takes {ping:?}, sorting once {once:?}");
        drop(busy);
        site.becomes_idle();
    }
}

#[test]
fn a_long_answer_is_written_where_it_delays_nobody() {
    let site = Site::new(HEAVY);
    let answer = site.get("/list");
    assert_eq!(answer.status, 200);
    assert!(answer.body.starts_with("[1000000,999999,") && answer.body.ends_with(",2,1]"));
}

#[test]
fn an_answer_that_is_too_long_is_refused() {
    let site = Site::new(HEAVY);
    let (status, text) = site.get("/endless").error();
    assert_eq!((status, text.as_str()), (500, "the text is too long: more than 1 GiB"));
    assert_eq!(site.get("/ping").status, 200);
}
