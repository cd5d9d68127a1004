//! No text escapes its place. The programs of `tests/injection/` read random texts from the file `TEXTS`, put each into
//! a statement, a command, a path or a file, and print what came of it. Those about servers are left out, and that is
//! said, where these are not.

#[path = "support/expected.rs"]
mod expected;
#[path = "support/hostile.rs"]
mod hostile;
#[path = "support/programs.rs"]
mod programs;

use proptest::collection::vec;
use proptest::strategy::Strategy;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

/// Programs that need a server, and where that is.
const SERVERS: [(&str, u16); 3] = [("pg", 5432), ("mysql", 3306), ("redis", 6379)];

/// Runs one of the programs.
fn check(path: &Path, texts: &Path) -> Result<(), String> {
    let name = path.file_stem().unwrap().to_str().unwrap();
    let port = SERVERS.iter().find(|(server, _)| name == *server).map(|(_, port)| *port);
    if port.is_some_and(|port| TcpStream::connect(("127.0.0.1", port)).is_err()) {
        assert!(std::env::var_os("CI").is_none(), "no server for {name}");
        let note = format!("left out: tests/injection/{name}.fg, for there is no server\n");
        std::io::stderr().write_all(note.as_bytes()).unwrap();
        return Ok(());
    }
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_forge"));
    command.arg("--allow-run").current_dir(folder.path()).env("TEXTS", texts);
    expected::check(path, &mut command, &[])
}

#[test]
fn no_text_escapes_its_place() {
    let count = if std::env::var_os("CI").is_some() { 2000 } else { 200 };
    let texts = vec(hostile::text(), count).new_tree(&mut TestRunner::default()).unwrap().current();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    serde_json::to_writer(&mut file, &texts).unwrap();
    let programs = programs::programs("injection");
    let failures: Vec<String> = std::thread::scope(|scope| {
        let running: Vec<_> =
            programs.iter().map(|path| scope.spawn(|| check(path, file.path()))).collect();
        running.into_iter().filter_map(|it| it.join().unwrap().err()).collect()
    });
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}
