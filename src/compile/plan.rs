//! What a program serves and tests, as its decorators say.

use crate::diag::Diagnostic;
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
    /// One for each `@static`.
    pub statics: Vec<StaticPlan>,
    /// Route decorators that decorate nothing.
    pub loose: Vec<Span>,
    /// Its tests.
    pub tests: TestsPlan,
    /// Whether `schedule` or `watch` stands anywhere in it.
    pub has_blocks: bool,
}

impl Plan {
    /// This is the plan `old` with what a later input has added: its server and its routes count instead of earlier ones.
    pub(super) fn supersede(&mut self, old: &Plan) {
        self.server = self.server.take().or_else(|| old.server.clone());
        let mut added = self.routes.split_off(old.routes.len());
        let is_new = |route: &RoutePlan| {
            let same = |it: &RoutePlan| it.method == route.method && it.pattern == route.pattern;
            !added.iter().any(same)
        };
        self.routes.retain(is_new);
        self.routes.append(&mut added);
    }
}

/// The tests of a program, and what runs around each of them. All are looked up by name when they are called, so a
/// later definition of the same name counts.
#[derive(Clone, Debug, Default)]
pub struct TestsPlan {
    /// Top-level functions with `@test`, in source order.
    pub tests: Vec<TestPlan>,
    /// The slot of the first function with `@before`.
    pub before: Option<usize>,
    /// The slot of the first function with `@after`.
    pub after: Option<usize>,
}

/// A function with `@test`.
#[derive(Clone, Debug)]
pub struct TestPlan {
    /// Its name.
    pub name: String,
    /// The slot of that name.
    pub slot: usize,
    /// Whether it has `@skip` as well.
    pub is_skipped: bool,
    /// Where its name stands.
    pub span: Span,
}

impl TestsPlan {
    /// Whether the test runner calls that function, if it stands at top level.
    pub(super) fn calls(def: &FunctionDef) -> bool {
        ["test", "before", "after"].iter().any(|name| has(def, name))
    }

    /// Adds what the decorators of a top-level function make it; its name lives in `slot`.
    pub(super) fn add(&mut self, def: &FunctionDef, slot: usize) {
        if has(def, "test") {
            self.tests.push(TestPlan {
                name: def.name.name.to_string(),
                slot,
                is_skipped: has(def, "skip"),
                span: def.name.span,
            });
        }
        if has(def, "before") {
            self.before.get_or_insert(slot);
        }
        if has(def, "after") {
            self.after.get_or_insert(slot);
        }
    }
}

fn has(def: &FunctionDef, decorator: &str) -> bool {
    def.decorators.iter().any(|found| &*found.name.name == decorator)
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

/// `@static(path, folder)`
#[derive(Clone, Debug)]
pub struct StaticPlan {
    /// The slot that holds its arguments as an object.
    pub slot: usize,
    /// Where it stands.
    pub span: Span,
}

/// A route decorator on a function.
#[derive(Clone, Debug)]
pub struct RoutePlan {
    /// `GET` ..., `ANY`, or `WS` for a WebSocket.
    pub method: &'static str,
    /// `/users/:id`
    pub pattern: String,
    /// The slot that holds the function.
    pub slot: usize,
    /// The function's name.
    pub handler: String,
    /// Whether a WebSocket's binary messages are for it: `binary: true`.
    pub takes_binary: bool,
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
    /// The routes of a function, as its decorators say; nothing keeps the function. Computed paths are left out.
    pub fn of(def: &FunctionDef) -> Vec<RoutePlan> {
        let plan = |decorator: &Decorator| {
            let method = RoutePlan::method(&decorator.name.name)?;
            RoutePlan::new(method, decorator, def, 0).ok()
        };
        def.decorators.iter().filter_map(plan).collect()
    }

    /// The method of a route decorator.
    pub(super) fn method(decorator: &str) -> Option<&'static str> {
        let mut routes = Decorator::ROUTES.iter();
        routes.find(|(name, _)| *name == decorator).map(|(_, method)| *method)
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
    ) -> Result<RoutePlan, Box<Diagnostic>> {
        let path = decorator.args.iter().find(|(key, _)| key.is_none());
        let pattern = match path.map(|(_, value)| &value.kind) {
            Some(ExprKind::Str(text)) => text.to_string(),
            Some(ExprKind::Interpolation(_)) => {
                let refused = Diagnostic::error("E0801", "route path must be a plain string");
                let hint = "a part that varies is written :name, as in /users/:id";
                return Err(Box::new(refused.at(decorator.span).hint(hint)));
            }
            _ => format!("/{}", def.name.name),
        };
        let takes_binary = decorator.args.iter().any(|(key, value)| {
            key.as_ref().is_some_and(|key| &*key.name == "binary")
                && matches!(value.kind, ExprKind::Bool(true))
        });
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
            takes_binary,
            params: params.collect(),
            span: decorator.span,
        })
    }
}
