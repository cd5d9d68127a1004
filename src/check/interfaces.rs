//! Interfaces are structural: what a struct lacks to be one.

use super::Checker;
use super::tables::Method;
use super::tables::Tables;
use super::types::Type;
use crate::diag::Span;
use crate::syntax::ast::Name;
use crate::syntax::ast::Param;
use crate::syntax::ast::Signature;

/// Why a struct is not what an interface asks for.
pub(super) enum Lack {
    /// There is no such method.
    Method(Name),
    /// The method takes another number of parameters than it should.
    Params { method: Name, has: usize, wanted: usize },
    /// The method gives another type than it should.
    Returns { method: Name, has: Type, wanted: Type },
}

impl Tables {
    /// The first thing that the struct lacks; nothing when that is not certain.
    pub(super) fn lack(&self, name: &Name, interface: &Name) -> Option<Lack> {
        let wanted = self.interfaces.get(interface)?;
        if self.is_open || !self.structs.contains_key(name) {
            return None;
        }
        wanted.methods.iter().find_map(|wanted| self.lack_of(name, wanted))
    }

    fn lack_of(&self, name: &Name, wanted: &Signature) -> Option<Lack> {
        let method = wanted.name.name.clone();
        let Some(found) = self.method(name, &method) else {
            let is_field = self.structs.get(name).is_some_and(|it| it.fields.contains(&method));
            return (!is_field).then_some(Lack::Method(method));
        };
        let count = params_without_self(&wanted.params);
        if found.params != count {
            return Some(Lack::Params { method, has: found.params, wanted: count });
        }
        let returns = self.read(wanted.returns.as_ref()?, &[]);
        (!self.fits(&returns, &found.returns)).then(|| Lack::Returns {
            method,
            has: found.returns.clone(),
            wanted: returns,
        })
    }

    /// The method of a struct or of one that it embeds, or the function that stands in for it.
    fn method(&self, name: &Name, method: &Name) -> Option<&Method> {
        let own = self.with_embedded(name);
        let own = own.iter().find_map(|name| self.methods.get(name)?.get(method));
        let prefixed = || self.functions.get(format!("{name}_{method}").as_str());
        own.or_else(prefixed).or_else(|| self.functions.get(method))
    }
}

/// How many parameters a method has; a leading `self` is not one.
pub(super) fn params_without_self(params: &[Param]) -> usize {
    let has_self = params.first().is_some_and(|first| &*first.name.name == "self");
    params.len() - usize::from(has_self)
}

impl Checker<'_> {
    /// Reports what a struct lacks that is passed where an interface is wanted; whether it was one.
    pub(super) fn check_interface(&mut self, expected: &Type, actual: &Type, at: Span) -> bool {
        let (Type::Named(interface), Type::Named(name)) = (expected, actual) else {
            return false;
        };
        if !self.tables.interfaces.contains_key(interface) {
            return false;
        }
        let text = match self.tables.lack(name, interface) {
            None => return true,
            Some(Lack::Method(method)) => {
                format!(
                    "struct '{name}' does not satisfy interface '{interface}': missing '{method}'"
                )
            }
            Some(Lack::Params { method, has, wanted }) => format!(
                "method '{method}' on '{name}' has {has} parameter(s) but interface '{interface}' requires {wanted}"
            ),
            Some(Lack::Returns { method, has, wanted }) => format!(
                "method '{method}' on '{name}' returns {has} but interface '{interface}' expects {wanted}"
            ),
        };
        self.report(self.warning("W0405", text).at(at));
        true
    }
}
