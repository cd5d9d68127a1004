//! Servers in processes of their own, and clients of them.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

/// A server process; killed in the end.
pub(crate) struct Server {
    pub(crate) process: Child,
    pub(crate) address: String,
    program: Option<PathBuf>,
}

impl Server {
    /// Runs a command that says `listening on`.
    pub(crate) fn start(mut command: Command, log: &str) -> Server {
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
        Server { process, address, program: None }
    }

    /// Serves the program `text`, without logs.
    pub(crate) fn program(text: &str, flags: &[&str]) -> Server {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("forge-bench-{}-{}.fg", std::process::id(), NEXT.fetch_add(1, Relaxed));
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, text).expect("a temporary file");
        let mut command = Command::new(env!("CARGO_BIN_EXE_forge"));
        command.args(["serve", "--port", "0"]).args(flags).arg(&file);
        let mut server = Server::start(command, "off");
        server.program = Some(file);
        server
    }

    /// A connection that has asked once.
    pub(crate) fn client(&self, path: &str) -> Client {
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
        self.program.iter().for_each(|file| drop(std::fs::remove_file(file)));
    }
}

/// A connection that is kept.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    request: String,
}

impl Client {
    /// Asks once more: what the answer says, whatever its status.
    pub(crate) fn ask(&mut self) -> String {
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
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("a body");
        String::from_utf8(body).expect("text")
    }
}
