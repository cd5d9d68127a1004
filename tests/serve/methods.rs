//! Routes for every method, and which other origins may read answers.

use crate::site::Site;
use crate::site::refusals;
use serde_json::json;

#[test]
fn every_method_has_a_decorator() {
    let site = Site::new(
        r#"
        @server()
        @patch("/thing") fn patched(body) { return body }
        @head("/head") fn head() { return "seen by HEAD alone" }
        @options("/thing") fn options() { return "asked" }
        @any("/any") fn any(request) { return request.method }
        @get("/any") fn get_any() { return "the route for GET wins" }
        "#,
    );
    let json_type = "content-type: application/json";
    assert_eq!(site.send("PATCH", "/thing", &[json_type], b"[1]").json(), json!([1]));
    assert_eq!(site.send("PATCH", "/thing", &["content-type: text/plain"], b"x").error().0, 415);
    assert_eq!(site.send("OPTIONS", "/thing", &[], b"").json(), json!("asked"));
    assert_eq!(site.send("HEAD", "/head", &[], b"").status, 200);
    assert_eq!(site.get("/head").error(), (405, "method not allowed".to_owned()));
    for method in ["POST", "PUT", "PATCH", "DELETE", "BREW"] {
        assert_eq!(site.send(method, "/any", &[], b"").json(), json!(method));
    }
    assert_eq!(site.get("/any").json(), json!("the route for GET wins"));
    let preflight = site.send("OPTIONS", "/any", &[], b"");
    assert_eq!((preflight.status, preflight.body.as_str()), (200, ""));
    assert_eq!(preflight.header("allow"), Some("GET,HEAD,POST,PUT,PATCH,DELETE"));
    let twice = refusals("@server()\n@any(\"/a\") fn one() { }\n@any(\"/a\") fn two() { }");
    assert_eq!(twice, ["route conflict: ANY /a is handled by both 'one' and 'two'"]);
}

#[test]
fn permissive_answers_are_for_every_origin() {
    let site = Site::new(
        "@server(cors: \"Any\")\n@get(\"/\") fn root() { return 1 }\n@get(\"/own\") fn own() { return respond(200, 1, { \"Access-Control-Allow-Origin\": \"https://one.example\" }) }",
    );
    for (method, path, status) in
        [("GET", "/", 200), ("GET", "/nowhere", 404), ("POST", "/", 405), ("OPTIONS", "/x", 200)]
    {
        let answer = site.send(method, path, &["origin: https://a.example"], b"");
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{answer:?}");
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        let asks = (method == "OPTIONS").then_some("*");
        assert_eq!(answer.header("access-control-allow-methods"), asks, "{answer:?}");
        assert_eq!(answer.header("access-control-allow-headers"), asks, "{answer:?}");
    }
    let own = site.get("/own");
    assert_eq!(own.header("access-control-allow-origin"), Some("https://one.example"));
}

#[test]
fn restrictive_answers_say_nothing_about_origins() {
    let site = Site::new("@server(cors: \"whatever\")\n@get(\"/\") fn root() { return 1 }");
    for method in ["GET", "OPTIONS"] {
        let answer = site.send(method, "/", &["origin: https://a.example"], b"");
        let says = |name: &str| name.starts_with("access-control");
        assert!(!answer.headers.iter().any(|(name, _)| says(name)), "{answer:?}");
        assert!(answer.header("vary").is_some_and(|vary| vary.contains("origin")), "{answer:?}");
    }
    assert_eq!(site.send("OPTIONS", "/", &[], b"").header("allow"), Some("GET,HEAD"));
}

#[test]
fn named_origins_may_read_answers() {
    let site = Site::new(
        "@server(cors: \"https://a.example, http://b.example:8080\")\n@get(\"/\") fn root() { return 1 }",
    );
    let allowed = |origin: &str| {
        let answer = site.send("GET", "/", &[&format!("origin: {origin}")], b"");
        answer.header("access-control-allow-origin").map(str::to_owned)
    };
    for origin in ["https://a.example", "http://b.example:8080"] {
        assert_eq!(allowed(origin).as_deref(), Some(origin));
    }
    for origin in ["https://b.example:8080", "https://a.example.org", "null"] {
        assert_eq!(allowed(origin), None);
    }
}
