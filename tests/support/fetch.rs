//! One request to a server of this machine, without a client's help.

use std::io::Read;
use std::io::Write;
use std::net::TcpStream;

/// The whole answer to `GET path`.
pub(crate) fn fetched(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
