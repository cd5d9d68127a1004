//! Databases over TLS: servers are started here, with a certificate that is made here, for the programs of `tests/tls/`.
//! Those that are called `strangers` do not know the certificate. Left out, and that is said, where there are no servers
//! to start.

#![cfg(unix)]

#[path = "support/expected.rs"]
mod expected;
#[path = "support/programs.rs"]
mod programs;
#[path = "tls/servers.rs"]
mod servers;

use servers::Identity;
use servers::Server;
use std::io::Write;
use std::process::Command;

/// Runs the programs whose name begins with `kind`; their `PORT` is that of the server.
fn check(kind: &str, start: fn(&Identity) -> Option<Server>) {
    let identity = Identity::new();
    let Some(server) = start(&identity) else {
        assert!(std::env::var_os("CI").is_none(), "no {kind} to start");
        let note = format!("left out: tests/tls/{kind}*, for there is no server to start\n");
        std::io::stderr().write_all(note.as_bytes()).unwrap();
        return;
    };
    let mut failures = Vec::new();
    for path in programs::programs("tls") {
        let name = path.file_stem().unwrap().to_str().unwrap();
        if !name.starts_with(kind) {
            continue;
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_forge"));
        command.env("PORT", server.port.to_string()).env_remove("SSL_CERT_FILE");
        if !name.contains("strangers") {
            command.env("SSL_CERT_FILE", identity.file.path());
        }
        failures.extend(expected::check(&path, &mut command, &[]).err());
    }
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn postgres_speaks_tls() {
    check("postgres", Server::postgres);
}

#[test]
fn mysql_speaks_tls() {
    check("mysql", Server::mariadb);
}
