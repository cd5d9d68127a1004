//! A program served by the real binary on a free port, and asked by the `curl` lines that documents show.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

/// A server process; killed in the end.
pub(crate) struct Served {
    process: Child,
    pub(crate) address: String,
}

impl Served {
    pub(crate) fn start(program: &Path) -> Served {
        let program = program.display().to_string();
        let started = Served::start_in(Path::new("."), &[&program]);
        started.unwrap_or_else(|said| panic!("{program}: {said}")).0
    }

    /// The server that `forge serve` with these words starts in a folder, and what it says, as if its port were the one
    /// that it is asked for, or 8080.
    pub(crate) fn start_in(folder: &Path, words: &[&str]) -> Result<(Served, String), String> {
        let mut words = words.to_vec();
        let port = match words.iter().position(|word| *word == "--port") {
            Some(flag) => words.drain(flag..flag + 2).next_back().unwrap_or_default().to_owned(),
            None => "8080".to_owned(),
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_forge"));
        for name in ["FORGE_LOG_FORMAT", "FORGE_PORT", "FORGE_HOST"] {
            command.env_remove(name);
        }
        // Log lines have times.
        command.env("FORGE_LOG", "off");
        command.args(["serve", "--port", "0"]).args(words).current_dir(folder);
        let mut process =
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("forge starts");
        let mut lines = BufReader::new(process.stderr.take().expect("it is piped")).lines();
        let mut said = String::new();
        let address = loop {
            let Some(Ok(line)) = lines.next() else {
                process.wait().expect("it has closed its output");
                return Err(said);
            };
            said.push_str(&format!("{line}\n"));
            if let Some(address) = line.strip_prefix("listening on http://") {
                break address.to_owned();
            }
        };
        // A full pipe would stop the server.
        std::thread::spawn(move || lines.for_each(drop));
        let (host, _) = address.rsplit_once(':').expect("an address has a port");
        let said = said.replace(&address, &format!("{host}:{port}"));
        Ok((Served { process, address }, said))
    }

    /// A `curl` command shows the lines that stand below it; with `-i` it shows at least those, in order.
    pub(crate) fn check(&self, words: &[String], expected: &[String]) -> Result<(), String> {
        let shown = self.curl(words)?;
        let fits = match words.iter().any(|word| word == "-i") {
            true => {
                let mut lines = shown.lines();
                expected.iter().all(|wanted| lines.any(|line| line == wanted))
            }
            false => shown.lines().eq(expected.iter().map(String::as_str)),
        };
        match fits {
            true => Ok(()),
            false => Err(format!("$ {}\nexpected {expected:#?}\nfound {shown}", words.join(" "))),
        }
    }

    /// The body of the answer; with `-i` its head too.
    pub(crate) fn curl(&self, words: &[String]) -> Result<String, String> {
        let (mut method, mut head, mut body, mut url) = ("GET", String::new(), "", None);
        let mut shows_head = false;
        let mut words = words.iter().skip(1).map(String::as_str);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} without a value"));
            match word {
                "-i" => shows_head = true,
                "-s" => {}
                "-X" => method = value()?,
                "-H" => head.push_str(&format!("{}\r\n", value()?)),
                "-d" => (method, body) = ("POST", value()?),
                flag if flag.starts_with('-') => return Err(format!("unknown flag {flag}")),
                address => url = Some(address),
            }
        }
        let url = url.ok_or("no address")?.trim_start_matches("http://");
        let path = url.find('/').map_or("/", |slash| &url[slash..]);
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{head}\
             content-length: {length}\r\n\r\n{body}"
        );
        let answer = exchange(&self.address, &request).map_err(|error| error.to_string())?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("no end of the head")?;
        let is_chunked = head.to_lowercase().contains("\r\ntransfer-encoding: chunked");
        let body = if is_chunked { joined(body) } else { body.to_owned() };
        Ok(if shows_head { format!("{}\n\n{body}", head.replace("\r\n", "\n")) } else { body })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn exchange(address: &str, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// The body that chunks are parts of.
fn joined(mut chunks: &str) -> String {
    let mut body = String::new();
    while let Some((size, rest)) = chunks.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap_or_default();
        let Some(chunk) = rest.get(..size).filter(|chunk| !chunk.is_empty()) else { break };
        body.push_str(chunk);
        chunks = rest[size..].trim_start_matches("\r\n");
    }
    body
}

/// The commands of a transcript (`$ ...`), each with the lines below it. Text before the first is not looked at.
pub(crate) fn exchanges(transcript: &str) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for line in transcript.lines() {
        match (line.strip_prefix("$ "), found.last_mut()) {
            (Some(command), _) => found.push((command.to_owned(), Vec::new())),
            (None, Some((_, output))) => output.push(line.to_owned()),
            (None, None) => {}
        }
    }
    found
}

/// The words of a shell command: blanks separate, quotes keep together.
pub(crate) fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in command.chars() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (' ', None) => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
