//! `forge test`: the commands of each `tests/testing/*/transcript`, run by the real binary in that folder.

#[path = "support/timeless.rs"]
mod timeless;
#[path = "support/transcript.rs"]
mod transcript;

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use timeless::timeless;
use transcript::shown;

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testing")
}

fn forge(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_forge"));
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "FORGE_JOBS"] {
        command.env_remove(name);
    }
    command.args(args).current_dir(folder).stdin(Stdio::null());
    command
}

fn replay(folder: &Path) -> Result<(), String> {
    transcript::replay(&folder.join("transcript"), |line| {
        let words: Vec<&str> = line.split(' ').skip(2).collect();
        shown(line, forge(folder, &words).output().unwrap())
    })
}

#[test]
fn transcripts_show_what_happens() {
    let entries = fs::read_dir(cases()).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    let failures: Vec<_> = folders.iter().filter_map(|folder| replay(folder).err()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_layout_is_that_of_the_manual() {
    let output = forge(&cases().join("layout"), &["test"]).output().unwrap();
    let found = timeless(&String::from_utf8(output.stdout).unwrap());
    let wanted = "
  tests/alpha.fg
    ok    adds (0ms)
    FAIL  subtracts (0ms)
          assertion failed: expected `2`, got `3`
    SKIP  later

  1 passed, 1 failed, 1 skipped, 3 total

";
    assert!(found.starts_with(wanted), "{found}");
}

#[test]
fn colours_change_nothing_else() {
    for case in ["layout", "broken", "hooks"] {
        let run = |color| {
            let args = ["--color", color, "test", "--coverage"];
            let output = forge(&cases().join(case), &args).output().unwrap();
            timeless(&String::from_utf8(output.stdout).unwrap())
        };
        let (plain, painted) = (run("auto"), run("always"));
        let mut parts = painted.split('\x1b');
        let first = parts.next().unwrap_or_default().to_owned();
        let rest = parts.filter_map(|part| part.split_once('m').map(|(_, text)| text));
        assert_ne!(painted, plain);
        assert_eq!(first + &rest.collect::<String>(), plain);
    }
    let output = forge(&cases().join("layout"), &["test", "--color=always"]).output().unwrap();
    let found = timeless(&String::from_utf8(output.stdout).unwrap());
    for line in [
        "\x1b[1m  tests/alpha.fg\x1b[0m\n",
        "    \x1b[32mok\x1b[0m    adds \x1b[90m(0ms)\x1b[0m\n",
        "    \x1b[31mFAIL\x1b[0m  subtracts \x1b[90m(0ms)\x1b[0m\n",
        "    \x1b[33mSKIP\x1b[0m  later\n",
        "\x1b[1m  1 passed, 1 failed, 1 skipped, 3 total\x1b[0m\n",
    ] {
        assert!(found.contains(line), "{line:?} in {found:?}");
    }
}

/// A file is reported as soon as those before it are, and a signal ends what would never end.
#[cfg(unix)]
#[test]
fn a_signal_ends_the_run() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let args = ["test", "../order/tests/b_fast.fg", "tests/endless.fg", "--timeout", "600"];
        let mut command = forge(&cases().join("limits"), &args);
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("instant") {
            line.clear();
            assert_ne!(out.read_line(&mut line).unwrap(), 0, "it ended");
        }
        let id = process.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        assert_eq!(process.wait().unwrap().code(), Some(code));
        line.clear();
        out.read_to_string(&mut line).unwrap();
        assert!(!line.contains("passed"), "{line}");
    }
}

#[test]
fn a_closed_pipe_ends_the_run_quietly() {
    let mut command = forge(&cases().join("hooks"), &["test"]);
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(process.stdout.take());
    let output = process.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), String::from_utf8(output.stderr).unwrap()),
        (Some(0), String::new())
    );
}

/// What `test.get` and its kind answer is what the network brings.
#[test]
fn requests_of_tests_are_answered_as_those_of_the_network() {
    let mut command = forge(&cases(), &["serve", "--port", "0", "twin.fg"]);
    command.env_remove("FORGE_PORT").env_remove("FORGE_HOST").env("FORGE_LOG", "off");
    let mut server = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stderr.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
    let mut command = forge(&cases(), &["test", "twin.fg"]);
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(name);
    }
    let output = command.env("FORGE_HTTP_ALLOW_PRIVATE", "1").env("URL", url).output().unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
