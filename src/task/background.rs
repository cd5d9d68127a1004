//! `schedule` and `watch` blocks: a run that fails is logged, and the next one comes all the same (server 6.7).

use super::drive;
use super::spawn::caught;
use crate::diag::Fault;
use crate::handles::Failure;
use crate::handles::Running;
use crate::machine::Background;
use crate::machine::Trigger;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::SystemTime;
use tokio::time::sleep;
use tracing::Instrument;
use tracing::error;
use tracing::info_span;

/// How often a watched file is looked at.
const POLL: Duration = Duration::from_secs(1);

/// Runs a block whenever it is time, until its task is cancelled. Whoever drops this ends it, too.
pub(super) fn repeat(block: Background, running: Running) -> impl Future<Output = ()> + Send {
    let (kind, line) = (block.kind(), block.line());
    // A watched file is looked at before anything else happens: no later change is missed.
    let alarm = match block.trigger() {
        Trigger::Every(interval) => Alarm::Every(*interval),
        Trigger::Change(path) => Alarm::Change(path.clone(), modified(path)),
    };
    let runs = async move {
        tokio::select! {
            biased;
            () = running.task().cancelled() => {}
            () = run(block, alarm, &running) => {}
        }
        running.end(Err(Failure::Cancelled));
    };
    runs.instrument(info_span!(target: "forge.server", "forge.background", kind, line))
}

async fn run(mut block: Background, mut alarm: Alarm, running: &Running) {
    loop {
        alarm.rung().await;
        let failed = match caught(once(&mut block, running)).await {
            Ok(result) => result.err(),
            Err(failure) => Some(Failed { error: failure.to_string(), hint: None }),
        };
        if let Some(Failed { error, hint }) = failed {
            let (kind, line) = (block.kind(), block.line());
            let error = error.lines().next();
            error!(target: "forge.server", kind, line, error, hint, "background block failed");
        }
    }
}

/// Why a run did not end well.
struct Failed {
    error: String,
    hint: Option<String>,
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Failed {
        Failed { error: fault.to_string(), hint: fault.hints() }
    }
}

/// One run, to its end.
async fn once(block: &mut Background, running: &Running) -> Result<(), Failed> {
    let mut machine = block.machine(running.scope())?;
    let result = drive(&mut machine).await;
    block.keep(&machine);
    Ok(result.map(drop).map_err(|error| error.fault)?)
}

/// What a block waits for.
enum Alarm {
    Every(Duration),
    /// The file, and when it was changed last; nothing while it is not there.
    Change(PathBuf, Option<SystemTime>),
}

impl Alarm {
    async fn rung(&mut self) {
        match self {
            Alarm::Every(interval) => sleep(*interval).await,
            Alarm::Change(path, seen) => loop {
                sleep(POLL).await;
                let file = path.clone();
                let found = tokio::task::spawn_blocking(move || modified(&file)).await;
                let Ok(found) = found else { continue };
                if std::mem::replace(seen, found) != found {
                    return;
                }
            },
        }
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|file| file.modified()).ok()
}
