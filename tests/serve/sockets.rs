//! Other sockets than a plain port: HTTPS, and a socket of the file system.

use crate::process::Running;
use crate::process::Source;
use crate::process::forge;
use std::io::Read;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::sync::Arc;

const PROGRAM: &str = "@get(\"/\") fn root(request) { return request.path }";
const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

#[test]
fn a_unix_socket_is_for_its_owner_and_goes_with_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("forge.sock");
    let shown = path.display().to_string();
    let serving = Running::of(PROGRAM, &["--unix", &shown], &[]);
    assert_eq!(serving.url(), format!("unix:{shown}"));
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let mut stream = UnixStream::connect(&path).unwrap();
    stream.write_all(REQUEST).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("\"/\""), "{answer}");

    let source = Source::new(PROGRAM);
    let second = forge("serve", &source, &["--unix", &shown], &[]).output().unwrap();
    let said = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(said.contains("bind failed") && said.contains(&shown), "{said}");

    serving.signal("-TERM");
    assert_eq!(serving.end().0, 0);
    assert!(!path.exists());
}

#[test]
fn a_file_that_is_no_socket_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "notes").unwrap();
    let source = Source::new(PROGRAM);
    let shown = path.display().to_string();
    let ended = forge("serve", &source, &["--unix", &shown], &[]).output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "notes");
}

#[test]
fn https_speaks_http_1_and_offers_http_2() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let (cert, key) = (cert.display().to_string(), key.display().to_string());
    let flags = ["--port", "0", "--tls-cert", &cert, "--tls-key", &key];
    let serving = Running::of(PROGRAM, &flags, &[]);
    let address = serving.url().strip_prefix("https://").unwrap().to_owned();
    for protocol in ["http/1.1", "h2"] {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(made.cert.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
        let name = "localhost".try_into().unwrap();
        let connection = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
        let tcp = std::net::TcpStream::connect(&address).unwrap();
        tcp.set_read_timeout(Some(crate::site::PATIENCE)).unwrap();
        let mut stream = rustls::StreamOwned::new(connection, tcp);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock).unwrap();
        }
        assert_eq!(stream.conn.alpn_protocol(), Some(protocol.as_bytes()));
        if protocol == "http/1.1" {
            stream.write_all(REQUEST).unwrap();
            let mut answer = Vec::new();
            // The server may close without a word of TLS.
            let _ = stream.read_to_end(&mut answer);
            let answer = String::from_utf8(answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
    }
}

#[test]
fn a_certificate_that_cannot_be_used_is_told() {
    let source = Source::new(PROGRAM);
    let missing = ["--tls-cert", "/no/cert.pem", "--tls-key", "/no/key.pem"];
    let ended = forge("serve", &source, &missing, &[]).output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(said.contains("could not use '/no/cert.pem'"), "{said}");
    let half = forge("serve", &source, &["--tls-cert", "/no/cert.pem"], &[]).output().unwrap();
    assert_eq!(half.status.code(), Some(2));
}
