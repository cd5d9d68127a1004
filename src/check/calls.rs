//! Calls of functions of the program and of builtins.

use super::Checker;
use super::scopes::Found;
use super::signatures::Bindings;
use super::signatures::Signature;
use super::types::Type;
use crate::diag::Member;
use crate::diag::Span;
use crate::native::Returns;
use crate::syntax::ast::Expr;
use crate::syntax::ast::ExprKind;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Item;
use crate::syntax::ast::Name;

impl Checker<'_> {
    pub(super) fn call(&mut self, whole: &Expr, callee: &Expr, args: &[Item]) -> Type {
        let types: Vec<Type> = args.iter().map(|arg| self.expr(&arg.value)).collect();
        let ExprKind::Name(name) = &callee.kind else {
            self.expr(callee);
            return Type::Unknown;
        };
        match self.find(name) {
            Found::Builtin(id) if args.iter().all(|arg| !arg.spread) => {
                self.builtin_call(self.registry.row(id).returns, args, &types)
            }
            Found::Variable { .. } => match self.callee(name) {
                Some(signature) => self.function_call(name, &signature, args, &types, whole.span),
                None => Type::Unknown,
            },
            Found::Nothing => {
                self.undefined(name, callee.span);
                Type::Unknown
            }
            Found::Builtin(_) | Found::Module | Found::None | Found::Uncertain => Type::Unknown,
        }
    }

    /// A call of what a built-in module holds; else a method that is not known.
    pub(super) fn method_call(&mut self, receiver: &Expr, name: &Ident, args: &[Item]) -> Type {
        let ty = self.expr(receiver);
        self.check_member(receiver, &ty, name, Member::Method);
        let types: Vec<Type> = args.iter().map(|arg| self.expr(&arg.value)).collect();
        match self.member(receiver, &name.name) {
            Some(id) if args.iter().all(|arg| !arg.spread) => {
                self.builtin_call(self.registry.row(id).returns, args, &types)
            }
            _ => Type::Unknown,
        }
    }

    /// The member `name` of the built-in module that an expression names.
    pub(super) fn member(&self, module: &Expr, name: &str) -> Option<usize> {
        let ExprKind::Name(module) = &module.kind else { return None };
        match self.find(module) {
            Found::Module => self.registry.member(module, name),
            _ => None,
        }
    }

    fn function_call(
        &mut self,
        name: &Name,
        signature: &Signature,
        args: &[Item],
        types: &[Type],
        at: Span,
    ) -> Type {
        let spread = args.iter().position(|arg| arg.spread);
        if spread.is_none() {
            self.check_count(name, signature, args.len(), at);
        }
        let mut bindings = Bindings::default();
        let known = args.iter().zip(types).take(spread.unwrap_or(args.len()));
        for (i, ((arg, actual), param)) in known.zip(&signature.params).enumerate() {
            bindings.learn(param, actual);
            let expected = bindings.apply(param);
            if self.check_interface(&expected, actual, arg.value.span)
                || self.fits(&expected, &arg.value, actual)
            {
                continue;
            }
            let text =
                format!("argument {} of '{name}': expected {expected} but got {actual}", i + 1);
            let found = self.warning("W0404", text).at(arg.value.span);
            self.report(found.related(signature.span, "defined here"));
        }
        match &signature.returns {
            Some(returns) => bindings.apply(returns),
            None => self.facts.returns(signature.key()),
        }
    }

    fn check_count(&mut self, name: &Name, signature: &Signature, count: usize, at: Span) {
        let most = signature.params.len();
        if (signature.required..=most).contains(&count) {
            return;
        }
        let wanted = if count > most { most } else { signature.required };
        let text = format!("function '{name}' expects {wanted} argument(s), got {count}");
        let found = self.warning("W0403", text).at(at);
        self.report(found.related(signature.span, "defined here"));
    }

    fn builtin_call(&mut self, returns: Returns, args: &[Item], types: &[Type]) -> Type {
        let first = || types.first().cloned().unwrap_or(Type::Unknown);
        match returns {
            Returns::Any => Type::Unknown,
            Returns::Int => Type::Int,
            Returns::Float => Type::Float,
            Returns::String => Type::String,
            Returns::Bool | Returns::Is(_) => Type::Bool,
            Returns::Array => Type::array(Type::Unknown),
            Returns::ArrayOrMap if types.len() > 1 => Type::array(Type::Unknown),
            Returns::ArrayOrMap => Type::Unknown,
            Returns::Object => Type::Object,
            Returns::Result => Type::result(Type::Unknown, Type::Unknown),
            Returns::Some => Type::option(first()),
            Returns::Argument => first(),
            Returns::Content => content(first()),
            Returns::ContentOr => self.content_or(args, types),
        }
    }

    /// What is in the first argument, or else the second one.
    fn content_or(&mut self, args: &[Item], types: &[Type]) -> Type {
        let [container, fallback] = types else { return Type::Unknown };
        if let Type::Option(inner) = container
            && *fallback != Type::Null
            && !self.fits(inner, &args[1].value, fallback)
        {
            let text = format!(
                "unwrap_or fallback type {fallback} incompatible with Option inner type {inner}"
            );
            self.report(self.warning("W0407", text).at(args[1].value.span));
        }
        content(container.clone()).join(fallback.clone())
    }
}

/// What is in a Result or an Option.
fn content(container: Type) -> Type {
    match container {
        Type::Option(inner) | Type::Result(inner, _) => *inner,
        other => other,
    }
}
