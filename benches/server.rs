//! Requests over HTTP: Forge against a native handler in the same kind of server, and many that wait.

#[path = "support/allocator.rs"]
mod allocator;
#[path = "support/load.rs"]
mod load;
#[path = "support/memory.rs"]
mod memory;
#[path = "support/native.rs"]
mod native;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/server.rs"]
mod server;
#[path = "support/table.rs"]
mod table;

use actix_web::web;
use load::best_loads;
use rounds::rounds;
use server::Server;
use std::process::Command;
use std::time::Instant;
use table::row;
use table::title;

impl Server {
    fn forge(example: &str, flags: &[&str], log: &str) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_forge"));
        command.args(["serve", "--port", "0"]).args(flags);
        command.arg(format!("{}/examples/{example}.fg", env!("CARGO_MANIFEST_DIR")));
        Server::start(command, log)
    }
}

fn pings() {
    for (what, log) in [("logging as shipped", "warn,forge=info"), ("logging off", "off")] {
        let native = Server::native(&[], log);
        let forge = Server::forge("bench_server_concurrent", &[], log);
        for connections in [32, 256] {
            title(&format!("GET /ping with wrk, {connections} connections, {what}"));
            let servers = [(&native, "/ping"), (&forge, "/ping")];
            let Some([native, forge]) = best_loads(servers, connections) else {
                println!("wrk is not installed");
                return;
            };
            row("native", format!("{:.0}/s", native.per_second), "");
            row("forge", format!("{:.0}/s", forge.per_second), "");
            row(
                "  forge / native",
                format!("{:.2}", forge.per_second / native.per_second),
                ">= 0.90",
            );
            row("  p99, forge / native", format!("{:.2}", forge.p99 / native.p99), "<= 2");
        }
    }
}

/// A template of a million elements, 20,000 closures and 20,000 bindings.
fn large() -> String {
    let mut text = String::from(
        "let big = range(1000000)\nfn make(n) { let mut k = n\n return fn() { k += 1\n return k } }\n\
         let closures = map(range(20000), make)\n@get(\"/ping\") fn ping() { { ok: true } }\n",
    );
    (0..20_000).for_each(|i| text.push_str(&format!("let b{i} = {i}\n")));
    text
}

fn templates() {
    title("the same with a small template and a large one, 32 connections, logging off");
    let small = Server::program("@get(\"/ping\") fn ping() { { ok: true } }", &[]);
    let large = Server::program(&large(), &[]);
    let Some([small, large]) = best_loads([(&small, "/ping"), (&large, "/ping")], 32) else {
        println!("wrk is not installed");
        return;
    };
    row("small", format!("{:.0}/s", small.per_second), "");
    row("large", format!("{:.0}/s", large.per_second), "");
    row("  large / small", format!("{:.2}", large.per_second / small.per_second), ">= 0.95");
}

fn sleepers() {
    let many = rounds(10_000, 1_000);
    title(&format!("{many} requests at once that each wait a second"));
    let program =
        "@get(\"/\") fn rest() { wait 1 seconds\n return 1 }\n@get(\"/now\") fn now() { 1 }";
    let server = Server::program(program, &["--max-inflight", "20000"]);
    drop(server.client("/now"));
    let before = server.memory("VmHWM");
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
    if let (Some(before), Some(after)) = (before, server.memory("VmHWM")) {
        let each = format!("{:.1} KiB", (after - before) / many as f64);
        row("memory each, connection included", each, "< 32 KiB");
    }
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
    if native::is_wanted() {
        return native::serve(|app| {
            let ping = || async { web::Json(serde_json::json!({ "ok": true })) };
            app.route("/ping", web::get().to(ping));
        });
    }
    allow_many_files();
    pings();
    templates();
    sleepers();
}
