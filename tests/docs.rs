//! README.md, docs/*.md and what lies below docs/reference: what they show is what happens.
//!
//! - A block marked `forge` runs; `// prints: TEXT` for each line that it prints, `// error: TEXT` for what ends it.
//! - A block marked `forge file NAME` is a file beside the `forge` blocks below it.
//! - A block marked `forge service` is served, and so is FILE after a `sh` line that ends in `serve FILE`; the
//!   `console` blocks below ask it with `$ curl` lines.
//! - `$ forge` lines of `console` blocks run the real binary; times like `(3ms)` may differ.
//! - A block marked `forge test FILE` is that file; the `console` blocks below it run in the folder it stands in.
//! - A block marked `forge ignore` shows what cannot run here.

#[path = "support/served.rs"]
mod served;
#[path = "support/snippet.rs"]
mod snippet;
#[path = "support/timeless.rs"]
mod timeless;

use served::Served;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use timeless::timeless;

struct Block {
    line: usize,
    info: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn blocks(markdown: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for (i, line) in markdown.lines().enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(info), None) => {
                open = Some(Block { line: i + 1, info: info.to_owned(), text: String::new() });
            }
            (None, Some(block)) => block.text.extend([line, "\n"]),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    found
}

fn comments(text: &str, mark: &str) -> Vec<String> {
    let after = |line: &str| Some(line.rsplit_once("// ")?.1.strip_prefix(mark)?.to_owned());
    text.lines().filter_map(after).collect()
}

fn run(block: &Block, folder: &Path) -> Result<(), String> {
    let path = folder.join("block.fg");
    let (printed, errors) = snippet::run(path.to_str().unwrap(), &block.text);
    let errors: Vec<_> = errors.iter().filter_map(|text| text.lines().next()).collect();
    let wanted = comments(&block.text, "prints: ");
    // The reference shows an error that ends an example as what it prints.
    if printed.is_empty() && !errors.is_empty() && errors == wanted {
        return Ok(());
    }
    if !printed.lines().eq(wanted.iter().map(String::as_str)) {
        return Err(format!("expected {wanted:#?}\nprinted\n{printed}{errors:?}"));
    }
    let wanted = comments(&block.text, "error: ");
    if errors != wanted {
        return Err(format!("expected the errors {wanted:?}, found {errors:?}"));
    }
    Ok(())
}

fn serve(block: &Block) -> Served {
    let name = format!("forge-docs-{}-{}.fg", std::process::id(), block.line);
    let path = std::env::temp_dir().join(name);
    fs::write(&path, &block.text).unwrap();
    let served = Served::start(&path);
    fs::remove_file(&path).unwrap();
    served
}

/// `$ forge ...` lines: standard output, then standard error.
fn command(transcript: &str, folder: &Path) -> Result<(), String> {
    for (command, expected) in served::exchanges(transcript) {
        let words = served::words(&command);
        let mut forge = Command::new(env!("CARGO_BIN_EXE_forge"));
        let output = forge.args(&words[1..]).current_dir(folder).output().unwrap();
        let shown = [output.stdout, output.stderr].concat();
        let shown = timeless(&String::from_utf8(shown).unwrap());
        if !shown.lines().eq(expected.iter().map(String::as_str)) {
            return Err(format!("$ {command}\nexpected {expected:#?}\nfound\n{shown}"));
        }
    }
    Ok(())
}

/// A folder with files of a document, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(line: usize) -> Folder {
        let name = format!("forge-docs-{}-{line}", std::process::id());
        Folder(std::env::temp_dir().join(name))
    }

    fn add(&self, file: &str, text: &str) {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Where the blocks of a document run: among its files, if it has some.
fn place(folder: &Option<Folder>) -> &Path {
    folder.as_ref().map_or(root(), |folder| folder.0.as_path())
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn check(document: &Path) -> Vec<String> {
    let mut failures = Vec::new();
    let mut service = None;
    let mut folder: Option<Folder> = None;
    for block in blocks(&fs::read_to_string(document).unwrap()) {
        let result = match block.info.as_str() {
            "forge" => run(&block, place(&folder)),
            "forge service" => {
                service = Some(serve(&block));
                Ok(())
            }
            info if info.starts_with("forge test ") || info.starts_with("forge file ") => {
                let folder = folder.get_or_insert_with(|| Folder::new(block.line));
                folder.add(&info["forge test ".len()..], &block.text);
                Ok(())
            }
            "sh" => {
                if let Some((_, file)) = block.text.trim().split_once("serve examples/") {
                    service = Some(Served::start(&root().join("examples").join(file)));
                }
                Ok(())
            }
            "console" if block.text.starts_with("$ curl") => match &service {
                Some(service) => service.check(&block.text),
                None => Err("nothing is served".to_owned()),
            },
            "console" => command(&block.text, place(&folder)),
            "forge ignore" | "" | "toml" | "rust" | "text" => Ok(()),
            other => Err(format!("no rule for blocks marked '{other}'")),
        };
        if let Err(text) = result {
            failures.push(format!("{}:{}: {text}", document.display(), block.line));
        }
    }
    failures
}

fn documents() -> Vec<PathBuf> {
    let folders =
        ["docs", "docs/reference", "docs/reference/modules"].map(|folder| root().join(folder));
    let pages = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let pages = pages.map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        pages.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    found.push(root().join("README.md"));
    found.sort();
    found
}

#[test]
fn what_the_documents_show_is_what_happens() {
    let failures: Vec<String> = documents().iter().flat_map(|path| check(path)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn links_between_documents_lead_somewhere() {
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        for (target, _) in targets {
            let file = target.split('#').next().unwrap_or_default();
            let is_local = !file.is_empty() && !file.contains("://");
            let path = document.parent().unwrap().join(file);
            assert!(!is_local || path.exists(), "{}: {target}", document.display());
        }
    }
}
