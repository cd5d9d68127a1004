//! What can be written on the command line.

use super::add::AddArgs;
use super::add::RemoveArgs;
use super::build::BuildArgs;
use super::doc::DocArgs;
use super::entry;
use super::fmt::FmtArgs;
use super::install::InstallArgs;
use super::learn::LearnArgs;
use super::misspelt;
use super::new::NewArgs;
use super::repl::ReplArgs;
use super::run::Last;
use super::serve_args::ServeArgs;
use super::test_args::TestArgs;
use super::tree::TreeArgs;
use super::update::UpdateArgs;
use clap::CommandFactory;
use clap::Parser;
use clap::Subcommand;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// Forge: scripts and internet services in one file.
#[derive(Parser)]
#[command(name = "forge", version, about, disable_help_subcommand = false)]
#[command(after_help = "Run `forge help COMMAND` for the options of a command.")]
pub(super) struct Cli {
    /// Run CODE; given several times, the pieces are lines; `-` reads standard input
    #[arg(short, long, value_name = "CODE", action = clap::ArgAction::Append)]
    eval: Vec<String>,
    /// Print the value of the last expression
    #[arg(short, long, requires = "eval")]
    print: bool,
    // Arguments of the code, behind `--`. clap does not know them: were they its own, a word that is no command would
    // be one too many for it, not a command that is misspelt.
    #[arg(skip)]
    given: Vec<OsString>,
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
    /// Most tasks that may live at once
    #[arg(long, global = true, value_name = "N", default_value_t = crate::engine::MAX_TASKS)]
    pub(super) max_tasks: usize,
    /// Colours in messages
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
    /// How messages look
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human")]
    pub(super) message_format: MessageFormat,
    /// Warnings are errors: a program that has some does not run
    #[arg(long, global = true)]
    pub(super) strict: bool,
    /// No warnings
    #[arg(long, global = true, conflicts_with = "strict")]
    pub(super) no_warn: bool,
    /// Change to this folder first
    #[arg(short = 'C', global = true, value_name = "DIR")]
    pub(super) directory: Option<std::path::PathBuf>,
    /// Permit programs to run other programs
    #[arg(long, global = true)]
    pub(super) allow_run: bool,
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

impl Global {
    /// As they are when none is given.
    pub(super) fn usual() -> Global {
        Cli::parse_from(["forge"]).global
    }
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

/// A shell that can complete.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Shell {
    Bash,
    Fish,
    Nushell,
    #[value(name = "powershell")]
    Power,
    Zsh,
}

impl Shell {
    fn completions(self) -> ExitCode {
        let mut text = Vec::new();
        let cli = &mut Cli::command();
        let mut write = |shell| clap_complete::generate(shell, cli, "forge", &mut text);
        match self {
            Shell::Bash => write(clap_complete::Shell::Bash),
            Shell::Fish => write(clap_complete::Shell::Fish),
            Shell::Power => write(clap_complete::Shell::PowerShell),
            Shell::Zsh => write(clap_complete::Shell::Zsh),
            Shell::Nushell => {
                clap_complete::generate(clap_complete_nushell::Nushell, cli, "forge", &mut text);
            }
        }
        super::show(&String::from_utf8_lossy(&text))
    }
}

// The flags of a command are made when it is the one: a third of the time until a program runs.
#[derive(Subcommand)]
#[command(defer = true)]
enum Command {
    /// Run a program; one with `@server` serves
    Run {
        /// Run it again whenever a program in its folder changes
        #[arg(long)]
        watch: bool,
        /// The program, the project's unless given; `-` reads standard input
        file: Option<String>,
        /// Arguments of the program
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
    /// Look for mistakes in programs without running them
    Check {
        /// Look again whenever a program changes
        #[arg(long)]
        watch: bool,
        /// Programs and folders with programs, the project unless given; `-` reads standard input
        paths: Vec<String>,
    },
    /// Serve a program's handlers
    Serve(Box<ServeArgs>),
    /// Run the functions with `@test`
    Test(Box<TestArgs>),
    /// Format programs: spaces, lines, nothing else
    Fmt(Box<FmtArgs>),
    /// Make a project: manifest, program, test
    New(NewArgs),
    /// Run a script of the project; list them without a name
    Task {
        /// The script, a line of `[scripts]` in forge.toml
        name: Option<String>,
        /// Arguments of the script
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
    /// Make an executable of a program, which runs or serves without Forge
    Build(BuildArgs),
    /// Install the packages that forge.toml asks for, or one more
    Install(InstallArgs),
    /// Add packages to forge.toml, and install them
    Add(Box<AddArgs>),
    /// Take packages out of forge.toml
    Remove(RemoveArgs),
    /// Choose newer versions of packages
    Update(UpdateArgs),
    /// Show which package needs which
    Tree(TreeArgs),
    /// Print what makes a shell complete the commands and flags
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Show what programs, builtins and modules do; `--open` shows the guide
    Doc(DocArgs),
    /// Learn the language: thirty lessons with exercises
    Learn(LearnArgs),
    /// Write a program while it runs; what `forge` alone does
    Repl(Box<ReplArgs>),
    /// Answer an editor's questions on standard input and output
    Lsp,
    /// Print the version
    Version {
        /// As a JSON object
        #[arg(long)]
        json: bool,
    },
}

impl Cli {
    /// What the words of the command line say; ends the process if they say nothing.
    pub(super) fn of(words: impl Iterator<Item = OsString>) -> Cli {
        let (words, given) = normalized(words);
        let cli =
            Cli::try_parse_from(words).unwrap_or_else(|error| misspelt::advised(error).exit());
        Cli { given, ..cli }
    }

    pub(super) fn run(self) -> ExitCode {
        let here = std::env::current_dir().unwrap_or_default();
        if let Some(directory) = &self.global.directory
            && let Err(error) = std::env::set_current_dir(directory)
        {
            return super::run::complain(&format!(
                "could not enter '{}': {error}",
                directory.display()
            ));
        }
        if !self.eval.is_empty() {
            let last = if self.print { Last::Printed } else { Last::Dropped };
            return super::run::eval(&self.eval, last, &self.given, &self.global);
        }
        match self.command {
            Some(Command::Run { watch, file, args }) => {
                match (entry::file(file.as_deref(), "run", &self.global), watch) {
                    (Ok(file), true) => super::watch::again(&[file.into()], &here),
                    (Ok(file), false) => super::run::file(&file, &args, &self.global),
                    (Err(code), _) => code,
                }
            }
            Some(Command::New(args)) => super::new::project(&args),
            Some(Command::Task { name, args }) => {
                super::task::run(name.as_deref(), &args, &self.global)
            }
            Some(Command::Build(args)) => super::build::file(&args, &self.global),
            Some(Command::Install(args)) => super::install::run(&args, &self.global),
            Some(Command::Add(args)) => super::add::run(&args, &self.global),
            Some(Command::Remove(args)) => super::add::remove(&args, &self.global),
            Some(Command::Update(args)) => super::update::run(&args, &self.global),
            Some(Command::Tree(args)) => super::tree::run(&args, &self.global),
            Some(Command::Completions { shell }) => shell.completions(),
            Some(Command::Check { paths, watch: true }) => {
                super::watch::again(&or_here(paths), &here)
            }
            Some(Command::Check { paths, watch: false }) => {
                super::check::paths(&paths, &self.global)
            }
            Some(Command::Serve(args)) => super::serve::file(&args, &self.global),
            Some(Command::Test(mut args)) if args.watch => {
                // What is tested is rarely below the folder of the tests.
                args.paths.push(".".into());
                super::watch::again(&args.paths, &here)
            }
            Some(Command::Test(args)) => super::test::files(&args, &self.global),
            Some(Command::Fmt(args)) if args.watch => {
                let all = [".".into()];
                let paths = if args.paths.is_empty() { &all[..] } else { &args.paths };
                super::watch::again(paths, &here)
            }
            Some(Command::Fmt(args)) => super::fmt::files(&args, &self.global),
            Some(Command::Doc(args)) => super::doc::run(&args, &self.global),
            Some(Command::Learn(args)) => super::learn::run(&args, &self.global),
            Some(Command::Repl(args)) => super::repl::start(&args, &self.global),
            Some(Command::Lsp) => match crate::lsp::serve() {
                true => ExitCode::SUCCESS,
                false => ExitCode::FAILURE,
            },
            Some(Command::Version { json: false }) => super::show(concat!(
                "Forge v",
                env!("CARGO_PKG_VERSION"),
                "\nScripts and internet services in one file, every request on its own fork",
                "\nOne engine: register bytecode, persistent state\n",
            )),
            Some(Command::Version { json: true }) => {
                let target = format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS);
                let version = serde_json::json!({
                    "version": env!("CARGO_PKG_VERSION"),
                    "commit": option_env!("FORGE_COMMIT"),
                    "target": target,
                    "features": [],
                });
                super::show(&format!("{version}\n"))
            }
            None => super::repl::start(&ReplArgs::default(), &self.global),
        }
    }
}

/// The working directory where no paths are given.
fn or_here(paths: Vec<String>) -> Vec<PathBuf> {
    if paths.is_empty() { vec![".".into()] } else { paths.into_iter().map(Into::into).collect() }
}

/// The words with `run` before the first one that names a program instead of a command, and those behind `--` after
/// code to run.
fn normalized(args: impl Iterator<Item = OsString>) -> (Vec<OsString>, Vec<OsString>) {
    let mut args: Vec<OsString> = args.collect();
    let mut given = Vec::new();
    let cli = Cli::command();
    let mut i = 1;
    let mut evaluates = false;
    while let Some(word) = args.get(i).and_then(|word| word.to_str()) {
        if word == "--" {
            if evaluates {
                given = args.split_off(i).split_off(1);
            }
            break;
        }
        if !word.starts_with('-') || word == "-" {
            if !evaluates && is_program(word) && cli.find_subcommand(word).is_none() {
                args.insert(i, "run".into());
            }
            break;
        }
        let is_short = !word.starts_with("--");
        evaluates |=
            word.starts_with("--eval") || is_short && value_letter(&cli, word) == Some('e');
        i += if is_followed_by_value(&cli, word) { 2 } else { 1 };
    }
    (args, given)
}

fn is_program(word: &str) -> bool {
    word.ends_with(".fg") || word.ends_with(".fgc") || std::path::Path::new(word).is_file()
}

/// Whether the value of that flag, or of the last one of several letters, is a word of its own.
fn is_followed_by_value(cli: &clap::Command, word: &str) -> bool {
    let mut flags = cli.get_arguments().filter(|flag| flag.get_action().takes_values());
    match word.strip_prefix("--") {
        Some(long) => flags.any(|flag| flag.get_long() == Some(long)),
        None => value_letter(cli, word).is_some_and(|letter| word.ends_with(letter)),
    }
}

/// The letter of `-pe` that takes a value: what stands behind it is that.
fn value_letter(cli: &clap::Command, word: &str) -> Option<char> {
    let takes_value = |letter: &char| {
        let mut flags = cli.get_arguments().filter(|flag| flag.get_short() == Some(*letter));
        flags.any(|flag| flag.get_action().takes_values())
    };
    word.strip_prefix('-')?.chars().find(takes_value)
}
