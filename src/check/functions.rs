//! Bodies of functions, and the type of what they give when no annotation says it.

use super::Checker;
use super::facts::key;
use super::scopes::Boundary;
use super::signatures::is_null;
use super::types::Type;
use crate::syntax::ast::Block;
use crate::syntax::ast::FunctionDef;
use crate::syntax::ast::Ident;
use crate::syntax::ast::ImplDef;
use crate::syntax::ast::Lambda;

/// The function whose body is being checked.
#[derive(Default)]
pub(super) struct Function {
    /// The annotation of its result.
    pub(super) expected: Option<Type>,
    /// What its `return`s give so far.
    pub(super) returns: Vec<Type>,
    /// Loops around, in this function.
    pub(super) loops: usize,
}

impl Checker<'_> {
    pub(super) fn named_function(&mut self, def: &FunctionDef) {
        let boundary = self.boundary();
        self.function_def(def, boundary);
        if boundary == Boundary::Function {
            let method = self.method(def);
            self.tables.functions.insert(def.name.name.clone(), method);
        }
    }

    pub(super) fn method_def(&mut self, of: &ImplDef, def: &FunctionDef) {
        let boundary = self.boundary();
        self.function_def(def, boundary);
        let method = self.method(def);
        let methods = self.tables.methods.entry(of.target.name.clone()).or_default();
        methods.insert(def.name.name.clone(), method);
    }

    /// A function that captures nothing stands at top level.
    fn boundary(&self) -> Boundary {
        if self.scopes.len() == 1 { Boundary::Function } else { Boundary::Closure }
    }

    fn function_def(&mut self, def: &FunctionDef, boundary: Boundary) {
        let outer = self.generics.len();
        self.generics.extend(def.generics.iter().map(|generic: &Ident| generic.name.clone()));
        let returns = self.lambda(&def.lambda, boundary);
        self.generics.truncate(outer);
        self.facts.learn_returns(key(def.name.span), returns);
    }

    /// Checks a function; the type that its body gives.
    pub(super) fn lambda(&mut self, lambda: &Lambda, boundary: Boundary) -> Type {
        let expected = lambda.returns.as_ref().map(|ty| self.annotated(ty));
        self.body(expected, |c| {
            c.open(boundary, &[]);
            for param in &lambda.params {
                param.default.iter().for_each(|default| c.drop_value(default));
                let ty = param.ty.as_ref().map(|ty| c.annotated(ty));
                let ty = if is_null(param) { None } else { ty };
                c.bind(&param.name);
                let var = c.variable(&param.name.name);
                var.is_annotated = ty.is_some();
                var.ty = ty.unwrap_or(Type::Unknown);
            }
            // Parameters and body share one scope.
            c.expect(&lambda.body.statements);
            let value = c.statements(&lambda.body.statements);
            c.close();
            value
        })
    }

    /// Checks the block of a task, which jumps and returns on its own.
    pub(super) fn task(&mut self, block: &Block) {
        self.body(None, |c| {
            c.open(Boundary::Task, &block.statements);
            let value = c.statements(&block.statements);
            c.close();
            value
        });
    }

    fn body(
        &mut self,
        expected: Option<Type>,
        work: impl FnOnce(&mut Self) -> Option<Type>,
    ) -> Type {
        let own = Function { expected, ..Function::default() };
        let outer = std::mem::replace(&mut self.function, own);
        let value = work(self);
        let own = std::mem::replace(&mut self.function, outer);
        let all = own.returns.into_iter().chain(value);
        all.reduce(Type::join).unwrap_or(Type::Unknown)
    }
}
