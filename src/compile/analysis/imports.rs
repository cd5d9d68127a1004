//! What imports bind. An imported name is another name for the module's own variable, so nothing is bound when the
//! program runs: the compiler knows which variable is meant.

use super::Key;
use super::key;
use super::scopes::Use;
use super::scopes::Walker;
use crate::compile::Target;
use crate::compile::Unit;
use crate::compile::exports;
use crate::compile::walk;
use crate::diag::suggest;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Import;
use crate::syntax::ast::Name;
use crate::syntax::ast::Program;
use crate::syntax::ast::Stmt;
use crate::syntax::ast::StmtKind;
use foldhash::HashMap;
use std::rc::Rc;

/// A name that from some place on means a certain top-level variable.
#[derive(Clone)]
pub(super) struct Binder {
    pub(super) name: Name,
    /// The place that binds it.
    pub(super) key: Key,
    /// The number of the variable.
    pub(super) global: usize,
    /// Whether the place has been passed.
    pub(super) is_passed: bool,
}

/// Binders by name, in the order of the text.
pub(super) type Binders = HashMap<Name, Vec<Binder>>;

/// What an import statement binds.
#[derive(Default)]
pub(super) struct Imported {
    pub(super) names: Vec<Binder>,
    pub(super) missing: Vec<Missing>,
    /// Whether the program says which names it wants.
    pub(super) is_selective: bool,
}

/// A name that a module does not have.
#[derive(Clone)]
pub(in crate::compile) struct Missing {
    pub(in crate::compile) name: Ident,
    /// What may have been meant.
    pub(in crate::compile) suggestion: Option<String>,
}

/// The top-level names of a file.
#[derive(Default)]
pub(super) struct UnitNames {
    /// Variables of its own, builtins that it assigns included.
    pub(super) own: HashMap<Name, usize>,
    /// Imported names, and own ones that are also imported.
    pub(super) binders: Binders,
}

impl Walker<'_> {
    /// What an import statement of the file under way binds.
    pub(super) fn imported(&mut self, import: &Import, statement: &Stmt) -> Rc<Imported> {
        let at = key(statement.span);
        if let Some(known) = self.imported.get(&at) {
            return known.clone();
        }
        let imported = Rc::new(self.resolve(import, at));
        imported.names.iter().for_each(|binder| self.globals[binder.global].show_late());
        self.imported.insert(at, imported.clone());
        imported
    }

    fn resolve(&mut self, import: &Import, at: Key) -> Imported {
        let target = &self.units[self.unit].imports[import.path()];
        match (target, import) {
            (Target::Module(unit), Import::Names(names, _)) => {
                let tree = self.units[*unit].tree;
                self.select(names, |this, name| this.export(*unit, name), &|| names_of(tree))
            }
            (Target::Module(unit), _) => {
                let all = exports(self.units[*unit].tree).into_iter().map(|export| Binder {
                    global: self.names[*unit].own[&export.name.name],
                    name: export.name.name,
                    key: at,
                    is_passed: false,
                });
                Imported { names: all.collect(), ..Imported::default() }
            }
            (Target::Builtin, Import::Names(names, module)) => {
                let registry = self.registry;
                let members = || registry.members(module).map(Name::from).collect();
                self.select(names, |this, name| this.member(module, name), &members)
            }
            (Target::Builtin | Target::Broken(_), _) => Imported::default(),
        }
    }

    /// The names that an import asks for; `find` knows their variables.
    fn select(
        &mut self,
        names: &[Ident],
        find: impl Fn(&mut Self, &Name) -> Option<usize>,
        all: &dyn Fn() -> Vec<Name>,
    ) -> Imported {
        let mut imported = Imported { is_selective: true, ..Imported::default() };
        for ident in names {
            let (name, key) = (ident.name.clone(), key(ident.span));
            match find(self, &name) {
                Some(global) => {
                    self.globals[global].is_shared = true;
                    self.used.insert((key, name.clone()));
                    imported.names.push(Binder { name, key, global, is_passed: false });
                }
                None => {
                    let all = all();
                    let suggestion = suggest(&name, [all.iter().map(|name| &**name)]);
                    let suggestion = suggestion.map(str::to_string);
                    imported.missing.push(Missing { name: ident.clone(), suggestion });
                }
            }
        }
        imported
    }

    /// The variable that `import { name }` of a file means: any that its top-level code sees when it has run.
    fn export(&mut self, unit: usize, name: &Name) -> Option<usize> {
        let mut at = unit;
        // Files may pass a name on in a circle; no chain is longer than their number.
        for _ in 0..self.units.len() {
            match self.last_binding(at, name) {
                Some(Binding::Own(global)) => return Some(global),
                Some(Binding::Of(next)) => at = next,
                Some(Binding::Member(module)) => return self.member(&module, name),
                None => {
                    let builtin = self.registry.named(name)?;
                    return Some(self.builtin(at, name, builtin));
                }
            }
        }
        None
    }

    /// What binds `name` last at the top level of a file.
    fn last_binding(&self, unit: usize, name: &Name) -> Option<Binding> {
        let Unit { tree, imports } = self.units[unit];
        tree.statements.iter().rev().find_map(|statement| {
            let StmtKind::Import(import) = &statement.kind else {
                return walk::declares(statement, name)
                    .then(|| Binding::Own(self.names[unit].own[name]));
            };
            match (&imports[import.path()], import) {
                (Target::Module(from), Import::Names(names, _)) => {
                    names.iter().any(|it| it.name == *name).then_some(Binding::Of(*from))
                }
                (Target::Module(from), _) => {
                    let global = self.names[*from].own.get(name)?;
                    let is_declared = self.globals[*global].facts.declared > 0;
                    is_declared.then_some(Binding::Own(*global))
                }
                (Target::Builtin, Import::Names(names, module)) => {
                    let is_it = names.iter().any(|it| it.name == *name);
                    is_it.then(|| Binding::Member(module.clone()))
                }
                (Target::Builtin | Target::Broken(_), _) => None,
            }
        })
    }

    /// The variable that holds the member `name` of a built-in module: one for the whole program.
    fn member(&mut self, module: &Name, name: &Name) -> Option<usize> {
        let builtin = self.registry.member(module, name)?;
        let full = Name::from(format!("{module}.{name}"));
        Some(self.builtin(self.units.len(), &full, builtin))
    }

    /// The variable of a file that holds a builtin which the file does not declare anew.
    fn builtin(&mut self, unit: usize, name: &Name, builtin: usize) -> usize {
        match self.names[unit].own.get(name) {
            Some(at) => *at,
            None => self.add_global(unit, name, Some(builtin), true),
        }
    }

    /// Collects what the imports at the top level of the file under way bind, and own names that they clash with.
    pub(super) fn bind_top(&mut self, tree: &Program) {
        let mut binders = Binders::default();
        for statement in &tree.statements {
            if let StmtKind::Import(import) = &statement.kind {
                for binder in &self.imported(import, statement).names {
                    binders.entry(binder.name.clone()).or_default().push(binder.clone());
                }
            }
        }
        if binders.is_empty() {
            return;
        }
        let mut own = Binders::default();
        for (name, _) in tree.statements.iter().flat_map(walk::declared) {
            if binders.contains_key(&name.name) {
                let (name, key) = (name.name.clone(), key(name.span));
                let global = self.names[self.unit].own[&name];
                self.globals[global].show_late();
                let binder = Binder { name: name.clone(), key, global, is_passed: false };
                own.entry(name).or_default().push(binder);
            }
        }
        for (name, all) in &mut binders {
            all.extend(own.remove(name).into_iter().flatten());
            all.sort_by_key(|binder| binder.key);
        }
        self.names[self.unit].binders = binders;
    }

    /// A name is used that those of `binders` may bind: all their variables are concerned, since until a binder has
    /// run the name means what it means before. Whether one of them surely has run.
    pub(super) fn touch(&mut self, binders: &[Binder], how: Use) -> bool {
        for binder in binders {
            self.used.insert((binder.key, binder.name.clone()));
            let global = &mut self.globals[binder.global];
            global.is_shared = true;
            global.facts.assigned += u32::from(how == Use::Assign);
        }
        binders.iter().any(|binder| binder.is_passed)
    }
}

/// Where the top level of a file has a name from.
enum Binding {
    /// A variable of its own, or of a file that it imports whole.
    Own(usize),
    /// What the name means in another file.
    Of(usize),
    /// A member of a built-in module.
    Member(Name),
}

fn names_of(tree: &Program) -> Vec<Name> {
    exports(tree).into_iter().map(|export| export.name.name).collect()
}

/// The names that binders of one name give to the code behind them: the last that has been passed, or from inside a
/// function simply the last.
pub(super) fn meant(binders: &[Binder], from_inside: bool) -> Option<&Binder> {
    binders.iter().rev().find(|binder| from_inside || binder.is_passed)
}
