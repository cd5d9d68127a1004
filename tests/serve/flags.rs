//! The flags of `forge serve`, those that other files have no tests for: each does what the decorator's value of its name
//! does, which is tested elsewhere, and comes before it.

use crate::process::Running;
use crate::process::Source;
use crate::process::forge;
use crate::site::Client;
use crate::site::PATIENCE;
use serde_json::json;
use std::io::BufRead;
use std::io::BufReader;

const PROGRAM: &str = r#"
@server(errors: "shown", health: "/decorated", body_bytes: 1000, cors: "restrictive", max_inflight: 9)
@get("/") fn root() { say "root"
    return "here" }
@get("/stuck") fn stuck() { say "stuck"
    wait 60 seconds }
@get("/fail") fn fail() { return 1 / 0 }
@get("/long") fn long() { return range(0, 3000) }
@post("/body") fn take(body) { return "taken" }
"#;

fn served(flags: &[&str]) -> Running {
    Running::of(PROGRAM, &[&["--port=0"], flags].concat(), &[])
}

/// Who talks to a server with these flags; it is up as long as the first of the two.
fn client(flags: &[&str]) -> (Running, Client) {
    let server = served(flags);
    let client = Client::new(server.address());
    (server, client)
}

#[test]
fn what_is_answered_is_as_the_flags_say() {
    let (_server, mut client) = client(&[
        "--workers",
        "1",
        "--cors",
        "https://a.example",
        "--health",
        "/up",
        "--metrics",
        "/counts",
        "--body-limit",
        "4",
        "--errors",
        "hidden",
        "--no-compress",
    ]);
    let allowed = client.send("GET", "/", &["origin: https://a.example"], b"");
    assert_eq!(allowed.header("access-control-allow-origin"), Some("https://a.example"));
    assert_eq!(client.get("/up").json()["status"], "ok");
    assert_eq!(client.get("/decorated").status, 404);
    assert!(client.get("/counts").body.contains("# TYPE "));
    let json = ["content-type: application/json"];
    assert_eq!(client.send("POST", "/body", &json, b"\"ok\"").status, 200);
    assert_eq!(client.get("/fail").error(), (500, "internal server error".to_owned()));
    assert_eq!(
        client.send("GET", "/long", &["accept-encoding: gzip"], b"").header("content-encoding"),
        None
    );
    assert_eq!(client.send("POST", "/body", &json, b"\"long\"").status, 413);
}

#[test]
fn a_developer_sees_where_it_failed() {
    let (_server, mut client) = client(&["--dev"]);
    let answer = client.get("/fail").json();
    assert!(answer["error"].as_str().is_some_and(|it| it.starts_with("division by zero")));
    assert!(answer["at"].as_str().is_some_and(|at| at.ends_with(":7:34")), "{answer}");
}

#[test]
fn what_takes_too_long_or_comes_too_slowly_is_given_up() {
    let too_slow = (408, "request body too slow".to_owned());
    let (_server, mut quick) = client(&["--timeout", "0.2", "--body-timeout", "0.2"]);
    assert_eq!(quick.get("/stuck").status, 504);
    quick.begin("POST", "/body", &["content-length: 5"], b"");
    assert_eq!(quick.finish("POST").error(), too_slow);
    let (_server, mut slow) = client(&["--body-timeout", "600", "--body-rate", "1000000"]);
    slow.begin("POST", "/body", &["content-length: 5"], b"");
    assert_eq!(slow.finish("POST").error(), too_slow);
}

#[test]
fn one_request_too_many_is_refused_and_one_connection_too_many_waits() {
    let (server, mut first) = client(&["--max-inflight", "1"]);
    first.begin("GET", "/stuck", &[], b"");
    assert_eq!(server.out.recv_timeout(PATIENCE).unwrap(), "stuck");
    let address = first.stream.get_ref().peer_addr().unwrap();
    assert_eq!(Client::new(address).get("/").status, 503);

    let (server, mut first) = client(&["--max-connections", "1", "--workers", "1"]);
    assert_eq!(first.get("/fail").status, 500);
    let mut second = Client::new(first.stream.get_ref().peer_addr().unwrap());
    second.begin("GET", "/", &[], b"");
    assert_eq!(first.get("/fail").status, 500);
    assert!(server.out.try_recv().is_err(), "the second waits for the first to go");
    drop(first);
    assert_eq!(second.finish("GET").json(), json!("here"));
}

#[test]
fn requests_are_logged_unless_that_is_not_wanted() {
    let logged = |flags: &[&str]| {
        let server = served(&[&["--log-format", "json"], flags].concat());
        let port = server.event("Forge server listening")["fields"]["port"].as_u64().unwrap();
        let mut client = Client::new(([127, 0, 0, 1], port as u16).into());
        assert_eq!(client.get("/").status, 200);
        drop(client);
        server.signal("-TERM");
        let (code, lines) = server.end();
        assert_eq!(code, 0);
        lines.iter().for_each(|line| {
            serde_json::from_str::<serde_json::Value>(line)
                .unwrap_or_else(|why| panic!("{why}: {line}"));
        });
        lines.iter().any(|line| line.contains("x-request-id") || line.contains("\"uri\""))
    };
    assert!(logged(&["--access-log"]));
    assert!(logged(&["--no-access-log", "--access-log"]));
    assert!(!logged(&["--no-access-log"]));
}

/// The opener of the system is a script that notes what it is given.
#[cfg(unix)]
#[test]
fn a_browser_is_opened_once_the_server_listens() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let noted = folder.path().join("noted");
    assert!(std::process::Command::new("mkfifo").arg(&noted).status().unwrap().success());
    let opener = folder.path().join(if cfg!(target_os = "macos") { "open" } else { "xdg-open" });
    std::fs::write(&opener, format!("#!/bin/sh\necho \"$1\" > '{}'\n", noted.display())).unwrap();
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o755)).unwrap();
    let source = Source::new(PROGRAM);
    let mut command = forge("serve", &source, &["--port=0", "--open"], &[]);
    let mut process = command.env("PATH", folder.path()).spawn().unwrap();
    let mut page = String::new();
    BufReader::new(std::fs::File::open(&noted).unwrap()).read_line(&mut page).unwrap();
    let address = page.trim().trim_start_matches("http://").trim_end_matches('/').parse();
    assert_eq!(Client::new(address.unwrap()).get("/").json(), json!("here"));
    process.kill().unwrap();
    process.wait().unwrap();
}
