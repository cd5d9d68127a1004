//! What a program writes while it is tested, kept until it is its turn in the report.

use super::Stream;
use crate::diag::Fault;
use crate::native::Host;
use crate::native::Served;
use crate::native::Started;
use parking_lot::Mutex;
use std::convert::Infallible;
use std::io::Write;
use std::sync::Arc;

/// The most bytes that are kept of one test: one that prints for ever must not fill the memory.
const MOST: usize = 16 << 20;

/// What was written, in order.
pub(super) type Written = Vec<(Stream, String)>;

/// A host that keeps what is written.
#[derive(Default)]
pub(super) struct Capture {
    kept: Mutex<Kept>,
    started: Started,
    served: Mutex<Option<Arc<dyn Served>>>,
}

#[derive(Default)]
struct Kept {
    pieces: Written,
    bytes: usize,
}

impl Capture {
    /// The host of a program that was started like this.
    pub(super) fn new(started: Started) -> Capture {
        Capture { started, ..Capture::default() }
    }

    /// What was written so far; it is kept no longer.
    pub(super) fn take(&self) -> Written {
        let mut pieces = std::mem::take(&mut *self.kept.lock()).pieces;
        if let Some((_, last)) = pieces.last_mut()
            && !last.ends_with('\n')
        {
            // The report goes on in a line of its own.
            last.push('\n');
        }
        pieces
    }

    /// Who answers the requests that the program sends to itself: nobody before and after its tests.
    pub(super) fn set_served(&self, served: Option<Arc<dyn Served>>) {
        *self.served.lock() = served;
    }

    fn keep(&self, stream: Stream, text: &str) {
        let mut kept = self.kept.lock();
        if kept.bytes > MOST {
            return;
        }
        kept.bytes += text.len();
        let (stream, text) = match kept.bytes > MOST {
            true => (Stream::Err, "note: further output is not shown\n"),
            false => (stream, text),
        };
        match kept.pieces.last_mut() {
            Some((of, last)) if *of == stream => last.push_str(text),
            _ => kept.pieces.push((stream, text.to_owned())),
        }
    }
}

impl Host for Capture {
    fn write(&self, text: &str) -> Result<(), Fault> {
        self.keep(Stream::Out, text);
        Ok(())
    }

    fn exit(&self, code: i32) -> Result<Infallible, Fault> {
        // The report of this test never comes.
        for (stream, text) in self.take() {
            // What cannot be written is lost: the process ends anyway.
            let _ = match stream {
                Stream::Out => std::io::stdout().write_all(text.as_bytes()),
                Stream::Err => std::io::stderr().write_all(text.as_bytes()),
            };
        }
        std::process::exit(code)
    }

    fn started(&self) -> &Started {
        &self.started
    }

    fn served(&self) -> Option<Arc<dyn Served>> {
        self.served.lock().clone()
    }

    fn note(&self, text: &str) {
        self.keep(Stream::Err, text);
    }
}
