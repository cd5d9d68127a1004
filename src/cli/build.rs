//! `forge build FILE` (tooling 7), and what becomes of its executables when they start.

use super::args::Global;
use super::payload::Payload;
use super::payload::is_built;
use super::run;
use super::run::Origin;
use super::run::Session;
use super::run::complain;
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
    /// The program
    file: String,
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
    let text = match run::read(&args.file) {
        Ok(text) => text,
        Err(error) => return complain(&error),
    };
    // What cannot run is not built.
    if let Err(code) = Session::load(Origin::File(&args.file), &text, &[], global) {
        return code;
    }
    let source = Path::new(&args.file);
    let mut sources = Sources::new();
    let bundle = engine::bundle(&mut sources, Text::new(&args.file, &text).in_file(source));
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
        Ok(()) => super::show(&format!(
            "Built native binary {} -> {}\n  runtime: standalone source runtime (libforge linked; source embedded)\n",
            args.file,
            output.display()
        )),
        Err(why) => complain(&why),
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

/// Writes the executable beside its place, and renames it.
fn write(payload: &Payload, output: &Path) -> Result<(), String> {
    let made = output.with_extension(format!("tmp-{}", std::process::id()));
    let written = || -> io::Result<()> {
        fs::copy(std::env::current_exe()?, &made)?;
        let mut file = File::options().append(true).open(&made)?;
        payload.write(&mut file)?;
        file.sync_all()?;
        fs::rename(&made, output)
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
