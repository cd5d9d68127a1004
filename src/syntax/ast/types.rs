//! Type annotations (language-core 2.8): no effect at run time.

use super::Name;
use crate::diag::Span;

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
