//! The walk itself: every statement and expression, in the order in which the code will stand.

use super::Key;
use super::repeat_variable;
use super::scopes::Use;
use super::scopes::Walker;
use crate::compile::walk;
use crate::diag::Span;
use crate::syntax::ast::*;
use crate::syntax::visit;
use crate::syntax::visit::Visitor;

impl Visitor for Walker<'_> {
    fn statement(&mut self, statement: &Stmt) {
        match &statement.kind {
            StmtKind::Assign { target, value, .. } => {
                self.expr(value);
                self.target(target);
            }
            StmtKind::Function(def) => {
                let itself = self.own_variable(&def.name.name);
                self.function_body(&def.lambda, itself);
            }
            StmtKind::Import(import) => self.import(import, statement),
            StmtKind::Repeat { count, body } => {
                self.expr(count);
                self.within(statement.span, &[], |walker| {
                    walker.bind(&repeat_variable(count.span));
                    walker.block(body);
                });
            }
            StmtKind::Struct(def) => {
                let defaults = def.fields.iter().filter_map(|field| field.default.as_ref());
                defaults.for_each(|e| self.expr(e));
            }
            StmtKind::Impl(def) => {
                def.methods.iter().for_each(|method| self.function_body(&method.lambda, None));
                def.power.iter().for_each(|power| self.use_name(&power.name, Use::Read));
            }
            StmtKind::Prompt(PromptDef { params, .. })
            | StmtKind::Agent(AgentDef { params, .. }) => self.asking(params),
            _ => visit::statement(self, statement),
        }
        for (name, _) in walk::declared(statement) {
            self.declare(name);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Name(name) => self.use_name(name, Use::Read),
            ExprKind::Call { callee, args } => {
                visit::expr(self, expr);
                if let (ExprKind::Name(name), Some(first)) = (&callee.kind, args.first())
                    && matches!(&**name, "push" | "pop")
                {
                    self.target_if_name(&first.value);
                }
            }
            ExprKind::Method { receiver, name, args } => {
                self.expr(receiver);
                self.use_name(&name.name, Use::Read);
                visit::items(self, args);
                if matches!(&*name.name, "push" | "pop" | "add" | "remove") {
                    self.target_if_name(receiver);
                }
            }
            _ => visit::expr(self, expr),
        }
    }

    fn block(&mut self, block: &Block) {
        self.open(&block.statements);
        self.statements(&block.statements);
        self.close();
    }

    /// A function without parameters that somebody else calls.
    fn task(&mut self, block: &Block) {
        self.open_function(None);
        self.expect(&block.statements);
        self.statements(&block.statements);
        self.close_function();
    }

    fn lambda(&mut self, lambda: &Lambda, _: Span) {
        self.function_body(lambda, None);
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

    fn local(&mut self, name: &Ident) {
        self.bind(name);
    }

    fn within(&mut self, _: Span, statements: &[Stmt], inner: impl FnOnce(&mut Self)) {
        self.open(statements);
        inner(self);
        self.close();
    }
}

impl Walker<'_> {
    pub(super) fn statements(&mut self, statements: &[Stmt]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn function_body(&mut self, lambda: &Lambda, itself: Option<(Name, Key)>) {
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

    /// A prompt or an agent: a function that names nothing but its parameters.
    fn asking(&mut self, params: &[Param]) {
        self.open_function(None);
        self.params(params);
        self.close_function();
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

    fn target_if_name(&mut self, expr: &Expr) {
        if let ExprKind::Name(name) = &expr.kind {
            self.use_name(name, Use::Assign);
        }
    }
}
