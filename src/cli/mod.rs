//! The command line: one file per command.

mod add;
mod answer;
mod args;
mod build;
mod changes;
mod check;
mod crash;
mod doc;
mod entry;
mod fmt;
mod install;
mod learn;
mod misspelt;
mod new;
mod open;
mod packages;
mod payload;
mod reload;
mod repl;
mod report;
mod run;
mod serve;
mod serve_args;
mod task;
mod test;
mod test_args;
mod tree;
mod units;
mod update;
mod watch;

use crate::engine;
use crate::logs::flush_otel;
use std::io::ErrorKind;
use std::io::Write;
use std::process::ExitCode;

/// All commands and flags, as data.
pub fn command_line() -> clap::Command {
    let mut cli = <args::Cli as clap::CommandFactory>::command();
    cli.build();
    cli
}

/// Parses the command line and runs the command.
pub fn main() -> ExitCode {
    crash::report_crashes();
    // Five huge pages would be cleared until the program is compiled: more than a millisecond.
    engine::allow_huge_pages(false);
    let code = build::inside().unwrap_or_else(|| args::Cli::of(std::env::args_os()).run());
    flush_otel();
    code
}

/// Ends the process with nothing more than the last spans: a blocking call that nobody waits for must not keep it.
fn exit(code: i32) -> ! {
    flush_otel();
    std::process::exit(code)
}

/// Writes the result of a command. A closed pipe ends it quietly.
fn show(text: &str) -> ExitCode {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            run::complain(&format!("could not write output: {error}"))
        }
        _ => ExitCode::SUCCESS,
    }
}
