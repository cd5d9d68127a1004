//! The `forge` command: everything is in the library.
#![deny(clippy::unwrap_used)]
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    forge::cli::main()
}
