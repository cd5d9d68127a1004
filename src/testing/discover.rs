//! The files that may hold tests (tooling 5.1).

use std::io;
use std::path::Path;
use std::path::PathBuf;

/// Folders that hold no tests of the project.
const SKIPPED: &[&str] = &["forge_modules", "node_modules", "target"];

/// A path that cannot be looked at.
#[derive(Debug)]
pub enum Lost {
    /// It does not exist.
    Missing(PathBuf),
    /// It cannot be read.
    Unreadable(PathBuf, io::Error),
}

/// The `.fg` files at and below `paths`, sorted, each once. A file that is named itself may have any extension.
///
/// # Errors
/// The first path that is missing or cannot be read.
pub fn discover(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Lost> {
    let mut found = Vec::new();
    let mut folders = Vec::new();
    for path in paths {
        match path {
            path if path.is_dir() => folders.push(path.clone()),
            path if path.exists() => found.push(path.clone()),
            path => return Err(Lost::Missing(path.clone())),
        }
    }
    while let Some(folder) = folders.pop() {
        look_into(&folder, &mut found, &mut folders)
            .map_err(|error| Lost::Unreadable(folder, error))?;
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn look_into(
    folder: &Path,
    files: &mut Vec<PathBuf>,
    folders: &mut Vec<PathBuf>,
) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        // A link to a folder may lead back here, so it is not followed.
        if entry.file_type()?.is_dir() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if !name.starts_with('.') && !SKIPPED.contains(&&*name) {
                folders.push(path);
            }
        } else if path.extension().is_some_and(|extension| extension == "fg") && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}
