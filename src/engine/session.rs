//! A program that grows input by input: what a REPL and its tests drive.

use super::Template;
use super::Text;
use super::load::on_big_stack;
use super::load::prelude;
use super::modules::Modules;
use crate::builtins;
use crate::check;
use crate::compile;
use crate::compile::Known;
use crate::compile::Plan;
use crate::diag::Diagnostic;
use crate::diag::Fault;
use crate::diag::Severity;
use crate::diag::Sources;
use crate::machine::Image;
use crate::machine::Machine;
use crate::syntax::ast;
use crate::value::Commons;
use crate::value::Program;
use crate::value::Value;
use std::sync::Arc;

/// The state between two inputs. A clone costs a few pointers and, of names and code, no more than their tables.
#[derive(Clone)]
pub struct Session {
    /// Code, world and top-level names.
    pub template: Template,
    known: Known,
    /// What its `shared` variables belong to.
    commons: Arc<Commons>,
    /// What it serves.
    plan: Plan,
}

/// An input that has been compiled and not run yet.
pub struct Input {
    /// The machine that will run it.
    pub machine: Machine,
    /// What the session is when it has: [`Input::done`].
    session: Session,
    /// The warnings of the checker.
    pub warnings: Vec<Diagnostic>,
}

impl Session {
    /// A session in which nothing has been said.
    pub fn new(image: Image) -> Session {
        let image = Image { program: Arc::new(prelude().clone()), ..image };
        let template = Template {
            image: Arc::new(image),
            world: crate::world::World::new(),
            env: crate::world::Environment::new(),
        };
        Session {
            template,
            known: Known::default(),
            commons: Arc::default(),
            plan: Plan::default(),
        }
    }

    /// A fork: a session of its own that starts with this one's state. O(1).
    pub fn fork(&self) -> Session {
        Session { template: self.template.fork(), ..self.clone() }
    }

    /// A session in which nothing has been said.
    pub fn emptied(&self) -> Session {
        Session::new((*self.template.image).clone())
    }

    /// The same; what its next input starts can be cancelled by itself.
    pub fn with_scope(&self) -> Session {
        let scope = self.template.image.scope.open();
        let image = Image { blocks: Some(scope.clone()), scope, ..(*self.template.image).clone() };
        let template = Template { image: Arc::new(image), ..self.template.clone() };
        Session { template, ..self.clone() }
    }

    /// What the decorators of its inputs say.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Compiles the next input, which is added to `sources`; its world is the session's own. Its value gets names when it
    /// has a number.
    ///
    /// # Errors
    /// Everything that is wrong with it; never empty.
    pub fn read(
        &self,
        sources: &mut Sources,
        text: Text<'_>,
        number: Option<usize>,
    ) -> Result<Input, Vec<Diagnostic>> {
        let source = sources.add(text.name, text.text);
        let (compiled, known, warnings) = on_big_stack(|| {
            let mut parsed = text.parse(source);
            if !parsed.diagnostics.is_empty() {
                return Err(parsed.diagnostics);
            }
            let warnings = self.warnings(&parsed.program, text.text);
            self.give_back_the_last(&mut parsed.program, sources, number);
            let mut modules = Modules::gather(sources, parsed, &text);
            loop {
                let base = &self.template.image.program;
                let (compiled, known) = compile::compile_input(
                    &modules.units(),
                    base,
                    (&self.known, &self.plan),
                    builtins::registry(),
                );
                if compiled.diagnostics.iter().any(|found| found.severity == Severity::Error) {
                    return Err(compiled.diagnostics);
                }
                if compiled.broken.is_empty() {
                    return Ok((compiled, known, warnings));
                }
                compiled.broken.iter().for_each(|(file, found)| modules.give_up(*file, found));
            }
        })?;
        let image = Image {
            program: Arc::new(compiled.program),
            sources: Arc::new(sources.clone()),
            ..(*self.template.image).clone()
        };
        let mut template = Template { image: Arc::new(image), ..self.template.clone() };
        template.grow(&self.commons);
        let env = std::mem::take(&mut template.env);
        let (image, main) = (template.image.clone(), template.image.program.main);
        let machine = Machine::start(image, template.world.clone(), env, main);
        let session =
            Session { template, known, commons: self.commons.clone(), plan: compiled.plan };
        Ok(Input { machine, session, warnings })
    }

    /// The names of the session that have a value, and whether they may be assigned.
    pub fn names(&self) -> Vec<(crate::value::Name, Value, bool)> {
        let names = self.known.names().into_iter().filter(|(name, ..)| !is_result(name));
        let values =
            names.map(|(name, slot, is_mutable)| (name, self.template.slot(slot), is_mutable));
        values.filter(|(_, value, _)| !matches!(value, Value::Unset)).collect()
    }

    /// What a name of the session holds.
    pub fn value(&self, name: &str) -> Option<Value> {
        let value = self.template.slot(self.known.slot(name)?);
        (!matches!(value, Value::Unset)).then_some(value)
    }
}

impl Input {
    /// The program of the session with the code of this input.
    pub fn program(&self) -> &Program {
        &self.session.template.image.program
    }

    /// The session after the input, whose background blocks begin.
    ///
    /// # Errors
    /// When they cannot.
    pub fn done(self) -> Result<Session, Fault> {
        let Input { mut machine, mut session, .. } = self;
        session.template.take_names(&machine);
        let planned = machine.take_planned();
        drop(machine);
        session.template.begin(planned)?;
        Ok(session)
    }
}

impl Session {
    /// What the checker says of an input, but for names that earlier inputs have defined.
    fn warnings(&self, program: &ast::Program, text: &str) -> Vec<Diagnostic> {
        let is_known = |found: &Diagnostic| {
            let name = found.message.split('\'').nth(1).unwrap_or_default();
            found.code == "E0301" && self.known.slot(name).is_some()
        };
        let mut found = check::check(program, text, builtins::registry(), &|_| None).found;
        found.retain(|found| !is_known(found));
        found
    }

    /// The value of a last statement that is an expression is what the input gives, and what `_last`, `_` and the number
    /// of the input stand for from then on.
    fn give_back_the_last(
        &self,
        program: &mut ast::Program,
        sources: &mut Sources,
        number: Option<usize>,
    ) {
        let Some(last) = program.statements.pop_if(|it| matches!(it.kind, ast::StmtKind::Expr(_)))
        else {
            return;
        };
        let (ast::StmtKind::Expr(last), span) = (last.kind, last.span) else { return };
        let Some(number) = number else {
            let kind = ast::StmtKind::Return(Some(last));
            return program.statements.push(ast::Stmt { kind, span });
        };
        let before = if self.known.slot("_").is_some() { "_" } else { "null" };
        let text = format!(
            "let _last = null\nlet _{number} = _last\nlet _ = if _last == null {{ {before} }} else {{ _last }}\n\
             return _last"
        );
        let source = sources.add("<results>", text.as_str());
        let mut results = crate::syntax::parse(source, &text).program.statements;
        if let Some(ast::StmtKind::Let { value, .. }) = results.first_mut().map(|it| &mut it.kind) {
            *value = last;
        }
        program.statements.append(&mut results);
    }
}

/// Whether a name stands for the value of an input.
fn is_result(name: &str) -> bool {
    name.strip_prefix('_').is_some_and(|rest| {
        rest.is_empty() || rest == "last" || rest.bytes().all(|byte| byte.is_ascii_digit())
    })
}
