//! The file that an import means (language-statements 13.2, tooling 8.11).

use super::Manifest;
use crate::diag::Sources;
use std::path::Path;
use std::path::PathBuf;

/// The first regular file that `path` may mean: beside the importing file, whose folder is `folder`, then in the
/// working directory, then among the packages installed there or in the project, whose folder is `project`.
pub fn find(path: &str, folder: Option<&Path>, project: Option<&Path>) -> Option<PathBuf> {
    if path.is_empty() {
        return None;
    }
    let source = format!("{path}.fg");
    let beside = [folder, Some(Path::new(""))];
    let files = beside.into_iter().flatten().flat_map(|it| [it.join(path), it.join(&source)]);
    let roots = [Some(Path::new("")), project];
    let packages = roots.into_iter().flatten().flat_map(|root| {
        let modules = root.join("forge_modules");
        [
            entry(&modules.join(path)).unwrap_or_default(),
            modules.join(path).join("main.fg"),
            modules.join(&source),
            modules.join(path).join("src").join("main.fg"),
            root.join(".forge").join("packages").join(path).join("main.fg"),
        ]
    });
    files.chain(packages).find(|candidate| candidate.is_file())
}

/// The program that the manifest of a package names as its entry. What is wrong with that manifest is told by whoever
/// installs the package.
fn entry(folder: &Path) -> Option<PathBuf> {
    let text = std::fs::read_to_string(folder.join("forge.toml")).ok()?;
    let manifest = Manifest::read("forge.toml", &text, &mut Sources::new()).ok()?;
    manifest.project.entry.map(|entry| folder.join(entry))
}

/// The folder of the project that a file in `folder` belongs to: the nearest one with a manifest.
pub fn project(folder: &Path) -> Option<PathBuf> {
    let full = folder.canonicalize().ok()?;
    full.ancestors().find(|folder| folder.join("forge.toml").is_file()).map(Path::to_owned)
}
