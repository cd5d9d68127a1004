//! Assignment: variables, places, and a place assigned from itself.

use super::Compiler;
use super::expr::is_quiet;
use super::expr::operator;
use super::names::Meaning;
use crate::diag::Fault;
use crate::diag::Span;
use crate::program::Action;
use crate::program::BinaryOp;
use crate::program::KEEPS_VALUE;
use crate::program::Op;
use crate::program::Root;
use crate::program::Step;
use crate::syntax::ast;
use crate::syntax::ast::Expr;
use crate::syntax::ast::ExprKind;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Item;
use crate::value::Name;

impl Compiler<'_> {
    /// `target = value`, `target op= value`
    pub(super) fn assign(
        &mut self,
        target: &Expr,
        op: Option<ast::BinaryOp>,
        value: &Expr,
        span: Span,
    ) {
        let op = op.and_then(operator);
        let work = &mut |this: &mut Self, meaning| {
            let mark = this.mark();
            match &target.kind {
                ExprKind::Name(name) => this.assign_name(name, meaning, op, value, target.span),
                ExprKind::Field { .. } | ExprKind::Index { .. } => {
                    this.assign_place(target, meaning, op, value, span)
                }
                _ => {
                    this.value(value);
                    this.fail(Fault::message("invalid assignment target"), target.span);
                }
            }
            this.release(mark);
        };
        match root_of(target) {
            Some(name) => self.for_each_meaning(name, span, work),
            None => work(self, Meaning::Missing),
        }
    }

    fn assign_name(
        &mut self,
        name: &Name,
        meaning: Meaning,
        op: Option<BinaryOp>,
        value: &Expr,
        span: Span,
    ) {
        let (op, value, plain) = match (op, update_of(name, value)) {
            (None, Some((op, right))) => (Some(op), right, value),
            (op, _) => (op, value, value),
        };
        match meaning {
            Meaning::Variable { root, is_mutable: true, .. } => {
                self.note_capture(name, root);
                match op {
                    Some(op) => self.update(root, name, op, value, span),
                    None if self.builtin_update(root, name, value, span) => {}
                    None => self.store(root, value, span),
                }
            }
            Meaning::Variable { .. } | Meaning::Itself => {
                self.value(plain);
                self.immutable(name, &meaning, Fault::AssignUndefined(name.to_string()), span);
            }
            Meaning::Missing if op.is_some() => {
                self.value(value);
                let fault = self.undefined(name);
                self.fail(fault, span);
            }
            _ => {
                self.value(value);
                self.fail(Fault::AssignUndefined(name.to_string()), span);
            }
        }
    }

    /// The failure of changing a variable made without `mut`; `unset` if it has not been made yet.
    fn immutable(&mut self, name: &Name, meaning: &Meaning, unset: Fault, span: Span) {
        let seen = self.push(span);
        self.peek(name, meaning, seen, span);
        let is_set = self.emit_test(Op::TestSet { src: seen }, span);
        self.fail(unset, span);
        self.land(is_set);
        self.fail(Fault::Immutable(name.to_string()), span);
    }

    fn store(&mut self, root: Root, value: &Expr, span: Span) {
        match root {
            Root::Register(reg) => self.expr(value, reg),
            Root::Cell(cell) => {
                let src = self.value(value);
                self.emit(Op::SetCell { cell, src }, span);
            }
            Root::Capture(index) => {
                let src = self.value(value);
                self.emit(Op::SetCapture { index, src }, span);
            }
            Root::Global(slot) => {
                let src = self.value(value);
                self.emit(Op::SetGlobal { src, slot }, span);
            }
        }
    }

    /// `name op= right`: `right` first, then read, apply and store as one step.
    fn update(&mut self, root: Root, name: &Name, op: BinaryOp, right: &Expr, span: Span) {
        match root {
            Root::Register(reg) => self.arithmetic(op, reg, reg, right, span),
            Root::Capture(index) if op == BinaryOp::Add => {
                if let ExprKind::Int(value) = &right.kind
                    && let Ok(value) = i8::try_from(*value)
                {
                    return self.emit(Op::AddCaptureInt { index, value }, span);
                }
                let src = self.operand(right);
                self.emit(Op::AddCapture { index, src }, span);
            }
            _ => {
                let base = self.value(right);
                let k = self.place(root, name, Vec::new(), Action::Apply(op));
                self.emit(Op::Update { base, k }, span);
            }
        }
    }

    /// `x = push(x, e)`, `m = m.set(k, e)`: a builtin that gives back its changed first argument changes the variable.
    fn builtin_update(&mut self, root: Root, name: &Name, value: &Expr, span: Span) -> bool {
        let is_same = |e: &Expr| matches!(&e.kind, ExprKind::Name(other) if other == name);
        let plain = |args: &[Item]| args.len() < 32 && args.iter().all(|arg| !arg.spread);
        let (args, action, method) = match &value.kind {
            ExprKind::Call { callee, args } if plain(args) => {
                let ExprKind::Name(callee) = &callee.kind else { return false };
                let Some((first, rest)) = args.split_first() else { return false };
                let Some(id) = self.builtin(callee).filter(|id| self.gives_back(*id)) else {
                    return false;
                };
                if !is_same(&first.value) {
                    return false;
                }
                let action = match (&**callee, rest.len()) {
                    ("push", 1) => Action::Push,
                    (_, count) => Action::Native { id: id as u32, count: count as u8 },
                };
                (rest, action, None)
            }
            ExprKind::Method { receiver, name: method, args }
                if plain(args) && is_same(receiver) =>
            {
                let Some(action) = self.method_action(method, args) else { return false };
                (&args[..], action, Some(receiver))
            }
            _ => return false,
        };
        let base = self.push(span);
        let mut next = base;
        for (i, arg) in args.iter().enumerate() {
            next = if i == 0 { base } else { self.push(span) };
            self.expr(&arg.value, next);
        }
        if let (Root::Register(list), Action::Push) = (root, action) {
            self.emit(Op::Push { list, value: base }, span);
            return true;
        }
        let k = self.place(root, name, Vec::new(), action);
        if method.is_none() {
            self.emit(Op::Update { base, k }, span);
            return true;
        }
        let done = self.emit_test(Op::TryUpdate { base, k }, span);
        // Something else is in the variable: an ordinary call, with the arguments that are there already.
        let ExprKind::Method { name: method, .. } = &value.kind else {
            unreachable!("only a method is tried");
        };
        debug_assert!(next >= base);
        let call = self.push_many(2 + args.len(), span);
        for i in 0..args.len() as u8 {
            self.emit(Op::Move { dst: call + 2 + i, src: base + i }, span);
        }
        self.read_name(name, call + 1, span);
        let site = self.site(&method.name, self.registry.method(&method.name), false);
        self.emit_with(Op::CallMethod { base: call, count: args.len() as u8 }, site, span);
        match root {
            Root::Register(reg) => self.emit(Op::Move { dst: reg, src: call }, span),
            Root::Cell(cell) => self.emit(Op::SetCell { cell, src: call }, span),
            Root::Capture(index) => self.emit(Op::SetCapture { index, src: call }, span),
            Root::Global(slot) => self.emit(Op::SetGlobal { src: call, slot }, span),
        }
        self.land(done);
        true
    }

    /// `x.f = push(x.f, e)`: the change and its operands.
    fn change_of_place<'e>(
        &mut self,
        target: &Expr,
        value: &'e Expr,
    ) -> Option<(Action, Vec<&'e Expr>)> {
        let ExprKind::Call { callee, args } = &value.kind else { return None };
        let ExprKind::Name(callee) = &callee.kind else { return None };
        let (first, rest) = args.split_first()?;
        if args.len() >= 32
            || args.iter().any(|arg| arg.spread)
            || !is_same_path(target, &first.value)
        {
            return None;
        }
        let id = self.builtin(callee).filter(|id| self.gives_back(*id))?;
        let action = match (&**callee, rest.len()) {
            ("push", 1) => Action::Push,
            (_, count) => Action::Native { id: id as u32, count: count as u8 },
        };
        Some((action, rest.iter().map(|arg| &arg.value).collect()))
    }

    /// The change that the method means for a place that is assigned its result, if it is one.
    fn method_action(&mut self, method: &Ident, args: &[Item]) -> Option<Action> {
        let name = &method.name;
        let meaning = self.meaning(name);
        if matches!(meaning, Meaning::Variable { .. } | Meaning::Itself) || &**name == "pop" {
            return None;
        }
        let row = |kind: &str| {
            let id = self.registry.intrinsic(kind, name)?;
            self.gives_back(id).then_some(id as u32)
        };
        let other = self.registry.method(name).filter(|id| self.gives_back(*id));
        let (map, set, other) = (row("Map"), row("Set"), other.map(|id| id as u32));
        map.or(set).or(other)?;
        Some(Action::Method { map, set, other, count: args.len() as u8 })
    }

    /// `x.f = x.f.set(k, e)`: changes the place where it is, if it holds what the method changes. False when it is no
    /// such assignment.
    fn method_of_place(
        &mut self,
        (target, value): (&Expr, &Expr),
        (root, name): (Root, &Name),
        keys: &[&Expr],
        span: Span,
    ) -> bool {
        let ExprKind::Method { receiver, name: method, args } = &value.kind else { return false };
        let is_plain = args.len() < 32 && args.iter().all(|arg| !arg.spread);
        if !is_plain || !is_same_path(target, receiver) {
            return false;
        }
        let Some(action) = self.method_action(method, args) else { return false };
        let count = args.len();
        let base = self.push_many(keys.len() + count.max(1), span);
        let first = base + keys.len() as u8;
        for (i, arg) in args.iter().enumerate() {
            self.expr(&arg.value, first + i as u8);
        }
        for (i, key) in keys.iter().enumerate() {
            self.expr(key, base + i as u8);
        }
        let k = self.place(root, name, steps_of(target), action);
        let done = self.emit_test(Op::TryUpdate { base, k }, span);
        // Something else is there: an ordinary call, with the arguments that are there already.
        let call = self.push_many(2 + count, span);
        for i in 0..count as u8 {
            self.emit(Op::Move { dst: call + 2 + i, src: first + i }, span);
        }
        self.expr(receiver, call + 1);
        let site = self.site(&method.name, self.registry.method(&method.name), false);
        self.emit_with(Op::CallMethod { base: call, count: count as u8 }, site, span);
        self.emit(Op::Move { dst: first, src: call }, span);
        let k = self.place(root, name, steps_of(target), Action::Set);
        self.emit(Op::Update { base, k }, span);
        self.land(done);
        true
    }

    fn gives_back(&self, id: usize) -> bool {
        self.registry.row(id).gives_back
    }

    /// `x.f[i].g = value`: the value first, then the keys, then one read-modify-write of `x`.
    fn assign_place(
        &mut self,
        target: &Expr,
        meaning: Meaning,
        op: Option<BinaryOp>,
        value: &Expr,
        span: Span,
    ) {
        let mut keys = Vec::new();
        let mut root = target;
        loop {
            root = match &root.kind {
                ExprKind::Field { object, .. } => object,
                ExprKind::Index { object, index } => {
                    keys.push(&**index);
                    object
                }
                _ => break,
            };
        }
        let steps = steps_of(target);
        keys.reverse();
        let (op, value) = match (op, same_place(target, value)) {
            (None, Some((op, right))) => (Some(op), right),
            (op, _) => (op, value),
        };
        let ExprKind::Name(name) = &root.kind else {
            self.value(value);
            let what = match steps.last() {
                Some(Step::Field(..)) => "can only assign to variable fields",
                _ => "can only assign to variable indices",
            };
            return self.fail(Fault::message(what), target.span);
        };
        if let Meaning::Variable { root, is_mutable: true, .. } = meaning
            && op.is_none()
        {
            self.note_capture(name, root);
            if self.method_of_place((target, value), (root, name), &keys, span) {
                return;
            }
        }
        let (action, operands) = match (op, self.change_of_place(target, value)) {
            (None, Some((action, operands))) => (action, operands),
            (op, _) => (op.map_or(Action::Set, Action::Apply), vec![value]),
        };
        if let (
            Meaning::Variable { root: Root::Register(list), is_mutable: true, .. },
            [Step::Index],
            Action::Set,
        ) = (&meaning, &steps[..], action)
        {
            let list = *list;
            // A variable that computing the index cannot change is read where it is.
            let kept = self.register_of(value).filter(|_| is_quiet(keys[0]));
            let value = kept.unwrap_or_else(|| self.value(value));
            let index = self.operand(keys[0]);
            let k = u32::from(self.place(Root::Register(list), name, steps, action));
            let keeps = if kept.is_some() { KEEPS_VALUE } else { 0 };
            return self.emit_with(Op::SetIndex { list, index, value }, k | keeps, span);
        }
        if let (
            Meaning::Variable { root: Root::Register(object), is_mutable: true, .. },
            [Step::Field(..)],
            Action::Set,
        ) = (&meaning, &steps[..], action)
        {
            let object = *object;
            let value = self.value(value);
            let k = self.place(Root::Register(object), name, steps, action);
            return self.emit_with(Op::SetField { object, value }, u32::from(k), span);
        }
        let base = self.push_many(keys.len() + operands.len().max(1), span);
        for (i, operand) in operands.into_iter().enumerate() {
            self.expr(operand, base + (keys.len() + i) as u8);
        }
        for (i, key) in keys.iter().enumerate() {
            self.expr(key, base + i as u8);
        }
        // `x.n += 1` reads `x` before it changes it.
        let undefined = match op {
            Some(_) => self.undefined(name),
            None => Fault::PlaceUndefined(name.to_string()),
        };
        match meaning {
            Meaning::Variable { root, is_mutable: true, .. } => {
                self.note_capture(name, root);
                let k = self.place(root, name, steps, action);
                self.emit(Op::Update { base, k }, span);
            }
            Meaning::Variable { .. } | Meaning::Itself => {
                self.immutable(name, &meaning, undefined, span);
            }
            _ => self.fail(undefined, span),
        }
    }
}

/// The steps of a path.
fn steps_of(target: &Expr) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut part = target;
    loop {
        part = match &part.kind {
            ExprKind::Field { object, name } => {
                steps.push(Step::Field(name.name.clone(), Default::default()));
                object
            }
            ExprKind::Index { object, .. } => {
                steps.push(Step::Index);
                object
            }
            _ => break,
        };
    }
    steps.reverse();
    steps
}

/// The variable at the root of a path.
fn root_of(target: &Expr) -> Option<&Name> {
    match &target.kind {
        ExprKind::Name(name) => Some(name),
        ExprKind::Field { object, .. } | ExprKind::Index { object, .. } => root_of(object),
        _ => None,
    }
}

/// `x = x op e` as `op` and `e`.
fn update_of<'e>(name: &str, value: &'e Expr) -> Option<(BinaryOp, &'e Expr)> {
    match &value.kind {
        ExprKind::Binary { op, left, right } => match (&left.kind, operator(*op)) {
            (ExprKind::Name(left), Some(op)) if &**left == name && is_arithmetic(op) => {
                Some((op, right))
            }
            _ => None,
        },
        _ => None,
    }
}

/// `x.f[i] = x.f[i] op e` as `op` and `e`, when the path reads plain names and literals only.
fn same_place<'e>(target: &Expr, value: &'e Expr) -> Option<(BinaryOp, &'e Expr)> {
    let ExprKind::Binary { op, left, right } = &value.kind else { return None };
    let op = operator(*op).filter(|op| is_arithmetic(*op))?;
    is_same_path(target, left).then_some((op, right))
}

fn is_arithmetic(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Mod)
}

fn is_same_path(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (ExprKind::Name(a), ExprKind::Name(b)) => a == b,
        (ExprKind::Int(a), ExprKind::Int(b)) => a == b,
        (ExprKind::Str(a), ExprKind::Str(b)) => a == b,
        (ExprKind::Field { object: a, name: x }, ExprKind::Field { object: b, name: y }) => {
            x.name == y.name && is_same_path(a, b)
        }
        (ExprKind::Index { object: a, index: x }, ExprKind::Index { object: b, index: y }) => {
            is_same_path(a, b) && is_same_path(x, y)
        }
        _ => false,
    }
}
