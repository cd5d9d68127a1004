//! Files are written beside their place and renamed: whoever reads one sees the old text or the new one, and a full disk
//! leaves the old.

use std::cell::Cell;
use std::fs;
use std::fs::Metadata;
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::path::Path;

/// Makes `bytes` the content of the file at `path`, which may be missing.
///
/// # Errors
/// When it cannot be written; then it is what it was.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match path.canonicalize() {
        // What a link leads to is written, not the link.
        Ok(real) => match fs::metadata(&real)? {
            old if old.is_file() => replace(&real, bytes, Some(&old)),
            _ => fs::write(&real, bytes),
        },
        Err(_) if path.is_symlink() => fs::write(path, bytes),
        Err(_) => replace(path, bytes, None),
    }
}

fn replace(path: &Path, bytes: &[u8], old: Option<&Metadata>) -> io::Result<()> {
    let folder = match path.parent() {
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
            return fs::write(path, bytes);
        }
        Err(error) => return Err(code.get().map_or(error, io::Error::from_raw_os_error)),
    };
    file.as_file_mut().write_all(bytes)?;
    if let Some(old) = old {
        fs::set_permissions(file.path(), old.permissions())?;
    }
    file.persist(path).map_err(|failed| failed.error)?;
    Ok(())
}

/// How a file is made that must not be there.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o666);
    options
}
