//! What the checker says: each program of `tests/check/**/*.fg` has its report beside it in a `.stderr` file; without
//! one it must be silent. `UPDATE=1 cargo test --test check` writes the reports anew: look at the difference.

#[path = "support/programs.rs"]
mod programs;

use forge::diag::Renderer;
use forge::diag::Sources;
use forge::engine;
use forge::engine::Text;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

fn report(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let mut sources = Sources::new();
    let label = path.file_name().unwrap().to_string_lossy();
    let found = engine::check(&mut sources, Text::new(label.as_ref(), &text).in_file(path));
    let renderer = Renderer { width: Some(100), ..Renderer::default() };
    let shown = |one| renderer.diagnostic(one, &sources) + "\n";
    found.iter().map(shown).collect::<Vec<_>>().join("\n")
}

fn check(path: &Path) -> Result<(), String> {
    let report = report(path);
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

#[test]
fn the_highest_trees_are_checked() {
    let nested = |open: &str, inner: &str, close: &str| {
        // As deep as the parser goes, whatever a level counts there.
        let found = [900, 450, 300, 200, 100].iter().find_map(|depth| {
            let text = format!("{}{inner}{}", open.repeat(*depth), close.repeat(*depth));
            let found = engine::check(&mut Sources::new(), Text::new("high.fg", &text));
            let is_read = found.iter().all(|it| it.severity != forge::diag::Severity::Error);
            is_read.then_some(found)
        });
        found.unwrap_or_else(|| panic!("{open} cannot be nested"))
    };
    assert!(nested("if true {\n", "say 1\n", "}\n").is_empty());
    assert!(nested("fn f() {\n", "say 1\n", "}\n").is_empty());
    assert!(nested("while true { match [1] { x => {\n", "say 1\n", "} } }\n").is_empty());
    assert!(
        nested("try { let a = fn(b = 1) { [{ c: \"{b}\" }, \n", "1\n", "] } } catch { }\n")
            .is_empty()
    );
    assert_eq!(nested("[", "missing", "]").len(), 1);
    assert_eq!(nested("1 + (", "missing", ")").len(), 1);
    assert_eq!(nested("len(", "missing", ")").len(), 1);
    assert_eq!(nested("let x = { let y = spawn {\n", "missing\n", "} }\n").len(), 1);
}

/// Whether the program itself says that it ends, or would end, with what was found.
fn expects(text: &str, found: &str) -> bool {
    let comments = text.lines().filter_map(|line| Some(line.rsplit_once("// ")?.1));
    let mut texts =
        comments.filter_map(|it| it.strip_prefix("error: ").or(it.strip_prefix("expect: ")));
    texts.any(|text| text == found)
}

/// What the checker says of all other programs of ours, a line each, unless the program says so itself.
fn said_of_others() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut programs = programs::programs("language");
    programs.extend(programs::programs("errors/runtime"));
    programs.extend(programs::programs("../examples"));
    let mut said = Vec::new();
    for path in programs {
        let label = path.canonicalize().unwrap();
        let label = label.strip_prefix(root).unwrap().display().to_string();
        let text = fs::read_to_string(&path).unwrap();
        let report = fs::read_to_string(path.with_extension("stderr")).unwrap_or_default();
        let found = engine::check(&mut Sources::new(), Text::new(&label, &text).in_file(&path));
        let new = found.iter().map(|it| it.headline());
        let new = new.filter(|it| !expects(&text, it) && !report.contains(it));
        said.extend(new.map(|headline| format!("{label}: {headline}")));
    }
    said.dedup();
    said
}

/// The checker says of other programs what `tests/check/corpus.txt` says, with the reasons why that is true.
#[test]
fn programs_that_are_right_are_silent() {
    let said = said_of_others();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check/corpus.txt");
    let expected = fs::read_to_string(&data).unwrap();
    let lines = expected.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let expected: Vec<&str> = lines.collect();
    let new: Vec<&String> = said.iter().filter(|line| !expected.contains(&line.as_str())).collect();
    let gone: Vec<&&str> =
        expected.iter().filter(|line| !said.iter().any(|said| said == *line)).collect();
    assert!(new.is_empty() && gone.is_empty(), "new: {new:#?}\nno longer said: {gone:#?}");
}
