//! Databases and other servers behind handlers: transactions end with their request, nothing is lost under load, the id
//! of a request is passed on.

use crate::site::Site;
use crate::web_sockets::Socket;
use serde_json::json;

/// A program that opens a database in a folder of its own.
fn program(folder: &tempfile::TempDir, rest: &str) -> String {
    let path = folder.path().join("test.db");
    format!(
        "@server()\ndb.open(\"{}\")\ndb.execute(\"CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)\")\n\
         db.execute(\"INSERT INTO t VALUES (1, 0)\")\n{rest}",
        path.display()
    )
}

#[test]
fn nothing_is_lost_and_nobody_meets_a_lock() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::new(&program(
        &folder,
        r#"
        @get("/read") fn reads() { return db.query("SELECT n FROM t WHERE id = ?", [1])[0].n }
        @get("/write") fn writes() {
            db.begin()
            let n = db.query("SELECT n FROM t WHERE id = 1")[0].n
            db.execute("UPDATE t SET n = ? WHERE id = 1", [n + 1])
            db.commit()
            return n
        }
        "#,
    ));
    let rounds = if std::env::var_os("CI").is_some() { 200 } else { 10 };
    std::thread::scope(|scope| {
        for client in 0..100 {
            let path = if client % 2 == 0 { "/read" } else { "/write" };
            let mut client = site.connect();
            scope.spawn(move || {
                for _ in 0..rounds {
                    let answer = client.get(path);
                    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
                }
            });
        }
    });
    assert_eq!(site.get("/read").json(), json!(50 * rounds));
}

#[test]
fn a_transaction_ends_with_its_request() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::new(&program(
        &folder,
        r#"
        fn begins() {
            db.begin()
            db.execute("UPDATE t SET n = n + 1")
        }
        @get("/n") fn shows() { return db.query("SELECT n FROM t")[0].n }
        @get("/ends") fn ends() { begins() }
        @get("/fails") fn fails() { begins()
            return 1 / 0 }
        @get("/stays") fn stays() { begins()
            say "begun"
            wait 60 seconds }
        @get("/works") fn works() { begins()
            say "begun"
            db.query("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c") }
        @get("/commits") fn commits() { begins()
            db.commit() }
        @get("/other") fn opens() { db.open(":memory:")
            return db.query("SELECT 5 AS n")[0].n }
        "#,
    ));
    assert_eq!(site.get("/ends").status, 200);
    assert_eq!(site.get("/n").json(), json!(0));
    assert_eq!(site.get("/fails").status, 500);
    assert_eq!(site.get("/n").json(), json!(0));
    for path in ["/stays", "/works"] {
        let mut client = site.connect();
        client.begin("GET", path, &[], b"");
        site.hears("begun");
        assert_eq!(site.get("/n").json(), json!(0), "readers do not wait for {path}");
        drop(client);
        site.becomes_idle();
    }
    let committed = site.get("/commits");
    assert_eq!(committed.status, 200, "{}", committed.body);
    assert_eq!(site.get("/n").json(), json!(1));
    assert_eq!(site.get("/other").json(), json!(5));
    assert_eq!(site.get("/n").json(), json!(1), "what a request opens is its own");
}

// T-I19
#[test]
fn a_database_is_the_programs_or_the_requests() {
    let folder = tempfile::tempdir().unwrap();
    let shared = "@get(\"/n\") fn shows() { return db.query(\"SELECT n FROM t\")[0].n }";
    let site = Site::new(&program(&folder, shared));
    assert_eq!(site.get("/n").json(), json!(0), "opened at top level");
    let site = Site::new(
        r#"
        @server()
        fn five() { return db.query("SELECT 5 AS n")[0].n }
        @get("/open") fn opens() { db.open(":memory:")
            return five() }
        @get("/query") fn asks() { return five() }
        "#,
    );
    let mut client = site.connect();
    for _ in 0..3 {
        assert_eq!(client.get("/open").json(), json!(5));
        let none = "no database connection open (call db.open() first)";
        assert_eq!(client.get("/query").error(), (500, none.to_owned()));
    }
}

#[test]
fn the_id_of_a_request_is_passed_on() {
    let other = Site::new(
        r#"
        @server()
        @get("/") fn root(request) { return request.headers }
        "#,
    );
    let site = Site::new(&format!(
        r#"
        @server()
        env.set("FORGE_HTTP_ALLOW_PRIVATE", "1")
        let url = "http://{}/"
        fn passed(headers) {{ return [headers["x-request-id"], headers["traceparent"]] }}
        @get("/") fn root() {{
            let own = passed(fetch(url).json)
            let of_task = await spawn {{ passed(http.get(url).json) }}
            let set = http.get(url, {{ headers: {{ "X-Request-Id": "mine" }} }}).json["x-request-id"]
            return [own, of_task, set]
        }}
        @get("/task") fn in_task() {{ return await spawn {{ passed(http.get(url).json) }} }}
        @ws("/talk") fn talk(text) {{ return [text, fetch(url).json["x-request-id"]] }}
        "#,
        other.address
    ));
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let headers = ["x-request-id: abc", &format!("traceparent: {trace}")];
    let answer = site.send("GET", "/", &headers, b"");
    assert_eq!(answer.json(), json!([["abc", trace], ["abc", trace], "mine"]));
    let answer = site.send("GET", "/task", &headers, b"");
    assert_eq!(answer.json(), json!(["abc", trace]), "the first thing that it does");
    let mut socket = Socket::open(site.connect(), "/talk", &["x-request-id: of-talk"]);
    assert_eq!(socket.ask("hi"), "[\"hi\",\"of-talk\"]");
}

#[test]
fn a_transaction_of_the_top_level_ends_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::new(&program(
        &folder,
        r#"
        db.begin()
        db.execute("UPDATE t SET n = 5")
        @get("/") fn root() {
            db.execute("UPDATE t SET n = n + 1")
            return db.query("SELECT n FROM t")[0].n
        }
        "#,
    ));
    assert_eq!(site.get("/").json(), json!(1));
}
