//! The command line: one file per command.

mod args;
mod run;
mod serve;

use clap::Parser;
use std::process::ExitCode;

/// Parses the command line and runs the command.
pub fn main() -> ExitCode {
    args::Cli::parse_from(args::normalized(std::env::args_os())).run()
}
