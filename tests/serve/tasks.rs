//! What becomes of the tasks that a request starts.

use crate::site::PATIENCE;
use crate::site::Site;
use serde_json::json;
use std::time::Instant;

/// Tasks that wait at `probe`: somebody is there as long as one of them lives.
const TASKS: &str = r#"
    @server(max_tasks: 3)
    let probe = channel(0)
    let go = channel()
    let out = channel()
    fn watcher() { for m in probe { } }
    @get("/hold") fn holds() {
        spawn { watcher() }
        squad { spawn { squad { spawn { watcher() } } }
            say "held"
            wait 60 seconds }
    }
    @get("/forget") fn forget() {
        let mut n = 1
        spawn { receive(go)
            n += 1
            send(out, n) }
        return n
    }
    @get("/fail") fn fail() { forget()
        1 / 0 }
    @get("/go") fn let_go() { send(go, true)
        return receive(out) }
    @get("/probe") fn is_watched() { return try_send(probe, 1) }
    @get("/squad") fn squads() { return squad { for i in [1, 2, 3] { spawn { wait 0.001 seconds
        i } } } }
    @get("/many") fn many() { return squad { for i in range(0, 4) { spawn { watcher() } } } }
"#;

#[test]
fn what_a_request_started_ends_with_a_client_that_leaves() {
    let site = Site::new(TASKS);
    let mut client = site.connect();
    client.begin("GET", "/hold", &[], b"");
    site.hears("held");
    becomes(&site, true);
    drop(client);
    site.becomes_idle();
    becomes(&site, false);
}

/// Asks until somebody watches, or nobody.
fn becomes(site: &Site, watched: bool) {
    let since = Instant::now();
    while site.get("/probe").json() != json!(watched) {
        assert!(since.elapsed() < PATIENCE, "watched is not {watched}");
    }
}

#[test]
fn what_a_request_started_goes_on_when_it_has_ended() {
    let site = Site::new(TASKS);
    assert_eq!(site.get("/forget").json(), json!(1));
    assert_eq!(site.get("/go").json(), json!(2));
    assert_eq!(site.get("/fail").status, 500);
    assert_eq!(site.get("/go").json(), json!(2));
}

#[test]
fn squads_answer_like_any_call() {
    let site = Site::new(TASKS);
    assert_eq!(site.get("/squad").json(), json!([1, 2, 3]));
    assert_eq!(site.get("/many").error(), (500, "too many spawned tasks".to_owned()));
    becomes(&site, false);
}
