//! The file that an import means (language-statements 13.2, tooling 8.11).

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
            modules.join(path).join("main.fg"),
            modules.join(&source),
            modules.join(path).join("src").join("main.fg"),
            root.join(".forge").join("packages").join(path).join("main.fg"),
        ]
    });
    files.chain(packages).find(|candidate| candidate.is_file())
}

/// The folder of the project that a file in `folder` belongs to: the nearest one with a manifest.
pub fn project(folder: &Path) -> Option<PathBuf> {
    let full = folder.canonicalize().ok()?;
    full.ancestors().find(|folder| folder.join("forge.toml").is_file()).map(Path::to_owned)
}
