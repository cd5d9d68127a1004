//! One finding: what, where, why, and what to do about it.

use super::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The program does not run.
    Error,
    /// It runs, but perhaps not as meant.
    Warning,
    /// A remark.
    Note,
}

impl Severity {
    /// The word in the report.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// A function that was running when a program failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceFrame {
    /// Its name, `<main>` at the bottom.
    pub function: String,
    /// Where it was.
    pub span: Span,
}

/// A finding. The message may end in lines `hint: ...`, which are shown as hints.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// `E0201`; empty when there is none.
    pub code: &'static str,
    /// What is wrong, in one line, hint lines apart.
    pub message: String,
    /// Where.
    pub span: Option<Span>,
    /// What stands beside the underline.
    pub label: String,
    /// Other places that matter, with their labels.
    pub related: Vec<(Span, String)>,
    /// Advice.
    pub hints: Vec<String>,
    /// Facts.
    pub notes: Vec<String>,
    /// Calls under way, innermost first.
    pub trace: Vec<TraceFrame>,
}

impl Diagnostic {
    /// A finding without a place.
    pub fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Diagnostic {
            severity,
            code,
            message: message.into(),
            span: None,
            label: String::new(),
            related: Vec::new(),
            hints: Vec::new(),
            notes: Vec::new(),
            trace: Vec::new(),
        }
    }

    /// An error without a place.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Diagnostic::new(Severity::Error, code, message)
    }

    /// A warning without a place.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Diagnostic::new(Severity::Warning, code, message)
    }

    /// A note without a place.
    pub fn note_only(code: &'static str, message: impl Into<String>) -> Self {
        Diagnostic::new(Severity::Note, code, message)
    }

    /// With its place.
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// With a text beside the underline.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// With another place.
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// With advice.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// With a fact.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// With the calls under way, innermost first.
    pub fn trace(mut self, trace: Vec<TraceFrame>) -> Self {
        self.trace = trace;
        self
    }

    /// The first line of the message.
    pub fn headline(&self) -> &str {
        self.message.lines().next().unwrap_or("")
    }

    /// The hints: those in the message first, then the others.
    pub fn all_hints(&self) -> impl Iterator<Item = &str> {
        let inside =
            self.message.lines().skip(1).filter_map(|line| line.trim().strip_prefix("hint: "));
        inside.chain(self.hints.iter().map(String::as_str))
    }

    /// The notes, after further lines of the message that are no hints.
    pub fn all_notes(&self) -> impl Iterator<Item = &str> {
        let rest = self.message.lines().skip(1).map(str::trim);
        let inside = rest.filter(|line| !line.is_empty() && !line.starts_with("hint: "));
        inside.chain(self.notes.iter().map(String::as_str))
    }
}
