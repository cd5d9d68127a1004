//! What the checker says: each program of `tests/check/**/*.fg` has its report beside it in a `.stderr` file; without
//! one it must be silent. `UPDATE=1 cargo test --test check` writes the reports anew: look at the difference.

#[path = "support/programs.rs"]
mod programs;

use forge::diag::Format;
use forge::diag::Renderer;
use forge::diag::Sources;
use forge::engine;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

fn report(path: &Path, label: &str, format: Format) -> String {
    let text = fs::read_to_string(path).unwrap();
    let mut sources = Sources::new();
    let found = engine::check(&mut sources, label, &text);
    let renderer = Renderer { format, width: Some(100), ..Renderer::default() };
    let shown = |one| renderer.diagnostic(one, &sources) + "\n";
    found.iter().map(shown).collect::<Vec<_>>().join(if format == Format::Human { "\n" } else { "" })
}

fn check(path: &Path) -> Result<(), String> {
    let label = path.file_name().unwrap().to_string_lossy();
    let report = report(path, &label, Format::Human);
    let snapshot = path.with_extension("stderr");
    if std::env::var_os("UPDATE").is_some() && report.is_empty() {
        let _ = fs::remove_file(&snapshot);
    } else if std::env::var_os("UPDATE").is_some() {
        fs::write(&snapshot, &report).unwrap();
    }
    let expected = fs::read_to_string(&snapshot).unwrap_or_default();
    match report == expected {
        true => Ok(()),
        false => Err(format!("{}\n{expected}\n--- found ---\n{report}", programs::name(path))),
    }
}

#[test]
fn reports() {
    let programs = programs::programs("check");
    let failures: Vec<String> = programs.iter().filter_map(|path| check(path).err()).collect();
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn what_must_be_silent_is_silent() {
    let loud: Vec<PathBuf> = programs::programs("check")
        .into_iter()
        .filter(|path| path.components().any(|part| part.as_os_str() == "silent"))
        .filter(|path| path.with_extension("stderr").exists())
        .collect();
    assert!(loud.is_empty(), "{loud:?}");
}

/// All other programs of ours: the checker says of them what `tests/check/corpus.txt` says, with the reasons why that
/// is true.
#[test]
fn programs_that_are_right_are_silent() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut programs = programs::programs("language");
    programs.extend(programs::programs("errors/runtime"));
    programs.extend(programs::programs("../examples"));
    let mut said = String::new();
    for path in programs {
        let label = path.canonicalize().unwrap();
        let label = label.strip_prefix(root).unwrap().display().to_string();
        said.push_str(&report(&path, &label, Format::Short));
    }
    let data = root.join("tests/check/corpus.txt");
    let expected = fs::read_to_string(&data).unwrap();
    let lines = expected.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let expected: Vec<&str> = lines.collect();
    let said: Vec<&str> = said.lines().collect();
    let new: Vec<&&str> = said.iter().filter(|line| !expected.contains(line)).collect();
    let gone: Vec<&&str> = expected.iter().filter(|line| !said.contains(line)).collect();
    assert!(new.is_empty() && gone.is_empty(), "new: {new:#?}\nno longer said: {gone:#?}");
}
