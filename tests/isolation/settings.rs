//! What a program can set beside variables: defaults, methods, types, working directory, environment variables; and
//! writes that were not finished.

use super::support::call;
use super::support::finish;
use super::support::machine;
use super::template;
use forge::engine::Template;
use forge::machine::Fuel;
use forge::machine::Step;

/// What a call of the top-level function gives, and the fork as it leaves it: its names, too.
fn go_on(fork: &Template, function: &str) -> (String, Template) {
    let mut machine = machine(fork, function, &[]);
    let given =
        finish(&mut machine).unwrap_or_else(|fault| panic!("{function}: {fault}")).to_string();
    (given, Template { env: machine.environment().clone(), ..fork.fork() })
}

/// Calls `hit` in two forks that go on, and in later ones: `first`, then `second` in each, whatever the other does.
fn is_each_forks_own(text: &str, first: &str, second: &str) {
    let template = template(text);
    let (a, b) = (template.fork(), template.fork());
    let (given, a) = go_on(&a, "hit");
    assert_eq!(given, first, "{text}");
    assert_eq!(call(&a, "hit", &[]), second, "{text}");
    assert_eq!(go_on(&b, "hit").0, first, "{text}");
    assert_eq!(call(&template.fork(), "hit", &[]), first, "{text}");
    let (given, template) = go_on(&template, "hit");
    assert_eq!(given, first, "{text}");
    assert_eq!(call(&template.fork(), "hit", &[]), second, "{text}");
}

#[test]
fn default_arguments() {
    let counter = "
fn make() { let mut n = 0
    return fn() { n += 1
        return n } }
let count = make()";
    let of_calls = "fn next(n = count()) { return n }\nfn hit() { return next() }";
    let captured = "let next = [make()].map(fn(c) { return fn(n = c()) { return n } })[0]\nfn hit() { return next() }";
    let growing = "let mut seen = []\nfn next(xs = push(seen, 1)) { return len(seen) }\nfn hit() { return next() }";
    for body in [of_calls, captured, growing] {
        is_each_forks_own(&format!("{counter}\n{body}"), "1", "2");
    }
}

#[test]
fn defaults_of_structs() {
    let text = "
fn make() { let mut n = 0
    return fn() { n += 1
        return n } }
struct Counter { next = make(), rest: Array = [make()] }
fn hit() { let c = Counter { }
    return [c.next(), c.rest[0]()] }";
    is_each_forks_own(text, "[1, 1]", "[2, 2]");
}

#[test]
fn methods_and_types_that_a_fork_declares() {
    let methods = "
struct P { x: Int = 0 }
give P { fn told(it) { 1 } }
fn hit() { let before = P { }.told()
    give P { fn told(it) { 2 } }
    return [before, P { }.told()] }";
    is_each_forks_own(methods, "[1, 2]", "[2, 2]");
    let types = "
struct P { x: Int = 1 }
fn hit() { let before = P { }.x
    struct P { x: Int = 2 }
    return [before, P { }.x] }";
    is_each_forks_own(types, "[1, 2]", "[2, 2]");
}

#[test]
fn environment_variables() {
    let text = "
env.set(\"FORGE_ISOLATION\", \"1\")
fn hit() { let before = env.get(\"FORGE_ISOLATION\")
    env.set(\"FORGE_ISOLATION\", \"2\")
    return [before, env.get(\"FORGE_ISOLATION\")] }";
    is_each_forks_own(text, "[1, 2]", "[2, 2]");
    assert!(std::env::var_os("FORGE_ISOLATION").is_none(), "the process keeps its own");
}

#[test]
fn memo_caches() {
    let text = "
let mut calls = 0
fn memo(f) { let mut known = map([])
    return fn(x) { if !known.has(x) { known[x] = f(x) }
        return known[x] } }
let square = memo(fn(x) { calls += 1
    return x * x })
fn hit() { square(calls)
    square(0)
    return calls }";
    is_each_forks_own(text, "1", "2");
}

#[test]
fn what_a_write_that_is_left_half_way_has_done() {
    let writes = [
        // By a fault, in the middle of what is written.
        "pair[0] = fail()",
        "pair = push(pair, fail())",
        "o.a.n += fail()",
        "add(fail())",
        "safe { atomic { pair[0] = 5\n o.a.n = 5\n add(5)\n fail() } }",
        "try { pair = [pair[0], fail()] } catch err { }",
    ];
    for write in writes {
        let text = format!(
            "let mut pair = [0, 0]
let mut o = {{ a: {{ n: 0 }} }}
let mut sum = 0
let add = fn(n) {{ sum += n }}
fn fail() {{ bruh(\"half-way\") }}
fn run() {{ {write} }}
fn look() {{ return [pair, o.a.n, sum] }}"
        );
        let template = template(&text);
        let fork = template.fork();
        call(&fork, "run", &[]);
        assert_eq!(call(&fork, "look", &[]), "[[0, 0], 0, 0]", "{write}");
        assert_eq!(call(&template, "look", &[]), "[[0, 0], 0, 0]", "{write}");
    }
}

#[test]
fn what_a_cancelled_machine_has_written_is_its_forks_own() {
    let template = template(
        "let mut pair = [0, 0]
let mut left = 0
let both = fn(n) { left = n
    pair[0] = n
    pair[1] = n }
fn run() { for i in range(1, 1000) { both(i) } }
fn look() { return [pair[0] == pair[1], left, pair] }",
    );
    for slices in 1..40 {
        let fork = template.fork();
        let sibling = fork.fork();
        let mut machine = machine(&fork, "run", &[]);
        for _ in 0..slices {
            assert!(matches!(machine.resume(Fuel(3), None), Step::OutOfFuel));
        }
        let child = fork.fork();
        let seen = call(&child, "look", &[]);
        drop(machine);
        assert_eq!(
            call(&fork, "look", &[]),
            seen,
            "what it has written stays, and nothing else comes"
        );
        for other in [&template, &sibling, &template.fork()] {
            assert_eq!(call(other, "look", &[]), "[true, 0, [0, 0]]");
        }
    }
}
