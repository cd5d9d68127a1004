//! How errors look: each program of `tests/errors/**/*.fg` has the whole report beside it in a `.stderr` file.
//! `UPDATE=1 cargo test --test errors` writes the reports anew: look at the difference.

mod support;

use std::path::Path;

fn check(path: &Path) -> Result<(), String> {
    let snapshot = path.with_extension("stderr");
    let report = support::run(path)?.report;
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&snapshot, &report).unwrap();
    }
    let expected = std::fs::read_to_string(&snapshot).unwrap_or_default();
    match report == expected {
        true => Ok(()),
        false => Err(format!("{}\n{expected}\n--- found ---\n{report}", support::name(path))),
    }
}

#[test]
fn errors() {
    let programs = support::programs("errors");
    let failures: Vec<String> = programs.iter().filter_map(|path| check(path).err()).collect();
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}
