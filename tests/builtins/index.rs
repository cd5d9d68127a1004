//! The table of builtins against the list of all names, `tests/builtins/index.txt`.

use super::snippet;
use forge::builtins;
use forge::native::Builtin;
use forge::native::Form;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A name, and what it is.
pub(super) type Entry = (String, String);

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// The entries of the list, and where each comes from.
pub(super) fn listed() -> Vec<(Entry, String)> {
    let text = read("tests/builtins/index.txt");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let entry = |line: &str| {
        let mut columns = line.split("  ").map(str::trim).filter(|column| !column.is_empty());
        let mut next = || columns.next().unwrap_or_else(|| panic!("no entry: {line}")).to_owned();
        ((next(), next()), next())
    };
    lines.map(entry).collect()
}

fn is_there(name: &str, kind: &str) -> bool {
    let registry = builtins::registry();
    let of_kind = |kind| registry.intrinsic(kind, name).is_some();
    let method =
        |form| registry.method(name).is_some_and(|id| registry.row(id).forms.contains(&form));
    match kind {
        "global" => registry.global(name).is_some(),
        "method" | "collection method" => method(Form::Method) || of_kind("Any"),
        "Result method" => method(Form::ResultMethod),
        "String property" => registry.property(name).is_some(),
        "value" | "module" => snippet::run("index.fg", &format!("let it = {name}")).1.is_empty(),
        "keyword" => read("docs/grammar.md").contains(&format!("\"{name}\"")),
        other => match other.strip_suffix(" method") {
            Some(kind @ ("Set" | "Map")) => of_kind(kind) || method(Form::Method),
            Some(kind @ ("String" | "Stream" | "Any")) => of_kind(kind),
            _ => panic!("no such kind: {other}"),
        },
    }
}

/// What the entries of a row are called.
fn entries(row: &Builtin) -> Vec<Entry> {
    let is = |form| row.forms.contains(&form);
    let mut found = Vec::new();
    let mut add = |name: &str, kind: &str| found.push((name.to_owned(), kind.to_owned()));
    for name in [row.name].iter().chain(row.aliases) {
        match name.split_once('.') {
            // Members of modules are not names by themselves.
            Some((kind, _)) if kind.starts_with(char::is_lowercase) => {}
            // What any value may be asked for, though most kinds refuse.
            Some(("Any", method)) => add(method, "method"),
            Some((kind, method)) => {
                add(method, &format!("{kind} method"));
                if is(Form::Property) {
                    add(method, &format!("{kind} property"));
                }
            }
            None if is(Form::Global) => {
                add(name, "global");
                if is(Form::Method) {
                    add(name, "method");
                }
                if is(Form::ResultMethod) {
                    add(name, "Result method");
                }
            }
            None => {}
        }
    }
    found
}

#[test]
fn what_is_here_has_a_row_and_what_is_not_has_none() {
    let wrong: Vec<String> = listed()
        .iter()
        .filter(|((name, kind), place)| is_there(name, kind) != (place == "here"))
        .map(|((name, kind), place)| match place.as_str() {
            "here" => format!("{name} is no {kind}"),
            _ => format!("{name} is a {kind} by now: the list says that it comes with {place}"),
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_row_is_left_out() {
    let listed: BTreeSet<Entry> = listed().into_iter().map(|(entry, _)| entry).collect();
    let rows = builtins::registry().rows().iter().filter(|row| !row.name.starts_with("__"));
    let extra: Vec<Entry> =
        rows.flat_map(|row| entries(row)).filter(|entry| !listed.contains(entry)).collect();
    assert!(extra.is_empty(), "not in the list: {extra:?}");
}

#[test]
fn the_list_names_each_once_and_in_order() {
    let listed = listed();
    let keys: Vec<(String, &Entry)> =
        listed.iter().map(|(entry, _)| (entry.0.to_lowercase(), entry)).collect();
    assert!(keys.is_sorted());
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
}

#[test]
fn the_reference_is_what_the_tables_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference");
    for (name, page) in builtins::reference() {
        let path = folder.join(name);
        if std::env::var_os("UPDATE").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, page).unwrap();
        } else {
            let written = fs::read_to_string(&path).unwrap_or_default();
            assert!(written == page, "{} is stale: UPDATE=1 writes it anew", path.display());
        }
    }
}
