//! Transcripts: lines of commands, and below each its output, its error output and its exit code. `UPDATE=1` writes what
//! they do now. Times are left out: `(12ms)` is `(0ms)`.

use crate::timeless::timeless;
use std::fs;
use std::path::Path;
use std::process::Output;

/// What a command did, as a transcript shows it.
pub(crate) fn shown(line: &str, output: Output) -> String {
    let text = |bytes| timeless(&String::from_utf8(bytes).unwrap());
    let (out, err) = (text(output.stdout), text(output.stderr));
    let err = if err.is_empty() { err } else { format!("--- error output\n{err}") };
    let code = output.status.code().expect("no signal ended it");
    format!("{line}\n{out}{err}--- exit {code}\n")
}

/// Runs the lines of a transcript that begin with `$ `; the difference from what it shows.
pub(crate) fn replay(path: &Path, run: impl Fn(&str) -> String) -> Result<(), String> {
    let wanted = fs::read_to_string(path).unwrap();
    let found: String = wanted.lines().filter(|line| line.starts_with("$ ")).map(run).collect();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, &found).unwrap();
        return Ok(());
    }
    match found == wanted {
        true => Ok(()),
        false => Err(format!("{}: expected\n{wanted}\nfound\n{found}", path.display())),
    }
}
