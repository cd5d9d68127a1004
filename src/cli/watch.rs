//! `--watch`: the same command again, in a process of its own, whenever a program changes (tooling 14).

use super::run::complain;
use crate::task::Signals;
use notify::EventKind;
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

/// An editor writes in several steps; this long after the last of them, it is done.
const QUIET: Duration = Duration::from_millis(100);

/// How long a process that is told to stop may take.
const GRACE: Duration = Duration::from_secs(2);

/// Runs the command of this process without its `--watch` until a signal comes, and again when a program at or below
/// the folders of `paths` changes. `here` is the working directory that the words of the command line mean.
pub(super) fn again(paths: &[PathBuf], here: &Path) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(keep_running(paths, here)),
        Err(error) => Err(error.to_string()),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => complain(&format!("could not watch files: {error}")),
    }
}

async fn keep_running(paths: &[PathBuf], here: &Path) -> Result<u8, String> {
    let (sender, mut changes) = mpsc::unbounded_channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Ok(event) = event
            && !matches!(event.kind, EventKind::Access(_))
            && event.paths.iter().any(|path| is_program(path))
        {
            let _ = sender.send(());
        }
    })
    .map_err(|error| error.to_string())?;
    for path in paths {
        watcher
            .watch(&folder(path), RecursiveMode::Recursive)
            .map_err(|error| error.to_string())?;
    }
    let mut signals = Signals::new().map_err(|error| error.to_string())?;
    loop {
        let mut child = start(here).map_err(|error| error.to_string())?;
        tokio::select! {
            signal = signals.next() => {
                stop(&mut child).await;
                return Ok(signal);
            }
            _ = changes.recv() => {}
        }
        while timeout(QUIET, changes.recv()).await.is_ok() {}
        stop(&mut child).await;
        eprintln!("changed, running again");
    }
}

/// The folder to look at for changes of a path: a file that is replaced is another file of that name.
fn folder(path: &Path) -> PathBuf {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() }
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
