//! `--watch`: the same command again, in a process of its own, whenever a program changes (tooling 14).

use super::changes;
use super::changes::QUIET;
use super::changes::unwatchable;
use super::run::complain;
use crate::task::Signals;
use notify::RecursiveMode;
use notify::Watcher;
use std::ffi::OsString;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::ExitCode;
use std::time::Duration;
use std::time::Instant;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio::time::timeout;

/// How long a process that is told to stop may take.
const GRACE: Duration = Duration::from_secs(2);

/// Runs the command of this process without its `--watch` until a signal comes, and again when a program at or below
/// the folders of `paths` changes. `here` is the working directory that the words of the command line mean.
pub(super) fn again(paths: &[PathBuf], here: &Path) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(keep_running(paths, here)),
        Err(error) => Err(unwatchable(error)),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => complain(&error),
    }
}

async fn keep_running(paths: &[PathBuf], here: &Path) -> Result<u8, String> {
    let (sender, mut changed) = mpsc::unbounded_channel();
    let mut watcher = changes::watcher(move |paths| {
        if paths.iter().any(|path| is_program(path)) {
            let _ = sender.send(());
        }
    })?;
    for path in paths {
        watcher.watch(&changes::folder(path), RecursiveMode::Recursive).map_err(unwatchable)?;
    }
    let mut signals = Signals::new().map_err(unwatchable)?;
    loop {
        let mut child = start(here).map_err(unwatchable)?;
        tokio::select! {
            signal = signals.next() => {
                stop(&mut child).await;
                return Ok(signal);
            }
            _ = changed.recv() => {}
        }
        while timeout(QUIET, changed.recv()).await.is_ok() {}
        stop(&mut child).await;
        eprintln!("changed, running again");
    }
}

fn is_program(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "fg" || extension == "toml")
}

fn start(here: &Path) -> std::io::Result<Child> {
    let mut words: Vec<OsString> = std::env::args_os().skip(1).collect();
    // What stands behind the name of a program is the program's, so the first one is ours.
    if let Some(at) = words.iter().position(|word| word == "--watch") {
        words.remove(at);
    }
    Command::new(std::env::current_exe()?).args(words).current_dir(here).spawn()
}

/// Asks the process to stop, and makes it when it does not.
async fn stop(child: &mut Child) {
    ask_to_stop(child);
    let began = Instant::now();
    while began.elapsed() < GRACE {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    // It may have ended by itself meanwhile.
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(target_os = "linux")]
fn ask_to_stop(child: &Child) {
    use rustix::process;
    if let Some(id) = i32::try_from(child.id()).ok().and_then(process::Pid::from_raw) {
        // It may have ended by itself.
        let _ = process::kill_process(id, process::Signal::TERM);
    }
}

#[cfg(not(target_os = "linux"))]
fn ask_to_stop(child: &mut Child) {
    // It may have ended by itself.
    let _ = child.kill();
}
