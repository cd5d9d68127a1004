//! What a name means where it stands.

use super::Compiler;
use super::Origin;
use super::analysis::Key;
use super::function::Captured;
use super::function::Role;
use crate::diag::Error;
use crate::diag::Fault;
use crate::diag::Span;
use crate::program::CaptureFrom;
use crate::program::Label;
use crate::program::Op;
use crate::program::Reg;
use crate::program::Root;
use crate::syntax::ast::Expr;
use crate::syntax::ast::ExprKind;
use crate::value::Name;
use crate::value::Value;

/// The meaning of a name.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meaning {
    /// A variable of a register, a cell, a capture or a slot.
    Variable {
        root: Root,
        is_mutable: bool,
        /// The declaration may not have run yet: until then the name means something further out.
        pending: Option<Key>,
        is_variant: bool,
        /// Whether a capture is a cell.
        is_cell: bool,
    },
    /// The running function.
    Itself,
    /// A builtin.
    Builtin(usize),
    /// A built-in module, by the number that [`Registry::value`](crate::native::Registry::value) knows.
    Module(usize),
    /// A function of the prelude being compiled.
    Chunk(u32),
    /// What the prelude asks the machine about a value's methods.
    HasMethod,
    /// How the prelude sorts with a comparator.
    Sorted,
    /// `None`
    None,
    /// `__type_T__`: what tells of the type T.
    Type,
    /// Nothing.
    Missing,
}

impl Compiler<'_> {
    /// What `name` means here.
    pub(super) fn meaning(&mut self, name: &str) -> Meaning {
        self.meaning_except(name, &[])
    }

    fn meaning_except(&mut self, name: &str, except: &[Key]) -> Meaning {
        self.meaning_at(self.functions.len() - 1, name, false, except)
    }

    fn meaning_at(
        &mut self,
        level: usize,
        name: &str,
        from_inside: bool,
        except: &[Key],
    ) -> Meaning {
        let state = &self.functions[level];
        if let Some(local) = state.local(name, from_inside, except) {
            if let Some(slot) = local.slot {
                let pending = (!local.is_declared).then_some(local.key);
                return self.slot_meaning(usize::from(slot), pending);
            }
            let becomes_mutable = from_inside && self.analysis.facts(local.key).becomes_mutable();
            return Meaning::Variable {
                root: if local.is_cell { Root::Cell(local.reg) } else { Root::Register(local.reg) },
                is_mutable: local.is_mutable || becomes_mutable,
                pending: (!local.is_declared).then_some(local.key),
                is_variant: local.is_variant,
                is_cell: local.is_cell,
            };
        }
        if level == 0 {
            return self.global_meaning(name, except);
        }
        match &state.role {
            Role::Closure(Some((own, of))) if &**own == name && !except.contains(of) => {
                let of = *of;
                if self.analysis.facts(of).is_constant() && self.means_itself(level, name, of) {
                    return Meaning::Itself;
                }
            }
            Role::Top(own)
                if &**own == name
                    && level == self.functions.len() - 1
                    && self.is_constant(name) =>
            {
                return Meaning::Itself;
            }
            _ => {}
        }
        let outer = self.meaning_at(level - 1, name, true, except);
        self.capture(level, outer)
    }

    /// Whether no variable between the function and its definition hides its own name.
    fn means_itself(&self, level: usize, name: &str, of: Key) -> bool {
        match self.functions[level - 1].local(name, true, &[]) {
            Some(local) => local.key == of,
            None => true,
        }
    }

    /// Whether a top-level name has one value for ever.
    fn is_constant(&self, name: &str) -> bool {
        let is_imported = self.functions[0].scopes[0]
            .locals
            .iter()
            .any(|it| it.slot.is_some() && *it.name == *name);
        let slot = self.analysis.slot(self.unit, name).filter(|_| !is_imported);
        slot.is_some_and(|slot| self.analysis.globals[slot].facts.is_constant())
    }

    /// The meaning of a name for the variable in a slot.
    fn slot_meaning(&self, slot: usize, pending: Option<Key>) -> Meaning {
        let global = &self.analysis.globals[slot];
        let becomes_mutable = self.functions.len() > 1 && global.facts.becomes_mutable();
        Meaning::Variable {
            root: Root::Global(slot as u16),
            is_mutable: global.is_mutable || becomes_mutable,
            pending,
            is_variant: global.is_variant,
            is_cell: global.is_cell(),
        }
    }

    fn global_meaning(&self, name: &str, except: &[Key]) -> Meaning {
        if let Some(slot) = self.analysis.slot(self.unit, name) {
            let pending = self.analysis.globals[slot].is_late.then_some((u32::MAX, slot as u32));
            if !pending.is_some_and(|key| except.contains(&key)) {
                return self.slot_meaning(slot, pending);
            }
        }
        if let Some(chunk) = self.prelude.get(name) {
            return Meaning::Chunk(*chunk);
        }
        if self.registry.module(name).is_some() && self.origin != Origin::Prelude {
            return self.registry.named(name).map_or(Meaning::Missing, Meaning::Module);
        }
        let builtin = match self.origin {
            Origin::User | Origin::Marked => self.registry.global(name),
            Origin::Prelude => self.registry.any(name),
        };
        match builtin {
            Some(id) => Meaning::Builtin(id),
            None if name == "None" => Meaning::None,
            None if self.origin == Origin::Prelude => match name {
                "__has_method" => Meaning::HasMethod,
                "__sorted" => Meaning::Sorted,
                _ => Meaning::Missing,
            },
            None if self.told_type(name).is_some() => Meaning::Type,
            None => Meaning::Missing,
        }
    }

    /// What the function at `level` holds of a variable that the function around it sees.
    fn capture(&mut self, level: usize, outer: Meaning) -> Meaning {
        let is_closure = matches!(self.functions[level].role, Role::Closure(_));
        let (from, is_cell) = match &outer {
            Meaning::Variable { root: Root::Global(slot), is_cell: true, .. } if is_closure => {
                (CaptureFrom::Global(*slot), true)
            }
            Meaning::Variable { root: Root::Register(reg), .. } => {
                (CaptureFrom::Value(*reg), false)
            }
            Meaning::Variable { root: Root::Cell(reg), .. } => (CaptureFrom::Cell(*reg), true),
            Meaning::Variable { root: Root::Capture(index), is_cell, .. } => {
                (CaptureFrom::Capture(*index), *is_cell)
            }
            Meaning::Itself => {
                self.functions[level - 1].chunk.needs_itself = true;
                (CaptureFrom::Itself, false)
            }
            _ => return outer,
        };
        let captured = Captured { from, is_cell };
        let state = &mut self.functions[level];
        let known = state.captures.iter().position(|known| *known == captured);
        let index = known.unwrap_or(state.captures.len());
        if known.is_none() {
            state.captures.push(captured);
        }
        if known.is_none() && index == usize::from(Reg::MAX) + 1 {
            let span = state.chunk.spans.last().copied().unwrap_or_default();
            self.error("E0298", "too many captured variables in one function", span);
        }
        let root = Root::Capture(index as u8);
        match outer {
            Meaning::Variable { is_mutable, pending, is_variant, .. } => {
                Meaning::Variable { root, is_mutable, pending, is_variant, is_cell }
            }
            _ => Meaning::Variable {
                root,
                is_mutable: true,
                pending: None,
                is_variant: false,
                is_cell,
            },
        }
    }

    /// Whether `name` means the builtin of that name here.
    pub(super) fn builtin(&mut self, name: &str) -> Option<usize> {
        match self.meaning(name) {
            Meaning::Builtin(id) => Some(id),
            _ => None,
        }
    }

    /// The builtin that is the member `name` of the built-in module which `object` names here.
    pub(super) fn member(&mut self, object: &Expr, name: &str) -> Option<usize> {
        let ExprKind::Name(module) = &object.kind else { return None };
        match self.meaning(module) {
            Meaning::Module(_) => self.registry.member(module, name),
            _ => None,
        }
    }

    /// Reads the variable or builtin `name` into `dst`.
    pub(super) fn read_name(&mut self, name: &Name, dst: Reg, span: Span) {
        self.read_name_except(name, dst, span, &mut Vec::new());
    }

    fn read_name_except(&mut self, name: &Name, dst: Reg, span: Span, except: &mut Vec<Key>) {
        match self.meaning_except(name, except) {
            Meaning::Variable { root, pending: Some(key), .. } => {
                self.note_capture(name, root);
                let peek = match root {
                    Root::Capture(index) => Op::PeekCapture { dst, index },
                    Root::Cell(cell) => Op::PeekCell { dst, cell },
                    Root::Global(slot) => Op::PeekGlobal { dst, slot },
                    Root::Register(_) => Op::Unset { dst },
                };
                except.push(key);
                if self.meaning_except(name, except) == Meaning::Missing {
                    return self.read_root(name, root, dst, span);
                }
                self.emit(peek, span);
                let is_set = self.emit_test(Op::TestSet { src: dst }, span);
                self.read_name_except(name, dst, span, except);
                self.land(is_set);
            }
            Meaning::Variable { root, .. } => self.read_root(name, root, dst, span),
            Meaning::Itself => self.read_itself(name, dst, span),
            Meaning::Builtin(id) | Meaning::Module(id) => {
                let value = self.registry.value(id);
                self.load(value, dst, span);
            }
            Meaning::None => self.load(Value::None, dst, span),
            Meaning::Type => {
                let value = self.told_type(name).unwrap_or_default();
                self.load(value, dst, span);
            }
            Meaning::Chunk(chunk) => {
                let k = self.function_entry(chunk, Label::Function(name.clone()), Vec::new());
                self.emit(Op::Closure { dst, k }, span);
            }
            Meaning::Missing | Meaning::HasMethod | Meaning::Sorted => {
                let fault = self.undefined(name);
                self.fail(fault, span);
            }
        }
    }

    /// Reads the running function. One at top level is not told who it is: it captures nothing and asks its slot.
    pub(super) fn read_itself(&mut self, name: &Name, dst: Reg, span: Span) {
        let slot = self.analysis.slot(self.unit, name);
        match (&self.current().role, slot) {
            (Role::Top(_), Some(slot)) => self.emit(Op::Global { dst, slot: slot as u16 }, span),
            _ => {
                self.current().chunk.needs_itself = true;
                self.emit(Op::Copy { dst, src: 0 }, span);
            }
        }
    }

    /// Makes the code of `work` for what `name` means here: once for each variable that it may be, since until a
    /// variable has its value the name means what it means further out.
    pub(super) fn for_each_meaning(
        &mut self,
        name: &Name,
        span: Span,
        work: &mut dyn FnMut(&mut Self, Meaning),
    ) {
        let mut except = Vec::new();
        let mut ends = Vec::new();
        loop {
            let meaning = self.meaning_except(name, &except);
            let Meaning::Variable { pending: Some(key), .. } = meaning else {
                work(self, meaning);
                break;
            };
            except.push(key);
            if self.meaning_except(name, &except) == Meaning::Missing {
                work(self, meaning);
                break;
            }
            let mark = self.mark();
            let seen = self.push(span);
            self.peek(name, &meaning, seen, span);
            let is_set = self.emit_test(Op::TestSet { src: seen }, span);
            self.release(mark);
            let is_unset = self.jump(span);
            self.land(is_set);
            work(self, meaning);
            ends.push(self.jump(span));
            self.land(is_unset);
        }
        self.land_all(ends);
    }

    /// Reads what `name` means, which may be unset, into `dst`.
    pub(super) fn peek(&mut self, name: &Name, meaning: &Meaning, dst: Reg, span: Span) {
        let Meaning::Variable { root, .. } = meaning else {
            return self.read_itself(name, dst, span);
        };
        self.note_capture(name, *root);
        let op = match *root {
            Root::Capture(index) => Op::PeekCapture { dst, index },
            Root::Cell(cell) => Op::PeekCell { dst, cell },
            Root::Global(slot) => Op::PeekGlobal { dst, slot },
            Root::Register(src) => Op::Copy { dst, src },
        };
        self.emit(op, span);
    }

    fn read_root(&mut self, name: &Name, root: Root, dst: Reg, span: Span) {
        self.note_capture(name, root);
        match root {
            Root::Register(src) if src == dst => {}
            Root::Register(src) => self.emit(Op::Copy { dst, src }, span),
            Root::Cell(cell) => self.emit(Op::GetCell { dst, cell }, span),
            Root::Capture(index) => self.read_capture(index, dst, span),
            Root::Global(slot) => self.emit(Op::Global { dst, slot }, span),
        }
    }

    /// Reads a capture; right behind an addition to it, the two become one step.
    fn read_capture(&mut self, index: u8, dst: Reg, span: Span) {
        let state = self.current();
        let end = state.chunk.code.len();
        match state.chunk.code.last() {
            Some(Op::AddCapture { index: added, src }) if *added == index && state.landed < end => {
                let src = *src;
                state.chunk.code[end - 1] = Op::AddGetCapture { dst, index, src };
            }
            Some(Op::AddCaptureInt { index: added, value })
                if *added == index && state.landed < end =>
            {
                let value = *value;
                state.chunk.code[end - 1] = Op::AddGetCaptureInt { dst, index, value };
            }
            _ => self.emit(Op::Capture { dst, index }, span),
        }
    }

    /// Keeps the name of a capture for error texts.
    pub(super) fn note_capture(&mut self, name: &Name, root: Root) {
        let Root::Capture(index) = root else { return };
        let names = &mut self.current().chunk.capture_names;
        while names.len() <= usize::from(index) {
            names.push(Name::from(""));
        }
        names[usize::from(index)] = name.clone();
    }

    /// The fault of a name that nothing has, with what may have been meant.
    pub(super) fn undefined(&mut self, name: &str) -> Fault {
        let mut scopes: Vec<Vec<&str>> = Vec::new();
        for state in self.functions.iter().rev() {
            for scope in state.scopes.iter().rev() {
                scopes.push(scope.locals.iter().map(|local| &*local.name).collect());
            }
        }
        scopes.push(self.analysis.names(self.unit).collect());
        scopes.push(self.registry.names().chain(["None"]).collect());
        let suggestion = crate::diag::suggest(name, scopes).map(str::to_string);
        Fault::Undefined { name: name.to_string(), suggestion }
    }

    /// Emits code that raises `fault` when it runs.
    pub(super) fn fail(&mut self, fault: Fault, span: Span) {
        let error = Error { fault, span, trace: Vec::new() };
        let k = self.constant(Value::Raised(triomphe::Arc::new(error)));
        self.emit(Op::Fail { k }, span);
    }
}
