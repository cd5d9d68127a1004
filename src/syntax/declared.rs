//! The names that statements declare in the scope they stand in.

use super::ast::Destructure;
use super::ast::Ident;
use super::ast::Stmt;
use super::ast::StmtKind;

/// What a name is declared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// `let`, `set`, `grab`
    Immutable,
    /// `let mut`, functions, types, destructured names.
    Mutable,
    /// A variant of an algebraic type.
    Variant,
}

/// All names that `statement` declares in its scope, in order. What an import binds is no variable of that scope.
pub fn declared(statement: &Stmt) -> Vec<(&Ident, Declared)> {
    use Declared::*;
    match &statement.kind {
        StmtKind::Let { name, mutable, .. } => {
            vec![(name, if *mutable { Mutable } else { Immutable })]
        }
        StmtKind::Shared(block) => block.statements.iter().flat_map(declared).collect(),
        StmtKind::Grab { name, .. } => vec![(name, Immutable)],
        StmtKind::Unpack { target, .. } => {
            targets(target).into_iter().map(|name| (name, Mutable)).collect()
        }
        StmtKind::Function(def) => vec![(&def.name, Mutable)],
        StmtKind::Struct(def) => vec![(&def.name, Mutable)],
        StmtKind::Interface(def) => vec![(&def.name, Mutable)],
        StmtKind::Prompt(def) => vec![(&def.name, Mutable)],
        StmtKind::Agent(def) => vec![(&def.name, Mutable)],
        StmtKind::Type(def) => {
            let variants = def
                .variants
                .iter()
                .filter(|variant| !is_reference(variant))
                .map(|variant| (&variant.name, Variant));
            let mut names: Vec<_> = variants.collect();
            if !names.is_empty() && names.iter().all(|(name, _)| name.name != def.name.name) {
                names.insert(0, (&def.name, Mutable));
            }
            names
        }
        _ => Vec::new(),
    }
}

/// Whether `statement` declares `name` in its scope.
pub fn declares(statement: &Stmt, name: &str) -> bool {
    declared(statement).iter().any(|(declared, _)| *declared.name == *name)
}

/// The names of a destructuring, in the order of their registers.
pub fn targets(target: &Destructure) -> Vec<&Ident> {
    match target {
        Destructure::Object(names) | Destructure::Tuple(names) => names.iter().collect(),
        Destructure::Array(names, rest) => names.iter().chain(rest).collect(),
    }
}

/// Whether a variant only refers to a primitive type: `type Id = Int | String`.
pub fn is_reference(variant: &super::ast::Variant) -> bool {
    const PRIMITIVES: &[&str] = &[
        "int", "integer", "i64", "float", "f64", "number", "string", "str", "bool", "boolean",
        "null", "void", "object", "json",
    ];
    variant.fields.is_none() && PRIMITIVES.contains(&variant.name.name.to_lowercase().as_str())
}
