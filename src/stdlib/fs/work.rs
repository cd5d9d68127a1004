//! What `fs` does on the disk.

use crate::diag::Fault;
use crate::native::Args;
use crate::native::Outcome;
use crate::native::fail;
use crate::native::with_caller;
use crate::stdlib::files::with_files;
use crate::stdlib::write;
use crate::value::JsonStyle;
use crate::value::Value;
use crate::value::from_json;
use crate::value::json_text;
use crate::value::to_bytes;
use std::fs;
use std::io;
use std::path::Path;

/// What the system does with one path.
type Action<T> = fn(&Path) -> io::Result<T>;

/// Does something with the path that is the first argument; `NAME error: DETAIL` when it fails.
fn act<T: Into<Value> + 'static>(args: &mut Args<'_>, action: Action<T>) -> Result<Outcome, Fault> {
    let (name, path) = (args.name(), args.str(0).to_owned());
    with_files(move |files| action(&files.locate(&path)?).or_else(failed(name)))
}

fn failed<T>(name: &'static str) -> impl FnOnce(io::Error) -> Result<T, Fault> {
    move |error| fail(format!("{name} error: {error}"))
}

pub(super) fn read(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    act(args, |path| fs::read_to_string(path))
}

pub(super) fn size(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    act(args, |path| Ok(fs::metadata(path)?.len() as i64))
}

pub(super) fn lines(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    act(args, |path| {
        let text = fs::read_to_string(path)?;
        Ok(Value::array(text.lines().map(Value::from).collect()))
    })
}

pub(super) fn list(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    act(args, |path| {
        let entries = fs::read_dir(path)?.map(|entry| Ok(entry?.file_name()));
        let mut names = entries.collect::<io::Result<Vec<_>>>()?;
        names.sort();
        let names = names.iter().map(|name| Value::text(name.to_string_lossy()));
        Ok(Value::array(names.collect()))
    })
}

/// A link is removed itself: only the folder that it is in is looked up.
pub(super) fn remove(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (name, path) = (args.name(), args.str(0).to_owned());
    with_files(move |files| {
        let located = files.locate(&path)?;
        let given = files.absolute(&path);
        // A link from outside into the confines is not ours to remove.
        let target = match given.is_symlink() && !files.is_confined() {
            true => given,
            false => located,
        };
        let removed = match fs::symlink_metadata(&target) {
            Ok(found) if found.is_dir() => fs::remove_dir_all(&target),
            Ok(_) => fs::remove_file(&target),
            Err(error) => Err(error),
        };
        removed.or_else(failed(name)).map(|()| Value::Null)
    })
}

pub(super) fn mkdir(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (name, path) = (args.name(), args.str(0).to_owned());
    with_files(move |files| {
        let made = fs::create_dir_all(files.locate_new(&path)?);
        made.or_else(failed(name)).map(|()| Value::Null)
    })
}

pub(super) fn write(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    put(args, write::write)
}

pub(super) fn append(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    put(args, write::append)
}

/// Puts the text, or the bytes, that are the second argument into the file that the first one names.
fn put(args: &mut Args<'_>, action: fn(&Path, &[u8]) -> io::Result<()>) -> Result<Outcome, Fault> {
    let (name, path) = (args.name(), args.str(0).to_owned());
    let content = args.take(1);
    let bytes = match &content {
        Value::Str(_) => None,
        other => Some(to_bytes(other).ok_or_else(|| args.requires())?),
    };
    with_files(move |files| {
        let bytes = match (&bytes, &content) {
            (None, Value::Str(text)) => text.as_bytes(),
            (bytes, _) => bytes.as_deref().unwrap_or_default(),
        };
        let put = action(&files.locate(&path)?, bytes);
        put.or_else(failed(name)).map(|()| Value::Null)
    })
}

pub(super) fn read_json(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (name, path) = (args.name(), args.str(0).to_owned());
    with_files(move |files| {
        let bytes = fs::read(files.locate(&path)?).or_else(failed(name))?;
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) => return fail(format!("{name} error: stream did not contain valid UTF-8")),
        };
        from_json(text.as_bytes()).or_else(|error| fail(format!("{name} parse error: {error}")))
    })
}

pub(super) fn write_json(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (name, path) = (args.name(), args.str(0).to_owned());
    let text = json_text(args.get(1), JsonStyle::Indented(2))?;
    with_files(move |files| {
        let put = write::write(&files.locate(&path)?, text.as_bytes());
        put.or_else(failed(name)).map(|()| Value::Null)
    })
}

pub(super) fn copy(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    pair(args, |from, to| Ok(Value::Int(write::copy(from, to)? as i64)))
}

pub(super) fn rename(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    pair(args, |from, to| fs::rename(from, to).map(|()| Value::Null))
}

fn pair(
    args: &mut Args<'_>,
    action: fn(&Path, &Path) -> io::Result<Value>,
) -> Result<Outcome, Fault> {
    let (name, from, to) = (args.name(), args.str(0).to_owned(), args.str(1).to_owned());
    with_files(move |files| {
        action(&files.locate(&from)?, &files.locate(&to)?).or_else(failed(name))
    })
}

/// Asks something about the path that is the first argument; what cannot be looked at is not so.
pub(super) fn ask(args: &mut Args<'_>, question: fn(&Path) -> bool) -> Result<Outcome, Fault> {
    let path = args.str(0).to_owned();
    with_files(move |files| Ok(files.locate(&path).is_ok_and(|path| question(&path))))
}

pub(super) fn temp_dir(_: &mut Args<'_>) -> Result<Outcome, Fault> {
    with_caller(|caller| {
        let folder = caller.surroundings().variable("TMPDIR").filter(|folder| !folder.is_empty());
        Ok(folder.map_or_else(|| Value::from("/tmp"), Value::Str).into())
    })
}
