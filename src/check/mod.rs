//! Tree to warnings: names, types, matches, jumps (language-statements 12). It never changes what a program does, and
//! says nothing where it is not certain.
//!
//! The program is walked twice. The first walk only learns what later code tells about earlier code: what functions
//! give, which variables are assigned, which types there are. The second one reports.

mod annotations;
mod calls;
mod definitions;
mod facts;
mod forms;
mod functions;
mod habits;
mod infer;
mod interfaces;
mod matches;
mod members;
mod names;
mod narrow;
mod scopes;
mod signatures;
mod statements;
mod tables;
mod types;

pub use names::advise_of_undefined;
pub use names::member_of_a_module;

use crate::diag::Diagnostic;
use crate::native::Registry;
use crate::syntax::ast::Name;
use crate::syntax::ast::Program;
use facts::Facts;
use foldhash::HashMap;
use functions::Function;
use narrow::Undo;
use scopes::Boundary;
use scopes::Scope;
use tables::Tables;

/// The top-level names of what an import without braces names, if they can be known. Where they cannot, names that
/// the import may define are not reported.
pub type Modules<'m> = dyn Fn(&str) -> Option<Vec<Name>> + 'm;

/// More findings than this nobody reads; nor is it worth while to look for what more unknown names may have meant.
const MOST: usize = 100;

/// What came of a check.
pub struct Checked {
    /// Warnings, in source order.
    pub found: Vec<Diagnostic>,
    /// The types of variables, as far as they are known, by the offsets of their declarations.
    pub types: HashMap<u32, String>,
}

/// Checks the program that was read from `text`.
pub fn check(tree: &Program, text: &str, registry: &Registry, modules: &Modules<'_>) -> Checked {
    let mut checker = Checker {
        text,
        registry,
        modules,
        scopes: Vec::new(),
        tables: Tables::default(),
        facts: Facts::default(),
        narrowings: Vec::new(),
        repeats_from: 0,
        function: Function::default(),
        searches: 0,
        generics: Vec::new(),
        is_reporting: false,
        found: Vec::new(),
        types: HashMap::default(),
    };
    checker.walk(tree);
    checker.is_reporting = true;
    checker.walk(tree);
    checker.found.sort_by_key(|found| found.span.map(|span| span.start));
    Checked { found: checker.found, types: checker.types }
}

struct Checker<'a> {
    text: &'a str,
    registry: &'a Registry,
    modules: &'a Modules<'a>,
    /// Innermost last.
    scopes: Vec<Scope>,
    tables: Tables,
    facts: Facts,
    /// How to take back what conditions told.
    narrowings: Vec<Undo>,
    /// How many scopes were open where the innermost code begins that may run again.
    repeats_from: usize,
    function: Function,
    /// How often a name of a type was looked for in vain.
    searches: usize,
    /// Type parameters in scope.
    generics: Vec<Name>,
    is_reporting: bool,
    found: Vec<Diagnostic>,
    types: HashMap<u32, String>,
}

impl Checker<'_> {
    fn walk(&mut self, tree: &Program) {
        self.function = Function::default();
        self.open(Boundary::None, &tree.statements);
        self.statements(&tree.statements);
        self.close();
    }

    fn warning(&self, code: &'static str, text: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(code, text)
    }

    fn report(&mut self, found: Diagnostic) {
        if self.is_reporting && self.found.len() < MOST {
            self.found.push(found);
        }
    }
}
