//! Paths as texts: what `fs` and `path` say of them without looking at the disk.

use crate::diag::Fault;
use crate::native::Args;
use crate::native::Outcome;
use crate::value::Value;
use std::ffi::OsStr;
use std::path::Path;
use std::path::PathBuf;

/// What a function says of a path.
type Part = fn(&Path) -> Option<&OsStr>;

/// What `part` says of a path; empty when that is nothing.
pub(in crate::stdlib) fn part(path: &str, part: Part) -> Value {
    part(Path::new(path)).and_then(OsStr::to_str).unwrap_or_default().into()
}

pub(super) fn ext(path: &Path) -> Option<&OsStr> {
    path.extension()
}

pub(in crate::stdlib) fn dirname(path: &Path) -> Option<&OsStr> {
    path.parent().map(Path::as_os_str)
}

pub(in crate::stdlib) fn basename(path: &Path) -> Option<&OsStr> {
    path.file_name()
}

pub(super) fn join(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let mut path = PathBuf::new();
    for i in 0..args.len() {
        match args.get(i) {
            Value::Str(part) => path.push(part.as_str()),
            _ => return Err(args.requires()),
        }
    }
    Ok(path.to_string_lossy().into_owned().into())
}
