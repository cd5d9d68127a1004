//! The report, in the layout of language-statements 16.2 to 16.4.

use super::Output;
use super::Settings;
use super::Stream;
use super::capture::Written;
use super::coverage::Lines;
use super::coverage::Share;
use super::failures;
use super::file::Body;
use super::file::FileReport;
use super::file::NOT_FOUND;
use super::file::Outcome;
use super::file::TestReport;
use crate::diag::Diagnostic;
use crate::diag::Format;
use crate::diag::Renderer;

const BOLD: &str = "1";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const GREY: &str = "90";

/// How many tests ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed, and files that could not be run.
    pub failed: usize,
    /// Tests with `@skip`.
    pub skipped: usize,
}

impl Summary {
    /// All of them.
    pub fn total(&self) -> usize {
        self.passed + self.failed + self.skipped
    }
}

/// Writes the report as the files come in, in their order.
pub(super) struct Reporter<'a> {
    show: &'a mut dyn FnMut(Stream, &str),
    output: Output,
    renderer: Renderer,
    summary: Summary,
    failures: Vec<String>,
    coverage: Vec<Lines>,
    has_coverage: bool,
}

impl<'a> Reporter<'a> {
    /// Begins a report.
    pub(super) fn new(settings: &Settings, show: &'a mut dyn FnMut(Stream, &str)) -> Reporter<'a> {
        show(Stream::Out, "\n");
        Reporter {
            show,
            output: settings.output,
            renderer: Renderer { format: Format::Human, color: settings.color, width: None },
            summary: Summary::default(),
            failures: Vec::new(),
            coverage: Vec::new(),
            has_coverage: settings.coverage,
        }
    }

    /// Reports a file.
    pub(super) fn file(&mut self, report: &FileReport) {
        self.failures.extend(failures::of(report, &self.renderer));
        self.cover(&report.lines);
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
                self.summary.failed += 1;
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
    }

    /// Writes the sums, the coverage and the failures.
    pub(super) fn finish(mut self) -> Summary {
        let Summary { passed, failed, skipped } = self.summary;
        let skipped = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
        let total = self.summary.total();
        let sums = format!("  {passed} passed, {failed} failed{skipped}, {total} total");
        let sums = self.paint(BOLD, &sums);
        self.line(&sums);
        self.line("");
        if self.has_coverage && !self.coverage.is_empty() {
            self.show_coverage();
        }
        if !self.failures.is_empty() {
            let heading = self.paint(BOLD, "  Failures:");
            let blocks = std::mem::take(&mut self.failures).join("\n");
            self.line(&format!("{heading}\n\n{blocks}"));
        }
        self.summary
    }

    /// A file that could not be run.
    fn broken(&mut self, name: &str, text: &str) {
        self.summary.failed += 1;
        let error = self.paint(RED, "ERROR");
        self.line(&format!("  {error}  {name} — {text}"));
    }

    fn heading(&mut self, name: &str) {
        let heading = self.paint(BOLD, &format!("  {name}"));
        self.line(&heading);
    }

    fn test(&mut self, test: &TestReport) {
        let name = &test.plan.name;
        let has_failed = !matches!(test.outcome, Outcome::Passed | Outcome::Skipped);
        if has_failed || self.output == Output::Always {
            self.written(&test.output);
        }
        match test.outcome {
            Outcome::Passed => self.summary.passed += 1,
            Outcome::Skipped => self.summary.skipped += 1,
            _ => self.summary.failed += 1,
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

    /// Remembers which lines of which files ran; several test files may load the same one.
    fn cover(&mut self, files: &[Lines]) {
        for lines in files {
            match self.coverage.iter_mut().find(|known| known.name == lines.name) {
                Some(known) => known.add(lines),
                None => self.coverage.push(lines.clone()),
            }
        }
    }

    fn show_coverage(&mut self) {
        let files = std::mem::take(&mut self.coverage);
        let heading = self.paint(BOLD, "  Coverage");
        self.line(&format!("{heading}\n"));
        for lines in &files {
            let share = lines.share();
            let percent = self.percent(share, &format!("{:5.1}%", share.percent()));
            self.line(&format!("    {percent}  {} {}", lines.name, counts(share)));
        }
        let share: Share = files.iter().map(Lines::share).sum();
        let percent = self.percent(share, &format!("{:.1}%", share.percent()));
        self.line(&format!("\n  Overall: {percent} {}\n", counts(share)));
    }

    fn percent(&self, share: Share, text: &str) -> String {
        let style = match share.percent() {
            80.0.. => GREEN,
            50.0.. => YELLOW,
            _ => RED,
        };
        self.paint(style, text)
    }

    fn written(&mut self, pieces: &Written) {
        for (stream, text) in pieces {
            (self.show)(*stream, text);
        }
    }

    fn line(&mut self, text: &str) {
        (self.show)(Stream::Out, &format!("{text}\n"));
    }

    fn paint(&self, style: &str, text: &str) -> String {
        match self.renderer.color {
            true => format!("\x1b[{style}m{text}\x1b[0m"),
            false => text.to_owned(),
        }
    }
}

/// `(3/4)`
fn counts(share: Share) -> String {
    format!("({}/{})", share.executed, share.executable)
}

/// `[1:5] Parse error: unexpected '}'`
fn first_finding(report: &FileReport, found: &Diagnostic) -> String {
    // Codes of the lexer begin with E01.
    let phase = if found.code.starts_with("E01") { "Lex error" } else { "Parse error" };
    let source = found.span.and_then(|span| Some((report.sources.find(span.source)?, span)));
    let place = source.map_or(String::new(), |(source, span)| {
        let place = source.position(span.start);
        format!("[{}:{}] ", place.line, place.column)
    });
    format!("{place}{phase}: {}", found.headline())
}
