//! `forge run`, `forge -e`.

use super::args::Global;
use super::report::as_wanted;
use super::report::report;
use super::report::warn;
use super::serve;
use super::serve::Browser;
use super::serve_args::Surroundings;
use crate::diag::Diagnostic;
use crate::diag::Sources;
use crate::engine;
use crate::engine::Bundle;
use crate::engine::Loaded;
use crate::engine::Output;
use crate::engine::Template;
use crate::engine::Text;
use crate::machine::Planned;
use crate::native::Started;
use crate::task::Signals;
use crate::value::Program as Code;
use std::ffi::OsString;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// `error: TEXT`, exit code 1.
pub(super) fn complain(text: &str) -> ExitCode {
    eprintln!("error: {text}");
    ExitCode::FAILURE
}

/// What becomes of the value of a program's last expression.
#[derive(Clone, Copy)]
pub(super) enum Last {
    /// It is printed.
    Printed,
    /// Nobody sees it.
    Dropped,
}

/// Where a program comes from.
#[derive(Clone, Copy)]
pub(super) enum Origin<'a> {
    /// The file of that path.
    File(&'a str),
    /// The same, to take the place of a program.
    Next(&'a str, &'a Code),
    /// Standard input.
    Stdin,
    /// The command line.
    Eval(Last),
    /// The executable itself.
    Bundle(&'a Bundle),
}

impl<'a> Origin<'a> {
    /// What the argument of a command names.
    pub(super) fn of(path: &'a str) -> Origin<'a> {
        if path == "-" { Origin::Stdin } else { Origin::File(path) }
    }

    /// How reports call it.
    fn name(self) -> &'a str {
        match self {
            Origin::File(path) | Origin::Next(path, _) => path,
            Origin::Stdin => "<stdin>",
            Origin::Eval(_) => "<eval>",
            Origin::Bundle(bundle) => bundle.name(),
        }
    }
}

/// What a program is started with. What is written on the command line may run what a shell may.
fn started(origin: Origin<'_>, args: &[OsString], global: &Global) -> Started {
    let args = args.iter().map(|arg| arg.to_string_lossy().into_owned());
    Started {
        may_run: global.allow_run || matches!(origin, Origin::Eval(_)),
        is_sealed: false,
        arguments: std::iter::once(origin.name().to_owned()).chain(args).collect(),
    }
}

/// `forge -e CODE`
pub(super) fn eval(pieces: &[String], last: Last, args: &[OsString], global: &Global) -> ExitCode {
    let mut text = String::new();
    for piece in pieces {
        match piece.as_str() {
            "-" => match read("-") {
                Ok(more) => text.push_str(&more),
                Err(error) => return complain(&error),
            },
            piece => text.push_str(piece),
        }
        text.push('\n');
    }
    start(Origin::Eval(last), &text, args, global)
}

/// `forge run FILE`
pub(super) fn file(path: &str, args: &[OsString], global: &Global) -> ExitCode {
    // `--` right behind the file is not the program's.
    let args = args.strip_prefix(&[OsString::from("--")]).unwrap_or(args);
    match read(path) {
        Ok(text) => start(Origin::of(path), &text, args, global),
        Err(error) => complain(&error),
    }
}

/// The program of an executable that `forge build` has made.
pub(super) fn bundle(bundle: &Bundle, args: &[OsString], global: &Global) -> ExitCode {
    start(Origin::Bundle(bundle), bundle.text(), args, global)
}

/// The text of a program.
pub(super) fn read(path: &str) -> Result<String, String> {
    let text = match path {
        "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map(|_| text)
        }
        path => std::fs::read_to_string(path),
    };
    text.map_err(|error| format!("could not read '{path}': {error}"))
}

/// A program with what its commands need.
pub(super) struct Session<'a> {
    pub(super) sources: Sources,
    pub(super) output: Arc<Output>,
    pub(super) loaded: Loaded,
    pub(super) runtime: tokio::runtime::Runtime,
    pub(super) global: &'a Global,
}

fn start(origin: Origin<'_>, text: &str, args: &[OsString], global: &Global) -> ExitCode {
    let session = match Session::load(origin, text, args, global) {
        Ok(session) => session,
        Err(code) => return code,
    };
    engine::allow_huge_pages(true);
    let program = match session.run() {
        Ok(program) => program,
        Err(code) => return code,
    };
    if session.loaded.plan.server.is_some() {
        return match Surroundings::read() {
            Ok(surroundings) => {
                let over = |it: &mut _| surroundings.set(it);
                serve::program(&session, program, &over, Browser::LeftAlone, None)
            }
            Err(text) => complain(&text),
        };
    }
    serve::warn_of_unserved(&session.loaded.plan);
    match program.has_blocks() {
        true => session.stay(program, |signal| signal),
        false => ExitCode::SUCCESS,
    }
}

/// A program whose top-level code has run.
pub(super) struct Program {
    pub(super) template: Template,
    /// Its background blocks that have not started.
    pub(super) planned: Vec<Planned>,
}

impl Program {
    /// Whether a background block runs, or is going to.
    pub(super) fn has_blocks(&self) -> bool {
        self.template.image.blocks.as_ref().is_some_and(|blocks| blocks.live() > 0)
    }
}

impl Session<'_> {
    /// Reads, checks and compiles a program; reports what is wrong with it.
    pub(super) fn load<'a>(
        origin: Origin<'_>,
        text: &str,
        args: &[OsString],
        global: &'a Global,
    ) -> Result<Session<'a>, ExitCode> {
        let mut sources = Sources::new();
        let output = Arc::new(Output::stdout(false).of(started(origin, args, global)));
        let text = Text::new(origin.name(), text);
        let text = match origin {
            // It was checked when it was built.
            Origin::Bundle(bundle) => text.in_bundle(bundle),
            _ => text.checked(),
        };
        let text = match origin {
            Origin::File(path) => text.in_file(Path::new(path)),
            Origin::Next(path, old) => text.in_file(Path::new(path)).replacing(old),
            Origin::Eval(Last::Printed) => text.printing(),
            Origin::Eval(Last::Dropped) | Origin::Stdin | Origin::Bundle(_) => text,
        };
        let loaded = engine::load(&mut sources, text, output.clone());
        let mut loaded = loaded.map_err(|found| report(&found, &sources, global))?;
        let warnings = as_wanted(std::mem::take(&mut loaded.warnings), global);
        match warnings.is_empty() {
            true => {}
            false if global.strict => return Err(report(&warnings, &sources, global)),
            false => warn(&warnings, &sources, global),
        }
        let image = Arc::make_mut(&mut loaded.image);
        image.max_depth = global.max_depth;
        image.limit_tasks(global.max_tasks);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| complain(&format!("could not start: {error}")))?;
        Ok(Session { sources, output, loaded, runtime, global })
    }

    /// Runs the top-level code; its output is written when this returns.
    pub(super) fn run(&self) -> Result<Program, ExitCode> {
        let program = self.run_unless(std::future::pending())?;
        Ok(program.expect("nothing stops it"))
    }

    /// The same, unless `stop` comes first: then nothing of it runs any more.
    pub(super) fn run_unless(
        &self,
        stop: impl Future<Output = ()>,
    ) -> Result<Option<Program>, ExitCode> {
        if self.loaded.plan.has_blocks {
            // They may start while it runs, and go on for ever.
            crate::serve::init_logs();
            self.output.write_at_once().map_err(|fault| complain(&fault.to_string()))?;
        }
        let result = self.runtime.block_on(async {
            tokio::select! {
                biased;
                result = self.loaded.run_without_blocks() => Some(result),
                () = stop => None,
            }
        });
        self.output.flush().map_err(|fault| complain(&fault.to_string()))?;
        let Some(result) = result else { return Ok(None) };
        let (template, planned) =
            result.map_err(|error| self.report(&[engine::diagnostic(&error)]))?;
        Ok(Some(Program { template, planned }))
    }

    /// Lets the background blocks of a program run until SIGINT or SIGTERM; `code` makes an exit code of that of the
    /// signal.
    pub(super) fn stay(&self, program: Program, code: impl FnOnce(u8) -> u8) -> ExitCode {
        let Program { template, planned } = program;
        let signal = self.runtime.block_on(async {
            let mut signals = Signals::new().map_err(|error| error.to_string())?;
            template.begin(planned).map_err(|fault| fault.to_string())?;
            Ok::<u8, String>(signals.next().await)
        });
        let signal = match signal {
            Ok(signal) => signal,
            Err(text) => return complain(&text),
        };
        template.image.scope.cancel();
        match self.output.flush() {
            Ok(()) => super::exit(code(signal).into()),
            Err(fault) => complain(&fault.to_string()),
        }
    }

    /// Shows findings on standard error; exit code 1.
    pub(super) fn report(&self, found: &[Diagnostic]) -> ExitCode {
        report(found, &self.sources, self.global)
    }
}
