//! Where a name is declared, and everywhere else it stands: in this file, and in those that import it.

use super::documents::Document;
use super::documents::Documents;
use super::names::Names;
use super::names::Use;
use ignore::WalkBuilder;
use lsp_types::Location;
use lsp_types::Position;
use lsp_types::Range;
use lsp_types::Uri;
use std::path::Path;
use std::path::PathBuf;

/// A place where a symbol stands.
pub(super) struct Place {
    pub(super) uri: Uri,
    pub(super) range: Range,
    pub(super) declares: bool,
    pub(super) is_shorthand: bool,
}

/// Where the name at a position is declared.
pub(super) fn definition(documents: &mut Documents, uri: &Uri, at: Position) -> Option<Location> {
    let document = documents.get(uri)?;
    let (offset, names) = (document.offset(at), document.names());
    let here = |span| Some(Location::new(document.uri.clone(), document.range(span)));
    if let Some(it) = names.at(offset) {
        let symbol = &names.symbols[it.symbol];
        let Some(from) = &symbol.from else { return here(symbol.span) };
        let file = document.imported(from)?;
        let name = symbol.name.clone();
        return exported(documents, &file, &name);
    }
    if let Some(member) = names.member_at(offset) {
        let ty = member.symbol.and_then(|it| document.type_of(it));
        let parts = names.parts.iter().filter(|it| it.name == member.name);
        let parts: Vec<_> = match ty.filter(|ty| names.parts_of(ty).next().is_some()) {
            Some(ty) => parts.filter(|it| *it.of == *ty).collect(),
            None => parts.collect(),
        };
        // One that several types have is any of them: the editor shows none rather than the wrong one.
        return parts.first().filter(|_| parts.len() == 1).and_then(|it| here(it.span));
    }
    let (name, _) = names.free_at(offset)?.clone();
    let files: Vec<PathBuf> = names.whole.iter().filter_map(|it| document.imported(it)).collect();
    files.iter().find_map(|file| exported(documents, file, &name))
}

/// Where a file declares a name at its top level.
fn exported(documents: &mut Documents, file: &Path, name: &str) -> Option<Location> {
    let document = documents.file(file)?;
    let symbol = top_level(document, name)?;
    let span = document.names().symbols[symbol].span;
    Some(Location::new(document.uri.clone(), document.range(span)))
}

/// The symbol that a file has for a name at its top level.
fn top_level(document: &Document, name: &str) -> Option<usize> {
    let is_meant = |it: &super::names::Symbol| {
        *it.name == *name && is_top_level(document, it.scope.start, it.scope.end)
    };
    document.names().symbols.iter().position(is_meant)
}

fn is_top_level(document: &Document, start: u32, end: u32) -> bool {
    start == 0 && end as usize == document.text.len()
}

/// All places of the symbol at a position; none when there is no symbol.
pub(super) fn places(documents: &mut Documents, uri: &Uri, at: Position) -> Vec<Place> {
    let Some(document) = documents.get(uri) else { return Vec::new() };
    let (offset, names) = (document.offset(at), document.names());
    let (name, home) = match (names.at(offset), names.free_at(offset)) {
        (Some(it), _) => {
            let symbol = &names.symbols[it.symbol];
            let home = match &symbol.from {
                Some(from) => document.imported(from),
                None if is_top_level(document, symbol.scope.start, symbol.scope.end) => {
                    document.file()
                }
                None => None,
            };
            match home {
                Some(home) => (symbol.name.clone(), home),
                None => return local(document, it.symbol),
            }
        }
        (None, Some((name, _))) => {
            let files: Vec<PathBuf> =
                names.whole.iter().filter_map(|it| document.imported(it)).collect();
            let name = name.clone();
            let declares = |file: &PathBuf| exported(documents, file, &name).is_some();
            match files.into_iter().find(declares) {
                Some(home) => (name, home),
                None => return Vec::new(),
            }
        }
        (None, None) => return Vec::new(),
    };
    let files = files(documents, &name, &home);
    let mut places = Vec::new();
    for file in files {
        places.extend(documents.file(&file).into_iter().flat_map(|it| places_in(it, &name, &home)));
    }
    places
}

/// The places of the symbol at a position in this very file.
pub(super) fn here(document: &Document, at: Position) -> Vec<Range> {
    let names = document.names();
    let found = names.at(document.offset(at));
    let uses = found.into_iter().flat_map(|it| names.uses_of(it.symbol));
    uses.map(|it| document.range(it.span)).collect()
}

/// The places of a symbol in its file.
fn local(document: &Document, symbol: usize) -> Vec<Place> {
    document.names().uses_of(symbol).map(|it| place(document, it)).collect()
}

fn place(document: &Document, it: &Use) -> Place {
    let (uri, range) = (document.uri.clone(), document.range(it.span));
    Place { uri, range, declares: it.declares, is_shorthand: it.is_shorthand }
}

/// The files that may name what the file `home` declares: itself, the open ones, those of the project.
fn files(documents: &Documents, name: &str, home: &Path) -> Vec<PathBuf> {
    let mut files = vec![home.to_owned()];
    files.extend(documents.open_files());
    for root in &documents.roots {
        let entries = WalkBuilder::new(root).build().filter_map(Result::ok);
        let paths = entries.map(|it| it.into_path());
        let programs = paths.filter(|it| it.extension().is_some_and(|it| it == "fg"));
        let naming =
            programs.filter(|it| crate::package::read(it).is_ok_and(|it| it.contains(name)));
        files.extend(naming.filter_map(|it| it.canonicalize().ok()));
    }
    files.sort();
    files.dedup();
    files
}

/// The places in a file of what the file `home` declares as `name`.
fn places_in(document: &Document, name: &str, home: &Path) -> Vec<Place> {
    if document.file().as_deref() == Some(home) {
        let own = top_level(document, name);
        return own.map_or_else(Vec::new, |symbol| local(document, symbol));
    }
    let names: &Names = document.names();
    let is_meant = |path: &str| document.imported(path).as_deref() == Some(home);
    let symbols = names.symbols.iter().enumerate();
    let imported = symbols
        .filter(|(_, it)| *it.name == *name && it.from.as_ref().is_some_and(|from| is_meant(from)));
    let mut places: Vec<Place> = imported.flat_map(|(at, _)| local(document, at)).collect();
    if names.whole.iter().any(|it| is_meant(it)) {
        let free = names.free.iter().filter(|it| *it.0 == *name);
        places.extend(free.map(|(_, span)| Place {
            uri: document.uri.clone(),
            range: document.range(*span),
            declares: false,
            is_shorthand: false,
        }));
    }
    places
}
