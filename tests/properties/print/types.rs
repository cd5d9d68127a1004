//! Types and patterns.

use super::Printer;
use forge::syntax::ast::*;

impl Printer {
    pub(super) fn returns(&mut self, returns: &Option<Type>) {
        if let Some(ty) = returns {
            self.either(" -> ", ": ");
            self.ty(ty);
        }
    }

    pub(super) fn annotation(&mut self, ty: &Option<Type>) {
        if let Some(ty) = ty {
            self.put(": ");
            self.ty(ty);
        }
    }

    pub(super) fn ty(&mut self, ty: &Type) {
        match &ty.kind {
            TypeKind::Named(name, args) => {
                self.put(name);
                if !args.is_empty() {
                    self.list("<", args, ">", Self::ty);
                }
            }
            TypeKind::Array(element) => {
                self.put("[");
                self.ty(element);
                self.put("]");
            }
            TypeKind::Optional(inner) if self.coin() => {
                self.put("?");
                self.inner_ty(inner);
            }
            TypeKind::Optional(inner) => {
                self.inner_ty(inner);
                self.put("?");
            }
            TypeKind::Tuple(parts) => {
                let close = if parts.len() == 1 { ",)" } else { ")" };
                self.list("(", parts, close, Self::ty);
            }
            TypeKind::Function(params, returns) => {
                self.list("fn(", params, ")", Self::ty);
                self.put(" -> ");
                self.ty(returns);
            }
            TypeKind::Union(members) => {
                for (i, member) in members.iter().enumerate() {
                    self.put(if i > 0 { " | " } else { "" });
                    self.inner_ty(member);
                }
            }
        }
    }

    /// A type that does not go on to the right of its last sign.
    pub(super) fn inner_ty(&mut self, ty: &Type) {
        match ty.kind {
            TypeKind::Named(..) | TypeKind::Array(_) | TypeKind::Tuple(_) => self.ty(ty),
            TypeKind::Optional(_) | TypeKind::Function(..) | TypeKind::Union(_) => {
                self.put("(");
                self.ty(ty);
                self.put(")");
            }
        }
    }

    pub(super) fn pattern(&mut self, pattern: &Pattern) {
        match &pattern.kind {
            PatternKind::Wildcard => self.put("_"),
            PatternKind::Name(name) => self.put(name),
            PatternKind::Constructor { name, args } => {
                self.put(&name.name);
                self.list("(", args, ")", Self::pattern);
            }
            PatternKind::Tuple(parts) => {
                let close = if parts.len() == 1 { ",)" } else { ")" };
                self.list("(", parts, close, Self::pattern);
            }
            PatternKind::Null => self.put("null"),
            PatternKind::Bool(value) => self.put(value),
            PatternKind::Int(value) => self.put(value),
            PatternKind::Float(value) => self.put(format_args!("{value:?}")),
            PatternKind::Str(text) => self.string(text),
            PatternKind::Or(alternatives) => {
                for (i, alternative) in alternatives.iter().enumerate() {
                    self.put(if i > 0 { " | " } else { "" });
                    match alternative.kind {
                        PatternKind::Or(_) => {
                            self.list("(", std::slice::from_ref(alternative), ")", Self::pattern);
                        }
                        _ => self.pattern(alternative),
                    }
                }
            }
        }
    }
}
