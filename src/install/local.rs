//! Registries that are folders: `ROOT/NAME/VERSION/...` (tooling 8.5).

use super::Surroundings;
use semver::Version;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// A file that registries of older programs have in the folders of their packages.
pub(super) const CHECKSUM: &str = ".forge-checksum";

/// The folders of the usual registries, in the order in which they are asked.
pub(super) fn roots(project: &Path, surroundings: &Surroundings) -> Vec<PathBuf> {
    let mut roots = surroundings.registries.clone();
    roots.push(project.join(".forge").join("registry"));
    roots.extend(surroundings.home.as_ref().map(|home| home.join("registry")));
    roots
}

/// The versions of a package in folders, and where each is; what an earlier one has goes before.
pub(super) fn versions(roots: &[PathBuf], name: &str) -> BTreeMap<Version, PathBuf> {
    let mut found = BTreeMap::new();
    for root in roots {
        for (version, folder) in folders(&root.join(name)) {
            if let Ok(version) = version.parse() {
                found.entry(version).or_insert(folder);
            }
        }
    }
    found
}

/// The folders in a folder, with their names.
fn folders(folder: &Path) -> Vec<(String, PathBuf)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let folders = entries.flatten().filter(|entry| entry.path().is_dir());
    folders.filter_map(|it| Some((it.file_name().to_str()?.to_owned(), it.path()))).collect()
}
