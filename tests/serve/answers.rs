//! What requests mean and what comes back.

use crate::site::Answer;
use crate::site::Site;
use crate::site::refusals;
use serde_json::Value;
use serde_json::json;

const JSON: &str = "content-type: application/json";

#[test]
fn parameters_are_bound_by_name() {
    let site = Site::new(
        r#"
        @server()
        @get("/path/:a/:b") fn path(b, a) { return [a, b] }
        @get("/p/:body") fn body_in_path(body) { return body }
        @get("/u/:query") fn query_in_path(query, qs) { return [query, qs] }
        @get("/keys") fn keys(x, y) { return [x, y] }
        @get("/all") fn all(query) { return query }
        @get("/default") fn default(limit: Int = 10, name = "n", other) { return [limit, name, other] }
        @get("/typed/:i/:f/:b") fn typed(i: Int, f: Float, b: Bool, t: String) { return [i, f, b, t] }
        @get("/request_key") fn request_key(request) { return typeof(request) }
        @get fn by_name() { return "here" }
        @get("/empty") fn empty(body, data) { return [body, data] }
        "#,
    );
    let table: &[(&str, Value)] = &[
        ("/path/1/2", json!(["1", "2"])),
        ("/path/a%20b%2Fc/%2525?a=no", json!(["a b/c", "%25"])),
        ("/path/+/%2B", json!(["+", "+"])),
        ("/p/text", json!("text")),
        ("/u/x?a=1", json!(["x", { "a": "1" }])),
        ("/keys?x=1&y=2", json!(["1", "2"])),
        ("/keys?x=1&x=2", json!(["2", null])),
        ("/keys?x&y=", json!(["", ""])),
        ("/keys?x=a+b%20c&y=%zz", json!(["a b c", "%zz"])),
        ("/keys?x=%FF", json!(["\u{FFFD}", null])),
        ("/all?b=1&a=2&b=3", json!({ "b": "3", "a": "2" })),
        ("/all", json!({})),
        ("/default", json!([10, "n", null])),
        ("/default?limit=3&name=&other=o", json!([3, "", "o"])),
        ("/typed/-7/1.5/true?t=5", json!([-7, 1.5, true, "5"])),
        ("/request_key?request=text", json!("String")),
        ("/request_key", json!("Object")),
        ("/by_name?x=1", json!("here")),
        ("/empty", json!([{}, {}])),
    ];
    let mut client = site.connect();
    for (path, wanted) in table {
        let answer = client.get(path);
        assert_eq!((answer.status, &answer.json()), (200, wanted), "{path}");
        assert_eq!(answer.header("content-type"), Some("application/json"), "{path}");
    }
    for (path, name, kind) in [
        ("/typed/x/1/true", "i", "Int"),
        ("/typed/1.5/1/true", "i", "Int"),
        ("/typed/1/one/true", "f", "Float"),
        ("/typed/1/1/yes", "b", "Bool"),
        ("/default?limit=many", "limit", "Int"),
    ] {
        let text = format!("invalid value for parameter '{name}': expected {kind}");
        assert_eq!(client.get(path).error(), (400, text), "{path}");
    }
}

#[test]
fn bodies_are_json() {
    let site = Site::new(
        r#"
        @server(body_bytes: 20)
        @post("/in") fn post_in(body) { return body }
        @put("/in") fn put_in(data) { return data }
        @delete("/in") fn delete_in(body) { return body }
        @post("/any") fn any() { return "any" }
        @post("/:body") fn from_path(body) { return body }
        "#,
    );
    let send = |method, path, headers: &[&str], body: &str| {
        let answer = site.send(method, path, headers, body.as_bytes());
        (answer.status, answer.body)
    };
    let ok = |text: &str| (200, text.to_owned());
    let error = |status: u16, text: &str| (status, json!({ "error": text }).to_string());
    let no_json = "Expected request with `Content-Type: application/json`";
    let broken = "Failed to parse the request body as JSON: ";
    let too_long = "Failed to buffer the request body: length limit exceeded";

    assert_eq!(send("POST", "/in", &[JSON], r#"{"z":1,"a":[2.0]}"#), ok(r#"{"z":1,"a":[2.0]}"#));
    assert_eq!(send("POST", "/in", &[JSON], " 5 "), ok("5"));
    assert_eq!(send("PUT", "/in", &[JSON], r#""s""#), ok(r#""s""#));
    let charset = "Content-Type: Application/JSON; charset=utf-8";
    assert_eq!(send("POST", "/in", &[charset], "[]"), ok("[]"));
    assert_eq!(send("POST", "/in", &["content-type: application/problem+json"], "1"), ok("1"));
    assert_eq!(send("POST", "/in", &[JSON], "18446744073709551615"), ok("1.8446744073709552e19"));

    assert_eq!(send("POST", "/in", &[], ""), ok("{}"));
    assert_eq!(send("POST", "/in", &[], "5"), error(415, no_json));
    assert_eq!(send("POST", "/in", &["content-type: text/plain"], "5"), error(415, no_json));
    assert_eq!(send("POST", "/in", &["content-type: text/json"], ""), error(415, no_json));
    let eof = format!("{broken}EOF while parsing a value at line 1 column 0");
    assert_eq!(send("POST", "/in", &[JSON], ""), error(400, &eof));
    let trailing = format!("{broken}trailing characters at line 1 column 3");
    assert_eq!(send("PUT", "/in", &[JSON], "5 6"), error(400, &trailing));

    assert_eq!(send("POST", "/any", &["content-type: text/plain"], "what"), ok("\"any\""));
    assert_eq!(send("POST", "/any", &[], &"x".repeat(20)), ok("\"any\""));
    assert_eq!(send("POST", "/any", &[], &"x".repeat(21)), error(413, too_long));
    assert_eq!(send("POST", "/in", &[JSON], &" ".repeat(21)), error(413, too_long));
    assert_eq!(send("POST", "/text", &[], "ignored"), ok("\"text\""));

    assert_eq!(send("DELETE", "/in", &[JSON], "[1]"), ok("[1]"));
    assert_eq!(send("DELETE", "/in", &[JSON], ""), ok("{}"));
    assert_eq!(send("DELETE", "/in", &[], "[1]"), ok("{}"));
    assert_eq!(send("DELETE", "/in", &[], ""), ok("{}"));
}

#[test]
fn a_body_may_come_in_pieces_and_up_to_the_limit() {
    let site = Site::new(
        r#"
        @server()
        @post("/size") fn size(body) { return len(body) }
        "#,
    );
    let chunked = ["transfer-encoding: chunked", JSON];
    let mut client = site.connect();
    client.begin("POST", "/size", &chunked, b"");
    std::io::Write::write_all(client.stream.get_mut(), b"3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n")
        .unwrap();
    assert_eq!(client.finish("POST").json(), json!(2));

    let limit = 2 << 20;
    let text = |length: usize| format!("\"{}\"", "x".repeat(length - 2)).into_bytes();
    assert_eq!(site.send("POST", "/size", &[JSON], &text(limit)).json(), json!(limit - 2));
    let refused = site.send("POST", "/size", &[JSON], &text(limit + 1));
    let wanted = "Failed to buffer the request body: length limit exceeded";
    assert_eq!(refused.error(), (413, wanted.to_owned()));
    let broken = vec![b'['; 100_000];
    let (status, text) = site.send("POST", "/size", &[JSON], &broken).error();
    assert!(status == 400 && text.contains("recursion limit"), "{status} {text}");
}

#[test]
fn results_become_json() {
    let site = Site::new(
        r#"
        @server()
        @get("/:kind") fn result(kind) {
            if kind == "nothing" { return }
            if kind == "last" { 41 + 1 }
            else if kind == "float" { return [1.0, 0.5, 1.0 / 3.0] }
            else if kind == "text" { return "a\"b" }
            else if kind == "wrapped" { return [Ok(1), Err("e"), Some(2), None] }
            else if kind == "tuple" { return (1, "a") }
            else if kind == "set" { return set([1, 1, 2]) }
            else if kind == "map" { return [map([["a", 1]]), map([[1, 2]])] }
            else if kind == "frozen" { return freeze { b: 1, a: [2] } }
            else if kind == "functions" { return [result, fn() { 1 }, len] }
            else if kind == "status" { return { status: 404, body: "x", headers: {} } }
            else if kind == "try" { let x = Err("no")?
                return x }
        }
        "#,
    );
    let table = [
        ("nothing", "null"),
        ("last", "42"),
        ("float", "[1.0,0.5,0.3333333333333333]"),
        ("text", r#""a\"b""#),
        ("wrapped", r#"[{"Ok":1},{"Err":"e"},2,null]"#),
        ("tuple", r#"[1,"a"]"#),
        ("set", "[1,2]"),
        ("map", r#"[{"a":1},[[1,2]]]"#),
        ("frozen", r#"{"b":1,"a":[2]}"#),
        ("functions", r#"["<Function>","<Lambda>","<BuiltIn>"]"#),
        ("status", r#"{"status":404,"body":"x","headers":{}}"#),
        ("try", r#"{"Err":"no"}"#),
    ];
    for (kind, wanted) in table {
        let answer = site.get(&format!("/{kind}"));
        assert_eq!((answer.status, answer.body.as_str()), (200, wanted), "{kind}");
        assert_eq!(answer.header("content-type"), Some("application/json"), "{kind}");
    }
}

#[test]
fn responses_say_more_than_a_value() {
    let site = Site::new(
        r#"
        @server()
        @get("/text") fn text() { return respond(201, "made", { "X-Two": ["1", "2"], n: 5, none: null }) }
        @get("/json") fn json() { return respond(422, { error: "no" }) }
        @get("/kind") fn kind() { return respond(200, "a,b", { "content-type": "text/csv", "content-length": "99" }) }
        @get("/none") fn none() { return respond(204) }
        @get("/away") fn away() { return redirect("/text") }
        @get("/page") fn page() { return html("<p>") }
        @get("/id") fn id() { return respond(200, 1, { "x-request-id": "mine" }) }
        @get("/status") fn status() { return respond(99, "x") }
        @get("/header") fn header() { return respond(200, "x", { "a b": "c" }) }
        @get("/inject") fn inject() { return respond(200, "x", { a: "b\r\nc: d" }) }
        @post("/echo") fn echo(body) { return body }
        "#,
    );
    let shown = |answer: &Answer| {
        let kind = answer.header("content-type").unwrap_or("none").to_owned();
        (answer.status, kind, answer.body.clone())
    };
    let row = |status: u16, kind: &str, body: &str| (status, kind.to_owned(), body.to_owned());
    let text = site.get("/text");
    assert_eq!(shown(&text), row(201, "text/plain; charset=utf-8", "made"));
    let twice: Vec<_> = text.headers.iter().filter(|(name, _)| name == "x-two").collect();
    assert_eq!((twice.len(), text.header("n"), text.header("none")), (2, Some("5"), None));
    assert_eq!(shown(&site.get("/json")), row(422, "application/json", r#"{"error":"no"}"#));
    assert_eq!(shown(&site.get("/kind")), row(200, "text/csv", "a,b"));
    assert_eq!(shown(&site.get("/none")), row(204, "none", ""));
    let away = site.get("/away");
    assert_eq!((away.status, away.header("location")), (302, Some("/text")));
    assert_eq!(shown(&site.get("/page")), row(200, "text/html; charset=utf-8", "<p>"));
    assert_eq!(site.get("/id").header("x-request-id").unwrap().len(), 36);
    assert_eq!(site.get("/status").error(), (500, "invalid response status: 99".to_owned()));
    assert_eq!(site.get("/header").error(), (500, "invalid response header: 'a b'".to_owned()));
    assert_eq!(site.get("/inject").error(), (500, "invalid response header: 'a'".to_owned()));
    let faked = r#"{"__response__":true,"status":500,"body":"x","headers":{}}"#;
    assert_eq!(site.send("POST", "/echo", &[JSON], faked.as_bytes()).body, faked);
}

#[test]
fn errors_are_json() {
    let site = Site::new(
        r#"
        @server()
        @get("/divide") fn divide() { return 1 / 0 }
        @get("/must") fn mist() { return must Err("m") }
        @get("/deep") fn deep() { return deep() }
        fn down(n) { if n == 0 { return 0 }
            return 1 + down(n - 1) }
        @get("/deep_enough") fn deep_enough() { return down(9000) }
        @get("/nothing") fn nothing() { let f = 5
            return f() }
        @get("/squad") fn squads() { squad { spawn { bruh("child") } } }
        @get("/host") fn host() { say "panic!" }
        @get("/late") fn late() { wait 0.001 seconds
            say "panic!" }
        @get("/users/:id") fn user(id) { return id }
        @post("/users/:id") fn edit(id) { return id }
        "#,
    );
    let error = |path: &str| site.get(path).error();
    let internal = (500, "internal server error".to_owned());
    let hint = "division by zero\n  hint: check that the divisor is not zero before dividing";
    assert_eq!(error("/divide"), (500, hint.to_owned()));
    assert_eq!(error("/must"), (500, "must failed: m".to_owned()));
    assert_eq!(error("/squad"), (500, "squad task error: BRUH: child".to_owned()));
    assert_eq!(error("/nothing"), (500, "cannot call Int".to_owned()));
    let deep = "maximum recursion depth exceeded (10000 frames)\n  hint: check for infinite recursion, or restructure to use iteration";
    assert_eq!(error("/deep"), (500, deep.to_owned()));
    assert_eq!(site.get("/deep_enough").json(), json!(9000));
    assert_eq!(error("/host"), internal);
    assert_eq!(error("/late"), internal);
    assert_eq!(error("/nowhere"), (404, "not found".to_owned()));
    assert_eq!(error("/users/7/"), (404, "not found".to_owned()));
    assert_eq!(error("/users/%FF"), (400, "Invalid URL: Invalid UTF-8 in `id`".to_owned()));
    let other = site.send("DELETE", "/users/7", &[], b"");
    assert_eq!(other.error(), (405, "method not allowed".to_owned()));
    assert_eq!(other.header("allow"), Some("GET,HEAD,POST"));
    assert_eq!(site.get("/users/7").json(), json!("7"));
    site.becomes_idle();
}

#[test]
fn hidden_errors_say_only_the_request_id() {
    let site = Site::new(
        r#"
        @server(errors: "hidden")
        @get("/divide") fn divide() { return 1 / 0 }
        "#,
    );
    let answer = site.send("GET", "/divide", &["x-request-id: mine"], b"");
    assert_eq!(answer.status, 500);
    assert_eq!(answer.json(), json!({ "error": "internal server error", "request_id": "mine" }));
}

#[test]
fn head_and_options_need_no_route_of_their_own() {
    let site = Site::new(
        r#"
        @server()
        @get("/it") fn it() { say "ran"
            return "text" }
        @put("/put") fn put() { return 1 }
        "#,
    );
    let mut client = site.connect();
    let head = client.send("HEAD", "/it", &[], b"");
    assert_eq!((head.status, head.header("content-length")), (200, Some("6")));
    site.hears("ran");
    assert_eq!(client.get("/it").body, "\"text\"", "nothing was left on the connection");
    let refused = client.send("HEAD", "/put", &[], b"");
    assert_eq!((refused.status, refused.header("allow")), (405, Some("PUT")));
    for (path, allow) in [("/it", Some("GET,HEAD")), ("/put", Some("PUT")), ("/no", None)] {
        let answer = client.send("OPTIONS", path, &[], b"");
        assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{path}");
        assert_eq!(answer.header("allow"), allow, "{path}");
        assert!(!answer.headers.iter().any(|(name, _)| name.starts_with("access-control-")));
    }
}

#[test]
fn a_handler_can_ask_about_its_request() {
    let site = Site::new(
        r#"
        @server()
        @post("/ask/:what") fn ask(req) { return req }
        "#,
    );
    let headers = ["X-Request-Id: mine", "X-A: 1", "X-A: 2", "Cookie: a=1; b=\"x=y\"; a=2"];
    let asked = site.send("POST", "/ask/a%20b?q=1&q=2", &headers, b"").json();
    assert_eq!(asked["method"], "POST");
    assert_eq!(asked["path"], "/ask/a%20b");
    assert_eq!(asked["params"], json!({ "what": "a b" }));
    assert_eq!(asked["query"], json!({ "q": "2" }));
    assert_eq!(asked["cookies"], json!({ "a": "1", "b": "x=y" }));
    assert_eq!(asked["headers"]["x-a"], "1, 2");
    assert_eq!((&asked["ip"], &asked["id"]), (&json!("127.0.0.1"), &json!("mine")));
}

#[test]
fn request_id_is_generated_and_propagated() {
    let site = Site::new("@server()\n@get(\"/\") fn root() { return 1 }");
    let id = |method: &str, path: &str, headers: &[&str]| {
        let answer = site.send(method, path, headers, b"");
        let ids: Vec<_> =
            answer.headers.iter().filter(|(name, _)| name == "x-request-id").collect();
        assert_eq!(ids.len(), 1, "{answer:?}");
        ids[0].1.clone()
    };
    let (first, second) = (id("GET", "/", &[]), id("GET", "/", &[]));
    assert_eq!((first.len(), first.matches('-').count()), (36, 4));
    assert_ne!(first, second);
    let given = "X-Request-Id: test-trace-deadbeef-123";
    for (method, path) in
        [("GET", "/"), ("GET", "/no"), ("PUT", "/"), ("OPTIONS", "/"), ("HEAD", "/")]
    {
        assert_eq!(id(method, path, &[given]), "test-trace-deadbeef-123", "{method} {path}");
    }
    assert_eq!(id("GET", "/", &["x-request-id: one", "x-request-id: two"]), "one");
    assert_eq!(id("GET", "/", &["x-request-id:"]).len(), 36);
    let long = "y".repeat(100);
    assert_eq!(id("GET", "/", &[&format!("x-request-id: {long}")]), long);
}

#[test]
fn two_functions_of_one_name_keep_their_routes() {
    let site = Site::new(
        r#"
        @server()
        @get("/a") @get("/b") fn same() { return 1 }
        @get("/c") fn same() { return 2 }
        let same = 3
        "#,
    );
    let all = ["/a", "/b", "/c"].map(|path| site.get(path).body);
    assert_eq!(all, ["1", "1", "2"]);
}

// T-H3
#[test]
fn launch_rejects_server_without_routes() {
    let wanted = "@server defined but no route handlers found. Add @get/@post functions.";
    assert_eq!(refusals("@server(port: 0)\nfn f() { return 1 }"), [wanted]);
    // Those of inner functions and blocks are none.
    let inner = "@server()\nif true {\n@get(\"/\") fn f() { return 1 } }";
    assert_eq!(refusals(inner), [wanted]);
}

#[test]
fn programs_that_cannot_be_served_say_why() {
    let first = |program: &str| refusals(program).into_iter().next().unwrap_or_default();
    let route = "@get(\"/\") fn root() { return 1 }";
    let table = [
        ("@server()", "@server defined but no route handlers found. Add @get/@post functions."),
        ("say 1", "no route handlers found. Add @get/@post functions."),
        (
            "@server()\n@get(\"/a\") fn first() { 1 }\n@get(\"/a\") fn second() { 2 }",
            "route conflict: GET /a is handled by both 'first' and 'second'",
        ),
        ("@server()\n@get(\"a\") fn f() { 1 }", "invalid route path 'a': must start with '/'"),
        ("@server()\n@get(\"/u/{1}\") fn f() { 1 }", "route path must be a plain string"),
        (
            &format!("@server(port: 70000)\n{route}"),
            "invalid @server option 'port': expected an Int from 0 to 65535",
        ),
        (
            &format!("let p = \"x\"\n@server(port: p)\n{route}"),
            "invalid @server option 'port': expected an Int from 0 to 65535",
        ),
        (
            &format!("@server(max_inflight: 0)\n{route}"),
            "invalid @server option 'max_inflight': expected an Int of at least 1",
        ),
        (
            &format!("@server(errors: \"loud\")\n{route}"),
            "invalid @server option 'errors': expected \"shown\" or \"hidden\"",
        ),
        (&format!("@server(7, colour: \"red\")\n{route}"), ""),
        (&format!("let p = 9000 + 1\n@server(port: p)\n{route}"), ""),
    ];
    for (program, wanted) in table {
        assert_eq!(first(program), wanted, "{program}");
    }
}

#[test]
fn a_handler_cannot_end_the_process() {
    let site = Site::new(
        r#"
        @server()
        @get("/exit") fn leave() { exit(3) }
        @get("/caught") fn caught() {
            try { exit(3) } catch e { return e.message }
        }
        "#,
    );
    let mut client = site.connect();
    let text = "exit() is not allowed in a request handler";
    assert_eq!(client.get("/exit").status, 500);
    assert_eq!(client.get("/caught").json(), json!(text));
}
