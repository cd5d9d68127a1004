//! Serving over real sockets: isolation, binding, errors, limits, disconnects, shutdown.

#[path = "serve/process.rs"]
mod process;
#[path = "serve/site.rs"]
mod site;

use serde_json::json;
use site::Site;

const JSON: &str = "content-type: application/json";

/// A counter that a closure captured, a plain variable, and a loop to come between two requests.
const COUNTERS: &str = r#"
    @server()
    let mut plain = 0
    fn make() {
        let mut n = 0
        return fn() { n += 1
            return n }
    }
    let bump = make()
    let nested = { deep: [make()] }
    @get("/count")
    fn count() {
        plain += 1
        let a = bump()
        wait 0.001 seconds
        return { a: a, b: bump(), plain: plain, nested: nested.deep[0]() }
    }
"#;

#[test]
fn no_request_sees_what_another_did() {
    let site = Site::new(COUNTERS);
    let clients = (0..2).map(|_| {
        let mut client = site.connect();
        std::thread::spawn(move || {
            (0..100).map(|_| client.get("/count").json()).collect::<Vec<_>>()
        })
    });
    let clients: Vec<_> = clients.collect();
    for answer in clients.into_iter().flat_map(|client| client.join().unwrap()) {
        assert_eq!(answer, json!({ "a": 1, "b": 2, "plain": 1, "nested": 1 }));
    }
}
