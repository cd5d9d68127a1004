//! `forge doc --check`: what is not documented, and references that lead nowhere.

use super::program::Entry;
use super::program::Page;
use super::references::Names;
use super::references::Target;
use super::references::references;
use crate::diag::Diagnostic;
use crate::diag::Span;
use crate::syntax::items::Sort;

/// What is to be mended, in the order of the pages.
pub fn lint(pages: &[Page]) -> Vec<Diagnostic> {
    let names = Names::of(pages);
    let of_page = |page: &Page| {
        let entries = page.all().flat_map(|entry| of(entry, &names));
        let own = dead(&page.doc, &names, None, (&page.name, page.span));
        own.into_iter().chain(entries).collect::<Vec<_>>()
    };
    pages.iter().flat_map(of_page).collect()
}

fn of(entry: &Entry, names: &Names) -> Vec<Diagnostic> {
    let mut found = dead(&entry.doc, names, Some(entry), (&entry.name, entry.span));
    if entry.doc.trim().is_empty() && entry.wants_a_comment() {
        let text = format!("{} '{}' is not documented", entry.word(), entry.name);
        let hint = "write what it does in a '///' comment above it, or begin its name with '_'";
        found.push(Diagnostic::error("E1101", text).at(entry.span).hint(hint));
    }
    found
}

/// The references of a comment that lead nowhere.
fn dead(
    doc: &str,
    names: &Names,
    within: Option<&Entry>,
    (whose, span): (&str, Span),
) -> Vec<Diagnostic> {
    let references = references(doc).into_iter().map(|(_, name)| name);
    let dead = references.filter(|name| names.target(name, within) == Target::Nothing);
    let text = |name| format!("'[{name}]' in the comment of '{whose}' leads nowhere");
    dead.map(|name| Diagnostic::error("E1102", text(name)).at(span)).collect()
}

impl Entry {
    /// Fields and variants may speak for themselves; what an interface asks for is documented there.
    fn wants_a_comment(&self) -> bool {
        match self.sort {
            Sort::Field | Sort::Variant | Sort::Impl => false,
            Sort::Method => self.powers.is_empty(),
            _ => true,
        }
    }

    /// Whether its page has a heading for it.
    pub(super) fn has_heading(&self) -> bool {
        !matches!(self.sort, Sort::Field | Sort::Variant)
    }
}
