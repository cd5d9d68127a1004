//! Interfaces and types as values, and what keeps a type to its word (language-statements 11.5).

use super::Compiler;
use super::names::Meaning;
use super::walk::Declared;
use crate::diag::Span;
use crate::program::Op;
use crate::syntax::ast::Ident;
use crate::syntax::ast::InterfaceDef;
use crate::syntax::ast::Signature;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;

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
        let constants = &mut self.current().chunk.constants;
        let k = constants.len() as u16;
        constants.extend([target, power].map(|name| Value::text(&*name.name)));
        self.emit(Op::Fulfils { power: reg, k }, power.span);
        self.release(mark);
    }
}

/// What tells of the type Option, as a value: `__type_Option__`.
pub(super) fn option_type() -> Value {
    object(vec![
        ("__kind__", Value::text("type")),
        ("name", Value::text("Option")),
        ("variants", Value::array(["Some", "None"].map(Value::text).to_vec())),
    ])
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
    let fields = fields.into_iter().map(|(name, value)| (Text::new(name.to_owned()), value));
    Value::Object(Object::from_pairs(fields))
}
