//! What a program serves, as its decorators say.

use crate::diag::Span;
use crate::syntax::ast::Decorator;
use crate::syntax::ast::ExprKind;
use crate::syntax::ast::FunctionDef;
use crate::syntax::ast::TypeKind;

/// The server and the routes of a program, in source order.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The first `@server`.
    pub server: Option<ServerPlan>,
    /// One for each route decorator.
    pub routes: Vec<RoutePlan>,
    /// Route decorators that decorate nothing.
    pub loose: Vec<Span>,
}

/// `@server(...)`
#[derive(Clone, Debug)]
pub struct ServerPlan {
    /// The slot that holds its arguments as an object.
    pub slot: usize,
    /// Where it stands.
    pub span: Span,
    /// Its keys and where their values stand; positional ones are `_0`, `_1` ...
    pub keys: Vec<(String, Span)>,
}

/// A route decorator on a function.
#[derive(Clone, Debug)]
pub struct RoutePlan {
    /// `GET` ...
    pub method: &'static str,
    /// `/users/:id`
    pub pattern: String,
    /// The slot that holds the function.
    pub slot: usize,
    /// The function's name.
    pub handler: String,
    /// The function's parameters.
    pub params: Vec<ParamPlan>,
    /// Where the decorator stands.
    pub span: Span,
}

/// A parameter of a handler.
#[derive(Clone, Debug)]
pub struct ParamPlan {
    /// Its name.
    pub name: String,
    /// The name of its annotation, if that is a plain one.
    pub ty: Option<String>,
    /// Whether it has a default.
    pub has_default: bool,
}

impl RoutePlan {
    /// The method of a route decorator.
    pub(super) fn method(decorator: &str) -> Option<&'static str> {
        Some(match decorator {
            "get" => "GET",
            "post" => "POST",
            "put" => "PUT",
            "delete" => "DELETE",
            _ => return None,
        })
    }

    /// The route of `decorator` on `def`, whose function is kept in `slot`.
    ///
    /// # Errors
    /// When the path is computed.
    pub(super) fn new(
        method: &'static str,
        decorator: &Decorator,
        def: &FunctionDef,
        slot: usize,
    ) -> Result<RoutePlan, &'static str> {
        let path = decorator.args.iter().find(|(key, _)| key.is_none());
        let pattern = match path.map(|(_, value)| &value.kind) {
            Some(ExprKind::Str(text)) => text.to_string(),
            Some(ExprKind::Interpolation(_)) => return Err("route path must be a plain string"),
            _ => format!("/{}", def.name.name),
        };
        let params = def.lambda.params.iter().map(|param| ParamPlan {
            name: param.name.name.to_string(),
            ty: param.ty.as_ref().and_then(|ty| match &ty.kind {
                TypeKind::Named(name, _) => Some(name.to_string()),
                _ => None,
            }),
            has_default: param.default.is_some(),
        });
        Ok(RoutePlan {
            method,
            pattern,
            slot,
            handler: def.name.name.to_string(),
            params: params.collect(),
            span: decorator.span,
        })
    }
}
