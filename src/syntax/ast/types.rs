//! Type annotations (language-core 2.8): no effect at run time.

use super::Name;
use crate::diag::Span;
use std::fmt;

/// A type annotation and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// What it is.
    pub kind: TypeKind,
    /// All of it.
    pub span: Span,
}

/// The forms of a type.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// `Name`, `Name<A, B>`
    Named(Name, Vec<Type>),
    /// `[T]`
    Array(Box<Type>),
    /// `?T`, `T?`
    Optional(Box<Type>),
    /// `(A, B)`
    Tuple(Vec<Type>),
    /// `fn(A) -> B`
    Function(Vec<Type>, Box<Type>),
    /// `A | B`
    Union(Vec<Type>),
}

/// As in the program; parentheses that group are lost.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            TypeKind::Named(name, args) if args.is_empty() => f.write_str(name),
            TypeKind::Named(name, args) => write!(f, "{name}<{}>", List(args, ", ")),
            TypeKind::Array(element) => write!(f, "[{element}]"),
            // The only form with two ways to write it: the place tells which.
            TypeKind::Optional(inner) if inner.span.start == self.span.start => {
                write!(f, "{inner}?")
            }
            TypeKind::Optional(inner) => write!(f, "?{inner}"),
            TypeKind::Tuple(parts) if parts.len() == 1 => write!(f, "({},)", parts[0]),
            TypeKind::Tuple(parts) => write!(f, "({})", List(parts, ", ")),
            TypeKind::Function(params, returns) => {
                write!(f, "fn({}) -> {returns}", List(params, ", "))
            }
            TypeKind::Union(members) => write!(f, "{}", List(members, " | ")),
        }
    }
}

struct List<'a>(&'a [Type], &'static str);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, ty) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(self.1)?;
            }
            write!(f, "{ty}")?;
        }
        Ok(())
    }
}
