//! The texts that the editor has open, each with what is known of it.

use super::names::Names;
use super::position::Lines;
use super::position::Unit;
use super::walk;
use crate::diag::Diagnostic;
use crate::diag::Sources;
use crate::diag::Span;
use crate::engine;
use crate::engine::Text;
use crate::package;
use crate::syntax::ast::Program;
use crate::syntax::comments;
use foldhash::HashMap;
use lsp_types::Position;
use lsp_types::Range;
use lsp_types::TextDocumentContentChangeEvent;
use lsp_types::Uri;
use std::path::Path;
use std::path::PathBuf;
use url::Url;

/// A text, and what is known of it.
pub(super) struct Document {
    pub(super) uri: Uri,
    pub(super) version: Option<i32>,
    pub(super) text: String,
    pub(super) lines: Lines,
    /// The file that it is, if it is one.
    pub(super) path: Option<PathBuf>,
    /// What came of reading it, unless it has changed since.
    view: Option<View>,
}

/// What came of reading a text.
pub(super) struct View {
    pub(super) tree: Program,
    pub(super) found: Vec<Diagnostic>,
    /// By the offsets of declarations.
    pub(super) types: HashMap<u32, String>,
    pub(super) names: Names,
}

impl Document {
    fn new(uri: Uri, version: Option<i32>, text: String, unit: Unit) -> Document {
        let path = path_of(&uri);
        let lines = Lines::of(&text, unit);
        Document { uri, version, text, lines, path, view: None }
    }

    /// A file that is not open.
    pub(super) fn of_file(path: &Path, unit: Unit) -> Option<Document> {
        let text = package::read(path).ok()?;
        let url = Url::from_file_path(path.canonicalize().ok()?).ok()?;
        let mut document = Document::new(url.as_str().parse().ok()?, None, text, unit);
        // It is asked for its own names, which no other text changes.
        document.read(&HashMap::default());
        Some(document)
    }

    fn change(&mut self, change: TextDocumentContentChangeEvent, unit: Unit) {
        match change.range {
            Some(range) => {
                let start = self.offset(range.start);
                let end = self.offset(range.end).max(start);
                self.text.replace_range(start..end, &change.text);
            }
            None => self.text = change.text,
        }
        self.lines = Lines::of(&self.text, unit);
        self.view = None;
    }

    /// Reads it; `edited` are the open texts, by their files.
    fn read(&mut self, edited: &HashMap<PathBuf, String>) {
        let name = self.path.as_ref().map_or_else(String::new, |path| path.display().to_string());
        let text = Text::new(&name, &self.text).beside(edited);
        let text = match &self.path {
            Some(path) => text.in_file(path),
            None => text,
        };
        let examined = engine::examine(&mut Sources::new(), text);
        let names = walk::names(&examined.tree, &self.text);
        let (tree, found, types) = (examined.tree, examined.found, examined.types);
        self.view = Some(View { tree, found, types, names });
    }

    pub(super) fn view(&self) -> &View {
        self.view.as_ref().expect("a document is read before it is handed out")
    }

    pub(super) fn names(&self) -> &Names {
        &self.view().names
    }

    pub(super) fn offset(&self, position: Position) -> usize {
        self.lines.offset(&self.text, position)
    }

    pub(super) fn range(&self, span: Span) -> Range {
        self.lines.range(&self.text, span)
    }

    /// The type of a symbol, if the checker knows it.
    pub(super) fn type_of(&self, symbol: usize) -> Option<&str> {
        let declared = self.names().uses_of(symbol).filter(|it| it.declares);
        let mut types = declared.filter_map(|it| self.view().types.get(&it.span.start));
        types.next().map(String::as_str)
    }

    /// The comment right above a place.
    pub(super) fn comment(&self, span: Span) -> String {
        comments::above(&self.text, span.start as usize)
    }

    /// The file that an import of this one means.
    pub(super) fn imported(&self, path: &str) -> Option<PathBuf> {
        let folder = self.path.as_deref().and_then(Path::parent);
        let project = package::project(folder.unwrap_or(Path::new(".")));
        package::find(path, folder, project.as_deref())?.canonicalize().ok()
    }

    /// Whether it imports one of these files.
    fn imports(&self, files: &[PathBuf]) -> bool {
        let Some(View { names, .. }) = &self.view else { return false };
        let named = names.symbols.iter().filter_map(|it| it.from.as_ref());
        let mut paths = names.whole.iter().chain(named);
        paths.any(|path| self.imported(path).is_some_and(|file| files.contains(&file)))
    }

    /// Its full path.
    pub(super) fn file(&self) -> Option<PathBuf> {
        self.path.as_deref().map(full)
    }
}

fn path_of(uri: &Uri) -> Option<PathBuf> {
    Url::parse(uri.as_str()).ok()?.to_file_path().ok()
}

/// The full path of a file; one that was never saved has only the path that it will have.
fn full(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// All open texts.
pub(super) struct Documents {
    open: HashMap<String, Document>,
    /// The file that was read last and is not open.
    other: Option<Document>,
    unit: Unit,
    /// The folders that the editor works in.
    pub(super) roots: Vec<PathBuf>,
}

impl Documents {
    pub(super) fn new(unit: Unit, roots: Vec<PathBuf>) -> Documents {
        Documents { open: HashMap::default(), other: None, unit, roots }
    }

    pub(super) fn open(&mut self, uri: Uri, version: i32, text: String) {
        let document = Document::new(uri, Some(version), text, self.unit);
        self.open.insert(document.uri.to_string(), document);
    }

    /// Applies changes in their order, each to what the one before left.
    pub(super) fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) {
        let unit = self.unit;
        if let Some(document) = self.open.get_mut(uri.as_str()) {
            document.version = Some(version);
            changes.into_iter().for_each(|change| document.change(change, unit));
        }
    }

    pub(super) fn close(&mut self, uri: &Uri) {
        self.open.remove(uri.as_str());
    }

    /// What other files say may have changed: everything is read anew.
    pub(super) fn forget(&mut self) {
        self.open.values_mut().for_each(|it| it.view = None);
    }

    /// The open texts that import one of these, which are to be read anew.
    pub(super) fn forget_importers(&mut self, uris: &[Uri]) -> Vec<Uri> {
        let files: Vec<PathBuf> = uris.iter().filter_map(path_of).map(|it| full(&it)).collect();
        let importers = self.open.values_mut().filter(|it| it.imports(&files));
        let forgotten = importers.map(|it| {
            it.view = None;
            it.uri.clone()
        });
        forgotten.collect()
    }

    /// The uris of all open texts.
    pub(super) fn uris(&self) -> Vec<Uri> {
        self.open.values().map(|it| it.uri.clone()).collect()
    }

    /// An open text, read.
    pub(super) fn get(&mut self, uri: &Uri) -> Option<&Document> {
        self.read(uri.as_str())
    }

    /// An open text, of which only the text is of interest.
    pub(super) fn unread(&self, uri: &Uri) -> Option<&Document> {
        self.open.get(uri.as_str())
    }

    /// The full paths of all open texts.
    pub(super) fn open_files(&self) -> impl Iterator<Item = PathBuf> {
        self.open.values().filter_map(Document::file)
    }

    /// An open text by its file, or the file itself.
    pub(super) fn file(&mut self, path: &Path) -> Option<&Document> {
        let open = self.open.iter().find(|(_, it)| it.file().as_deref() == Some(path));
        match open.map(|(uri, _)| uri.clone()) {
            Some(uri) => self.read(&uri),
            None => {
                self.other = Document::of_file(path, self.unit);
                self.other.as_ref()
            }
        }
    }

    fn read(&mut self, uri: &str) -> Option<&Document> {
        if self.open.get(uri)?.view.is_none() {
            let open = self.open.values();
            let edited = open.filter_map(|it| Some((it.file()?, it.text.clone()))).collect();
            self.open.get_mut(uri)?.read(&edited);
        }
        self.open.get(uri)
    }
}
