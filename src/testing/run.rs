//! All files: in parallel, reported in their order.

use super::Settings;
use super::Stream;
use super::file::Body;
use super::file::Context;
use super::file::FileReport;
use super::report::Reporter;
use super::report::Summary;
use super::runner::Runner;
use super::runner::lost;
use crate::diag::Sources;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Runs the tests of `files`; the report goes to `show` piece by piece.
///
/// # Errors
/// When the threads cannot be started.
pub async fn run(
    files: Vec<PathBuf>,
    settings: Settings,
    show: &mut dyn FnMut(Stream, &str),
) -> Result<Summary, String> {
    let runner = Runner::new(settings.jobs, settings.timeout)
        .map_err(|error| format!("could not start: {error}"))?;
    let mut reporter = Reporter::new(&settings, show);
    // More than run at once, so that the threads have something to do while others wait; not all, for memory.
    let open =
        Arc::new(Semaphore::new(settings.jobs.saturating_mul(2).min(Semaphore::MAX_PERMITS)));
    let context = Context { runner: Arc::new(runner), settings: Arc::new(settings) };
    let start = |path: PathBuf| {
        let (context, open) = (context.clone(), open.clone());
        let name = path.display().to_string();
        let running = tokio::spawn(async move {
            // Permits are given in the order of the requests.
            let _open = open.acquire().await.expect("nobody closes it");
            context.run_file(path).await
        });
        (name, running)
    };
    let running: Vec<_> = files.into_iter().map(start).collect();
    for (name, running) in running {
        let report = running.await.unwrap_or_else(|failed| {
            let body = Body::Lost(lost(failed).text());
            FileReport { name, sources: Sources::new(), body, lines: Vec::new() }
        });
        reporter.file(&report);
    }
    Ok(reporter.finish())
}
