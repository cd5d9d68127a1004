//! A program that changes while it is served: nothing fails, nothing is torn, and what is broken changes nothing.

use crate::process::Running;
use crate::process::Source;
use crate::site::Answer;
use crate::site::Client;
use crate::site::PATIENCE;
use crate::site::Site;
use crate::web_sockets::Socket;
use forge::serve::Connections;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Instant;

/// Says of which version each part of it is, from a global, a closure and the code.
fn version(n: u64) -> String {
    format!(
        r#"
        @server()
        let version = {n}
        fn make() {{ let mut kept = {n}
            return fn() {{ kept += 0
                return kept }} }}
        let kept = make()
        @get("/") fn root() {{ return [version, kept(), {n}] }}
        @get("/waits") fn waits() {{ wait 0.002 seconds
            return [version, kept(), {n}] }}
        "#
    )
}

#[test]
fn two_hundred_reloads_under_load_fail_no_request() {
    let site = Site::new(&version(0));
    let (is_over, asked, latest) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for path in ["/", "/", "/waits", "/waits"] {
            let (address, is_over, asked, latest) = (site.address, &is_over, &asked, &latest);
            scope.spawn(move || {
                let mut client = Client::new(address);
                while !is_over.load(SeqCst) {
                    let before = latest.load(SeqCst);
                    let answer = client.get(path);
                    assert_eq!(answer.status, 200, "{answer:?}");
                    let found = answer.json();
                    let n = found[0].as_u64().unwrap();
                    assert_eq!(found, json!([n, n, n]));
                    assert!(n >= before, "{n} was served after {before}");
                    asked.fetch_add(1, SeqCst);
                }
            });
        }
        for n in 1..=200 {
            site.replace(&version(n), Connections::Stay);
            latest.store(n, SeqCst);
        }
        let start = Instant::now();
        while asked.load(SeqCst) < 200 {
            assert!(start.elapsed() < PATIENCE, "nobody answers");
            std::thread::yield_now();
        }
        is_over.store(true, SeqCst);
    });
    assert_eq!(site.get("/").json(), json!([200, 200, 200]));
}

const OLD: &str = r#"
    @server()
    let go = channel()
    schedule every 1 ms { say "old tick" }
    spawn { receive(channel()) }
    @get("/hold") fn holds() { say "held"
        return receive(go) }
    @ws("/talk") fn talk(m) { send(go, "old " + m)
        return "old" }
"#;
const NEW: &str = r#"
    @server()
    schedule every 1 ms { say "new tick" }
    @get("/hold") fn holds() { return "new" }
    @ws("/talk") fn talk(m) { return "new" }
"#;

#[test]
fn what_is_under_way_ends_where_it_began() {
    let site = Site::new(OLD);
    site.hears("old tick");
    let mut waiting = site.connect();
    waiting.begin("GET", "/hold", &[], b"");
    site.hears("held");
    let mut socket = site.socket("/talk");
    site.replace(NEW, Connections::Stay);
    assert_eq!(site.get("/hold").json(), json!("new"));
    assert_eq!(site.socket("/talk").ask("x"), "new");
    site.hears("new tick");
    site.says_no_more();
    site.hears("new tick");
    let late = site.says_no_more();
    assert!(!late.iter().any(|text| text == "old tick"), "{late:?}");
    assert_eq!(socket.ask("message"), "old");
    assert_eq!(waiting.finish("GET").json(), json!("old message"));
    site.replace(OLD, Connections::End);
    assert_eq!(socket.ask("x"), "old", "it is of the program before the last one");
}

#[test]
fn connections_are_told_to_come_again() {
    let site = Site::new(OLD);
    let mut socket = site.socket("/talk");
    assert_eq!(socket.ask("x"), "old");
    site.replace(NEW, Connections::End);
    assert_eq!(socket.close(), (1012, "server reloading".to_owned()));
}

/// A served file that changes.
struct Changing {
    folder: tempfile::TempDir,
    running: Running,
    address: SocketAddr,
}

impl Changing {
    fn new(flags: &[&str], files: &[(&str, &str)]) -> Changing {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let source = Source::at(folder.path().join("main.fg"), files[0].1);
        let flags = [&["--port", "0"], flags].concat();
        let running = Running::from("serve", source, &flags, &[]);
        let address = running.address();
        Changing { folder, running, address }
    }

    /// As editors do it: another file takes the place of the old one.
    fn write(&self, name: &str, text: &str) {
        let aside = self.folder.path().join(format!(".{name}.swp"));
        std::fs::write(&aside, text).unwrap();
        std::fs::rename(aside, self.folder.path().join(name)).unwrap();
    }

    fn get(&self, path: &str) -> Answer {
        Client::new(self.address).get(path)
    }
}

const COUNTING: &str = r#"
    @server()
    import { name } from "module"
    shared { let mut hits = 0
        let mut made = fn() { "first" } }
    say "runs"
    @get("/") fn root() { hits += 1
        return [name(), hits, made()] }
    @ws("/talk") fn talk(m) { hits += 1
        return name() + str(hits) }
"#;
const MODULE: &str = r#"fn name() { "one" }"#;

#[test]
fn a_change_is_served_and_a_broken_one_is_not() {
    let files = [("main.fg", COUNTING), ("module.fg", MODULE)];
    let site = Changing::new(&["--watch"], &files);
    assert_eq!(site.get("/").json(), json!(["one", 1, "first"]));
    let client = Client::new(site.address);
    let mut socket = Socket::open(client, "/talk", &[]);
    assert_eq!(socket.ask("x"), "one2");
    site.write("module.fg", &MODULE.replace("one", "two"));
    site.running.complains("reloaded in ");
    assert_eq!(site.get("/").json(), json!(["two", 1, "first"]));
    assert_eq!(socket.close().0, 1012);
    for (broken, why) in [
        (COUNTING.replace("return [", "return [[["), "expected"),
        (format!("{COUNTING}\nlet x = 1 / 0"), "division by zero"),
        ("say 1".to_owned(), "no route handlers found"),
        (COUNTING.replace("@get(\"/\")", "@get(\"no\")"), "must start with '/'"),
        (COUNTING.replace("module", "absent"), "absent"),
    ] {
        site.write("main.fg", &broken);
        site.running.complains(why);
        assert_eq!(site.get("/").json()[0], json!("two"), "{why}");
    }
    let mark = site.folder.path().join("spins");
    let endless = format!("{COUNTING}\nfs.write(\"{}\", \"\")\nwhile true {{}}", mark.display());
    site.write("main.fg", &endless);
    let start = Instant::now();
    while !mark.exists() {
        assert!(start.elapsed() < PATIENCE, "it does not run");
        std::thread::yield_now();
    }
    assert_eq!(site.get("/").json()[0], json!("two"), "the top level has no end");
    site.write("main.fg", &COUNTING.replace("module", "absent"));
    site.running.complains("absent");
    site.write("absent.fg", &MODULE.replace("one", "three"));
    site.running.complains("reloaded in ");
    assert_eq!(site.get("/").json(), json!(["three", 1, "first"]));
}

#[test]
fn shared_variables_and_connections_outlive_a_hot_reload() {
    let files = [("main.fg", COUNTING), ("module.fg", MODULE)];
    let site = Changing::new(&["--hot"], &files);
    assert_eq!(site.get("/").json(), json!(["one", 1, "first"]));
    let mut socket = Socket::open(Client::new(site.address), "/talk", &[]);
    assert_eq!(socket.ask("x"), "one2");
    let next =
        COUNTING.replace("let mut hits = 0", "let mut hits = 1 / 0").replace("first", "second");
    site.write("module.fg", &MODULE.replace("one", "two"));
    site.running.complains("reloaded in ");
    site.write("main.fg", &next);
    site.running.complains("reloaded in ");
    assert_eq!(site.get("/").json(), json!(["two", 3, "second"]));
    assert_eq!(socket.ask("x"), "one4", "its own code, and the one storage");
    assert_eq!(site.get("/").json(), json!(["two", 5, "second"]));
    site.write("main.fg", &next.replace("hits", "others"));
    site.running.complains("division by zero");
    site.write("main.fg", &COUNTING.replace("hits", "others"));
    site.running.complains("reloaded in ");
    assert_eq!(site.get("/").json(), json!(["two", 1, "first"]), "others are new");
    assert_eq!(socket.ask("x"), "one6");
}

#[test]
fn a_folder_that_no_import_names_is_watched_when_that_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let extra = folder.path().join("extra");
    std::fs::create_dir(&extra).unwrap();
    let files = [("main.fg", COUNTING), ("module.fg", MODULE)];
    let site = Changing::new(&["--watch-path", extra.to_str().unwrap()], &files);
    std::fs::write(extra.join("page.html"), "new").unwrap();
    site.running.complains("reloaded in ");
}

#[test]
fn a_hangup_asks_for_a_reload_or_is_ignored() {
    let files = [("main.fg", COUNTING), ("module.fg", MODULE)];
    let site = Changing::new(&["--hot"], &files);
    site.running.signal("-HUP");
    site.running.complains("reloaded in ");
    assert_eq!(site.get("/").json(), json!(["one", 1, "first"]));
    let site = Changing::new(&[], &files);
    site.running.signal("-HUP");
    assert_eq!(site.get("/").json(), json!(["one", 1, "first"]));
}

#[test]
fn a_function_of_another_program_is_not_taken_for_ones_own() {
    let program = |name: &str| {
        format!(
            r#"
            @server()
            shared {{ let mut kept = null }}
            fn {name}() {{ return "{name}" }}
            @get("/keep") fn keep() {{ kept = {name} }}
            @get("/call") fn call() {{ try {{ return kept() }} catch e {{ return e.message }} }}
            @ws("/talk") fn talk(m) {{ if m == "keep" {{ keep() }}
                return str(call()) }}
            "#
        )
    };
    let site = Changing::new(&["--hot"], &[("main.fg", &program("old"))]);
    let mut socket = Socket::open(Client::new(site.address), "/talk", &[]);
    site.write("main.fg", &program("new"));
    site.running.complains("reloaded in ");
    assert_eq!(socket.ask("keep"), "old");
    let text = "cannot call a function of a program that was replaced";
    assert_eq!(site.get("/call").json(), json!(text));
    site.get("/keep");
    assert_eq!(site.get("/call").json(), json!("new"));
    assert_eq!(socket.ask("x"), "cannot call a function that was defined after this task began");
}
