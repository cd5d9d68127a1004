//! How many machines may run or wait at once (server 5.2). Nobody queues: the next request is refused.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::Ordering::SeqCst;
use tokio::sync::Notify;

/// Counts something, and tells when none is left.
#[derive(Default)]
pub(super) struct Count {
    now: AtomicUsize,
    /// Who waits for none: asking the bell itself would take a lock each time.
    waiting: AtomicUsize,
    none: Notify,
}

impl Count {
    /// One more, unless that is more than `limit`.
    pub(super) fn enter(&self, limit: usize) -> bool {
        self.now.fetch_update(SeqCst, Relaxed, |now| (now < limit).then_some(now + 1)).is_ok()
    }

    /// One less.
    pub(super) fn leave(&self) {
        if self.now.fetch_sub(1, SeqCst) == 1 && self.waiting.load(SeqCst) > 0 {
            self.none.notify_waiters();
        }
    }

    /// How many there are.
    pub(super) fn now(&self) -> usize {
        self.now.load(SeqCst)
    }

    /// Returns when there is none.
    pub(super) async fn none(&self) {
        let _waiting = Waiting::new(&self.waiting);
        loop {
            let rung = self.none.notified();
            if self.now() == 0 {
                return;
            }
            rung.await;
        }
    }
}

struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Waiting<'a> {
        count.fetch_add(1, SeqCst);
        Waiting(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}
