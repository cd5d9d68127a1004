//! The source against its own rules: layers, sizes, imports.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Lowest first. A module uses earlier lines only, not later ones and not its neighbours.
const LAYERS: &[&[&str]] = &[
    &["diag", "logs", "sync"],
    &["syntax", "program"],
    &["value"],
    &["world", "package"],
    &["native", "handles", "format"],
    &["check"],
    &["compile", "machine"],
    &["stdlib"],
    &["builtins"],
    &["task"],
    &["engine"],
    &["serve", "install", "doc"],
    &["testing", "learn"],
    &["lsp", "repl"],
    &["cli"],
];

/// Crates that only some modules may name.
const RESERVED: &[(&str, &[&str])] = &[
    ("actix_web", &["serve"]),
    ("tracing_actix_web", &["serve"]),
    ("tokio", &["task", "serve", "testing", "stdlib", "builtins", "engine", "repl", "cli", "logs"]),
    ("clap", &["cli"]),
];

const MOST_LINES: usize = 500;

struct Source {
    /// Below `src/`.
    name: String,
    module: String,
    text: String,
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The Rust files below `src/`, tests excluded.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        let module = name.split(['/', '.']).next().unwrap_or_default().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
        Source { name, module, text }
    };
    let mut found: Vec<Source> = files(&root)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(read)
        .filter(|source| !source.name.contains("/tests/"))
        .collect();
    found.sort_by(|left, right| left.name.cmp(&right.name));
    found
}

fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.starts_with("//"))
}

fn layer(module: &str) -> usize {
    LAYERS.iter().position(|layer| layer.contains(&module)).unwrap_or_else(|| {
        panic!("'{module}' is in no layer: add it to LAYERS and to docs/architecture.md")
    })
}

fn modules() -> Vec<Source> {
    sources().into_iter().filter(|it| it.module != "lib" && it.module != "main").collect()
}

#[test]
fn arrows_point_down() {
    let mut wrong = Vec::new();
    for source in modules() {
        let own = layer(&source.module);
        for line in code(&source.text) {
            for path in line.split("crate::").skip(1) {
                let used = path.split(|c: char| !c.is_alphanumeric() && c != '_').next();
                let used = used.unwrap_or_default();
                if used != source.module && layer(used) >= own {
                    wrong.push(format!("{} uses {used}: {line}", source.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn crates_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for source in modules() {
        for (name, homes) in RESERVED {
            let is_named = code(&source.text).any(|line| line.contains(&format!("{name}::")));
            if is_named && !homes.contains(&source.module.as_str()) {
                wrong.push(format!("{} names {name}", source.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_fit_in_a_reading() {
    let long: Vec<String> = sources()
        .iter()
        .map(|source| (source.text.lines().count(), &source.name))
        // A dispatcher may be long: one arm per instruction reads like a table.
        .filter(|(lines, name)| {
            *lines > if name.ends_with("machine/run.rs") { 725 } else { MOST_LINES }
        })
        .map(|(lines, name)| format!("{name}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "more than {MOST_LINES}: {}", long.join(", "));
}

#[test]
fn imports_name_one_thing_a_line() {
    let mut wrong = Vec::new();
    for source in sources() {
        for line in code(&source.text) {
            let is_import = line.starts_with("use ") || line.starts_with("pub use ");
            if is_import && line.contains('{') {
                wrong.push(format!("{}: {line}", source.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = |source: &Source| !source.text.starts_with("//! ");
    let found: Vec<String> =
        sources().into_iter().filter(silent).map(|source| source.name).collect();
    assert!(found.is_empty(), "no `//!` line: {found:?}");
}
