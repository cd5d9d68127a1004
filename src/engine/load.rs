//! Source text to a program that is ready to run, and from there to the template that requests fork.

use super::bundle::Bundle;
use super::modules::Files;
use super::modules::Modules;
use super::text::Text;
use crate::builtins;
use crate::check;
use crate::check::Checked;
use crate::compile;
use crate::compile::Compiled;
use crate::compile::Origin;
use crate::compile::Plan;
use crate::compile::Unit;
use crate::diag::Diagnostic;
use crate::diag::Error;
use crate::diag::Fault;
use crate::diag::Severity;
use crate::diag::SourceId;
use crate::diag::Sources;
use crate::diag::Span;
use crate::handles::Scope;
use crate::machine::Image;
use crate::machine::MAX_DEPTH;
use crate::machine::Machine;
use crate::machine::Planned;
use crate::native::Host;
use crate::syntax;
use crate::syntax::ast;
use crate::task;
use crate::value::Code;
use crate::value::Common;
use crate::value::Commons;
use crate::value::Program;
use crate::value::Value;
use crate::world::Environment;
use crate::world::World;
use crate::world::holds_function;
use foldhash::HashMap;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::Ordering::Relaxed;

/// Tasks that may live at once, unless the limit is set otherwise.
pub const MAX_TASKS: usize = 100_000;

/// The highest trees need this much stack to be parsed, compiled and dropped.
const STACK: usize = 64 << 20;

/// A program that has not run yet.
#[derive(Clone)]
pub struct Loaded {
    /// Code, builtins, host.
    pub image: Arc<Image>,
    /// What it serves.
    pub plan: Plan,
    /// What the checker warns of; nothing unless it was asked to look.
    pub warnings: Vec<Diagnostic>,
    /// Where it stands.
    pub files: Files,
    /// Shared variables, by slot, that have outlived another program.
    inherited: Vec<(usize, Arc<Common>)>,
    commons: Arc<Commons>,
}

/// A program whose top-level code has run: what requests fork.
#[derive(Clone)]
pub struct Template {
    /// Code, builtins, host.
    pub image: Arc<Image>,
    /// Its top-level names. Before the world, which looks at its end who holds what.
    pub env: Environment,
    /// Its variables.
    pub world: triomphe::Arc<World>,
}

/// Reads and compiles a program, which is added to `sources`.
///
/// # Errors
/// Everything that is wrong with it; never empty.
pub fn load(
    sources: &mut Sources,
    text: Text<'_>,
    host: Arc<dyn Host>,
) -> Result<Loaded, Vec<Diagnostic>> {
    let source = sources.add(text.name, text.text);
    let (compiled, warnings, files) =
        on_big_stack(|| front_end(sources, text.parse(source), &text))?;
    let scope = Scope::root(MAX_TASKS);
    let image = Image {
        program: Arc::new(compiled.program),
        registry: builtins::registry(),
        host,
        max_depth: MAX_DEPTH,
        blocks: Some(scope.limited(MAX_TASKS)),
        scope,
        max_tasks: MAX_TASKS,
        spawner: Arc::new(task::Shared),
        sources: Arc::new(sources.clone()),
    };
    Ok(Loaded {
        image: Arc::new(image),
        plan: compiled.plan,
        warnings,
        files,
        inherited: Vec::new(),
        commons: Arc::default(),
    })
}

/// A program, which is added to `sources`, with all files that it imports. What is wrong with one that is imported is
/// left out: importing it fails.
///
/// # Errors
/// What is wrong with the text of the program itself.
pub fn bundle(sources: &mut Sources, text: Text<'_>) -> Result<Bundle, Vec<Diagnostic>> {
    let source = sources.add(text.name, text.text);
    on_big_stack(|| {
        let parsed = text.parse(source);
        match parsed.diagnostics.is_empty() {
            true => Ok(Modules::gather(sources, parsed, &text).bundle(sources, &text)),
            false => Err(parsed.diagnostics),
        }
    })
}

/// Parses and checks a program, which is added to `sources`: all that is wrong with it. Nothing runs.
pub fn check(sources: &mut Sources, text: Text<'_>) -> Vec<Diagnostic> {
    on_big_stack(|| examine(sources, text).found)
}

/// What `work` makes of the tree of a program, which is added to `sources`. Nothing is checked, nothing runs.
///
/// # Errors
/// What is wrong with the text; never empty.
pub fn read<T: Send>(
    sources: &mut Sources,
    name: &str,
    text: &str,
    work: impl FnOnce(&ast::Program) -> T + Send,
) -> Result<(SourceId, T), Vec<Diagnostic>> {
    let source = sources.add(name, text);
    on_big_stack(|| {
        let parsed = syntax::parse(source, text);
        match parsed.diagnostics.is_empty() {
            true => Ok((source, work(&parsed.program))),
            false => Err(parsed.diagnostics),
        }
    })
}

/// A program as an editor sees it while it is being written.
pub struct Examined {
    /// Its statements, as far as they could be read.
    pub tree: ast::Program,
    /// All that is wrong with it.
    pub found: Vec<Diagnostic>,
    /// The types of its variables, as far as they are known, by the offsets of their declarations.
    pub types: HashMap<u32, String>,
}

/// Parses and checks a program, which is added to `sources`. Nothing runs. Needs a stack of 64 MiB, and so does
/// letting go of the tree.
pub fn examine(sources: &mut Sources, text: Text<'_>) -> Examined {
    let source = sources.add(text.name, text.text);
    let mut parsed = text.parse(source);
    let faults = std::mem::take(&mut parsed.diagnostics);
    let modules = Modules::gather(sources, parsed, &text);
    let Checked { found, types } = checked(&modules, text.text);
    // What the checker says of a text with holes may be about the holes.
    let found = if faults.is_empty() { found } else { faults };
    Examined { tree: modules.into_main(), found, types }
}

/// What the checker says of the main program.
fn checked(modules: &Modules, text: &str) -> Checked {
    let exports = |path: &str| {
        let names = modules.exports(0, path)?.into_iter().map(|export| export.name.name);
        Some(names.collect())
    };
    check::check(modules.units()[0].tree, text, builtins::registry(), &exports)
}

fn front_end(
    sources: &mut Sources,
    parsed: syntax::Parsed,
    text: &Text<'_>,
) -> Result<(Compiled, Vec<Diagnostic>, Files), Vec<Diagnostic>> {
    if !parsed.diagnostics.is_empty() {
        return Err(parsed.diagnostics);
    }
    let mut modules = Modules::gather(sources, parsed, text);
    let warnings = match text.is_checked {
        true => checked(&modules, text.text).found,
        false => Vec::new(),
    };
    let behind = (text.first > prelude().chunks.len()).then(|| {
        let mut base = prelude().clone();
        base.chunks.resize(text.first, foreign().clone());
        base
    });
    let base = behind.as_ref().unwrap_or(prelude());
    loop {
        let compiled = compile::compile(&modules.units(), base, builtins::registry(), text.origin);
        if compiled.diagnostics.iter().any(|found| found.severity == Severity::Error) {
            return Err(compiled.diagnostics);
        }
        if compiled.broken.is_empty() {
            return Ok((compiled, warnings, modules.places()));
        }
        // Without those that cannot be compiled: each round has fewer files.
        compiled.broken.iter().for_each(|(file, found)| modules.give_up(*file, found));
    }
}

/// Runs `work` where deep trees fit.
pub(super) fn on_big_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        match thread.expect("a thread for the front end can be started").join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// The text of a program as `forge fmt` wants it; the program is added to `sources`.
///
/// # Errors
/// What is wrong with the program; never empty.
pub fn format(sources: &mut Sources, name: &str, text: &str) -> Result<String, Vec<Diagnostic>> {
    let source = sources.add(name, text);
    on_big_stack(|| crate::format::format(source, text))
}

/// The tokens of a text, as far as it can be read; comments and spaces are none.
pub fn tokens(text: &str) -> Vec<String> {
    let lexemes = on_big_stack(|| syntax::parse_marked(SourceId(u32::MAX), text).1);
    let spans = lexemes.iter().map(|it| it.span.start as usize..it.span.end as usize);
    spans.filter_map(|span| text.get(span)).map(str::to_owned).collect()
}

/// The compiled prelude, made once.
pub(super) fn prelude() -> &'static Program {
    static PRELUDE: OnceLock<Program> = OnceLock::new();
    PRELUDE.get_or_init(|| {
        let mut program = Program::default();
        for (file, text) in builtins::PRELUDE {
            let parsed = syntax::parse(SourceId(u32::MAX), text);
            assert!(parsed.diagnostics.is_empty(), "prelude {file}: {:?}", parsed.diagnostics);
            let unit = Unit { tree: &parsed.program, imports: &HashMap::default() };
            let compiled =
                compile::compile(&[unit], &program, builtins::registry(), Origin::Prelude);
            assert!(compiled.diagnostics.is_empty(), "prelude {file}: {:?}", compiled.diagnostics);
            program = compiled.program;
        }
        program
    })
}

/// The code that stands for functions of another program.
fn foreign() -> &'static Arc<Code> {
    static FOREIGN: OnceLock<Arc<Code>> = OnceLock::new();
    FOREIGN.get_or_init(|| {
        let text = "__fail(\"cannot call a function of a program that was replaced\")";
        let parsed = syntax::parse(SourceId(u32::MAX), text);
        let unit = Unit { tree: &parsed.program, imports: &HashMap::default() };
        let registry = builtins::registry();
        let compiled = compile::compile(&[unit], prelude(), registry, Origin::Prelude);
        compiled.program.chunks[compiled.program.main as usize].clone()
    })
}

impl Loaded {
    /// The `shared` variables that `old`, whose files are `files`, declares too in the same file are its own: one
    /// storage for both. What holds a function stays apart: its code is that of one program.
    pub fn inherit(&mut self, old: &Template, files: &Files) {
        let place = |files: &Files, module: u32| files.modules.get(module as usize).cloned();
        let globals = &old.image.program.globals;
        let known = |slot: &usize| match old.env.global(*slot) {
            Value::Common(common) if globals[*slot].is_common => Some(common.clone()),
            _ => None,
        };
        let common = (0..globals.len()).find_map(|slot| known(&slot));
        self.commons = common.map_or_else(Arc::default, |common| common.all.clone());
        for (slot, global) in self.image.program.globals.iter().enumerate() {
            let same = globals.iter().position(|other| {
                global.is_common
                    && other.name == global.name
                    && place(files, other.module) == place(&self.files, global.module)
            });
            let common = same.as_ref().and_then(known);
            self.inherited.extend(
                common.filter(|common| !holds_function(&common.get())).map(|it| (slot, it)),
            );
        }
    }

    /// A world and an environment in which nothing has run: top-level names exist, unset.
    pub fn template(&self) -> Template {
        let (world, env) = (World::new(), Environment::new());
        let mut template = Template { image: self.image.clone(), world, env };
        template.grow(&self.commons);
        for (slot, common) in &self.inherited {
            template.env.set_global(*slot, Value::Common(common.clone()));
        }
        template
    }

    /// A machine that will run the top-level code, and what becomes the template once it has:
    /// [`Template::take_names`].
    pub fn start(&self) -> (Template, Machine) {
        let mut template = self.template();
        // The machine alone holds the environment, so defining a name copies nothing.
        let env = std::mem::take(&mut template.env);
        let (image, main) = (self.image.clone(), self.image.program.main);
        let machine = Machine::start(image, template.world.clone(), env, main);
        (template, machine)
    }

    /// Runs the top-level code; the template that it leaves. The background blocks of the program run.
    ///
    /// # Errors
    /// The failure that nobody caught.
    pub async fn run(&self) -> Result<Template, Error> {
        let (template, planned) = self.run_without_blocks().await?;
        template.begin(planned).map_err(|fault| Error {
            fault,
            span: Span::default(),
            trace: Vec::new(),
        })?;
        Ok(template)
    }

    /// Runs the top-level code; the template that it leaves, and background blocks that did not start while it ran:
    /// [`Template::begin`].
    ///
    /// # Errors
    /// The failure that nobody caught.
    pub async fn run_without_blocks(&self) -> Result<(Template, Vec<Planned>), Error> {
        let (mut template, mut machine) = self.start();
        task::drive(&mut machine).await?;
        template.take_names(&machine);
        template.env.surroundings.settle();
        Ok((template, machine.take_planned()))
    }
}

impl Template {
    /// Gives the top-level names their slots that have none yet: all of a program, the new ones of a session's
    /// input. Transactions reach over the `shared` ones of `commons`.
    pub(super) fn grow(&mut self, commons: &Arc<Commons>) {
        let slots = self.image.program.globals.iter().enumerate().skip(self.env.len());
        for (slot, global) in slots {
            let initial = match global.initial {
                Some(id) => self.image.registry.value(id as usize),
                None => Value::Unset,
            };
            let value = match (global.is_cell, global.is_common) {
                (_, true) => Value::Common(Arc::new(Common::new(commons.clone()))),
                (true, false) => Value::Cell(self.world.cell(initial)),
                (false, false) => initial,
            };
            self.env.set_global(slot, value);
        }
    }

    /// A fork: a world of its own that starts with this one's state. O(1).
    pub fn fork(&self) -> Template {
        Template {
            image: self.image.clone(),
            world: World::fork(&self.world),
            env: self.env.clone(),
        }
    }

    /// Starts the background blocks that the top-level code planned, as tasks of this world.
    ///
    /// # Errors
    /// When nothing more can be run.
    pub fn begin(&self, planned: Vec<Planned>) -> Result<(), Fault> {
        planned.into_iter().try_for_each(|one| one.begin(&self.image, &self.world, &self.env))
    }

    /// The same names in another world: one that is a fork of this one's.
    pub fn with_world(&self, world: triomphe::Arc<World>) -> Template {
        Template { image: self.image.clone(), world, env: self.env.clone() }
    }

    /// The top-level names as a machine of this world sees them.
    pub fn take_names(&mut self, machine: &Machine) {
        self.env = machine.environment().clone();
    }

    /// The same state for machines whose output goes to `host`.
    pub fn with_host(&self, host: Arc<dyn Host>) -> Template {
        let image = Image { host, ..(*self.image).clone() };
        Template { image: Arc::new(image), ..self.clone() }
    }

    /// The statements that ran so far, of a program that was loaded with [`Text::marked`].
    pub fn executed(&self) -> impl Iterator<Item = Span> {
        let marks = self.image.program.chunks.iter().flat_map(|chunk| &chunk.marks);
        marks.filter(|mark| mark.has_run.load(Relaxed)).map(|mark| mark.span)
    }

    /// What the top-level name of the main file holds now, for tools and tests; `None` when it has no slot.
    pub fn global(&self, name: &str) -> Option<Value> {
        let mut globals = self.image.program.globals.iter();
        let slot = globals.position(|global| global.module == 0 && &*global.name == name)?;
        Some(self.slot(slot))
    }

    /// What the slot of a top-level name holds now.
    pub fn slot(&self, slot: usize) -> Value {
        match self.env.global(slot) {
            Value::Cell(cell) => self.world.get(cell, &mut Default::default()),
            Value::Common(common) => common.get(),
            value => value.clone(),
        }
    }

    /// The same state behind handles of its own, so that cores that fork it do not fight over one reference count. It
    /// is a fork: what goes on in this world is not seen in it.
    pub fn replica(&self) -> Template {
        Template {
            image: Arc::new((*self.image).clone()),
            world: World::fork(&self.world),
            env: self.env.replica(),
        }
    }

    /// A machine that will call `function` in this world.
    ///
    /// # Errors
    /// When it cannot be called.
    pub fn call(&self, function: Value, args: Vec<Value>) -> Result<Machine, Fault> {
        Machine::new(self.image.clone(), self.world.clone(), self.env.clone(), function, args)
    }
}
