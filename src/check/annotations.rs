//! What an annotation means.

use super::Checker;
use super::MOST;
use super::tables::Tables;
use super::types::Type;
use crate::diag;
use crate::syntax::ast;
use crate::syntax::ast::Name;
use crate::syntax::ast::TypeKind;

/// The names of types that are always there, as people write them; of the last ones nothing is known.
const KNOWN: &[&str] = &[
    "Int",
    "Float",
    "Number",
    "String",
    "Bool",
    "Null",
    "Object",
    "Json",
    "Option",
    "Result",
    "Any",
    "Array",
    "List",
    "Map",
    "Set",
    "Tuple",
    "Function",
    "Stream",
    "Channel",
    "Task",
    "TaskHandle",
    "Frozen",
];

/// The type of a primitive name.
fn primitive(name: &str) -> Option<Type> {
    Some(match name.to_lowercase().as_str() {
        "int" | "i64" | "integer" => Type::Int,
        "float" | "f64" | "number" => Type::Float,
        "string" | "str" => Type::String,
        "bool" | "boolean" => Type::Bool,
        "null" | "void" => Type::Null,
        "object" => Type::Object,
        // An array is JSON too.
        "json" => Type::Unknown,
        _ => return None,
    })
}

impl Tables {
    /// The type that an annotation stands for; `generics` are the type parameters in scope.
    pub(super) fn read(&self, annotation: &ast::Type, generics: &[Name]) -> Type {
        let inner = |ty: &ast::Type| self.read(ty, generics);
        match &annotation.kind {
            TypeKind::Named(name, args) => self.named(name, args, generics),
            TypeKind::Array(element) => Type::array(inner(element)),
            TypeKind::Optional(content) => Type::option(inner(content)),
            TypeKind::Tuple(_) => Type::Unknown,
            TypeKind::Function(params, returns) => {
                Type::Function(params.iter().map(inner).collect(), Box::new(inner(returns)))
            }
            TypeKind::Union(members) => Type::Union(members.iter().map(inner).collect()),
        }
    }

    fn named(&self, name: &Name, args: &[ast::Type], generics: &[Name]) -> Type {
        if generics.contains(name) {
            return Type::Parameter(name.clone());
        }
        let arg = |i: usize| args.get(i).map_or(Type::Unknown, |ty| self.read(ty, generics));
        match name.to_lowercase().as_str() {
            "option" if !args.is_empty() => return Type::option(arg(0)),
            "result" if !args.is_empty() => return Type::result(arg(0), arg(1)),
            _ => {}
        }
        if self.is_open {
            // An import may define the name anew.
            return primitive(name).unwrap_or(Type::Unknown);
        }
        match self.aliases.get(name) {
            Some(alias) => alias.clone(),
            None if self.structs.contains_key(name) || self.interfaces.contains_key(name) => {
                Type::Named(name.clone())
            }
            None => primitive(name).unwrap_or(Type::Unknown),
        }
    }

    /// Whether a name in an annotation means something.
    fn is_type(&self, name: &Name) -> bool {
        self.defined().any(|known| known == &**name)
            || KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name))
            || primitive(name).is_some()
    }

    fn defined(&self) -> impl Iterator<Item = &str> {
        let names = self.structs.keys().chain(self.interfaces.keys()).chain(self.aliases.keys());
        names.chain(&self.algebraic).map(|name| &**name)
    }
}

impl Checker<'_> {
    /// The type of an annotation on something in this place.
    pub(super) fn annotated(&mut self, annotation: &ast::Type) -> Type {
        self.check_names(annotation);
        self.tables.read(annotation, &self.generics).erased()
    }

    /// Reports names that look like a slip of the pen. Others may be containers or what a server converts to.
    pub(super) fn check_names(&mut self, annotation: &ast::Type) {
        let inner: Vec<&ast::Type> = match &annotation.kind {
            TypeKind::Named(name, args) => {
                self.check_name(name, annotation);
                args.iter().collect()
            }
            TypeKind::Array(inner) | TypeKind::Optional(inner) => vec![inner],
            TypeKind::Tuple(members) | TypeKind::Union(members) => members.iter().collect(),
            TypeKind::Function(params, returns) => params.iter().chain([&**returns]).collect(),
        };
        inner.into_iter().for_each(|ty| self.check_names(ty));
    }

    fn check_name(&mut self, name: &Name, annotation: &ast::Type) {
        if !self.is_reporting
            || self.tables.is_open
            || self.generics.contains(name)
            || self.tables.is_type(name)
            || self.searches == MOST
        {
            return;
        }
        self.searches += 1;
        let known = self.tables.defined().chain(KNOWN.iter().copied());
        if let Some(hint) = diag::did_you_mean(name, known) {
            let text = format!("unknown type '{name}'");
            self.report(self.warning("W0409", text).at(annotation.span).hint(hint));
        }
    }
}
