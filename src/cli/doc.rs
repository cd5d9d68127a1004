//! `forge doc`: what the builtins and the modules are.

use super::run::complain;
use super::show;
use crate::builtins;
use std::path::Path;
use std::process::ExitCode;

/// Shows the help for `names`; without any, what there is.
pub(super) fn names(names: &[String], all: bool) -> ExitCode {
    if all {
        let pages = builtins::reference().into_iter().map(|(_, page)| page);
        return show(&pages.collect::<Vec<_>>().join("\n"));
    }
    if names.is_empty() {
        return show(&builtins::contents());
    }
    let mut texts = Vec::new();
    for name in names {
        match builtins::help(name) {
            Ok(text) => texts.push(text),
            Err(_) if name.ends_with(".fg") || Path::new(name).is_dir() => {
                return complain(&format!(
                    "'{name}': documentation of programs is not part of this version"
                ));
            }
            Err(Some(other)) => {
                return complain(&format!("there is no '{name}'. Did you mean '{other}'?"));
            }
            Err(None) => {
                return complain(&format!("there is no '{name}'. `forge doc` lists all names"));
            }
        }
    }
    show(&texts.join("\n"))
}
