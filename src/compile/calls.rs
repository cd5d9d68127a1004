//! Calls of functions, builtins and methods; pipes; output.

use super::Compiler;
use super::expr::is_quiet;
use super::expr::is_steady;
use super::names::Meaning;
use crate::diag::Span;
use crate::native::Form;
use crate::program::Action;
use crate::program::Op;
use crate::program::Place;
use crate::program::Reg;
use crate::program::Root;
use crate::program::Site;
use crate::syntax::ast::Expr;
use crate::syntax::ast::ExprKind;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Item;
use crate::syntax::ast::OutputKind;
use crate::syntax::ast::Unit;
use crate::syntax::ast::Wait;
use crate::value::Name;
use crate::value::Value;

/// Values that are computed side by side at most; longer lists go in batches.
pub(super) const BATCH: usize = 64;

/// Builtins that take the left side of `|>` as their first argument when written as a call.
const PIPED: &[&str] = &[
    "map",
    "filter",
    "reduce",
    "sort",
    "sort_by",
    "find",
    "flat_map",
    "any",
    "all",
    "group_by",
    "partition",
    "for_each",
    "join",
    "split",
    "replace",
    "chunk",
    "slice",
    "take_n",
    "skip",
    "zip",
    "contains",
    "starts_with",
    "ends_with",
    "pad_start",
    "pad_end",
];

impl Compiler<'_> {
    /// Where a call puts its callee and finds its result: `dst` itself when it is the last register given out.
    fn base(&mut self, dst: Option<Reg>, span: Span) -> Reg {
        match dst {
            Some(dst) if u16::from(dst) + 1 == self.mark() && self.is_temporary(dst) => dst,
            _ => self.push(span),
        }
    }

    fn deliver(&mut self, base: Reg, dst: Option<Reg>, span: Span) {
        if let Some(dst) = dst
            && dst != base
        {
            self.emit(Op::Move { dst, src: base }, span);
        }
    }

    pub(super) fn call(&mut self, callee: &Expr, args: &[Item], dst: Option<Reg>, span: Span) {
        if let ExprKind::Name(name) = &callee.kind
            && matches!(&**name, "push" | "pop")
            && self.builtin(name).is_some()
            && self.change_in_place(name, args, dst, span)
        {
            return;
        }
        let base = self.base(dst, span);
        let meaning = match &callee.kind {
            ExprKind::Name(name) => self.meaning(name),
            _ => Meaning::Missing,
        };
        let (op, data): (fn(Reg, u8) -> Op, Option<u32>) = match meaning {
            Meaning::Builtin(id) => (|base, count| Op::CallNative { base, count }, Some(id as u32)),
            Meaning::Chunk(chunk) => (|base, count| Op::CallChunk { base, count }, Some(chunk)),
            Meaning::Itself => (|base, count| Op::CallSelf { base, count }, None),
            // Arguments that call something may assign the variable, and the callee comes first.
            Meaning::Variable { root: Root::Global(slot), is_cell, .. }
                if !is_cell || args.iter().all(|arg| is_quiet(&arg.value)) =>
            {
                (|base, count| Op::CallGlobal { base, count }, Some(u32::from(slot)))
            }
            Meaning::Variable { root: Root::Register(callee), pending: None, .. }
                if !is_long(args) && args.iter().all(|arg| is_steady(&arg.value)) =>
            {
                self.arguments(args);
                self.emit(Op::CallLocal { base, callee, count: args.len() as u8 }, span);
                return self.deliver(base, dst, span);
            }
            _ => {
                self.expr(callee, base);
                (|base, count| Op::Call { base, count }, None)
            }
        };
        if is_long(args) {
            self.expr(callee, base);
            self.collect(args, span);
            self.emit(Op::CallSpread { base }, span);
        } else {
            self.arguments(args);
            let op = op(base, args.len() as u8);
            match data {
                Some(data) => self.emit_with(op, data, span),
                None => self.emit(op, span),
            }
        }
        self.deliver(base, dst, span);
    }

    fn arguments(&mut self, args: &[Item]) {
        for arg in args {
            self.value(&arg.value);
        }
    }

    /// `push(x, e)`, `pop(x)` on a variable that can be assigned.
    fn change_in_place(&mut self, name: &str, args: &[Item], dst: Option<Reg>, span: Span) -> bool {
        let action = match (name, args.len()) {
            ("push", 2) => Action::Push,
            ("pop", 1) => Action::Pop,
            _ => return false,
        };
        if args.iter().any(|arg| arg.spread) {
            return false;
        }
        let ExprKind::Name(variable) = &args[0].value.kind else { return false };
        let Some(roots) = self.mutable_roots(variable) else { return false };
        let base = self.push(span);
        if let Some(arg) = args.get(1) {
            self.expr(&arg.value, base);
        }
        self.for_one_of(variable, &roots, span, &mut |compiler, meaning| match (
            compiler.root(variable, meaning),
            action,
        ) {
            (Root::Register(list), Action::Push) => {
                compiler.emit(Op::Push { list, value: base }, span);
            }
            (root, _) => {
                let k = compiler.place(root, variable, Vec::new(), action);
                compiler.emit(Op::Update { base, k }, span);
            }
        });
        self.changed(variable, action, base, dst, span);
        true
    }

    /// The value of an in-place change: what `pop` took, or else the variable as it is now.
    fn changed(
        &mut self,
        variable: &Name,
        action: Action,
        base: Reg,
        dst: Option<Reg>,
        span: Span,
    ) {
        match (action, dst) {
            (Action::Pop, _) => self.deliver(base, dst, span),
            (_, Some(dst)) => self.read_name(variable, dst, span),
            (_, None) => {}
        }
    }

    /// The variables that the name may mean, when all of them can be assigned.
    fn mutable_roots(&mut self, name: &Name) -> Option<Vec<Meaning>> {
        let meanings = self.meanings(name);
        let is_assigned = |meaning: &Meaning| match meaning {
            Meaning::Variable { root, is_mutable: true, is_cell, .. } => {
                *is_cell || !matches!(root, Root::Capture(_))
            }
            _ => false,
        };
        meanings.iter().all(is_assigned).then_some(meanings)
    }

    /// Where a variable is.
    fn root(&mut self, name: &Name, meaning: &Meaning) -> Root {
        let Meaning::Variable { root, .. } = meaning else {
            unreachable!("only variables have roots");
        };
        self.note_capture(name, *root);
        *root
    }

    pub(super) fn place(
        &mut self,
        root: Root,
        name: &Name,
        steps: Vec<crate::program::Step>,
        action: Action,
    ) -> u16 {
        let places = &mut self.current().chunk.places;
        places.push(Place { root, name: name.clone(), steps, action });
        (places.len() - 1) as u16
    }

    /// The number of a site that reads or calls `name`.
    pub(super) fn site(&mut self, name: &Name, builtin: Option<usize>, is_shadowed: bool) -> u32 {
        let sites = &mut self.current().chunk.sites;
        sites.push(Site {
            name: name.clone(),
            builtin: builtin.map(|id| id as u32),
            is_shadowed,
            cache: Default::default(),
        });
        (sites.len() - 1) as u32
    }

    pub(super) fn method(
        &mut self,
        receiver: &Expr,
        name: &Ident,
        args: &[Item],
        dst: Option<Reg>,
        span: Span,
    ) {
        let action = match (&*name.name, args.len()) {
            ("push", 1) => Some(Action::Push),
            ("pop", 0) => Some(Action::Pop),
            ("add", 1) => Some(Action::Add),
            ("remove", 1) => Some(Action::Remove),
            _ => None,
        };
        let in_place = match (&receiver.kind, action) {
            (ExprKind::Name(variable), Some(action)) if args.iter().all(|arg| !arg.spread) => {
                self.mutable_roots(variable).map(|roots| (variable, roots, action))
            }
            _ => None,
        };
        let Some((variable, roots, action)) = in_place else {
            return self.plain_method(receiver, name, args, dst, span);
        };
        // Arguments first, then the variable is read, changed and stored as one step.
        let base = self.push(span);
        let receiver_at = self.push(span);
        self.arguments(args);
        let operand = self.push(span);
        for i in 0..args.len() as u8 {
            self.emit(Op::Copy { dst: operand, src: receiver_at + 1 + i }, span);
        }
        let mut done = Vec::new();
        self.for_one_of(variable, &roots, span, &mut |compiler, meaning| {
            let root = compiler.root(variable, meaning);
            let k = compiler.place(root, variable, Vec::new(), action);
            done.push(compiler.emit_test(Op::TryUpdate { base: operand, k }, span));
        });
        self.read_name(variable, receiver_at, receiver.span);
        self.call_method(name, base, args.len(), span);
        self.deliver(base, dst, span);
        let end = self.jump(span);
        self.land_all(done);
        // The argument's second handle must not outlive the call.
        self.emit(Op::Clear { first: receiver_at, count: 1 + args.len() as u8 }, span);
        self.changed(variable, action, operand, dst, span);
        self.land(end);
    }

    fn plain_method(
        &mut self,
        receiver: &Expr,
        name: &Ident,
        args: &[Item],
        dst: Option<Reg>,
        span: Span,
    ) {
        let base = self.base(dst, span);
        self.value(receiver);
        if is_long(args) {
            self.collect(args, span);
            let site = self.method_site(name, base, span);
            self.emit_with(Op::MethodSpread { base }, site, span);
        } else {
            self.arguments(args);
            self.call_method(name, base, args.len(), span);
        }
        self.deliver(base, dst, span);
    }

    /// Calls the method on the receiver behind `base`, whose arguments follow it.
    fn call_method(&mut self, name: &Ident, base: Reg, count: usize, span: Span) {
        let site = self.method_site(name, base, span);
        self.emit_with(Op::CallMethod { base, count: count as u8 }, site, span);
    }

    /// The site of a method call. A user's variable that hides a builtin method goes to `base`.
    fn method_site(&mut self, name: &Ident, base: Reg, span: Span) -> u32 {
        let builtin = self.registry.method(&name.name);
        let is_known =
            builtin.is_some_and(|id| self.registry.row(id).forms.contains(&Form::Method));
        let meaning = if is_known { self.meaning(&name.name) } else { Meaning::Missing };
        let is_shadowed = matches!(meaning, Meaning::Variable { .. } | Meaning::Itself);
        if is_shadowed {
            self.peek(&name.name, meaning, base, span);
        }
        self.site(&name.name, builtin, is_shadowed)
    }

    /// Reads a variable, which may be unset, into `dst`.
    fn peek(&mut self, name: &Name, meaning: Meaning, dst: Reg, span: Span) {
        let Meaning::Variable { root, .. } = meaning else {
            return self.read_itself(name, dst, span);
        };
        self.note_capture(name, root);
        let op = match root {
            Root::Capture(index) => Op::PeekCapture { dst, index },
            Root::Cell(cell) => Op::PeekCell { dst, cell },
            Root::Global(slot) => Op::PeekGlobal { dst, slot },
            Root::Register(src) => Op::Copy { dst, src },
        };
        self.emit(op, span);
    }

    /// `value |> step`
    pub(super) fn pipe(&mut self, value: &Expr, step: &Expr, dst: Reg, span: Span) {
        if let ExprKind::Call { callee, args } = &step.kind
            && let ExprKind::Name(name) = &callee.kind
            && PIPED.contains(&&**name)
            && self.builtin(name).is_some()
        {
            let first = Item { value: value.clone(), spread: false };
            let all: Vec<Item> = std::iter::once(first).chain(args.iter().cloned()).collect();
            return self.call(callee, &all, Some(dst), span);
        }
        let base = self.push(span);
        self.value(value);
        self.expr(step, base);
        self.emit(Op::Call { base, count: 1 }, span);
        self.emit(Op::Move { dst, src: base }, span);
    }

    /// `say e`, `yell e`, `whisper e`
    pub(super) fn output(&mut self, kind: OutputKind, value: &Expr, dst: Option<Reg>, span: Span) {
        let name = match kind {
            OutputKind::Say => "say",
            OutputKind::Yell => "yell",
            OutputKind::Whisper => "whisper",
        };
        let base = self.push(span);
        self.value(value);
        self.call_builtin(name, base, 1, span);
        self.deliver(base, dst, span);
    }

    /// `wait n [unit]`
    pub(super) fn wait(&mut self, wait: &Wait, dst: Reg, span: Span) {
        let base = self.push(span);
        self.value(&wait.amount);
        let unit = self.push(span);
        let seconds = match wait.unit {
            Unit::Seconds => 1.0,
            Unit::Milliseconds => 0.001,
            Unit::Minutes => 60.0,
            Unit::Hours => 3600.0,
        };
        self.load(Value::Float(seconds), unit, span);
        self.call_builtin("wait", base, 2, span);
        self.emit(Op::Move { dst, src: base }, span);
    }
}

/// Whether arguments are collected in an array first.
fn is_long(args: &[Item]) -> bool {
    args.len() > BATCH || args.iter().any(|arg| arg.spread)
}
