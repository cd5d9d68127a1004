//! Types as the checker knows them, and how they are printed.

use crate::syntax::ast::Name;
use std::fmt;

/// The type of an expression or of an annotation. Whatever is not certain is `Unknown`, which fits everything.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Type {
    Unknown,
    Null,
    Int,
    Float,
    String,
    Bool,
    Object,
    Array(Box<Type>),
    Option(Box<Type>),
    Result(Box<Type>, Box<Type>),
    /// A struct or an interface.
    Named(Name),
    /// A type parameter of the function whose signature it stands in.
    Parameter(Name),
    Union(Vec<Type>),
    Function(Vec<Type>, Box<Type>),
}

/// Types are not nested deeper than this: a program of a million `let b = [a]` has small types.
const DEEPEST: usize = 16;

impl Type {
    pub(super) fn array(element: Type) -> Type {
        Type::Array(element.boxed())
    }

    pub(super) fn option(content: Type) -> Type {
        Type::Option(content.boxed())
    }

    pub(super) fn result(ok: Type, err: Type) -> Type {
        Type::Result(ok.boxed(), err.boxed())
    }

    /// Any function.
    pub(super) fn function() -> Type {
        Type::Function(Vec::new(), Box::new(Type::Unknown))
    }

    fn boxed(self) -> Box<Type> {
        Box::new(if self.depth() >= DEEPEST { Type::Unknown } else { self })
    }

    fn depth(&self) -> usize {
        let inner = self.parts().map(Type::depth).max();
        1 + inner.unwrap_or(0)
    }

    fn parts(&self) -> impl Iterator<Item = &Type> {
        let (many, one, other): (&[Type], Option<&Type>, Option<&Type>) = match self {
            Type::Array(inner) | Type::Option(inner) => (&[], Some(&**inner), None),
            Type::Result(ok, err) => (&[], Some(&**ok), Some(&**err)),
            Type::Union(members) => (members, None, None),
            Type::Function(params, returns) => (params, Some(&**returns), None),
            _ => (&[], None, None),
        };
        many.iter().chain(one).chain(other)
    }

    pub(super) fn is_unknown(&self) -> bool {
        *self == Type::Unknown
    }

    /// The type of what may be one or the other.
    pub(super) fn join(self, other: Type) -> Type {
        match (self, other) {
            (left, right) if left == right => left,
            (Type::Int, Type::Float) | (Type::Float, Type::Int) => Type::Float,
            _ => Type::Unknown,
        }
    }

    /// The same with each type parameter replaced.
    pub(super) fn replaced(&self, with: &dyn Fn(&Name) -> Type) -> Type {
        let inner = |ty: &Type| ty.replaced(with);
        match self {
            Type::Parameter(name) => with(name),
            Type::Array(element) => Type::array(inner(element)),
            Type::Option(content) => Type::option(inner(content)),
            Type::Result(ok, err) => Type::result(inner(ok), inner(err)),
            Type::Union(members) => Type::Union(members.iter().map(inner).collect()),
            Type::Function(params, returns) => {
                Type::Function(params.iter().map(inner).collect(), Box::new(inner(returns)))
            }
            plain => plain.clone(),
        }
    }

    /// The same where nobody knows what the type parameters stand for.
    pub(super) fn erased(&self) -> Type {
        self.replaced(&|_| Type::Unknown)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Unknown => f.write_str("Unknown"),
            Type::Null => f.write_str("Null"),
            Type::Int => f.write_str("Int"),
            Type::Float => f.write_str("Float"),
            Type::String => f.write_str("String"),
            Type::Bool => f.write_str("Bool"),
            Type::Object => f.write_str("Object"),
            Type::Array(element) => write!(f, "[{element}]"),
            Type::Option(content) => write!(f, "?{content}"),
            Type::Result(ok, err) => write!(f, "Result<{ok}, {err}>"),
            Type::Named(name) | Type::Parameter(name) => f.write_str(name),
            Type::Union(members) => f.write_str(&joined(members, " | ")),
            Type::Function(params, returns) => {
                write!(f, "fn({}) -> {returns}", joined(params, ", "))
            }
        }
    }
}

fn joined(types: &[Type], separator: &str) -> String {
    types.iter().map(Type::to_string).collect::<Vec<_>>().join(separator)
}
