//! The types that a program defines, and which type fits where another is wanted.

use super::interfaces::Lack;
use super::types::Type;
use crate::syntax::ast::InterfaceDef;
use crate::syntax::ast::Name;
use foldhash::HashMap;
use foldhash::HashSet;
use std::rc::Rc;

/// All definitions, wherever they stand: a struct of a function can be made anywhere afterwards.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) structs: HashMap<Name, Struct>,
    pub(super) interfaces: HashMap<Name, Rc<InterfaceDef>>,
    pub(super) aliases: HashMap<Name, Type>,
    /// Names of algebraic types.
    pub(super) algebraic: HashSet<Name>,
    /// Methods by the name of their type.
    pub(super) methods: HashMap<Name, HashMap<Name, Method>>,
    /// Functions at top level: they may stand in for methods.
    pub(super) functions: HashMap<Name, Method>,
    /// Whether an import may define more than is known.
    pub(super) is_open: bool,
}

/// What is known of a struct.
#[derive(Default)]
pub(super) struct Struct {
    pub(super) fields: HashSet<Name>,
    /// Types that it embeds with `has`.
    pub(super) embeds: Vec<Name>,
}

/// What is known of a method.
#[derive(Clone)]
pub(super) struct Method {
    /// Parameters, a leading `self` not counted.
    pub(super) params: usize,
    pub(super) returns: Type,
}

impl Tables {
    /// Whether a value of type `actual` fits where `expected` is wanted.
    pub(super) fn fits(&self, expected: &Type, actual: &Type) -> bool {
        use Type::*;
        match (expected, actual) {
            (Unknown | Parameter(_), _) | (_, Unknown | Parameter(_)) => true,
            (expected, actual) if expected == actual => true,
            (Array(expected), Array(actual)) => self.fits(expected, actual),
            (Union(members), actual) => members.iter().any(|member| self.fits(member, actual)),
            (expected, Union(members)) => members.iter().all(|member| self.fits(expected, member)),
            (Int, Float) | (Float, Int) | (Function(..), Function(..)) => true,
            (Named(_), Object) | (Object, Named(_)) => true,
            (Named(expected), Named(actual)) => self.is_named(expected, actual),
            (Option(_), Null) => true,
            (Option(expected), Option(actual)) => self.fits(expected, actual),
            (Option(expected), actual) => self.fits(expected, actual),
            (Result(ok, err), Result(actual_ok, actual_err)) => {
                self.fits(ok, actual_ok) && self.fits(err, actual_err)
            }
            _ => false,
        }
    }

    /// Whether `actual`, a struct or an interface, can stand for `expected`.
    fn is_named(&self, expected: &Name, actual: &Name) -> bool {
        if self.interfaces.contains_key(expected) {
            return !matches!(self.lack(actual, expected), Some(Lack::Method(_)));
        }
        // An interface says little about what a value is.
        self.interfaces.contains_key(actual) || self.embeds(actual, expected)
    }

    /// Whether a struct embeds another, at any depth.
    fn embeds(&self, name: &Name, wanted: &Name) -> bool {
        self.with_embedded(name).contains(wanted)
    }

    /// A struct and all that it embeds, at any depth.
    pub(super) fn with_embedded(&self, name: &Name) -> Vec<Name> {
        let mut found = vec![name.clone()];
        let mut seen: HashSet<Name> = found.iter().cloned().collect();
        let mut next = 0;
        while let Some(name) = found.get(next).cloned() {
            next += 1;
            let embeds = self.structs.get(&name).map_or(&[][..], |it| &it.embeds);
            for embedded in embeds {
                if seen.insert(embedded.clone()) {
                    found.push(embedded.clone());
                }
            }
        }
        found
    }
}
