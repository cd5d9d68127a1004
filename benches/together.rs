//! Handlers beside one another: as many clients as cores at once, against one. A lock around handlers, or around what
//! they share, would take as many times as long as there are clients.

#[path = "support/clock.rs"]
mod clock;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/server.rs"]
mod server;
#[path = "support/table.rs"]
mod table;
#[path = "support/talk.rs"]
mod talk;

use clock::best;
use rounds::rounds;
use server::Server;
use std::process::Command;
use std::time::Duration;
use table::row;
use table::title;
use talk::Talk;

fn main() {
    let cores = cores();
    title(&format!("{cores} clients at once against one, shortest of {} rounds", rounds(60, 9)));
    http_handlers_run_in_parallel_not_serialized();
    closure_capturing_handlers_run_in_parallel_not_serialized();
    handlers_that_read_a_variable_run_in_parallel();
    web_sockets_run_in_parallel();
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// T-I1
fn http_handlers_run_in_parallel_not_serialized() {
    report("a global function", requests(&example("bench_server_concurrent")));
}

/// T-I2
fn closure_capturing_handlers_run_in_parallel_not_serialized() {
    report(
        "a closure: its variables are each request's own",
        requests(&example("bench_server_closure")),
    );
}

fn handlers_that_read_a_variable_run_in_parallel() {
    let program = "
let mut step = { by: [1, 2] }
fn move() { step = { by: [3] } }
@get(\"/cpu\") fn cpu() {
    let mut n = 0
    repeat 150000 times { n += step.by[1] }
    return n
}";
    report("a variable of the program, read in a loop", requests(&Server::program(program, &[])));
}

fn web_sockets_run_in_parallel() {
    let program = "
let mut heard = 0
let note = fn() { heard += 1 }
@ws(\"/talk\") fn talk(msg) {
    let mut n = 0
    repeat 200000 times { n += 1 }
    note()
    return heard
}";
    let server = Server::program(program, &[]);
    let mut talks: Vec<Talk> = (0..cores()).map(|_| Talk::new(&server, "/talk")).collect();
    let one = together(&mut talks[..1], Talk::ask);
    report("a WebSocket connection", (one, together(&mut talks, Talk::ask)));
}

fn example(name: &str) -> Server {
    let mut command = Command::new(env!("CARGO_BIN_EXE_forge"));
    command.args(["serve", "--port", "0"]);
    command.arg(format!("{}/examples/{name}.fg", env!("CARGO_MANIFEST_DIR")));
    Server::start(command, "off")
}

/// One request alone, and one on each connection at once.
fn requests(server: &Server) -> (Duration, Duration) {
    let mut clients: Vec<_> = (0..cores()).map(|_| server.client("/cpu")).collect();
    let one = together(&mut clients[..1], |client| drop(client.ask()));
    (one, together(&mut clients, |client| drop(client.ask())))
}

fn together<T: Send>(clients: &mut [T], ask: impl Fn(&mut T) + Sync) -> Duration {
    best(rounds(60, 9), || {
        std::thread::scope(|scope| {
            for client in clients.iter_mut() {
                scope.spawn(|| ask(client));
            }
        });
    })
}

fn report(what: &str, (one, all): (Duration, Duration)) {
    row(what, format!("{one:.1?}"), "");
    row("  all / one", format!("{:.2}", all.as_secs_f64() / one.as_secs_f64()), "<= 1.3");
}
