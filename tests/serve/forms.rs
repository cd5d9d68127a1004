//! What browsers send and keep: forms, files, cookies.

use crate::site::Answer;
use crate::site::Site;
use serde_json::json;
use std::io::Write;

const PROGRAM: &str = r#"
    @server(body_bytes: 2000, body_seconds: 1)
    @post("/form") fn form(request) { return [request.form, request.files] }
    @delete("/form") fn delete_form(req) { return req.form }
    @get("/form") fn no_form(request) { return [request.form, request.files] }
    @post("/json") fn json_body(body, request) { return [body, request.form] }
    @post("/ignored") fn ignored(q) { return q }
    @post("/save") fn save(request) {
        let file = request.files[0]
        let place = "/tmp/forge-upload-{file.name}"
        fs.write(place, file.data)
        let size = fs.size(place)
        fs.remove(place)
        return respond(200, file.data, { "content-type": file.type, "x-size": size })
    }
    @get("/cookies") fn cookies(request) {
        respond(200, request.cookies, {
            "set-cookie": [cookie("sid", "a b;c", { max_age: 60 }), cookie("old", "", { max_age: 0 })]
        })
    }
    @post("/echo") fn echo(body) { respond(200, body) }
"#;

const PAIRS: &str = "content-type: application/x-www-form-urlencoded";
const PARTS: &str = "content-type: multipart/form-data; boundary=--x-y";

/// A form with files.
fn parts(parts: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (head, kind, content) in parts {
        write!(body, "----x-y\r\ncontent-disposition: form-data; {head}\r\n").unwrap();
        if !kind.is_empty() {
            write!(body, "content-type: {kind}\r\n").unwrap();
        }
        body.extend_from_slice(b"\r\n");
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"----x-y--\r\n");
    body
}

#[test]
fn fields_of_forms_are_in_the_request() {
    let site = Site::new(PROGRAM);
    let form = site.send("POST", "/form", &[PAIRS], b"b=1&a=x+y%C3%A9&b=2&c").json();
    assert_eq!(form.to_string(), r#"[{"b":"2","a":"x yé","c":""},[]]"#);
    let kind = "content-type: application/x-www-form-urlencoded; charset=utf-8";
    assert_eq!(site.send("DELETE", "/form", &[kind], b"a=1").json(), json!({ "a": "1" }));
    assert_eq!(site.send("POST", "/form", &[], b"").json(), json!([{}, []]));
    assert_eq!(
        site.send("POST", "/form", &["content-type: text/plain"], b"a=1").json(),
        json!([{}, []])
    );
    assert_eq!(site.get("/form").json(), json!([{}, []]));
    let text = "Expected request with `Content-Type: application/json`";
    assert_eq!(site.send("POST", "/json", &[PAIRS], b"a=1").error(), (415, text.to_owned()));
    let kind = ["content-type: application/json"];
    assert_eq!(site.send("POST", "/json", &kind, b"[1]").json(), json!([[1], {}]));
    assert_eq!(site.send("POST", "/form?request=mine", &[PAIRS], b"a=1").status, 500);
}

#[test]
fn files_come_with_their_forms() {
    let site = Site::new(PROGRAM);
    let body = parts(&[
        ("name=\"title\"", "", "Übung".as_bytes()),
        ("name=\"up\"; filename=\"../dir\\\\a b.txt\"", "text/plain", b"one\r\n--two"),
        ("name=\"up\"; filename=\"x.png\"", "image/png", b"\x89PNG\0"),
        ("name=\"none\"; filename=\"\"", "application/octet-stream", b""),
        ("name=\"empty\"; filename=\"e\"", "", b""),
    ]);
    let wanted = json!([{ "title": "Übung" }, [
        { "field": "up", "name": "a b.txt", "type": "text/plain", "size": 10, "data": "one\r\n--two" },
        { "field": "up", "name": "x.png", "type": "image/png", "size": 5,
          "data": { "type": "binary", "data": "89504e4700", "size": 5 } },
        { "field": "empty", "name": "e", "type": "application/octet-stream", "size": 0, "data": "" },
    ]]);
    assert_eq!(site.send("POST", "/form", &[PARTS], &body).json(), wanted);
    assert_eq!(site.send("POST", "/ignored?q=1", &[PARTS], &body).json(), json!("1"));
}

#[test]
fn uploads_are_saved_and_sent_as_the_bytes_that_they_are() {
    let site = Site::new(PROGRAM);
    let name = format!("name=\"f\"; filename=\"{}.bin\"", std::process::id());
    let body = parts(&[(name.as_str(), "image/gif", b"\x01\xff\r\n\x02")]);
    let mut client = site.connect();
    client.begin("POST", "/save", &[PARTS], &body);
    let head = client.head();
    assert_eq!(head.header("content-type"), Some("image/gif"));
    assert_eq!((head.header("x-size"), head.header("content-length")), (Some("5"), Some("5")));
    let mut bytes = [0; 5];
    std::io::Read::read_exact(&mut client.stream, &mut bytes).unwrap();
    assert_eq!(&bytes, b"\x01\xff\r\n\x02");
    let binary = json!({ "type": "binary", "data": "00", "size": 1 });
    let kind = ["content-type: application/json"];
    let echoed = site.send("POST", "/echo", &kind, binary.to_string().as_bytes());
    assert_eq!(echoed.json(), binary, "JSON stays JSON");
}

#[test]
fn forms_have_the_limits_of_bodies() {
    let site = Site::new(PROGRAM);
    let too_large = |answer: Answer| {
        let text = "Failed to buffer the request body: length limit exceeded";
        assert_eq!(answer.error(), (413, text.to_owned()));
    };
    let long = vec![b'x'; 2000];
    let body = parts(&[("name=\"a\"", "", &long)]);
    too_large(site.send("POST", "/form", &[PARTS], &body));
    too_large(site.send("POST", "/form", &[PAIRS], &body));
    // Without a length nobody knows before.
    let mut client = site.connect();
    let head =
        format!("POST /form HTTP/1.1\r\nhost: t\r\n{PARTS}\r\ntransfer-encoding: chunked\r\n\r\n");
    client.stream.get_mut().write_all(head.as_bytes()).unwrap();
    for piece in body.chunks(500) {
        let chunk = [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
        let _ = client.stream.get_mut().write_all(&chunk);
    }
    too_large(client.finish("POST"));
    let mut client = site.connect();
    let head =
        format!("POST /form HTTP/1.1\r\nhost: t\r\n{PARTS}\r\ncontent-length: 99\r\n\r\n----x");
    client.stream.get_mut().write_all(head.as_bytes()).unwrap();
    assert_eq!(client.finish("POST").error(), (408, "request body too slow".to_owned()));
}

#[test]
fn what_is_no_form_is_refused() {
    let site = Site::new(PROGRAM);
    let refused = |headers: &[&str], body: &[u8]| {
        let (status, text) = site.send("POST", "/form", headers, body).error();
        assert!(status == 400 && text.starts_with("Failed to parse the request body as a form: "));
    };
    refused(&[PARTS], b"----x-y\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\nunfinished");
    refused(&[PARTS], b"----x-y\r\n\r\nnameless\r\n----x-y--\r\n");
    refused(&[PARTS], b"nothing of the kind");
    refused(&["content-type: multipart/form-data"], b"x");
}

#[test]
fn cookies_come_and_go() {
    let site = Site::new(PROGRAM);
    let headers = ["cookie: a=1; b=\"x y\"; a=2", "cookie: c=%C3%A9; d=%zz; e=%ff"];
    let answer = site.send("GET", "/cookies", &headers, b"");
    let wanted = json!({ "a": "1", "b": "x y", "c": "é", "d": "%zz", "e": "%ff" });
    assert_eq!(answer.json(), wanted);
    let set: Vec<_> = answer.headers.iter().filter(|(name, _)| name == "set-cookie").collect();
    assert_eq!(set[0].1, "sid=a%20b%3Bc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
    assert_eq!(set[1].1, "old=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
}

/// A file that is kept leaves less memory for the rest.
#[test]
fn uploads_are_on_the_account_of_their_request() {
    let site = Site::new(
        r#"
        @server(memory_bytes: 4194304, body_bytes: 8000000)
        @post("/keep") fn keeps(request) {
            let file = request.files[0]
            let more = repeat_str("x", int(request.query.more))
            return [file.size, len(file.data) + len(more)]
        }
        @post("/field") fn field(request) {
            let more = repeat_str("x", int(request.query.more))
            return [len(request.form.f), len(more)]
        }
        "#,
    );
    let head = "name=\"f\"; filename=\"a.txt\"";
    let send = |path: &str, body: &[u8]| {
        let answer = site.send("POST", path, &[PARTS], body);
        if answer.status == 200 { answer.body } else { answer.error().1 }
    };
    let file = parts(&[(head, "text/plain", &vec![b'a'; 3_000_000])]);
    assert_eq!(send("/keep?more=700000", &file), "[3000000,3700000]");
    let too_much = "memory limit exceeded (4 MiB)";
    assert!(send("/keep?more=1500000", &file).starts_with(too_much));
    let file = parts(&[(head, "text/plain", &vec![b'a'; 5_000_000])]);
    assert!(send("/keep?more=1", &file).starts_with(too_much));
    let field = parts(&[("name=\"f\"", "", &vec![b'a'; 3_000_000])]);
    assert_eq!(send("/field?more=700000", &field), "[3000000,700000]");
    assert!(send("/field?more=1500000", &field).starts_with(too_much));
}
