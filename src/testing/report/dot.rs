//! `--reporter dot`: a sign for each test, then what failed.

use super::super::Settings;
use super::super::Stream;
use super::super::coverage::Covered;
use super::super::file::FileReport;
use super::Reporter;
use super::Show;
use super::Summary;
use super::covered;
use super::entry::Ended;
use super::entry::entries;
use super::failures;
use crate::diag::Format;
use crate::diag::Renderer;

/// Signs in one line.
const WIDTH: usize = 80;

pub(super) struct Dot {
    renderer: Renderer,
    signs: usize,
    failures: Vec<String>,
}

impl Dot {
    pub(super) fn new(settings: &Settings, show: Show) -> Dot {
        if let Some(seed) = settings.shuffle {
            show(Stream::Out, &format!("seed {seed}\n"));
        }
        let renderer = Renderer { format: Format::Human, color: settings.color, width: None };
        Dot { renderer, signs: 0, failures: Vec::new() }
    }
}

impl Reporter for Dot {
    fn file(&mut self, report: &FileReport, show: Show) {
        self.failures.extend(failures::of(report, &self.renderer));
        for entry in entries(report) {
            show(
                Stream::Out,
                match entry.ended {
                    Ended::Passed => ".",
                    Ended::Skipped => "s",
                    Ended::Failed(_) => "F",
                },
            );
            self.signs += 1;
            if self.signs.is_multiple_of(WIDTH) {
                show(Stream::Out, "\n");
            }
        }
    }

    fn finish(&mut self, summary: &Summary, covered: Option<&Covered>, show: Show) {
        if !self.signs.is_multiple_of(WIDTH) {
            show(Stream::Out, "\n");
        }
        if !self.failures.is_empty() {
            show(Stream::Out, &format!("\n{}", self.failures.join("\n")));
        }
        let Summary { passed, failed, skipped, .. } = summary;
        show(Stream::Out, &format!("\n{passed} passed, {failed} failed, {skipped} skipped\n"));
        if let Some(covered) = covered {
            show(Stream::Out, &format!("\n{}", covered::text(covered, self.renderer.color)));
        }
    }
}
