//! A small server, which behaves well and badly as its paths say.

use crate::identity::Identity;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;
use tokio_tungstenite::tungstenite;

trait Wire: Read + Write + Send {}

impl<T: Read + Write + Send> Wire for T {}

/// Starts one for as long as the process lives: its address, without a slash behind it.
pub(super) fn plain() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    serve(listener, |stream| Some(Box::new(stream)));
    url
}

/// The same with TLS.
pub(super) fn secure(identity: &Identity) -> String {
    let config = Arc::new(identity.config.clone());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    serve(listener, move |stream| {
        let connection = rustls::ServerConnection::new(config.clone()).ok()?;
        Some(Box::new(rustls::StreamOwned::new(connection, stream)))
    });
    url
}

fn serve(
    listener: TcpListener,
    wrap: impl Fn(TcpStream) -> Option<Box<dyn Wire>> + Send + Sync + 'static,
) {
    let wrap = Arc::new(wrap);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let wrap = wrap.clone();
            std::thread::spawn(move || {
                if let Some(wire) = wrap(stream) {
                    // A client that goes away ends it.
                    let _ = talk(wire);
                }
            });
        }
    });
}

struct Request {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Answers one request after the other.
fn talk(mut wire: Box<dyn Wire>) -> std::io::Result<()> {
    loop {
        let (mut head, mut lines) = (Vec::new(), BufReader::new(&mut wire));
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line)? == 0 {
                return Ok(());
            }
            match line.trim_end() {
                "" => break,
                line => head.push(line.to_owned()),
            }
        }
        let mut first = head[0].split(' ').map(str::to_owned);
        let (method, path) = (first.next().unwrap(), first.next().unwrap());
        let headers: Vec<(String, String)> = head[1..]
            .iter()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let mut request = Request { method, path, headers, body: String::new() };
        if request.header("upgrade").is_some() {
            drop(lines);
            return web_socket(wire, &request);
        }
        let length: usize =
            request.header("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        lines.read_exact(&mut body)?;
        drop(lines);
        request.body = String::from_utf8(body).unwrap();
        if !answer(&mut *wire, &request)? {
            return Ok(());
        }
    }
}

/// What the client sent, as JSON.
fn echo(request: &Request) -> String {
    let headers: serde_json::Map<String, serde_json::Value> =
        request.headers.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
    let (method, path, body) = (&request.method, &request.path, &request.body);
    serde_json::json!({ "method": method, "path": path, "body": body, "headers": headers })
        .to_string()
}

/// Answers; whether the connection goes on.
fn answer(wire: &mut dyn Wire, request: &Request) -> std::io::Result<bool> {
    static FLAKY: AtomicUsize = AtomicUsize::new(0);
    let path = request.path.split('?').next().unwrap();
    let mut send = |status: &str, headers: &str, body: &str| {
        let length = body.len();
        let body = if request.method == "HEAD" { "" } else { body };
        let text = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{headers}\r\n{body}");
        wire.write_all(text.as_bytes()).and_then(|()| wire.flush()).map(|()| true)
    };
    if let Some(left) = path.strip_prefix("/hops/") {
        let left: u32 = left.parse().unwrap();
        let next = if left == 0 { "/echo".to_owned() } else { format!("/hops/{}", left - 1) };
        return send("302 Found", &format!("location: {next}\r\n"), "");
    }
    match path {
        "/missing" => send("404 Not Found", "", "no such thing"),
        "/text" => {
            send("200 OK", "x-a: 1\r\nx-a: 2\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n", "a text")
        }
        "/page" => send(
            "200 OK",
            "",
            "<html><head><title>\n A page </title><meta name=\"description\" content=\"About it\"></head>\
             <body><h1>Hello</h1><p>World &amp; all</p><a href=\"http://x.test/1\">x</a>\
             <a href='/two'>y</a><script>no()</script></body></html>",
        ),
        "/keep" => send("307 Temporary Redirect", "location: /echo\r\n", ""),
        "/away" => send("302 Found", "location: ftp://x.test/\r\n", ""),
        "/chat" => send(
            "200 OK",
            "",
            &format!(
                "{{\"choices\": [{{\"message\": {{\"content\": {}}}}}]}}",
                serde_json::Value::from(request.body.as_str())
            ),
        ),
        "/flaky" => match FLAKY.fetch_add(1, SeqCst) % 3 {
            2 => send("200 OK", "", "at last"),
            _ => send("503 Service Unavailable", "", "busy"),
        },
        "/slow" => {
            std::thread::sleep(Duration::from_secs(2));
            send("200 OK", "", "late")
        }
        // Less than was announced, then the end.
        "/cut" => {
            wire.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")?;
            wire.flush()?;
            Ok(false)
        }
        // The end of the connection is the end of the body.
        "/open" => {
            wire.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            wire.write_all("x".repeat(1000).as_bytes())?;
            wire.flush()?;
            Ok(false)
        }
        "/gone" => Ok(false),
        _ => send("200 OK", "", &echo(request)),
    }
}

/// Repeats what it hears; some texts mean something.
fn web_socket(mut wire: Box<dyn Wire>, request: &Request) -> std::io::Result<()> {
    if request.path == "/refused" {
        return wire.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
    }
    let key = request.header("sec-websocket-key").unwrap();
    let accept = tungstenite::handshake::derive_accept_key(key.as_bytes());
    let head = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n";
    wire.write_all(format!("{head}sec-websocket-accept: {accept}\r\n\r\n").as_bytes())?;
    wire.flush()?;
    let role = tungstenite::protocol::Role::Server;
    let mut socket = tungstenite::WebSocket::from_raw_socket(wire, role, None);
    while let Ok(message) = socket.read() {
        let Ok(text) = message.to_text() else { continue };
        let sent = match text {
            "binary" => socket.send(tungstenite::Message::binary(vec![0, 255, 16])),
            "ping" => {
                socket.send(tungstenite::Message::Ping(Vec::new().into())).unwrap();
                socket.send(tungstenite::Message::text("after the ping"))
            }
            "close" => socket.close(None),
            "vanish" => return Ok(()),
            "quiet" => Ok(()),
            text if message.is_text() => socket.send(tungstenite::Message::text(text)),
            _ => Ok(()),
        };
        if sent.is_err() {
            break;
        }
    }
    Ok(())
}
