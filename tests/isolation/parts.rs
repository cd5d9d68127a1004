//! `par_map` and its kind: each part runs on a fork of its caller's world. Driven by hand, in an order that a seed
//! decides.

use super::schedule::Schedule;
use super::support;
use forge::engine::Template;
use forge::machine::Fuel;
use forge::machine::Step;
use std::sync::Arc;

const SEEDS: u64 = 50;

fn program(text: &str, schedule: &Arc<Schedule>) -> Template {
    let mut loaded = support::loaded(text);
    schedule.drives(&mut loaded);
    support::ready(loaded).unwrap_or_else(|fault| panic!("{text}\n{fault}"))
}

/// What `run` gives in a fork of the program, whatever the order of its parts, and again in the program itself.
fn gives(text: &str, expected: &str) {
    for seed in 0..SEEDS {
        let schedule = Schedule::new(seed);
        let template = program(text, &schedule);
        for world in [template.fork(), template] {
            let answer = schedule.finish(support::machine(&world, "run", &[]));
            let answer = match answer {
                Some(Ok(value)) => value.to_string(),
                Some(Err(fault)) => fault,
                None => "all sleep".to_owned(),
            };
            assert_eq!(answer, expected, "seed {seed}: {text}");
        }
    }
}

#[test]
fn a_part_writes_its_own_variables() {
    gives(
        "let mut plain = 0
let mut log = [0]
let o = { count: 0 }
let mut held = { o: o }
fn make() { let mut n = 0
    return { add: fn() { n += 1
        return n }, get: fn() { n } } }
let c = make()
fn work(x) {
    plain += x
    push(log, x)
    held.o.count = x
    c.add()
    return plain >= x && len(log) > 1 && held.o.count == x && c.get() > 0 }
fn run() {
    let mut own = 0
    let all_saw = par_map([1, 2, 3, 4], fn(x) { own += x
        work(x) && own >= x })
    par_each([1, 2], work)
    par_filter([1, 2], work)
    return [all_saw, own, plain, log, held, c.get()] }",
        r#"[[true, true, true, true], 0, 0, [0], { "o": { "count": 0 } }, 0]"#,
    );
}

#[test]
fn a_part_sees_what_its_caller_wrote_and_nothing_later() {
    // The task of the same world writes while the parts are made, and while they run.
    gives(
        "fn make() { let mut n = 0
    return { add: fn() { n += 1
        return n }, get: fn() { n } } }
fn run() {
    let c = make()
    c.add()
    let go = channel(0)
    let writer = spawn { for i in range(20) { c.add() }
        receive(go)
        c.add() }
    let first = c.get()
    let seen = par_map([1, 2, 3, 4], fn(x) { let before = c.get()
        for i in range(5) { if c.get() != before { return -1 } }
        return before })
    send(go, 1)
    await writer
    return [unique(seen) == [seen[0]], seen[0] >= first, c.get()] }",
        "[true, true, 22]",
    );
}

#[test]
fn functions_in_results_have_variables_of_their_own() {
    gives(
        "fn make(n) { return { add: fn() { n += 1
        return n }, get: fn() { n } } }
let mine = make(0)
fn run() {
    let made = par_map([10, 20], make)
    let again = par_map([mine, mine], fn(c) { c.add()
        return c })
    made[0].add()
    again[0].add()
    return [made[0].get(), made[1].get(), again[0].get(), again[1].get(), mine.get()] }",
        "[11, 20, 2, 1, 0]",
    );
}

#[test]
fn a_stream_is_drained_by_each_part_for_itself() {
    gives(
        "let s = range(6).stream()
fn run() {
    let t = [1, 2, 3].stream()
    s.first()
    let got = par_map([0, 1], fn(x) { [s.collect(), t.take(2).collect()] })
    return [got[0] == got[1], got[0], s.count(), t.count()] }",
        "[true, [[1, 2, 3, 4, 5], [1, 2]], 5, 3]",
    );
}

#[test]
fn parts_within_parts_are_forks_of_forks() {
    gives(
        "fn make() { let mut n = 0
    return { add: fn(k) { n += k
        return n }, get: fn() { n } } }
let c = make()
fn run() {
    let got = par_map([1, 2], fn(x) {
        c.add(x)
        let inner = par_map([10, 20], fn(y) { c.add(y) })
        return inner })
    return [got, c.get()] }",
        "[[[11, 21], [12, 22]], 0]",
    );
}

#[test]
fn what_parts_have_begun_ends_with_their_caller() {
    let text = "let probe = channel(0)
fn run() {
    par_map([1, 2, 3], fn(x) { spawn { receive(probe) }
        receive(probe) }) }";
    for seed in 0..SEEDS {
        let schedule = Schedule::new(seed);
        let template = program(text, &schedule);
        let mut machine = support::machine(&template.fork(), "run", &[]);
        let step = loop {
            match machine.resume(Fuel(50), None) {
                Step::OutOfFuel => {}
                step => break step,
            }
        };
        schedule.settle();
        assert_eq!(template.image.scope.live(), 6);
        drop((step, machine));
        schedule.settle();
        assert_eq!(template.image.scope.live(), 0, "seed {seed}");
    }
}
