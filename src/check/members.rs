//! Fields and methods that a value does not have, where it is known what it is: a built-in module, a text, an array, an
//! instance of a struct.

use super::Checker;
use super::scopes::Found;
use super::types::Type;
use crate::diag;
use crate::diag::Member;
use crate::syntax::ast::Expr;
use crate::syntax::ast::ExprKind;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Name;

/// What values of a type have, when a member is certainly not among it.
struct Others<'c> {
    on: String,
    fields: Vec<&'c str>,
    methods: Vec<&'c str>,
}

impl Checker<'_> {
    /// Reports a member that `object`, an expression of type `ty`, does not have.
    pub(super) fn check_member(&mut self, object: &Expr, ty: &Type, name: &Ident, how: Member) {
        if !self.is_reporting {
            return;
        }
        let missing = &*name.name;
        let others = match (self.module_of(object), ty) {
            (Some(module), _) => self.others_in_module(module, missing, how),
            (None, Type::String) => self.others_of_kind("String", missing, how),
            (None, Type::Array(_)) => self.others_of_kind("Array", missing, how),
            (None, Type::Named(ty)) => self.others_of_struct(ty, missing, how),
            _ => None,
        };
        let Some(Others { on, fields, methods }) = others else { return };
        let text = format!("no {} '{missing}' on {on}", how.word());
        let mut found = self.warning("W0410", text).at(name.span);
        found.hints.extend(how.advise(missing, &fields, &methods));
        self.report(found);
    }

    /// Reports fields of an instance that its struct does not have but for a typing error: others it may well get.
    pub(super) fn check_fields(&mut self, ty: &Name, given: &[(Ident, Expr)]) {
        let Some(known) = self.tables.structs.get(ty).filter(|_| !self.tables.is_open) else {
            return;
        };
        let misspelt = given.iter().filter(|(name, _)| !known.fields.contains(&name.name));
        let found: Vec<_> = misspelt
            .filter_map(|(name, _)| {
                let near = diag::did_you_mean(&name.name, known.fields.iter().map(|it| &**it))?;
                let text = format!("no field '{}' on {ty}", name.name);
                Some(self.warning("W0410", text).at(name.span).hint(near))
            })
            .collect();
        found.into_iter().for_each(|found| self.report(found));
    }

    /// The built-in module that an expression names.
    fn module_of<'e>(&self, expr: &'e Expr) -> Option<&'e Name> {
        let ExprKind::Name(name) = &expr.kind else { return None };
        (self.find(name) == Found::Module).then_some(name)
    }

    /// A module is an object, and has the methods of objects.
    fn others_in_module(&self, module: &str, missing: &str, how: Member) -> Option<Others<'_>> {
        let is_general = how == Member::Method && self.registry.method(missing).is_some();
        if is_general || self.registry.member(module, missing).is_some() {
            return None;
        }
        let names = self.registry.rows().iter().filter_map(|row| row.name.split_once('.'));
        let fields = names.filter(|(of, _)| *of == module).map(|(_, name)| name).collect();
        Some(Others { on: format!("module '{module}'"), fields, methods: Vec::new() })
    }

    fn others_of_kind(&self, kind: &str, missing: &str, how: Member) -> Option<Others<'_>> {
        let is_there = match how {
            Member::Method => {
                self.registry.method(missing).is_some()
                    || self.registry.methods_of(kind).any(|name| name == missing)
            }
            Member::Field if kind == "String" => self.registry.property(missing).is_some(),
            Member::Field => missing == "len",
        };
        let methods = || self.registry.methods_of(kind).collect();
        (!is_there).then(|| Others { on: kind.to_owned(), fields: Vec::new(), methods: methods() })
    }

    fn others_of_struct(&self, ty: &Name, missing: &str, how: Member) -> Option<Others<'_>> {
        let tables = &self.tables;
        let is_general = how == Member::Method && self.registry.method(missing).is_some();
        // An instance may get fields that its struct does not have.
        if is_general || tables.is_open || self.facts.may_be_set(missing) {
            return None;
        }
        let (mut fields, mut methods) = (Vec::new(), Vec::new());
        for part in tables.with_embedded(ty) {
            // An interface, or something that is declared elsewhere.
            let known = tables.structs.get(&part)?;
            fields.extend(known.fields.iter().map(|name| &**name));
            let own = tables.methods.get(&part).into_iter().flat_map(|own| own.keys());
            methods.extend(own.map(|name| &**name));
        }
        let is_there = match how {
            Member::Field => fields.contains(&missing),
            Member::Method => fields.contains(&missing) || methods.contains(&missing),
        };
        (!is_there && !missing.starts_with("__")).then(|| Others {
            on: ty.to_string(),
            fields,
            methods,
        })
    }
}
