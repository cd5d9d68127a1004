//! Runs programs that carry their own expectation, in every mode the engine has.

mod copies;
mod programs;

pub(super) use programs::name;
pub(super) use programs::programs;

use forge::diag::Diagnostic;
use forge::diag::Error;
use forge::diag::Renderer;
use forge::diag::Sources;
use forge::engine;
use forge::engine::Loaded;
use forge::engine::Output;
use forge::engine::Template;
use forge::engine::Text;
use forge::machine::Fuel;
use forge::machine::Machine;
use forge::machine::Step;
use forge::native::Started;
use forge::task;
use std::fs;
use std::io;
use std::io::Write;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;

/// What a program did.
#[derive(Debug, PartialEq)]
pub(super) struct Outcome {
    /// Everything it printed.
    pub(super) output: String,
    /// The texts of what was wrong with it, hint lines included.
    pub(super) errors: Vec<String>,
    /// The whole report, as the command line shows it.
    pub(super) report: String,
}

/// How a program is run. The result must not depend on it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    /// In slices of the usual size.
    Plain,
    /// Stopped and resumed after every call and every backward jump.
    OneUnitOfFuel,
    /// On a fork of a world in which nothing has run.
    OnAFork,
    /// In that world itself, after the fork has run: it must be untouched.
    AfterTheFork,
    /// With every move made a copy: nothing may read what a move emptied.
    NothingMoves,
    /// With a mark for each statement that runs, as for coverage.
    Marked,
}

/// All modes but the plain one.
const OTHERS: [Mode; 5] =
    [Mode::OneUnitOfFuel, Mode::OnAFork, Mode::AfterTheFork, Mode::NothingMoves, Mode::Marked];

/// Runs the program at `path` in every mode; the difference if they differ.
pub(super) fn run(path: &Path) -> Result<Outcome, String> {
    let plain = run_in(path, Mode::Plain);
    // What a fork does to shared variables is seen afterwards.
    let has_shared = fs::read_to_string(path).is_ok_and(|text| text.contains("shared {"));
    for mode in OTHERS.into_iter().filter(|mode| !has_shared || *mode != Mode::AfterTheFork) {
        let other = run_in(path, mode);
        if other != plain {
            return Err(format!("{}: plain {plain:?}\n  {mode:?} {other:?}", name(path)));
        }
    }
    Ok(plain)
}

fn run_in(path: &Path, mode: Mode) -> Outcome {
    let text = fs::read_to_string(path).unwrap();
    let file = path.file_name().unwrap().to_string_lossy().to_string();
    let mut sources = Sources::new();
    let printed = Printed::default();
    let output = Arc::new(Output::to(Box::new(printed.clone()), false).of(started(path)));
    let program = Text::new(&file, &text).in_file(path);
    let program = match mode {
        Mode::Marked => program.marked(),
        _ => program,
    };
    let work = || match engine::load(&mut sources, program, output.clone()) {
        Err(found) => found,
        Ok(loaded) => {
            let result = in_mode(&loaded, mode, &printed, &output);
            // The end of a program is the end of its tasks.
            loaded.image.scope.cancel();
            result.err().map(|error| engine::diagnostic(&error)).into_iter().collect()
        }
    };
    let found = std::panic::catch_unwind(AssertUnwindSafe(work));
    let found = found.unwrap_or_else(|_| vec![Diagnostic::error("", "the engine panicked")]);
    let renderer = Renderer { width: Some(100), ..Renderer::default() };
    Outcome {
        output: printed.take(&output),
        errors: found.iter().map(text_of).collect(),
        report: renderer.all(&found, &sources, 20),
    }
}

/// What programs about arguments and about other programs are started with.
fn started(path: &Path) -> Started {
    let file = path.file_name().unwrap().to_string_lossy().to_string();
    let arguments = [&file, "--name", "ada", "--level=3", "rest", "--on"];
    Started {
        may_run: path.components().any(|part| part.as_os_str() == "exec"),
        is_sealed: false,
        arguments: arguments.map(str::to_owned).to_vec(),
    }
}

fn text_of(found: &Diagnostic) -> String {
    let mut text = found.message.clone();
    for hint in &found.hints {
        text.push_str("\n  hint: ");
        text.push_str(hint);
    }
    text
}

fn in_mode(
    loaded: &Loaded,
    mode: Mode,
    printed: &Printed,
    output: &Arc<Output>,
) -> Result<(), Error> {
    match mode {
        Mode::Plain | Mode::Marked => runtime().block_on(loaded.run()).map(drop),
        Mode::OneUnitOfFuel => drive(&loaded.template(), Fuel(1)),
        Mode::OnAFork => drive(&loaded.template().fork(), Fuel::SLICE),
        Mode::AfterTheFork => {
            let template = loaded.template();
            let _ = drive(&template.fork(), Fuel::SLICE);
            printed.take(output);
            drive(&template, Fuel::SLICE)
        }
        Mode::NothingMoves => drive(&copies::nothing_moves(loaded).template(), Fuel::SLICE),
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Runs the top-level code in the template's own world.
fn drive(template: &Template, fuel: Fuel) -> Result<(), Error> {
    let main = template.image.program.main;
    let (image, world) = (template.image.clone(), template.world.clone());
    let mut machine = Machine::start(image, world, template.env.clone(), main);
    runtime().block_on(async {
        let mut answer = None;
        loop {
            match machine.resume(fuel, answer.take()) {
                Step::Done(_) => return Ok(()),
                Step::Failed(error) => return Err(error),
                Step::OutOfFuel => {}
                Step::Waiting(future) => answer = task::wait(&mut machine, future).await,
            }
        }
    })
}

/// A sink that remembers.
#[derive(Clone, Default)]
struct Printed(Arc<Mutex<Vec<u8>>>);

impl Printed {
    fn take(&self, output: &Output) -> String {
        output.flush().unwrap();
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
