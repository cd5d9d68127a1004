//! The walk itself: every statement and expression, in the order in which the code will stand.

use super::Key;
use super::repeat_variable;
use super::scopes::Use;
use super::scopes::Walker;
use crate::compile::walk;
use crate::syntax::ast::*;

impl Walker<'_> {
    fn block(&mut self, block: &Block) {
        self.open(&block.statements);
        self.statements(&block.statements);
        self.close();
    }

    pub(super) fn statements(&mut self, statements: &[Stmt]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn lambda(&mut self, lambda: &Lambda, itself: Option<(Name, Key)>) {
        self.open_function(itself);
        self.params(&lambda.params);
        // Parameters and body share one scope: a `let` of a parameter's name assigns it anew.
        self.expect(&lambda.body.statements);
        self.statements(&lambda.body.statements);
        self.close_function();
    }

    fn params(&mut self, params: &[Param]) {
        for param in params {
            if let Some(default) = &param.default {
                self.expr(default);
            }
            self.bind(&param.name);
        }
    }

    /// A function without parameters that somebody else calls.
    fn task(&mut self, block: &Block) {
        self.open_function(None);
        self.expect(&block.statements);
        self.statements(&block.statements);
        self.close_function();
    }

    /// A prompt or an agent: a function that names nothing but its parameters.
    fn asking(&mut self, params: &[Param]) {
        self.open_function(None);
        self.params(params);
        self.close_function();
    }

    fn statement(&mut self, statement: &Stmt) {
        match &statement.kind {
            StmtKind::Expr(e) | StmtKind::Yield(e) => self.expr(e),
            StmtKind::Let { value, .. } | StmtKind::Unpack { value, .. } => self.expr(value),
            StmtKind::Assign { target, value, .. } => {
                self.expr(value);
                self.target(target);
            }
            StmtKind::Function(def) => {
                let itself = self.own_variable(&def.name.name);
                self.lambda(&def.lambda, itself);
            }
            StmtKind::Return(value) => value.iter().for_each(|value| self.expr(value)),
            StmtKind::Break | StmtKind::Continue => {}
            StmtKind::Import(import) => self.import(import, statement),
            StmtKind::While { condition, body } => {
                self.expr(condition);
                self.block(body);
            }
            StmtKind::Loop(body) => self.block(body),
            // Its variables are those of the scope around it.
            StmtKind::Shared(block) => {
                for inner in &block.statements {
                    if let StmtKind::Let { value, .. } | StmtKind::Unpack { value, .. } =
                        &inner.kind
                    {
                        self.expr(value);
                    }
                }
            }
            StmtKind::For { name, second, source, body } => {
                self.expr(source);
                self.open(&[]);
                self.bind(name);
                second.iter().for_each(|second| self.bind(second));
                self.block(body);
                self.close();
            }
            StmtKind::Repeat { count, body } => {
                self.expr(count);
                self.open(&[]);
                self.bind(&repeat_variable(count.span));
                self.block(body);
                self.close();
            }
            StmtKind::Struct(def) => {
                def.fields
                    .iter()
                    .filter_map(|field| field.default.as_ref())
                    .for_each(|e| self.expr(e));
            }
            StmtKind::Impl(def) => {
                def.methods.iter().for_each(|method| self.lambda(&method.lambda, None));
                def.power.iter().for_each(|power| self.use_name(&power.name, Use::Read));
            }
            StmtKind::Decorator(decorator) => decorator.args.iter().for_each(|(_, e)| self.expr(e)),
            StmtKind::Check { value, test, .. } => {
                self.expr(value);
                match test {
                    CheckTest::Between(low, high) => {
                        self.expr(low);
                        self.expr(high);
                    }
                    CheckTest::Contains(needle) => self.expr(needle),
                    _ => {}
                }
            }
            StmtKind::Retry { count: head, body }
            | StmtKind::Timeout { amount: head, body, .. } => {
                self.expr(head);
                self.block(body);
            }
            StmtKind::Schedule { amount: head, body, .. }
            | StmtKind::Watch { path: head, body } => {
                self.expr(head);
                self.task(body);
            }
            StmtKind::Grab { url, options, .. } => {
                self.expr(url);
                options.iter().for_each(|options| self.expr(options));
            }
            StmtKind::Prompt(def) => self.asking(&def.params),
            StmtKind::Agent(def) => self.asking(&def.params),
            StmtKind::Type(_) | StmtKind::Interface(_) => {}
        }
        for (name, _) in walk::declared(statement) {
            self.declare(name);
        }
    }

    /// The left side of an assignment: its root variable is assigned.
    fn target(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Name(name) => self.use_name(name, Use::Assign),
            ExprKind::Field { object, .. } => self.target(object),
            ExprKind::Index { object, index } => {
                self.target(object);
                self.expr(index);
            }
            _ => self.expr(target),
        }
    }

    fn items(&mut self, items: &[Item]) {
        items.iter().for_each(|item| self.expr(&item.value));
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_) => {}
            ExprKind::Name(name) => self.use_name(name, Use::Read),
            ExprKind::Interpolation(parts) => {
                for part in parts {
                    if let Part::Expr(e) = part {
                        self.expr(e);
                    }
                }
            }
            ExprKind::Array(items) | ExprKind::Tuple(items) => self.items(items),
            ExprKind::Object(entries) => {
                for entry in entries {
                    match entry {
                        Entry::Field(_, value) | Entry::Spread(value) => self.expr(value),
                        Entry::Computed(key, value) => {
                            self.expr(key);
                            self.expr(value);
                        }
                    }
                }
            }
            ExprKind::Struct { fields, .. } => fields.iter().for_each(|(_, e)| self.expr(e)),
            ExprKind::Block(block) | ExprKind::Safe(block) => self.block(block),
            ExprKind::Squad(block) | ExprKind::Atomic(block) => self.block(block),
            ExprKind::Spawn(block) => self.task(block),
            ExprKind::If(form) => {
                self.expr(&form.condition);
                self.block(&form.then);
                form.otherwise.iter().for_each(|block| self.block(block));
            }
            ExprKind::When(form) => {
                self.expr(&form.subject);
                for arm in &form.arms {
                    arm.test.iter().for_each(|(_, e)| self.expr(e));
                    self.open(std::slice::from_ref(&arm.body));
                    self.statement(&arm.body);
                    self.close();
                }
            }
            ExprKind::Match(form) => {
                self.expr(&form.subject);
                for arm in &form.arms {
                    self.open(&[]);
                    self.pattern(&arm.pattern);
                    arm.guard.iter().for_each(|guard| self.expr(guard));
                    self.block(&arm.body);
                    self.close();
                }
            }
            ExprKind::Try(form) => {
                self.block(&form.body);
                self.open(&[]);
                form.name.iter().for_each(|name| self.bind(name));
                self.block(&form.handler);
                self.close();
                form.cleanup.iter().for_each(|block| self.block(block));
            }
            ExprKind::Lambda(lambda) => self.lambda(lambda, None),
            ExprKind::Unary { operand, .. } => self.expr(operand),
            ExprKind::Binary { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Range { start, end } => {
                self.expr(start);
                self.expr(end);
            }
            ExprKind::Call { callee, args } => {
                self.expr(callee);
                self.items(args);
                if let (ExprKind::Name(name), Some(first)) = (&callee.kind, args.first())
                    && matches!(&**name, "push" | "pop")
                {
                    self.target_if_name(&first.value);
                }
            }
            ExprKind::Method { receiver, name, args } => {
                self.expr(receiver);
                self.use_name(&name.name, Use::Read);
                self.items(args);
                if matches!(&*name.name, "push" | "pop" | "add" | "remove") {
                    self.target_if_name(receiver);
                }
            }
            ExprKind::Field { object, .. } => self.expr(object),
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
                match &**step {
                    QueryStep::Keep { test: Some((_, e)), .. }
                    | QueryStep::Take(e)
                    | QueryStep::Call(e) => {
                        self.expr(e);
                    }
                    QueryStep::Keep { test: None, .. } | QueryStep::Sort(_) => {}
                }
            }
            ExprKind::Output { value, .. } => self.expr(value),
            ExprKind::Wait(wait) => self.expr(&wait.amount),
            ExprKind::Download { url, path } => {
                self.expr(url);
                path.iter().for_each(|path| self.expr(path));
            }
        }
    }

    fn target_if_name(&mut self, expr: &Expr) {
        if let ExprKind::Name(name) = &expr.kind {
            self.use_name(name, Use::Assign);
        }
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match &pattern.kind {
            PatternKind::Name(name) if self.is_variant(name) => self.use_name(name, Use::Read),
            PatternKind::Name(name) => {
                self.bind(&Ident { name: name.clone(), span: pattern.span });
            }
            PatternKind::Constructor { args, .. } | PatternKind::Tuple(args) => {
                args.iter().for_each(|arg| self.pattern(arg));
            }
            // All alternatives bind the same names: the first decides the variable.
            PatternKind::Or(choices) => {
                choices.iter().take(1).for_each(|choice| self.pattern(choice))
            }
            _ => {}
        }
    }
}
