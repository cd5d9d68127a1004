//! The files of a program, and what they show to one another.

use super::walk;
use super::walk::Declared;
use crate::diag::ImportFailure;
use crate::syntax::ast;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Name;
use foldhash::HashMap;

/// A file to compile.
#[derive(Clone, Copy)]
pub struct Unit<'a> {
    /// What stands in it.
    pub tree: &'a ast::Program,
    /// What each path that it imports means.
    pub imports: &'a HashMap<Name, Target>,
}

/// What an import path means.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// The file of that number; 0 is the main one.
    Module(usize),
    /// A built-in module, which is there already.
    Builtin,
    /// Nothing that can be imported.
    Broken(ImportFailure),
}

/// A top-level name of a module, as importers see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// The name, where it is declared last.
    pub name: Ident,
    /// Whether it may be assigned.
    pub is_mutable: bool,
}

/// The names that `import "path"` brings, in the order of their first declaration: all that the file itself declares
/// at top level, none that it imports.
pub fn exports(tree: &ast::Program) -> Vec<Export> {
    let mut found: Vec<Export> = Vec::new();
    let mut known: HashMap<&Name, usize> = HashMap::default();
    for (name, how) in tree.statements.iter().flat_map(walk::declared) {
        let export = Export { name: name.clone(), is_mutable: how != Declared::Immutable };
        match known.get(&name.name) {
            Some(at) => found[*at] = export,
            None => {
                known.insert(&name.name, found.len());
                found.push(export);
            }
        }
    }
    found
}
