//! `forge check PATHS`

use super::args::Global;
use super::args::MessageFormat;
use super::report::as_wanted;
use super::report::rendered;
use super::report::report;
use super::run::complain;
use super::run::read;
use crate::diag::Diagnostic;
use crate::diag::Severity;
use crate::diag::Sources;
use crate::engine;
use crate::engine::Text;
use crate::package::Project;
use crate::testing;
use crate::testing::Lost;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

const NO_PROJECT: &str = "no file specified and no forge.toml found. Usage: forge check <paths>";

/// Shows what is wrong with the programs; nothing runs. Without paths, with those of the project.
pub(super) fn paths(paths: &[String], global: &Global) -> ExitCode {
    let mut sources = Sources::new();
    let paths = match paths {
        [] => match project(&mut sources) {
            Ok(Some(root)) => vec![root],
            Ok(None) => return complain(NO_PROJECT),
            Err(fault) => return report(&[*fault], &sources, global),
        },
        paths => paths.to_vec(),
    };
    let mut found = Vec::new();
    let mut is_unreadable = false;
    for path in paths {
        for program in programs(&path) {
            match program.and_then(|program| Ok((read(&program)?, program))) {
                Ok((text, program)) => {
                    found.extend(engine::check(&mut sources, source(&program, &text)));
                }
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

/// The text of the file `path`; `-` is no file.
fn source<'a>(path: &'a str, text: &'a str) -> Text<'a> {
    match path {
        "-" => Text::new("<stdin>", text),
        path => Text::new(path, text).in_file(Path::new(path)),
    }
}

/// The folder of the project around the working directory.
fn project(sources: &mut Sources) -> Result<Option<String>, Box<Diagnostic>> {
    let here = std::env::current_dir().unwrap_or_default();
    let project = Project::find(&here, sources)?;
    let root = project.map(|project| project.root.display().to_string());
    Ok(root.map(|root| if root.is_empty() { ".".to_owned() } else { root }))
}

/// The program at `path`, or all programs below it, or the text about a folder that cannot be read.
pub(super) fn programs(path: &str) -> Vec<Result<String, String>> {
    if path == "-" || !Path::new(path).is_dir() {
        return vec![Ok(path.to_owned())];
    }
    match testing::discover(&[PathBuf::from(path)]) {
        Ok(files) => files.iter().map(|file| Ok(file.display().to_string())).collect(),
        Err(Lost::Missing(path)) => vec![Err(format!("could not read '{}'", path.display()))],
        Err(Lost::Unreadable(path, error)) => {
            vec![Err(format!("could not read '{}': {error}", path.display()))]
        }
    }
}
