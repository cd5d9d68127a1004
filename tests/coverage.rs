//! The language reference is covered: each section has programs that show it (`tests/coverage/sections.txt`), each error
//! text has one that produces it (`tests/coverage/errors.txt`). So are the promises of the server and its isolation
//! (`tests/coverage/catalogue.txt`).

#[path = "support/programs.rs"]
mod programs;

use std::collections::HashMap;
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// The lines of a data file that say something.
fn lines(name: &str) -> Vec<String> {
    let text = fs::read_to_string(tests().join("coverage").join(name)).unwrap();
    let said = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    said.map(str::to_string).collect()
}

/// The programs whose expectations a test compares.
fn all_programs() -> Vec<PathBuf> {
    ["language", "errors", "check"].iter().flat_map(|folder| programs::programs(folder)).collect()
}

/// A section stands at the margin; the programs, folders of programs and other tests below it are indented.
#[test]
fn every_section_has_programs() {
    let run: HashSet<String> = all_programs().iter().map(|path| programs::name(path)).collect();
    let is_there = |path: &str| match path.ends_with(".fg") {
        true => run.contains(path),
        false => tests().join(path).exists(),
    };
    let mut numbers = HashSet::new();
    let mut wrong = Vec::new();
    let lines = lines("sections.txt");
    for (i, line) in lines.iter().enumerate() {
        let Some(path) = line.strip_prefix("    ") else {
            let number: Vec<&str> = line.split(' ').take(2).collect();
            let has_paths = lines.get(i + 1).is_some_and(|next| next.starts_with("    "));
            if !numbers.insert(number) || !has_paths {
                wrong.push(line);
            }
            continue;
        };
        if !is_there(path) {
            wrong.push(line);
        }
    }
    assert!(wrong.is_empty(), "twice, without programs, or no such program: {wrong:#?}");
}

/// What a program says that it produces: texts of errors, hints, and printed lines, which may be caught errors.
fn expectations(program: &Path) -> Vec<String> {
    let text = fs::read_to_string(program).unwrap();
    let comments = text.lines().filter_map(|line| Some(line.rsplit_once("// ")?.1));
    let marks = ["error: ", "hint: ", "expect: "];
    comments
        .filter_map(|comment| marks.iter().find_map(|mark| comment.strip_prefix(mark)))
        .map(str::to_string)
        .collect()
}

/// The headlines and hints of the report beside a program.
fn reported(program: &Path) -> Vec<String> {
    let report = fs::read_to_string(program.with_extension("stderr")).unwrap_or_default();
    let headline = |line: &str| {
        let (code, text) = line.split_once("]: ")?;
        let is_headline = code.starts_with("error[") || code.starts_with("warning[");
        is_headline.then(|| text.to_string())
    };
    let hint = |line: &str| Some(line.trim_start().strip_prefix("= hint: ")?.to_string());
    report.lines().filter_map(|line| headline(line).or_else(|| hint(line))).collect()
}

/// Whether `text` is `pattern` with something in the place of each `*`.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return text == pattern };
    let Some(after) = text.strip_prefix(start) else { return false };
    after.char_indices().any(|(i, _)| fits(rest, &after[i..])) || fits(rest, "")
}

#[test]
fn every_error_text_is_produced() {
    let texts: Vec<String> = all_programs()
        .iter()
        .flat_map(|path| [expectations(path), reported(path)].concat())
        .collect();
    let missing: Vec<String> = lines("errors.txt")
        .into_iter()
        .filter(|pattern| !texts.iter().any(|text| fits(pattern, text)))
        .collect();
    assert!(missing.is_empty(), "no program produces {missing:#?}");
}

/// A promise stands at the margin, its tests below it.
#[test]
fn every_promise_of_the_catalogue_has_its_test() {
    let lines = lines("catalogue.txt");
    let mut wrong = Vec::new();
    let mut numbers = HashMap::new();
    for (i, line) in lines.iter().enumerate() {
        if let Some(test) = line.strip_prefix("    ") {
            if !is_test(test) {
                wrong.push(format!("no such test: {test}"));
            }
            continue;
        }
        let id = line.split(' ').next().unwrap_or_default();
        let family = id.trim_end_matches(|c: char| c.is_ascii_digit() || c == 'b');
        let number = id[family.len()..].trim_end_matches('b').parse().unwrap_or(0);
        let last = numbers.insert(family, number).unwrap_or(0);
        if number != last + u32::from(!id.ends_with('b')) {
            wrong.push(format!("before {id} a number is missing"));
        }
        if !lines.get(i + 1).is_some_and(|next| next.starts_with("    ")) {
            wrong.push(format!("no test: {line}"));
        }
    }
    let all: HashMap<&str, u32> = CATALOGUE.into_iter().collect();
    assert_eq!(numbers, all, "the last number of each family");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The last number of each family: none is forgotten at the end.
const CATALOGUE: [(&str, u32); 10] = [
    ("T-U", 25),
    ("T-S", 11),
    ("T-M", 5),
    ("T-H", 3),
    ("T-E", 3),
    ("T-L", 4),
    ("T-O", 1),
    ("T-I", 21),
    ("P-", 7),
    ("F-", 2),
];

/// Whether `FILE NAME` is a test, or a measurement in `benches/`.
fn is_test(line: &str) -> bool {
    let Some((file, name)) = line.split_once(' ') else { return false };
    let text = fs::read_to_string(tests().join(file)).unwrap_or_default();
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    let is_measured = file.starts_with("../benches/");
    lines.windows(2).any(|pair| {
        pair[1].starts_with(&format!("fn {name}(")) && (is_measured || pair[0] == "#[test]")
    })
}

/// The Rust files below a folder.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// `docs/isolation.md` says which test proves each line; names may be cut: `name_...`.
#[test]
fn every_test_that_proves_isolation_is_there() {
    let text = |path: &Path| fs::read_to_string(path).unwrap();
    let tests: Vec<String> = rust_files(&tests()).iter().map(|path| text(path)).collect();
    let is_there = |name: &str| {
        let start = format!("fn {}", name.trim_end_matches("..."));
        let end = if name.ends_with("...") { "" } else { "(" };
        tests.iter().any(|text| text.contains(&format!("{start}{end}")))
    };
    let page = text(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/isolation.md"));
    let names = page.split('`').skip(1).step_by(2).filter(|name| {
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.".contains(c);
        name.chars().all(is_name) && !name.ends_with(".rs") && name.matches('_').count() >= 3
    });
    let missing: Vec<&str> = names.filter(|name| !is_there(name)).collect();
    assert!(missing.is_empty(), "no such tests: {missing:#?}");
}

#[test]
fn a_star_stands_for_anything() {
    assert!(fits("no field '*' on *", "no field 'x' on object"));
    assert!(fits("a *", "a "));
    assert!(!fits("no field '*' on *", "no method 'x' on object"));
    assert!(!fits("a", "ab"));
}
