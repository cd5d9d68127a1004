//! Every program in `examples/` does what the `.out` file beside it says: what a script prints, or what a service
//! answers to `$ curl` lines.

#[path = "support/served.rs"]
mod served;
#[path = "support/snippet.rs"]
mod snippet;

use served::Served;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "fg")).collect();
    found.sort();
    found
}

fn check(path: &Path) -> Result<(), String> {
    let expected = fs::read_to_string(path.with_extension("out"))
        .map_err(|error| format!("what does it print? {error}"))?;
    let text = fs::read_to_string(path).unwrap();
    if text.lines().any(|line| line.starts_with("@server")) {
        return Served::start(path).check(&expected);
    }
    let (printed, errors) = snippet::run("example.fg", &text);
    if printed != expected || !errors.is_empty() {
        return Err(format!("expected\n{expected}printed\n{printed}{errors:?}"));
    }
    Ok(())
}

#[test]
fn every_example_does_what_stands_beside_it() {
    let examples = examples();
    assert!(!examples.is_empty());
    let failures: Vec<String> = examples
        .iter()
        .filter_map(|path| Some(format!("{}: {}", path.display(), check(path).err()?)))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
