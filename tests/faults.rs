//! Servers that go in the middle, or fall silent: a proxy stands between a program and MariaDB, PostgreSQL or Redis, and
//! cuts a connection at the word `CUT`, or passes nothing on after the word `SILENCE`. The servers are left out, and that
//! is said, where they are not. A file of SQLite stays locked.

#[path = "faults/proxy.rs"]
mod proxy;

use proxy::Proxy;
use std::process::Command;

/// Runs a program whose `PORT` is that of a proxy before `server`, and compares what it prints.
fn check(server: u16, program: &str, expected: &[&str]) {
    let Some(proxy) = Proxy::before(server) else {
        assert!(std::env::var_os("CI").is_none(), "nothing listens at port {server}");
        println!("left out: nothing listens at port {server}");
        return;
    };
    run(program, &[("PORT", &proxy.port.to_string())], expected);
}

/// Runs a program with some variables, and compares what it prints.
fn run(program: &str, variables: &[(&str, &str)], expected: &[&str]) {
    let file = tempfile::Builder::new().suffix(".fg").tempfile().unwrap();
    let why = "fn why(f) { try { f() } catch e { return e.message } }\n";
    std::fs::write(&file, format!("{why}{program}")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_forge"));
    command.arg("run").arg(file.path()).envs(variables.iter().copied());
    let ended = command.output().unwrap();
    let printed = String::from_utf8(ended.stdout).unwrap();
    let complaints = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected, "{complaints}");
}

#[test]
fn mysql_goes_in_the_middle() {
    check(
        3306,
        r#"
        let c = mysql.connect("127.0.0.1", "root", "", "mysql", int(env.get("PORT")))
        say why(fn() { mysql.query(c, "SELECT 'CUT'") }) |> starts_with("mysql.query() error: ")
        say mysql.query(c, "SELECT 1 AS a")
        let tx = mysql.begin(c)
        say why(fn() { mysql.execute(tx, "DO 'CUT'") }) |> starts_with("mysql.execute() error: ")
        say why(fn() { mysql.commit(tx) }) |> starts_with("mysql.commit() error: ")
        say mysql.query(c, "SELECT 2 AS a")
        say why(fn() { timeout 0.3 seconds { mysql.query(c, "SELECT 'SILENCE'") } })
        say mysql.query(c, "SELECT 3 AS a")
        "#,
        &[
            "true",
            "[{ \"a\": 1 }]",
            "true",
            "true",
            "[{ \"a\": 2 }]",
            "timeout: operation exceeded 0.3 second limit",
            "[{ \"a\": 3 }]",
        ],
    );
}

#[test]
fn postgres_goes_in_the_middle() {
    check(
        5432,
        r#"
        pg.connect("host=127.0.0.1 user=postgres dbname=postgres port=" + env.get("PORT"), "disable")
        say why(fn() { pg.query("SELECT 'CUT'") }) |> starts_with("pg.query error: ")
        say pg.query("SELECT 1 AS a")
        pg.begin()
        say why(fn() { pg.execute("SELECT 'CUT'") }) |> starts_with("pg.execute error: ")
        say why(fn() { pg.commit() }) |> starts_with("pg.commit error: ")
        say pg.query("SELECT 2 AS a")
        say why(fn() { timeout 0.3 seconds { pg.query("SELECT 'SILENCE'") } })
        say pg.query("SELECT 3 AS a")
        "#,
        &[
            "true",
            "[{ \"a\": 1 }]",
            "true",
            "true",
            "[{ \"a\": 2 }]",
            "timeout: operation exceeded 0.3 second limit",
            "[{ \"a\": 3 }]",
        ],
    );
}

#[test]
fn redis_goes_in_the_middle() {
    check(
        6379,
        r#"
        redis.connect("redis://127.0.0.1:" + env.get("PORT"))
        redis.set("forge_faults", "1")
        say why(fn() { redis.set("forge_faults", "CUT") }) |> starts_with("redis.set error: ")
        let mut found = null
        retry 5 times { found = redis.get("forge_faults") }
        say found
        let messages = redis.subscribe("forge_faults")
        redis.publish("forge_faults", "first")
        say receive(messages).message
        say why(fn() { timeout 0.3 seconds { redis.set("forge_faults", "SILENCE") } })
        "#,
        &["true", "1", "first", "timeout: operation exceeded 0.3 second limit"],
    );
}

#[test]
fn a_file_stays_locked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    // As another process would.
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (n); BEGIN IMMEDIATE; INSERT INTO t VALUES (1)").unwrap();
    run(
        r#"
        db.open(env.get("FILE"))
        say db.query("SELECT n FROM t")
        say why(fn() { timeout 0.2 seconds { db.execute("INSERT INTO t VALUES (2)") } })
        say why(fn() { db.execute("INSERT INTO t VALUES (3)") })
        say db.query("SELECT n FROM t")
        "#,
        &[("FILE", file.to_str().unwrap())],
        &[
            "[]",
            "timeout: operation exceeded 0.2 second limit",
            "db.execute error: database is locked",
            "[]",
        ],
    );
    other.execute_batch("COMMIT").unwrap();
}

#[test]
fn a_transaction_of_another_task_does_not_end() {
    let folder = tempfile::tempdir().unwrap();
    run(
        r#"
        db.open(env.get("FILE"))
        db.execute("CREATE TABLE t (n)")
        let ready = channel()
        let release = channel()
        let holder = spawn {
          db.begin()
          db.execute("INSERT INTO t VALUES (1)")
          send(ready, 1)
          receive(release)
          db.rollback()
        }
        receive(ready)
        say why(fn() { db.execute("INSERT INTO t VALUES (2)") })
        send(release, 1)
        await holder
        db.execute("INSERT INTO t VALUES (3)")
        say db.query("SELECT n FROM t")
        "#,
        &[("FILE", folder.path().join("test.db").to_str().unwrap())],
        &["db.execute error: database is locked", "[{ \"n\": 3 }]"],
    );
}
