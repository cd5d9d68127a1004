//! Files are written beside their place and renamed: whoever reads one sees the old text or the new one, and a full disk
//! leaves the old.

use std::error::Error;
use std::fs;
use std::fs::Metadata;
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
    let mut builder = tempfile::Builder::new();
    builder.prefix(".forge-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = match builder.tempfile_in(folder) {
        Ok(file) => file,
        // The file may be open to us though its folder is not.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && old.is_some() => {
            return fs::write(path, bytes);
        }
        Err(error) => return Err(plain(error)),
    };
    file.write_all(bytes).map_err(plain)?;
    if let Some(old) = old {
        fs::set_permissions(file.path(), old.permissions())?;
    }
    file.persist(path).map_err(|failed| plain(failed.error))?;
    Ok(())
}

/// What the system said, without the name of the file that nobody asked for.
fn plain(error: io::Error) -> io::Error {
    let code = error
        .raw_os_error()
        .or_else(|| error.source()?.downcast_ref::<io::Error>().and_then(io::Error::raw_os_error));
    code.map_or(error, io::Error::from_raw_os_error)
}
