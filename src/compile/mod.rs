//! Tree to code. Knows no machine: both know `program`.

mod analysis;
mod assign;
mod attempts;
mod calls;
mod checks;
mod control;
mod define;
mod emit;
mod expr;
mod function;
mod glances;
mod imports;
mod literals;
mod liveness;
mod loops;
mod marks;
mod names;
mod parts;
mod paths;
mod patterns;
mod plan;
mod powers;
mod prompts;
mod query;
mod session;
mod shared;
mod stmt;
mod tasks;
mod threads;
mod unit;

pub use plan::ParamPlan;
pub use plan::Plan;
pub use plan::RoutePlan;
pub use plan::ServerPlan;
pub use plan::StaticPlan;
pub use plan::TestPlan;
pub use plan::TestsPlan;
pub use session::Known;
pub use session::compile_input;
pub use unit::Export;
pub use unit::Target;
pub use unit::Unit;
pub use unit::exports;

use crate::diag::Diagnostic;
use crate::diag::Span;
use crate::native::Registry;
use crate::syntax::ast;
use crate::syntax::declared as walk;
use crate::value::Code;
use crate::value::Name;
use crate::value::Program;
use analysis::Analysis;
use foldhash::HashMap;
use function::FunctionState;
use std::sync::Arc;

/// What compiling gives.
pub struct Compiled {
    /// The code; worth nothing when there are errors.
    pub program: Program,
    /// What the program serves and tests.
    pub plan: Plan,
    /// Forms that are not supported, functions that are too large: in the main file.
    pub diagnostics: Vec<Diagnostic>,
    /// The same in other files, by their numbers.
    pub broken: Vec<(usize, Diagnostic)>,
}

/// Whose code it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The user's.
    User,
    /// The user's, and each statement leaves a mark when it runs.
    Marked,
    /// Ours: its functions finish builtins, its frames never show.
    Prelude,
}

/// Compiles the files of a program, the main one first, on top of `base`, which holds the prelude.
pub fn compile(
    units: &[Unit<'_>],
    base: &Program,
    registry: &Registry,
    origin: Origin,
) -> Compiled {
    let mut compiler = Compiler::new(units, base, None, registry, origin);
    compiler.units();
    compiler.finish()
}

struct Compiler<'a> {
    program: Program,
    /// New chunks; some are reserved before they are filled.
    chunks: Vec<Option<Code>>,
    /// Functions being compiled, outermost first.
    functions: Vec<FunctionState>,
    analysis: Analysis,
    units: &'a [Unit<'a>],
    /// The file being compiled.
    unit: usize,
    modules: Vec<ModuleCode>,
    registry: &'a Registry,
    origin: Origin,
    /// Functions of the prelude being compiled.
    prelude: HashMap<Name, u32>,
    plan: Plan,
    /// Copies of `finally` blocks so far.
    cleanups: u32,
    /// Whether statements leave marks here.
    is_marking: bool,
    diagnostics: Vec<Diagnostic>,
    broken: Vec<(usize, Diagnostic)>,
}

/// The top-level code of a file.
#[derive(Clone, Copy)]
struct ModuleCode {
    chunk: u32,
    /// The slot that says how far it has run, if anything asks: unset, then false, then true.
    progress: Option<u16>,
    /// Whether it is known to give all its names a value when it has run.
    is_complete: bool,
}

impl<'a> Compiler<'a> {
    fn new(
        units: &'a [Unit<'a>],
        base: &Program,
        known: Option<&Known>,
        registry: &'a Registry,
        origin: Origin,
    ) -> Compiler<'a> {
        let analysis = analysis::analyse(units, registry, known);
        let globals = analysis.globals.iter().map(|global| global.code()).collect();
        Compiler {
            program: Program { globals, ..base.clone() },
            chunks: Vec::new(),
            functions: Vec::new(),
            analysis,
            units,
            unit: 0,
            modules: Vec::new(),
            registry,
            origin,
            prelude: HashMap::default(),
            plan: Plan::default(),
            cleanups: 0,
            is_marking: origin == Origin::Marked,
            diagnostics: Vec::new(),
            broken: Vec::new(),
        }
    }
}

impl Compiler<'_> {
    /// All files; importers last, as far as that goes: they know then what importing leaves.
    fn units(&mut self) {
        self.reserve_units();
        for number in (0..self.units.len()).rev() {
            self.unit(number);
        }
    }

    fn unit(&mut self, number: usize) {
        self.unit = number;
        let tree = self.units[number].tree;
        let ModuleCode { chunk, progress, .. } = self.modules[number];
        self.modules[number].is_complete = true;
        if self.origin == Origin::Prelude {
            self.reserve_prelude(tree);
        }
        let name = if number == 0 { "<main>" } else { "<module>" };
        self.functions.push(FunctionState::new(Arc::from(name), function::Role::Main));
        self.current().chunk.progress = progress;
        self.open_scope(&tree.statements);
        self.note_progress(false, Span::default());
        for statement in &tree.statements {
            self.statement(statement);
        }
        let end = tree.statements.last().map_or(Span::default(), |last| last.span);
        self.note_progress(true, end);
        let state = self.functions.pop().expect("the top-level code was pushed");
        self.fill(chunk, state);
    }

    /// Numbers the functions of the prelude first: they call one another directly.
    fn reserve_prelude(&mut self, tree: &ast::Program) {
        self.program.prelude.resize(self.registry.rows().len(), None);
        for statement in &tree.statements {
            match &statement.kind {
                ast::StmtKind::Function(def) => self.reserve_builtin(&def.name.name),
                ast::StmtKind::Impl(def) => {
                    for method in &def.methods {
                        self.reserve_builtin(&define::method_of(def, method));
                    }
                }
                _ => {}
            }
        }
    }

    fn reserve_builtin(&mut self, name: &str) {
        let chunk = self.reserve();
        self.prelude.insert(Name::from(name), chunk);
        if let Some(id) = self.registry.any(name) {
            self.program.prelude[id] = Some(chunk);
        }
    }

    /// A number for a chunk that is filled later.
    fn reserve(&mut self) -> u32 {
        self.chunks.push(None);
        (self.program.chunks.len() + self.chunks.len() - 1) as u32
    }

    fn fill(&mut self, number: u32, state: FunctionState) {
        // The code of a function that is too large is worth nothing.
        let is_sound = !state.is_full;
        let mut chunk = state.finish();
        if is_sound {
            liveness::apply(&mut chunk);
            threads::apply(&mut chunk);
        }
        chunk.is_prelude = self.origin == Origin::Prelude;
        chunk.module = self.unit as u32;
        let at = number as usize - self.program.chunks.len();
        self.chunks[at] = Some(chunk);
    }

    fn finish(mut self) -> Compiled {
        if self.program.globals.len() > usize::from(u16::MAX) {
            let found = Diagnostic::error("E0298", "too many top-level names in one program");
            self.diagnostics.push(found);
        }
        let chunks = std::mem::take(&mut self.chunks);
        self.program.chunks.extend(
            chunks
                .into_iter()
                .map(|chunk| Arc::new(chunk.expect("every reserved chunk is filled"))),
        );
        Compiled {
            program: self.program,
            plan: self.plan,
            diagnostics: self.diagnostics,
            broken: self.broken,
        }
    }

    /// The function being compiled.
    fn current(&mut self) -> &mut FunctionState {
        self.functions.last_mut().expect("there is always a function")
    }

    fn error(&mut self, code: &'static str, message: impl Into<String>, span: Span) {
        self.report(Diagnostic::error(code, message).at(span));
    }

    fn report(&mut self, found: Diagnostic) {
        match self.unit {
            0 if self.diagnostics.len() < 100 => self.diagnostics.push(found),
            0 => {}
            unit => self.broken.push((unit, found)),
        }
    }
}
