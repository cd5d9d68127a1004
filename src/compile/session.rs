//! Inputs of a session, one after the other: each is the main file of a program that begins like the one before.
//!
//! Any later input may assign, redefine or first define a name that an earlier function uses. So all top-level names of a
//! session live in slots and are cells, and a function may name what does not exist yet.

use super::Compiled;
use super::Compiler;
use super::Origin;
use super::Plan;
use super::Unit;
use super::analysis::GlobalFacts;
use crate::native::Registry;
use crate::value::Name;
use crate::value::Program;
use foldhash::HashMap;

/// What a session knows when its next input is compiled.
#[derive(Clone, Default)]
pub struct Known {
    /// All top-level variables so far, in slot order.
    pub(super) globals: Vec<GlobalFacts>,
    /// What the names of the session mean: slots.
    pub(super) names: HashMap<Name, usize>,
}

impl Known {
    /// The names of the session with their slots and whether they may be assigned, in the order of their first use;
    /// some may have no value.
    pub fn names(&self) -> Vec<(Name, usize, bool)> {
        let mut names: Vec<(Name, usize, bool)> = self
            .names
            .iter()
            .filter(|(name, _)| !name.starts_with('@'))
            .map(|(name, slot)| (name.clone(), *slot, self.globals[*slot].is_mutable))
            .collect();
        names.sort_by_key(|(_, slot, _)| *slot);
        names
    }

    /// The slot of a name.
    pub fn slot(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }
}

/// Compiles the files of an input, the input itself first, on top of the program of the session so far, with what its
/// inputs serve; what is known afterwards.
pub fn compile_input(
    units: &[Unit<'_>],
    base: &Program,
    (known, plan): (&Known, &Plan),
    registry: &Registry,
) -> (Compiled, Known) {
    let mut compiler = Compiler::new(units, base, Some(known), registry, Origin::User);
    compiler.plan = Plan { server: None, ..plan.clone() };
    compiler.units();
    let known = compiler.known();
    let mut compiled = compiler.finish();
    compiled.plan.supersede(plan);
    (compiled, known)
}

impl Compiler<'_> {
    fn known(&self) -> Known {
        let names = self.analysis.session_names();
        let globals = self.analysis.globals.iter().map(|global| GlobalFacts {
            // The files of the next input are others.
            unit: if global.unit == 0 { 0 } else { usize::MAX },
            is_defined: false,
            ..global.clone()
        });
        Known { globals: globals.collect(), names }
    }
}
