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
use crate::syntax::visit;
use crate::syntax::visit::Visitor;

/// The names of a file with this text.
pub(super) fn names(tree: &Program, text: &str) -> Names {
    let mut walker = Walker::of(text);
    walker.open(Runs::Here, Span::new(SourceId(0), 0, text.len() as u32));
    walker.expect(&tree.statements);
    walker.statements(&tree.statements);
    walker.close();
    walker.names
}

impl Visitor for Walker<'_> {
    fn statement(&mut self, statement: &Stmt) {
        let whole = statement.span;
        match &statement.kind {
            StmtKind::Let { ty, value, .. } => {
                ty.iter().for_each(|ty| self.annotation(ty));
                self.expr(value);
            }
            StmtKind::Function(def) => {
                def.decorators.iter().for_each(|decorator| self.decorator(decorator));
                self.lambda(&def.lambda, whole);
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
            StmtKind::Prompt(PromptDef { params, .. })
            | StmtKind::Agent(AgentDef { params, .. }) => {
                self.open(Runs::Later, whole);
                self.params(params);
                self.close();
            }
            _ => visit::statement(self, statement),
        }
        self.pass(statement);
        if let StmtKind::Let { value, .. } = &statement.kind {
            self.keys(value);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Name(name) => self.use_name(name, expr.span),
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
            ExprKind::Method { receiver, name, args } => {
                self.member(receiver, name);
                visit::items(self, args);
            }
            ExprKind::Field { object, name } => self.member(object, name),
            _ => visit::expr(self, expr),
        }
    }

    fn block(&mut self, block: &Block) {
        self.scoped(Runs::Here, block);
    }

    fn task(&mut self, block: &Block) {
        self.scoped(Runs::Later, block);
    }

    fn lambda(&mut self, lambda: &Lambda, range: Span) {
        self.open(Runs::Later, range);
        self.params(&lambda.params);
        lambda.returns.iter().for_each(|ty| self.annotation(ty));
        self.expect(&lambda.body.statements);
        self.statements(&lambda.body.statements);
        self.close();
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match &pattern.kind {
            PatternKind::Name(name) if self.is_variant(name) => self.use_name(name, pattern.span),
            PatternKind::Name(name) => {
                self.local(&Ident { name: name.clone(), span: pattern.span });
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

    fn local(&mut self, name: &Ident) {
        self.bind(name, about::variable(name));
    }

    fn within(&mut self, range: Span, statements: &[Stmt], inner: impl FnOnce(&mut Self)) {
        self.open(Runs::Here, range);
        self.expect(statements);
        inner(self);
        self.close();
    }
}

impl Walker<'_> {
    fn statements(&mut self, statements: &[Stmt]) {
        statements.iter().for_each(|statement| self.statement(statement));
    }

    fn scoped(&mut self, runs: Runs, block: &Block) {
        self.open(runs, block.span);
        self.expect(&block.statements);
        self.statements(&block.statements);
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

    fn decorator(&mut self, decorator: &Decorator) {
        decorator.args.iter().for_each(|(_, value)| self.expr(value));
    }

    /// A field whose key is its value is written once.
    fn field(&mut self, key: &Ident, value: &Expr) {
        self.expr(value);
        if key.span == value.span {
            self.is_shorthand();
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
}
