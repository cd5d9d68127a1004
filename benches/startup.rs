//! How long a program of one line takes, from the shell's point of view; and a service, until it has answered once.

#[path = "support/clock.rs"]
mod clock;
#[path = "support/rounds.rs"]
mod rounds;
#[expect(dead_code, reason = "its programs are files already")]
#[path = "support/server.rs"]
mod server;
#[path = "support/table.rs"]
mod table;

use clock::best;
use rounds::rounds;
use server::Server;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;
use table::row;
use table::title;

const FORGE: &str = env!("CARGO_BIN_EXE_forge");

/// A small service.
const SERVICE: &str = r#"
@server(port: 0)
struct Book { id: Int, title: String, price: Float }
let books = [
    Book { id: 1, title: "Emma", price: 9.5 },
    Book { id: 2, title: "Ulysses", price: 19.0 },
]
@get("/books")
fn list(limit: Int = 10) { return books.slice(0, limit) }
@get("/books/:id")
fn show(id: Int) {
    let found = books.find(|book| book.id == id)
    if found == null { return respond(404, { error: "no such book" }) }
    return found
}
"#;

fn main() {
    title("start-up, the shortest of several");
    let commands: [(&str, &[&str]); 4] = [
        (FORGE, &["-e", "say 1"]),
        ("lua5.4", &["-e", "print(1)"]),
        ("python3", &["-c", "print(1)"]),
        ("node", &["-e", "console.log(1)"]),
    ];
    for (i, (program, args)) in commands.into_iter().enumerate() {
        let mut command = Command::new(program);
        command.args(args).stdout(Stdio::null()).stderr(Stdio::null());
        if !command.status().is_ok_and(|status| status.success()) {
            continue;
        }
        let took = best(rounds(100, 20), || drop(command.status()));
        let name = if i == 0 { "forge" } else { program };
        let target = if i == 0 { "<= 5 ms" } else { "" };
        let what = format!("{name} {} '{}'", args[0], args[1]);
        row(&what, shown(took), target);
    }
    services();
}

fn shown(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

/// From the start of the process to the whole first answer.
fn services() {
    title("a service: start to first answer, the median of several");
    let folder = std::env::temp_dir().join(format!("forge-bench-{}", std::process::id()));
    let (source, built) = (folder.join("service.fg"), folder.join("service"));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    std::fs::write(&source, SERVICE).expect("a temporary file");
    let build = Command::new(FORGE).arg("build").arg(&source).stdout(Stdio::null()).status();
    assert!(build.is_ok_and(|status| status.success()), "it is built");
    let of_built = || Command::new(&built);
    let of_run = || {
        let mut command = Command::new(FORGE);
        command.arg("run").arg(&source);
        command
    };
    row("the executable of forge build", shown(first_answer(of_built)), "< 10 ms");
    row("forge run", shown(first_answer(of_run)), "");
    let _ = std::fs::remove_dir_all(folder);
}

fn first_answer(command: impl Fn() -> Command) -> Duration {
    let once = |_| {
        let start = Instant::now();
        let server = Server::start(command(), "off");
        // A client asks once when it connects.
        let client = server.client("/books/2");
        let took = start.elapsed();
        drop((client, server));
        took
    };
    let mut times: Vec<Duration> = (0..rounds(30, 10)).map(once).collect();
    times.sort_unstable();
    times[times.len() / 2]
}
