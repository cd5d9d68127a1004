//! The shipped binary: what it prints, what it logs, how it ends.

use crate::site::Client;
use crate::site::PATIENCE;
use serde_json::Value;
use std::io::BufRead;
use std::io::BufReader;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc;

const PROGRAM: &str = r#"
say "top"
@server(port: 1)
@get("/hello") fn hello() { say "in hello"
    return "hi" }
@get("/slow") fn slow() { say "slow"
    wait 0.5 seconds
    return "done" }
@get("/stuck") fn stuck() { say "stuck"
    wait 60 seconds }
@get("/fail") fn fail() { return 1 / 0 }
"#;

/// A file with a program; removed in the end.
pub(crate) struct Source(PathBuf);

impl Source {
    pub(crate) fn new(program: &str) -> Source {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("forge-serve-{}-{}.fg", std::process::id(), NEXT.fetch_add(1, Relaxed));
        let path = std::env::temp_dir().join(name);
        Source::at(path, program)
    }

    /// The same in a place of the caller's choice.
    pub(crate) fn at(path: PathBuf, program: &str) -> Source {
        std::fs::write(&path, program).unwrap();
        Source(path)
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The binary, knowing nothing of this process's environment but `env`.
pub(crate) fn forge(
    command: &str,
    source: &Source,
    flags: &[&str],
    env: &[(&str, &str)],
) -> Command {
    let mut forge = Command::new(env!("CARGO_BIN_EXE_forge"));
    for name in ["FORGE_LOG", "FORGE_LOG_FORMAT", "RUST_LOG", "FORGE_PORT", "FORGE_HOST", "PORT"] {
        forge.env_remove(name);
    }
    forge.arg(command).args(flags).arg(&source.0).envs(env.iter().copied());
    forge.stdout(Stdio::piped()).stderr(Stdio::piped());
    forge
}

pub(crate) fn ended(
    command: &str,
    program: &str,
    flags: &[&str],
    env: &[(&str, &str)],
) -> (i32, String, String) {
    let Output { status, stdout, stderr } =
        forge(command, &Source::new(program), flags, env).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// A server process; killed in the end.
pub(crate) struct Running {
    process: Child,
    pub(crate) out: mpsc::Receiver<String>,
    pub(crate) err: mpsc::Receiver<String>,
    _source: Source,
}

fn lines(stream: impl std::io::Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    receiver
}

impl Running {
    fn new(flags: &[&str], env: &[(&str, &str)]) -> Running {
        Running::of(PROGRAM, flags, env)
    }

    /// `forge serve` with another program.
    pub(crate) fn of(program: &str, flags: &[&str], env: &[(&str, &str)]) -> Running {
        Running::by("serve", program, flags, env)
    }

    /// Another command with another program.
    pub(crate) fn by(
        command: &str,
        program: &str,
        flags: &[&str],
        env: &[(&str, &str)],
    ) -> Running {
        Running::from(command, Source::new(program), flags, env)
    }

    /// A command with a program that stands where the caller wants it.
    pub(crate) fn from(
        command: &str,
        source: Source,
        flags: &[&str],
        env: &[(&str, &str)],
    ) -> Running {
        let mut process = forge(command, &source, flags, env).spawn().unwrap();
        let out = lines(process.stdout.take().unwrap());
        let err = lines(process.stderr.take().unwrap());
        Running { process, out, err, _source: source }
    }

    /// The address that it says it listens on.
    pub(crate) fn address(&self) -> SocketAddr {
        self.url().strip_prefix("http://").unwrap().parse().unwrap()
    }

    /// Where it says it listens.
    pub(crate) fn url(&self) -> String {
        loop {
            let line = self.err.recv_timeout(PATIENCE).unwrap();
            if let Some(url) = line.strip_prefix("listening on ") {
                return url.to_owned();
            }
        }
    }

    /// Waits for a line of standard error with `text` in it.
    pub(crate) fn complains(&self, text: &str) {
        while !self.err.recv_timeout(PATIENCE).unwrap().contains(text) {}
    }

    /// The next JSON event with that message.
    pub(crate) fn event(&self, message: &str) -> Value {
        loop {
            let line = self.err.recv_timeout(PATIENCE).unwrap();
            let event: Value = serde_json::from_str(&line).unwrap();
            if event["fields"]["message"] == message {
                return event;
            }
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    /// Its exit code and what else it wrote to standard error.
    pub(crate) fn end(mut self) -> (i32, Vec<String>) {
        let code = self.process.wait().unwrap().code().unwrap();
        (code, self.err.iter().collect())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn output_appears_at_once_and_before_the_first_request() {
    let server = Running::new(&["-p", "0"], &[]);
    let address = server.address();
    assert_eq!(server.out.recv_timeout(PATIENCE).unwrap(), "top");
    assert_eq!(Client::new(address).get("/hello").body, "\"hi\"");
    assert_eq!(server.out.recv_timeout(PATIENCE).unwrap(), "in hello");
}

#[cfg(target_os = "linux")]
#[test]
fn who_accepts_connections_gives_way_to_who_answers() {
    let server = Running::new(&["--port=0"], &[]);
    Client::new(server.address()).get("/hello");
    let nice = |thread: &str| -> i32 {
        let threads = std::fs::read_dir(format!("/proc/{}/task", server.process.id())).unwrap();
        let stats = threads.map(|it| std::fs::read_to_string(it.unwrap().path().join("stat")));
        // A number, the name in parentheses, a letter; the nice value is the nineteenth field.
        let all: Vec<String> = stats.map_while(Result::ok).collect();
        let (_, fields) = all.iter().find_map(|it| it.split_once(&format!("({thread}) "))).unwrap();
        fields.split(' ').nth(16).unwrap().parse().unwrap()
    };
    assert!(nice("actix-server ac") >= 10.max(nice("actix-server wo")));
}

#[test]
fn shipped_binary_logs_request_id_by_default() {
    let server = Running::new(&["--port=0"], &[("FORGE_LOG_FORMAT", "json")]);
    let next = || -> Value {
        let line = server.err.recv_timeout(PATIENCE).unwrap();
        assert!(!line.contains('\x1b'), "{line}");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    };
    let listening = next();
    assert_eq!(listening["fields"]["message"], "Forge server listening");
    assert_eq!(listening["target"], "forge.server");
    assert_eq!(
        (&listening["fields"]["routes"], &listening["fields"]["cors"]),
        (&4.into(), &"restrictive".into())
    );
    let port = listening["fields"]["port"].as_u64().unwrap() as u16;
    let mut client = Client::new(SocketAddr::from(([127, 0, 0, 1], port)));
    let long = "z".repeat(100);
    let requests = [
        ("GET", "/hello?a=b", "", 200),
        ("GET", "/hello", "given", 200),
        ("GET", "/hello", long.as_str(), 200),
        ("GET", "/nowhere", "four", 404),
        ("POST", "/hello", "five", 405),
        ("OPTIONS", "/hello", "six", 200),
        ("GET", "/fail", "seven", 500),
    ];
    for (method, uri, id, status) in requests {
        let header = format!("x-request-id: {id}");
        let headers = [header.as_str()];
        let answer = client.send(method, uri, if id.is_empty() { &[] } else { &headers }, b"");
        let echoed = answer.header("x-request-id").unwrap();
        let mut event = next();
        if status == 500 {
            assert_eq!(event["fields"]["message"], "handler failed");
            assert_eq!(event["fields"]["error"], "division by zero");
            let hint = "check that the divisor is not zero before dividing";
            assert_eq!(event["fields"]["hint"], hint);
            assert_eq!(
                (&event["span"]["name"], &event["span"]["handler"]),
                (&"forge.handler".into(), &"fail".into())
            );
            event = next();
        }
        assert_eq!(event["fields"]["message"], "finished processing request", "{event}");
        assert_eq!(event["target"], "forge.http");
        assert_eq!(event["fields"]["status"], status);
        assert!(event["fields"]["latency"].as_str().unwrap().ends_with(" ms"));
        assert!(event["fields"]["latency_ms"].is_u64());
        let span = &event["span"];
        assert_eq!(
            (&span["name"], &span["method"], &span["uri"]),
            (&"request".into(), &method.into(), &uri.into())
        );
        assert_eq!(span["request_id"].as_str().unwrap(), &echoed[..echoed.len().min(64)]);
        assert_eq!(span["version"], "HTTP/1.1");
        if status == 500 {
            let event = next();
            assert_eq!(event["fields"]["message"], "response failed");
            let classification = "Status code: 500 Internal Server Error";
            assert_eq!(event["fields"]["classification"], classification);
        }
    }
    client.send("GET", "/hello", &["x-request-id: caf\u{e9}"], b"");
    let warning = next();
    assert_eq!(warning["fields"]["request_id_len"], 5);
    assert_eq!(warning["level"], "WARN");
    assert_eq!(next()["span"]["request_id"], "unknown");
    client.begin("GET", "/stuck", &["x-request-id: gone"], b"");
    while server.out.recv_timeout(PATIENCE).unwrap() != "stuck" {}
    drop(client);
    let cancelled = next();
    assert_eq!(cancelled["fields"]["message"], "request cancelled by client");
    assert_eq!(
        (&cancelled["target"], &cancelled["span"]["request_id"]),
        (&"forge.server".into(), &"gone".into())
    );
    assert!(cancelled["fields"]["latency_ms"].is_u64());
}

/// T-I7, the lines of handlers.
#[test]
fn what_a_handler_logs_says_whose_line_it_is() {
    let program = r#"
@server(port: 0)
@get("/log") fn tell(a) { log.info("hello") }
"#;
    let server = Running::of(program, &[], &[("FORGE_LOG_FORMAT", "json")]);
    let port = server.event("Forge server listening")["fields"]["port"].as_u64().unwrap();
    let mut client = Client::new(SocketAddr::from(([127, 0, 0, 1], port as u16)));
    client.send("GET", "/log?a=b", &["x-request-id: mine"], b"");
    let event = server.event("hello");
    assert_eq!(event["target"], "forge.user");
    let [outer, inner] = [&event["spans"][0], &event["spans"][1]];
    assert_eq!((&outer["name"], &outer["method"]), (&"request".into(), &"GET".into()));
    assert_eq!((&outer["uri"], &outer["request_id"]), (&"/log?a=b".into(), &"mine".into()));
    assert_eq!((&inner["name"], &inner["handler"]), (&"forge.handler".into(), &"tell".into()));
    assert_eq!(inner["request_id"], "mine");
}

#[test]
fn a_signal_lets_requests_finish_and_a_second_one_does_not() {
    let server = Running::new(&["-p", "0"], &[]);
    let mut client = Client::new(server.address());
    client.begin("GET", "/slow", &[], b"");
    while server.out.recv_timeout(PATIENCE).unwrap() != "slow" {}
    server.signal("-TERM");
    assert_eq!(client.finish("GET").body, "\"done\"");
    let (code, logged) = server.end();
    assert_eq!(code, 0);
    let draining = "shutdown signal received, draining in_flight=1";
    assert!(logged.iter().any(|line| line.contains(draining)), "{logged:?}");

    for (first, second, code) in [("-INT", "-INT", 130), ("-INT", "-TERM", 143)] {
        let server = Running::new(&["-p", "0"], &[]);
        let mut client = Client::new(server.address());
        client.begin("GET", "/stuck", &[], b"");
        while server.out.recv_timeout(PATIENCE).unwrap() != "stuck" {}
        server.signal(first);
        while !server.err.recv_timeout(PATIENCE).unwrap().contains("draining") {}
        server.signal(second);
        assert_eq!(server.end().0, code);
    }
}

#[test]
fn the_grace_period_ends() {
    let server = Running::new(&["-p", "0", "--shutdown-grace", "1"], &[]);
    let mut client = Client::new(server.address());
    client.begin("GET", "/stuck", &[], b"");
    while server.out.recv_timeout(PATIENCE).unwrap() != "stuck" {}
    server.signal("-TERM");
    let (code, logged) = server.end();
    assert_eq!(code, 0);
    let wanted = "WARN forge.server: drain deadline reached remaining=1";
    assert!(logged.iter().any(|line| line.contains(wanted)), "{logged:?}");
}

#[test]
fn flags_come_before_the_environment_and_that_before_the_decorator() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().port().to_string();
    let program = PROGRAM.replace("port: 1", &format!("port: {taken}"));
    let bound = |flags: &[&str], env: &[(&str, &str)]| {
        let source = Source::new(&program);
        let mut process = forge("serve", &source, flags, env).spawn().unwrap();
        let lines = lines(process.stderr.take().unwrap());
        let is_bound = lines.iter().any(|line| line.starts_with("listening on"));
        let _ = process.kill();
        let _ = process.wait();
        is_bound
    };
    let taken_port = taken.as_str();
    assert!(!bound(&[], &[]));
    assert!(bound(&[], &[("PORT", "0")]));
    assert!(!bound(&[], &[("PORT", "0"), ("FORGE_PORT", taken_port)]));
    assert!(bound(&[], &[("PORT", taken_port), ("FORGE_PORT", "0")]));
    assert!(bound(&["-p", "0"], &[("FORGE_PORT", taken_port)]));
    assert!(!bound(&["-p", taken_port], &[("FORGE_PORT", "0")]));
    assert!(bound(&["-p", "0", "--host", "localhost"], &[]));
    assert!(bound(&["-p", "0", "--host", "[::1]"], &[("FORGE_HOST", "no such host")]));
}

#[test]
fn a_server_that_cannot_start_says_why() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, out, err) = ended("serve", PROGRAM, &["-p", &port], &[]);
    assert_eq!((code, out.as_str()), (1, "top\n"));
    assert!(err.contains("bind failed: Address already in use (os error 98)"), "{err}");
    let hint = format!("another program is listening on 127.0.0.1:{port}");
    assert!(err.contains(&hint) && !err.contains("listening on http"), "{err}");

    let none = "no route handlers found. Add @get/@post functions.";
    let (code, out, err) = ended("serve", "say 1", &[], &[]);
    assert!((code, out.as_str()) == (1, "1\n") && err.contains(none), "{err}");
    let (code, _, err) = ended("run", "@server()", &[], &[]);
    assert!(code == 1 && err.contains(&format!("@server defined but {none}")), "{err}");
    let (code, _, err) = ended("serve", "@server()\n@get(\"/\") fn f() { 1 }\nsay 1 / 0", &[], &[]);
    assert!(code == 1 && err.contains("division by zero") && !err.contains("listening"), "{err}");
    let (code, _, err) = ended("serve", PROGRAM, &[], &[("FORGE_PORT", "x")]);
    assert!(code == 1 && err.contains("invalid FORGE_PORT"), "{err}");
    let (code, _, err) = ended("serve", "let x =", &[], &[]);
    assert!(code == 1 && err.contains("error[E0"), "{err}");
}

#[test]
fn run_serves_only_with_a_server() {
    let (code, out, err) = ended("run", "say 1\n@get(\"/\") fn f() { 1 }", &[], &[]);
    assert_eq!((code, out.as_str()), (0, "1\n"));
    let warning = "WARN forge.server: route decorators found but no @server; not serving";
    assert!(err.contains(warning), "{err}");

    let source = Source::new(PROGRAM);
    let mut process = forge("run", &source, &[], &[("FORGE_PORT", "0")]).spawn().unwrap();
    let lines = lines(process.stderr.take().unwrap());
    assert!(lines.iter().any(|line| line.starts_with("listening on http://127.0.0.1:")));
    process.kill().unwrap();
    process.wait().unwrap();
}

#[test]
fn what_a_program_probably_did_not_mean_is_logged() {
    let program = "@server(7, prot: 5)\n@get(\"/a\") fn f() { 1 }\n@get(\"/b\") fn f() { 2 }\n@get(\"/c\")\nlet x = 1";
    let (code, _, err) = ended("serve", program, &["--routes"], &[]);
    assert_eq!(code, 0, "{err}");
    for wanted in [
        "@server takes no positional arguments; this one is ignored",
        "unknown @server option 'prot' is ignored",
        "two handlers are named 'f'; each keeps its routes",
        "route decorator decorates nothing",
    ] {
        assert!(err.contains(wanted), "{wanted}: {err}");
    }
}

#[test]
fn routes_can_be_listed() {
    let (code, out, _) = ended("serve", PROGRAM, &["--routes"], &[]);
    let wanted = "top\n   GET  /hello\n   GET  /slow\n   GET  /stuck\n   GET  /fail\n";
    assert_eq!((code, out.as_str()), (0, wanted));
    let flags = ["--routes", "--message-format", "json"];
    let (_, out, _) = ended("serve", "@get(\"/\") fn f() { 1 }", &flags, &[]);
    let rows: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(rows, serde_json::json!([{ "method": "GET", "pattern": "/", "handler": "f" }]));
    assert_eq!(ended("serve", "", &["--routes"], &[]).0, 1);
}
