//! The tests of a file, each as one thing that ended; a file that could not be run is one that failed.

use super::super::capture::Written;
use super::super::file::Body;
use super::super::file::FileReport;
use super::super::file::NOT_FOUND;
use super::super::file::Outcome;
use super::super::file::TestReport;
use super::super::runner::Stop;
use crate::diag::Diagnostic;
use crate::diag::Span;
use crate::engine;
use std::time::Duration;

/// A test, as all reports but the one for people tell of it.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) ended: Ended,
    pub(super) took: Duration,
    /// What was written to both outputs.
    pub(super) output: String,
}

/// How a test ended.
pub(super) enum Ended {
    Passed,
    Skipped,
    Failed(Failure),
}

/// Why a test failed.
pub(super) struct Failure {
    pub(super) message: String,
    /// Path, line and column.
    pub(super) place: Option<(String, u32, u32)>,
}

/// The entries of a file.
pub(super) fn entries(report: &FileReport) -> Vec<Entry> {
    match &report.body {
        Body::Silent => Vec::new(),
        Body::Lost(text) => vec![broken("file", text.clone(), None, report)],
        Body::Wrong(found) => {
            let first = found.first();
            let text = first.map_or(String::new(), |first| first_finding(report, first));
            vec![broken("file", text, first.and_then(|first| first.span), report)]
        }
        Body::NotSetUp(written, stop) => {
            let entry = broken("setup", stop.text(), place_of(stop), report);
            vec![Entry { output: text_of(written), ..entry }]
        }
        Body::Ran(_, tests) => tests.iter().map(|test| entry(test, report)).collect(),
    }
}

fn entry(test: &TestReport, report: &FileReport) -> Entry {
    let failed = |message: String, span: Option<Span>| {
        Ended::Failed(failure(message, span.or(Some(test.plan.span)), report))
    };
    let ended = match &test.outcome {
        Outcome::Passed => Ended::Passed,
        Outcome::Skipped => Ended::Skipped,
        Outcome::NotFound => failed(NOT_FOUND.to_owned(), None),
        Outcome::BeforeFailed(stop) => {
            failed(format!("@before hook failed: {}", stop.text()), place_of(stop))
        }
        Outcome::AfterFailed(stop) => {
            failed(format!("@after hook failed: {}", stop.text()), place_of(stop))
        }
        Outcome::Failed(stop, None) => failed(stop.text(), place_of(stop)),
        Outcome::Failed(stop, Some(after)) => {
            failed(format!("{}\n@after hook failed: {}", stop.text(), after.text()), place_of(stop))
        }
    };
    Entry { name: test.plan.name.clone(), ended, took: test.took, output: text_of(&test.output) }
}

/// A file of which no test ran.
fn broken(name: &str, message: String, span: Option<Span>, report: &FileReport) -> Entry {
    Entry {
        name: name.to_owned(),
        ended: Ended::Failed(failure(message, span, report)),
        took: Duration::ZERO,
        output: String::new(),
    }
}

fn failure(message: String, span: Option<Span>, report: &FileReport) -> Failure {
    let place = span.and_then(|span| {
        let source = report.sources.find(span.source)?;
        let place = source.position(span.start);
        Some((source.name.to_string(), place.line, place.column))
    });
    Failure { message, place }
}

fn place_of(stop: &Stop) -> Option<Span> {
    match stop {
        Stop::Failed(error) => engine::diagnostic(error).span,
        _ => None,
    }
}

fn text_of(written: &Written) -> String {
    written.iter().map(|(_, text)| text.as_str()).collect()
}

/// `[1:5] Parse error: unexpected '}'`
pub(super) fn first_finding(report: &FileReport, found: &Diagnostic) -> String {
    // Codes of the lexer begin with E01.
    let phase = if found.code.starts_with("E01") { "Lex error" } else { "Parse error" };
    let source = found.span.and_then(|span| Some((report.sources.find(span.source)?, span)));
    let place = source.map_or(String::new(), |(source, span)| {
        let place = source.position(span.start);
        format!("[{}:{}] ", place.line, place.column)
    });
    format!("{place}{phase}: {}", found.headline())
}
