//! Which variables must be cells, and where top-level names live: found before any code is made.
//!
//! A variable is a cell when a closure captures it, unless it is assigned once and before any closure can capture it
//! (design §2). The walk resolves names the way `names.rs` does afterwards.

mod imports;
mod scopes;
mod tree;

use super::Known;
use super::Unit;
use super::plan::TestsPlan;
use super::walk;
use crate::diag::Span;
use crate::native::Registry;
use crate::program::Global;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Name;
use crate::syntax::ast::StmtKind;
use foldhash::HashMap;
use imports::Binder;
pub(super) use imports::Missing;
use scopes::Walker;

/// Top-level names of a file that stay in registers at most; further ones live in slots.
const REGISTERS: usize = 90;

/// A variable, by the place of the name that declares it first in its scope.
pub(super) type Key = (u32, u32);

/// The key of a declaring name.
pub(super) fn key(span: Span) -> Key {
    (span.source.0, span.start)
}

/// What the walk found out.
#[derive(Default)]
pub(super) struct Analysis {
    facts: HashMap<Key, Facts>,
    /// Top-level names that live in slots, in slot order.
    pub(super) globals: Vec<GlobalFacts>,
    /// The slots of each file.
    slots: Vec<HashMap<Name, usize>>,
    /// What each import statement binds.
    imports: HashMap<Key, Imported>,
    /// What the top level of each file binds by imports, and own names that they clash with, in the order of the text.
    top: Vec<Vec<Bound>>,
    /// All names that imports at the top level of each file bring, used or not.
    brought: Vec<Vec<Name>>,
    /// What the names of a session mean: slots.
    session: HashMap<Name, usize>,
}

/// What an import statement binds.
#[derive(Clone, Default)]
pub(super) struct Imported {
    /// Names that some code makes use of.
    pub(super) names: Vec<Bound>,
    pub(super) missing: Vec<Missing>,
    /// Whether the program says which names it wants.
    pub(super) is_selective: bool,
}

/// A name that from some place on means the variable in a slot.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    pub(super) name: Name,
    /// The place that binds it.
    pub(super) key: Key,
    pub(super) slot: u16,
}

/// How a variable is used.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    declared: u32,
    /// Declarations that make it mutable and have not been compiled yet.
    mutable_ahead: u32,
    assigned: u32,
    captured: bool,
    /// A closure may hold it before it has its value.
    captured_early: bool,
    /// The function of that name names itself.
    names_itself: bool,
}

impl Facts {
    /// Whether a function, which runs later, may find that it can be assigned, though it cannot be so far.
    pub(super) fn becomes_mutable(&self) -> bool {
        self.mutable_ahead > 0
    }

    fn declare(&mut self, is_mutable: bool) {
        self.declared += 1;
        self.mutable_ahead += u32::from(is_mutable);
    }

    /// A declaration of it is compiled.
    pub(super) fn pass(&mut self, is_mutable: bool) {
        self.mutable_ahead = self.mutable_ahead.saturating_sub(u32::from(is_mutable));
    }

    /// Whether it has one value for ever.
    pub(super) fn is_constant(&self) -> bool {
        self.declared <= 1 && self.assigned == 0
    }

    /// Whether it must be a cell before it has its value. A function that names itself holds itself, unless the
    /// name may come to mean something else.
    pub(super) fn exists_early(&self) -> bool {
        self.captured_early || (self.names_itself && !self.is_constant())
    }

    /// Whether it must be a cell.
    pub(super) fn is_cell(&self) -> bool {
        (self.captured && (self.captured_early || !self.is_constant()))
            || (self.names_itself && !self.is_constant())
    }
}

/// A top-level name.
#[derive(Clone, Debug)]
pub(super) struct GlobalFacts {
    pub(super) name: Name,
    /// The file that declares it.
    pub(super) unit: usize,
    pub(super) facts: Facts,
    /// Whether a function, lambda, background block or another file names it, or the test runner.
    pub(super) is_shared: bool,
    /// Whether a `shared` block declares it.
    pub(super) is_common: bool,
    pub(super) is_mutable: bool,
    pub(super) is_variant: bool,
    /// The builtin it means before it is declared.
    pub(super) builtin: Option<usize>,
    /// Whether it has no value before it is declared, though there is a builtin of its name.
    pub(super) is_late: bool,
    /// Whether it is assigned without ever being declared: a builtin's name.
    pub(super) is_implicit: bool,
    /// Whether it lives in a slot rather than in a register of the main function.
    pub(super) is_slot: bool,
    /// Whether it has a value wherever the code compiled from now on runs.
    pub(super) is_defined: bool,
}

impl GlobalFacts {
    /// Where imports bind the name too, it must be seen whether the variable has its value: it does not begin as the
    /// builtin that it means before.
    fn show_late(&mut self) {
        if self.facts.declared > 0 && self.builtin.take().is_some() {
            self.is_late = true;
            self.is_defined = false;
        }
    }

    /// Whether it is a cell.
    pub(super) fn is_cell(&self) -> bool {
        self.is_slot && !self.is_common && !(self.facts.declared <= 1 && self.facts.assigned == 0)
    }

    /// What the program knows of it.
    pub(super) fn code(&self) -> Global {
        Global {
            name: self.name.clone(),
            is_cell: self.is_cell(),
            is_common: self.is_common,
            initial: self.builtin.map(|id| id as u32),
            module: self.unit as u32,
        }
    }
}

impl Analysis {
    /// The facts of a local variable.
    pub(super) fn facts(&self, key: Key) -> Facts {
        self.facts.get(&key).copied().unwrap_or_default()
    }

    /// A declaration of a local variable is compiled.
    pub(super) fn pass(&mut self, key: Key, is_mutable: bool) {
        if let Some(facts) = self.facts.get_mut(&key) {
            facts.pass(is_mutable);
        }
    }

    /// The slot of a file's own top-level name, if it has one.
    pub(super) fn slot(&self, unit: usize, name: &str) -> Option<usize> {
        self.slots[unit].get(name).copied()
    }

    /// What the import statement at `key` binds.
    pub(super) fn imported(&self, key: Key) -> Imported {
        self.imports.get(&key).cloned().unwrap_or_default()
    }

    /// What the top level of a file binds by imports, and own names that they clash with.
    pub(super) fn bound_at_top(&self, unit: usize) -> Vec<Bound> {
        self.top[unit].clone()
    }

    /// The top-level names of a file, own and imported, in no order.
    pub(super) fn names(&self, unit: usize) -> impl Iterator<Item = &str> {
        let own = self.globals.iter().filter(move |global| global.unit == unit);
        let own = own.map(|global| &*global.name).filter(|name| !name.starts_with('@'));
        own.chain(self.brought[unit].iter().map(|name| &**name))
    }

    /// A slot for a name that only the runtime reads.
    pub(super) fn hidden(&mut self, unit: usize, name: String) -> usize {
        self.globals.push(GlobalFacts {
            name: name.into(),
            unit,
            facts: Facts::default(),
            is_shared: true,
            is_common: false,
            is_mutable: true,
            is_variant: false,
            builtin: None,
            is_late: false,
            is_implicit: false,
            is_slot: true,
            is_defined: false,
        });
        self.globals.len() - 1
    }

    /// What names mean to the next input of a session; of the file itself what it binds last.
    pub(super) fn session_names(&self) -> HashMap<Name, usize> {
        let mut names = self.session.clone();
        names.extend(self.slots[0].iter().map(|(name, slot)| (name.clone(), *slot)));
        names.extend(self.top[0].iter().map(|bound| (bound.name.clone(), bound.slot.into())));
        names
    }

    fn new(walker: Walker<'_>) -> Analysis {
        let count = walker.names.len();
        let mut in_registers = vec![0; count];
        let mut slot_of = Vec::new();
        let mut analysis = Analysis {
            facts: walker.facts,
            slots: vec![HashMap::default(); count],
            ..Analysis::default()
        };
        for mut global in walker.globals {
            if !global.is_shared
                && !global.is_implicit
                && !walker.is_session
                && in_registers[global.unit] < REGISTERS
            {
                in_registers[global.unit] += 1;
                slot_of.push(None);
                continue;
            }
            global.is_slot = true;
            slot_of.push(Some(analysis.globals.len() as u16));
            // Files of earlier inputs are gone; what was imported from them is named below.
            if let Some(slots) = analysis.slots.get_mut(global.unit) {
                slots.insert(global.name.clone(), analysis.globals.len());
            }
            analysis.globals.push(global);
        }
        if walker.is_session {
            let names = walker.names[0].own.iter();
            let slots = names.filter_map(|(name, at)| Some((name.clone(), slot_of[*at]?.into())));
            analysis.slots[0].extend(slots);
            analysis.session = analysis.slots[0].clone();
        }
        let bound = |binder: &Binder| {
            let is_used =
                walker.is_session || walker.used.contains(&(binder.key, binder.name.clone()));
            let slot = slot_of[binder.global].filter(|_| is_used)?;
            Some(Bound { name: binder.name.clone(), key: binder.key, slot })
        };
        let imports = walker.imported.into_iter().map(|(key, imported)| {
            let names = imported.names.iter().filter_map(bound).collect();
            let missing = imported.missing.clone();
            (key, Imported { names, missing, is_selective: imported.is_selective })
        });
        analysis.imports = imports.collect();
        let brought = walker.names.iter().map(|names| names.binders.keys().cloned().collect());
        analysis.brought = brought.collect();
        let top = walker
            .names
            .iter()
            .map(|names| names.binders.values().flatten().filter_map(bound).collect());
        analysis.top = top.collect();
        analysis.top.iter_mut().for_each(|bound: &mut Vec<Bound>| {
            bound.sort_by(|left, right| (left.key, &left.name).cmp(&(right.key, &right.name)));
        });
        analysis
    }
}

/// Walks all files of a program; the first is the main one. With `known` it is the next input of a session.
pub(super) fn analyse(units: &[Unit<'_>], registry: &Registry, known: Option<&Known>) -> Analysis {
    let mut walker = Walker::new(units, registry);
    if let Some(known) = known {
        walker.goes_on(known);
    }
    for (number, unit) in units.iter().enumerate() {
        walker.unit = number;
        for statement in &unit.tree.statements {
            for (name, how) in walk::declared(statement) {
                walker.declare_global(name, how);
                if matches!(statement.kind, StmtKind::Shared(_)) {
                    walker.declare_common(name);
                }
            }
            if let StmtKind::Function(def) = &statement.kind
                && TestsPlan::calls(def)
            {
                walker.name_from_outside(&def.name.name);
            }
        }
    }
    for (number, unit) in units.iter().enumerate() {
        walker.unit = number;
        walker.bind_top(unit.tree);
    }
    for (number, unit) in units.iter().enumerate() {
        walker.unit = number;
        walker.statements(&unit.tree.statements);
    }
    Analysis::new(walker)
}

/// The variable of `repeat`, declared where its count stands.
pub(super) fn repeat_variable(span: Span) -> Ident {
    Ident { name: Name::from("_"), span }
}
