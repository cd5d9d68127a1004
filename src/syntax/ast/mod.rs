//! The tree that the parser makes: plain data, one type per syntax class.

mod expr;
mod pattern;
mod stmt;
mod types;

pub use expr::*;
pub use pattern::*;
pub use stmt::*;
pub use types::*;

use crate::diag::Span;

/// The text of a name or of a plain string.
pub type Name = std::sync::Arc<str>;

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Ident {
    /// Its text.
    pub name: Name,
    /// Where it stands.
    pub span: Span,
}

/// A whole source file.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// Its statements, in order.
    pub statements: Vec<Stmt>,
}

/// `{ ... }` with a scope of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Its statements, in order.
    pub statements: Vec<Stmt>,
    /// From brace to brace.
    pub span: Span,
}
