//! Cells, forks of worlds in which machines are under way, and transactions, in orders that `shuttle` chooses: it may
//! change over at every lock and every atomic of the code itself, where the threads of other tests seldom do. Needs the
//! feature `model`; `ORDERS=100000` tries more.
#![cfg(feature = "model")]

#[allow(dead_code, reason = "machines are run otherwise here")]
#[path = "support/template.rs"]
mod support;

use forge::engine::Template;
use forge::machine::Fuel;
use forge::machine::Machine;
use forge::machine::Step;
use shuttle::Config;
use shuttle::Runner;
use shuttle::scheduler::PctScheduler;
use shuttle::scheduler::RandomScheduler;
use shuttle::scheduler::Scheduler;
use shuttle::thread;
use shuttle::thread::JoinHandle;
use std::task::Context;
use std::task::Poll;
use std::task::Waker;

/// Orders for each model: as many at random, and as many with few changes, which finds what needs long stretches.
const ORDERS: usize = 300;

/// Threads of a model change over so often at most.
const CHANGES: usize = 4;

fn explore(model: impl Fn() + Send + Sync + Clone + 'static) {
    let orders = std::env::var("ORDERS").map_or(ORDERS, |orders| orders.parse().unwrap());
    run(RandomScheduler::new(orders), model.clone());
    run(PctScheduler::new(CHANGES, orders), model);
}

fn run(scheduler: impl Scheduler + 'static, model: impl Fn() + Send + Sync + 'static) {
    let mut config = Config::new();
    config.stack_size = 4 << 20;
    // The tests with real threads are for what depends on weaker orders of memory.
    config.silence_warnings = true;
    Runner::new(scheduler, config).run(model);
}

fn template(text: &str) -> Template {
    support::load(text).unwrap_or_else(|fault| panic!("{text}\n{fault}"))
}

/// Calls a function in slices of so little fuel that it is seldom done in one.
fn call(world: &Template, function: &str, args: &[i64]) -> String {
    let mut machine = support::machine(world, function, args);
    let ended = finish(&mut machine);
    drop(machine);
    ended
}

fn finish(machine: &mut Machine) -> String {
    let mut answer = None;
    loop {
        match machine.resume(Fuel(2), answer.take()) {
            Step::Done(value) => return value.to_string(),
            Step::Failed(error) => panic!("{}", error.fault),
            Step::OutOfFuel => {}
            Step::Waiting(mut future) => {
                let mut context = Context::from_waker(Waker::noop());
                answer = loop {
                    match future.as_mut().poll(&mut context) {
                        Poll::Ready(answer) => break Some(answer),
                        Poll::Pending => thread::yield_now(),
                    }
                };
            }
        }
    }
}

fn begin(world: &Template, function: &'static str, arg: i64) -> JoinHandle<String> {
    let world = world.clone();
    thread::spawn(move || call(&world, function, &[arg]))
}

fn all(threads: impl IntoIterator<Item = JoinHandle<String>>) -> Vec<String> {
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}

/// The world of a program that nobody has forked, and a fork of another: variables at home, and variables of somebody
/// else.
fn both_kinds(text: &str) -> [Template; 2] {
    [template(text), template(text).fork()]
}

// F-1
#[test]
fn updates_of_two_machines_are_all_there() {
    explore(|| {
        for world in both_kinds(
            "let mut n = 0
let mut o = { xs: [0] }
let mut list = []
let bump = fn(k) { n += 1
    o.xs[0] += k
    push(list, k) }
fn run(k) { bump(k)
    bump(k) }
fn read() { return [n, o.xs[0], len(list)] }",
        ) {
            all([begin(&world, "run", 1), begin(&world, "run", 2)]);
            assert_eq!(call(&world, "read", &[]), "[4, 6, 4]");
        }
    });
}

/// Two variables that are written one after the other.
const PAIR: &str = "
let mut a = 0
let mut b = 0
let set_a = fn(n) { a = n }
let set_b = fn(n) { b = n }
let get = fn() { return [a, b] }
fn both(n) { let mut i = 0
    while i < n { i += 1
        set_a(i)
        set_b(i) } }
fn write(n) { set_a(n)
    set_b(n)
    return get() }
fn read() { return get() }
";

/// Where the writer was, in half rounds.
fn moment(seen: &str) -> i64 {
    let numbers = seen.trim_matches(['[', ']']).split(", ").map(|n| n.parse().unwrap());
    let [a, b]: [i64; 2] = numbers.collect::<Vec<_>>().try_into().unwrap();
    assert!(a == b || a == b + 1, "a torn pair: {seen}");
    a + b
}

#[test]
fn a_fork_against_a_writer_holds_one_moment() {
    explore(|| {
        for world in both_kinds(PAIR) {
            let writer = begin(&world, "both", 3);
            let mut last = 0;
            for _ in 0..3 {
                let fork = world.fork();
                let seen = call(&fork, "read", &[]);
                let now = moment(&seen);
                assert!(now >= last, "later forks see later moments");
                last = now;
                assert_eq!(call(&fork, "read", &[]), seen, "it does not move");
            }
            writer.join().unwrap();
            assert_eq!(call(&world, "read", &[]), "[3, 3]");
            assert_eq!(call(&world.fork(), "read", &[]), "[3, 3]");
        }
    });
}

#[test]
fn forks_that_look_cost_who_counts_nothing() {
    explore(|| {
        for world in both_kinds(
            "let mut n = 0
let mut o = { n: 0 }
let bump = fn() { n += 1
    o.n += 1 }
fn many(k) { repeat k times { bump() } }
fn read() { return [n, o.n] }",
        ) {
            let counter = begin(&world, "many", 4);
            for _ in 0..3 {
                let fork = world.fork();
                let seen = call(&fork, "read", &[]);
                moment(&seen);
                assert_eq!(call(&fork, "read", &[]), seen);
            }
            counter.join().unwrap();
            assert_eq!(call(&world, "read", &[]), "[4, 4]");
        }
    });
}

#[test]
fn writers_of_forks_and_of_their_parent_stay_apart() {
    explore(|| {
        let template = template(PAIR);
        let fork = template.fork();
        let found = all([
            begin(&template, "write", 1),
            begin(&fork, "write", 2),
            begin(&fork.fork(), "write", 3),
        ]);
        assert_eq!(found, ["[1, 1]", "[2, 2]", "[3, 3]"]);
        assert_eq!(call(&template, "read", &[]), "[1, 1]");
        assert_eq!(call(&fork, "read", &[]), "[2, 2]");
    });
}

#[test]
fn forks_made_at_once_of_a_world_that_goes_on_are_the_same_or_later() {
    explore(|| {
        let template = template(PAIR);
        let writer = begin(&template, "both", 2);
        let forkers = [(); 2].map(|()| {
            let template = template.clone();
            thread::spawn(move || {
                let first = template.fork();
                let second = template.fork();
                let seen = [&first, &second].map(|fork| call(fork, "read", &[]));
                assert!(moment(&seen[0]) <= moment(&seen[1]), "{seen:?}");
                call(&first, "write", &[9]);
                assert_eq!(call(&second, "read", &[]), seen[1]);
                seen[1].clone()
            })
        });
        all(forkers);
        writer.join().unwrap();
        assert_eq!(call(&template, "read", &[]), "[2, 2]");
    });
}

const BANK: &str = "
shared { let mut a = 10
    let mut b = 0
    let mut hits = 0 }
let mut kept = 0
let keep = fn(k) { kept += k }
fn transfer(k) { repeat 2 times { atomic { a -= k
            keep(k)
            b += k }
        hits += 1 } }
fn plain(k) { repeat 2 times { keep(k) } }
fn sum(n) { return atomic { let found = a + b
        if found != 10 { bruh(\"half of a transaction: {found}\") }
        found } }
fn read() { return [a, b, hits] }
fn own() { return kept }
";

// F-2
#[test]
fn transactions_of_two_worlds_are_one_after_the_other() {
    explore(|| {
        let template = template(BANK);
        let (left, right) = (template.fork(), template.fork());
        let movers = [begin(&left, "transfer", 1), begin(&right, "transfer", 2)];
        for _ in 0..2 {
            assert_eq!(call(&template, "sum", &[0]), "10", "nobody sees half of one");
        }
        all(movers);
        assert_eq!(call(&template, "read", &[]), "[4, 6, 4]");
        assert_eq!([call(&left, "own", &[]), call(&right, "own", &[])], ["2", "4"]);
        assert_eq!(call(&template, "own", &[]), "0");
    });
}

#[test]
fn transactions_of_one_world_lose_nothing_of_what_it_writes_beside_them() {
    explore(|| {
        for world in both_kinds(BANK) {
            let machines = [
                begin(&world, "transfer", 1),
                begin(&world, "transfer", 2),
                begin(&world, "plain", 100),
            ];
            all(machines);
            assert_eq!(call(&world, "own", &[]), "206");
        }
    });
}
