//! `forge repl`: a program that is written while it runs (tooling 9).
//!
//! Each input starts from the state that the last one left, and is undone as a whole when it fails: worlds are
//! snapshots, so that costs a pointer.

mod branch;
mod commands;
mod editor;
mod evaluate;
mod interrupt;
mod lessons;
mod serve;
mod settings;
mod show;
mod tools;
mod words;

use crate::diag::Diagnostic;
use crate::diag::Renderer;
use crate::diag::Sources;
use crate::engine::Session;
use crate::machine::Image;
use branch::Branches;
use interrupt::Interrupts;
use settings::Settings;
use std::io::BufRead;
use std::io::IsTerminal;
use std::path::PathBuf;
use tempfile::TempDir;
pub use tools::in_editor;

/// How a session is held.
pub struct Options {
    /// How failures are shown.
    pub renderer: Renderer,
    /// Whether results have colours.
    pub has_colors: bool,
    /// Whether it says hello.
    pub has_banner: bool,
    /// Where inputs are remembered.
    pub history: Option<PathBuf>,
    /// Programs to run first.
    pub load: Vec<PathBuf>,
}

/// A session with a person or a pipe.
pub struct Repl {
    options: Options,
    sources: Sources,
    branches: Branches,
    runtime: tokio::runtime::Runtime,
    interrupts: Interrupts,
    /// Inputs so far, successful or not.
    count: usize,
    has_failed: bool,
    settings: Settings,
    /// What `:full` shows.
    last: Option<crate::value::Value>,
    /// Where lessons have their files.
    folders: Vec<TempDir>,
}

/// Whether the session goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    GoOn,
    Leave,
}

const BANNER: &str = "\
╭──────────────────────────────────────────────╮
│  Forge VERSION                                │
│  help lists commands, exit leaves            │
│  :undo takes the last input back             │
╰──────────────────────────────────────────────╯
";

impl Repl {
    /// A session on an image whose program is replaced.
    ///
    /// # Errors
    /// When no runtime or thread can be started.
    pub fn new(image: Image, options: Options) -> std::io::Result<Repl> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Repl {
            options,
            sources: Sources::new(),
            branches: Branches::new(Session::new(image)),
            runtime,
            interrupts: Interrupts::listen()?,
            count: 0,
            has_failed: false,
            settings: Settings::of_process(),
            last: None,
            folders: Vec::new(),
        })
    }

    /// Reads inputs until there are no more; the exit code of the process.
    pub fn run(mut self) -> u8 {
        for path in std::mem::take(&mut self.options.load) {
            self.load(&path.display().to_string());
        }
        match std::io::stdin().is_terminal() {
            true => self.converse(),
            false => self.pipe(),
        }
    }

    fn converse(mut self) -> u8 {
        if self.options.has_banner {
            print!("{}", banner());
        }
        let mut editor =
            editor::Editor::new(self.options.history.as_deref(), self.options.has_colors);
        loop {
            editor.knows(words::of(self.branches.session()));
            match editor.read(self.branches.name()) {
                editor::Line::Input(text) => {
                    if self.input(&text) == Then::Leave {
                        return 0;
                    }
                }
                editor::Line::Dropped => println!("^C"),
                editor::Line::End => {
                    println!("Goodbye!");
                    return 0;
                }
            }
        }
    }

    /// No prompt, no echo; the exit code says whether an input failed.
    fn pipe(mut self) -> u8 {
        let mut text = String::new();
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            text.push_str(&line);
            text.push('\n');
            if crate::syntax::is_open(&text) || is_comment(&text) {
                continue;
            }
            let input = std::mem::take(&mut text);
            if self.input(&input) == Then::Leave {
                return u8::from(self.has_failed);
            }
        }
        if !text.trim().is_empty() && self.input(&text) == Then::Leave {
            return u8::from(self.has_failed);
        }
        println!("Goodbye!");
        u8::from(self.has_failed)
    }

    /// One input: a command, or a piece of the program.
    fn input(&mut self, text: &str) -> Then {
        let word = text.trim();
        if word.is_empty() {
            return Then::GoOn;
        }
        match self.command(word) {
            Some(then) => then,
            None => {
                self.evaluate(text);
                Then::GoOn
            }
        }
    }

    /// Shows findings about an input.
    fn report(&mut self, found: &[Diagnostic]) {
        self.has_failed = true;
        let report = self.options.renderer.all(found, &self.sources, 20);
        eprint!("{report}");
    }

    /// Runs a file as one input.
    fn load(&mut self, path: &str) {
        match std::fs::read_to_string(path) {
            Ok(text) => self.evaluate(&text),
            Err(error) => self.complain(&format!("could not read '{path}': {error}")),
        }
    }

    fn complain(&mut self, text: &str) {
        self.has_failed = true;
        eprintln!("error: {text}");
    }
}

/// Whether there is nothing but comments, which belong to what comes next.
fn is_comment(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    lines.peek().is_some() && lines.all(|line| line.starts_with("//"))
}

fn banner() -> String {
    let version = env!("CARGO_PKG_VERSION");
    BANNER.replace("VERSION ", &format!("{version:<8}"))
}
