//! Diagnostics as JSON lines (tooling 10.3).

use serde_json::Value;
use serde_json::json;

use super::Diagnostic;
use super::Sources;
use super::Span;

/// One diagnostic as one line.
pub(super) fn diagnostic(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let related = diagnostic.related.iter().map(|(span, message)| {
        json!({ "file": file(*span, sources), "span": range(*span, sources), "message": message })
    });
    let trace = diagnostic.trace.iter().map(|frame| {
        let (line, col) = place(frame.span, sources).unwrap_or((0, 0));
        let file = file(frame.span, sources);
        json!({ "function": frame.function, "file": file, "line": line, "col": col })
    });
    json!({
        "type": "diagnostic",
        "severity": diagnostic.severity.word(),
        "code": diagnostic.code,
        "message": diagnostic.headline(),
        "file": diagnostic.span.map(|span| file(span, sources)),
        "span": diagnostic.span.map(|span| range(span, sources)),
        "label": diagnostic.label,
        "related": related.collect::<Vec<_>>(),
        "hints": diagnostic.all_hints().collect::<Vec<_>>(),
        "notes": diagnostic.all_notes().collect::<Vec<_>>(),
        "fixes": [],
        "trace": trace.collect::<Vec<_>>(),
    })
    .to_string()
}

/// The last line of a report.
pub(super) fn summary(errors: usize, warnings: usize) -> String {
    json!({ "type": "summary", "errors": errors, "warnings": warnings }).to_string()
}

fn file(span: Span, sources: &Sources) -> Value {
    sources.find(span.source).map_or(Value::Null, |source| json!(&*source.name))
}

fn place(span: Span, sources: &Sources) -> Option<(u32, u32)> {
    let position = sources.find(span.source)?.position(span.start);
    Some((position.line, position.column))
}

fn range(span: Span, sources: &Sources) -> Value {
    let Some(source) = sources.find(span.source) else {
        return Value::Null;
    };
    let point = |offset| {
        let position = source.position(offset);
        json!({ "line": position.line, "col": position.column, "offset": offset })
    };
    json!({ "start": point(span.start), "end": point(span.end.max(span.start)) })
}
