//! A served program and a small HTTP client for it.

use forge::diag::Fault;
use forge::diag::Sources;
use forge::engine;
use forge::engine::Text;
use forge::native::Host;
use forge::serve::Connections;
use forge::serve::Handle;
use forge::serve::Options;
use forge::serve::Service;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

/// No test waits longer: then something hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A program that is served on a port of its own until this is dropped.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    pub(crate) handle: Handle,
    /// What handlers say, as they say it.
    said: mpsc::Receiver<String>,
    sender: mpsc::Sender<String>,
    thread: Option<JoinHandle<()>>,
}

/// Hears what the program says; a program that says `panic!` finds a bug in its host.
struct Ear(Mutex<mpsc::Sender<String>>);

impl Host for Ear {
    fn write(&self, text: &str) -> Result<(), Fault> {
        assert!(!text.contains("panic!"), "the host panics");
        let _ = self.0.lock().unwrap().send(text.trim_end().to_owned());
        Ok(())
    }
}

/// The messages of what keeps a program from being served.
pub(crate) fn refusals(program: &str) -> Vec<String> {
    match service(program, mpsc::channel().0) {
        Ok(_) => Vec::new(),
        Err(messages) => messages,
    }
}

fn service(program: &str, said: mpsc::Sender<String>) -> Result<Service, Vec<String>> {
    let mut sources = Sources::new();
    let host = Arc::new(Ear(Mutex::new(said)));
    let texts =
        |found: Vec<forge::diag::Diagnostic>| found.into_iter().map(|it| it.message).collect();
    let loaded = engine::load(&mut sources, Text::new("site.fg", program), host).map_err(texts)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let template = runtime.block_on(loaded.run()).map_err(|error| vec![error.fault.to_string()])?;
    let over = |options: &mut Options| (options.port, options.workers) = (0, 2);
    Service::new(template, &loaded.plan, over, &sources).map_err(texts)
}

impl Site {
    pub(crate) fn new(program: &str) -> Site {
        let (sender, said) = mpsc::channel();
        let service =
            service(program, sender.clone()).unwrap_or_else(|errors| panic!("{errors:?}"));
        let server = service.bind().unwrap();
        let (address, handle) = (server.address(), server.handle());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(server.run()).unwrap();
        });
        Site { address, handle, said, sender, thread: Some(thread) }
    }

    /// Puts another program in place of the one that is served.
    pub(crate) fn replace(&self, program: &str, connections: Connections) {
        let service = service(program, self.sender.clone());
        self.handle.replace(service.unwrap_or_else(|errors| panic!("{errors:?}")), connections);
    }

    pub(crate) fn connect(&self) -> Client {
        Client::new(self.address)
    }

    /// GET on a connection of its own.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.connect().get(path)
    }

    /// Any request on a connection of its own.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Answer {
        self.connect().send(method, path, headers, body)
    }

    /// Waits until a handler says `text`.
    pub(crate) fn hears(&self, text: &str) {
        while self.said.recv_timeout(PATIENCE).unwrap() != text {}
    }

    /// What handlers have said and nobody heard.
    pub(crate) fn says_no_more(&self) -> Vec<String> {
        self.said.try_iter().collect()
    }

    /// Waits until no handler runs.
    pub(crate) fn becomes_idle(&self) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime
            .block_on(async { tokio::time::timeout(PATIENCE, self.handle.idle()).await })
            .expect("handlers end");
    }

    /// Stops the server and waits for its end.
    pub(crate) fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.handle.stop();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.end();
    }
}

/// A connection that is kept open.
pub(crate) struct Client {
    pub(crate) stream: BufReader<TcpStream>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Client {
    pub(crate) fn new(address: SocketAddr) -> Client {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Client { stream: BufReader::new(stream) }
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub(crate) fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[&str],
        body: &[u8],
    ) -> Answer {
        self.begin(method, path, headers, body);
        self.finish(method)
    }

    /// Sends a request and does not wait.
    pub(crate) fn begin(&mut self, method: &str, path: &str, headers: &[&str], body: &[u8]) {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: test\r\n");
        for header in headers {
            head.push_str(header);
            head.push_str("\r\n");
        }
        if !body.is_empty() {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(body);
        // A server that has already refused the request may have stopped reading.
        let _ = self.stream.get_mut().write_all(&bytes);
    }

    /// Reads an answer that comes in chunks.
    pub(crate) fn finish_chunked(&mut self) -> (Answer, Vec<u8>) {
        let head = self.head();
        assert_eq!(head.header("transfer-encoding"), Some("chunked"), "{head:?}");
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk() {
            body.extend(chunk);
        }
        (head, body)
    }

    /// The next chunk of a body; `None` after the last.
    pub(crate) fn chunk(&mut self) -> Option<Vec<u8>> {
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        let length = usize::from_str_radix(line.trim_end(), 16).unwrap();
        let mut chunk = vec![0; length + 2];
        self.stream.read_exact(&mut chunk).unwrap();
        chunk.truncate(length);
        (length > 0).then_some(chunk)
    }

    /// Reads the answer to a request of that method.
    pub(crate) fn finish(&mut self, method: &str) -> Answer {
        let mut answer = self.head();
        let length = answer.header("content-length").and_then(|length| length.parse().ok());
        if let Some(length) = length.filter(|_| method != "HEAD") {
            let mut body = vec![0; length];
            self.stream.read_exact(&mut body).unwrap();
            answer.body = String::from_utf8(body).unwrap();
        }
        answer
    }

    /// Reads the head of an answer.
    pub(crate) fn head(&mut self) -> Answer {
        let mut line = String::new();
        let mut next = |stream: &mut BufReader<TcpStream>| {
            line.clear();
            stream.read_line(&mut line).unwrap();
            line.trim_end().to_owned()
        };
        let first = next(&mut self.stream);
        let status = first.split(' ').nth(1).unwrap_or_else(|| panic!("no status in {first:?}"));
        let status = status.parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let line = next(&mut self.stream);
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        Answer { status, headers, body: String::new() }
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The text of an error body, after the checks that every error body passes.
    pub(crate) fn error(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), Some("application/json"), "{self:?}");
        assert!(self.header("x-request-id").is_some() && self.header("date").is_some(), "{self:?}");
        (self.status, self.json()["error"].as_str().expect("an error has a text").to_owned())
    }
}
