//! Functions, lambdas, types, methods, decorators.

use super::Compiler;
use super::Origin;
use super::analysis::key;
use super::function::FunctionState;
use super::function::Role;
use super::plan::RoutePlan;
use super::plan::ServerPlan;
use super::plan::StaticPlan;
use super::walk;
use super::walk::Declared;
use crate::diag::Span;
use crate::program::CaptureFrom;
use crate::program::ClosureCode;
use crate::program::Label;
use crate::program::Op;
use crate::program::Reg;
use crate::program::TypeCode;
use crate::program::VariantCode;
use crate::syntax::ast::Block;
use crate::syntax::ast::Decorator;
use crate::syntax::ast::FunctionDef;
use crate::syntax::ast::Ident;
use crate::syntax::ast::ImplDef;
use crate::syntax::ast::Lambda;
use crate::syntax::ast::Param;
use crate::syntax::ast::StructDef;
use crate::syntax::ast::TypeDef;
use crate::syntax::ast::TypeKind;
use crate::value::Name;
use crate::value::Shape;
use crate::value::Text;
use crate::value::Value;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

/// The builtin that a method in the prelude finishes: `Stream.collect`.
pub(super) fn method_of(def: &ImplDef, method: &FunctionDef) -> Name {
    Name::from(format!("{}.{}", def.target.name, method.name.name))
}

impl Compiler<'_> {
    /// `fn name(params) { body }` as a statement.
    pub(super) fn function_def(&mut self, def: &FunctionDef, span: Span) {
        let name = &def.name;
        let is_top = self.is_top();
        if self.origin == Origin::Prelude {
            let chunk = self.prelude[&name.name];
            self.function(chunk, &name.name, &def.lambda, Role::Top(name.name.clone()));
            return;
        }
        let role = match is_top {
            true => Role::Top(name.name.clone()),
            false => Role::Closure(Some((name.name.clone(), self.variable_key(name)))),
        };
        let reg = self.push(span);
        let chunk = self.reserve();
        let captures = self.function(chunk, &name.name, &def.lambda, role);
        let k = self.function_entry(chunk, Label::Function(name.name.clone()), captures);
        self.emit(Op::Closure { dst: reg, k }, span);
        if is_top && self.unit == 0 {
            self.routes(def, reg, span);
            if let Some(slot) = self.analysis.slot(0, &name.name) {
                self.plan.tests.add(def, slot);
            }
        }
        self.declare(name, reg, Declared::Mutable);
    }

    /// The key of the variable that a declaration in this scope assigns.
    fn variable_key(&mut self, name: &Ident) -> super::analysis::Key {
        let known = self.find_in_scope(&name.name);
        known.map_or(key(name.span), |local| local.key)
    }

    pub(super) fn lambda(&mut self, lambda: &Lambda, dst: Reg, span: Span) {
        let chunk = self.reserve();
        let name = Name::from("<lambda>");
        let captures = self.function(chunk, &name, lambda, Role::Closure(None));
        let k = self.function_entry(chunk, Label::Lambda, captures);
        self.emit(Op::Closure { dst, k }, span);
    }

    /// The number of a function value in the running chunk.
    pub(super) fn function_entry(
        &mut self,
        chunk: u32,
        label: Label,
        captures: Vec<CaptureFrom>,
    ) -> u16 {
        let entry = ClosureCode { chunk, label, captures };
        self.numbered("functions", |chunk| &mut chunk.functions, entry)
    }

    /// Compiles a function into the reserved `chunk`; what it captures.
    fn function(
        &mut self,
        chunk: u32,
        name: &Name,
        lambda: &Lambda,
        role: Role,
    ) -> Vec<CaptureFrom> {
        self.functions.push(FunctionState::new(name.clone(), role));
        // Parameters come in the first registers; variables that exist early stand behind them.
        self.open_scope(&[]);
        self.parameters(&lambda.params, lambda.body.span);
        self.exist_early(&lambda.body.statements);
        self.know_types(&lambda.body.statements);
        self.body_of(chunk, &lambda.body)
    }

    /// The body of the function being compiled, whose scope is open; what it captures.
    pub(super) fn body_of(&mut self, chunk: u32, body: &Block) -> Vec<CaptureFrom> {
        let span = body.span;
        let value = self.push(span);
        let outside = self.mark_body();
        self.statements(&body.statements, Some(value), span);
        self.is_marking = outside;
        self.give_back(value, span);
        self.end_function(chunk)
    }

    /// The function being compiled is the reserved `chunk`; what it captures.
    pub(super) fn end_function(&mut self, chunk: u32) -> Vec<CaptureFrom> {
        let state = self.functions.pop().expect("a function is being compiled");
        let captures = state.captures.iter().map(|captured| captured.from).collect();
        self.fill(chunk, state);
        captures
    }

    /// Parameters arrive in the registers from 1 on; defaults fill in what is missing.
    pub(super) fn parameters(&mut self, params: &[Param], span: Span) {
        let has_defaults = params.iter().any(|param| param.default.is_some());
        self.current().chunk.params = params.len().min(200) as u8;
        self.current().chunk.has_defaults = has_defaults;
        let first = self.push_many(params.len(), span);
        for (i, param) in params.iter().enumerate() {
            let reg = first + i as Reg;
            if has_defaults {
                let given = self.emit_test(Op::TestSet { src: reg }, param.name.span);
                match &param.default {
                    Some(default) => self.expr(default, reg),
                    None => self.emit(Op::Null { dst: reg }, param.name.span),
                }
                self.land(given);
            }
            self.declare_kept(&param.name, reg);
        }
    }

    /// Declares a parameter without giving back the registers of those behind it.
    fn declare_kept(&mut self, name: &Ident, reg: Reg) {
        let mark = self.mark();
        self.declare(name, reg, Declared::Mutable);
        self.release(mark);
    }

    pub(super) fn struct_def(&mut self, def: &StructDef, span: Span) {
        let defaults: Vec<_> = def.fields.iter().filter(|field| field.default.is_some()).collect();
        let base = self.push_many(defaults.len().max(1), span);
        for (i, field) in defaults.iter().enumerate() {
            let default = field.default.as_ref().expect("only fields with a default");
            self.expr(default, base + i as Reg);
        }
        let embeds =
            def.fields.iter().filter(|field| field.embeds).filter_map(|field| {
                match &field.ty.as_ref()?.kind {
                    TypeKind::Named(ty, _) => Some((field.name.name.clone(), ty.clone())),
                    _ => None,
                }
            });
        let code = TypeCode::Struct {
            name: def.name.name.clone(),
            id: declaration(),
            defaults: defaults.iter().map(|field| field.name.name.clone()).collect(),
            embeds: embeds.collect(),
        };
        self.declare_type(base, code, span);
        self.declare(&def.name, base, Declared::Mutable);
    }

    fn declare_type(&mut self, base: Reg, code: TypeCode<Arc<Shape>>, span: Span) {
        let k = self.numbered("types", |chunk| &mut chunk.types, code);
        self.emit(Op::Declare { base, k }, span);
    }

    pub(super) fn type_def(&mut self, def: &TypeDef, span: Span) {
        let variants: Vec<_> =
            def.variants.iter().filter(|variant| !walk::is_reference(variant)).collect();
        if variants.is_empty() {
            return;
        }
        let base = self.push_many(variants.len() + 1, span);
        let code = TypeCode::Variants {
            name: def.name.name.clone(),
            variants: variants
                .iter()
                .map(|variant| {
                    let arity = variant.fields.as_ref().map(Vec::len);
                    let tags = ["__type__".to_string(), "__variant__".to_string()];
                    let fields = (0..arity.unwrap_or(0)).map(|i| format!("_{i}"));
                    let names = tags.into_iter().chain(fields).map(Text::from);
                    let shape = Shape::typed(names.collect());
                    VariantCode { name: variant.name.name.clone(), arity, shape }
                })
                .collect(),
        };
        self.declare_type(base, code, span);
        let names = variants.iter().map(|variant| (&variant.name, Declared::Variant));
        // A variant that is called like its type wins over the type's own marker.
        if variants.iter().any(|variant| variant.name.name == def.name.name) {
            let row: Vec<_> = names.collect();
            self.declare_row(&row, base + 1);
        } else {
            let row: Vec<_> =
                std::iter::once((&def.name, Declared::Mutable)).chain(names).collect();
            self.declare_row(&row, base);
        }
    }

    pub(super) fn impl_def(&mut self, def: &ImplDef, span: Span) {
        if self.origin == Origin::Prelude {
            for method in &def.methods {
                let name = method_of(def, method);
                let chunk = self.prelude[&name];
                self.function(chunk, &name, &method.lambda, Role::Top(name.clone()));
            }
            return;
        }
        for method in &def.methods {
            let mark = self.mark();
            let shown = Name::from(format!("{}::{}", def.target.name, method.name.name));
            let role = match self.is_top() {
                true => Role::Top(shown.clone()),
                false => Role::Closure(None),
            };
            let src = self.push(span);
            let chunk = self.reserve();
            let captures = self.function(chunk, &shown, &method.lambda, role);
            let k = self.function_entry(chunk, Label::Function(shown), captures);
            self.emit(Op::Closure { dst: src, k }, span);
            let is_instance =
                method.lambda.params.first().is_some_and(|param| &*param.name.name == "it");
            // The three stand side by side: equal constants must not be shared here.
            let of = Value::text(&*def.target.name);
            let k = self.next_constant(of);
            self.next_constant(Value::text(&*method.name.name));
            self.next_constant(Value::Bool(is_instance));
            self.emit(Op::Method { src, k }, span);
            self.release(mark);
        }
        if let Some(power) = &def.power {
            self.promise(power, &def.target);
        }
    }

    /// Routes of a top-level function, whose value is in `reg`: each is kept in a slot of its own, so that a later
    /// definition of the same name does not change the route.
    fn routes(&mut self, def: &FunctionDef, reg: Reg, span: Span) {
        let mut routes = Vec::new();
        for decorator in &def.decorators {
            if let Some(method) = RoutePlan::method(&decorator.name.name) {
                routes.push((method, decorator));
            }
        }
        if routes.is_empty() {
            return;
        }
        let slot = self.hidden_slot(format!("@route {}", self.program.globals.len()));
        let copy = self.push(span);
        self.emit(Op::Copy { dst: copy, src: reg }, span);
        self.emit(Op::Define { src: copy, slot: slot as u16 }, span);
        self.release(u16::from(copy));
        for (method, decorator) in routes {
            let route = RoutePlan::new(method, decorator, def, slot);
            match route {
                Ok(route) => self.plan.routes.push(route),
                Err(refused) => self.report(*refused),
            }
        }
    }

    pub(super) fn hidden_slot(&mut self, name: String) -> usize {
        let slot = self.analysis.hidden(self.unit, name);
        self.program.globals.push(self.analysis.globals[slot].code());
        slot
    }

    /// A decorator that stands alone: its arguments as an object under a name that no program can write.
    pub(super) fn decorator(&mut self, decorator: &Decorator) {
        let span = decorator.span;
        let is_main = self.unit == 0;
        let is_route = RoutePlan::method(&decorator.name.name).is_some();
        if is_main && is_route {
            self.plan.loose.push(span);
        }
        let mark = self.mark();
        let entries: Vec<_> = decorator
            .args
            .iter()
            .enumerate()
            .map(|(i, (key, value))| {
                let name = match key {
                    Some(key) => key.clone(),
                    None => Ident { name: Name::from(format!("_{i}")), span: value.span },
                };
                crate::syntax::ast::Entry::Field(name, value.clone())
            })
            .collect();
        let src = self.push(span);
        self.object(&entries, src, span);
        if is_main && &*decorator.name.name == "static" && self.is_top() {
            let slot = self.hidden_slot(format!("@static {}", self.program.globals.len()));
            self.emit(Op::Define { src, slot: slot as u16 }, span);
            self.plan.statics.push(StaticPlan { slot, span });
        }
        let is_server = is_main && &*decorator.name.name == "server" && self.is_top();
        if is_server && self.plan.server.is_none() {
            let slot = self.hidden_slot("@server".to_string());
            self.emit(Op::Define { src, slot: slot as u16 }, span);
            let keys = decorator
                .args
                .iter()
                .enumerate()
                .map(|(i, (key, value))| {
                    let name = key.as_ref().map_or(format!("_{i}"), |key| key.name.to_string());
                    (name, value.span)
                })
                .collect();
            self.plan.server = Some(ServerPlan { slot, span, keys });
        }
        self.release(mark);
    }
}

/// A number for the declaration of a struct; never 0.
fn declaration() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Relaxed)
}
