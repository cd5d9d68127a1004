//! `--reporter junit`: the XML that build servers read.

use super::super::Stream;
use super::super::coverage::Covered;
use super::super::file::FileReport;
use super::Reporter;
use super::Show;
use super::Summary;
use super::entry::Ended;
use super::entry::Entry;
use super::entry::entries;
use std::time::Duration;

#[derive(Default)]
pub(super) struct Junit {
    suites: String,
    took: Duration,
}

impl Reporter for Junit {
    fn file(&mut self, report: &FileReport, _: Show) {
        let entries = entries(report);
        if entries.is_empty() {
            return;
        }
        let count =
            |wanted: fn(&Ended) -> bool| entries.iter().filter(|it| wanted(&it.ended)).count();
        let failed = count(|ended| matches!(ended, Ended::Failed(_)));
        let skipped = count(|ended| matches!(ended, Ended::Skipped));
        let took: Duration = entries.iter().map(|entry| entry.took).sum();
        self.took += took;
        let name = escaped(&report.name);
        let cases: String = entries.iter().map(|entry| case(&name, entry)).collect();
        self.suites += &format!(
            "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failed}\" skipped=\"{skipped}\" time=\"{:.3}\">\n{cases}  </testsuite>\n",
            entries.len(),
            took.as_secs_f64(),
        );
    }

    fn finish(&mut self, summary: &Summary, _: Option<&Covered>, show: Show) {
        show(
            Stream::Out,
            &format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{}\" failures=\"{}\" skipped=\"{}\" time=\"{:.3}\">\n{}</testsuites>\n",
                summary.total(),
                summary.failed,
                summary.skipped,
                self.took.as_secs_f64(),
                self.suites,
            ),
        );
    }
}

fn case(file: &str, entry: &Entry) -> String {
    let name = escaped(&entry.name);
    let time = entry.took.as_secs_f64();
    let head = format!("    <testcase classname=\"{file}\" name=\"{name}\" time=\"{time:.3}\"");
    let output = match entry.output.as_str() {
        "" => String::new(),
        text => format!("      <system-out>{}</system-out>\n", escaped(text)),
    };
    let ended = match &entry.ended {
        Ended::Passed => String::new(),
        Ended::Skipped => "      <skipped/>\n".to_owned(),
        Ended::Failed(failure) => {
            let message = escaped(&failure.message);
            let place = failure.place.as_ref().map_or(String::new(), |(file, line, column)| {
                escaped(&format!("{file}:{line}:{column}"))
            });
            format!("      <failure message=\"{message}\">{place}</failure>\n")
        }
    };
    match ended + &output {
        body if body.is_empty() => format!("{head}/>\n"),
        body => format!("{head}>\n{body}    </testcase>\n"),
    }
}

/// A text as XML has it; what XML cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // A parser would make a space of it in an attribute.
            '\n' => out.push_str("&#10;"),
            '\t' => out.push('\t'),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
