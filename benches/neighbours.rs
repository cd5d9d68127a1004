//! Hostile neighbours: how long a route's answers take while others do their worst, and what they leave behind; and
//! neighbours that mean no harm, with builtins that take long.

#[path = "support/memory.rs"]
mod memory;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/server.rs"]
mod server;
#[path = "support/table.rs"]
mod table;

use rounds::rounds;
use server::Server;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::Duration;
use std::time::Instant;
use table::row;
use table::title;

const PROGRAM: &str = r#"
@get("/victim") fn victim() { return { ok: true } }
@get("/spin") fn spin() { loop { } }
@get("/recurse") fn recurse() {
    fn down(n) { return down(n + 1) + 1 }
    return down(0)
}
@get("/nest") fn nest() {
    let mut x = []
    repeat 100000 times { x = [x] }
    return len("{x}")
}
@get("/hoard") fn hoard() {
    let mut xs = []
    loop { push(xs, repeat_str("x", 1000)) }
}
@get("/bomb") fn bomb() { loop { spawn { wait 10 seconds } } }
@get("/rest") fn rest() { wait 10 seconds }
let million = range(1000000)
let shuffled = map(million, fn(n) { n * 7919 % 1000003 })
@get("/sort") fn sorting() { return len(sort(shuffled)) }
@get("/join") fn joining() { return len(join(million, ",")) }
@get("/repeat") fn repeating() { return len(repeat_str("abc", 30000000)) }
@get("/print") fn printing() { return len("{million}") }
@get("/json") fn answering() { return million }
@ws("/talk") fn talk(msg) { return repeat_str("x", 100000) }
"#;

/// What one of several attackers does until it is told to stop.
type Attack = fn(&Server, &AtomicBool);

/// Name, how many do it at once, and what they do.
const ATTACKS: [(&str, usize, Attack); 8] = [
    ("endless loops", 8, |server, stop| hold(server, "/spin", stop)),
    ("endless recursion", 4, |server, stop| ask_again(server, "/recurse", stop)),
    ("values without end", 2, |server, stop| ask_again(server, "/hoard", stop)),
    ("deep values", 4, |server, stop| ask_again(server, "/nest", stop)),
    ("tasks without end", 2, |server, stop| ask_again(server, "/bomb", stop)),
    ("2,000 connections that trickle", 1, trickle),
    ("requests that are aborted", 2, abort),
    ("connections that never read", 8, never_read),
];

/// Builtins on a million elements.
const HUGE: [(&str, Attack); 5] = [
    ("sorting", |server, stop| ask_again(server, "/sort", stop)),
    ("joining", |server, stop| ask_again(server, "/join", stop)),
    ("repeating", |server, stop| ask_again(server, "/repeat", stop)),
    ("printing", |server, stop| ask_again(server, "/print", stop)),
    ("answering", |server, stop| ask_again(server, "/json", stop)),
];

fn main() {
    allow_many_files();
    let server = Server::program(PROGRAM, &[]);
    let mut victim = Victim(server.client("/victim"));
    let calm = percentile(&victim.times(), 99.0);
    title("a route beside one that works on a million elements, p99.9");
    for (name, attack) in HUGE {
        let times = attacked(&server, &mut victim, 1, attack);
        row(name, format!("{:.1?}", percentile(&times, 99.9)), "<= 20 ms");
    }
    title("a route beside hostile neighbours, p99");
    row("calm", format!("{calm:.1?}"), "");
    let most = (3 * calm).max(Duration::from_millis(10));
    let mut left = Vec::new();
    for round in ["first round", "second round"] {
        for (name, many, attack) in ATTACKS {
            let p99 = percentile(&attacked(&server, &mut victim, many, attack), 99.0);
            row(&format!("{round}: {name}"), format!("{p99:.1?}"), &format!("<= {most:.1?}"));
        }
        left.push(settled(&server));
        // A connection that nobody used for so long may have been closed.
        victim = Victim(server.client("/victim"));
    }
    let [(memory, files), (memory_then, files_then)] = left[..] else { unreachable!("two rounds") };
    title("what they leave behind");
    row("resident memory after the first round", format!("{:.1} MiB", memory / 1024.0), "");
    row("  after the second", format!("{:.2}", memory_then / memory), "<= 1.1");
    row("open files after the first round", files, "");
    row("  after the second", files_then, &format!("<= {files}"));
}

/// A client that asks for one route all the time.
struct Victim(server::Client);

impl Victim {
    /// The times that its requests take, over a while, the shortest first.
    fn times(&mut self) -> Vec<Duration> {
        let end = Instant::now() + Duration::from_secs(rounds(10, 2) as u64);
        let mut times = Vec::new();
        while Instant::now() < end {
            let start = Instant::now();
            self.0.ask();
            times.push(start.elapsed());
            thread::sleep(Duration::from_millis(2));
        }
        times.sort();
        times
    }
}

/// What all but so many in a hundred take at most.
fn percentile(times: &[Duration], percent: f64) -> Duration {
    times[((times.len() - 1) as f64 * percent / 100.0) as usize]
}

fn attacked(server: &Server, victim: &mut Victim, many: usize, attack: Attack) -> Vec<Duration> {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..many {
            scope.spawn(|| attack(server, &stop));
        }
        let times = victim.times();
        stop.store(true, Relaxed);
        times
    })
}

/// Resident memory in kilobytes and the number of open files, once they do not fall any more.
fn settled(server: &Server) -> (f64, usize) {
    let look = || {
        let files = std::fs::read_dir(format!("/proc/{}/fd", server.process.id()));
        (server.memory("VmRSS").unwrap_or(0.0), files.map_or(0, Iterator::count))
    };
    let mut before = look();
    loop {
        thread::sleep(Duration::from_secs(2));
        let now = look();
        if now.0 >= before.0 * 0.99 && now.1 >= before.1 {
            return now;
        }
        before = now;
    }
}

/// A connection that has sent `text`; `None` when the server does not take it.
fn connect(server: &Server, text: &str) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(&server.address).ok()?;
    stream.set_read_timeout(Some(Duration::from_millis(100))).ok()?;
    stream.set_write_timeout(Some(Duration::from_millis(100))).ok()?;
    stream.write_all(text.as_bytes()).ok()?;
    Some(stream)
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n")
}

/// Asks once and waits for the answer that does not come.
fn hold(server: &Server, path: &str, stop: &AtomicBool) {
    let _stream = connect(server, &get(path));
    while !stop.load(Relaxed) {
        thread::sleep(Duration::from_millis(20));
    }
}

/// Asks, reads what comes, and asks again.
fn ask_again(server: &Server, path: &str, stop: &AtomicBool) {
    while !stop.load(Relaxed) {
        let Some(mut stream) = connect(server, &get(path)) else { continue };
        let mut piece = [0; 4096];
        while !stop.load(Relaxed) {
            match stream.read(&mut piece) {
                Ok(0) => break,
                Ok(_) if stream.write_all(get(path).as_bytes()).is_err() => break,
                Ok(_) | Err(_) => {}
            }
        }
    }
}

/// Sends the head of a request a byte at a time.
fn trickle(server: &Server, stop: &AtomicBool) {
    let text = get("/rest");
    let mut streams: Vec<Option<TcpStream>> = (0..2000).map(|_| connect(server, "")).collect();
    for byte in text.as_bytes().iter().cycle() {
        for place in &mut streams {
            if stop.load(Relaxed) {
                return;
            }
            let sent = place.as_mut().and_then(|stream| stream.write_all(&[*byte]).ok());
            if sent.is_none() {
                *place = connect(server, "");
            }
        }
        thread::sleep(Duration::from_millis(200));
    }
}

/// Asks and leaves.
fn abort(server: &Server, stop: &AtomicBool) {
    for path in ["/rest", "/spin", "/victim"].into_iter().cycle() {
        if stop.load(Relaxed) {
            return;
        }
        drop(connect(server, &get(path)));
    }
}

/// Sends messages whose answers are long, and reads none.
fn never_read(server: &Server, stop: &AtomicBool) {
    const UPGRADE: &str = "GET /talk HTTP/1.1\r\nhost: bench\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
        sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    /// A masked text frame: `a`.
    const FRAME: [u8; 7] = [0x81, 0x81, 0, 0, 0, 0, b'a'];
    while !stop.load(Relaxed) {
        let Some(mut stream) = connect(server, UPGRADE) else { continue };
        thread::sleep(Duration::from_millis(20));
        while !stop.load(Relaxed) && stream.write_all(&FRAME).is_ok() {
            thread::sleep(Duration::from_micros(200));
        }
    }
}

/// Thousands of connections need as many files: more than a shell usually allows.
fn allow_many_files() {
    #[cfg(unix)]
    if std::env::var_os("FORGE_BENCH_ROLE").is_none() {
        use std::os::unix::process::CommandExt;
        let program = std::env::current_exe().expect("this program has a file");
        let mut command = std::process::Command::new("sh");
        command.args(["-c", "ulimit -n 30000 2>/dev/null; exec \"$0\" \"$@\""]);
        command.arg(program).args(std::env::args().skip(1)).env("FORGE_BENCH_ROLE", "client");
        let error = command.exec();
        eprintln!("could not start again with more files: {error}");
    }
}
