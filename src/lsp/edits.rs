//! `forge fmt` in the editor: as few lines as need to change.

use super::documents::Document;
use crate::diag::SourceId;
use crate::diag::Span;
use crate::format;
use lsp_types::TextEdit;
use similar::DiffOp;
use similar::TextDiff;

/// The edits that format a text; none when it is broken.
pub(super) fn formatted(document: &Document) -> Vec<TextEdit> {
    let old = document.text.as_str();
    let Ok(new) = format::format(SourceId(0), old) else { return Vec::new() };
    let diff = TextDiff::from_lines(old, new.as_str());
    let (old_starts, new_starts) = (starts(old), starts(&new));
    let changes = diff.ops().iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    let edit = |op: &DiffOp| {
        let (before, after) = (op.old_range(), op.new_range());
        let span = Span::new(SourceId(0), old_starts[before.start], old_starts[before.end]);
        let text = &new[new_starts[after.start] as usize..new_starts[after.end] as usize];
        TextEdit::new(document.range(span), text.to_owned())
    };
    changes.map(edit).collect()
}

/// Where each line begins, and where the text ends.
fn starts(text: &str) -> Vec<u32> {
    let mut at = 0;
    let ends = text.split_inclusive('\n').map(|line| {
        at += line.len() as u32;
        at
    });
    std::iter::once(0).chain(ends).collect()
}
