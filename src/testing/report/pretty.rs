//! `--reporter pretty`: the layout of language-statements 16.2 to 16.4.

use super::super::Output;
use super::super::Settings;
use super::super::Stream;
use super::super::capture::Written;
use super::super::coverage::Covered;
use super::super::file::Body;
use super::super::file::FileReport;
use super::super::file::NOT_FOUND;
use super::super::file::Outcome;
use super::super::file::TestReport;
use super::BOLD;
use super::GREEN;
use super::GREY;
use super::RED;
use super::Reporter;
use super::Show;
use super::Summary;
use super::YELLOW;
use super::covered;
use super::entry::first_finding;
use super::failures;
use super::paint;
use crate::diag::Format;
use crate::diag::Renderer;

/// A report for people.
pub(super) struct Pretty {
    output: Output,
    renderer: Renderer,
    failures: Vec<String>,
    /// What is to be shown next.
    pieces: Written,
}

impl Pretty {
    /// Begins a report.
    pub(super) fn new(settings: &Settings, show: Show) -> Pretty {
        show(Stream::Out, "\n");
        if let Some(seed) = settings.shuffle {
            show(Stream::Out, &format!("  Seed: {seed}\n\n"));
        }
        Pretty {
            output: settings.output,
            renderer: Renderer { format: Format::Human, color: settings.color, width: None },
            failures: Vec::new(),
            pieces: Written::new(),
        }
    }

    fn show(&mut self, show: Show) {
        for (stream, text) in self.pieces.drain(..) {
            show(stream, &text);
        }
    }
}

impl Reporter for Pretty {
    fn file(&mut self, report: &FileReport, show: Show) {
        self.failures.extend(failures::of(report, &self.renderer));
        match &report.body {
            Body::Silent => {}
            Body::Lost(text) => self.broken(&report.name, text),
            Body::Wrong(found) => {
                let text = match found.first() {
                    Some(first) => first_finding(report, first),
                    None => String::new(),
                };
                self.broken(&report.name, &text);
            }
            Body::NotSetUp(written, stop) => {
                self.heading(&report.name);
                self.written(written);
                let error = self.paint(RED, "ERROR");
                self.line(&format!("    {error}  setup — {}", stop.text()));
            }
            Body::Ran(written, tests) => {
                self.heading(&report.name);
                self.written(written);
                tests.iter().for_each(|test| self.test(test));
                self.line("");
            }
        }
        self.show(show);
    }

    /// Writes the sums, the coverage and the failures.
    fn finish(&mut self, summary: &Summary, covered: Option<&Covered>, show: Show) {
        let Summary { passed, failed, skipped, .. } = summary;
        let skipped = if *skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
        let total = summary.total();
        let sums = format!("  {passed} passed, {failed} failed{skipped}, {total} total");
        let sums = self.paint(BOLD, &sums);
        self.line(&sums);
        self.line("");
        if let Some(covered) = covered {
            let text = covered::text(covered, self.renderer.color);
            self.line(&text);
        }
        if !self.failures.is_empty() {
            let heading = self.paint(BOLD, "  Failures:");
            let blocks = std::mem::take(&mut self.failures).join("\n");
            self.line(&format!("{heading}\n\n{blocks}"));
        }
        self.show(show);
    }
}

impl Pretty {
    /// A file that could not be run.
    fn broken(&mut self, name: &str, text: &str) {
        let error = self.paint(RED, "ERROR");
        self.line(&format!("  {error}  {name} — {text}"));
    }

    fn heading(&mut self, name: &str) {
        let heading = self.paint(BOLD, &format!("  {name}"));
        self.line(&heading);
    }

    fn test(&mut self, test: &TestReport) {
        let name = &test.plan.name;
        if test.has_failed() || self.output == Output::Always {
            self.written(&test.output);
        }
        let time = self.paint(GREY, &format!("({}ms)", test.took.as_millis()));
        let fail = self.paint(RED, "FAIL");
        match &test.outcome {
            Outcome::Skipped => {
                let skip = self.paint(YELLOW, "SKIP");
                self.line(&format!("    {skip}  {name}"));
            }
            Outcome::Passed => {
                let ok = self.paint(GREEN, "ok");
                self.line(&format!("    {ok}    {name} {time}"));
            }
            Outcome::NotFound => self.line(&format!("    {fail}  {name} — {NOT_FOUND}")),
            Outcome::BeforeFailed(stop) => {
                self.line(&format!("    {fail}  {name} — @before hook failed: {}", stop.text()));
            }
            Outcome::AfterFailed(stop) => {
                self.line(&format!("    {fail}  {name} — @after hook failed: {}", stop.text()));
            }
            Outcome::Failed(stop, after) => {
                self.line(&format!("    {fail}  {name} {time}"));
                self.line(&format!("          {}", stop.text()));
                if let Some(stop) = after {
                    self.line(&format!("          @after hook failed: {}", stop.text()));
                }
            }
        }
    }

    fn written(&mut self, pieces: &Written) {
        self.pieces.extend_from_slice(pieces);
    }

    fn line(&mut self, text: &str) {
        self.pieces.push((Stream::Out, format!("{text}\n")));
    }

    fn paint(&self, style: &str, text: &str) -> String {
        paint(self.renderer.color, style, text)
    }
}
