//! Shared variables: one storage for all worlds, and transactions over them.

use super::machines::slice;
use super::support::call;
use super::support::finish;
use super::support::machine;
use super::template;
use forge::engine::Template;
use forge::machine::Fuel;
use forge::machine::Machine;
use forge::machine::Step;
use proptest::prelude::*;
use std::task::Context;
use std::task::Waker;

#[test]
fn all_worlds_share_one_storage_and_nothing_else() {
    let template = template(
        "shared { let mut hits = 0
    let mut list = [] }
let mut plain = 0
let mut captured = 0
let bump = fn() { captured += 1 }
fn run() { hits += 1
    push(list, hits)
    plain += 1
    bump()
    return [hits, list, plain, captured] }",
    );
    let forks = [template.fork(), template.fork()];
    assert_eq!(call(&forks[0], "run", &[]), "[1, [1], 1, 1]");
    assert_eq!(call(&forks[1], "run", &[]), "[2, [1, 2], 1, 1]");
    assert_eq!(call(&template, "run", &[]), "[3, [1, 2, 3], 1, 1]");
    assert_eq!(call(&forks[0].fork(), "run", &[]), "[4, [1, 2, 3, 4], 2, 2]");
}

// T-U23
#[test]
fn no_closure_over_variables_gets_into_another_world() {
    let template = template(
        "shared { let mut held = 1 }
fn make() { let mut n = 0
    return fn() { n += 1
        return n } }
let mut count = make()
fn keep() { held = [count] }
fn keep_in_atomic() { atomic { held = [count] } }
fn look() { return held }",
    );
    let text = "a shared variable cannot hold a closure over variables";
    assert_eq!(call(&template.fork(), "keep", &[]), text);
    assert_eq!(call(&template.fork(), "keep_in_atomic", &[]), text);
    assert_eq!(call(&template, "look", &[]), "1");
}

/// `run` is a transaction that can be stopped in the middle.
const BANK: &str = "shared { let mut a = 100
    let mut b = 0
    let mut begun = 0 }
let mut tries = 0
let note = fn() { tries += 1 }
fn spend() { let mut i = 0
    while i < 100 { i += 1 } }
fn run() { atomic { note()
        let before = a
        spend()
        a = before - 1
        b += 1 }
    return [a, b, tries] }
fn add(n) { a += n
    return a }
fn look() { return [a, b] }";

fn under_way(world: &Template) -> Machine {
    let mut machine = machine(world, "run", &[]);
    assert_eq!(slice(&mut machine, 50), None, "it is in the middle");
    machine
}

#[test]
fn a_transaction_whose_variables_have_changed_begins_anew() {
    let template = template(BANK);
    let (left, right) = (template.fork(), template.fork());
    let mut machine = under_way(&left);
    assert_eq!(call(&right, "add", &[50]), "150", "nobody waits for it, nothing of it is seen");
    assert_eq!(call(&right, "look", &[]), "[150, 0]");
    // What it counts itself is put back with everything else.
    assert_eq!(finish(&mut machine).unwrap().to_string(), "[149, 1, 1]");
    assert_eq!(call(&right, "look", &[]), "[149, 1]");
}

#[test]
fn a_transaction_that_nobody_disturbs_commits_at_once() {
    let template = template(BANK);
    let mut machine = under_way(&template.fork());
    assert_eq!(call(&template, "look", &[]), "[100, 0]");
    assert_eq!(finish(&mut machine).unwrap().to_string(), "[99, 1, 1]");
}

#[test]
fn a_machine_that_is_dropped_in_a_transaction_leaves_nothing() {
    let template = template(BANK);
    let world = template.fork();
    drop(under_way(&world));
    assert_eq!(call(&world, "look", &[]), "[100, 0]");
    assert_eq!(call(&world, "run", &[]), "[99, 1, 1]", "its variables are untouched, too");
}

#[test]
fn a_transaction_that_began_anew_too_often_goes_first() {
    let template = template(BANK);
    let mut machine = under_way(&template.fork());
    let mut waiting = None;
    for n in 1..1000 {
        let mut other = adding(&template);
        match other.resume(Fuel::SLICE, None) {
            Step::Done(_) => {}
            Step::Waiting(future) => {
                waiting = Some((other, future, n));
                break;
            }
            _ => panic!("it adds or waits"),
        }
        assert_eq!(slice(&mut machine, 60), None, "it never gets through by itself");
    }
    let (mut other, mut future, n) = waiting.expect("others let it pass");
    let mut context = Context::from_waker(Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_pending());
    let a = 100 + (n - 1) - 1;
    assert_eq!(finish(&mut machine).unwrap().to_string(), format!("[{a}, 1, 1]"));
    let std::task::Poll::Ready(answer) = future.as_mut().poll(&mut context) else {
        panic!("it is over");
    };
    match other.resume(Fuel::SLICE, Some(answer)) {
        Step::Done(value) => assert_eq!(value.to_string(), (a + 1).to_string()),
        _ => panic!("it adds"),
    }
}

fn adding(template: &Template) -> Machine {
    machine(&template.fork(), "add", &[1])
}

/// Tasks of one world that count a captured variable in and outside of transactions lose no update.
#[test]
fn a_captured_variable_that_another_machine_of_the_world_changed_is_a_conflict() {
    let template = template(
        "let mut n = 0
let add = fn(k) { n += k
    return n }
fn spend() { let mut i = 0
    while i < 100 { i += 1 } }
fn run() { return atomic { add(1)
    spend()
    add(10) } }
fn plain(k) { return add(k) }",
    );
    let mut machine = under_way(&template);
    assert_eq!(call(&template, "plain", &[100]), "100");
    assert_eq!(finish(&mut machine).unwrap().to_string(), "111");
    assert_eq!(call(&template, "plain", &[0]), "111");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

    // P-6
    #[test]
    fn counts_of_many_machines_add_up(
        slices in prop::collection::vec((0usize..4, 1u32..60), 0..200),
        times in 1i64..40,
    ) {
        let template = template(
            "shared { let mut n = 0
    let mut pairs = [0, 0] }
let mut captured = 0
let bump = fn() { captured += 1 }
fn run(count) { for i in range(0, count) { n += 1
        atomic { let before = pairs[0]
            bump()
            pairs[0] = before + 1
            pairs[1] = pairs[0] } } }
fn look() { return [n, pairs, captured] }",
        );
        let worlds = [template.fork(), template.fork(), template.clone(), template.clone()];
        let mut machines: Vec<Machine> =
            worlds.iter().map(|world| machine(world, "run", &[times])).collect();
        let mut has_ended = [false; 4];
        let mut step = |at: usize, fuel: u32| {
            if !has_ended[at] {
                match machines[at].resume(Fuel(fuel), None) {
                    Step::Done(_) => has_ended[at] = true,
                    Step::Failed(error) => panic!("{}", error.fault),
                    Step::OutOfFuel => {}
                    // Once somebody goes first the others wait: they just ask again.
                    Step::Waiting(mut future) => {
                        let _ = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                    }
                }
            }
            has_ended.iter().all(|ended| *ended)
        };
        for (at, fuel) in slices {
            step(at, fuel);
        }
        for round in 0.. {
            if step(round % 4, 1000) {
                break;
            }
        }
        let n = 4 * times;
        prop_assert_eq!(call(&template, "look", &[]), format!("[{n}, [{n}, {n}], {}]", 2 * times));
        prop_assert_eq!(call(&worlds[0], "look", &[]), format!("[{n}, [{n}, {n}], {times}]"));
    }
}
