//! Definitions of types.

use super::Checker;
use super::tables::Struct;
use super::types::Type;
use crate::syntax::ast::InterfaceDef;
use crate::syntax::ast::Stmt;
use crate::syntax::ast::StructDef;
use crate::syntax::ast::TypeDef;
use crate::syntax::ast::TypeKind;
use crate::syntax::declared::is_reference;
use std::rc::Rc;

impl Checker<'_> {
    pub(super) fn struct_def(&mut self, statement: &Stmt, def: &StructDef) {
        let outer = self.generics.len();
        self.generics.extend(def.generics.iter().map(|generic| generic.name.clone()));
        let mut known = Struct::default();
        for field in &def.fields {
            known.fields.insert(field.name.name.clone());
            field.ty.iter().for_each(|ty| self.check_names(ty));
            field.default.iter().for_each(|default| self.drop_value(default));
            if let Some(TypeKind::Named(name, _)) = field.ty.as_ref().map(|ty| &ty.kind)
                && field.embeds
            {
                known.embeds.push(name.clone());
            }
        }
        self.generics.truncate(outer);
        self.tables.structs.insert(def.name.name.clone(), known);
        self.pass(statement);
    }

    pub(super) fn interface(&mut self, statement: &Stmt, def: &InterfaceDef) {
        for method in &def.methods {
            let types = method.params.iter().filter_map(|param| param.ty.as_ref());
            types.chain(&method.returns).for_each(|ty| self.check_names(ty));
        }
        self.tables.interfaces.insert(def.name.name.clone(), Rc::new(def.clone()));
        self.pass(statement);
    }

    /// One that only refers to primitive types is an alias; values of the others are not looked at.
    pub(super) fn type_def(&mut self, def: &TypeDef) {
        let fields = def.variants.iter().filter_map(|variant| variant.fields.as_ref());
        fields.flatten().for_each(|ty| self.check_names(ty));
        let name = def.name.name.clone();
        if !def.variants.iter().all(is_reference) {
            self.tables.algebraic.insert(name);
            return;
        }
        let named = |variant: &crate::syntax::ast::Variant| {
            let kind = TypeKind::Named(variant.name.name.clone(), Vec::new());
            let span = variant.name.span;
            self.tables.read(&crate::syntax::ast::Type { kind, span }, &[])
        };
        let mut members: Vec<Type> = def.variants.iter().map(named).collect();
        let alias = match members.len() {
            1 => members.remove(0),
            _ => Type::Union(members),
        };
        self.tables.aliases.insert(name, alias);
    }
}
