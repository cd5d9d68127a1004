//! How declarations are shown: one line each, as they would be written.

use super::names::Sort;
use super::scopes::About;
use crate::syntax::ast::FunctionDef;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Lambda;
use crate::syntax::ast::Param;
use crate::syntax::ast::Stmt;
use crate::syntax::ast::StmtKind;
use crate::syntax::ast::Type;
use crate::syntax::ast::Variant;
use crate::syntax::declared::Declared;

/// What a statement says of a name that it declares.
pub(super) fn of(statement: &Stmt, name: &Ident, how: Declared) -> About {
    match &statement.kind {
        StmtKind::Let { mutable, ty, .. } => {
            let word = if *mutable { "let mut" } else { "let" };
            About::new(Sort::Variable, format!("{word} {}{}", name.name, annotation(ty.as_ref())))
        }
        StmtKind::Function(def) => function(def),
        StmtKind::Struct(def) => About::new(Sort::Struct, format!("struct {}", def.name.name)),
        StmtKind::Interface(def) => {
            About::new(Sort::Interface, format!("interface {}", def.name.name))
        }
        StmtKind::Prompt(def) => calling(Sort::Agent, "prompt", &def.name, &def.params),
        StmtKind::Agent(def) => calling(Sort::Agent, "agent", &def.name, &def.params),
        StmtKind::Type(def) if how == Declared::Variant => {
            let found = def.variants.iter().find(|it| it.name == *name);
            let shown = found.map_or_else(|| name.name.to_string(), variant);
            let params = found.and_then(|it| it.fields.as_ref()).into_iter().flatten();
            let about = About::new(Sort::Variant, format!("type {} = {shown}", def.name.name));
            About { params: params.map(ToString::to_string).collect(), ..about }
        }
        StmtKind::Type(def) => {
            let shown: Vec<String> = def.variants.iter().map(variant).collect();
            About::new(Sort::Type, format!("type {} = {}", def.name.name, shown.join(" | ")))
        }
        // One block, many variables.
        StmtKind::Shared(block) => {
            let inner = block.statements.iter();
            let mut own = inner.filter(|it| crate::syntax::declared::declares(it, &name.name));
            own.next().map_or_else(|| variable(name), |inner| of(inner, name, how))
        }
        _ => variable(name),
    }
}

/// A variable of which nothing else is known.
pub(super) fn variable(name: &Ident) -> About {
    About::new(Sort::Variable, format!("let {}", name.name))
}

pub(super) fn function(def: &FunctionDef) -> About {
    let detail = format!("fn {}{}", def.name.name, signature(&def.lambda));
    let params = def.lambda.params.iter().map(param).collect();
    About { params, ..About::new(Sort::Function, detail) }
}

fn calling(sort: Sort, word: &str, name: &Ident, params: &[Param]) -> About {
    let params: Vec<String> = params.iter().map(param).collect();
    let detail = format!("{word} {}({})", name.name, params.join(", "));
    About { params, ..About::new(sort, detail) }
}

/// `(width, height = 2) -> Int`
pub(super) fn signature(lambda: &Lambda) -> String {
    let params: Vec<String> = lambda.params.iter().map(param).collect();
    let returns = lambda.returns.as_ref().map_or(String::new(), |ty| format!(" -> {ty}"));
    format!("({}){returns}", params.join(", "))
}

/// `height: Int = ...`
pub(super) fn param(param: &Param) -> String {
    let default = if param.default.is_some() { " = …" } else { "" };
    format!("{}{}{default}", param.name.name, annotation(param.ty.as_ref()))
}

pub(super) fn annotation(ty: Option<&Type>) -> String {
    ty.map_or(String::new(), |ty| format!(": {ty}"))
}

fn variant(variant: &Variant) -> String {
    let Some(fields) = &variant.fields else { return variant.name.name.to_string() };
    let fields: Vec<String> = fields.iter().map(ToString::to_string).collect();
    format!("{}({})", variant.name.name, fields.join(", "))
}
