//! Programs that say beside their lines what these print, run by the command.

use crate::programs;
use std::path::Path;
use std::process::Command;

/// Adds the program to `command` and runs it; `names` are what texts of this run are called in the program.
pub(crate) fn check(
    path: &Path,
    command: &mut Command,
    names: &[(&str, &str)],
) -> Result<(), String> {
    let ended = command.arg("run").arg(path).output().unwrap();
    let mut printed = String::from_utf8(ended.stdout).unwrap();
    for (text, name) in names {
        printed = printed.replace(text, name);
    }
    let printed: Vec<&str> = printed.lines().collect();
    let text = std::fs::read_to_string(path).unwrap();
    let comments = text.lines().filter_map(|line| Some(line.rsplit_once("// expect:")?.1));
    let expected: Vec<&str> = comments.map(|rest| rest.strip_prefix(' ').unwrap_or(rest)).collect();
    match printed == expected && ended.status.success() {
        true => Ok(()),
        false => Err(format!(
            "{}\n  expected {expected:#?}\n  found    {printed:#?}\n  {}",
            programs::name(path),
            String::from_utf8_lossy(&ended.stderr)
        )),
    }
}
