//! The project around the working directory, and its program: what a command takes that is given no file.

use super::args::Global;
use super::report::report;
use super::run::complain;
use crate::diag::Sources;
use crate::package::Project;
use std::process::ExitCode;

/// The project around the working directory; without one, `missing` is the error.
pub(super) fn project(global: &Global, missing: &str) -> Result<Project, ExitCode> {
    let mut sources = Sources::new();
    let here = std::env::current_dir().unwrap_or_default();
    match Project::find(&here, &mut sources) {
        Ok(Some(project)) => Ok(project),
        Ok(None) => Err(complain(missing)),
        Err(fault) => Err(report(&[*fault], &sources, global)),
    }
}

/// The file, or without one the `entry` of the project. `command` is what needs it.
pub(super) fn file(file: Option<&str>, command: &str, global: &Global) -> Result<String, ExitCode> {
    if let Some(file) = file {
        return Ok(file.to_owned());
    }
    let missing =
        format!("no file specified and no forge.toml found. Usage: forge {command} <file>");
    let project = project(global, &missing)?;
    if let Some(entry) = &project.manifest.project.entry {
        return Ok(project.root.join(entry).display().to_string());
    }
    let code = complain(
        "forge.toml found but no 'entry' field set. Write entry = \"main.fg\" under [project], or name a file",
    );
    if !project.manifest.scripts.is_empty() {
        eprint!("\nforge task NAME runs one of these:\n{}", scripts(&project));
    }
    Err(code)
}

/// Names and lines of the scripts.
pub(super) fn scripts(project: &Project) -> String {
    let scripts = &project.manifest.scripts;
    let width = scripts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    scripts.iter().map(|(name, line)| format!("  {name:<width$}  {line}\n")).collect()
}
