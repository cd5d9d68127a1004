//! The file that an import means (language-statements 13.2).

use std::path::Path;
use std::path::PathBuf;

/// The first regular file that `path` may mean: beside the importing file, whose folder is `folder`, then in the
/// working directory, then among the installed packages.
pub fn find(path: &str, folder: Option<&Path>) -> Option<PathBuf> {
    if path.is_empty() {
        return None;
    }
    let source = format!("{path}.fg");
    let beside = folder.map(|folder| [folder.join(path), folder.join(&source)]);
    let modules = Path::new("forge_modules");
    let elsewhere = [
        PathBuf::from(path),
        PathBuf::from(&source),
        modules.join(path).join("main.fg"),
        modules.join(&source),
        modules.join(path).join("src").join("main.fg"),
        Path::new(".forge").join("packages").join(path).join("main.fg"),
    ];
    beside.into_iter().flatten().chain(elsewhere).find(|candidate| candidate.is_file())
}
