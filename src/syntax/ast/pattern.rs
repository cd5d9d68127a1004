//! Patterns of `match` and of destructuring.

use super::Ident;
use super::Name;
use crate::diag::Span;

/// A pattern and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// What it is.
    pub kind: PatternKind,
    /// All of it.
    pub span: Span,
}

/// The forms of a pattern (language-core 6.1).
#[derive(Clone, Debug, PartialEq)]
pub enum PatternKind {
    /// `_`
    Wildcard,
    /// A binding or a variant: which one is decided by what the name means.
    Name(Name),
    /// `Name(p, q)`
    Constructor {
        /// Before the parenthesis.
        name: Ident,
        /// Between the parentheses.
        args: Vec<Pattern>,
    },
    /// `(p, q)`
    Tuple(Vec<Pattern>),
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `1`, `-1`
    Int(i64),
    /// `1.5`, `-1.5`
    Float(f64),
    /// Any string form, never interpolated.
    Str(Name),
    /// `p | q`
    Or(Vec<Pattern>),
}

/// The left side of a destructuring (language-core 6.2).
#[derive(Clone, Debug, PartialEq)]
pub enum Destructure {
    /// `{a, b}`
    Object(Vec<Ident>),
    /// `[a, b, ...rest]`: the plain names and the rest name, wherever it stood.
    Array(Vec<Ident>, Option<Ident>),
    /// `(a, b)`
    Tuple(Vec<Ident>),
}
