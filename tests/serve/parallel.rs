//! `par_map` and its kind in handlers.

use crate::site::Site;
use serde_json::json;

const PARALLEL: &str = r#"
    @server()
    let mut total = 0
    fn add(x) { total += x
        return total }
    @get("/nested") fn nested(n: Int) {
        return par_map(range(4), fn(x) {
            wait 0.001
            return sum(par_map(range(4), fn(y) {
                wait 0.001
                return n + x * y
            }))
        })
    }
    @get("/apart") fn apart() {
        add(5)
        let seen = par_map([1, 2, 3], add)
        return [seen.len(), total]
    }
    @get("/endless") fn endless() {
        return par_map(range(40), fn(x) {
            if x == 0 { say "busy" }
            if x % 2 == 0 { loop { } }
            wait 10000
        })
    }
    @get("/fails") fn fails() { return par_map([1, 0], fn(x) { 1 / x }) }
    @get("/ping") fn ping() { return par_map([1], fn(x) { x }) }
"#;

#[test]
fn two_hundred_requests_with_parts_that_wait_and_call_it_again_all_end() {
    let site = Site::new(PARALLEL);
    let clients: Vec<_> = (0..200)
        .map(|n| {
            let mut client = site.connect();
            client.begin("GET", &format!("/nested?n={n}"), &[], b"");
            client
        })
        .collect();
    for (n, mut client) in clients.into_iter().enumerate() {
        let answer = client.finish("GET").json();
        assert_eq!(answer, json!([4 * n, 4 * n + 6, 4 * n + 12, 4 * n + 18]));
    }
    site.becomes_idle();
}

#[test]
fn what_parts_write_stays_theirs() {
    let site = Site::new(PARALLEL);
    for _ in 0..3 {
        assert_eq!(site.get("/apart").json(), json!([3, 5]));
    }
    assert_eq!(site.get("/fails").error().0, 500);
}

#[test]
fn parts_end_with_a_client_that_leaves_and_hold_up_nobody() {
    let site = Site::new(PARALLEL);
    let mut client = site.connect();
    client.begin("GET", "/endless", &[], b"");
    site.hears("busy");
    // Parts of others get their turns meanwhile.
    assert_eq!(site.get("/ping").json(), json!([1]));
    drop(client);
    site.becomes_idle();
    assert_eq!(site.get("/ping").json(), json!([1]));
}
