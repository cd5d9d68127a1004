//! What a package consists of: its files, their digest, and copies of them (tooling 8.6).

use sha2::Digest;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

/// Names of files and folders that are no content, wherever they are.
const SKIPPED: [&str; 6] =
    [".git", ".DS_Store", "__MACOSX", ".gitkeep", ".forge", super::local::CHECKSUM];

/// Folders that are no content at the top.
const SKIPPED_AT_TOP: [&str; 1] = ["forge_modules"];

/// The digests of a package.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Content {
    /// `sha256:HEX` of all files: each as length and path, length and content, in the order of their paths.
    pub(super) checksum: String,
    /// The SHA-256 of each file, by its path with `/`.
    pub(super) files: BTreeMap<String, String>,
}

impl Content {
    /// That of the package in a folder; one that is a file alone is a folder with `main.fg`.
    ///
    /// # Errors
    /// When something cannot be read.
    pub(super) fn of(package: &Path) -> Result<Content, String> {
        let mut whole = Sha256::new();
        let mut digests = BTreeMap::new();
        for (name, path) in files(package)? {
            let bytes = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
            for part in [name.as_bytes(), &bytes] {
                whole.update((part.len() as u64).to_le_bytes());
                whole.update(part);
            }
            digests.insert(name, hex::encode(Sha256::digest(&bytes)));
        }
        let checksum = format!("sha256:{}", hex::encode(whole.finalize()));
        Ok(Content { checksum, files: digests })
    }

    /// The first file in which another content differs, if one does.
    pub(super) fn difference<'a>(&'a self, other: &'a Content) -> Option<&'a str> {
        let names = self.files.keys().chain(other.files.keys());
        names
            .filter(|name| self.files.get(*name) != other.files.get(*name))
            .min()
            .map(String::as_str)
    }
}

/// Copies a package into a folder that need not exist.
///
/// # Errors
/// When something cannot be read or written.
pub fn copy(package: &Path, to: &Path) -> Result<(), String> {
    make_folder(to)?;
    for (name, path) in files(package)? {
        let target = to.join(&name);
        make_folder(target.parent().unwrap_or(to))?;
        fs::copy(&path, &target).map_err(|error| unwritable(&target, &error))?;
    }
    Ok(())
}

/// A folder, with those above it.
///
/// # Errors
/// When it cannot be made.
pub(super) fn make_folder(path: &Path) -> Result<(), String> {
    fs::create_dir_all(path).map_err(|error| unwritable(path, &error))
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> String {
    format!("could not read '{}': {error}", path.display())
}

pub(super) fn unwritable(path: &Path, error: &io::Error) -> String {
    format!("could not write '{}': {error}", path.display())
}

/// The files of a package with their paths in it, sorted by these. Links are none.
pub(super) fn files(package: &Path) -> Result<Vec<(String, PathBuf)>, String> {
    if package.is_file() {
        return Ok(vec![("main.fg".to_owned(), package.to_owned())]);
    }
    let mut found = Vec::new();
    let mut folders = vec![(String::new(), package.to_owned())];
    while let Some((above, folder)) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| unreadable(&folder, &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| unreadable(&folder, &error))?;
            let path = entry.path();
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                return Err(format!("the name of '{}' is no UTF-8", path.display()));
            };
            let kind = entry.file_type().map_err(|error| unreadable(&path, &error))?;
            let is_top = above.is_empty() && SKIPPED_AT_TOP.contains(&name.as_str());
            if SKIPPED.contains(&name.as_str()) || is_top {
                continue;
            }
            let name = if above.is_empty() { name } else { format!("{above}/{name}") };
            match kind {
                kind if kind.is_dir() => folders.push((name, path)),
                kind if kind.is_file() => found.push((name, path)),
                _ => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_covers_names_and_borders_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        put("main.fg", "ab");
        put("lib/b.fg", "c");
        let first = Content::of(folder.path()).unwrap();
        let mut expected = Sha256::new();
        for part in ["lib/b.fg", "c", "main.fg", "ab"] {
            expected.update((part.len() as u64).to_le_bytes());
            expected.update(part);
        }
        assert_eq!(first.checksum, format!("sha256:{}", hex::encode(expected.finalize())));
        for skipped in [".git/config", ".DS_Store", "lib/.gitkeep", "forge_modules/x/main.fg"] {
            put(skipped, "x");
        }
        assert_eq!(Content::of(folder.path()).unwrap(), first);
        put("main.fg", "abc");
        let second = Content::of(folder.path()).unwrap();
        assert_ne!(second.checksum, first.checksum);
        assert_eq!(first.difference(&second), Some("main.fg"));
        let copied = tempfile::tempdir().unwrap();
        copy(folder.path(), copied.path()).unwrap();
        assert_eq!(Content::of(copied.path()).unwrap(), second);
        assert!(!copied.path().join("forge_modules").exists());
    }
}
