//! Paths as texts: what `fs` and `path` say of them without looking at the disk.

use crate::diag::Fault;
use crate::native::Args;
use crate::native::Outcome;
use crate::native::fail;
use crate::value::Value;
use std::ffi::OsStr;
use std::path::Path;
use std::path::PathBuf;

/// What `part` says of the path that is the first argument.
pub(in crate::stdlib) fn text(
    args: &mut Args<'_>,
    part: fn(&Path) -> Option<&OsStr>,
) -> Result<Outcome, Fault> {
    let found = part(Path::new(args.str(0))).and_then(OsStr::to_str);
    Ok(found.unwrap_or_default().into())
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
    match path.into_os_string().into_string() {
        Ok(path) => Ok(path.into()),
        Err(_) => fail("fs.join_path() made no text"),
    }
}
