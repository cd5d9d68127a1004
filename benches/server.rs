//! Requests over HTTP: Forge against a native handler in the same kind of server, and handlers side by side.
//!
//! The native server is this program again, in a process of its own: actix-web with the same two layers that Forge has,
//! a request id and a tracing span with its completion event.

#[path = "support/clock.rs"]
mod clock;
#[path = "support/table.rs"]
mod table;

use actix_web::App;
use actix_web::HttpServer;
use actix_web::body::MessageBody;
use actix_web::dev::Service;
use actix_web::dev::ServiceRequest;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::HeaderName;
use actix_web::http::header::HeaderValue;
use actix_web::web;
use clock::best;
use clock::rounds;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;
use table::row;
use table::title;
use tracing::Span;
use tracing::info;
use tracing_actix_web::RootSpanBuilder;
use tracing_actix_web::TracingLogger;

/// A server process; killed in the end.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(mut command: Command, log: &str) -> Server {
        command.env("FORGE_LOG", log).env_remove("RUST_LOG").env_remove("FORGE_PORT");
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("it starts");
        let mut log = BufReader::new(process.stderr.take().expect("it is piped"));
        let address = loop {
            let mut line = String::new();
            let read = log.read_line(&mut line).expect("text");
            assert!(read > 0, "it ended before it listened");
            if let Some(address) = line.trim_end().strip_prefix("listening on http://") {
                break address.to_owned();
            }
        };
        // A full pipe would stop it.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Server { process, address }
    }

    fn forge(example: &str, flags: &[&str], log: &str) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_forge"));
        command.args(["serve", "--port", "0"]).args(flags);
        command.arg(format!("{}/examples/{example}.fg", env!("CARGO_MANIFEST_DIR")));
        Server::start(command, log)
    }

    fn native(log: &str) -> Server {
        let mut command = Command::new(std::env::current_exe().expect("this program has a file"));
        command.env("FORGE_BENCH_ROLE", "native");
        Server::start(command, log)
    }

    /// Requests per second that `wrk` counts; `None` without it.
    fn requests_per_second(&self, path: &str) -> Option<f64> {
        let url = format!("http://{}{path}", self.address);
        let duration = format!("-d{}s", rounds(4, 1));
        let output = Command::new("wrk").args(["-t1", "-c32", &duration, &url]).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        let (_, figure) = text.split_once("Requests/sec:")?;
        figure.split_whitespace().next()?.parse().ok()
    }

    /// A connection that has asked once.
    fn client(&self, path: &str) -> Client {
        let stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_nodelay(true).expect("a socket");
        let request = format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n");
        let mut client = Client { stream: BufReader::new(stream), request };
        client.ask();
        client
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Client {
    stream: BufReader<TcpStream>,
    request: String,
}

impl Client {
    fn ask(&mut self) {
        self.stream.get_mut().write_all(self.request.as_bytes()).expect("it listens");
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).expect("it answers");
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                length = value.trim().parse().expect("a number");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        self.stream.read_exact(&mut vec![0; length]).expect("a body");
    }
}

/// The span of Forge's own logger, for the native server.
struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        tracing::info_span!(
            target: "forge.http",
            "request",
            method = request.method().as_str(),
            uri = %request.uri(),
            version = ?request.version(),
            request_id = %uuid::Uuid::new_v4(),
        )
    }

    fn on_request_end<B: MessageBody>(
        span: Span,
        outcome: &Result<ServiceResponse<B>, actix_web::Error>,
    ) {
        let status = outcome.as_ref().map_or(500, |response| response.status().as_u16());
        span.in_scope(|| {
            info!(target: "forge.http", latency_ms = 0, status, "finished processing request");
        });
    }
}

fn serve_native() {
    forge::serve::init_logs();
    actix_web::rt::System::new().block_on(async {
        let server = HttpServer::new(|| {
            let ping = || async { web::Json(serde_json::json!({ "ok": true })) };
            App::new()
                .route("/ping", web::get().to(ping))
                .wrap(TracingLogger::<RequestSpan>::new())
                .wrap_fn(|request, service| {
                    let answer = service.call(request);
                    async move {
                        let mut answer = answer.await?;
                        let id = uuid::Uuid::new_v4().to_string();
                        let id = HeaderValue::try_from(id).expect("hexadecimal digits");
                        answer.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
                        Ok(answer)
                    }
                })
        });
        let server = server.tcp_nodelay(true).h1_allow_half_closed(false);
        let server = server.bind("127.0.0.1:0").expect("a free port");
        eprintln!("listening on http://{}", server.addrs()[0]);
        server.run().await.expect("it serves");
    });
}

fn pings() {
    title("GET /ping with wrk, 32 connections: requests/s, and Forge against native");
    for (what, log) in [("logging as shipped", "warn,forge=info"), ("logging off", "off")] {
        let native = Server::native(log);
        let forge = Server::forge("bench_server_concurrent", &[], log);
        let mut most = [0.0_f64; 2];
        for _ in 0..rounds(3, 1) {
            for (server, most) in [&native, &forge].into_iter().zip(&mut most) {
                let Some(figure) = server.requests_per_second("/ping") else {
                    println!("wrk is not installed");
                    return;
                };
                *most = most.max(figure);
            }
        }
        row(&format!("{what}: native"), format!("{:.0}/s", most[0]), "");
        row(&format!("{what}: forge"), format!("{:.0}/s", most[1]), "");
        row("  forge / native", format!("{:.2}", most[1] / most[0]), ">= 0.90");
    }
}

/// Wall time of one request on each connection at once.
fn together(clients: &mut [Client]) -> Duration {
    best(rounds(9, 3), || {
        std::thread::scope(|scope| {
            for client in clients.iter_mut() {
                scope.spawn(|| client.ask());
            }
        });
    })
}

fn computations() {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    title(&format!("GET /cpu: {cores} clients at once against one"));
    for example in ["bench_server_concurrent", "bench_server_closure"] {
        let server = Server::forge(example, &[], "off");
        let mut clients: Vec<Client> = (0..cores).map(|_| server.client("/cpu")).collect();
        let one = together(&mut clients[..1]);
        let all = together(&mut clients);
        row(&format!("{example}: one"), format!("{one:.1?}"), "");
        let ratio = all.as_secs_f64() / one.as_secs_f64();
        row("  all / one", format!("{ratio:.2}"), "<= 1.25");
    }
}

/// Kilobytes that the process occupies at most.
fn peak_memory(process: &Child) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn sleepers() {
    let many = rounds(10_000, 1_000);
    title(&format!("{many} requests at once that each wait a second"));
    let file = std::env::temp_dir().join(format!("forge-bench-{}.fg", std::process::id()));
    let program =
        "@get(\"/\") fn rest() { wait 1 seconds\n return 1 }\n@get(\"/now\") fn now() { 1 }";
    std::fs::write(&file, program).expect("a temporary file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_forge"));
    command.args(["serve", "--port", "0", "--max-inflight", "20000"]).arg(&file);
    let server = Server::start(command, "off");
    drop(server.client("/now"));
    let before = peak_memory(&server.process);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("it starts");
    let start = Instant::now();
    let answered = runtime.block_on(async {
        let ask = |address: String| async move {
            use tokio::io::AsyncReadExt;
            use tokio::io::AsyncWriteExt;
            let mut stream = tokio::net::TcpStream::connect(address).await.ok()?;
            let request = b"GET / HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n";
            stream.write_all(request).await.ok()?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.ok()?;
            answer.starts_with("HTTP/1.1 200 ").then_some(())
        };
        let tasks: Vec<_> = (0..many).map(|_| tokio::spawn(ask(server.address.clone()))).collect();
        let mut answered = 0;
        for task in tasks {
            answered += usize::from(matches!(task.await, Ok(Some(()))));
        }
        answered
    });
    let took = start.elapsed();
    row("answered with 200", format!("{answered}"), &format!("{many}"));
    row("all of them took", format!("{took:.1?}"), "< 3 s");
    if let (Some(before), Some(after)) = (before, peak_memory(&server.process)) {
        let each = format!("{:.1} KiB", (after - before) / many as f64);
        row("memory each, connection included", each, "< 32 KiB");
    }
    let _ = std::fs::remove_file(file);
}

/// Ten thousand connections need as many files: more than a shell usually allows.
fn allow_many_files() {
    #[cfg(unix)]
    if std::env::var_os("FORGE_BENCH_ROLE").is_none() {
        use std::os::unix::process::CommandExt;
        let program = std::env::current_exe().expect("this program has a file");
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -n 30000 2>/dev/null; exec \"$0\" \"$@\""]);
        command.arg(program).args(std::env::args().skip(1)).env("FORGE_BENCH_ROLE", "client");
        let error = command.exec();
        eprintln!("could not start again with more files: {error}");
    }
}

fn main() {
    if std::env::var("FORGE_BENCH_ROLE").is_ok_and(|role| role == "native") {
        return serve_native();
    }
    allow_many_files();
    pings();
    computations();
    sleepers();
}
