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
    Serving(usize),
}

/// What the session and the listener know of each other: both hear each Ctrl-C, one of them first.
struct State {
    doing: Doing,
    /// What the listener heard the last one at.
    heard: Option<Doing>,
    /// Whether it has ended what the session did, and the listener has yet to hear it.
    is_answered: bool,
}

impl State {
    /// What the session did is over.
    fn end(&mut self, is_interrupted: bool) {
        self.is_answered |= is_interrupted && self.heard != Some(self.doing);
        self.doing = Doing::Nothing;
    }
}

/// Listens for Ctrl-C.
pub(super) struct Interrupts {
    state: Arc<Mutex<State>>,
    /// What the session did so far.
    count: AtomicUsize,
}

impl Interrupts {
    /// Listens on a thread of its own: what does not stop keeps the one it runs on.
    ///
    /// # Errors
    /// When there is no such thread.
    pub(super) fn listen() -> io::Result<Interrupts> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let state = State { doing: Doing::Nothing, heard: None, is_answered: false };
        let state = Arc::new(Mutex::new(state));
        let seen = state.clone();
        let listener = move || runtime.block_on(end_when_meant(&seen));
        std::thread::Builder::new().spawn(listener)?;
        Ok(Interrupts { state, count: AtomicUsize::new(0) })
    }

    fn during(&self, doing: fn(usize) -> Doing) -> During<'_> {
        self.state.lock().doing = doing(self.count.fetch_add(1, Ordering::Relaxed));
        During { state: &self.state, is_interrupted: false }
    }
}

async fn end_when_meant(state: &Mutex<State>) {
    let mut last: Option<(Doing, Instant)> = None;
    // A line editor reads the key itself.
    let is_asked = io::stdin().is_terminal();
    while tokio::signal::ctrl_c().await.is_ok() {
        let mut state = state.lock();
        if std::mem::take(&mut state.is_answered) {
            continue;
        }
        let now = state.doing;
        state.heard = Some(now);
        let is_end = match now {
            Doing::Nothing => !is_asked,
            Doing::Work(_) => last.is_some_and(|(then, at)| then == now && at.elapsed() < SOON),
            Doing::Serving(_) => false,
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
        let mut during = self.interrupts.during(Doing::Work);
        let result = self.runtime.block_on(async {
            // The signal comes first: from the first thing that the work prints on, Ctrl-C means the work.
            tokio::select! {
                biased;
                _ = tokio::signal::ctrl_c() => None,
                result = work => Some(result),
            }
        });
        during.is_interrupted = result.is_none();
        result
    }

    /// Waits for a server, which ends at Ctrl-C by itself.
    pub(super) fn while_serving<T, E>(
        &self,
        server: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let mut during = self.interrupts.during(Doing::Serving);
        let result = self.runtime.block_on(server);
        during.is_interrupted = result.is_ok();
        result
    }
}

/// It ends when it is dropped, also by a panic.
struct During<'s> {
    state: &'s Mutex<State>,
    is_interrupted: bool,
}

impl Drop for During<'_> {
    fn drop(&mut self) {
        self.state.lock().end(self.is_interrupted);
    }
}
