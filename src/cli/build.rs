//! `forge build` (tooling 7), and what becomes of its executables when they start.

use super::args::Global;
use super::entry;
use super::payload::Payload;
use super::payload::is_built;
use super::run;
use super::run::Origin;
use super::run::Session;
use super::run::complain;
use crate::compile::Plan;
use crate::diag::Sources;
use crate::engine;
use crate::engine::Text;
use std::ffi::OsString;
use std::fs;
use std::fs::File;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

/// Flags of `forge build`.
#[derive(clap::Args)]
pub(super) struct BuildArgs {
    /// The program, the project's unless given
    file: Option<String>,
    /// The executable; FILE without its extension unless given
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Replace a file that no earlier build has made
    #[arg(long)]
    force: bool,
    /// An executable with the text of the program, which is what is built anyway
    #[arg(long, conflicts_with = "aot")]
    native: bool,
    /// There is no bytecode to put into an executable: refused
    #[arg(long, hide = true)]
    aot: bool,
}

/// Makes an executable of a program with all that it imports.
pub(super) fn file(args: &BuildArgs, global: &Global) -> ExitCode {
    if args.aot {
        complain(
            "--aot would hide the text of the program, and executables hold it; without --aot one is built",
        );
        return ExitCode::from(2);
    }
    let file = match entry::file(args.file.as_deref(), "build", global) {
        Ok(file) => file,
        Err(code) => return code,
    };
    let text = match run::read(&file) {
        Ok(text) => text,
        Err(error) => return complain(&error),
    };
    // What cannot run is not built.
    let plan = match Session::load(Origin::File(&file), &text, &[], global) {
        Ok(session) => session.loaded.plan,
        Err(code) => return code,
    };
    let source = Path::new(&file);
    let mut sources = Sources::new();
    let bundle = engine::bundle(&mut sources, Text::new(&file, &text).in_file(source));
    let bundle = match bundle {
        Ok(bundle) => bundle,
        Err(found) => return super::report::report(&found, &sources, global),
    };
    let output = args
        .output
        .clone()
        .unwrap_or_else(|| source.with_extension(std::env::consts::EXE_EXTENSION));
    let payload = Payload { bundle, may_run: global.allow_run };
    match allowed(source, &output, args.force).and_then(|()| write(&payload, &output)) {
        Ok(bytes) => {
            let made = Made { source, output: &output, bytes, payload: &payload, plan: &plan };
            super::show(&made.told())
        }
        Err(why) => complain(&why),
    }
}

/// What a build has made.
struct Made<'a> {
    source: &'a Path,
    output: &'a Path,
    bytes: u64,
    payload: &'a Payload,
    plan: &'a Plan,
}

impl Made<'_> {
    /// What it is, how large, and how it is started.
    fn told(&self) -> String {
        let imported = match self.payload.bundle.imported() {
            0 => String::new(),
            1 => ", with one file that it imports".to_owned(),
            count => format!(", with {count} files that it imports"),
        };
        let may_run = match self.payload.may_run {
            true => "\n  permission: it may run other programs",
            false => "",
        };
        // The first two lines stand in tooling 7.3.
        format!(
            "Built native binary {} -> {}\n  runtime: standalone source runtime (libforge linked; source embedded)\n  size: {:.1} MB{imported}{may_run}\n  start: {}\n",
            self.source.display(),
            self.output.display(),
            self.bytes as f64 / 1e6,
            self.start(),
        )
    }

    fn start(&self) -> String {
        // A shell looks for a bare name elsewhere.
        let path = match self.output.parent() {
            Some(folder) if folder.as_os_str().is_empty() => Path::new(".").join(self.output),
            _ => self.output.to_owned(),
        };
        let path = path.display();
        let has_routes = !self.plan.routes.is_empty() || !self.plan.statics.is_empty();
        match (&self.plan.server, has_routes) {
            (Some(_), _) => format!("{path}   (FORGE_HOST and FORGE_PORT say where it listens)"),
            (None, true) => format!("{path}   (it serves nothing: its routes need @server)"),
            (None, false) => format!("{path} [ARGS]"),
        }
    }
}

/// Whether the executable may be written there.
fn allowed(source: &Path, output: &Path, force: bool) -> Result<(), String> {
    let shown = output.display();
    match (source.canonicalize(), output.canonicalize()) {
        (Ok(source), Ok(output)) if source == output => {
            Err(format!("'{shown}' is the program itself; -o PATH names the executable"))
        }
        (_, Ok(full)) if full.is_dir() => {
            Err(format!("'{shown}' is a folder; -o PATH names the executable"))
        }
        (_, Ok(full)) if !force && !is_built(&full) => {
            Err(format!("'{shown}' is there and no earlier build; --force replaces it"))
        }
        _ => Ok(()),
    }
}

/// Writes the executable beside its place, and renames it; how many bytes it has.
fn write(payload: &Payload, output: &Path) -> Result<u64, String> {
    let made = output.with_extension(format!("tmp-{}", std::process::id()));
    let written = || -> io::Result<u64> {
        fs::copy(std::env::current_exe()?, &made)?;
        let mut file = File::options().append(true).open(&made)?;
        payload.write(&mut file)?;
        file.sync_all()?;
        fs::rename(&made, output)?;
        Ok(file.metadata()?.len())
    };
    written().map_err(|error| {
        // What is half written is of no use.
        let _ = fs::remove_file(&made);
        format!("could not write '{}': {error}", output.display())
    })
}

/// Runs the program in this executable, if there is one. All words of the command line are the program's.
pub(super) fn inside() -> Option<ExitCode> {
    let own = std::env::current_exe().ok()?;
    let payload = match Payload::of(&own) {
        Ok(payload) => payload?,
        Err(why) => return Some(complain(&why)),
    };
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    let mut global = Global::usual();
    global.allow_run = payload.may_run;
    Some(run::bundle(&payload.bundle, &args, &global))
}
