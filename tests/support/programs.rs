//! Finds the programs below a folder of `tests/`.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// The programs below `tests/FOLDER`, sorted; `ONLY=text` keeps those whose path has the text.
pub(crate) fn programs(folder: &str) -> Vec<PathBuf> {
    let only = std::env::var("ONLY").unwrap_or_default();
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // What stands in a folder `lib` is imported by the programs beside it.
                if !path.ends_with("lib") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "fg")
                && path.to_string_lossy().contains(&only)
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The path below `tests/`, which is how failures name a program.
pub(crate) fn name(path: &Path) -> String {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    path.strip_prefix(tests).unwrap().display().to_string()
}
