//! Requests and sockets from the client's side: the programs of `tests/network/`, with a server that is made here at
//! `URL`, another that speaks TLS at `SECURE`, and one that speaks HTTP/2 at `MODERN`. Expectations as in
//! tests/language.rs.

#[path = "support/expected.rs"]
mod expected;
#[path = "network/identity.rs"]
mod identity;
#[path = "network/modern.rs"]
mod modern;
#[path = "support/programs.rs"]
mod programs;
#[path = "network/server.rs"]
mod server;

use identity::Identity;
use std::process::Command;

/// The command; with small files, a disk is soon full. The signal that says so must not end the process.
fn forge(with_small_files: bool) -> Command {
    let forge = env!("CARGO_BIN_EXE_forge");
    if !with_small_files {
        return Command::new(forge);
    }
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 100; exec \"$0\" \"$@\"", forge]);
    shell
}

#[test]
fn programs_ask_servers() {
    let identity = Identity::new();
    let (plain, secure) = (server::plain(), server::secure(&identity));
    let modern = modern::start(&identity);
    let programs = programs::programs("network");
    assert!(!programs.is_empty(), "no programs found");
    let mut failures = Vec::new();
    for path in programs {
        let folder = tempfile::tempdir().unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let mut command = forge(name.starts_with("full_disk"));
        command
            .current_dir(folder.path())
            .env("FORGE_HTTP_ALLOW_PRIVATE", "1")
            .env("SSL_CERT_FILE", identity.file.path())
            .env("URL", &plain)
            .env("SECURE", &secure)
            .env("MODERN", &modern)
            .env("FORGE_AI_KEY", "key")
            .env("FORGE_AI_URL", format!("{plain}/chat"));
        for name in ["http_proxy", "https_proxy", "all_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        let names = [(plain.as_str(), "URL"), (&secure, "SECURE"), (&modern, "MODERN")];
        failures.extend(expected::check(&path, &mut command, &names).err());
    }
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}
