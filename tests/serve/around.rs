//! What a server does around its handlers: time limits, files, compression, probes.

use crate::site::Site;
use crate::site::refusals;
use serde_json::json;
use std::io::Read;
use std::io::Write;

#[test]
fn a_handler_that_takes_too_long_is_dropped() {
    let site = Site::new(
        r#"
        @server(request_seconds: 0.05)
        @get("/waits") fn waits() { wait 60 seconds
            say "never" }
        @get("/spins") fn spins() { while true {} }
        @get("/quick") fn quick() { return 1 }
        "#,
    );
    for path in ["/waits", "/spins"] {
        assert_eq!(site.get(path).error(), (504, "handler timed out".to_owned()), "{path}");
    }
    site.becomes_idle();
    assert_eq!(site.get("/quick").json(), json!(1));
    assert_eq!(site.says_no_more(), Vec::<String>::new());
}

#[test]
fn a_body_that_trickles_is_refused() {
    let site = Site::new("@server(body_seconds: 1)\n@post(\"/\") fn root(body) { return body }");
    let mut client = site.connect();
    let head = "POST / HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n[1";
    client.stream.get_mut().write_all(head.as_bytes()).unwrap();
    assert_eq!(client.finish("POST").error(), (408, "request body too slow".to_owned()));
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let public = folder.path().join("public");
    std::fs::create_dir(&public).unwrap();
    std::fs::write(folder.path().join("secret.txt"), "secret").unwrap();
    std::fs::write(public.join("index.html"), "<p>index</p>").unwrap();
    std::fs::write(public.join("a b.txt"), "0123456789").unwrap();
    std::fs::write(public.join(".hidden"), "hidden").unwrap();
    std::os::unix::fs::symlink(folder.path().join("secret.txt"), public.join("link.txt")).unwrap();
    std::os::unix::fs::symlink(public.join("a b.txt"), public.join("inside.txt")).unwrap();
    folder
}

#[test]
fn files_are_served_from_their_folder_only() {
    let folder = folder();
    let public = folder.path().join("public").display().to_string();
    let site = Site::new(&format!(
        "@server()\nlet dir = \"{public}\"\n@static(\"/files\", dir)\n@get(\"/files/mine\") fn mine() {{ return 1 }}"
    ));
    let file = site.get("/files/a%20b.txt");
    assert_eq!((file.status, file.body.as_str()), (200, "0123456789"));
    assert_eq!(file.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(file.header("x-request-id").is_some());
    let tag = format!("if-none-match: {}", file.header("etag").unwrap());
    assert_eq!(site.send("GET", "/files/a%20b.txt", &[&tag], b"").status, 304);
    let part = site.send("GET", "/files/a%20b.txt", &["range: bytes=2-4"], b"");
    assert_eq!((part.status, part.body.as_str()), (206, "234"));
    assert_eq!(part.header("content-range"), Some("bytes 2-4/10"));
    assert_eq!(
        site.send("HEAD", "/files/a%20b.txt", &[], b"").header("content-length"),
        Some("10")
    );
    assert_eq!(site.get("/files/").body, "<p>index</p>");
    assert_eq!(site.get("/files/inside.txt").body, "0123456789");
    assert_eq!(site.get("/files/mine").json(), json!(1));
    for path in [
        "/files/link.txt",
        "/files/.hidden",
        "/files/../secret.txt",
        "/files/%2e%2e/secret.txt",
        "/files/..%2fsecret.txt",
        "/files/%00",
        "/files/none",
        "/filesa%20b.txt",
    ] {
        assert_eq!(site.get(path).error(), (404, "not found".to_owned()), "{path}");
    }
    assert_eq!(site.send("POST", "/files/a%20b.txt", &[], b"").error().0, 404);
}

#[test]
fn a_folder_that_cannot_be_served_is_told_at_the_start() {
    let program = |args: &str| format!("@server()\n@static({args})\n@get(\"/\") fn root() {{ }}");
    assert_eq!(refusals(&program("\"/a\"")), ["@static requires (path, folder)"]);
    assert_eq!(
        refusals(&program("\"a\", \"/\"")),
        ["invalid @static path 'a': must start with '/'"]
    );
    let none = "cannot serve folder '/no/such/folder': No such file or directory (os error 2)";
    assert_eq!(refusals(&program("\"/a\", \"/no/such/folder\"")), [none]);
}

#[test]
fn long_answers_are_compressed_for_who_takes_it() {
    let program = r#"
        @server()
        @get("/long") fn long() { return repeat_str("forge ", 1000) }
        @get("/short") fn short() { return "forge" }
        @get("/picture") fn picture() {
            return respond(200, repeat_str("forge ", 1000), { "content-type": "image/PNG" })
        }
        @get("/packed") fn packed() {
            return respond(200, repeat_str("forge ", 1000), { "content-encoding": "zstd" })
        }
        "#;
    let site = Site::new(program);
    let gzip = ["accept-encoding: gzip"];
    let mut client = site.connect();
    client.begin("GET", "/long", &gzip, b"");
    let (head, body) = client.finish_chunked();
    assert_eq!(head.header("content-encoding"), Some("gzip"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(&body[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text, json!("forge ".repeat(1000)).to_string());
    assert!(head.header("vary").unwrap().contains("accept-encoding"), "{head:?}");
    // The client's order counts; of what is not there, nothing.
    for (accepted, given) in [("gzip;q=0.5, br", "br"), ("*;q=0, zstd, deflate", "deflate")] {
        let mut client = site.connect();
        client.begin("GET", "/long", &[&format!("accept-encoding: {accepted}")], b"");
        assert_eq!(client.finish_chunked().0.header("content-encoding"), Some(given));
    }
    let nothing_there = site.send("GET", "/long", &["accept-encoding: zstd, identity;q=0"], b"");
    assert_eq!((nothing_there.status, nothing_there.header("content-encoding")), (200, None));
    assert_eq!(site.send("GET", "/picture", &gzip, b"").header("content-encoding"), None);
    let packed = site.send("GET", "/packed", &gzip, b"");
    assert_eq!(packed.header("content-encoding"), Some("zstd"));
    for answer in [site.get("/long"), site.send("GET", "/short", &gzip, b"")] {
        assert_eq!(answer.header("content-encoding"), None, "{answer:?}");
        assert!(answer.json().as_str().unwrap().starts_with("forge"));
    }
    let plain = Site::new(&program.replace("@server()", "@server(compress: false)"));
    assert_eq!(plain.send("GET", "/long", &gzip, b"").header("content-encoding"), None);
}

#[test]
fn a_server_tells_how_it_is() {
    let site = Site::new(
        r#"
        @server(health: "/healthz", metrics: "/metrics", max_inflight: 1)
        @get("/hold") fn holder() { say "held"
            wait 60 seconds }
        @get("/users/:id") fn user(id) { return id }
        "#,
    );
    let mut holder = site.connect();
    holder.begin("GET", "/hold", &[], b"");
    site.hears("held");
    assert_eq!(site.get("/users/1").error().0, 503);
    let health = site.get("/healthz").json();
    assert_eq!((&health["status"], &health["inflight"]), (&json!("ok"), &json!(1)));
    assert!(health["uptime_s"].is_u64());
    let metrics = site.get("/metrics");
    assert!(metrics.header("content-type").is_some_and(|kind| kind.starts_with("text/plain")));
    for line in [
        "forge_requests_total{method=\"GET\",route=\"/users/:id\",status=\"503\"} 1",
        "forge_in_flight 1",
        "# TYPE forge_cells gauge",
        "forge_request_seconds_count{route=\"/users/:id\"} 1",
    ] {
        assert!(metrics.body.lines().any(|found| found == line), "{line}: {}", metrics.body);
    }
    assert_eq!(site.send("POST", "/healthz", &[], b"").error().0, 404);
}
