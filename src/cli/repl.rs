//! `forge repl`, and `forge` alone.

use super::args::Global;
use super::report;
use crate::builtins;
use crate::diag::Sources;
use crate::engine::Output;
use crate::handles::Scope;
use crate::machine::Image;
use crate::native::Started;
use crate::repl::Options;
use crate::repl::Repl;
use crate::task;
use crate::value::Program;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Flags of `forge repl`.
#[derive(clap::Args, Clone, Default)]
pub(super) struct ReplArgs {
    /// Run a file first; may be given several times
    #[arg(long, value_name = "FILE")]
    load: Vec<PathBuf>,
    /// Do not say hello
    #[arg(long)]
    no_banner: bool,
    /// Do not remember inputs
    #[arg(long)]
    no_history: bool,
}

/// Holds a session.
pub(super) fn start(args: &ReplArgs, global: &Global) -> ExitCode {
    let started = Started { may_run: true, ..Started::default() };
    let scope = Scope::root(global.max_tasks);
    let image = Image {
        program: Arc::new(Program::default()),
        registry: builtins::registry(),
        host: Arc::new(Output::stdout(false).of(started)),
        max_depth: global.max_depth,
        blocks: Some(scope.limited(global.max_tasks)),
        scope,
        max_tasks: global.max_tasks,
        spawner: Arc::new(task::Shared),
        sources: Arc::new(Sources::new()),
    };
    let load = start_up().into_iter().chain(args.load.iter().cloned()).collect();
    let options = Options {
        renderer: report::renderer(global),
        has_colors: report::wants_color(global, &std::io::stdout()),
        has_banner: !args.no_banner,
        history: (!args.no_history).then(history).flatten(),
        load,
    };
    match Repl::new(image, options) {
        Ok(repl) => ExitCode::from(repl.run()),
        Err(error) => super::run::complain(&format!("could not start: {error}")),
    }
}

/// The file that runs before the first input.
fn start_up() -> Option<PathBuf> {
    let named = std::env::var_os("FORGE_REPL_INIT").filter(|path| !path.is_empty());
    let usual = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".config/forge/repl.fg"));
    named.map(PathBuf::from).or_else(|| usual().filter(|path| path.is_file()))
}

/// Where inputs are remembered.
fn history() -> Option<PathBuf> {
    match std::env::var_os("FORGE_REPL_HISTORY") {
        Some(path) if path.is_empty() => None,
        Some(path) => Some(PathBuf::from(path)),
        None => {
            let home = std::env::var_os("HOME").map_or_else(|| PathBuf::from("."), PathBuf::from);
            Some(home.join(".forge_history"))
        }
    }
}
