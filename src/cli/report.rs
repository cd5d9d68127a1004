//! How findings are shown.

use super::args::Color;
use super::args::Global;
use super::args::MessageFormat;
use crate::diag::Diagnostic;
use crate::diag::Format;
use crate::diag::Renderer;
use crate::diag::Severity;
use crate::diag::Sources;
use std::io::IsTerminal;
use std::process::ExitCode;

/// More errors than this are not shown.
const LIMIT: usize = 20;

/// The findings as the flags want them: warnings are errors, or they are not there.
pub(super) fn as_wanted(mut found: Vec<Diagnostic>, global: &Global) -> Vec<Diagnostic> {
    if global.no_warn {
        found.retain(|it| it.severity == Severity::Error);
    }
    if global.strict {
        found.iter_mut().for_each(|it| it.severity = Severity::Error);
    }
    found
}

/// Shows warnings about a program that runs all the same. The summary for tools comes with what ends it.
pub(super) fn warn(found: &[Diagnostic], sources: &Sources, global: &Global) {
    let mut shown = rendered(found, sources, global);
    if global.message_format == MessageFormat::Json {
        shown.truncate(shown.trim_end().rfind('\n').map_or(0, |end| end + 1));
    }
    eprint!("{shown}");
}

/// Shows findings on standard error; exit code 1.
pub(super) fn report(found: &[Diagnostic], sources: &Sources, global: &Global) -> ExitCode {
    eprint!("{}", rendered(found, sources, global));
    ExitCode::FAILURE
}

/// The report about findings.
pub(super) fn rendered(found: &[Diagnostic], sources: &Sources, global: &Global) -> String {
    // Under `--strict` all are printed.
    let limit = if global.strict { usize::MAX } else { LIMIT };
    renderer(global).all(found, sources, limit)
}

/// How findings are rendered for standard error.
pub(super) fn renderer(global: &Global) -> Renderer {
    Renderer {
        format: match global.message_format {
            MessageFormat::Human => Format::Human,
            MessageFormat::Short => Format::Short,
            MessageFormat::Json => Format::Json,
        },
        color: wants_color(global, &std::io::stderr()),
        width: None,
    }
}

/// Whether what goes to `stream` has colours.
pub(super) fn wants_color(global: &Global, stream: &impl IsTerminal) -> bool {
    match global.color {
        Color::Always => return true,
        Color::Never => return false,
        Color::Auto => {}
    }
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if is_set("NO_COLOR") {
        return false;
    }
    let is_dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    std::env::var("CLICOLOR_FORCE").is_ok_and(|value| value == "1")
        || (stream.is_terminal() && !is_dumb)
}
