//! Where program output goes.

use crate::diag::Fault;
use crate::native::Host;
use crate::native::Started;
use parking_lot::Mutex;
use std::io::BufWriter;
use std::io::ErrorKind;
use std::io::IsTerminal;
use std::io::Write;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

/// Standard output, buffered unless somebody watches.
pub struct Output {
    sink: Mutex<BufWriter<Box<dyn Write + Send>>>,
    /// Whether each text is written at once.
    is_direct: AtomicBool,
    started: Started,
}

impl Output {
    /// Standard output; `is_direct` for a process that goes on for ever.
    pub fn stdout(is_direct: bool) -> Output {
        let stdout = std::io::stdout();
        let is_direct = is_direct || stdout.is_terminal();
        Output::to(Box::new(stdout), is_direct)
    }

    /// Any other sink.
    pub fn to(sink: Box<dyn Write + Send>, is_direct: bool) -> Output {
        Output {
            sink: Mutex::new(BufWriter::with_capacity(1 << 16, sink)),
            is_direct: AtomicBool::new(is_direct),
            started: Started::default(),
        }
    }

    /// The same for a program that was started with these arguments and permissions.
    pub fn of(self, started: Started) -> Output {
        Output { started, ..self }
    }

    /// From now on each text is written at once: the process goes on for ever.
    ///
    /// # Errors
    /// When what is buffered cannot be written.
    pub fn write_at_once(&self) -> Result<(), Fault> {
        self.is_direct.store(true, Relaxed);
        self.flush()
    }

    /// Writes what is buffered.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn flush(&self) -> Result<(), Fault> {
        self.sink.lock().flush().or_else(failed)
    }
}

/// A closed pipe ends the process quietly; anything else is the program's failure.
fn failed(error: std::io::Error) -> Result<(), Fault> {
    if error.kind() == ErrorKind::BrokenPipe {
        std::process::exit(0);
    }
    Err(Fault::message(format!("could not write output: {error}")))
}

impl Host for Output {
    fn write(&self, text: &str) -> Result<(), Fault> {
        let mut sink = self.sink.lock();
        let written = sink.write_all(text.as_bytes());
        let is_direct = self.is_direct.load(Relaxed);
        let written = if is_direct { written.and_then(|()| sink.flush()) } else { written };
        drop(sink);
        written.or_else(failed)
    }

    fn flush(&self) -> Result<(), Fault> {
        Output::flush(self)
    }

    fn started(&self) -> &Started {
        &self.started
    }
}
