//! What declarations say of the names that they declare.

use super::names::Sort;
use super::scopes::About;
use crate::syntax::ast::FunctionDef;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Param;
use crate::syntax::ast::Stmt;
use crate::syntax::ast::StmtKind;
use crate::syntax::declared::Declared;
use crate::syntax::shown;

/// What a statement says of a name that it declares.
pub(super) fn of(statement: &Stmt, name: &Ident, how: Declared, text: &str) -> About {
    match &statement.kind {
        StmtKind::Let { mutable, ty, .. } => {
            let word = if *mutable { "let mut" } else { "let" };
            About::new(
                Sort::Variable,
                format!("{word} {}{}", name.name, shown::annotation(ty.as_ref())),
            )
        }
        StmtKind::Function(def) => function(def, text),
        StmtKind::Struct(def) => About::new(Sort::Struct, format!("struct {}", def.name.name)),
        StmtKind::Interface(def) => {
            About::new(Sort::Interface, format!("interface {}", def.name.name))
        }
        StmtKind::Prompt(def) => {
            asking(shown::call("prompt", &def.name, &def.params, text), &def.params, text)
        }
        StmtKind::Agent(def) => {
            asking(shown::call("agent", &def.name, &def.params, text), &def.params, text)
        }
        StmtKind::Type(def) if how == Declared::Variant => {
            let found = def.variants.iter().find(|it| it.name == *name);
            let shown = found.map_or_else(|| name.name.to_string(), shown::variant);
            let params = found.and_then(|it| it.fields.as_ref()).into_iter().flatten();
            let about = About::new(Sort::Variant, format!("type {} = {shown}", def.name.name));
            About { params: params.map(ToString::to_string).collect(), ..about }
        }
        StmtKind::Type(def) => About::new(Sort::Type, shown::variants(def)),
        // One block, many variables.
        StmtKind::Shared(block) => {
            let inner = block.statements.iter();
            let mut own = inner.filter(|it| crate::syntax::declared::declares(it, &name.name));
            own.next().map_or_else(|| variable(name), |inner| of(inner, name, how, text))
        }
        _ => variable(name),
    }
}

/// A variable of which nothing else is known.
pub(super) fn variable(name: &Ident) -> About {
    About::new(Sort::Variable, format!("let {}", name.name))
}

pub(super) fn function(def: &FunctionDef, text: &str) -> About {
    let about = About::new(Sort::Function, shown::function(def, text));
    About { params: labels(&def.lambda.params, text), ..about }
}

fn asking(detail: String, params: &[Param], text: &str) -> About {
    About { params: labels(params, text), ..About::new(Sort::Agent, detail) }
}

/// The labels of parameters.
pub(super) fn labels(params: &[Param], text: &str) -> Vec<String> {
    params.iter().map(|it| shown::param(it, text)).collect()
}
