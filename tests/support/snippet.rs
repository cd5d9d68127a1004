//! Runs a piece of Forge and tells what it printed.

use forge::diag::Sources;
use forge::engine;
use forge::engine::Output;
use forge::engine::Text;
use std::io;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;

/// Everything the program printed, and the texts of what was wrong with it. It imports what stands beside the file
/// `name`, which need not exist.
pub(crate) fn run(name: &str, text: &str) -> (String, Vec<String>) {
    let printed = Printed::default();
    let output = Arc::new(Output::to(Box::new(printed.clone()), false));
    let mut sources = Sources::new();
    let path = Path::new(name);
    let found =
        match engine::load(&mut sources, Text::new(name, text).in_file(path), output.clone()) {
            Err(found) => found,
            Ok(loaded) => {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                let result = runtime.expect("a runtime").block_on(loaded.run());
                loaded.image.scope.cancel();
                result.err().map(|error| engine::diagnostic(&error)).into_iter().collect()
            }
        };
    output.flush().expect("memory takes everything");
    let bytes = std::mem::take(&mut *printed.0.lock().expect("nobody panicked"));
    let printed = String::from_utf8(bytes).expect("programs print text");
    (printed, found.into_iter().map(|one| one.message).collect())
}

/// A sink that remembers.
#[derive(Clone, Default)]
struct Printed(Arc<Mutex<Vec<u8>>>);

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panicked").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
