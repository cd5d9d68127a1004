//! Any bytes as a program: read, checked, compiled, and run for a moment with all that it starts. Nothing may panic,
//! hang, or take much memory.

#![no_main]

mod drive;

use forge::diag::Diagnostic;
use forge::diag::Fault;
use forge::diag::Format;
use forge::diag::Renderer;
use forge::diag::SourceId;
use forge::diag::Sources;
use forge::engine;
use forge::engine::Text;
use forge::native::Host;
use forge::native::Started;
use forge::package;
use forge::syntax;
use libfuzzer_sys::Corpus;
use libfuzzer_sys::fuzz_target;
use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let text = String::from_utf8_lossy(bytes);
    // Parsing needs the large stack that the engine gives it.
    let run = std::thread::Builder::new().stack_size(64 << 20).spawn({
        let text = text.into_owned();
        move || run(&text)
    });
    run.expect("a thread can be started").join().expect("a panic aborts")
});

fn run(text: &str) -> Corpus {
    let imports = syntax::parse(SourceId(0), text).imports;
    if imports.iter().any(|path| is_there(path)) {
        return Corpus::Reject;
    }
    let mut sources = Sources::new();
    match engine::load(&mut sources, Text::new("fuzz.fg", text).checked(), Arc::new(Nowhere)) {
        Err(found) => show(&found, &sources),
        Ok(loaded) => {
            show(&loaded.warnings, &sources);
            if let Err(error) = drive::run(loaded) {
                show(&[engine::diagnostic(&error)], &sources);
            }
        }
    }
    Corpus::Keep
}

/// Takes all output; the process outlives its programs, which reach nothing outside of it.
struct Nowhere;

impl Host for Nowhere {
    fn write(&self, _: &str) -> Result<(), Fault> {
        Ok(())
    }

    fn exit(&self, _: i32) -> Result<Infallible, Fault> {
        Err(Fault::message("exit"))
    }

    fn started(&self) -> &Started {
        const SEALED: &Started =
            &Started { may_run: false, is_sealed: true, arguments: Vec::new() };
        SEALED
    }

    fn note(&self, _: &str) {}
}

/// Whether an import means a file that is there: what a program does must depend on its text alone.
fn is_there(path: &str) -> bool {
    let project = package::project(Path::new("."));
    package::find(path, None, project.as_deref()).is_some()
}

/// Every shape of a report must stand what it is given.
fn show(found: &[Diagnostic], sources: &Sources) {
    for format in [Format::Human, Format::Short, Format::Json] {
        let _ = Renderer { format, color: true, width: Some(80) }.all(found, sources, 20);
    }
}
