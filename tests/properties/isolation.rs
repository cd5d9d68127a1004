//! P-1: a program in many worlds does what it does in a model that copies everything but shared variables.

use super::generate::Case;
use super::generate::Event;
use super::generate::cases;
use super::model;
use super::model::Stats;
use super::model::Stop;
use super::support;
use forge::engine::Template;
use forge::machine::Fuel;
use forge::world::Snapshot;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::Config;
use proptest::test_runner::FileFailurePersistence;
use proptest::test_runner::TestCaseError;
use proptest::test_runner::TestRunner;

const REGRESSIONS: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/properties.txt");

pub(super) fn config() -> Config {
    Config {
        cases: if std::env::var_os("CI").is_some() { 10_000 } else { 500 },
        max_shrink_iters: 20_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(REGRESSIONS))),
        ..Config::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn worlds_do_what_copies_of_everything_do(case in cases()) {
        check(&case)?;
    }
}

/// How deep the calls of a step may nest.
pub(super) const DEPTH: i64 = 3;

/// The same world twice.
struct Twin {
    forge: Template,
    model: model::World,
    snapshots: Vec<(Snapshot, model::World)>,
}

/// Runs a case both ways.
fn check(case: &Case) -> Result<(), TestCaseError> {
    let mut stats = Stats::default();
    let model = model::World::new(&case.program, &mut stats);
    let forge = support::load(&case.program.to_string());
    let (model, forge) = match (model, forge) {
        (Ok(model), Ok(forge)) => (model, forge),
        (Err(Stop::TooMuch), _) => return Ok(()),
        (Err(Stop::Undefined(name)), Err(fault)) if is_undefined(&fault, &name) => return Ok(()),
        (Err(stop), Err(fault)) => return fail(format!("top level: {stop:?}, forge: {fault}")),
        (Err(stop), Ok(_)) => return fail(format!("top level: {stop:?}, forge does not fail")),
        (Ok(_), Err(fault)) => return fail(format!("top level: forge fails with {fault}")),
    };
    let mut worlds = vec![Twin { forge, model, snapshots: Vec::new() }];
    for (i, event) in case.history.iter().enumerate() {
        match happen(case, &mut worlds, event, &mut stats) {
            Ok(()) => {}
            Err(Failure::TooMuch) => return Ok(()),
            Err(Failure::Differs(how)) => return fail(format!("event {i} ({event:?}): {how}")),
        }
        // Nobody notices.
        worlds.iter().skip(i % 2).step_by(2).for_each(|twin| twin.forge.world.empty_cycles());
    }
    for (i, twin) in worlds.iter().enumerate() {
        // In a fork first: looking calls functions, and must leave the world itself as it was.
        for (seen_by, forge) in [("a fork", twin.forge.fork()), ("itself", twin.forge.clone())] {
            match same(case, &forge, &mut twin.model.clone(), &mut stats) {
                Err(Failure::Differs(how)) => {
                    return fail(format!("world {i} at the end, seen by {seen_by}: {how}"));
                }
                Err(Failure::TooMuch) => break,
                Ok(()) => {}
            }
        }
    }
    Ok(())
}

fn fail(text: String) -> Result<(), TestCaseError> {
    Err(TestCaseError::fail(text))
}

fn is_undefined(fault: &str, name: &str) -> bool {
    fault.starts_with("undefined") && fault.contains(name)
}

enum Failure {
    Differs(String),
    TooMuch,
}

fn happen(
    case: &Case,
    worlds: &mut Vec<Twin>,
    event: &Event,
    stats: &mut Stats,
) -> Result<(), Failure> {
    let count = worlds.len();
    match *event {
        Event::Call { world, step, arg } => {
            let twin = &mut worlds[world % count];
            let step = step % case.program.steps.len();
            let expected = twin.model.call(&case.program.steps[step], [DEPTH, arg], stats);
            if matches!(expected, Err(Stop::TooMuch)) {
                return Err(Failure::TooMuch);
            }
            agrees(&expected, &support::call(&twin.forge, &format!("step{step}"), &[DEPTH, arg]))
        }
        Event::CallWithForks { world, step, arg } => {
            let twin = &mut worlds[world % count];
            let step = step % case.program.steps.len();
            let expected = twin.model.call(&case.program.steps[step], [DEPTH, arg], stats);
            if matches!(expected, Err(Stop::TooMuch)) {
                return Err(Failure::TooMuch);
            }
            if !case.program.commons.is_empty() {
                // Looking into a fork would change what all share, and the model does not look.
                let step = format!("step{step}");
                return agrees(&expected, &support::call(&twin.forge, &step, &[DEPTH, arg]));
            }
            let (actual, forks) = call_with_forks(&twin.forge, step, arg);
            agrees(&expected, &actual)?;
            for (fork, before) in forks {
                let after = look(&fork);
                if before != after {
                    return Err(Failure::Differs(format!("a fork saw {before}, then {after}")));
                }
            }
            Ok(())
        }
        Event::Fork { world } => {
            let twin = &mut worlds[world % count];
            let (forge, model) = (twin.forge.fork(), twin.model.fork(stats));
            worlds.push(Twin { forge, model, snapshots: Vec::new() });
            Ok(())
        }
        Event::Snapshot { world } => {
            let twin = &mut worlds[world % count];
            twin.snapshots.push((twin.forge.world.snapshot(), twin.model.snapshot()));
            Ok(())
        }
        Event::Restore { world, which } => {
            let twin = &mut worlds[world % count];
            if twin.snapshots.is_empty() {
                return Ok(());
            }
            let (snapshot, model) = &twin.snapshots[which % twin.snapshots.len()];
            twin.forge.world.restore(snapshot);
            twin.model.restore(model, stats);
            Ok(())
        }
        Event::Drop { world } => {
            if count > 1 {
                worlds.remove(world % count);
            }
            Ok(())
        }
    }
}

fn agrees(expected: &Result<model::Value, Stop>, actual: &str) -> Result<(), Failure> {
    let agrees = match expected {
        Ok(value) => value.to_string() == actual,
        Err(Stop::Undefined(name)) => is_undefined(actual, name),
        Err(Stop::TooMuch) => return Err(Failure::TooMuch),
    };
    match (agrees, expected) {
        (true, _) => Ok(()),
        (false, Ok(value)) => Err(Failure::Differs(format!("expected {value}, forge: {actual}"))),
        (false, Err(stop)) => Err(Failure::Differs(format!("expected {stop:?}, forge: {actual}"))),
    }
}

/// Both sides show the same state.
fn same(
    case: &Case,
    forge: &Template,
    model: &mut model::World,
    stats: &mut Stats,
) -> Result<(), Failure> {
    let expected = model.call(&case.program.look, [2, 0], stats);
    if matches!(expected, Err(Stop::TooMuch)) {
        return Err(Failure::TooMuch);
    }
    agrees(&expected, &support::call(forge, "look", &[2, 0]))
}

/// What can be seen of a world, which stays as it is.
fn look(template: &Template) -> String {
    support::call(&template.fork(), "look", &[2, 0])
}

/// Forks taken at different moments, each with what could be seen in it then.
type Forks = Vec<(Template, String)>;

/// Calls a step and takes forks on the way.
fn call_with_forks(template: &Template, step: usize, arg: i64) -> (String, Forks) {
    let mut machine = support::machine(template, &format!("step{step}"), &[DEPTH, arg]);
    let mut forks = Vec::new();
    // The model's steps are far fewer.
    for _ in 0..100_000 {
        if let Some(ended) = support::ended(machine.resume(Fuel(1), None)) {
            return (ended.map_or_else(|fault| fault, |value| value.to_string()), forks);
        }
        if forks.len() < 8 {
            let fork = Template { env: machine.environment().clone(), ..template.fork() };
            let seen = look(&fork);
            forks.push((fork, seen));
        }
    }
    ("it does not end".to_string(), forks)
}

/// The generator reaches what it is for: without this, a change to it could leave the property true of nothing.
#[test]
fn random_programs_reach_every_kind_of_sharing() {
    let mut runner = TestRunner::deterministic();
    let mut stats = Stats::default();
    let (mut set_up, cases_run) = (0, 300);
    for _ in 0..cases_run {
        let case = cases().new_tree(&mut runner).expect("nothing is filtered").current();
        if let Ok(model) = model::World::new(&case.program, &mut stats) {
            set_up += 1;
            follow(&case, model, &mut stats);
        }
    }
    let reached = [
        ("writes of captured variables", stats.captured_writes),
        ("writes of top-level variables by top-level functions", stats.plain_writes),
        ("reads of what another closure wrote", stats.shared_reads),
        ("uses of captured loop variables", stats.captured_loop_variables),
        ("second declarations of captured variables", stats.second_lets),
        ("variables that hold closures over them", stats.cycles),
        ("writes through a path", stats.part_writes),
        ("writes in a fork of what it inherited", stats.foreign_writes),
        ("writes in a world that was forked", stats.parent_writes),
        ("forks of forks", stats.nested_forks),
        ("restores after writes", stats.restores),
        ("reads of shared variables that another world wrote", stats.common_reads),
        ("faults", stats.faults),
    ];
    for (what, count) in reached {
        assert!(count >= 20, "{what}: only {count} in {cases_run} cases\n{stats:#?}");
    }
    assert!(set_up * 10 >= cases_run * 9, "only {set_up} of {cases_run} top levels end well");
    assert!(stats.too_much * 10 <= cases_run, "{} cases are cut short", stats.too_much);
}

/// The model's side of a case.
fn follow(case: &Case, model: model::World, stats: &mut Stats) {
    let mut worlds = vec![(model, Vec::new())];
    for event in &case.history {
        let count = worlds.len();
        match *event {
            Event::Call { world, step, arg } | Event::CallWithForks { world, step, arg } => {
                let step = &case.program.steps[step % case.program.steps.len()];
                let result = worlds[world % count].0.call(step, [DEPTH, arg], stats);
                if matches!(result, Err(Stop::TooMuch)) {
                    return;
                }
            }
            Event::Fork { world } => {
                let fork = worlds[world % count].0.fork(stats);
                worlds.push((fork, Vec::new()));
            }
            Event::Snapshot { world } => {
                let (model, snapshots) = &mut worlds[world % count];
                snapshots.push(model.snapshot());
            }
            Event::Restore { world, which } => {
                let (model, snapshots) = &mut worlds[world % count];
                if !snapshots.is_empty() {
                    model.restore(&snapshots[which % snapshots.len()], stats);
                }
            }
            Event::Drop { world } if count > 1 => drop(worlds.remove(world % count)),
            Event::Drop { .. } => {}
        }
    }
    for (world, _) in &mut worlds {
        let _ = world.call(&case.program.look, [2, 0], stats);
    }
}
