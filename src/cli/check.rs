//! `forge check PATHS`

use super::args::Global;
use super::args::MessageFormat;
use super::report::as_wanted;
use super::report::rendered;
use super::report::report;
use super::run::complain;
use super::run::read;
use crate::diag::Severity;
use crate::diag::Sources;
use crate::engine;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

/// Shows what is wrong with the programs; nothing runs.
pub(super) fn paths(paths: &[String], global: &Global) -> ExitCode {
    let mut sources = Sources::new();
    let mut found = Vec::new();
    let mut is_unreadable = false;
    for path in paths {
        let programs = match programs(path) {
            Ok(programs) => programs,
            Err(error) => return complain(&format!("could not read '{path}': {error}")),
        };
        for program in programs {
            match read(&program) {
                Ok(text) => found.extend(engine::check(&mut sources, label(&program), &text)),
                Err(error) => {
                    complain(&error);
                    is_unreadable = true;
                }
            }
        }
    }
    let found = as_wanted(found, global);
    let has_errors = found.iter().any(|it| it.severity == Severity::Error);
    let shown = match global.message_format {
        MessageFormat::Json => super::show(&rendered(&found, &sources, global)),
        _ => {
            report(&found, &sources, global);
            ExitCode::SUCCESS
        }
    };
    if has_errors || is_unreadable { ExitCode::FAILURE } else { shown }
}

fn label(path: &str) -> &str {
    if path == "-" { "<stdin>" } else { path }
}

/// The program at `path`, or all programs below it. Installed packages and hidden folders belong to others.
fn programs(path: &str) -> io::Result<Vec<String>> {
    if path == "-" || !Path::new(path).is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(path)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let is_foreign = name == "forge_modules" || name.to_string_lossy().starts_with('.');
            if entry.file_type()?.is_dir() && !is_foreign {
                folders.push(entry.path());
            } else if name.to_string_lossy().ends_with(".fg") {
                found.push(entry.path().display().to_string());
            }
        }
    }
    found.sort();
    Ok(found)
}
