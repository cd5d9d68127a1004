//! Clocks of the measurements, and the allocator of the `forge` command.

#[path = "allocator.rs"]
mod allocator;

use std::time::Duration;
use std::time::Instant;

/// How long one run takes: the shortest of `times`.
pub(crate) fn best(times: usize, mut run: impl FnMut()) -> Duration {
    let once = |_| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..times.max(1)).map(once).min().unwrap_or_default()
}
