//! Soak: a mixed program under millions of requests and a connection with a million messages, in one process each.
//! Resident memory is to stay where it is after the first fifth.

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
    let server = Server::program(PROGRAM, &[]);
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
    let server = Server::program(PROGRAM, &[]);
    let mut talk = Talk::new(&server, "/talk");
    let looks = watched(&server, many, |part| (0..part).for_each(|_| talk.ask()));
    report(&looks);
}

/// The resident memory after each part of the work.
fn watched(server: &Server, many: usize, mut work: impl FnMut(usize)) -> Vec<f64> {
    (0..LOOKS)
        .map(|_| {
            work(many / LOOKS);
            server.memory("VmRSS").unwrap_or(0.0)
        })
        .collect()
}

/// Shows the slope by least squares over what comes after the first fifth.
fn report(looks: &[f64]) {
    let warm = &looks[looks.len() / 5..];
    let mean = warm.iter().sum::<f64>() / warm.len() as f64;
    let middle = (warm.len() - 1) as f64 / 2.0;
    let (mut over, mut under) = (0.0, 0.0);
    for (i, look) in warm.iter().enumerate() {
        over += (i as f64 - middle) * (look - mean);
        under += (i as f64 - middle).powi(2);
    }
    let growth = over / under * warm.len() as f64 / mean;
    row("resident memory once warm", format!("{:.1} MiB", mean / 1024.0), "");
    row("  growth from then to the end", format!("{:+.1} %", growth * 100.0), "<= 2 %");
}
