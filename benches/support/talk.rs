//! The client's side of a WebSocket: one short message after the other.

use crate::server::Server;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;

/// A connection.
pub(crate) struct Talk(TcpStream);

impl Talk {
    /// A connection that has been upgraded.
    pub(crate) fn new(server: &Server, path: &str) -> Talk {
        let mut stream = TcpStream::connect(&server.address).expect("it listens");
        stream.set_nodelay(true).expect("a socket");
        let upgrade = format!(
            "GET {path} HTTP/1.1\r\nhost: bench\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(upgrade.as_bytes()).expect("it listens");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("it upgrades");
            head.push(byte[0]);
        }
        Talk(stream)
    }

    /// Sends `a`, masked, and reads the short answer.
    pub(crate) fn ask(&mut self) {
        self.0.write_all(&[0x81, 0x81, 0, 0, 0, 0, b'a']).expect("it is open");
        let mut head = [0; 2];
        self.0.read_exact(&mut head).expect("it answers");
        assert!(head[1] < 126, "a short answer");
        self.0.read_exact(&mut vec![0; usize::from(head[1])]).expect("it answers");
    }
}
