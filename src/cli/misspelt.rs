//! What was probably meant by a word that is no command or no flag.

use super::args::Cli;
use crate::diag::Sources;
use crate::diag::nearest;
use crate::package::Project;
use clap::Command;
use clap::CommandFactory;
use clap::Error;
use clap::builder::StyledStr;
use clap::error::ContextKind;
use clap::error::ContextValue;
use clap::error::ErrorKind;

/// Commands of other tools, with what does that here.
const FOREIGN: &[(&str, &str)] = &[
    ("compile", "'forge build FILE' makes an executable"),
    ("console", "'forge' alone starts a session"),
    ("create", "'forge new NAME' makes a project"),
    ("dev", "'forge serve --watch FILE' serves, and reloads when the program changes"),
    ("eval", "'forge -e CODE' runs a line of code"),
    ("exec", "'forge run FILE' runs a program"),
    ("format", "'forge fmt' formats programs"),
    ("init", "'forge new .' makes a project of this folder"),
    ("lint", "'forge check' looks for mistakes"),
    ("list", "'forge tree' shows the packages of a project"),
    ("server", "'forge serve FILE' serves a program's handlers"),
    ("shell", "'forge' alone starts a session"),
    ("start", "'forge run FILE' runs a program, 'forge serve FILE' serves its handlers"),
    ("tutorial", "'forge learn' has thirty lessons"),
    ("uninstall", "'forge remove NAME' takes a package out of forge.toml"),
    ("upgrade", "'forge update' chooses newer versions of packages"),
    ("watch", "'forge run --watch FILE' runs a program again whenever it changes"),
];

/// The same error, with the advice that this program can give instead of that of the parser, which weighs letters
/// only: it offers 'install' for 'init', and nothing for 'rnu'.
pub(super) fn advised(mut error: Error) -> Error {
    match error.kind() {
        ErrorKind::InvalidSubcommand => advise_on_command(&mut error),
        ErrorKind::UnknownArgument => advise_on_flag(&mut error),
        _ => {}
    }
    error
}

fn advise_on_command(error: &mut Error) {
    let Some(word) = text_of(error, ContextKind::InvalidSubcommand) else { return };
    error.remove(ContextKind::SuggestedSubcommand);
    error.remove(ContextKind::Suggested);
    if is_script(&word) {
        return tip(error, format!("'forge task {word}' runs that script of forge.toml"));
    }
    if let Some((_, meant)) = FOREIGN.iter().find(|(foreign, _)| *foreign == word) {
        return tip(error, (*meant).to_owned());
    }
    let cli = Cli::command();
    let names = || cli.get_subcommands().map(Command::get_name);
    let mut near = nearest(&word, names());
    if near.is_empty() {
        near.extend(names().filter(|name| name.starts_with(&word)));
    }
    if !near.is_empty() {
        let near = near.into_iter().map(str::to_owned).collect();
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(near));
    }
}

/// A flag of another command was not misspelt.
fn advise_on_flag(error: &mut Error) {
    let Some(word) = text_of(error, ContextKind::InvalidArg) else { return };
    let Some(flag) = word.strip_prefix("--").and_then(|word| word.split('=').next()) else {
        return;
    };
    let cli = super::command_line();
    let knows = |command: &&Command| {
        command.get_arguments().any(|argument| argument.get_long() == Some(flag))
    };
    let names = cli.get_subcommands().filter(knows).map(|command| command.get_name());
    let names: Vec<String> = names.map(|name| format!("'forge {name}'")).collect();
    if !names.is_empty() {
        error.remove(ContextKind::SuggestedArg);
        error.remove(ContextKind::Suggested);
        tip(error, format!("'--{flag}' is a flag of {}", names.join(" and ")));
    }
}

fn text_of(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    }
}

fn tip(error: &mut Error, text: String) {
    let tips = ContextValue::StyledStrs(vec![StyledStr::from(text)]);
    error.insert(ContextKind::Suggested, tips);
}

/// Whether the project here has a script of that name, as other tools run without a word for it.
fn is_script(word: &str) -> bool {
    let here = std::env::current_dir().unwrap_or_default();
    match Project::find(&here, &mut Sources::new()) {
        Ok(Some(project)) => project.manifest.scripts.iter().any(|(name, _)| name == word),
        _ => false,
    }
}
