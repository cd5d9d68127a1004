//! Interfaces and types as values, and what keeps a type to its word (language-statements 11.5).

use super::Compiler;
use super::Target;
use super::names::Meaning;
use super::walk::Declared;
use crate::diag::Span;
use crate::program::Op;
use crate::syntax::ast::Ident;
use crate::syntax::ast::InterfaceDef;
use crate::syntax::ast::Signature;
use crate::syntax::ast::Stmt;
use crate::syntax::ast::StmtKind;
use crate::syntax::ast::TypeDef;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;

/// The types that some of the statements define, the last first.
fn types(statements: &[Stmt]) -> impl Iterator<Item = &TypeDef> {
    statements.iter().rev().filter_map(|statement| match &statement.kind {
        StmtKind::Type(def) => Some(def),
        _ => None,
    })
}

/// The type that every program has.
const OPTION: &str = "Option";

impl Compiler<'_> {
    /// `power name { methods }`
    pub(super) fn interface_def(&mut self, def: &InterfaceDef, span: Span) {
        let methods = def.methods.iter().map(method).collect();
        let interface = object(vec![
            ("__kind__", Value::text("interface")),
            ("name", Value::text(&*def.name.name)),
            ("methods", Value::array(methods)),
        ]);
        let reg = self.push(span);
        self.load(interface, reg, span);
        self.declare(&def.name, reg, Declared::Mutable);
    }

    /// The open scope defines the types that some of the statements define.
    pub(super) fn know_types(&mut self, statements: &[Stmt]) {
        self.scope().types.extend(types(statements).cloned());
    }

    /// What `__type_T__` holds: what tells of a type that is known here.
    pub(super) fn told_type(&self, name: &str) -> Option<Value> {
        let of = name.strip_prefix("__type_")?.strip_suffix("__")?;
        let variants = match self.known_type(of) {
            Some(def) => {
                def.variants.iter().map(|variant| Value::text(&*variant.name.name)).collect()
            }
            None if of == OPTION => ["Some", "None"].map(Value::text).to_vec(),
            None => return None,
        };
        Some(object(vec![
            ("__kind__", Value::text("type")),
            ("name", Value::text(of)),
            ("variants", Value::array(variants)),
        ]))
    }

    /// The type of the innermost scope that defines it, then one of what the file imports.
    fn known_type(&self, name: &str) -> Option<&TypeDef> {
        let scopes = self.functions.iter().rev().flat_map(|function| function.scopes.iter().rev());
        let mut local = scopes.flat_map(|scope| scope.types.iter());
        let unit = self.units.get(self.unit)?;
        let imported = || {
            unit.tree.statements.iter().rev().find_map(|statement| match &statement.kind {
                StmtKind::Import(import) => match unit.imports.get(import.path())? {
                    Target::Module(module) => types(&self.units[*module].tree.statements)
                        .find(|def| *def.name.name == *name),
                    Target::Builtin | Target::Broken(_) => None,
                },
                _ => None,
            })
        };
        local.find(|def| *def.name.name == *name).or_else(imported)
    }

    /// Fails when `target` lacks a method of `power`. A power that nobody has defined asks for nothing.
    pub(super) fn promise(&mut self, power: &Ident, target: &Ident) {
        let meaning = self.meaning(&power.name);
        if !matches!(meaning, Meaning::Variable { .. }) {
            return;
        }
        let mark = self.mark();
        let reg = self.push(power.span);
        self.peek(&power.name, &meaning, reg, power.span);
        // The two stand side by side: equal constants must not be shared here.
        let [k, _] = [target, power].map(|name| self.next_constant(Value::text(&*name.name)));
        self.emit(Op::Fulfils { power: reg, k }, power.span);
        self.release(mark);
    }
}

fn method(signature: &Signature) -> Value {
    let mut fields = vec![
        ("name", Value::text(&*signature.name.name)),
        ("param_count", Value::Int(signature.params.len() as i64)),
    ];
    if let Some(returns) = &signature.returns {
        fields.push(("return_type", Value::text(returns.to_string())));
    }
    object(fields)
}

fn object(fields: Vec<(&str, Value)>) -> Value {
    let fields = fields.into_iter().map(|(name, value)| (Text::from(name), value));
    Value::Object(Object::from_pairs(fields))
}
