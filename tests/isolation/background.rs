//! Background blocks: their own variables, what they share, and what forks see of it. Runs are made by hand.

use super::support::call;
use super::tasks::Program;
use forge::machine::Trigger;
use std::time::Duration;

const BLOCK: &str = "
let mut direct = 0
let mut by_function = 0
let mut by_lambda = 0
let mut by_nested = 0
fn add() { by_function += 1 }
let lambda = fn() { by_lambda += 1 }
fn make() { fn nested() { by_nested += 1 }
    return nested }
let nested = make()
fn look() { return [direct, by_function, by_lambda, by_nested] }
";

const TICK: &str = "direct += 1
    add()
    lambda()
    nested()
    look()";

// T-U19
#[test]
fn plain_versus_captured_in_background_blocks() {
    let text = format!("{BLOCK}schedule every 1 seconds {{ {TICK} }}\nfn run() {{ look() }}");
    let program = Program::new(&text, 1);
    assert_eq!(program.schedule.blocks().len(), 1);
    let early = program.template.fork();
    for n in 1..=3 {
        let seen = program.schedule.tick(0).expect("it ends").expect("it does not fail");
        assert_eq!(seen.to_string(), format!("[{n}, {n}, 0, 0]"), "the block's own go on");
        let after = format!("[0, 0, {n}, {n}]");
        assert_eq!(call(&program.template, "look", &[]), after, "the program");
        assert_eq!(call(&program.template.fork(), "look", &[]), after, "a later fork");
        assert_eq!(call(&early, "look", &[]), "[0, 0, 0, 0]", "an earlier fork");
    }
}

#[test]
fn blocks_advance_one_captured_counter_and_keep_plain_ones_apart() {
    let text = "
fn make() { let mut n = 0
    return fn() { n += 1
        return n } }
let count = make()
let mut plain = 50
schedule every 1 seconds { plain += 1
    [count(), plain] }
schedule every 1 seconds { plain += 10
    [count(), plain] }";
    let program = Program::new(text, 1);
    let ticks: Vec<String> = [0, 1, 0, 0, 1]
        .map(|at| program.schedule.tick(at).expect("it ends").expect("it does not fail"))
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(ticks, ["[1, 51]", "[2, 60]", "[3, 52]", "[4, 53]", "[5, 70]"]);
}

#[test]
fn what_a_fork_does_is_not_seen_by_blocks() {
    let text = "
fn make() { let mut n = 0
    return fn() { n += 1
        return n } }
let count = make()
schedule every 1 seconds { count() }
fn run() { return count() }";
    let program = Program::new(text, 1);
    assert_eq!(call(&program.template.fork(), "run", &[]), "1");
    for n in 1..=2 {
        let seen = program.schedule.tick(0).expect("it ends").expect("it does not fail");
        assert_eq!(seen.to_string(), n.to_string());
    }
    assert_eq!(call(&program.template.fork(), "run", &[]), "3");
}

#[test]
fn a_run_that_fails_keeps_what_it_did_and_the_next_goes_on() {
    let text = "
let mut n = 0
schedule every 1 seconds { n += 1
    if n == 2 { 1 / 0 }
    n }";
    let program = Program::new(text, 1);
    let ticks: Vec<String> = (0..3)
        .map(|_| match program.schedule.tick(0).expect("it ends") {
            Ok(value) => value.to_string(),
            Err(text) => text.lines().next().unwrap_or_default().to_string(),
        })
        .collect();
    assert_eq!(ticks, ["1", "division by zero", "3"]);
}

#[test]
fn blocks_hang_below_the_program_and_count_as_tasks() {
    let program = Program::new("schedule every 1 seconds { }\nwatch \"x\" { }", 1);
    let image = &program.template.image;
    assert_eq!(image.scope.live(), 2);
    assert_eq!(image.blocks.as_ref().map(|blocks| blocks.live()), Some(2));
    program.schedule.blocks().clear();
    assert_eq!(image.scope.live(), 0);
}

/// Kind, line and trigger of each block of a program.
fn blocks(text: &str) -> Vec<(&'static str, u32, Trigger)> {
    let program = Program::new(text, 1);
    let blocks = program.schedule.blocks();
    let shown =
        blocks.iter().map(|(block, _)| (block.kind(), block.line(), block.trigger().clone()));
    shown.collect()
}

// T-M4
#[test]
fn blocks_know_their_triggers_and_lines() {
    let found = blocks("schedule every 5 minutes { null }\nwatch \"src/app.fg\" { null }");
    let every = Trigger::Every(Duration::from_secs(300));
    let changed = Trigger::Change("src/app.fg".into());
    assert_eq!(found, [("schedule", 1, every), ("watch", 2, changed)]);
}

// T-H1
#[test]
fn schedule_interval_uses_runtime_bindings() {
    let every = |seconds| Trigger::Every(Duration::from_secs_f64(seconds));
    let found = blocks(
        "let delay = 5
schedule every delay minutes { null }
fn twice(n) { return 2 * n }
schedule every twice(delay) hours { null }
schedule every delay / 2.0 { null }",
    );
    let triggers: Vec<Trigger> = found.into_iter().map(|(_, _, trigger)| trigger).collect();
    assert_eq!(triggers, [every(300.0), every(36_000.0), every(2.5)]);
}

// T-H2
#[test]
fn watch_path_requires_string() {
    for path in ["5", "null", "[\"a\"]"] {
        let failed = super::support::load(&format!("let path = {path}\nwatch path {{ null }}"));
        assert_eq!(failed.err().as_deref(), Some("watch requires a string path"), "{path}");
    }
}
