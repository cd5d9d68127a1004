//! What is told of a test run, and in which form: `--reporter`.

mod covered;
mod dot;
mod entry;
mod failures;
mod json;
mod junit;
mod pretty;
mod tap;

pub(super) use covered::render;

use super::Settings;
use super::Stream;
use super::coverage::Covered;
use super::file::FileReport;

/// Where a report is written.
pub(super) type Show<'a> = &'a mut dyn FnMut(Stream, &str);

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// For people: language-statements 16.2 to 16.4.
    Pretty,
    /// A sign for each test.
    Dot,
    /// The Test Anything Protocol, version 14.
    Tap,
    /// The XML that build servers read.
    Junit,
    /// A JSON object in each line.
    Json,
}

/// How many tests ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed, and files that could not be run.
    pub failed: usize,
    /// Tests with `@skip`.
    pub skipped: usize,
    /// Percent of the executable lines that ran, if they were counted.
    pub covered: Option<f64>,
}

impl Summary {
    /// All tests.
    pub fn total(&self) -> usize {
        self.passed + self.failed + self.skipped
    }

    /// Counts the tests of a file.
    pub(super) fn count(&mut self, report: &FileReport) {
        for entry in entry::entries(report) {
            match entry.ended {
                entry::Ended::Passed => self.passed += 1,
                entry::Ended::Skipped => self.skipped += 1,
                entry::Ended::Failed(_) => self.failed += 1,
            }
        }
    }
}

/// What is wrong with a file that is no program, a line for each entry.
pub(super) fn wrong(report: &FileReport) -> String {
    let line = |entry: entry::Entry| match entry.ended {
        entry::Ended::Failed(failure) => format!("error: {} — {}\n", report.name, failure.message),
        _ => String::new(),
    };
    entry::entries(report).into_iter().map(line).collect()
}

/// Tells of files as they come in, in their order, and then of all of them.
pub(super) trait Reporter {
    /// A file.
    fn file(&mut self, report: &FileReport, show: Show);

    /// The end: the sums, and the lines that ran if they are to be shown.
    fn finish(&mut self, summary: &Summary, covered: Option<&Covered>, show: Show);
}

/// The reporter that the settings want.
pub(super) fn reporter(settings: &Settings, show: Show) -> Box<dyn Reporter> {
    match settings.style {
        Style::Pretty => Box::new(pretty::Pretty::new(settings, show)),
        Style::Dot => Box::new(dot::Dot::new(settings, show)),
        Style::Tap => Box::new(tap::Tap::new(settings, show)),
        Style::Junit => Box::new(junit::Junit::default()),
        Style::Json => Box::new(json::Json::new(settings, show)),
    }
}

const BOLD: &str = "1";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const GREY: &str = "90";

fn paint(color: bool, style: &str, text: &str) -> String {
    match color {
        true => format!("\x1b[{style}m{text}\x1b[0m"),
        false => text.to_owned(),
    }
}
