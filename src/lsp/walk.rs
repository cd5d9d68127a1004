//! The walk through the statements of a file, which finds all its names.

use super::about;
use super::names::Names;
use super::names::Part;
use super::names::Sort;
use super::scopes::About;
use super::scopes::Runs;
use super::scopes::Walker;
use crate::diag::SourceId;
use crate::diag::Span;
use crate::syntax::ast::*;
use crate::syntax::shown;

/// The names of a file with this text.
pub(super) fn names(tree: &Program, text: &str) -> Names {
    let mut walker = Walker::of(text);
    walker.open(Runs::Here, Span::new(SourceId(0), 0, text.len() as u32));
    walker.expect(&tree.statements);
    walker.statements(&tree.statements);
    walker.close();
    walker.names
}

impl Walker<'_> {
    fn statements(&mut self, statements: &[Stmt]) {
        statements.iter().for_each(|statement| self.statement(statement));
    }

    pub(super) fn block(&mut self, block: &Block) {
        self.scoped(Runs::Here, block);
    }

    pub(super) fn scoped(&mut self, runs: Runs, block: &Block) {
        self.open(runs, block.span);
        self.expect(&block.statements);
        self.statements(&block.statements);
        self.close();
    }

    pub(super) fn lambda(&mut self, lambda: &Lambda, range: Span) {
        self.open(Runs::Later, range);
        self.params(&lambda.params);
        lambda.returns.iter().for_each(|ty| self.annotation(ty));
        self.expect(&lambda.body.statements);
        self.statements(&lambda.body.statements);
        self.close();
    }

    fn params(&mut self, params: &[Param]) {
        for param in params {
            param.default.iter().for_each(|it| self.expr(it));
            param.ty.iter().for_each(|ty| self.annotation(ty));
            self.bind(&param.name, About::new(Sort::Parameter, shown::param(param, self.text)));
        }
    }

    /// The names of an annotation stand at its beginning, as far as they are plain.
    fn annotation(&mut self, ty: &Type) {
        match &ty.kind {
            TypeKind::Named(name, args) => {
                let end = ty.span.start + name.len() as u32;
                self.use_type(name, Span::new(ty.span.source, ty.span.start, end));
                args.iter().for_each(|it| self.annotation(it));
            }
            TypeKind::Array(inner) | TypeKind::Optional(inner) => self.annotation(inner),
            TypeKind::Tuple(parts) | TypeKind::Union(parts) => {
                parts.iter().for_each(|it| self.annotation(it));
            }
            TypeKind::Function(params, returns) => {
                params.iter().for_each(|it| self.annotation(it));
                self.annotation(returns);
            }
        }
    }

    fn variable(&mut self, name: &Ident) {
        self.bind(name, about::variable(name));
    }

    fn decorators(&mut self, decorators: &[Decorator]) {
        decorators.iter().flat_map(|it| &it.args).for_each(|(_, value)| self.expr(value));
    }

    pub(super) fn statement(&mut self, statement: &Stmt) {
        let whole = statement.span;
        match &statement.kind {
            StmtKind::Expr(e) | StmtKind::Yield(e) => self.expr(e),
            StmtKind::Let { ty, value, .. } => {
                ty.iter().for_each(|ty| self.annotation(ty));
                self.expr(value);
            }
            StmtKind::Unpack { value, .. } => self.expr(value),
            StmtKind::Assign { target, value, .. } => {
                self.expr(value);
                self.expr(target);
            }
            StmtKind::Function(def) => {
                self.decorators(&def.decorators);
                self.lambda(&def.lambda, whole);
            }
            StmtKind::Return(value) => value.iter().for_each(|value| self.expr(value)),
            StmtKind::Break | StmtKind::Continue | StmtKind::Import(_) => {}
            StmtKind::While { condition: head, body }
            | StmtKind::Repeat { count: head, body }
            | StmtKind::Retry { count: head, body }
            | StmtKind::Timeout { amount: head, body, .. } => {
                self.expr(head);
                self.block(body);
            }
            StmtKind::Loop(body) => self.block(body),
            StmtKind::Shared(block) => {
                block.statements.iter().for_each(|inner| self.shared(inner));
            }
            StmtKind::For { name, second, source, body } => {
                self.expr(source);
                self.open(Runs::Here, whole);
                self.variable(name);
                second.iter().for_each(|second| self.variable(second));
                self.block(body);
                self.close();
            }
            StmtKind::Struct(def) => self.fields(def),
            StmtKind::Interface(def) => def.methods.iter().for_each(|it| {
                let detail = shown::call("fn", &it.name, &it.params, self.text);
                let params = about::labels(&it.params, self.text);
                self.part(&def.name, &it.name, detail, Some(params));
            }),
            StmtKind::Type(def) => {
                let fields = def.variants.iter().filter_map(|it| it.fields.as_ref());
                fields.flatten().for_each(|ty| self.annotation(ty));
            }
            StmtKind::Impl(def) => {
                self.use_type(&def.target.name, def.target.span);
                def.power.iter().for_each(|power| self.use_type(&power.name, power.span));
                def.methods.iter().for_each(|method| self.method(&def.target, method));
            }
            StmtKind::Decorator(one) => self.decorators(std::slice::from_ref(one)),
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
            StmtKind::Schedule { amount: head, body, .. }
            | StmtKind::Watch { path: head, body } => {
                self.expr(head);
                self.scoped(Runs::Later, body);
            }
            StmtKind::Grab { url, options, .. } => {
                self.expr(url);
                options.iter().for_each(|options| self.expr(options));
            }
            StmtKind::Prompt(PromptDef { params, .. })
            | StmtKind::Agent(AgentDef { params, .. }) => {
                self.open(Runs::Later, whole);
                self.params(params);
                self.close();
            }
        }
        self.pass(statement);
        if let StmtKind::Let { value, .. } = &statement.kind {
            self.keys(value);
        }
    }

    /// The variable that has just been declared begins as this value.
    fn keys(&mut self, value: &Expr) {
        let (ExprKind::Object(entries), Some(last)) = (&value.kind, self.names.uses.last()) else {
            return;
        };
        let keys = entries.iter().filter_map(|entry| match entry {
            Entry::Field(key, _) => Some(key.name.clone()),
            _ => None,
        });
        self.names.keys.insert(last.symbol, keys.collect());
    }

    /// A variable of a `shared` block is one of the scope around it, which declares it with the block.
    fn shared(&mut self, inner: &Stmt) {
        if let StmtKind::Let { value, .. } | StmtKind::Unpack { value, .. } = &inner.kind {
            self.expr(value);
        }
    }

    fn fields(&mut self, def: &StructDef) {
        for field in &def.fields {
            field.ty.iter().for_each(|ty| self.annotation(ty));
            field.default.iter().for_each(|it| self.expr(it));
            let detail = format!("{}{}", field.name.name, shown::annotation(field.ty.as_ref()));
            self.part(&def.name, &field.name, detail, None);
        }
    }

    fn method(&mut self, target: &Ident, method: &FunctionDef) {
        let about = about::function(method, self.text);
        self.part(target, &method.name, about.detail, Some(about.params));
        let range = method.name.span.to(method.lambda.body.span);
        self.lambda(&method.lambda, range);
    }

    fn part(&mut self, of: &Ident, name: &Ident, detail: String, params: Option<Vec<String>>) {
        let is_method = params.is_some();
        let mut params = params.unwrap_or_default();
        if params.first().is_some_and(|first| first == "self") {
            params.remove(0);
        }
        let (of, span, name) = (of.name.clone(), name.span, name.name.clone());
        self.names.parts.push(Part { of, name, span, detail, params, is_method });
    }

    pub(super) fn pattern(&mut self, pattern: &Pattern) {
        match &pattern.kind {
            PatternKind::Name(name) if self.is_variant(name) => self.use_name(name, pattern.span),
            PatternKind::Name(name) => {
                self.variable(&Ident { name: name.clone(), span: pattern.span });
            }
            PatternKind::Constructor { name, args } => {
                self.use_type(&name.name, name.span);
                args.iter().for_each(|arg| self.pattern(arg));
            }
            // All alternatives bind the same names.
            PatternKind::Tuple(parts) | PatternKind::Or(parts) => {
                parts.iter().for_each(|part| self.pattern(part));
            }
            _ => {}
        }
    }
}
