//! Another name for something, wherever it stands.

use super::documents::Documents;
use super::navigate;
use crate::syntax::token::Keyword;
use lsp_types::Position;
use lsp_types::Range;
use lsp_types::TextEdit;
use lsp_types::Uri;
use lsp_types::WorkspaceEdit;
use std::collections::HashMap;
use url::Url;

/// What stands at a position, if that can be renamed.
///
/// # Errors
/// Why it cannot.
pub(super) fn prepare(documents: &mut Documents, uri: &Uri, at: Position) -> Result<Range, String> {
    let Some(document) = documents.get(uri) else { return Err("this file is not open".into()) };
    let (offset, names) = (document.offset(at), document.names());
    if let Some(it) = names.at(offset) {
        return Ok(document.range(it.span));
    }
    let Some((name, span)) = names.free_at(offset) else {
        return Err("no variable, function or type stands here".to_owned());
    };
    let (range, text) =
        (document.range(*span), format!("'{name}' is not declared in this project"));
    match navigate::places(documents, uri, at).is_empty() {
        true => Err(text),
        false => Ok(range),
    }
}

/// The edits that give what stands at a position the name `new`.
///
/// # Errors
/// Why it cannot have it.
pub(super) fn rename(
    documents: &mut Documents,
    uri: &Uri,
    at: Position,
    new: &str,
) -> Result<WorkspaceEdit, String> {
    let range = prepare(documents, uri, at)?;
    if !is_name(new) {
        return Err(format!("'{new}' is no name"));
    }
    if Keyword::from_text(new).is_some() {
        return Err(format!("'{new}' is a word of the language"));
    }
    let places = navigate::places(documents, uri, at);
    let mut files: Vec<&Uri> = places.iter().map(|it| &it.uri).collect();
    files.dedup();
    for file in files {
        let url = Url::parse(file.as_str()).ok();
        let Some(path) = url.and_then(|it| it.to_file_path().ok()) else { continue };
        let Some(document) = documents.file(&path) else { continue };
        let taken = document.names().symbols.iter().any(|it| *it.name == *new);
        if taken || document.names().free.iter().any(|(name, _)| **name == *new) {
            return Err(format!("'{new}' means something else in {}", path.display()));
        }
    }
    let document = documents.get(uri).ok_or("this file is not open")?;
    let start = document.offset(range.start);
    if document.names().symbols.iter().any(|it| {
        *it.name == *new && it.scope.start as usize <= start && start <= it.scope.end as usize
    }) {
        return Err(format!("'{new}' means something else here"));
    }
    let old = document.text[start..document.offset(range.end)].to_owned();
    Ok(edits(places, &old, new))
}

// The key is what the protocol's own type has.
#[expect(clippy::mutable_key_type)]
fn edits(places: Vec<navigate::Place>, old: &str, new: &str) -> WorkspaceEdit {
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for place in places {
        // The key of the object stays: others read it.
        let text = if place.is_shorthand { format!("{old}: {new}") } else { new.to_owned() };
        changes.entry(place.uri).or_default().push(TextEdit::new(place.range, text));
    }
    WorkspaceEdit::new(changes)
}

fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    let starts = chars.next().is_some_and(|first| first.is_alphabetic() || first == '_');
    starts && chars.all(|c| c.is_alphanumeric() || c == '_')
}
