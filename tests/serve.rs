//! Serving over real sockets: isolation, binding, bodies, errors, limits, disconnects, shutdown.

#[cfg(test)]
#[path = "serve/answers.rs"]
mod answers;
#[cfg(test)]
#[path = "serve/around.rs"]
mod around;
#[cfg(test)]
#[path = "serve/background.rs"]
mod background;
#[cfg(test)]
#[path = "serve/databases.rs"]
mod databases;
#[cfg(test)]
#[path = "serve/embedding.rs"]
mod embedding;
#[cfg(test)]
#[path = "serve/flags.rs"]
mod flags;
#[cfg(test)]
#[path = "serve/forms.rs"]
mod forms;
#[cfg(test)]
#[path = "serve/heavy.rs"]
mod heavy;
#[cfg(test)]
#[path = "serve/keeping.rs"]
mod keeping;
#[cfg(test)]
#[path = "serve/limits.rs"]
mod limits;
#[cfg(test)]
#[path = "serve/lives.rs"]
mod lives;
#[cfg(test)]
#[path = "serve/methods.rs"]
mod methods;
#[cfg(test)]
#[path = "serve/overlap.rs"]
mod overlap;
#[cfg(test)]
#[path = "serve/parallel.rs"]
mod parallel;
#[cfg(test)]
#[path = "serve/permits.rs"]
mod permits;
#[cfg(test)]
#[path = "serve/plans.rs"]
mod plans;
#[cfg(test)]
#[path = "serve/process.rs"]
mod process;
#[cfg(test)]
#[path = "serve/reload.rs"]
mod reload;
#[cfg(test)]
#[path = "serve/site.rs"]
mod site;
#[cfg(all(test, unix))]
#[path = "serve/sockets.rs"]
mod sockets;
#[cfg(test)]
#[path = "serve/streams.rs"]
mod streams;
#[cfg(test)]
#[path = "serve/surroundings.rs"]
mod surroundings;
#[cfg(test)]
#[path = "serve/tasks.rs"]
mod tasks;

#[cfg(test)]
#[path = "serve/web_sockets.rs"]
mod web_sockets;

use serde_json::json;
use site::Site;

/// That of the `forge` command: it counts what each thread allocates.
#[global_allocator]
static ALLOCATOR: alloc_metrics::MetricAlloc<mimalloc::MiMalloc> =
    alloc_metrics::MetricAlloc::new(mimalloc::MiMalloc);

/// A counter that a closure captured, one deep in an object, a plain variable, and a pause that lets requests overlap.
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
    @get("/at_once")
    fn at_once() {
        plain += 1
        return { a: bump(), b: bump(), plain: plain, nested: nested.deep[0]() }
    }
"#;

#[test]
fn no_request_sees_what_another_did() {
    let site = Site::new(COUNTERS);
    let clients = ["/count", "/count", "/at_once", "/at_once"].map(|path| {
        let mut client = site.connect();
        std::thread::spawn(move || (0..100).map(|_| client.get(path).json()).collect::<Vec<_>>())
    });
    for answer in clients.into_iter().flat_map(|client| client.join().unwrap()) {
        assert_eq!(answer, json!({ "a": 1, "b": 2, "plain": 1, "nested": 1 }));
    }
}

#[test]
fn modules_are_each_requests_own_and_make_no_routes() {
    let site = Site::new(
        r#"
        import "tests/isolation/lib/counter"
        import "tests/serve/lib/routes"
        @server()
        @get("/count") fn count() { return { count: bump(), level: level, from: from() } }
        @get("/load") fn load() {
            import { loads } from "tests/isolation/lib/on_demand"
            return { loads: loads }
        }
    "#,
    );
    for _ in 0..3 {
        let wanted = json!({ "count": 1, "level": 1, "from": "a module" });
        assert_eq!(site.get("/count").json(), wanted);
        assert_eq!(site.get("/load").json(), json!({ "loads": 1 }));
    }
    assert_eq!(site.get("/from").error().0, 404);
}

#[test]
fn every_kind_of_change_stays_in_its_request() {
    let site = Site::new(
        r#"
        @server()
        let mut list = [1, 2, 3]
        let mut table = { n: { m: 1 } }
        struct Point { x: Int = 1 }
        impl Point { fn moved(it) { it.x + 1 } }
        let mut log = []
        fn helper() { push(log, "called") }
        @get("/change")
        fn changes() {
            list[0] = list[0] + 10
            push(list, 4)
            table.n.m += 1
            table.extra = true
            helper()
            return [list, table, log]
        }
        "#,
    );
    for _ in 0..5 {
        let wanted = json!([[11, 2, 3, 4], { "n": { "m": 2 }, "extra": true }, ["called"]]);
        assert_eq!(site.get("/change").json(), wanted);
    }
}
