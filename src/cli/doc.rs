//! `forge doc`: what programs, builtins and modules are (tooling 11).

use super::args::Global;
use super::check;
use super::open;
use super::report::renderer;
use super::report::report;
use super::report::wants_color;
use super::run::complain;
use super::run::read;
use crate::builtins;
use crate::diag::Sources;
use crate::diag::nearest;
use crate::doc;
use crate::doc::Page;
use crate::doc::Site;
use crate::doc::Wanted;
use crate::package;
use std::collections::hash_map::DefaultHasher;
use std::hash::Hash;
use std::hash::Hasher;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

/// Flags of `forge doc`.
#[derive(clap::Args)]
pub(super) struct DocArgs {
    /// Programs and folders with programs, or names: `push`, `Set.has`, `math.sqrt`, `Cart.total`; without any, all
    /// names of the language are listed
    what: Vec<String>,
    /// The whole reference of the language, as Markdown unless a format is given
    #[arg(long)]
    std: bool,
    /// The form; `term` unless given, `html` with --output or --open
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Write files into this folder
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Show pages in the browser; without paths, the guide and the reference
    #[arg(long)]
    open: bool,
    /// Fail when something is not documented, or a [name] in a comment leads nowhere
    #[arg(long, conflicts_with_all = ["std", "open", "output", "format"])]
    check: bool,
    /// Names that begin with `_` and tests, too
    #[arg(long)]
    private: bool,
}

/// How documentation looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For a terminal.
    Term,
    /// Markdown.
    Md,
    /// A folder of pages.
    Html,
    /// For programs.
    Json,
}

impl DocArgs {
    /// The format that was asked for, by whatever flag.
    fn format(&self) -> Format {
        let is_site = self.output.is_some() || self.open;
        self.format.unwrap_or(if is_site { Format::Html } else { Format::Term })
    }

    /// Whether it is about programs even when none is named.
    fn is_about_programs(&self) -> bool {
        !self.open && (self.check || self.private || self.format.is_some() || self.output.is_some())
    }
}

/// Shows, writes or checks documentation.
pub(super) fn run(args: &DocArgs, global: &Global) -> ExitCode {
    if let Some(wrong) = misuse(args) {
        return usage(wrong);
    }
    let is_language = args.std || args.what.is_empty() && !args.is_about_programs();
    if is_language {
        return language(args);
    }
    let (paths, names): (Vec<&String>, Vec<&String>) = args.what.iter().partition(|it| is_path(it));
    match (paths.as_slice(), names.as_slice()) {
        ([], []) => programs(&[&here()], args, global),
        (paths, []) => programs(paths, args, global),
        (paths, names) => items(paths, names, global),
    }
}

/// What cannot be asked for.
fn misuse(args: &DocArgs) -> Option<&'static str> {
    let has_place = args.output.is_some() || args.open;
    match args.format() {
        Format::Html if !has_place => Some("--format html needs --output DIR or --open"),
        Format::Term if args.output.is_some() => Some("--output needs --format md, html or json"),
        Format::Term | Format::Md | Format::Json if args.open => Some("--open needs --format html"),
        _ => None,
    }
}

fn usage(text: &str) -> ExitCode {
    eprintln!(
        "error: {text}\n\nUsage: forge doc [OPTIONS] [WHAT]...\n\nFor more information, try '--help'."
    );
    ExitCode::from(2)
}

/// Whether a word means files; a module of the language is meant by its name, whatever folders there are.
fn is_path(word: &str) -> bool {
    let path = Path::new(word);
    let is_folder = path.is_dir() && builtins::help(word).is_err();
    word.ends_with(".fg") || word.contains(['/', '\\']) || path.is_file() || is_folder
}

/// The folder of the project, or else the working directory.
fn here() -> String {
    let folder = std::env::current_dir().and_then(|folder| folder.canonicalize()).ok();
    let root = package::project(Path::new(".")).filter(|root| Some(root) != folder.as_ref());
    root.map_or_else(|| ".".to_owned(), |root| root.display().to_string())
}

/// `forge doc --open`, `forge doc --std`, `forge doc`
fn language(args: &DocArgs) -> ExitCode {
    match args.format() {
        Format::Html => site(&doc::manual(), "guide", args),
        Format::Json => written(&doc::language_json(), "forge.json", args),
        Format::Md => match &args.output {
            Some(folder) => files(folder, &doc::manual().markdown()),
            None => super::show(&whole_reference()),
        },
        Format::Term if args.std && args.format.is_none() => super::show(&whole_reference()),
        Format::Term if args.std => {
            let texts = builtins::entries().into_iter().map(|it| it.name);
            let texts = texts.filter_map(|name| builtins::help(&name).ok());
            super::show(&texts.collect::<Vec<_>>().join("\n"))
        }
        Format::Term => super::show(&builtins::contents()),
    }
}

fn whole_reference() -> String {
    let pages = builtins::reference().into_iter().map(|(_, page)| page);
    pages.collect::<Vec<_>>().join("\n")
}

/// The pages of programs, and whether all could be read.
fn pages(
    paths: &[&String],
    wanted: Wanted,
    sources: &mut Sources,
    global: &Global,
) -> (Vec<Page>, bool) {
    let mut texts = Vec::new();
    let mut is_whole = true;
    for path in paths {
        for program in check::programs(path) {
            match program.and_then(|path| Ok((read(&path)?, path))) {
                Ok((text, path)) => texts.push((path.trim_start_matches("./").to_owned(), text)),
                Err(why) => {
                    complain(&why);
                    is_whole = false;
                }
            }
        }
    }
    let (pages, wrong) = doc::read(sources, &texts, wanted);
    if !wrong.is_empty() {
        report(&wrong, sources, global);
        is_whole = false;
    }
    (pages, is_whole)
}

fn programs(paths: &[&String], args: &DocArgs, global: &Global) -> ExitCode {
    let mut sources = Sources::new();
    let wanted = if args.private { Wanted::All } else { Wanted::Public };
    let (pages, is_whole) = pages(paths, wanted, &mut sources, global);
    let shown = match () {
        () if pages.is_empty() && !is_whole => ExitCode::FAILURE,
        () if pages.is_empty() => super::show("  No .fg files found.\n"),
        () if args.check => lint(&pages, &sources, global),
        () => shown(&pages, args, global),
    };
    if is_whole { shown } else { ExitCode::FAILURE }
}

fn shown(pages: &[Page], args: &DocArgs, global: &Global) -> ExitCode {
    let title = title();
    match args.format() {
        Format::Term => super::show(&doc::term(pages, wants_color(global, &std::io::stdout()))),
        Format::Json => written(&doc::json(pages), "doc.json", args),
        Format::Md => match &args.output {
            Some(folder) => files(folder, &doc::site(pages, &title).markdown()),
            None => super::show(&doc::markdown(pages, &title)),
        },
        Format::Html => site(&doc::site(pages, &title), &title, args),
    }
}

/// What the documentation is called: like the folder that it is about.
fn title() -> String {
    let folder = std::path::absolute(here()).unwrap_or_default();
    let name = folder.file_name().map(|it| it.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "Documentation".to_owned())
}

/// `forge doc --check`
fn lint(pages: &[Page], sources: &Sources, global: &Global) -> ExitCode {
    let found = doc::lint(pages);
    if found.is_empty() {
        return ExitCode::SUCCESS;
    }
    // All of them: whoever asks wants to mend them.
    eprint!("{}", renderer(global).all(&found, sources, usize::MAX));
    ExitCode::FAILURE
}

/// One text, on standard output or as a file.
fn written(text: &str, name: &str, args: &DocArgs) -> ExitCode {
    match &args.output {
        Some(folder) => files(folder, &[(name.to_owned(), text.to_owned())]),
        None => super::show(text),
    }
}

fn files(folder: &Path, files: &[(String, String)]) -> ExitCode {
    match doc::write(folder, files) {
        Ok(()) => super::show(&format!("{} files in {}\n", files.len(), folder.display())),
        Err((path, error)) => complain(&format!("could not write '{}': {error}", path.display())),
    }
}

/// Writes a site, and opens it if that is wanted.
fn site(site: &Site, name: &str, args: &DocArgs) -> ExitCode {
    let folder = match &args.output {
        Some(folder) => folder.clone(),
        None => match cache(name) {
            Some(folder) => folder,
            None => return complain("there is no folder to write to: give one with --output"),
        },
    };
    let first = match site.write(&folder) {
        Ok(first) => std::path::absolute(&first).unwrap_or(first),
        Err((path, error)) => {
            return complain(&format!("could not write '{}': {error}", path.display()));
        }
    };
    let shown = super::show(&format!("{}\n", first.display()));
    if args.open {
        // The path stands there for whoever has nothing that opens it.
        match open::start(&first).and_then(|mut opener| opener.wait()) {
            Ok(status) if status.success() => {}
            Ok(_) => eprintln!("note: the page could not be opened; its path stands above"),
            Err(error) => eprintln!("note: could not open a browser: {error}"),
        }
    }
    shown
}

/// A folder of this user for pages of that name, of programs in this folder.
fn cache(name: &str) -> Option<PathBuf> {
    let from = |variable: &str| std::env::var_os(variable).filter(|it| !it.is_empty());
    let home = || from("HOME").map(PathBuf::from);
    let base = if cfg!(target_os = "windows") {
        from("LOCALAPPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Caches"))
    } else {
        from("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| Some(home()?.join(".cache")))
    };
    let mut hasher = DefaultHasher::new();
    std::env::current_dir().ok()?.hash(&mut hasher);
    let folder = match name {
        "guide" => format!("guide-{}", env!("CARGO_PKG_VERSION")),
        name => format!("{name}-{:016x}", hasher.finish()),
    };
    Some(base?.join("forge").join("doc").join(folder))
}

/// `forge doc NAME`: a builtin, or an item of the program.
fn items(paths: &[&String], names: &[&String], global: &Global) -> ExitCode {
    let mut sources = Sources::new();
    let root = package::project(Path::new(".")).map(|_| here());
    let is_given = !paths.is_empty();
    let mut read = || {
        let own: Vec<&String> = root.iter().collect();
        let paths = if is_given { paths } else { own.as_slice() };
        pages(paths, Wanted::All, &mut sources, global)
    };
    // Without paths the program is only read when the language has no such name.
    let mut known = is_given.then(&mut read);
    let mut texts = Vec::new();
    for name in names {
        let of_language = builtins::help(name);
        let own = match known.is_none() && of_language.is_ok() {
            true => None,
            false => item(&known.get_or_insert_with(&mut read).0, name),
        };
        match (own, of_language) {
            (Some(text), _) | (None, Ok(text)) => texts.push(text),
            (None, Err(close)) => {
                let pages = known.as_ref().map_or(&[][..], |(pages, _)| pages.as_slice());
                return complain(&unknown(name, close, pages));
            }
        }
    }
    let shown = super::show(&texts.join("\n"));
    if known.is_none_or(|(_, is_whole)| is_whole) { shown } else { ExitCode::FAILURE }
}

/// What programs say of a name.
fn item(pages: &[Page], name: &str) -> Option<String> {
    let found = pages.iter().flat_map(Page::all).filter(|it| it.name == name);
    let texts: Vec<String> = found.map(|it| doc::entry(it, false)).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn unknown(name: &str, close: Option<String>, pages: &[Page]) -> String {
    let own = pages.iter().flat_map(Page::all).map(|it| it.name.as_str());
    let close = nearest(name, own).first().map(|it| (*it).to_owned()).or(close);
    match close {
        Some(other) => format!("there is no '{name}'. Did you mean '{other}'?"),
        None => format!("there is no '{name}'. `forge doc` lists all names"),
    }
}
