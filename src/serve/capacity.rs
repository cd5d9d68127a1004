//! How many machines may run or wait at once (server 5.2). The next request is refused; the next
//! message of a WebSocket waits.

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
    /// Who waits to enter, and the bell for the next of them.
    outside: AtomicUsize,
    room: Notify,
}

impl Count {
    /// One more, unless that is more than `limit`.
    pub(super) fn enter(&self, limit: usize) -> bool {
        self.now.fetch_update(SeqCst, Relaxed, |now| (now < limit).then_some(now + 1)).is_ok()
    }

    /// One more, as soon as that is not more than `limit`.
    pub(super) async fn enter_when_possible(&self, limit: usize) {
        if self.enter(limit) {
            return;
        }
        let _outside = Waiting::new(&self.outside);
        loop {
            // Before the look: a place that is left between the two rings it.
            let rung = self.room.notified();
            if self.enter(limit) {
                return;
            }
            rung.await;
        }
    }

    /// One less.
    pub(super) fn leave(&self) {
        let was = self.now.fetch_sub(1, SeqCst);
        if self.outside.load(SeqCst) > 0 {
            self.room.notify_one();
        }
        if was == 1 && self.waiting.load(SeqCst) > 0 {
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
