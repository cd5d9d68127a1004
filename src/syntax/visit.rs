//! The walk through statements and expressions, in the order in which their code stands. What a visitor does not want
//! to know of is read by [`statement`] and [`expr`], which hand all parts to it again.

use super::ast::*;
use crate::diag::Span;

/// Who looks at a program part by part.
pub trait Visitor: Sized {
    /// A statement.
    fn statement(&mut self, one: &Stmt) {
        statement(self, one);
    }

    /// An expression.
    fn expr(&mut self, one: &Expr) {
        expr(self, one);
    }

    /// A block that runs where it stands, in a scope of its own.
    fn block(&mut self, block: &Block);

    /// A block that somebody else calls: that of a task, a `schedule`, a `watch`.
    fn task(&mut self, block: &Block);

    /// A function, which is all of `whole`.
    fn lambda(&mut self, lambda: &Lambda, whole: Span);

    /// A pattern, in the scope of its arm.
    fn pattern(&mut self, pattern: &Pattern);

    /// A name that is declared without a statement: of a loop, of a `catch`.
    fn local(&mut self, name: &Ident);

    /// Does `inner` in a scope, seen in `range`, in which `statements` stand.
    fn within(&mut self, range: Span, statements: &[Stmt], inner: impl FnOnce(&mut Self));
}

/// Hands the parts of a statement to a visitor. Definitions have none that all visitors read alike.
pub fn statement<V: Visitor>(visitor: &mut V, statement: &Stmt) {
    match &statement.kind {
        StmtKind::Expr(e) | StmtKind::Yield(e) => visitor.expr(e),
        StmtKind::Let { value, .. } | StmtKind::Unpack { value, .. } => visitor.expr(value),
        StmtKind::Assign { target, value, .. } => {
            visitor.expr(value);
            visitor.expr(target);
        }
        StmtKind::Return(value) => value.iter().for_each(|value| visitor.expr(value)),
        StmtKind::While { condition: head, body }
        | StmtKind::Repeat { count: head, body }
        | StmtKind::Retry { count: head, body }
        | StmtKind::Timeout { amount: head, body, .. } => {
            visitor.expr(head);
            visitor.block(body);
        }
        StmtKind::Loop(body) => visitor.block(body),
        // Its variables are those of the scope around it, which declares them with the block.
        StmtKind::Shared(block) => {
            for inner in &block.statements {
                if let StmtKind::Let { value, .. } | StmtKind::Unpack { value, .. } = &inner.kind {
                    visitor.expr(value);
                }
            }
        }
        StmtKind::For { name, second, source, body } => {
            visitor.expr(source);
            visitor.within(statement.span, &[], |v| {
                v.local(name);
                second.iter().for_each(|second| v.local(second));
                v.block(body);
            });
        }
        StmtKind::Decorator(decorator) => {
            decorator.args.iter().for_each(|(_, e)| visitor.expr(e));
        }
        StmtKind::Check { value, test, .. } => {
            visitor.expr(value);
            match test {
                CheckTest::Between(low, high) => {
                    visitor.expr(low);
                    visitor.expr(high);
                }
                CheckTest::Contains(needle) => visitor.expr(needle),
                _ => {}
            }
        }
        StmtKind::Schedule { amount: head, body, .. } | StmtKind::Watch { path: head, body } => {
            visitor.expr(head);
            visitor.task(body);
        }
        StmtKind::Grab { url, options, .. } => {
            visitor.expr(url);
            options.iter().for_each(|options| visitor.expr(options));
        }
        StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Import(_)
        | StmtKind::Function(_)
        | StmtKind::Struct(_)
        | StmtKind::Type(_)
        | StmtKind::Interface(_)
        | StmtKind::Impl(_)
        | StmtKind::Prompt(_)
        | StmtKind::Agent(_) => {}
    }
}

/// Hands the parts of an expression to a visitor.
pub fn expr<V: Visitor>(visitor: &mut V, expr: &Expr) {
    match &expr.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Str(_)
        | ExprKind::Name(_) => {}
        ExprKind::Interpolation(parts) => {
            for part in parts {
                if let Part::Expr(e) = part {
                    visitor.expr(e);
                }
            }
        }
        ExprKind::Array(items) | ExprKind::Tuple(items) => self::items(visitor, items),
        ExprKind::Object(entries) => entries.iter().for_each(|entry| match entry {
            Entry::Field(_, value) | Entry::Spread(value) => visitor.expr(value),
            Entry::Computed(key, value) => {
                visitor.expr(key);
                visitor.expr(value);
            }
        }),
        ExprKind::Struct { fields, .. } => fields.iter().for_each(|(_, e)| visitor.expr(e)),
        ExprKind::Block(block)
        | ExprKind::Safe(block)
        | ExprKind::Squad(block)
        | ExprKind::Atomic(block) => visitor.block(block),
        ExprKind::Spawn(block) => visitor.task(block),
        ExprKind::If(form) => {
            visitor.expr(&form.condition);
            visitor.block(&form.then);
            form.otherwise.iter().for_each(|block| visitor.block(block));
        }
        ExprKind::When(form) => when(visitor, form),
        ExprKind::Match(form) => matching(visitor, form),
        ExprKind::Try(form) => trying(visitor, form),
        ExprKind::Lambda(lambda) => visitor.lambda(lambda, expr.span),
        ExprKind::Binary { left: first, right: second, .. }
        | ExprKind::Range { start: first, end: second }
        | ExprKind::Index { object: first, index: second }
        | ExprKind::Pipe { value: first, step: second }
        | ExprKind::Where { source: first, value: second, .. } => {
            visitor.expr(first);
            visitor.expr(second);
        }
        ExprKind::Call { callee: first, args } | ExprKind::Method { receiver: first, args, .. } => {
            visitor.expr(first);
            items(visitor, args);
        }
        ExprKind::Unary { operand: e, .. }
        | ExprKind::Field { object: e, .. }
        | ExprKind::Propagate(e)
        | ExprKind::Crawl(e)
        | ExprKind::Output { value: e, .. } => visitor.expr(e),
        ExprKind::Query { source, step } => {
            visitor.expr(source);
            match &**step {
                QueryStep::Keep { test: Some((_, e)), .. }
                | QueryStep::Take(e)
                | QueryStep::Call(e) => visitor.expr(e),
                QueryStep::Keep { test: None, .. } | QueryStep::Sort(_) => {}
            }
        }
        ExprKind::Wait(wait) => visitor.expr(&wait.amount),
        ExprKind::Download { url, path } => {
            visitor.expr(url);
            path.iter().for_each(|path| visitor.expr(path));
        }
    }
}

/// Hands the elements or arguments to a visitor.
pub fn items<V: Visitor>(visitor: &mut V, items: &[Item]) {
    items.iter().for_each(|item| visitor.expr(&item.value));
}

fn when<V: Visitor>(visitor: &mut V, form: &When) {
    visitor.expr(&form.subject);
    for arm in &form.arms {
        arm.test.iter().for_each(|(_, e)| visitor.expr(e));
        let body = std::slice::from_ref(&arm.body);
        visitor.within(arm.body.span, body, |v| v.statement(&arm.body));
    }
}

fn matching<V: Visitor>(visitor: &mut V, form: &Match) {
    visitor.expr(&form.subject);
    for arm in &form.arms {
        visitor.within(arm.pattern.span.to(arm.body.span), &[], |v| {
            v.pattern(&arm.pattern);
            arm.guard.iter().for_each(|guard| v.expr(guard));
            v.block(&arm.body);
        });
    }
}

fn trying<V: Visitor>(visitor: &mut V, form: &Try) {
    visitor.block(&form.body);
    let start = form.name.as_ref().map_or(form.handler.span, |name| name.span);
    visitor.within(start.to(form.handler.span), &[], |v| {
        form.name.iter().for_each(|name| v.local(name));
        v.block(&form.handler);
    });
    form.cleanup.iter().for_each(|block| visitor.block(block));
}
