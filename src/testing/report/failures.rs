//! The end of the report: what failed, with the source (tooling 5.3 and 10.2).

use super::super::file::Body;
use super::super::file::FileReport;
use super::super::file::NOT_FOUND;
use super::super::file::Outcome;
use super::super::file::TestReport;
use super::super::runner::Stop;
use crate::diag::Diagnostic;
use crate::diag::Fault;
use crate::diag::Renderer;
use crate::diag::Unequal;
use crate::engine;
use similar::TextDiff;
use std::time::Duration;

/// The most findings of one file that are shown.
const MOST_FINDINGS: usize = 20;
/// The most lines of one difference that are shown.
const MOST_LINES: usize = 60;
/// How long looking for the smallest difference may take; then any will do.
const PATIENCE: Duration = Duration::from_millis(200);

/// The failures of a file, each a block of lines.
pub(super) fn of(report: &FileReport, renderer: &Renderer) -> Vec<String> {
    let name = &report.name;
    let block = |title: &str, (found, more): (Diagnostic, String)| {
        let frame = renderer.diagnostic(&found, &report.sources);
        indented(&format!("{title}\n{frame}\n{more}"))
    };
    match &report.body {
        Body::Silent => Vec::new(),
        Body::Lost(text) => vec![block(name, (failure(text), String::new()))],
        Body::Wrong(found) => {
            let found = found.iter().take(MOST_FINDINGS);
            found.map(|one| block(name, (one.clone(), String::new()))).collect()
        }
        Body::NotSetUp(_, stop) => vec![block(&format!("{name} setup"), explain(stop))],
        Body::Ran(_, tests) => {
            let of_test = |test| explain_test(test).into_iter().map(move |part| (test, part));
            let parts = tests.iter().flat_map(of_test);
            parts
                .map(|(test, (part, (found, more)))| {
                    // What has no place of its own is shown at the test.
                    let span = found.span.unwrap_or(test.plan.span);
                    let title = format!("{name} {}{part}", test.plan.name);
                    block(&title, (found.at(span), more))
                })
                .collect()
        }
    }
}

/// What made a test fail, and in which of its parts.
fn explain_test(test: &TestReport) -> Vec<(&'static str, (Diagnostic, String))> {
    match &test.outcome {
        Outcome::Skipped | Outcome::Passed => Vec::new(),
        Outcome::NotFound => vec![("", (failure(NOT_FOUND), String::new()))],
        Outcome::BeforeFailed(stop) => vec![(" @before", explain(stop))],
        Outcome::AfterFailed(stop) => vec![(" @after", explain(stop))],
        Outcome::Failed(stop, after) => {
            let after = after.iter().map(|stop| (" @after", explain(stop)));
            std::iter::once(("", explain(stop))).chain(after).collect()
        }
    }
}

/// A failure whose text is all there is.
fn failure(text: &str) -> Diagnostic {
    Diagnostic::error("E0501", text)
}

/// The finding, and what stands below its frame.
fn explain(stop: &Stop) -> (Diagnostic, String) {
    let Stop::Failed(error) = stop else {
        return (failure(&stop.text()), String::new());
    };
    let mut found = engine::diagnostic(error);
    match &error.fault {
        Fault::Unequal(values) if is_long(values) => {
            found.message = format!("{}the values differ", values.heading());
            (found, difference(values))
        }
        _ => (found, String::new()),
    }
}

fn is_long(values: &Unequal) -> bool {
    [&values.expected, &values.actual].into_iter().any(|text| text.contains('\n'))
}

/// The two texts line by line.
fn difference(values: &Unequal) -> String {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(&values.expected, &values.actual);
    let text =
        diff.unified_diff().missing_newline_hint(false).header("expected", "got").to_string();
    let lines = text.lines().count();
    let mut shown: Vec<&str> = text.lines().take(MOST_LINES).collect();
    let rest = format!("... {} more lines", lines.saturating_sub(MOST_LINES));
    if lines > MOST_LINES {
        shown.push(&rest);
    }
    shown.join("\n") + "\n"
}

/// Every line that is not blank stands two columns to the right.
fn indented(text: &str) -> String {
    let lines = text.lines().map(|line| match line {
        "" => "\n".to_owned(),
        line => format!("  {line}\n"),
    });
    lines.collect()
}
