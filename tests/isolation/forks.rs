//! Forks of one template: what they inherit, what they keep to themselves, what they cost.

use super::support::call;
use super::support::finish;
use super::support::machine;
use super::template;
use forge::engine::Template;
use forge::value::Capture;
use forge::value::Cell;
use forge::value::Value;
use std::sync::Arc;
use std::sync::Barrier;
use std::time::Duration;
use std::time::Instant;

/// A top-level variable and a lambda that counts in it.
const BUMP: &str = "
let mut count = 0
let bump = fn() { count = count + 1
    return count }
fn hit() { return bump() }
fn read() { return count }
";

// T-U1
#[test]
fn fork_for_serving_isolates_env_mutations() {
    let template = template(
        "let mut counter = 0
fn put(n) { counter = n }
fn read() { return counter }",
    );
    let (a, b) = (template.fork(), template.fork());
    call(&a, "put", &[100]);
    call(&b, "put", &[200]);
    assert_eq!(read(&a), "100");
    assert_eq!(read(&b), "200");
    assert_eq!(read(&template), "0");
    assert_eq!(read(&template.fork()), "0");
}

// T-U1, the other way round
#[test]
fn what_the_template_does_after_a_fork_is_not_seen_by_it() {
    let template = template(BUMP);
    call(&template, "hit", &[]);
    let fork = template.fork();
    call(&template, "hit", &[]);
    assert_eq!(read(&fork), "1");
    assert_eq!(read(&template.fork()), "2");
    assert_eq!(call(&fork, "hit", &[]), "2");
    assert_eq!(call(&template, "hit", &[]), "3");
}

// T-U2
#[test]
fn fork_for_serving_inherits_template_definitions() {
    let template = template(
        "let greeting = \"hello\"
let answer = 42
fn read() { return [greeting, answer] }",
    );
    assert_eq!(read(&template.fork()), "[hello, 42]");
    assert_eq!(read(&template.fork().fork()), "[hello, 42]");
}

// T-S4
#[test]
fn two_forks_keep_their_own_and_see_what_was_there() {
    let template = template(
        "let seed = 7
let mut x = 0
fn put(n) { x = n + seed }
fn read() { return [x, seed] }",
    );
    let (a, b) = (template.fork(), template.fork());
    call(&a, "put", &[1]);
    call(&b, "put", &[2]);
    assert_eq!([read(&a), read(&b), read(&template)], ["[8, 7]", "[9, 7]", "[0, 7]"]);
}

// T-U5
#[test]
fn fork_for_serving_supports_concurrent_use() {
    let template = template(
        "let base = 1
let mut rid = null
fn start(n) { rid = n
    let mut sum = 0
    for i in range(0, 200) { sum += rid + base }
    return [base, rid, sum] }
fn read() { return rid }",
    );
    let start = Barrier::new(16);
    std::thread::scope(|scope| {
        for id in 0..16 {
            let (template, start) = (&template, &start);
            scope.spawn(move || {
                start.wait();
                for round in 0..20 {
                    let rid = id * 100 + round;
                    let fork = template.fork();
                    let expected = format!("[1, {rid}, {}]", 200 * (rid + 1));
                    assert_eq!(call(&fork, "start", &[rid]), expected);
                    assert_eq!(read(&fork), rid.to_string());
                }
            });
        }
    });
    assert_eq!(read(&template), "null");
}

// T-U6
#[test]
fn fork_for_serving_isolates_lambda_closure_mutations() {
    let template = template(BUMP);
    let (a, b) = (template.fork(), template.fork());
    for n in 1..=5 {
        assert_eq!(call(&a, "hit", &[]), n.to_string());
    }
    for n in 1..=3 {
        assert_eq!(call(&b, "hit", &[]), n.to_string());
    }
    assert_eq!([read(&a), read(&b), read(&template)], ["5", "3", "0"]);
}

// T-U7
#[test]
fn fork_for_serving_gives_distinct_lambda_closure_storage() {
    let template = template(BUMP);
    let (a, b) = (template.fork(), template.fork());
    let untouched = [captured(&template), captured(&a), captured(&b)];
    assert!(Arc::ptr_eq(&untouched[0], &untouched[1]), "an untouched fork shares the variable");
    assert!(Arc::ptr_eq(&untouched[0], &untouched[2]), "an untouched fork shares the variable");
    call(&a, "hit", &[]);
    call(&b, "hit", &[]);
    call(&b, "hit", &[]);
    assert_eq!([read(&a), read(&b), read(&template)], ["1", "2", "0"]);
}

/// The variable behind `bump`.
fn captured(template: &Template) -> Arc<Cell> {
    let Some(Value::Function(bump)) = template.global("bump") else { panic!("bump is a lambda") };
    match &bump.captures[..] {
        [Capture::Cell(cell)] => cell.clone(),
        other => panic!("bump captures one variable, not {}", other.len()),
    }
}

// T-U8
#[test]
fn fork_for_serving_handles_recursive_function_cycle() {
    let template = template(
        "fn fib(n) { if n < 2 { return n }
    return fib(n - 1) + fib(n - 2) }",
    );
    let start = Instant::now();
    assert_eq!(call(&template.fork(), "fib", &[10]), "55");
    assert!(start.elapsed() < Duration::from_secs(10));
}

// T-U11
#[test]
fn forking_costs_the_same_whatever_the_template_holds() {
    let empty = template("let mut x = 0");
    let large = template(&large());
    large_is_large(&large);
    // A scheduler's hiccup is in one round, a cost that grows with the template in all of them.
    let ratio = (0..5).map(|_| median(&large) / median(&empty)).fold(f64::INFINITY, f64::min);
    assert!(ratio <= 3.0, "forking the large template takes {ratio:.1} times as long");
}

/// Many variables, functions, closures, elements and bytes.
fn large() -> String {
    let mut text = String::from(
        "fn make(n) { let mut k = n
    return { inc: fn() { k += 1
        return k } } }
let mut closures = []
for i in range(0, 10000) { push(closures, make(i)) }
let mut numbers = []
for i in range(0, 100000) { push(numbers, i) }
let mut text = repeat_str(\"0123456789\", 100000)
fn sizes() { return [len(closures), len(numbers), len(text)] }
",
    );
    for i in 0..300 {
        text.push_str(&format!("let mut v{i} = {i}\nfn f{i}() {{ v{i} += 1\n return v{i} }}\n"));
    }
    text
}

fn large_is_large(template: &Template) {
    assert_eq!(call(template, "sizes", &[]), "[10000, 100000, 1000000]");
}

/// Nanoseconds that forking and dropping takes.
fn median(template: &Template) -> f64 {
    let mut times: Vec<f64> = (0..101)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..100 {
                std::hint::black_box(template.fork());
            }
            start.elapsed().as_nanos() as f64 / 100.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

// P-3
#[test]
fn a_fork_of_a_fork_is_a_fork() {
    let template = template(BUMP);
    call(&template, "hit", &[]);
    let child = template.fork();
    call(&child, "hit", &[]);
    let grandchild = child.fork();
    assert_eq!(call(&grandchild, "hit", &[]), "3");
    call(&child, "hit", &[]);
    call(&child, "hit", &[]);
    let late = child.fork();
    assert_eq!(
        [read(&template), read(&child), read(&grandchild), read(&late)],
        ["1", "4", "3", "4"]
    );
}

#[test]
fn a_fork_outlives_those_it_was_made_from() {
    let template = template(BUMP);
    let child = template.fork();
    call(&child, "hit", &[]);
    let grandchild = child.fork();
    drop(child);
    drop(template);
    assert_eq!(call(&grandchild, "hit", &[]), "2");
}

#[test]
fn a_long_chain_of_forks_is_dropped_without_recursion() {
    let mut last = template(BUMP);
    for n in 1..=100_000 {
        last = last.fork();
        if n % 10_000 == 0 {
            assert_eq!(call(&last, "hit", &[]), (n / 10_000).to_string());
        }
    }
    assert_eq!(read(&last), "10");
}

// P-2
#[test]
fn interleaving_two_forks_gives_each_what_it_gets_alone() {
    let text = "
fn make(n) { let mut k = n
    return fn(by) { k += by
        return k } }
let mut left = make(0)
let mut both = [left, left, make(100)]
fn run(seed) {
    let mut out = []
    for i in range(0, 20) {
        push(out, both[(i + seed) % 3](i))
        both[i % 3] = both[(i + seed) % 3]
        left = both[1]
    }
    return out
}
let mut left = both[0]
";
    let template = template(text);
    let alone: Vec<String> = (1..3).map(|seed| call(&template.fork(), "run", &[seed])).collect();
    let forks = [template.fork(), template.fork()];
    let mut machines = [machine(&forks[0], "run", &[1]), machine(&forks[1], "run", &[2])];
    let mut results = [None, None];
    while results.iter().any(Option::is_none) {
        for (machine, result) in machines.iter_mut().zip(&mut results) {
            if result.is_none() {
                *result = super::machines::slice(machine, 1);
            }
        }
    }
    assert_eq!(results.map(Option::unwrap).to_vec(), alone);
    assert!(finish(&mut machine(&template, "run", &[1])).is_ok_and(|v| v.to_string() == alone[0]));
}

fn read(template: &Template) -> String {
    call(template, "read", &[])
}
