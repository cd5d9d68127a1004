//! `forge fmt PATHS` (tooling 6.1)

use super::args::Global;
use super::report::report;
use super::run::complain;
use crate::diag::Diagnostic;
use crate::diag::Sources;
use crate::engine;
use ignore::WalkBuilder;
use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;
use similar::TextDiff;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

/// Folders that hold what others wrote.
const FOREIGN: [&str; 3] = ["forge_modules", "node_modules", "target"];

/// Flags of `forge fmt`.
#[derive(clap::Args)]
pub(super) struct FmtArgs {
    /// Files and folders, the working directory unless given; `-` is the same as `--stdin`
    pub(super) paths: Vec<PathBuf>,
    /// Format them again whenever a program changes
    #[arg(long, conflicts_with = "stdin")]
    pub(super) watch: bool,
    /// Change nothing; fail when a file is not formatted
    #[arg(long)]
    check: bool,
    /// Change nothing; show what would change, and fail when something would
    #[arg(long)]
    diff: bool,
    /// Format standard input to standard output
    #[arg(long)]
    stdin: bool,
    /// What the program on standard input is called in messages
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<String>,
    /// Say nothing of files, only what is wrong
    #[arg(short, long)]
    quiet: bool,
}

/// What became of a file.
enum Outcome {
    Unchanged,
    /// Its text, and what it is to be.
    Changed(String, String),
    /// It could not be read or written.
    Lost(String),
    /// It is no program.
    Wrong(Sources, Vec<Diagnostic>),
}

/// Formats files, all below a folder, or standard input.
pub(super) fn files(args: &FmtArgs, global: &Global) -> ExitCode {
    if args.stdin || args.paths.iter().any(|path| path == Path::new("-")) {
        return standard_input(args, global);
    }
    let (found, mut has_failed) = found(&args.paths);
    if found.is_empty() && !has_failed {
        return say(args, "No .fg files found\n");
    }
    let only_looks = args.check || args.diff;
    let outcomes: Vec<Outcome> =
        found.clone().into_par_iter().map(|path| formatted(&path, only_looks)).collect();
    let mut changed = 0;
    let mut text = String::new();
    for (path, outcome) in found.iter().zip(&outcomes) {
        let path = path.display();
        match outcome {
            Outcome::Unchanged => text.push_str(&format!("  unchanged  {path}\n")),
            Outcome::Changed(old, new) => {
                changed += 1;
                if args.diff {
                    let name = path.to_string();
                    let diff = TextDiff::from_lines(old.as_str(), new.as_str());
                    text.push_str(&diff.unified_diff().header(&name, &name).to_string());
                } else {
                    let what = if args.check { "would format" } else { "formatted" };
                    text.push_str(&format!("  {what}  {path}\n"));
                }
            }
            Outcome::Lost(why) => {
                has_failed = true;
                eprintln!("  error      {path} — {why}");
            }
            Outcome::Wrong(sources, found) => {
                has_failed = true;
                eprintln!("  error      {path} — it has mistakes");
                report(found, sources, global);
            }
        }
    }
    text.push_str(&match (args.check, changed) {
        _ if args.diff => String::new(),
        (true, 0) => "\n  All files formatted correctly\n".to_owned(),
        (true, _) => format!("\n  {changed} file(s) need formatting\n"),
        (false, _) => format!("\n  {changed} file(s) formatted\n"),
    });
    let said = say(args, &text);
    if has_failed || only_looks && changed > 0 { ExitCode::FAILURE } else { said }
}

fn say(args: &FmtArgs, text: &str) -> ExitCode {
    // The difference is what was asked for.
    if args.quiet && !args.diff { ExitCode::SUCCESS } else { super::show(text) }
}

/// The programs that the paths name, sorted; whether one of them could not be found.
fn found(paths: &[PathBuf]) -> (Vec<PathBuf>, bool) {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    let mut all = Vec::new();
    let mut has_failed = false;
    for path in paths {
        if path.is_dir() {
            let below = below(path);
            has_failed |= below.is_err();
            match below {
                Ok(below) => all.extend(below),
                Err(error) => eprintln!("  error      {} — {error}", path.display()),
            }
        } else {
            all.push(path.clone());
        }
    }
    all.sort();
    all.dedup();
    (all, has_failed)
}

/// The programs below a folder that nobody asks to leave alone.
fn below(folder: &Path) -> Result<Vec<PathBuf>, ignore::Error> {
    let mut walk = WalkBuilder::new(folder);
    walk.require_git(false).add_custom_ignore_filename(".forgefmtignore");
    walk.filter_entry(|entry| !FOREIGN.iter().any(|name| entry.file_name() == *name));
    let mut found = Vec::new();
    for entry in walk.build() {
        let path = entry?.into_path();
        if path.is_file() && path.extension().is_some_and(|extension| extension == "fg") {
            found.push(path.strip_prefix("./").map(Path::to_path_buf).unwrap_or(path));
        }
    }
    Ok(found)
}

fn formatted(path: &Path, only_looks: bool) -> Outcome {
    let old = match std::fs::read_to_string(path) {
        Ok(old) => old,
        Err(error) => return Outcome::Lost(format!("could not read it: {error}")),
    };
    let mut sources = Sources::new();
    match engine::format(&mut sources, &path.display().to_string(), &old) {
        Ok(new) if new == old => Outcome::Unchanged,
        Ok(new) => match only_looks {
            true => Outcome::Changed(old, new),
            false => match replace(path, &new) {
                Ok(()) => Outcome::Changed(old, new),
                Err(error) => Outcome::Lost(format!("could not write it: {error}")),
            },
        },
        Err(found) => Outcome::Wrong(sources, found),
    }
}

/// Replaces a file in one step; what it may be used for stays.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let path = path.canonicalize()?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    beside.write_all(text.as_bytes())?;
    std::fs::set_permissions(beside.path(), std::fs::metadata(&path)?.permissions())?;
    beside.persist(&path)?;
    Ok(())
}

fn standard_input(args: &FmtArgs, global: &Global) -> ExitCode {
    let mut old = String::new();
    if let Err(error) = std::io::stdin().lock().read_to_string(&mut old) {
        return complain(&format!("could not read standard input: {error}"));
    }
    let name = args.stdin_filename.as_deref().unwrap_or("<stdin>");
    let mut sources = Sources::new();
    match engine::format(&mut sources, name, &old) {
        Ok(new) if args.diff => {
            let diff = TextDiff::from_lines(old.as_str(), new.as_str());
            let shown = super::show(&diff.unified_diff().header(name, name).to_string());
            if old == new { shown } else { ExitCode::FAILURE }
        }
        Ok(new) if args.check => match old == new {
            true => ExitCode::SUCCESS,
            false => complain(&format!("{name} is not formatted")),
        },
        Ok(new) => super::show(&new),
        Err(found) => report(&found, &sources, global),
    }
}
