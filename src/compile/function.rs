//! The function being compiled: its scopes, its variables, what it captures.

use super::Compiler;
use super::analysis::Key;
use super::analysis::key;
use super::control::Guard;
use super::loops::Loop;
use super::walk;
use super::walk::Declared;
use crate::program::CaptureFrom;
use crate::program::Op;
use crate::program::Reg;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Stmt;
use crate::syntax::ast::TypeDef;
use crate::value::Code;
use crate::value::Name;
use crate::value::Text;
use foldhash::HashMap;

/// What a function is to its variables.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Role {
    /// The top-level code.
    Main,
    /// A named function at top level: it captures nothing.
    Top(Name),
    /// A lambda, or a function defined in another or in a block.
    Closure(Option<(Name, Key)>),
    /// The block of a `spawn`: it takes copies of the locals that it names, and finds top-level names by itself.
    Task,
}

/// The state of one function.
pub(super) struct FunctionState {
    pub(super) chunk: Code,
    pub(super) role: Role,
    pub(super) scopes: Vec<Scope>,
    /// The last place that a jump arrives at.
    pub(super) landed: usize,
    /// The next free register.
    pub(super) next: u16,
    /// One more than the highest register used.
    pub(super) highest: u16,
    /// One more than the highest register that held a variable.
    variables: u16,
    pub(super) captures: Vec<Captured>,
    pub(super) loops: Vec<Loop>,
    pub(super) guards: Vec<Guard>,
    /// Whether it was found to need too many registers.
    pub(super) is_full: bool,
    /// The shapes of its object literals, by the struct and the names: a file of data has the same ones again and again.
    pub(super) shapes: HashMap<(Option<Name>, Vec<Text>), u16>,
    /// Its struct literals, by the struct and the names.
    pub(super) instances: HashMap<(Name, Vec<Name>), u16>,
}

/// A scope and its variables.
#[derive(Default)]
pub(super) struct Scope {
    pub(super) locals: Vec<Local>,
    /// The types that it defines.
    pub(super) types: Vec<TypeDef>,
    first: u16,
}

/// A local variable.
#[derive(Clone, Debug)]
pub(super) struct Local {
    pub(super) name: Name,
    pub(super) key: Key,
    pub(super) reg: Reg,
    /// Whether the register holds a cell.
    pub(super) is_cell: bool,
    pub(super) is_mutable: bool,
    /// Whether its declaration has been compiled.
    pub(super) is_declared: bool,
    pub(super) is_variant: bool,
    /// The top-level variable that it is a name for; it has no register then.
    pub(super) slot: Option<u16>,
}

/// A captured variable.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Captured {
    pub(super) from: CaptureFrom,
    pub(super) is_cell: bool,
}

impl FunctionState {
    pub(super) fn new(name: Name, role: Role) -> FunctionState {
        FunctionState {
            chunk: Code { name, ..Code::default() },
            role,
            scopes: Vec::new(),
            landed: 0,
            next: 1,
            highest: 1,
            variables: 1,
            captures: Vec::new(),
            loops: Vec::new(),
            guards: Vec::new(),
            is_full: false,
            shapes: HashMap::default(),
            instances: HashMap::default(),
        }
    }

    /// The finished code.
    pub(super) fn finish(mut self) -> Code {
        self.chunk.code.push(Op::ReturnNull);
        self.chunk.spans.push(self.chunk.spans.last().copied().unwrap_or_default());
        self.chunk.capture_names.resize(self.captures.len(), Name::from(""));
        self.chunk.needs_itself |= !self.captures.is_empty();
        self.chunk.registers = self.highest;
        self.chunk.locals = (self.variables - 1) as u8;
        self.chunk
    }

    /// The variable `name` as code of this function sees it; inner functions see undeclared ones too.
    pub(super) fn local(&self, name: &str, from_inside: bool, except: &[Key]) -> Option<&Local> {
        self.scopes.iter().rev().flat_map(|scope| scope.locals.iter().rev()).find(|local| {
            &*local.name == name
                && (local.is_declared || from_inside)
                && !except.contains(&local.key)
        })
    }
}

impl Compiler<'_> {
    /// Opens a scope for `statements`. Variables that closures may hold before they have a value exist from here on.
    pub(super) fn open_scope(&mut self, statements: &[Stmt]) {
        let first = self.mark();
        self.current().scopes.push(Scope { locals: Vec::new(), types: Vec::new(), first });
        match self.is_top() {
            true => self.imports_exist_at_top(),
            false => self.exist_early(statements),
        }
        self.know_types(statements);
    }

    /// Makes the cells of variables that closures may hold before they have a value.
    pub(super) fn exist_early(&mut self, statements: &[Stmt]) {
        for statement in statements {
            for (name, how) in walk::declared(statement) {
                let is_known = self.find_in_scope(&name.name).is_some();
                if !is_known && self.analysis.facts(key(name.span)).exists_early() {
                    let reg = self.push(name.span);
                    self.emit(Op::Unset { dst: reg }, name.span);
                    self.emit(Op::NewCell { reg, src: reg }, name.span);
                    self.add_local(name, reg, how, true);
                    self.scope().locals.last_mut().expect("just added").is_declared = false;
                }
            }
        }
        self.imports_exist(statements);
    }

    /// Closes the scope; its registers are free again.
    pub(super) fn close_scope(&mut self) {
        let scope = self.current().scopes.pop().expect("every scope that is closed was opened");
        self.release(scope.first);
    }

    /// Closes the scope of a block that runs within a function that goes on: what its variables hold must not
    /// outlive it, or the next change of it would copy it.
    pub(super) fn close_block(&mut self, span: crate::diag::Span) {
        let first = self.scope().first;
        let count = self.scope_end() - first;
        if count > 0 {
            self.emit(Op::Clear { first: first as Reg, count: count as u8 }, span);
        }
        self.close_scope();
    }

    pub(super) fn scope(&mut self) -> &mut Scope {
        self.current().scopes.last_mut().expect("there is always a scope")
    }

    /// Whether code stands directly at top level.
    pub(super) fn is_top(&mut self) -> bool {
        self.functions.len() == 1 && self.current().scopes.len() == 1
    }

    /// The variable of that name that the innermost scope itself has.
    pub(super) fn find_in_scope(&mut self, name: &str) -> Option<&mut Local> {
        let mut locals = self.scope().locals.iter_mut().rev();
        locals.find(|local| &*local.name == name && local.slot.is_none())
    }

    fn add_local(&mut self, name: &Ident, reg: Reg, how: Declared, is_cell: bool) {
        let local = Local {
            name: name.name.clone(),
            key: key(name.span),
            reg,
            is_cell,
            is_mutable: how != Declared::Immutable,
            is_declared: true,
            is_variant: how == Declared::Variant,
            slot: None,
        };
        let state = self.current();
        state.variables = state.variables.max(u16::from(reg) + 1);
        if is_cell {
            state.chunk.cell_names.push((reg, name.name.clone()));
        }
        self.scope().locals.push(local);
    }

    /// The value of a new variable has just been computed into the free register `reg`, the next to be given out:
    /// it becomes the variable, or moves to where the variable lives.
    pub(super) fn declare(&mut self, name: &Ident, reg: Reg, how: Declared) {
        let span = name.span;
        let is_mutable = how != Declared::Immutable;
        if self.is_top()
            && let Some(slot) = self.analysis.slot(self.unit, &name.name)
        {
            self.emit(Op::Define { src: reg, slot: slot as u16 }, span);
            self.bind_own(name);
            let global = &mut self.analysis.globals[slot];
            global.is_mutable = is_mutable;
            global.is_defined = true;
            global.facts.pass(is_mutable);
            self.release(u16::from(reg));
            return;
        }
        self.unbind(&name.name);
        if let Some(local) = self.find_in_scope(&name.name) {
            // Declared before in this scope: the same variable.
            local.is_declared = true;
            local.is_mutable = is_mutable;
            local.is_variant = how == Declared::Variant;
            let (to, is_cell, of) = (local.reg, local.is_cell, local.key);
            self.analysis.pass(of, is_mutable);
            match is_cell {
                true => self.emit(Op::SetCell { cell: to, src: reg }, span),
                false => self.emit(Op::Move { dst: to, src: reg }, span),
            }
            self.release(u16::from(reg));
            return;
        }
        let is_cell = self.analysis.facts(key(span)).is_cell();
        if is_cell {
            self.emit(Op::NewCell { reg, src: reg }, span);
        }
        self.add_local(name, reg, how, is_cell);
        self.analysis.pass(key(span), is_mutable);
        self.release(u16::from(reg) + 1);
    }

    /// Binds names to the values in a row of registers from `first` on, the last ones given out. Those that live
    /// elsewhere leave no holes.
    pub(super) fn declare_row(&mut self, names: &[(&Ident, Declared)], first: Reg) {
        let mut next = first;
        for (i, (name, how)) in names.iter().enumerate() {
            let from = first.wrapping_add(i as Reg);
            if from != next {
                self.emit(Op::Move { dst: next, src: from }, name.span);
            }
            self.declare(name, next, *how);
            next = self.mark() as Reg;
        }
    }

    /// The register after the last variable of the innermost scope.
    pub(super) fn scope_end(&mut self) -> u16 {
        let scope = self.scope();
        let in_registers = scope.locals.iter().filter(|local| local.slot.is_none());
        let last = in_registers.map(|local| u16::from(local.reg) + 1).max();
        last.unwrap_or(scope.first).max(scope.first)
    }
}
