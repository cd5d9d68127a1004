//! Imports: the module runs at the first one; what it binds are other names for the module's variables.

use super::Compiler;
use super::ModuleCode;
use super::Target;
use super::analysis::Bound;
use super::analysis::Imported;
use super::analysis::key;
use super::function::Local;
use super::function::Role;
use super::walk;
use crate::diag::Fault;
use crate::diag::ImportFailure;
use crate::diag::Span;
use crate::program::Op;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Import;
use crate::syntax::ast::Name;
use crate::syntax::ast::Stmt;
use crate::syntax::ast::StmtKind;

impl Compiler<'_> {
    /// Numbers the top-level code of all files, and gives those that are imported a slot for how far they have run.
    pub(super) fn reserve_units(&mut self) {
        let targets = self.units.iter().flat_map(|unit| unit.imports.values());
        let imported: foldhash::HashSet<usize> = targets
            .filter_map(|target| match target {
                Target::Module(unit) => Some(*unit),
                Target::Builtin | Target::Broken(_) => None,
            })
            .collect();
        for unit in 0..self.units.len() {
            let chunk = self.reserve();
            self.unit = unit;
            let progress =
                imported.contains(&unit).then(|| self.hidden_slot("@module".to_string()));
            let progress = progress.map(|slot| slot as u16);
            self.modules.push(ModuleCode { chunk, progress, is_complete: false });
        }
        self.program.main = self.modules[0].chunk;
    }

    /// Says, in top-level code that something imports, how far it has run.
    pub(super) fn note_progress(&mut self, value: bool, span: Span) {
        let Some(slot) = self.modules[self.unit].progress else { return };
        if !matches!(self.current().role, Role::Main) {
            return;
        }
        let mark = self.mark();
        let dst = self.push(span);
        self.emit(Op::Bool { dst, value }, span);
        self.emit(Op::Define { src: dst, slot }, span);
        self.release(mark);
    }

    /// `return` in top-level code: what stands behind it may have no value when the code has run.
    pub(super) fn leave_module(&mut self, span: Span) {
        if matches!(self.current().role, Role::Main) {
            self.modules[self.unit].is_complete = false;
        }
        self.note_progress(true, span);
    }

    /// Whether a name has a value wherever the code runs that is compiled now; an import that brings it has been passed.
    pub(super) fn is_defined(&self, slot: u16) -> bool {
        let global = &self.analysis.globals[usize::from(slot)];
        match global.unit == self.unit {
            true => global.is_defined,
            false => self.modules.get(global.unit).is_some_and(|module| module.is_complete),
        }
    }

    pub(super) fn import_stmt(&mut self, import: &Import, span: Span) {
        let path = import.path();
        match self.units[self.unit].imports[path].clone() {
            Target::Module(unit) => self.run_module(unit, path, span),
            Target::Builtin => {}
            Target::Broken(why) => self.fail(Fault::import(path, why), span),
        }
        let imported = self.analysis.imported(key(span));
        if imported.is_selective {
            self.check_exports(import, &imported, span);
        }
        for bound in imported.names {
            self.bind(&bound);
        }
    }

    /// Runs a module unless it has run.
    fn run_module(&mut self, unit: usize, path: &Name, span: Span) {
        let ModuleCode { chunk, progress, .. } = self.modules[unit];
        let slot = progress.expect("what is imported says how far it has run");
        let mark = self.mark();
        let base = self.push(span);
        self.emit(Op::PeekGlobal { dst: base, slot }, span);
        let has_begun = self.emit_test(Op::TestSet { src: base }, span);
        self.emit_with(Op::CallChunk { base, count: 0 }, chunk, span);
        let is_done = self.jump(span);
        self.land(has_begun);
        let has_run = self.emit_test(Op::Test { src: base, want: true }, span);
        self.fail(Fault::import(path, ImportFailure::Circular), span);
        self.land(is_done);
        self.land(has_run);
        self.release(mark);
    }

    /// Fails when the module does not have a name that is asked for, or left it without a value.
    fn check_exports(&mut self, import: &Import, imported: &Imported, span: Span) {
        let path = import.path();
        for missing in &imported.missing {
            let (name, suggestion) = (missing.name.name.to_string(), missing.suggestion.clone());
            let why = ImportFailure::NotExported(name, suggestion);
            self.fail(Fault::import(path, why), missing.name.span);
        }
        for bound in &imported.names {
            let mark = self.mark();
            let dst = self.push(span);
            self.emit(Op::PeekGlobal { dst, slot: bound.slot }, span);
            let is_set = self.emit_test(Op::TestSet { src: dst }, span);
            let why = ImportFailure::NotExported(bound.name.to_string(), None);
            self.fail(Fault::import(path, why), span);
            self.land(is_set);
            self.emit(Op::Clear { first: dst, count: 1 }, span);
            self.release(mark);
        }
    }

    /// From here on the name means the variable in the slot.
    fn bind(&mut self, bound: &Bound) {
        let locals = &mut self.scope().locals;
        let known = locals.iter_mut().find(|it| it.key == bound.key && it.name == bound.name);
        match known {
            Some(local) => local.is_declared = true,
            None => locals.push(Local { is_declared: true, ..local(bound) }),
        }
    }

    /// An own name of the top level has its value: it means its own variable again, if an import took it.
    pub(super) fn bind_own(&mut self, name: &Ident) {
        let at = key(name.span);
        let mut locals = self.scope().locals.iter_mut();
        if let Some(own) = locals.find(|it| it.key == at && it.name == name.name) {
            own.is_declared = true;
        }
    }

    /// A name of the innermost scope means a variable of that scope again, if an import took it.
    pub(super) fn unbind(&mut self, name: &Name) {
        self.scope().locals.retain(|local| local.slot.is_none() || local.name != *name);
    }

    /// The names that the top level of the file imports, and own ones that clash with them: functions know them from
    /// the start.
    pub(super) fn imports_exist_at_top(&mut self) {
        let bound = self.analysis.bound_at_top(self.unit);
        self.scope().locals.extend(bound.iter().map(local));
    }

    /// The names that `statements` import, unless the scope itself declares them.
    pub(super) fn imports_exist(&mut self, statements: &[Stmt]) {
        for statement in statements {
            if !matches!(statement.kind, StmtKind::Import(_)) {
                continue;
            }
            for bound in self.analysis.imported(key(statement.span)).names {
                let clashes = self.find_in_scope(&bound.name).is_some()
                    || statements.iter().any(|other| walk::declares(other, &bound.name));
                if !clashes {
                    self.scope().locals.push(local(&bound));
                }
            }
        }
    }
}

/// A name for the variable in a slot; the place that binds it has not been passed.
fn local(bound: &Bound) -> Local {
    Local {
        name: bound.name.clone(),
        key: bound.key,
        reg: 0,
        is_cell: false,
        is_mutable: true,
        is_declared: false,
        is_variant: false,
        slot: Some(bound.slot),
    }
}
