//! What is wrong with a text, as the editor shows it.

use super::documents::Document;
use crate::diag;
use crate::diag::Severity;
use crate::diag::SourceId;
use lsp_types::Diagnostic;
use lsp_types::DiagnosticRelatedInformation;
use lsp_types::DiagnosticSeverity;
use lsp_types::DiagnosticTag;
use lsp_types::Location;
use lsp_types::NumberOrString;
use lsp_types::PublishDiagnosticsParams;

/// All that is wrong with a text.
pub(super) fn of(document: &Document) -> PublishDiagnosticsParams {
    let found = document.view().found.iter().filter_map(|found| report(document, found));
    PublishDiagnosticsParams {
        uri: document.uri.clone(),
        diagnostics: found.collect(),
        version: document.version,
    }
}

fn report(document: &Document, found: &diag::Diagnostic) -> Option<Diagnostic> {
    let span = found.span.filter(|span| span.source == SourceId(0))?;
    let severity = match found.severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Note => DiagnosticSeverity::INFORMATION,
    };
    let mut message = found.headline().to_owned();
    found.all_notes().for_each(|note| message.push_str(&format!("\n{note}")));
    found.all_hints().for_each(|hint| message.push_str(&format!("\nhint: {hint}")));
    let related = found.related.iter().filter(|(span, _)| span.source == SourceId(0));
    let related = related.map(|(span, label)| DiagnosticRelatedInformation {
        location: Location::new(document.uri.clone(), document.range(*span)),
        message: label.clone(),
    });
    let related: Vec<DiagnosticRelatedInformation> = related.collect();
    let is_unused = found.message.contains("never used") || found.message.contains("unreachable");
    Some(Diagnostic {
        range: document.range(span),
        severity: Some(severity),
        code: Some(found.code)
            .filter(|code| !code.is_empty())
            .map(|code| NumberOrString::String(code.to_owned())),
        source: Some("forge".to_owned()),
        message,
        related_information: Some(related).filter(|it| !it.is_empty()),
        tags: is_unused.then(|| vec![DiagnosticTag::UNNECESSARY]),
        ..Diagnostic::default()
    })
}
