//! All files that a program may import: found, read and parsed before it runs, whether it imports them or not. What is
//! wrong with one is told by the import that meets it.

use super::bundle::Bundle;
use super::bundle::Bundled;
use super::text::Text;
use crate::compile;
use crate::compile::Export;
use crate::compile::Target;
use crate::compile::Unit;
use crate::diag::Diagnostic;
use crate::diag::ImportFailure;
use crate::diag::SourceId;
use crate::diag::Sources;
use crate::diag::Stage;
use crate::native::MODULES;
use crate::package;
use crate::syntax;
use crate::syntax::Parsed;
use crate::syntax::ast;
use foldhash::HashMap;
use std::path::Path;
use std::path::PathBuf;

/// The files of a program; the first is the main one.
pub struct Modules {
    files: Vec<File>,
    /// All that were found, also those that are no modules.
    found: Vec<PathBuf>,
}

/// Where the files of a program stand.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Of each module, the main one first; `None` for a text that is no file.
    pub modules: Vec<Option<PathBuf>>,
    /// Full paths of all that were found, also of those with mistakes.
    pub found: Vec<PathBuf>,
}

struct File {
    tree: ast::Program,
    /// Paths that it imports.
    paths: Vec<ast::Name>,
    /// What they mean.
    imports: HashMap<ast::Name, Target>,
    /// Where it stands; `None` for a text that is no file.
    path: Option<PathBuf>,
    /// Its text; `None` for the main one.
    source: Option<SourceId>,
}

impl File {
    fn folder(&self) -> Option<&Path> {
        self.path.as_ref().map(|path| path.parent().unwrap_or(Path::new("")))
    }
}

impl Modules {
    /// The main program, which was read from `text`, and all that can be reached from it.
    pub(super) fn gather(sources: &mut Sources, main: Parsed, text: &Text<'_>) -> Modules {
        let path = text.path;
        let folder = path.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
        let project = match text.bundle {
            Some(_) => None,
            None => package::project(folder.unwrap_or(Path::new("."))),
        };
        let mut gathering = Gathering {
            sources,
            files: Vec::new(),
            project,
            known: HashMap::default(),
            bundle: text.bundle,
            edited: text.edited,
        };
        if let Some(full) = path.and_then(|path| path.canonicalize().ok()) {
            gathering.known.insert(full, Target::Module(0));
        }
        gathering.add(main, path.map(Path::to_owned), None);
        let mut next = 0;
        while next < gathering.files.len() {
            gathering.follow(next);
            next += 1;
        }
        let found = gathering.known.into_keys().collect();
        Modules { files: gathering.files, found }
    }

    /// The files in one piece, the main one with this text.
    pub(super) fn bundle(&self, sources: &Sources, main: &Text<'_>) -> Bundle {
        let files = self.files.iter().map(|file| {
            let source = file.source.map(|source| sources.get(source));
            let (name, text) = source.map_or((main.name, main.text), |it| (&it.name, &it.text));
            let imports = file.imports.iter().filter_map(|(path, target)| match target {
                Target::Module(number) => Some((path.to_string(), *number)),
                Target::Builtin | Target::Broken(_) => None,
            });
            Bundled { name: name.to_owned(), text: text.to_owned(), imports: imports.collect() }
        });
        Bundle { files: files.collect() }
    }

    /// The tree of the main file.
    pub(super) fn into_main(mut self) -> ast::Program {
        self.files.swap_remove(0).tree
    }

    /// The files as the compiler takes them.
    pub(super) fn units(&self) -> Vec<Unit<'_>> {
        self.files.iter().map(|file| Unit { tree: &file.tree, imports: &file.imports }).collect()
    }

    /// Where they stand.
    pub(super) fn places(self) -> Files {
        let modules = self.files.into_iter().map(|file| file.path).collect();
        Files { modules, found: self.found }
    }

    /// The names that `import "path"` in a file brings, 0 being the main one; `None` when they are not known.
    pub fn exports(&self, file: usize, path: &str) -> Option<Vec<Export>> {
        match self.files.get(file)?.imports.get(path)? {
            Target::Module(module) => Some(compile::exports(&self.files[*module].tree)),
            Target::Builtin => Some(Vec::new()),
            Target::Broken(_) => None,
        }
    }

    /// A file cannot be compiled: importing it fails.
    pub(super) fn give_up(&mut self, file: usize, found: &Diagnostic) {
        let why = ImportFailure::Broken(Stage::Compiler, Box::new(found.clone()));
        let targets = self.files.iter_mut().flat_map(|file| file.imports.values_mut());
        for target in targets.filter(|target| **target == Target::Module(file)) {
            *target = Target::Broken(why.clone());
        }
        self.files[file].tree.statements.clear();
    }
}

struct Gathering<'s> {
    sources: &'s mut Sources,
    files: Vec<File>,
    /// The folder of the project, if there is a manifest.
    project: Option<PathBuf>,
    /// What became of each file, by its full path.
    known: HashMap<PathBuf, Target>,
    /// Where they come from instead of the disk.
    bundle: Option<&'s Bundle>,
    /// What counts instead of the disk.
    edited: Option<&'s HashMap<PathBuf, String>>,
}

impl Gathering<'_> {
    fn add(&mut self, parsed: Parsed, path: Option<PathBuf>, source: Option<SourceId>) -> usize {
        let (tree, paths) = (parsed.program, parsed.imports);
        self.files.push(File { tree, paths, imports: HashMap::default(), path, source });
        self.files.len() - 1
    }

    /// Reads what a file imports.
    fn follow(&mut self, file: usize) {
        for path in std::mem::take(&mut self.files[file].paths) {
            if !self.files[file].imports.contains_key(&path) {
                let target = self.target(&path, file);
                self.files[file].imports.insert(path, target);
            }
        }
    }

    fn target(&mut self, path: &str, importer: usize) -> Target {
        if MODULES.contains(&path) {
            return Target::Builtin;
        }
        if let Some(bundle) = self.bundle {
            return self.unpacked(bundle, path, importer);
        }
        let folder = self.files[importer].folder();
        let Some(found) = package::find(path, folder, self.project.as_deref()) else {
            return Target::Broken(ImportFailure::NotFound);
        };
        let full = match found.canonicalize() {
            Ok(full) => full,
            Err(error) => return Target::Broken(ImportFailure::Unreadable(error.to_string())),
        };
        if let Some(known) = self.known.get(&full) {
            return known.clone();
        }
        let target = self.read(&found, &full);
        self.known.insert(full, target.clone());
        target
    }

    fn read(&mut self, found: &Path, full: &Path) -> Target {
        let name = shown(found, full);
        if let Some(text) = self.edited.and_then(|edited| edited.get(full)) {
            return self.parse(&name, text, Some(found.to_owned()));
        }
        match package::read(full) {
            Ok(text) => self.parse(&name, &text, Some(found.to_owned())),
            Err(why) => Target::Broken(ImportFailure::Unreadable(why.to_string())),
        }
    }

    /// The file of the bundle that an import means. They are numbered as they are met here, too.
    fn unpacked(&mut self, bundle: &Bundle, path: &str, importer: usize) -> Target {
        let Some((number, file)) = bundle.import(importer, path) else {
            return Target::Broken(ImportFailure::NotFound);
        };
        match number < self.files.len() {
            true => Target::Module(number),
            false => self.parse(&file.name, &file.text, None),
        }
    }

    /// Reads the text of an imported file.
    fn parse(&mut self, name: &str, text: &str, path: Option<PathBuf>) -> Target {
        let source = self.sources.add(name, text);
        let mut parsed = syntax::parse(source, text);
        match broken(std::mem::take(&mut parsed.diagnostics)) {
            Some(why) => Target::Broken(why),
            None => Target::Module(self.add(parsed, path, Some(source))),
        }
    }
}

/// Why a text with these findings is no module; what the lexer found comes first.
fn broken(mut found: Vec<Diagnostic>) -> Option<ImportFailure> {
    let is_lexical = |found: &Diagnostic| Stage::of(found) == Stage::Lexer;
    let first = found.iter().position(is_lexical).unwrap_or(0);
    let stage = Stage::of(found.get(first)?);
    Some(ImportFailure::Broken(stage, Box::new(found.swap_remove(first))))
}

/// How a file is called in reports: as seen from the working directory, if it is below it.
fn shown(found: &Path, full: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    let below = here.ok().and_then(|here| full.strip_prefix(here).ok().map(Path::to_owned));
    below.as_deref().unwrap_or(found).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_are_what_a_path_brings() {
        let folder = std::env::temp_dir().join(format!("forge-exports-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let text = "import fs\nlet fixed = 1\nfn f(x) { x }\nlet { a, b } = {}\nlet fixed = 2";
        std::fs::write(folder.join("module.fg"), text).unwrap();
        let main = "import \"module\"\nimport math\nfn g() { import { a } from \"missing\" }";
        let parsed = syntax::parse(SourceId(0), main);
        let file = folder.join("main.fg");
        let text = Text::new("main.fg", main).in_file(&file);
        let modules = Modules::gather(&mut Sources::new(), parsed, &text);
        std::fs::remove_dir_all(folder).unwrap();
        let names = |file, path| {
            let all = modules.exports(file, path)?.into_iter();
            Some(all.map(|it| (it.name.name.to_string(), it.is_mutable)).collect::<Vec<_>>())
        };
        let brought = [("fixed", false), ("f", true), ("a", true), ("b", true)];
        let brought = brought.map(|(name, is_mutable)| (name.to_string(), is_mutable));
        assert_eq!(names(0, "module"), Some(brought.to_vec()));
        assert_eq!(names(0, "math"), Some(Vec::new()));
        assert_eq!(names(1, "fs"), Some(Vec::new()));
        assert_eq!(names(0, "missing"), None);
        assert_eq!(names(0, "never imported"), None);
    }
}
