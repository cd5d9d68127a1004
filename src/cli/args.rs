//! What can be written on the command line.

use clap::Parser;
use clap::Subcommand;
use std::ffi::OsString;
use std::process::ExitCode;

/// Forge: scripts and internet services in one file.
#[derive(Parser)]
#[command(
    name = "forge",
    version,
    about,
    disable_help_subcommand = false,
    arg_required_else_help = true
)]
#[command(after_help = "Run `forge help COMMAND` for the options of a command.")]
pub(super) struct Cli {
    /// Run CODE; given several times, the pieces are lines; `-` reads standard input
    #[arg(short, long, value_name = "CODE", action = clap::ArgAction::Append)]
    eval: Vec<String>,
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Flags of every command, before or after its name.
#[derive(clap::Args, Clone)]
pub(super) struct Global {
    /// Most calls that may be active at once
    #[arg(long, global = true, value_name = "N", default_value_t = crate::machine::MAX_DEPTH)]
    pub(super) max_depth: usize,
    /// Colours in messages
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
    /// How messages look
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human")]
    pub(super) message_format: MessageFormat,
    /// Change to this folder first
    #[arg(short = 'C', global = true, value_name = "DIR")]
    pub(super) directory: Option<std::path::PathBuf>,
    /// Accepted and ignored: there is one engine
    #[arg(long, global = true, hide = true)]
    vm: bool,
    /// Accepted and ignored: there is one engine
    #[arg(long, global = true, hide = true)]
    interp: bool,
    /// Accepted and ignored: there is one engine
    #[arg(long, global = true, hide = true)]
    jit: bool,
}

/// When to use colours.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How messages look.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum MessageFormat {
    /// With the source line.
    Human,
    /// One line each.
    Short,
    /// One JSON object each.
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Run a program; one with `@server` serves
    Run {
        /// The program; `-` reads standard input
        file: String,
        /// Arguments of the program
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
    /// Serve a program's handlers
    Serve(Box<ServeArgs>),
    /// Print the version
    Version,
}

/// Flags of `forge serve`.
#[derive(clap::Args, Clone)]
pub(super) struct ServeArgs {
    /// The program
    pub(super) file: String,
    /// Port to listen on; 0 picks a free one
    #[arg(short, long, value_name = "N")]
    pub(super) port: Option<u16>,
    /// Address to listen on
    #[arg(long, value_name = "ADDR")]
    pub(super) host: Option<String>,
    /// Threads that accept requests
    #[arg(short, long, value_name = "N")]
    pub(super) workers: Option<usize>,
    /// Requests in progress at most; further ones are answered 503
    #[arg(long, value_name = "N")]
    pub(super) max_inflight: Option<usize>,
    /// Largest request body in bytes
    #[arg(long, value_name = "BYTES")]
    pub(super) body_limit: Option<usize>,
    /// Seconds that requests may take to finish after a stop signal
    #[arg(long, value_name = "SECS")]
    pub(super) shutdown_grace: Option<u64>,
    /// Whether a 500 says the error's message
    #[arg(long, value_name = "HOW")]
    pub(super) errors: Option<Errors>,
    /// Print the routes and exit
    #[arg(long)]
    pub(super) routes: bool,
    /// Arguments of the program
    #[arg(last = true)]
    pub(super) args: Vec<OsString>,
}

/// What a 500 says.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Errors {
    /// The error's message.
    Shown,
    /// That there was one.
    Hidden,
}

impl Cli {
    pub(super) fn run(self) -> ExitCode {
        if let Some(directory) = &self.global.directory
            && let Err(error) = std::env::set_current_dir(directory)
        {
            return super::run::complain(&format!(
                "could not enter '{}': {error}",
                directory.display()
            ));
        }
        if !self.eval.is_empty() {
            return super::run::eval(&self.eval, &self.global);
        }
        match self.command {
            Some(Command::Run { file, .. }) => super::run::file(&file, &self.global),
            Some(Command::Serve(args)) => super::serve::file(&args, &self.global),
            Some(Command::Version) => {
                println!("Forge v{}", env!("CARGO_PKG_VERSION"));
                println!(
                    "Scripts and internet services in one file, every request on its own fork"
                );
                println!("One engine: register bytecode, persistent state");
                ExitCode::SUCCESS
            }
            None => unreachable!("clap shows help when nothing is given"),
        }
    }
}

/// `forge app.fg` means `forge run app.fg`.
pub(super) fn normalized(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.collect();
    let first = args.get(1).and_then(|word| word.to_str()).unwrap_or_default();
    let is_file = !first.starts_with('-')
        && (first.ends_with(".fg") || first.contains('/') && std::path::Path::new(first).is_file());
    if is_file {
        args.insert(1, "run".into());
    }
    args
}
