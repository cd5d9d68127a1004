//! `forge doc PATHS`: what programs say of themselves, in every form. `UPDATE=1` rewrites `tests/cli/doc/`.

use super::Ended;
use super::Folder;
use super::ended;
use super::forge;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/doc")
}

/// What the command does in a folder.
fn doc_in(folder: &Path, args: &[&str]) -> Ended {
    let words: Vec<&str> = std::iter::once("doc").chain(args.iter().copied()).collect();
    ended(forge(&words).current_dir(folder).output().unwrap())
}

fn doc(args: &[&str]) -> Ended {
    doc_in(&here().join("shop"), args)
}

/// Compares a text with the file of that name.
fn golden(name: &str, found: &str) {
    let path = here().join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, found).unwrap();
    }
    let wanted = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, wanted, "{name}");
}

#[test]
fn programs_are_shown_as_text_markdown_and_json() {
    for (flags, file) in [
        (&["."][..], "shop.txt"),
        (&["--format", "md"], "shop.md"),
        (&["--format", "json"], "shop.json"),
        (&["--private", "--format", "term", "main.fg"], "private.txt"),
    ] {
        let ended = doc(flags);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{flags:?}");
        golden(file, &ended.out);
    }
    serde_json::from_str::<serde_json::Value>(&doc(&["--format", "json"]).out).unwrap();
}

/// Everything below a folder, as paths.
fn below(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for path in fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path.strip_prefix(folder).unwrap().display().to_string()),
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_site_is_a_folder_that_needs_no_network() {
    let folder = Folder::new("doc-site");
    let ended = doc(&["--output", folder.path()]);
    let first = folder.0.join("index.html").display().to_string();
    assert_eq!((ended.code, ended.out.trim_end()), (0, first.as_str()));
    let files = below(&folder.0);
    assert_eq!(
        files,
        ["index.html", "main.html", "script.js", "search.js", "src/money.html", "style.css",]
    );
    for file in &files {
        let text = fs::read_to_string(folder.0.join(file)).unwrap();
        assert!(!text.contains("://"), "{file} names another place");
        // What a comment says is text; a script of its own may hold any.
        assert!(!file.ends_with(".html") || !text.contains("<script>alert"), "{file}");
    }
    golden("main.html", &fs::read_to_string(folder.0.join("main.html")).unwrap());
    golden("search.js", &fs::read_to_string(folder.0.join("search.js")).unwrap());
}

#[test]
fn markdown_and_json_can_be_files() {
    let folder = Folder::new("doc-files");
    let ended = doc(&["--format", "md", "--output", folder.path()]);
    assert_eq!(ended.out, format!("3 files in {}\n", folder.path()));
    assert_eq!(below(&folder.0), ["index.md", "main.md", "src/money.md"]);
    doc(&["--format", "json", "--output", folder.path()]);
    let json = fs::read_to_string(folder.0.join("doc.json")).unwrap();
    assert_eq!(json, doc(&["--format", "json"]).out);
}

#[test]
fn check_names_what_is_not_documented_and_what_leads_nowhere() {
    assert_eq!(doc(&["--check", "."]), Ended { code: 0, out: String::new(), err: String::new() });
    let folder = Folder::new("doc-check");
    folder.with(
        "cart.fg",
        "//! See [nowhere].\n\n\
         /// Adds [n] to [Cart.total], [push] and [match] are there, [totl] is not.\n\
         fn add(n) { n }\n\n\
         fn bare() { 1 }\n\n\
         struct Cart { items: [Int] }\n\
         give Cart { fn total(it) { 1 } }\n\
         let _own = 1\n",
    );
    let ended = doc_in(&folder.0, &["--check"]);
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    golden("check.txt", &ended.err);
}

#[test]
fn what_cannot_be_read_fails_and_the_rest_is_shown() {
    let folder = Folder::new("doc-broken");
    folder.with("good.fg", "/// Fine.\nfn good() { 1 }\n");
    folder.with("broken.fg", "fn broken( {\n");
    let ended = doc_in(&folder.0, &["."]);
    assert_eq!(ended.code, 1);
    assert!(
        ended.out.contains("fn good()") && ended.out.contains("from 1 file\n"),
        "{}",
        ended.out
    );
    assert!(ended.err.contains("--> broken.fg:1:"), "{}", ended.err);

    let ended = doc_in(&folder.0, &["missing.fg", "good.fg"]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("fn good()"));
    assert!(ended.err.starts_with("error: could not read 'missing.fg': "), "{}", ended.err);

    let empty = Folder::new("doc-empty");
    assert_eq!(doc_in(&empty.0, &["."]), super::printed("  No .fg files found.\n"));
}

#[test]
fn names_of_a_program_are_found_beside_those_of_the_language() {
    let total = doc(&["main.fg", "Cart.total"]);
    assert_eq!(total, super::printed("fn total(it)\n"));
    let with = doc(&["./main.fg", "Cart.with", "push"]);
    assert!(
        with.out.starts_with("fn with(it, name)\n  The cart with one more item"),
        "{}",
        with.out
    );
    assert!(with.out.contains("push(array"), "{}", with.out);
    let close = doc(&["main.fg", "Crat"]);
    assert_eq!(close, super::failed("error: there is no 'Crat'. Did you mean 'Cart'?\n"));

    // In a project, its programs need not be named.
    let folder = Folder::new("doc-project");
    folder.with("forge.toml", "[project]\nname = \"x\"\nversion = \"0.1.0\"\n");
    folder.with("main.fg", "/// Ours.\nfn area(width) { width }\n");
    assert_eq!(doc_in(&folder.0, &["area"]), super::printed("fn area(width)\n  Ours.\n"));
    // A file of that name is meant before a builtin, a folder is not.
    fs::create_dir(folder.0.join("math")).unwrap();
    assert!(doc_in(&folder.0, &["math"]).out.starts_with("math\n"));
}

#[test]
fn flags_that_do_not_go_together_are_refused() {
    for flags in [
        &["--format", "html", "."][..],
        &["--format", "term", "--output", "x", "."],
        &["--format", "json", "--open", "."],
        &["--check", "--open", "."],
    ] {
        let ended = doc(flags);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{flags:?}");
        assert!(ended.err.starts_with("error: ") && ended.err.contains("Usage:"), "{}", ended.err);
    }
}

/// What the command does where the opener is a script that notes what it is given, or where there is none.
#[cfg(unix)]
fn opened(folder: &Folder, has_opener: bool, args: &[&str]) -> (Ended, Option<String>) {
    use std::os::unix::fs::PermissionsExt;
    let noted = folder.0.join("noted");
    let name = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let opener = folder.0.join("bin").join(name);
    fs::create_dir_all(opener.parent().unwrap()).unwrap();
    if has_opener {
        fs::write(&opener, format!("#!/bin/sh\nprintf %s \"$1\" > '{}'\n", noted.display()))
            .unwrap();
        fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut command = forge(args);
    command.env("PATH", folder.0.join("bin")).env("XDG_CACHE_HOME", folder.0.join("cache"));
    command.env("HOME", &folder.0).current_dir(here().join("shop"));
    (ended(command.output().unwrap()), fs::read_to_string(noted).ok())
}

#[cfg(unix)]
#[test]
fn open_hands_the_first_page_to_the_opener_of_the_system() {
    let folder = Folder::new("doc-open");
    let (guide, noted) = opened(&folder, true, &["doc", "--open"]);
    let page = noted.expect("it was opened");
    assert_eq!((guide.code, guide.out, guide.err.as_str()), (0, format!("{page}\n"), ""));
    let site = Path::new(&page).parent().unwrap();
    for file in ["guide/index.html", "guide/12-deploying.html", "reference/modules/math.html"] {
        assert!(site.join(file).is_file(), "{file}");
    }
    let (program, noted) = opened(&folder, true, &["doc", "--open", "main.fg"]);
    let own = noted.expect("it was opened");
    assert_eq!(program.out, format!("{own}\n"));
    assert!(own != page && Path::new(&own).with_file_name("main.html").is_file(), "{own}");
}

#[cfg(unix)]
#[test]
fn without_an_opener_the_path_is_shown() {
    let folder = Folder::new("doc-unopened");
    let (ended, noted) = opened(&folder, false, &["doc", "--open"]);
    assert_eq!((ended.code, noted), (0, None));
    assert!(Path::new(ended.out.trim_end()).is_file(), "{}", ended.out);
    assert!(ended.err.starts_with("note: could not open a browser: "), "{}", ended.err);
}

#[test]
fn the_reference_has_all_forms_too() {
    let json: serde_json::Value =
        serde_json::from_str(&doc(&["--std", "--format", "json"]).out).unwrap();
    let sqrt = json["items"].as_array().unwrap().iter().find(|it| it["name"] == "math.sqrt");
    assert_eq!(sqrt.unwrap()["signature"], "math.sqrt(x: Int | Float) → Float");
    assert!(doc(&["--std", "--format", "md"]).out.starts_with("# Builtins\n"));
    assert!(
        doc(&["--std", "--format", "term"]).out.contains("math.sqrt(x: Int | Float) → Float\n")
    );
}
