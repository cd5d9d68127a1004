//! Showing a page or a server in the browser of whoever sits here.

use std::ffi::OsStr;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

/// The command of the system that opens what it is given.
fn opener() -> Command {
    if cfg!(target_os = "windows") {
        let mut command = Command::new("cmd");
        // The empty word is the title of a window that is not opened.
        command.args(["/C", "start", ""]);
        command
    } else {
        Command::new(if cfg!(target_os = "macos") { "open" } else { "xdg-open" })
    }
}

/// Starts to open an address or a file.
///
/// # Errors
/// When there is nothing here that could.
pub(super) fn start(target: impl AsRef<OsStr>) -> std::io::Result<Child> {
    let mut command = opener();
    command.arg(target).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
}
