//! `--reporter tap`: the Test Anything Protocol, version 14.

use super::super::Settings;
use super::super::Stream;
use super::super::coverage::Covered;
use super::super::file::FileReport;
use super::Reporter;
use super::Show;
use super::Summary;
use super::entry::Ended;
use super::entry::Entry;
use super::entry::Failure;
use super::entry::entries;

#[derive(Default)]
pub(super) struct Tap {
    count: usize,
}

impl Tap {
    pub(super) fn new(settings: &Settings, show: Show) -> Tap {
        show(Stream::Out, "TAP version 14\n");
        if let Some(seed) = settings.shuffle {
            show(Stream::Out, &format!("# seed {seed}\n"));
        }
        Tap::default()
    }

    fn point(&mut self, file: &str, entry: &Entry) -> String {
        self.count += 1;
        // A `#` begins a directive.
        let name = format!("{file} {}", entry.name).replace('\\', "\\\\").replace('#', "\\#");
        let number = self.count;
        match &entry.ended {
            Ended::Passed => format!("ok {number} - {name}\n"),
            Ended::Skipped => format!("ok {number} - {name} # SKIP\n"),
            Ended::Failed(failure) => {
                let output = entry.output.lines().map(|line| format!("# {line}\n"));
                let output: String = output.collect();
                format!("{output}not ok {number} - {name}\n{}", explained(failure))
            }
        }
    }
}

/// A block of YAML; a JSON text is one in YAML too.
fn explained(failure: &Failure) -> String {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let place = failure.place.as_ref().map_or(String::new(), |(file, line, column)| {
        format!("  at: {}\n", text(&format!("{file}:{line}:{column}")))
    });
    format!("  ---\n  message: {}\n{place}  ...\n", text(&failure.message))
}

impl Reporter for Tap {
    fn file(&mut self, report: &FileReport, show: Show) {
        for entry in entries(report) {
            show(Stream::Out, &self.point(&report.name, &entry));
        }
    }

    fn finish(&mut self, _: &Summary, covered: Option<&Covered>, show: Show) {
        show(Stream::Out, &format!("1..{}\n", self.count));
        if let Some(covered) = covered {
            show(Stream::Out, &format!("# coverage {:.1}%\n", covered.share().percent()));
        }
    }
}
