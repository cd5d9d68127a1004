//! `forge fmt`: the same tokens with other spaces and lines (tooling 6.3).
//!
//! A text is a row of pieces, tokens and comments, with a gap before each. The rules decide the gaps; the pieces stay as
//! they were written, but for commas that are added where a list has one element a line, and semicolons that the end of
//! a line makes needless.

mod directives;
mod lines;
mod pieces;
mod print;
mod same;
mod separators;
mod spaces;

use crate::diag::Diagnostic;
use crate::diag::Severity;
use crate::diag::SourceId;
use crate::syntax;
use crate::syntax::ast::Program;
use pieces::Pieces;

/// Lines are at most so many columns wide, where they can be broken.
const WIDTH: usize = 100;

/// Columns of a level.
const INDENT: usize = 4;

/// The text as the rules want it. Needs a stack of 64 MiB, as parsing does.
///
/// # Errors
/// What keeps it from being read; never empty.
pub fn format(source: SourceId, text: &str) -> Result<String, Vec<Diagnostic>> {
    let (parsed, lexemes) = syntax::parse_marked(source, text);
    let mut found = parsed.diagnostics;
    found.retain(|found| found.severity == Severity::Error);
    if !found.is_empty() {
        return Err(found);
    }
    let mut pieces = Pieces::of(text, lexemes);
    directives::keep_verbatim(&mut pieces);
    separators::drop_needless(&mut pieces);
    lines::decide(&mut pieces, &parsed.program);
    let formatted = print::print(&pieces);
    match formatted == text || is_same(source, &parsed.program, &formatted) {
        true => Ok(formatted),
        false => Err(vec![Diagnostic::error(
            "E0901",
            "formatting would change what this file means; it is left as it is",
        )]),
    }
}

/// Whether a text still has the tree that it was made from.
fn is_same(source: SourceId, tree: &Program, text: &str) -> bool {
    let parsed = syntax::parse(source, text);
    parsed.diagnostics.iter().all(|found| found.severity != Severity::Error)
        && same::is_same(&parsed.program, tree)
}
