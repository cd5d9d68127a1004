//! `forge task NAME`: the `[scripts]` of the manifest (tooling 8.12).

use super::args::Global;
use super::entry;
use super::run::complain;
use crate::diag::did_you_mean;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::process::ExitCode;
use std::process::ExitStatus;

const NO_PROJECT: &str = "no forge.toml found here or above";

/// Runs a script of the project; lists them without a name.
pub(super) fn run(name: Option<&str>, args: &[OsString], global: &Global) -> ExitCode {
    let project = match entry::project(global, NO_PROJECT) {
        Ok(project) => project,
        Err(code) => return code,
    };
    let Some(name) = name else {
        return match project.manifest.scripts.is_empty() {
            true => complain("forge.toml has no [scripts]"),
            false => super::show(&entry::scripts(&project)),
        };
    };
    let scripts = &project.manifest.scripts;
    let Some((_, line)) = scripts.iter().find(|(known, _)| known == name) else {
        let near = did_you_mean(name, scripts.iter().map(|(name, _)| name.as_str()));
        let hint = near.map_or(String::new(), |near| format!("; {near}"));
        return complain(&format!("no task '{name}' in forge.toml{hint}"));
    };
    let mut command = shell(line, args);
    if !project.root.as_os_str().is_empty() {
        command.current_dir(&project.root);
    }
    if let Some(path) = with_this_forge() {
        command.env("PATH", path);
    }
    match command.status() {
        Ok(status) => code(status),
        Err(error) => complain(&format!("could not run '{line}': {error}")),
    }
}

/// The line in the shell of the platform, with arguments that it does not take apart.
fn shell(line: &str, args: &[OsString]) -> Command {
    let mut command;
    if cfg!(windows) {
        command = Command::new("cmd");
        command.arg("/C").arg(line);
    } else {
        command = Command::new("/bin/sh");
        let line = if args.is_empty() { line.to_owned() } else { format!("{line} \"$@\"") };
        command.args(["-c", &line, "sh"]);
    }
    command.args(args);
    command
}

/// `PATH` with the folder of this program first.
fn with_this_forge() -> Option<OsString> {
    let own = std::env::current_exe().ok()?;
    let folder = own.parent().map(Path::to_path_buf)?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(folder).chain(std::env::split_paths(&path))).ok()
}

/// The exit code of a command as a shell tells it.
fn code(status: ExitStatus) -> ExitCode {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return ExitCode::from((128 + signal) as u8);
    }
    ExitCode::from(status.code().unwrap_or(1) as u8)
}
