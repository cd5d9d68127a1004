//! Files that change: what all kinds of `--watch` have in common.

use notify::Event;
use notify::EventKind;
use notify::RecommendedWatcher;
use std::fmt::Display;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

/// An editor writes in several steps; this long after the last of them, it is done.
pub(super) const QUIET: Duration = Duration::from_millis(100);

/// Hands on the paths of each change; that somebody has read a file is none.
///
/// # Errors
/// When the system watches nothing.
pub(super) fn watcher(
    tell: impl Fn(Vec<PathBuf>) + Send + 'static,
) -> Result<RecommendedWatcher, String> {
    let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| match event {
        Ok(event) if !matches!(event.kind, EventKind::Access(_)) => tell(event.paths),
        Ok(_) | Err(_) => {}
    });
    watcher.map_err(unwatchable)
}

/// What is said when files cannot be watched.
pub(super) fn unwatchable(error: impl Display) -> String {
    format!("could not watch files: {error}")
}

/// The folder to look at for changes of a path: a file that is replaced is another file of that name.
pub(super) fn folder(path: &Path) -> PathBuf {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() }
}
