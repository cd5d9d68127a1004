//! `--reporter json`: an object in each line, for programs.

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
use serde_json::Value;
use serde_json::json;

pub(super) struct Json;

impl Json {
    pub(super) fn new(settings: &Settings, show: Show) -> Json {
        if let Some(seed) = settings.shuffle {
            line(&json!({ "type": "start", "seed": seed }), show);
        }
        Json
    }
}

impl Reporter for Json {
    fn file(&mut self, report: &FileReport, show: Show) {
        for entry in entries(report) {
            let mut object = json!({
                "type": "test",
                "file": report.name,
                "name": entry.name,
                "outcome": match entry.ended {
                    Ended::Passed => "passed",
                    Ended::Skipped => "skipped",
                    Ended::Failed(_) => "failed",
                },
                "ms": entry.took.as_millis() as u64,
            });
            if let Ended::Failed(failure) = &entry.ended {
                object["message"] = failure.message.clone().into();
                object["place"] = failure.place.as_ref().map_or(
                    Value::Null,
                    |(file, line, column)| json!({ "file": file, "line": line, "col": column }),
                );
            }
            if !entry.output.is_empty() {
                object["output"] = entry.output.into();
            }
            line(&object, show);
        }
    }

    fn finish(&mut self, summary: &Summary, covered: Option<&Covered>, show: Show) {
        let mut object = json!({
            "type": "summary",
            "passed": summary.passed,
            "failed": summary.failed,
            "skipped": summary.skipped,
            "total": summary.total(),
        });
        if let Some(covered) = covered {
            object["coverage"] = covered::object(covered);
        }
        line(&object, show);
    }
}

fn line(object: &Value, show: Show) {
    show(Stream::Out, &format!("{object}\n"));
}
