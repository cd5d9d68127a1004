//! What a named function takes and gives, and what its type parameters stand for in a call.

use super::Checker;
use super::facts::Key;
use super::facts::key;
use super::interfaces::params_without_self;
use super::tables::Method;
use super::types::Type;
use crate::diag::Span;
use crate::syntax::ast;
use crate::syntax::ast::ExprKind;
use crate::syntax::ast::FunctionDef;
use crate::syntax::ast::Name;
use crate::syntax::ast::Param;
use foldhash::HashMap;

/// A function that is called by its name.
pub(super) struct Signature {
    pub(super) params: Vec<Type>,
    /// How many arguments must be there.
    pub(super) required: usize,
    /// The annotation of its result.
    pub(super) returns: Option<Type>,
    /// Where its name stands.
    pub(super) span: Span,
}

impl Signature {
    pub(super) fn key(&self) -> Key {
        key(self.span)
    }
}

impl Checker<'_> {
    pub(super) fn signature(&self, def: &FunctionDef) -> Signature {
        let mut generics = self.generics.clone();
        generics.extend(def.generics.iter().map(|generic| generic.name.clone()));
        let read = |ty: &ast::Type| self.tables.read(ty, &generics);
        let params = &def.lambda.params;
        let param = |param: &Param| match param.ty.as_ref().map(read) {
            Some(ty) if is_null(param) => Type::option(ty),
            ty => ty.unwrap_or(Type::Unknown),
        };
        Signature {
            params: params.iter().map(param).collect(),
            required: params.iter().filter(|param| param.default.is_none()).count(),
            returns: def.lambda.returns.as_ref().map(read),
            span: def.name.span,
        }
    }

    /// What a function is as a method.
    pub(super) fn method(&self, def: &FunctionDef) -> Method {
        let annotated = self.signature(def).returns.map(|returns| returns.erased());
        Method {
            params: params_without_self(&def.lambda.params),
            returns: annotated.unwrap_or_else(|| self.facts.returns(key(def.name.span))),
        }
    }
}

/// Whether a parameter is `null` when nothing is passed: then `null` can be passed too.
pub(super) fn is_null(param: &Param) -> bool {
    matches!(&param.default, Some(default) if default.kind == ExprKind::Null)
}

/// What type parameters stand for: the first binding wins.
#[derive(Default)]
pub(super) struct Bindings(HashMap<Name, Type>);

impl Bindings {
    /// Learns from an argument.
    pub(super) fn learn(&mut self, param: &Type, argument: &Type) {
        match (param, argument) {
            // What says nothing, or only that there is nothing, binds nothing.
            (_, Type::Unknown | Type::Null) => {}
            (Type::Parameter(name), argument) => {
                self.0.entry(name.clone()).or_insert_with(|| argument.clone());
            }
            (Type::Array(param), Type::Array(argument))
            | (Type::Option(param), Type::Option(argument)) => self.learn(param, argument),
            (Type::Option(param), argument) => self.learn(param, argument),
            (Type::Result(ok, err), Type::Result(actual_ok, actual_err)) => {
                self.learn(ok, actual_ok);
                self.learn(err, actual_err);
            }
            _ => {}
        }
    }

    /// The type with what is known put in.
    pub(super) fn apply(&self, ty: &Type) -> Type {
        ty.replaced(&|name| self.0.get(name).cloned().unwrap_or(Type::Unknown))
    }
}
