//! One file: its top-level code in a fresh world, then its tests (language-statements 16.2).

use super::Settings;
use super::Source;
use super::State;
use super::capture::Capture;
use super::capture::Written;
use super::coverage::Lines;
use super::examples;
use super::runner::Ended;
use super::runner::Runner;
use super::runner::Stop;
use super::runner::lost;
use crate::compile::Plan;
use crate::compile::TestPlan;
use crate::compile::TestsPlan;
use crate::diag::Diagnostic;
use crate::diag::Fault;
use crate::diag::Sources;
use crate::engine;
use crate::engine::Loaded;
use crate::engine::Template;
use crate::engine::Text;
use crate::native::Started;
use crate::serve::Inside;
use crate::serve::Threads;
use crate::value::Value;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;

/// The text about a name without a function.
pub(super) const NOT_FOUND: &str = "function not found";

/// What became of a file.
pub(super) struct FileReport {
    /// Its path.
    pub(super) name: String,
    /// Its text, and those it loaded.
    pub(super) sources: Sources,
    /// What happened.
    pub(super) body: Body,
    /// Its executable lines and which of them ran; empty unless somebody asks.
    pub(super) lines: Vec<Lines>,
}

impl FileReport {
    /// Leaves out what comes after so many failures.
    pub(super) fn cut(&mut self, most: usize) {
        let Body::Ran(_, tests) = &mut self.body else { return };
        let failed = tests.iter().enumerate().filter(|(_, test)| test.has_failed());
        if let Some((last, _)) = failed.take(most).nth(most - 1) {
            tests.truncate(last + 1);
        }
    }
}

/// What happened in a file.
pub(super) enum Body {
    /// It has no test that was asked for.
    Silent,
    /// It could not be read, or we failed.
    Lost(String),
    /// It is no program.
    Wrong(Vec<Diagnostic>),
    /// Its top-level code failed.
    NotSetUp(Written, Stop),
    /// Its tests ran.
    Ran(Written, Vec<TestReport>),
}

/// What became of a test.
pub(super) struct TestReport {
    pub(super) plan: TestPlan,
    pub(super) output: Written,
    pub(super) outcome: Outcome,
    /// The hooks included.
    pub(super) took: Duration,
}

impl TestReport {
    pub(super) fn has_failed(&self) -> bool {
        !matches!(self.outcome, Outcome::Passed | Outcome::Skipped)
    }
}

/// How a test ended.
pub(super) enum Outcome {
    Skipped,
    Passed,
    /// No function has its name any more, or yet.
    NotFound,
    BeforeFailed(Stop),
    /// The test failed, and perhaps `@after` as well.
    Failed(Stop, Option<Stop>),
    AfterFailed(Stop),
}

/// What a file runs with.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) runner: Arc<Runner>,
    pub(super) settings: Arc<Settings>,
    /// Where the requests of tests to their own programs are answered.
    pub(super) threads: Arc<Threads>,
}

/// A file that was read.
pub(super) struct Read {
    pub(super) sources: Sources,
    pub(super) loaded: Result<Loaded, Body>,
    /// What its top-level code writes.
    output: Arc<Capture>,
}

impl Context {
    /// Runs the tests of the file at `path`.
    pub(super) async fn run_file(self, path: PathBuf) -> FileReport {
        let name = path.display().to_string();
        let settings = self.settings.clone();
        // Reading blocks, and the front end takes a while: neither belongs on a thread that polls.
        let read = tokio::task::spawn_blocking(move || read(&path, &settings)).await;
        let (sources, body, lines) = match read {
            Ok(Read { sources, loaded: Ok(loaded), output }) => {
                let (body, template) = self.run_program(&loaded, &output).await;
                let lines = match template {
                    Some(template) if self.settings.coverage.is_some() => {
                        Lines::of(&sources, template.executed())
                    }
                    _ => Vec::new(),
                };
                (sources, body, lines)
            }
            Ok(Read { sources, loaded: Err(body), .. }) => (sources, body, Vec::new()),
            Err(failed) => (Sources::new(), Body::Lost(lost(failed).text()), Vec::new()),
        };
        FileReport { name, sources, body, lines }
    }

    /// Sets the program up and runs its tests; it is given back if it ran at all.
    async fn run_program(&self, loaded: &Loaded, output: &Capture) -> (Body, Option<Template>) {
        let plan = &loaded.plan.tests;
        let mut wanted: Vec<&TestPlan> =
            plan.tests.iter().filter(|test| self.settings.wants(&test.name)).collect();
        if wanted.is_empty() {
            return (Body::Silent, None);
        }
        if let Some(seed) = self.settings.shuffle {
            wanted.shuffle(&mut StdRng::seed_from_u64(seed));
        }
        let (mut template, machine) = loaded.start();
        let ended = self.runner.run(|| Ok(machine)).await;
        let written = output.take();
        match ended.result {
            Ok(mut machine) => {
                template.take_names(&machine);
                if let Err(fault) = template.begin(machine.take_planned()) {
                    return (Body::NotSetUp(written, Stop::Refused(fault)), Some(template));
                }
            }
            Err(stop) => return (Body::NotSetUp(written, stop), Some(template)),
        }
        let program = Arc::new(loaded.plan.clone());
        let has_hooks = plan.before.is_some() || plan.after.is_some();
        let tests = match has_hooks || self.settings.state == State::Shared {
            true => self.one_by_one(&wanted, &program, template.clone()).await,
            false => self.all_at_once(&wanted, &program, &template).await,
        };
        // Nothing of the file goes on beside the next one.
        loaded.image.scope.cancel();
        (Body::Ran(written, tests), Some(template))
    }

    /// Tests without hooks cannot see one another.
    async fn all_at_once(
        &self,
        tests: &[&TestPlan],
        program: &Arc<Plan>,
        template: &Template,
    ) -> Vec<TestReport> {
        let start = |test: &&TestPlan| {
            let (context, test, template) = (self.clone(), (*test).clone(), template.clone());
            let program = program.clone();
            tokio::spawn(async move { context.test(&test, &program, template).await.0 })
        };
        let running: Vec<_> = tests.iter().map(start).collect();
        let mut reports = Vec::with_capacity(tests.len());
        for (test, running) in tests.iter().zip(running) {
            reports.push(running.await.unwrap_or_else(|failed| TestReport {
                plan: (*test).clone(),
                output: Written::new(),
                outcome: Outcome::Failed(lost(failed), None),
                took: Duration::ZERO,
            }));
        }
        reports
    }

    /// What hooks write, the tests after them see.
    async fn one_by_one(
        &self,
        tests: &[&TestPlan],
        program: &Arc<Plan>,
        mut template: Template,
    ) -> Vec<TestReport> {
        let mut reports = Vec::with_capacity(tests.len());
        let mut failures = 0;
        for test in tests {
            let (report, after) = self.test(test, program, template).await;
            failures += usize::from(report.has_failed());
            reports.push(report);
            template = after;
            if self.settings.fail_fast.is_some_and(|most| failures >= most.get()) {
                break;
            }
        }
        reports
    }

    /// One test with its hooks, and the file's program as the hooks leave it.
    async fn test(
        &self,
        plan: &TestPlan,
        program: &Arc<Plan>,
        template: Template,
    ) -> (TestReport, Template) {
        let capture = Arc::new(Capture::new(template.image.host.started().clone()));
        let template = template.with_host(capture.clone());
        let (threads, runtime) = (self.threads.clone(), Handle::current());
        let inside = Inside::new(&template.image, program, runtime, threads);
        let open = Open::new(&capture, inside);
        let mut around = Around { runner: &self.runner, template, took: Duration::ZERO };
        let outcome = match plan.is_skipped {
            true => Outcome::Skipped,
            false => around.test(plan, &program.tests, self.settings.state).await,
        };
        let Around { template, took, .. } = around;
        drop(open);
        (TestReport { plan: plan.clone(), output: capture.take(), outcome, took }, template)
    }
}

/// A test that may ask the handlers of its program. What they have left behind ends with it.
struct Open<'a>(&'a Capture);

impl Open<'_> {
    fn new(capture: &Arc<Capture>, inside: Inside) -> Open<'_> {
        capture.set_served(Some(Arc::new(inside)));
        Open(capture)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.set_served(None);
    }
}

/// Reads and compiles a file.
pub(super) fn read(path: &PathBuf, settings: &Settings) -> Read {
    let name = path.display().to_string();
    let mut sources = Sources::new();
    let started =
        Started { may_run: settings.may_run, is_sealed: false, arguments: vec![name.clone()] };
    let output = Arc::new(Capture::new(started));
    let loaded = match std::fs::read_to_string(path) {
        Err(error) => Err(Body::Lost(format!("could not read the file: {error}"))),
        Ok(text) => {
            let (text, path) = match settings.source {
                Source::Tests => (text, path.clone()),
                Source::Examples => stand_in(&text, path),
            };
            let text = Text::new(&name, &text).in_file(&path);
            let text = if settings.coverage.is_some() { text.marked() } else { text };
            engine::load(&mut sources, text, output.clone()).map_err(Body::Wrong)
        }
    };
    let loaded = loaded.map(|mut loaded| {
        Arc::make_mut(&mut loaded.image).max_depth = settings.max_depth;
        loaded
    });
    Read { sources, loaded, output }
}

/// A program with the examples of a file, and where it would stand: beside the file, which it imports.
fn stand_in(text: &str, path: &Path) -> (String, PathBuf) {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let text = examples::examples(text, &file);
    (text, path.with_file_name(format!("{file}.examples")))
}

/// A test under way: the program of its file, and the time that was needed so far.
struct Around<'a> {
    runner: &'a Runner,
    template: Template,
    took: Duration,
}

impl Around<'_> {
    async fn test(&mut self, plan: &TestPlan, hooks: &TestsPlan, state: State) -> Outcome {
        if let Err(stop) = self.hook(hooks.before).await {
            return Outcome::BeforeFailed(stop);
        }
        let is_there = !matches!(self.template.slot(plan.slot), Value::Unset);
        let failed = match is_there {
            true => self.call(plan.slot, state).await.result.err(),
            false => None,
        };
        let after = self.hook(hooks.after).await;
        match (failed, after) {
            _ if !is_there => Outcome::NotFound,
            (Some(stop), after) => Outcome::Failed(stop, after.err()),
            (None, Err(stop)) => Outcome::AfterFailed(stop),
            (None, Ok(())) => Outcome::Passed,
        }
    }

    /// Runs a hook, if there is one, in the file's own world.
    async fn hook(&mut self, slot: Option<usize>) -> Result<(), Stop> {
        let Some(slot) = slot else { return Ok(()) };
        let machine = self.call(slot, State::Shared).await.result?;
        self.template.take_names(&machine);
        Ok(())
    }

    /// Calls what the top-level name of `slot` holds by then.
    async fn call(&mut self, slot: usize, state: State) -> Ended {
        let template = self.template.clone();
        let start = move || {
            let template = match state {
                State::Forked => template.fork(),
                State::Shared => template,
            };
            match template.slot(slot) {
                Value::Unset => Err(Fault::message(NOT_FOUND)),
                function => template.call(function, Vec::new()),
            }
        };
        let ended = self.runner.run(start).await;
        self.took += ended.took;
        ended
    }
}
