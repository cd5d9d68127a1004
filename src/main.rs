//! The `forge` command: everything is in the library.
#![forbid(unsafe_code)]

use std::process::ExitCode;

/// Short-lived values are small blocks, made and freed by the million.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    forge::cli::main()
}
