//! Tree to code. Knows no machine: both know `program`.

mod analysis;
mod assign;
mod calls;
mod control;
mod define;
mod emit;
mod expr;
mod function;
mod literals;
mod liveness;
mod loops;
mod marks;
mod names;
mod patterns;
mod plan;
mod query;
mod stmt;

pub use plan::ParamPlan;
pub use plan::Plan;
pub use plan::RoutePlan;
pub use plan::ServerPlan;
pub use plan::TestPlan;
pub use plan::TestsPlan;

use crate::diag::Diagnostic;
use crate::diag::Span;
use crate::native::Registry;
use crate::syntax::ast;
use crate::syntax::declared as walk;
use crate::value::Code;
use crate::value::Name;
use crate::value::Program;
use analysis::Analysis;
use function::FunctionState;
use std::collections::HashMap;
use std::sync::Arc;

/// What compiling gives.
pub struct Compiled {
    /// The code; worth nothing when there are errors.
    pub program: Program,
    /// What the program serves and tests.
    pub plan: Plan,
    /// Forms that are not supported, functions that are too large.
    pub diagnostics: Vec<Diagnostic>,
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

/// Compiles a file on top of `base`, which holds the prelude.
pub fn compile(
    tree: &ast::Program,
    base: &Program,
    registry: &Registry,
    origin: Origin,
) -> Compiled {
    let analysis = analysis::analyse(tree, registry);
    let globals = analysis.globals.iter().map(|global| global.code()).collect();
    let mut compiler = Compiler {
        program: Program { globals, ..base.clone() },
        chunks: Vec::new(),
        functions: Vec::new(),
        analysis,
        registry,
        origin,
        prelude: HashMap::new(),
        plan: Plan::default(),
        cleanups: 0,
        is_marking: origin == Origin::Marked,
        diagnostics: Vec::new(),
    };
    compiler.main(tree);
    compiler.finish()
}

struct Compiler<'a> {
    program: Program,
    /// New chunks; some are reserved before they are filled.
    chunks: Vec<Option<Code>>,
    /// Functions being compiled, outermost first.
    functions: Vec<FunctionState>,
    analysis: Analysis,
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
}

impl Compiler<'_> {
    fn main(&mut self, tree: &ast::Program) {
        let main = self.reserve();
        if self.origin == Origin::Prelude {
            self.reserve_prelude(tree);
        }
        let name: Name = Arc::from("<main>");
        self.functions.push(FunctionState::new(name, function::Role::Main));
        self.open_scope(&tree.statements);
        for statement in &tree.statements {
            self.statement(statement);
        }
        let state = self.functions.pop().expect("main was pushed");
        self.fill(main, state);
        self.program.main = main;
    }

    /// Numbers the functions of the prelude first: they call one another directly.
    fn reserve_prelude(&mut self, tree: &ast::Program) {
        self.program.prelude.resize(self.registry.rows().len(), None);
        for statement in &tree.statements {
            if let ast::StmtKind::Function(def) = &statement.kind {
                let chunk = self.reserve();
                self.prelude.insert(def.name.name.clone(), chunk);
                if let Some(id) = self.registry.any(&def.name.name) {
                    self.program.prelude[id] = Some(chunk);
                }
            }
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
            liveness::move_last_uses(&mut chunk);
        }
        chunk.is_prelude = self.origin == Origin::Prelude;
        let at = number as usize - self.program.chunks.len();
        self.chunks[at] = Some(chunk);
    }

    fn finish(mut self) -> Compiled {
        let chunks = std::mem::take(&mut self.chunks);
        self.program.chunks.extend(
            chunks
                .into_iter()
                .map(|chunk| Arc::new(chunk.expect("every reserved chunk is filled"))),
        );
        Compiled { program: self.program, plan: self.plan, diagnostics: self.diagnostics }
    }

    /// The function being compiled.
    fn current(&mut self) -> &mut FunctionState {
        self.functions.last_mut().expect("there is always a function")
    }

    fn error(&mut self, code: &'static str, message: impl Into<String>, span: Span) {
        if self.diagnostics.len() < 100 {
            self.diagnostics.push(Diagnostic::error(code, message).at(span));
        }
    }

    /// A form whose meaning does not exist yet.
    fn unsupported(&mut self, form: &str, span: Span) {
        self.error("E0299", format!("`{form}` is not supported yet"), span);
    }
}
