//! Ctrl-C while an input runs. The first cancels it at the next point where it can stop; a second one soon after, which
//! finds it running still, ends the process. So does one while a session that is no conversation waits for its input.

use super::Repl;
use parking_lot::Mutex;
use std::future::Future;
use std::io;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

/// How soon a second one is meant for the same input.
const SOON: Duration = Duration::from_secs(2);

/// The exit code of a process that Ctrl-C has ended.
const INTERRUPTED: i32 = 130;

/// What the session is doing.
#[derive(Clone, Copy, PartialEq)]
enum Doing {
    /// Waits for the next input.
    Nothing,
    /// Runs an input; no two have the same number.
    Work(usize),
    /// Serves; the server has ears of its own.
    Serving,
}

/// Listens for Ctrl-C.
pub(super) struct Interrupts {
    doing: Arc<Mutex<Doing>>,
    /// Pieces of work so far.
    count: AtomicUsize,
}

impl Interrupts {
    /// Listens on a thread of its own: what does not stop keeps the one it runs on.
    ///
    /// # Errors
    /// When there is no such thread.
    pub(super) fn listen() -> io::Result<Interrupts> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let doing = Arc::new(Mutex::new(Doing::Nothing));
        let seen = doing.clone();
        let listener = move || runtime.block_on(end_when_meant(&seen));
        std::thread::Builder::new().spawn(listener)?;
        Ok(Interrupts { doing, count: AtomicUsize::new(0) })
    }

    fn during(&self, doing: Doing) -> During<'_> {
        *self.doing.lock() = doing;
        During(&self.doing)
    }
}

async fn end_when_meant(doing: &Mutex<Doing>) {
    let mut last: Option<(Doing, Instant)> = None;
    // A line editor reads the key itself.
    let is_asked = io::stdin().is_terminal();
    while tokio::signal::ctrl_c().await.is_ok() {
        let now = *doing.lock();
        let is_end = match now {
            Doing::Nothing => !is_asked,
            Doing::Work(_) => last.is_some_and(|(then, at)| then == now && at.elapsed() < SOON),
            Doing::Serving => false,
        };
        if is_end {
            std::process::exit(INTERRUPTED);
        }
        last = Some((now, Instant::now()));
    }
}

impl Repl {
    /// Waits for work; `None` when Ctrl-C came before its end.
    pub(super) fn unless_interrupted<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let number = self.interrupts.count.fetch_add(1, Ordering::Relaxed);
        let _during = self.interrupts.during(Doing::Work(number));
        self.runtime.block_on(async {
            // The signal comes first: from the first thing that the work prints on, Ctrl-C means the work.
            tokio::select! {
                biased;
                _ = tokio::signal::ctrl_c() => None,
                result = work => Some(result),
            }
        })
    }

    /// Waits for a server, which ends at Ctrl-C by itself.
    pub(super) fn while_serving<T>(&self, server: impl Future<Output = T>) -> T {
        let _during = self.interrupts.during(Doing::Serving);
        self.runtime.block_on(server)
    }
}

/// It ends when it is dropped, also by a panic.
struct During<'d>(&'d Mutex<Doing>);

impl Drop for During<'_> {
    fn drop(&mut self) {
        *self.0.lock() = Doing::Nothing;
    }
}
