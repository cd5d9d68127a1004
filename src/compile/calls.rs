//! Calls of functions, builtins and methods; pipes; output.

use super::Compiler;
use super::expr::is_quiet;
use super::expr::is_steady;
use super::names::Meaning;
use crate::diag::Span;
use crate::native::Form;
use crate::program::Action;
use crate::program::Choice;
use crate::program::Op;
use crate::program::Place;
use crate::program::Reg;
use crate::program::Root;
use crate::program::Site;
use crate::program::Step;
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
    "par_map",
    "par_filter",
    "par_each",
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
        let Some((variable, action)) = self.in_place(callee, args) else {
            return self.plain_call(callee, args, dst, span);
        };
        self.for_each_meaning(variable, span, &mut |this, meaning| {
            let mark = this.mark();
            match this.mutable_root(variable, &meaning) {
                Some(root) => this.change_in_place(variable, root, action, args, dst, span),
                None => this.plain_call(callee, args, dst, span),
            }
            this.release(mark);
        });
    }

    fn plain_call(&mut self, callee: &Expr, args: &[Item], dst: Option<Reg>, span: Span) {
        let base = self.base(dst, span);
        if is_long(args) {
            self.expr(callee, base);
            self.collect(args, span);
            self.emit(Op::CallSpread { base }, span);
            return self.deliver(base, dst, span);
        }
        let is_steady = args.iter().all(|arg| is_steady(&arg.value));
        let count = args.len() as u8;
        let meaning = match &callee.kind {
            ExprKind::Name(name) => self.meaning(name),
            _ => Meaning::Missing,
        };
        match meaning {
            Meaning::HasMethod => {
                self.arguments(args);
                self.emit(Op::HasMethod { base }, span);
            }
            Meaning::Sorted => self.sorted(base, args, span),
            Meaning::Builtin(id) if is_steady && self.shows_at_a_glance(id, args) => {
                self.glance(base, id, args, span);
            }
            Meaning::Builtin(id) => {
                self.arguments(args);
                self.emit_with(Op::CallNative { base, count }, id as u32, span);
            }
            Meaning::Chunk(chunk) => {
                self.arguments(args);
                self.emit_with(Op::CallChunk { base, count }, chunk, span);
            }
            Meaning::Itself => {
                self.arguments(args);
                self.emit(Op::CallSelf { base, count }, span);
            }
            // Arguments that call something may assign the variable: then the callee is read before them.
            Meaning::Variable { root: Root::Global(slot), is_cell, pending: None, .. }
                if !is_cell || args.iter().all(|arg| is_quiet(&arg.value)) =>
            {
                if !self.is_defined(slot) && !args.iter().all(|arg| self.is_safe(&arg.value)) {
                    self.emit(Op::NeedGlobal { slot }, span);
                }
                self.arguments(args);
                self.emit_with(Op::CallGlobal { base, count }, u32::from(slot), span);
            }
            Meaning::Variable { root: Root::Register(callee), pending: None, .. } if is_steady => {
                self.arguments(args);
                self.emit(Op::CallLocal { base, callee, count }, span);
            }
            _ => {
                self.expr(callee, base);
                self.arguments(args);
                self.emit(Op::Call { base, count }, span);
            }
        }
        self.deliver(base, dst, span);
    }

    /// Whether computing `expr` cannot fail and does nothing that can be seen.
    pub(super) fn is_safe(&mut self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::Lambda(_) => true,
            ExprKind::Name(_) => self.register_of(expr).is_some(),
            _ => false,
        }
    }

    fn arguments(&mut self, args: &[Item]) {
        for arg in args {
            self.value(&arg.value);
        }
    }

    /// The variable and the change of `push(x, e)` and `pop(x)`.
    fn in_place<'e>(&mut self, callee: &Expr, args: &'e [Item]) -> Option<(&'e Name, Action)> {
        let ExprKind::Name(name) = &callee.kind else { return None };
        let action = match (&**name, args.len()) {
            ("push", 2) => Action::Push,
            ("pop", 1) => Action::Pop,
            _ => return None,
        };
        if args.iter().any(|arg| arg.spread) || self.builtin(name).is_none() {
            return None;
        }
        match &args[0].value.kind {
            ExprKind::Name(variable) => Some((variable, action)),
            _ => None,
        }
    }

    fn change_in_place(
        &mut self,
        variable: &Name,
        root: Root,
        action: Action,
        args: &[Item],
        dst: Option<Reg>,
        span: Span,
    ) {
        let base = self.push(span);
        if let Some(arg) = args.get(1) {
            self.expr(&arg.value, base);
        }
        match (root, action) {
            (Root::Register(list), Action::Push) => {
                self.emit(Op::Push { list, value: base }, span);
            }
            _ => {
                let k = self.place(root, variable, Vec::new(), action);
                self.emit(Op::Update { base, k }, span);
            }
        }
        self.changed(variable, action, base, dst, span);
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

    /// The root of a variable that may be assigned.
    fn mutable_root(&mut self, name: &Name, meaning: &Meaning) -> Option<Root> {
        match *meaning {
            Meaning::Variable { root, is_mutable: true, is_cell, .. }
                if is_cell || !matches!(root, Root::Capture(_)) =>
            {
                self.note_capture(name, root);
                Some(root)
            }
            _ => None,
        }
    }

    pub(super) fn place(
        &mut self,
        root: Root,
        name: &Name,
        steps: Vec<Step>,
        action: Action,
    ) -> u16 {
        let place = Place { root, name: name.clone(), steps, action };
        // One without caches may be in several places of the code: a file of data fills an array line by line.
        let is_plain = place.steps.iter().all(|step| matches!(step, Step::Index));
        let places = &self.current().chunk.places;
        if is_plain
            && let Some(back) = places.iter().rev().take(64).position(|known| *known == place)
        {
            return (places.len() - 1 - back) as u16;
        }
        self.numbered("assignments to parts of variables", |chunk| &mut chunk.places, place)
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
        match (&receiver.kind, action) {
            (ExprKind::Name(variable), Some(action)) if args.iter().all(|arg| !arg.spread) => {
                self.for_each_meaning(variable, span, &mut |this, meaning| {
                    let mark = this.mark();
                    match this.mutable_root(variable, &meaning) {
                        Some(root) => {
                            let k = this.place(root, variable, Vec::new(), action);
                            this.method_in_place(receiver, variable, k, name, args, dst, span);
                        }
                        None => this.plain_method(receiver, name, args, dst, span),
                    }
                    this.release(mark);
                });
            }
            _ => self.plain_method(receiver, name, args, dst, span),
        }
    }

    /// Arguments first, then the variable is read, changed and stored as one step.
    fn method_in_place(
        &mut self,
        receiver: &Expr,
        variable: &Name,
        k: u16,
        name: &Ident,
        args: &[Item],
        dst: Option<Reg>,
        span: Span,
    ) {
        let action = self.current().chunk.places[usize::from(k)].action;
        let base = self.push(span);
        let receiver_at = self.push(span);
        self.arguments(args);
        let operand = self.push(span);
        for i in 0..args.len() as u8 {
            self.emit(Op::Copy { dst: operand, src: receiver_at + 1 + i }, span);
        }
        let done = self.emit_test(Op::TryUpdate { base: operand, k }, span);
        self.read_name(variable, receiver_at, receiver.span);
        let site = self.method_site(name, base, span);
        self.emit_with(Op::CallMethod { base, count: args.len() as u8 }, site, span);
        self.deliver(base, dst, span);
        let end = self.jump(span);
        self.land(done);
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
        if let Some(member) = self.member(receiver, &name.name)
            && self.registry.row(member).forms.contains(&Form::Module)
            && !is_long(args)
        {
            self.arguments(args);
            let count = args.len() as u8;
            self.emit_with(Op::CallNative { base, count }, member as u32, span);
            return self.deliver(base, dst, span);
        }
        let is_quiet = args.iter().all(|arg| is_quiet(&arg.value));
        let glanced = self.glance_method(base, receiver, name, args, span);
        let register = self.register_of(receiver).filter(|_| is_quiet && !is_long(args));
        match register {
            Some(_) => self.push(span),
            None => self.value(receiver),
        };
        let site = match &glanced {
            Some((_, site)) => *site,
            None => self.method_site(name, base, span),
        };
        let count = args.len() as u8;
        if !is_quiet {
            self.emit_with(Op::NeedMethod { base }, site, span);
        }
        if is_long(args) {
            self.collect(args, span);
            self.emit_with(Op::MethodSpread { base }, site, span);
        } else if is_quiet {
            self.chosen_arguments(args, register.unwrap_or(base + 1), site);
            let call = match register {
                Some(receiver) => Op::CallMethodOn { base, count, receiver },
                None => Op::CallMethod { base, count },
            };
            self.emit_with(call, site, span);
        } else {
            self.arguments(args);
            self.emit_with(Op::CallMethod { base, count }, site, span);
        }
        self.land_all(glanced.map(|(done, _)| done));
        self.deliver(base, dst, span);
    }

    /// Arguments that only compute, of a method that is chosen before them.
    fn chosen_arguments(&mut self, args: &[Item], receiver: Reg, site: u32) {
        let start = self.current().chunk.code.len() as u32;
        self.arguments(args);
        let end = self.current().chunk.code.len() as u32;
        if !args.iter().all(|arg| self.is_safe(&arg.value)) {
            self.current().chunk.choices.push(Choice { start, end, receiver, site });
        }
    }

    /// The site of a method call. A user's variable that hides a builtin method goes to `base`.
    pub(super) fn method_site(&mut self, name: &Ident, base: Reg, span: Span) -> u32 {
        let builtin = self.registry.method(&name.name);
        let is_known =
            builtin.is_some_and(|id| self.registry.row(id).forms.contains(&Form::Method));
        let meaning = if is_known { self.meaning(&name.name) } else { Meaning::Missing };
        let is_shadowed = matches!(meaning, Meaning::Variable { .. } | Meaning::Itself);
        if is_shadowed {
            self.peek(&name.name, &meaning, base, span);
        }
        self.site(&name.name, builtin, is_shadowed)
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
        self.load(Value::Float(seconds(wait.unit)), unit, span);
        self.call_builtin("wait", base, 2, span);
        self.emit(Op::Move { dst, src: base }, span);
    }

    /// `dst := builtin(args)`, whatever the program calls by that name.
    pub(super) fn call_with(&mut self, builtin: &str, args: &[&Expr], dst: Reg, span: Span) {
        let base = self.base(Some(dst), span);
        for arg in args {
            self.value(arg);
        }
        self.call_builtin(builtin, base, args.len() as u8, span);
        self.deliver(base, Some(dst), span);
    }
}

/// How many seconds a unit has.
pub(super) fn seconds(unit: Unit) -> f64 {
    match unit {
        Unit::Seconds => 1.0,
        Unit::Milliseconds => 0.001,
        Unit::Minutes => 60.0,
        Unit::Hours => 3600.0,
    }
}

/// Whether arguments are collected in an array first.
fn is_long(args: &[Item]) -> bool {
    args.len() > BATCH || args.iter().any(|arg| arg.spread)
}
