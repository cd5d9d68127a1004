//! The walk through expressions.

use super::about;
use super::scopes::Runs;
use super::scopes::Walker;
use crate::syntax::ast::*;

impl Walker<'_> {
    fn items(&mut self, items: &[Item]) {
        items.iter().for_each(|item| self.expr(&item.value));
    }

    /// A field whose key is its value is written once.
    fn field(&mut self, key: &Ident, value: &Expr) {
        self.expr(value);
        if key.span == value.span {
            self.is_shorthand();
        }
    }

    pub(super) fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_) => {}
            ExprKind::Name(name) => self.use_name(name, expr.span),
            ExprKind::Interpolation(parts) => {
                for part in parts {
                    if let Part::Expr(e) = part {
                        self.expr(e);
                    }
                }
            }
            ExprKind::Array(items) | ExprKind::Tuple(items) => self.items(items),
            ExprKind::Object(entries) => entries.iter().for_each(|entry| match entry {
                Entry::Field(key, value) => self.field(key, value),
                Entry::Spread(value) => self.expr(value),
                Entry::Computed(key, value) => {
                    self.expr(key);
                    self.expr(value);
                }
            }),
            ExprKind::Struct { name, fields } => {
                self.use_type(&name.name, name.span);
                for (key, value) in fields {
                    self.use_member(None, key);
                    self.field(key, value);
                }
            }
            ExprKind::Block(block)
            | ExprKind::Safe(block)
            | ExprKind::Squad(block)
            | ExprKind::Atomic(block) => self.block(block),
            ExprKind::Spawn(block) => self.scoped(Runs::Later, block),
            ExprKind::If(form) => {
                self.expr(&form.condition);
                self.block(&form.then);
                form.otherwise.iter().for_each(|block| self.block(block));
            }
            ExprKind::When(form) => self.when(form),
            ExprKind::Match(form) => self.matching(form),
            ExprKind::Try(form) => self.trying(form),
            ExprKind::Lambda(lambda) => self.lambda(lambda, expr.span),
            ExprKind::Unary { operand, .. } => self.expr(operand),
            ExprKind::Binary { left, right, .. } | ExprKind::Range { start: left, end: right } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Call { callee, args } => {
                self.expr(callee);
                self.items(args);
            }
            ExprKind::Method { receiver, name, args } => {
                self.member(receiver, name);
                self.items(args);
            }
            ExprKind::Field { object, name } => self.member(object, name),
            ExprKind::Index { object, index } => {
                self.expr(object);
                self.expr(index);
            }
            ExprKind::Propagate(e) | ExprKind::Crawl(e) => self.expr(e),
            ExprKind::Pipe { value, step } => {
                self.expr(value);
                self.expr(step);
            }
            ExprKind::Where { source, value, .. } => {
                self.expr(source);
                self.expr(value);
            }
            ExprKind::Query { source, step } => {
                self.expr(source);
                self.step(step);
            }
            ExprKind::Output { value, .. } => self.expr(value),
            ExprKind::Wait(wait) => self.expr(&wait.amount),
            ExprKind::Download { url, path } => {
                self.expr(url);
                path.iter().for_each(|path| self.expr(path));
            }
        }
    }

    fn member(&mut self, object: &Expr, name: &Ident) {
        self.expr(object);
        let of = match &object.kind {
            ExprKind::Name(of) => Some(of),
            _ => None,
        };
        self.use_member(of, name);
    }

    fn step(&mut self, step: &QueryStep) {
        match step {
            QueryStep::Keep { test: Some((_, e)), .. }
            | QueryStep::Take(e)
            | QueryStep::Call(e) => self.expr(e),
            QueryStep::Keep { test: None, .. } | QueryStep::Sort(_) => {}
        }
    }

    fn when(&mut self, form: &When) {
        self.expr(&form.subject);
        for arm in &form.arms {
            arm.test.iter().for_each(|(_, e)| self.expr(e));
            self.open(Runs::Here, arm.body.span);
            self.expect(std::slice::from_ref(&arm.body));
            self.statement(&arm.body);
            self.close();
        }
    }

    fn matching(&mut self, form: &Match) {
        self.expr(&form.subject);
        for arm in &form.arms {
            self.open(Runs::Here, arm.pattern.span.to(arm.body.span));
            self.pattern(&arm.pattern);
            arm.guard.iter().for_each(|guard| self.expr(guard));
            self.block(&arm.body);
            self.close();
        }
    }

    fn trying(&mut self, form: &Try) {
        self.block(&form.body);
        let start = form.name.as_ref().map_or(form.handler.span, |name| name.span);
        self.open(Runs::Here, start.to(form.handler.span));
        form.name.iter().for_each(|name| self.bind(name, about::variable(name)));
        self.block(&form.handler);
        self.close();
        form.cleanup.iter().for_each(|block| self.block(block));
    }
}
