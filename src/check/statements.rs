//! Statements in order. The value of a list of statements is that of the last one; there is none when the end is
//! never reached.

use super::Checker;
use super::facts::key;
use super::scopes::Boundary;
use super::scopes::Found;
use super::types::Type;
use crate::diag::Member;
use crate::diag::Span;
use crate::syntax::ast;
use crate::syntax::ast::*;

impl Checker<'_> {
    pub(super) fn block(&mut self, block: &Block) -> Option<Type> {
        self.open(Boundary::None, &block.statements);
        let value = self.statements(&block.statements);
        self.close();
        value
    }

    pub(super) fn statements(&mut self, statements: &[Stmt]) -> Option<Type> {
        let mut value = Some(Type::Null);
        for (i, statement) in statements.iter().enumerate() {
            let own = self.statement(statement);
            // What follows a jump is dead.
            value = value.and(own);
            if let Some(next) = statements.get(i + 1) {
                let is_value = i + 2 == statements.len() && self.scopes.len() > 1;
                self.check_line(statement, next, is_value);
            }
        }
        value
    }

    pub(super) fn statement(&mut self, statement: &Stmt) -> Option<Type> {
        match &statement.kind {
            StmtKind::Expr(value) => return self.tail(value),
            StmtKind::Return(value) => {
                self.return_stmt(value.as_ref());
                return None;
            }
            StmtKind::Break => {
                self.jump("break", statement.span);
                return None;
            }
            StmtKind::Continue => {
                self.jump("continue", statement.span);
                return None;
            }
            StmtKind::Let { name, ty, value, .. } => self.let_stmt(statement, name, ty, value),
            StmtKind::Assign { target, op, value } => self.assign(target, *op, value),
            // The arguments of its decorators are never evaluated.
            StmtKind::Function(def) => {
                for decorator in &def.decorators {
                    self.check_decorator(decorator);
                    self.check_route(decorator, def);
                }
                self.named_function(def);
                self.pass(statement);
            }
            StmtKind::Struct(def) => self.struct_def(statement, def),
            StmtKind::Type(def) => {
                self.type_def(def);
                self.pass(statement);
            }
            StmtKind::Interface(def) => self.interface(statement, def),
            StmtKind::Impl(def) => {
                def.methods.iter().for_each(|method| self.method_def(def, method))
            }
            StmtKind::Unpack { target, value } => {
                self.expr(value);
                self.check_rest(target);
                self.pass(statement);
            }
            StmtKind::Grab { url, options, .. } => {
                self.expr(url);
                options.iter().for_each(|options| self.drop_value(options));
                self.pass(statement);
            }
            StmtKind::Import(_) | StmtKind::Prompt(_) | StmtKind::Agent(_) => self.pass(statement),
            StmtKind::Shared(block) => {
                block.statements.iter().for_each(|inner| drop(self.statement(inner)));
            }
            StmtKind::Decorator(decorator) => {
                self.check_decorator(decorator);
                decorator.args.iter().for_each(|(_, value)| self.drop_value(value));
            }
            StmtKind::Yield(value) => self.drop_value(value),
            StmtKind::Check { value, test, .. } => self.check_stmt(value, test),
            StmtKind::While { condition, body } => self.while_stmt(condition, body),
            StmtKind::Loop(body) => self.again(&[], |c| c.in_loop(body)),
            StmtKind::For { name, second, source, body } => {
                self.expr(source);
                let names: Vec<&Ident> = [name].into_iter().chain(second).collect();
                self.again(&names, |c| c.in_loop(body));
            }
            StmtKind::Repeat { count, body } => {
                self.expr(count);
                let hidden = Ident { name: Name::from("_"), span: count.span };
                self.again(&[&hidden], |c| c.in_loop(body));
            }
            StmtKind::Retry { count: head, body }
            | StmtKind::Timeout { amount: head, body, .. } => {
                self.expr(head);
                self.again(&[], |c| drop(c.block(body)));
            }
            StmtKind::Schedule { amount: head, body, .. }
            | StmtKind::Watch { path: head, body } => {
                self.expr(head);
                self.task(body);
            }
        }
        Some(Type::Null)
    }

    pub(super) fn drop_value(&mut self, value: &Expr) {
        self.expr(value);
    }

    fn let_stmt(&mut self, statement: &Stmt, name: &Ident, ty: &Option<ast::Type>, value: &Expr) {
        let actual = self.expr(value);
        let declared = ty.as_ref().map(|ty| self.annotated(ty));
        if let Some(declared) = &declared
            && !self.fits(declared, value, &actual)
        {
            let text = format!(
                "type mismatch: '{}' declared as {declared} but assigned {actual}",
                name.name
            );
            self.report(self.warning("W0401", text).at(value.span));
        }
        self.pass(statement);
        let is_annotated = declared.is_some();
        let ty = match declared {
            Some(declared) => declared,
            // `null` is what a variable has before it has its value.
            None if actual == Type::Null => Type::Unknown,
            None => actual,
        };
        let narrowed = match (&ty, &value.kind) {
            (Type::Option(_), ExprKind::Null) => Some(Type::Null),
            _ => None,
        };
        let var = self.variable(&name.name);
        (var.ty, var.is_annotated) = (ty.clone(), is_annotated);
        let key = var.key;
        self.facts.learn_type(key, ty);
        if narrowed.is_some() {
            self.narrow_to_assigned(self.scopes.len() - 1, &name.name, &Type::Null);
        }
    }

    fn assign(&mut self, target: &Expr, op: Option<BinaryOp>, value: &Expr) {
        let mut actual = self.expr(value);
        if let Some(op) = op {
            let current = self.place(target);
            actual = self.operator(op, (target, &current), (value, &actual));
        } else if !matches!(target.kind, ExprKind::Name(_)) {
            self.learn_set(target);
            self.owner(target);
        }
        let Some((root, at)) = root(target) else {
            return;
        };
        let scope = self.assigned(root, at);
        if let (Some(scope), ExprKind::Name(_)) = (scope, &target.kind) {
            self.assign_variable(scope, root, value, &actual);
        }
    }

    /// Checks what the last step of an assigned place is a part of: that step is not read.
    fn owner(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Field { object, .. } => drop(self.place(object)),
            _ => drop(self.place(target)),
        }
    }

    /// An object may get a field here: one that nobody knows, if an instance gets what a variable names.
    fn learn_set(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Field { name, .. } => self.facts.learn_set(Some(name.name.clone())),
            ExprKind::Index { object, index } => match &index.kind {
                ExprKind::Str(key) => self.facts.learn_set(Some(key.clone())),
                _ if self.is_reporting => {}
                _ => {
                    if let Type::Named(_) = self.place(object) {
                        self.facts.learn_set(None);
                    }
                }
            },
            _ => {}
        }
    }

    /// The type of an assigned place before; its root is not read.
    fn place(&mut self, target: &Expr) -> Type {
        match &target.kind {
            ExprKind::Name(name) => match self.find(name) {
                Found::Nothing => Type::Unknown,
                _ => self.name(name, target.span),
            },
            ExprKind::Field { object, name } => {
                let ty = self.place(object);
                self.check_member(object, &ty, name, Member::Field);
                Type::Unknown
            }
            ExprKind::Index { object, index } => {
                self.place(object);
                self.expr(index);
                Type::Unknown
            }
            _ => self.expr(target),
        }
    }

    fn assign_variable(&mut self, scope: usize, name: &Name, value: &Expr, actual: &Type) {
        let var = self.found(scope, name);
        let (ty, key, span) = (var.ty.clone(), var.key, var.span);
        let is_annotated = var.is_annotated;
        let fits = self.fits(&ty, value, actual);
        if !fits {
            let text = format!("type mismatch: '{name}' is {ty} but assigned {actual}");
            let found = self.warning("W0401", text).at(value.span);
            self.report(found.related(span, "declared here"));
        }
        let is_whole = !matches!(ty, Type::Option(_)) || matches!(actual, Type::Option(_));
        if !is_annotated && (!fits || actual.is_unknown() || !is_whole) {
            self.facts.learn_blurred(key);
        }
        self.narrow_to_assigned(scope, name, actual);
    }

    fn return_stmt(&mut self, value: Option<&Expr>) {
        let ty = match value {
            None => Type::Null,
            Some(value) => {
                let actual = self.expr(value);
                if let Some(expected) = self.function.expected.clone()
                    && !self.fits(&expected, value, &actual)
                {
                    let text =
                        format!("return type mismatch: expected {expected} but returning {actual}");
                    self.report(self.warning("W0402", text).at(value.span));
                }
                actual
            }
        };
        self.function.returns.push(ty);
    }

    /// Reports a jump without a loop to jump in.
    fn jump(&mut self, word: &str, at: Span) {
        if self.function.loops == 0 {
            self.report(self.warning("E0303", format!("{word} outside of loop")).at(at));
        }
    }

    fn while_stmt(&mut self, condition: &Expr, body: &Block) {
        self.again(&[], |c| {
            c.expr(condition);
            let facts = c.facts_of(condition, true);
            c.narrow(&facts);
            c.in_loop(body);
        });
    }

    fn in_loop(&mut self, body: &Block) {
        self.function.loops += 1;
        self.block(body);
        self.function.loops -= 1;
    }

    fn check_stmt(&mut self, value: &Expr, test: &CheckTest) {
        self.expr(value);
        match test {
            CheckTest::Between(low, high) => {
                self.expr(low);
                self.expr(high);
            }
            CheckTest::Contains(needle) => self.drop_value(needle),
            CheckTest::Truthy
            | CheckTest::Empty
            | CheckTest::True
            | CheckTest::False
            | CheckTest::Null => {}
        }
    }

    /// Reports a rest name before a plain one: it takes what follows all plain names.
    fn check_rest(&mut self, target: &Destructure) {
        if let Destructure::Array(names, Some(rest)) = target
            && names.iter().any(|name| key(name.span) > key(rest.span))
        {
            let found = self.warning("W0903", "the rest name should come last");
            self.report(found.at(rest.span));
        }
    }
}

/// The variable at the root of an assigned place.
fn root(target: &Expr) -> Option<(&Name, Span)> {
    match &target.kind {
        ExprKind::Name(name) => Some((name, target.span)),
        ExprKind::Field { object, .. } | ExprKind::Index { object, .. } => root(object),
        _ => None,
    }
}
