//! Files are written beside their place and renamed: whoever reads one sees the old text or the new one, and a full disk
//! leaves the old.

use std::cell::Cell;
use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::fs::Permissions;
use std::io;
use std::io::Write;
use std::path::Path;

/// Makes `bytes` the content of the file at `path`, which may be missing.
///
/// # Errors
/// When it cannot be written; then it is what it was.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fill = |file: &mut File| file.write_all(bytes);
    put(path, None, fill, |path| fs::write(path, bytes))
}

/// Makes the file at `to` a copy of that at `from`, with its permissions: how many bytes it has.
///
/// # Errors
/// When it cannot be written; then it is what it was.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<u64> {
    let found = fs::metadata(from)?;
    if !found.is_file() {
        return fs::copy(from, to);
    }
    let mut source = File::open(from)?;
    let fill = |file: &mut File| io::copy(&mut source, file);
    put(to, Some(found.permissions()), fill, |to| fs::copy(from, to))
}

/// Adds `bytes` to the end of the file at `path`, which may be missing.
///
/// # Errors
/// When they cannot be written; then the file is what it was.
pub(super) fn append(path: &Path, mut bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    let before = file.metadata()?.len();
    let mut after = before;
    while !bytes.is_empty() {
        match file.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => {
                bytes = &bytes[count..];
                after += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                // Unless somebody else has added to it meanwhile.
                if file.metadata().is_ok_and(|now| now.is_file() && now.len() == after) {
                    let _ = file.set_len(before);
                }
                return Err(error);
            }
        }
    }
    Ok(())
}

/// Gives a file what `fill` writes, in a new one that takes its place; `in_place` writes what cannot be replaced: devices,
/// and files whose folder is not ours.
fn put<T>(
    path: &Path,
    permissions: Option<Permissions>,
    fill: impl FnOnce(&mut File) -> io::Result<T>,
    in_place: impl FnOnce(&Path) -> io::Result<T>,
) -> io::Result<T> {
    // What a link leads to is written, not the link.
    let (real, old) = match path.canonicalize() {
        Ok(real) => (real.clone(), Some(fs::metadata(&real)?)),
        Err(_) if path.is_symlink() => return in_place(path),
        Err(_) => (path.to_owned(), None),
    };
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        return in_place(&real);
    }
    let folder = match real.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // What the system says is wanted alone, without the name of a file that nobody asked for.
    let code = Cell::new(None);
    let make = |path: &Path| {
        let made = options().open(path);
        made.inspect_err(|error| code.set(error.raw_os_error()))
    };
    let mut file = match tempfile::Builder::new().prefix(".forge-").make_in(folder, make) {
        Ok(file) => file,
        // The file may be open to us though its folder is not.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && old.is_some() => {
            return in_place(&real);
        }
        Err(error) => return Err(code.get().map_or(error, io::Error::from_raw_os_error)),
    };
    let filled = fill(file.as_file_mut())?;
    if let Some(permissions) = permissions.or(old.map(|old| old.permissions())) {
        fs::set_permissions(file.path(), permissions)?;
    }
    file.persist(real).map_err(|failed| failed.error)?;
    Ok(filled)
}

/// How a file is made that must not be there.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o666);
    options
}
