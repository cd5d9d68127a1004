//! Soak: a mixed program under millions of requests and a connection with a million messages, in one process each.
//! Resident memory and the number of live cells are to stay where they are after the first fifth.

#[path = "support/memory.rs"]
mod memory;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/server.rs"]
mod server;
#[path = "support/table.rs"]
mod table;
#[path = "support/talk.rs"]
mod talk;

use rounds::rounds;
use server::Server;
use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;
use table::row;
use table::title;
use talk::Talk;

const PROGRAM: &str = r#"
shared { let mut hits = 0 }
let mut plain = 0
let mut ticks = 0
fn counter() {
    let mut n = 0
    return fn() { n += 1
        return n }
}
let next = counter()
fn cycle() {
    let mut me = null
    me = fn() { return me }
    return me
}
schedule every 1 seconds {
    ticks += 1
    let kept = cycle()
    next()
}
@get("/closures") fn closures() { next()
    plain += 1
    return [next(), plain] }
@get("/cycles") fn cycles() { cycle()
    let o = { me: null }
    let f = fn() { return o }
    return 1 }
@get("/shared") fn sharing() { atomic { hits += 1 }
    return hits }
@get("/fails") fn fails() { return [1][5] }
@get("/squad") fn together() { return squad { spawn { next() } spawn { 2 } } }
@get("/leaves") fn leaves() { wait 1 seconds }
@ws("/talk") fn talk(msg) { next()
    plain += 1
    cycle()
    return plain }
"#;

const PATHS: [&str; 5] = ["/closures", "/cycles", "/shared", "/fails", "/squad"];

/// Looks at the memory so many times.
const LOOKS: usize = 20;

fn main() {
    requests();
    messages();
}

fn requests() {
    let many = rounds(5_000_000, 50_000);
    title(&format!("{many} requests of a mixed program"));
    let server = Server::program(PROGRAM, &["--metrics", "/metrics"]);
    let looks = watched(&server, many, |part| {
        thread::scope(|scope| {
            for path in PATHS {
                let server = &server;
                scope.spawn(move || {
                    let mut client = server.client(path);
                    (0..part / PATHS.len()).for_each(|_| drop(client.ask()));
                });
            }
            scope.spawn(|| {
                for _ in 0..part / 500 {
                    let mut stream = TcpStream::connect(&server.address).expect("it listens");
                    let _ = stream.write_all(b"GET /leaves HTTP/1.1\r\nhost: bench\r\n\r\n");
                }
            });
        });
    });
    report(&looks);
}

fn messages() {
    let many = rounds(1_000_000, 20_000);
    title(&format!("a connection with {many} messages"));
    let server = Server::program(PROGRAM, &["--metrics", "/metrics"]);
    let mut talk = Talk::new(&server, "/talk");
    let looks = watched(&server, many, |part| (0..part).for_each(|_| talk.ask()));
    report(&looks);
}

/// The resident memory in KiB, and the number of live cells.
struct Look {
    memory: f64,
    cells: f64,
}

/// What there is after each part of the work.
fn watched(server: &Server, many: usize, mut work: impl FnMut(usize)) -> Vec<Look> {
    let look = |_| {
        work(many / LOOKS);
        Look { memory: server.memory("VmRSS").unwrap_or(0.0), cells: cells(server) }
    };
    (0..LOOKS).map(look).collect()
}

/// The live cells once those are gone whose requests have just ended: the fewest of some looks.
fn cells(server: &Server) -> f64 {
    let mut client = server.client("/metrics");
    let look = |_| {
        thread::sleep(Duration::from_millis(20));
        let text = client.ask();
        let count = text.lines().find_map(|line| line.strip_prefix("forge_cells "));
        count.and_then(|count| count.parse().ok()).unwrap_or(f64::NAN)
    };
    (0..10).map(look).fold(f64::INFINITY, f64::min)
}

/// Shows the slopes by least squares over what comes after the first fifth.
fn report(looks: &[Look]) {
    let warm = &looks[looks.len() / 5..];
    let of = |what: fn(&Look) -> f64| warm.iter().map(what).collect::<Vec<f64>>();
    let (memory, more_memory) = slope(&of(|look| look.memory));
    let (cells, more_cells) = slope(&of(|look| look.cells));
    // A world sweeps when there are twice as many as were left the last time, and some dozens are always few.
    let more_cells = more_cells * cells;
    row("resident memory once warm", format!("{:.1} MiB", memory / 1024.0), "");
    row("  growth from then to the end", format!("{:+.1} %", more_memory * 100.0), "<= 2 %");
    row("live cells once warm", format!("{cells:.0}"), "");
    row("  more of them from then to the end", format!("{more_cells:+.0}"), "<= 100");
    let all = looks.iter().map(|look| format!("{:.1}/{}", look.memory / 1024.0, look.cells));
    println!("MiB/cells: {}", all.collect::<Vec<String>>().join(" "));
}

/// The mean, and the growth from the first to the last as a part of it.
fn slope(looks: &[f64]) -> (f64, f64) {
    let mean = looks.iter().sum::<f64>() / looks.len() as f64;
    let middle = (looks.len() - 1) as f64 / 2.0;
    let (mut over, mut under) = (0.0, 0.0);
    for (i, look) in looks.iter().enumerate() {
        over += (i as f64 - middle) * (look - mean);
        under += (i as f64 - middle).powi(2);
    }
    (mean, over / under * looks.len() as f64 / mean)
}
