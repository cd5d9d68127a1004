//! README.md and what lies below docs: what they show is what happens.
//!
//! - A block marked `forge` runs; `// prints: TEXT` for each line that it prints, `// error: TEXT` for what ends it.
//! - A block marked `forge file NAME`, `toml file NAME` and so on is that file; all blocks below it run in the folder it
//!   stands in. `forge test NAME` is the same.
//! - A block marked `forge service` is served, and so is FILE after a line that ends in `serve FILE`; the `$ curl` lines
//!   below ask it.
//! - A block marked `forge client` runs while that service is there, which it calls `localhost:8080`.
//! - A block marked `forge pg` or `forge mysql` runs with that server's address in `DATABASE_URL`, if there is one here.
//! - Lines of `console` blocks that begin with `$ ` run, `forge` being the real binary; times like `(3ms)`
//!   and sizes like `52.1 MB` may differ.
//! - Other blocks, such as `text`, `toml` and `sh`, run nothing.

#[path = "support/served.rs"]
mod served;
#[path = "support/snippet.rs"]
mod snippet;
#[path = "support/timeless.rs"]
mod timeless;

use served::Served;
use std::env;
use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
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

/// The lines behind `$ ` of a `console` block: what each writes to standard output, then to standard error.
fn console(transcript: &str, folder: &Path, service: &mut Option<Served>) -> Result<(), String> {
    for (command, expected) in served::exchanges(transcript) {
        let words = served::words(&command);
        let shown = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["curl", ..] => {
                service.as_ref().ok_or("nothing is served")?.check(&words, &expected)?;
                continue;
            }
            ["forge", "serve", ref flags @ ..] if !flags.contains(&"--routes") => {
                let (started, said) = Served::start_in(folder, flags)?;
                *service = Some(started);
                said
            }
            _ => output(&command, &words, folder),
        };
        if !shown.lines().eq(expected.iter().map(|line| timeless(line))) {
            return Err(format!("$ {command}\nexpected {expected:#?}\nfound\n{shown}"));
        }
    }
    Ok(())
}

/// What a command writes. Only a shell knows what more than words means.
fn output(command: &str, words: &[String], folder: &Path) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_forge"));
    let mut process = match words[0] == "forge" && !command.contains(['|', '<', '>', '$', ';', '&'])
    {
        true => Command::new(binary),
        false => {
            let paths = env::var_os("PATH").unwrap_or_default();
            let paths =
                binary.parent().map(Path::to_owned).into_iter().chain(env::split_paths(&paths));
            let mut shell = Command::new("sh");
            shell.args(["-c", command]).env("PATH", env::join_paths(paths).unwrap());
            shell
        }
    };
    if process.get_args().next().is_none() {
        process.args(&words[1..]);
    }
    let output = process.current_dir(folder).stdin(Stdio::null()).output().unwrap();
    timeless(&String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

/// Runs a block with the real binary, `changed` for this machine.
fn run_apart(
    block: &Block,
    folder: &Path,
    change: impl Fn(&mut Command, &str) -> String,
) -> Result<(), String> {
    let mut forge = Command::new(env!("CARGO_BIN_EXE_forge"));
    let text = change(&mut forge, &block.text);
    let output = forge.args(["-e", &text]).current_dir(folder).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let wanted = comments(&block.text, "prints: ");
    match output.status.success() && printed.lines().eq(wanted.iter().map(String::as_str)) {
        true => Ok(()),
        false => {
            let errors = String::from_utf8(output.stderr).unwrap();
            Err(format!("expected {wanted:#?}\nprinted\n{printed}{errors}"))
        }
    }
}

/// A block that talks to a database server on this machine.
fn with_server(block: &Block, folder: &Path, address: &str, url: &str) -> Result<(), String> {
    if TcpStream::connect(address).is_err() {
        assert!(env::var_os("CI").is_none(), "no server at {address}");
        return Ok(());
    }
    run_apart(block, folder, |forge, text| {
        forge.env("DATABASE_URL", url);
        text.to_owned()
    })
}

/// A folder with files of a document, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(document: &Path, line: usize) -> Folder {
        let page = document.file_stem().unwrap().display();
        let name = format!("forge-docs-{}-{page}-{line}", std::process::id());
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

/// The file that a block is: `geometry.fg` of `forge file geometry.fg`.
fn file_of(info: &str) -> Option<&str> {
    let (language, name) = info.split_once(" file ").or_else(|| info.split_once(" test "))?;
    (!language.contains(' ')).then_some(name)
}

fn check(document: &Path) -> Vec<String> {
    let mut failures = Vec::new();
    let mut service = None;
    let mut folder: Option<Folder> = None;
    for block in blocks(&fs::read_to_string(document).unwrap()) {
        if let Some(name) = file_of(&block.info) {
            folder.get_or_insert_with(|| Folder::new(document, block.line)).add(name, &block.text);
            continue;
        }
        let place = place(&folder);
        let result = match block.info.as_str() {
            "forge" => run(&block, place),
            "forge service" => {
                service = Some(serve(&block));
                Ok(())
            }
            "forge client" => match &service {
                None => Err("nothing is served".to_owned()),
                Some(service) => run_apart(&block, place, |forge, text| {
                    forge.env("FORGE_HTTP_ALLOW_PRIVATE", "1");
                    text.replace("localhost:8080", &service.address)
                }),
            },
            "forge pg" => {
                let url = "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable";
                with_server(&block, place, "127.0.0.1:5432", url)
            }
            "forge mysql" => {
                with_server(&block, place, "127.0.0.1:3306", "mysql://root@127.0.0.1:3306/mysql")
            }
            "sh" => {
                if let Some((_, file)) = block.text.trim().split_once("serve examples/") {
                    service = Some(Served::start(&root().join("examples").join(file)));
                }
                Ok(())
            }
            "console" => console(&block.text, place, &mut service),
            "" | "toml" | "rust" | "text" => Ok(()),
            other => Err(format!("no rule for blocks marked '{other}'")),
        };
        if let Err(text) = result {
            failures.push(format!("{}:{}: {text}", document.display(), block.line));
        }
    }
    failures
}

fn documents() -> Vec<PathBuf> {
    let mut found = vec![root().join("README.md")];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let (below, files): (Vec<_>, Vec<_>) = paths.partition(|path| path.is_dir());
        folders.extend(below);
        let is_page = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "md");
        found.extend(files.into_iter().filter(is_page));
    }
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
        for (target, _) in targets.filter(|(target, _)| !target.contains("://")) {
            let (file, place) = target.split_once('#').unwrap_or((target, ""));
            let path = match file.is_empty() {
                true => document.clone(),
                false => document.parent().unwrap().join(file),
            };
            assert!(path.exists(), "{}: {target}", document.display());
            let is_there = place.is_empty() || anchors(&path).iter().any(|it| it == place);
            assert!(is_there, "{}: no such heading: {target}", document.display());
        }
    }
}

/// Where links into a page can lead: its headings, as sites make anchors of them.
fn anchors(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    let headings = text.lines().filter_map(|line| line.trim_start_matches('#').strip_prefix(' '));
    let anchor = |heading: &str| {
        let is_kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
        heading.trim().to_lowercase().chars().filter(is_kept).collect::<String>().replace(' ', "-")
    };
    headings.map(anchor).collect()
}
