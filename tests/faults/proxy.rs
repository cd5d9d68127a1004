//! A proxy that can be told to fail.

use std::io::Read;
use std::io::Write;
use std::net::Shutdown;
use std::net::TcpListener;
use std::net::TcpStream;

/// A proxy on a port of its own.
pub(crate) struct Proxy {
    pub(crate) port: u16,
}

impl Proxy {
    /// One before the server at this port of the machine, if there is one.
    pub(crate) fn before(server: u16) -> Option<Proxy> {
        TcpStream::connect(("127.0.0.1", server)).ok()?;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let Ok(client) = client else { return };
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { return };
                join(client, server);
            }
        });
        Some(Proxy { port })
    }
}

/// Passes on what comes, in both directions.
fn join(client: TcpStream, server: TcpStream) {
    let back = (server.try_clone().unwrap(), client.try_clone().unwrap());
    std::thread::spawn(move || pass(client, server));
    std::thread::spawn(move || pass(back.0, back.1));
}

/// Passes on until one side is closed, or until what comes has one of the words.
fn pass(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        let has = |word: &[u8]| buffer[..count].windows(word.len()).any(|part| part == word);
        if has(b"SILENCE") {
            // The connection stays open for as long as the client wants it.
            while let Ok(1..) = from.read(&mut buffer) {}
            break;
        }
        if has(b"CUT") || to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
