//! Requests and sockets from the client's side: the programs of `tests/network/`, with a server that is made here at
//! `URL`, and another that speaks TLS at `SECURE`. Expectations as in tests/language.rs.

#[path = "network/server.rs"]
mod server;

#[path = "support/programs.rs"]
mod programs;

use server::Server;
use std::path::Path;
use std::process::Command;

/// The lines that a program expects to print.
fn expected(text: &str) -> Vec<String> {
    let comments = text.lines().filter_map(|line| Some(line.rsplit_once("// expect:")?.1));
    comments.map(|rest| rest.strip_prefix(' ').unwrap_or(rest).to_owned()).collect()
}

fn check(path: &Path, plain: &Server, secure: &Server) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_forge"));
    command
        .arg("run")
        .arg(path)
        .current_dir(folder.path())
        .env("FORGE_HTTP_ALLOW_PRIVATE", "1")
        .env("SSL_CERT_FILE", secure.authority.as_ref().unwrap().path())
        .env("URL", &plain.url)
        .env("SECURE", &secure.url)
        .env("FORGE_AI_KEY", "key")
        .env("FORGE_AI_URL", format!("{}/chat", plain.url));
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    {
        command.env_remove(name);
    }
    let ended = command.output().unwrap();
    let printed = String::from_utf8(ended.stdout)
        .unwrap()
        .replace(&plain.url, "URL")
        .replace(&secure.url, "SECURE");
    let printed: Vec<&str> = printed.lines().collect();
    let expected = expected(&std::fs::read_to_string(path).unwrap());
    match printed == expected && ended.status.success() {
        true => Ok(()),
        false => Err(format!(
            "{}\n  expected {expected:#?}\n  found    {printed:#?}\n  {}",
            programs::name(path),
            String::from_utf8_lossy(&ended.stderr)
        )),
    }
}

#[test]
fn programs_ask_servers() {
    let (plain, secure) = (Server::plain(), Server::secure());
    let programs = programs::programs("network");
    assert!(!programs.is_empty(), "no programs found");
    let failures: Vec<String> =
        programs.iter().filter_map(|path| check(path, &plain, &secure).err()).collect();
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}
