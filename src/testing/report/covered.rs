//! The lines that ran, in the forms of `--coverage-format`.

use super::super::CoverageFormat;
use super::super::coverage::Covered;
use super::super::coverage::Lines;
use super::super::coverage::Share;
use super::BOLD;
use super::GREEN;
use super::RED;
use super::YELLOW;
use super::paint;
use crate::doc::escaped;
use serde_json::Value;
use serde_json::json;

/// The report in a form.
pub(crate) fn render(covered: &Covered, format: CoverageFormat) -> String {
    match format {
        CoverageFormat::Text => text(covered, false) + "\n",
        CoverageFormat::Lcov => covered.0.iter().map(lcov).collect(),
        CoverageFormat::Json => format!("{}\n", object(covered)),
        CoverageFormat::Html => html(covered),
    }
}

/// The report for people (language-statements 16.4).
pub(super) fn text(covered: &Covered, color: bool) -> String {
    let percent = |share: Share, text: String| {
        let style = match share.percent() {
            80.0.. => GREEN,
            50.0.. => YELLOW,
            _ => RED,
        };
        paint(color, style, &text)
    };
    let file = |lines: &Lines| {
        let share = lines.share();
        let percent = percent(share, format!("{:5.1}%", share.percent()));
        format!("    {percent}  {} {}\n", lines.name, counts(share))
    };
    let files: String = covered.0.iter().map(file).collect();
    let share = covered.share();
    let percent = percent(share, format!("{:.1}%", share.percent()));
    let heading = paint(color, BOLD, "  Coverage");
    format!("{heading}\n\n{files}\n  Overall: {percent} {}\n", counts(share))
}

/// `(3/4)`
fn counts(share: Share) -> String {
    format!("({}/{})", share.executed, share.executable)
}

fn lcov(lines: &Lines) -> String {
    let data = lines.executable().map(|(line, ran)| format!("DA:{line},{}\n", u8::from(ran)));
    let data: String = data.collect();
    let Share { executed, executable } = lines.share();
    format!("TN:\nSF:{}\n{data}LF:{executable}\nLH:{executed}\nend_of_record\n", lines.name)
}

/// For programs.
pub(super) fn object(covered: &Covered) -> Value {
    let share = |share: Share| {
        json!({
            "executed": share.executed,
            "executable": share.executable,
            "percent": (share.percent() * 10.0).round() / 10.0,
        })
    };
    let file = |lines: &Lines| {
        let missed = lines.executable().filter(|(_, ran)| !ran).map(|(line, _)| line);
        let mut object = json!({ "file": lines.name });
        if let (Some(object), Value::Object(share)) = (object.as_object_mut(), share(lines.share()))
        {
            object.extend(share);
            object.insert("missed".to_owned(), missed.collect::<Vec<u32>>().into());
        }
        object
    };
    json!({
        "files": covered.0.iter().map(file).collect::<Vec<Value>>(),
        "overall": share(covered.share()),
    })
}

const STYLE: &str =
    "body{font:14px sans-serif}pre{margin:0}.ran{background:#dfd}.missed{background:#fdd}";

fn html(covered: &Covered) -> String {
    let all: String = covered.0.iter().map(html_file).collect();
    let share = covered.share();
    format!(
        "<!doctype html>\n<meta charset=\"utf-8\">\n<title>Coverage</title>\n<style>{STYLE}</style>\n<h1>Coverage {:.1}% {}</h1>\n{all}",
        share.percent(),
        counts(share),
    )
}

fn html_file(lines: &Lines) -> String {
    let ran: std::collections::BTreeMap<u32, bool> = lines.executable().collect();
    let row = |(number, text): (u32, &str)| {
        let class = match ran.get(&number) {
            Some(true) => "ran",
            Some(false) => "missed",
            None => "other",
        };
        format!("<pre class=\"{class}\">{number:5}  {}</pre>\n", escaped(text))
    };
    let rows: String = (1..).zip(lines.text.lines()).map(row).collect();
    let share = lines.share();
    let name = escaped(&lines.name);
    format!("<h2>{name}: {:.1}% {}</h2>\n{rows}", share.percent(), counts(share))
}
