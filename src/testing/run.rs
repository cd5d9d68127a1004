//! All files: in parallel, reported in their order.

use super::CoverageFormat;
use super::Settings;
use super::Stream;
use super::coverage::Covered;
use super::file::Body;
use super::file::Context;
use super::file::FileReport;
use super::file::Read;
use super::file::read;
use super::report::Reporter;
use super::report::Summary;
use super::report::render;
use super::report::reporter;
use super::report::wrong;
use super::runner::Runner;
use super::runner::lost;
use crate::diag::Sources;
use crate::serve::Threads;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Runs the tests of `files`; the report goes to `show` piece by piece.
///
/// # Errors
/// When the threads cannot be started, or the report about covered lines cannot be written.
pub async fn run(
    mut files: Vec<PathBuf>,
    settings: Settings,
    show: &mut dyn FnMut(Stream, &str),
) -> Result<Summary, String> {
    let runner = Runner::new(settings.jobs, settings.timeout)
        .map_err(|error| format!("could not start: {error}"))?;
    if let Some(seed) = settings.shuffle {
        files.shuffle(&mut StdRng::seed_from_u64(seed));
    }
    // More than run at once, so that the threads have something to do while others wait; not all, for memory.
    let open =
        Arc::new(Semaphore::new(settings.jobs.saturating_mul(2).min(Semaphore::MAX_PERMITS)));
    let settings = Arc::new(settings);
    let context = Context {
        runner: Arc::new(runner),
        settings: settings.clone(),
        threads: Arc::new(Threads::new(settings.jobs)),
    };
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
    let mut reporter = reporter(&settings, show);
    let (mut summary, mut covered) = (Summary::default(), Covered::default());
    let mut running = files.into_iter().map(start).collect::<Vec<_>>().into_iter();
    for (name, running) in running.by_ref() {
        let mut report = running.await.unwrap_or_else(|failed| {
            let body = Body::Lost(lost(failed).text());
            FileReport { name, sources: Sources::new(), body, lines: Vec::new() }
        });
        if let Some(most) = settings.fail_fast {
            report.cut(most.get() - summary.failed);
        }
        reporter.file(&report, show);
        summary.count(&report);
        covered.add(&report.lines);
        if settings.fail_fast.is_some_and(|most| summary.failed >= most.get()) {
            break;
        }
    }
    running.for_each(|(_, late)| late.abort());
    finish(&mut *reporter, summary, &covered, &settings, show)
}

/// The end of the report, and the one about covered lines.
fn finish(
    reporter: &mut dyn Reporter,
    mut summary: Summary,
    covered: &Covered,
    settings: &Settings,
    show: &mut dyn FnMut(Stream, &str),
) -> Result<Summary, String> {
    let wanted = settings.coverage.as_ref().filter(|_| !covered.0.is_empty());
    let Some(wanted) = wanted else {
        reporter.finish(&summary, None, show);
        return Ok(summary);
    };
    summary.covered = Some(covered.share().percent());
    let is_shown = wanted.format == CoverageFormat::Text && wanted.out.is_none();
    reporter.finish(&summary, is_shown.then_some(covered), show);
    match &wanted.out {
        Some(path) => std::fs::write(path, render(covered, wanted.format))
            .map_err(|error| format!("could not write '{}': {error}", path.display()))?,
        None if is_shown => {}
        None => show(Stream::Out, &render(covered, wanted.format)),
    }
    Ok(summary)
}

/// The tests of `files` that were asked for, a line for each; of a file that is no program, what is wrong with it.
pub fn list(files: &[PathBuf], settings: &Settings, show: &mut dyn FnMut(Stream, &str)) -> Summary {
    let mut summary = Summary::default();
    for path in files {
        let name = path.display().to_string();
        let Read { sources, loaded, .. } = read(path, settings);
        match loaded {
            Ok(loaded) => {
                let tests = loaded.plan.tests.tests;
                for test in tests.iter().filter(|test| settings.wants(&test.name)) {
                    summary.passed += 1;
                    show(Stream::Out, &format!("{name}::{}\n", test.name));
                }
            }
            Err(body) => {
                let report = FileReport { name, sources, body, lines: Vec::new() };
                summary.count(&report);
                show(Stream::Err, &wrong(&report));
            }
        }
    }
    summary
}
