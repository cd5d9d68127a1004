//! What stands at the top level of a file: functions, types with their parts, variables. Outlines and documentation are
//! made of it.

use super::ast::Decorator;
use super::ast::FunctionDef;
use super::ast::Ident;
use super::ast::ImplDef;
use super::ast::Stmt;
use super::ast::StmtKind;
use super::declared::declared;
use super::shown;
use crate::diag::Span;

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// `fn`
    Function,
    /// `struct`
    Struct,
    /// A field of a struct.
    Field,
    /// A method, or what an interface asks for.
    Method,
    /// `type`
    Type,
    /// One of its variants.
    Variant,
    /// `interface`
    Interface,
    /// `impl`: methods for a type.
    Impl,
    /// `prompt`
    Prompt,
    /// `agent`
    Agent,
    /// `let`, `set` and whatever else declares variables.
    Variable,
}

/// Something that has a name.
#[derive(Clone, Debug)]
pub struct Item<'t> {
    /// What it is.
    pub sort: Sort,
    /// Its name; that of the type for methods of one.
    pub name: &'t Ident,
    /// All of the statement or part, decorators included.
    pub span: Span,
    /// How it is declared, in one line.
    pub signature: String,
    /// The function, if it is one.
    pub function: Option<&'t FunctionDef>,
    /// The interface that methods for a type are given for.
    pub power: Option<&'t Ident>,
    /// Fields, variants, methods; functions in a function.
    pub parts: Vec<Item<'t>>,
}

impl<'t> Item<'t> {
    fn new(sort: Sort, name: &'t Ident, span: Span, signature: String) -> Item<'t> {
        Item { sort, name, span, signature, function: None, power: None, parts: Vec::new() }
    }

    fn with(self, parts: Vec<Item<'t>>) -> Item<'t> {
        Item { parts, ..self }
    }

    /// In source order.
    pub fn decorators(&self) -> &'t [Decorator] {
        self.function.map_or(&[], |def| &def.decorators)
    }
}

/// The items that statements declare; `text` is what the statements were read from.
pub fn items<'t>(statements: &'t [Stmt], text: &str) -> Vec<Item<'t>> {
    statements.iter().flat_map(|statement| of(statement, text)).collect()
}

fn of<'t>(statement: &'t Stmt, text: &str) -> Vec<Item<'t>> {
    let whole = statement.span;
    let one = |sort, name, signature| Item::new(sort, name, whole, signature);
    match &statement.kind {
        StmtKind::Function(def) => vec![function(def, whole, text)],
        StmtKind::Struct(def) => {
            let fields = def
                .fields
                .iter()
                .map(|it| Item::new(Sort::Field, &it.name, it.name.span, shown::field(it, text)));
            let own = one(Sort::Struct, &def.name, format!("struct {}", def.name.name));
            vec![own.with(fields.collect())]
        }
        StmtKind::Type(def) => {
            let variants = def
                .variants
                .iter()
                .map(|it| Item::new(Sort::Variant, &it.name, it.name.span, shown::variant(it)));
            vec![one(Sort::Type, &def.name, shown::variants(def)).with(variants.collect())]
        }
        StmtKind::Interface(def) => {
            let methods = def.methods.iter().map(|it| {
                let returns = shown::returns(it.returns.as_ref());
                let signature = shown::call("fn", &it.name, &it.params, text) + &returns;
                Item::new(Sort::Method, &it.name, it.name.span, signature)
            });
            let own = one(Sort::Interface, &def.name, format!("interface {}", def.name.name));
            vec![own.with(methods.collect())]
        }
        StmtKind::Impl(def) => vec![methods(def, whole, text)],
        StmtKind::Prompt(def) => {
            vec![one(Sort::Prompt, &def.name, shown::call("prompt", &def.name, &def.params, text))]
        }
        StmtKind::Agent(def) => {
            vec![one(Sort::Agent, &def.name, shown::call("agent", &def.name, &def.params, text))]
        }
        StmtKind::Shared(block) => items(&block.statements, text),
        StmtKind::Let { name, mutable, ty, .. } => {
            let word = if *mutable { "let mut" } else { "let" };
            let signature = format!("{word} {}{}", name.name, shown::annotation(ty.as_ref()));
            vec![one(Sort::Variable, name, signature)]
        }
        _ => {
            let names = declared(statement).into_iter().map(|(name, _)| name);
            names.map(|name| one(Sort::Variable, name, format!("let {}", name.name))).collect()
        }
    }
}

fn function<'t>(def: &'t FunctionDef, whole: Span, text: &str) -> Item<'t> {
    let own = Item::new(Sort::Function, &def.name, whole, shown::function(def, text));
    let inner = def.lambda.body.statements.iter();
    let inner = inner.filter(|it| matches!(it.kind, StmtKind::Function(_)));
    let inner = inner.flat_map(|it| of(it, text)).collect();
    Item { function: Some(def), ..own }.with(inner)
}

fn methods<'t>(def: &'t ImplDef, whole: Span, text: &str) -> Item<'t> {
    let signature = match &def.power {
        Some(power) => format!("impl {} for {}", power.name, def.target.name),
        None => format!("impl {}", def.target.name),
    };
    let method = |method: &'t FunctionDef| {
        let whole = method.name.span.to(method.lambda.body.span);
        Item { sort: Sort::Method, ..function(method, whole, text) }.with(Vec::new())
    };
    let own = Item::new(Sort::Impl, &def.target, whole, signature);
    Item { power: def.power.as_ref(), ..own }.with(def.methods.iter().map(method).collect())
}
