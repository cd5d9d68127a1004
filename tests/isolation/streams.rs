//! Streams of the template: every fork drains its own, wherever the stream is held.

use super::machines::slice;
use super::support::call;
use super::support::finish;
use super::support::machine;
use super::template;
use forge::world::World;
use std::sync::Barrier;

// T-U10
#[test]
fn fork_for_serving_isolates_streams() {
    let text = "
let s = [1, 2, 3].stream()
fn run() { return s.collect() }
fn one() { return s.first() }";
    let template = template(text);
    let (a, b) = (template.fork(), template.fork());
    assert_eq!(call(&a, "one", &[]), "Some(1)");
    assert_eq!(call(&a, "run", &[]), "[2, 3]");
    assert_eq!(call(&a, "run", &[]), "[]");
    assert_eq!(call(&b, "run", &[]), "[1, 2, 3]");
    assert_eq!(call(&template, "one", &[]), "Some(1)");
    // A fork starts where the cursor stands.
    let c = template.fork();
    assert_eq!(call(&template, "run", &[]), "[2, 3]");
    assert_eq!(call(&c, "one", &[]), "Some(2)");
    let d = c.fork();
    assert_eq!([call(&c, "run", &[]), call(&d, "run", &[])], ["[3]", "[3]"]);
    assert_eq!(call(&template.fork(), "run", &[]), "[]");
}

// T-U12
#[test]
fn streams_behind_closures_and_in_containers_are_each_forks_own() {
    let places = [
        ("let f = make()", "f()"),
        ("let fs = [make(), make()]", "fs[0]()"),
        ("let o = { f: make() }", "o.f()"),
        ("let t = (make(), 1)", "t[0]()"),
        ("let o = freeze { inner: { f: make() } }", "o.inner.f()"),
        ("let r = Ok(make())", "unwrap(r)()"),
        ("let r = Err(make())", "(match r { Err(f) => f, _ => null })()"),
        ("let r = Some(make())", "unwrap(r)()"),
        ("let m = map([(\"k\", make())])", "m[\"k\"]()"),
        ("let m = map([(make(), 1)])", "m.keys()[0]()"),
        ("let few = set([make()])", "few.to_array()[0]()"),
        ("struct Box { f: Any = make() }\nlet b = Box {}", "b.f()"),
        ("struct Box { f: Any = make() }", "Box {}.f()"),
        (
            "struct Box { n: int }\nif true { let s = source()\nimpl Box { fn pull(it) { s.first() } } }",
            "Box { n: 1 }.pull()",
        ),
        ("let s = source()\nfn pull() { s.first() }", "pull()"),
        ("let s = source()\nlet f = fn() { s.first() }", "f()"),
        ("let m = map([(\"k\", source())])", "m[\"k\"].first()"),
        ("let m = map([(source(), 1)])", "m.keys()[0].first()"),
        ("let s = freeze source()", "s.first()"),
        ("let s = [source()].stream().map(fn(s) { s.first() })", "s.first()"),
        ("let mut s = source()\ns = s.map(fn(x) { x }).filter(fn(x) { true })", "s.first()"),
        ("let s = source().take(9).skip(0).chain([0].stream())", "s.first()"),
        ("let s = source().enumerate().zip(source()).map(fn(p) { p[1] })", "s.first()"),
    ];
    for (place, pull) in places {
        let text = format!(
            "fn source() {{ return [1, 2, 3].stream() }}
fn make() {{ let s = source()
    return fn() {{ s.first() }} }}
{place}
fn run() {{ return {pull} }}"
        );
        // What makes a new stream each time, or is drained by the first pull, says so by repeating itself.
        let alone = template(&text);
        let alone: Vec<String> = (0..5).map(|_| call(&alone, "run", &[])).collect();
        assert!(alone[0].starts_with("Some("), "{text}\n{}", alone[0]);
        let template = template(&text);
        let (a, b) = (template.fork(), template.fork());
        for expected in &alone {
            assert_eq!(&call(&a, "run", &[]), expected, "{text}");
        }
        let c = a.fork();
        for expected in &alone {
            assert_eq!(&call(&b, "run", &[]), expected, "{text}");
        }
        for expected in &alone {
            assert_eq!(&call(&template, "run", &[]), expected, "{text}");
        }
        assert_eq!(call(&c, "run", &[]), call(&a, "run", &[]), "{text}");
    }
}

#[test]
fn what_poisons_a_stream_in_a_fork_poisons_it_there_only() {
    let template = template(
        "let mut bad = false
let s = [1, 2, 3].stream().map(fn(x) { if bad { bruh(\"{x}\") }
    return x })
fn fail() { bad = true
    return s.first() }
fn run() { return s.collect() }",
    );
    let (a, b) = (template.fork(), template.fork());
    assert_eq!(call(&a, "fail", &[]), "BRUH: 1");
    assert_eq!(call(&a, "run", &[]), "BRUH: 1");
    let child = a.fork();
    assert_eq!(call(&child, "run", &[]), "BRUH: 1");
    assert_eq!(call(&b, "run", &[]), "[1, 2, 3]");
    assert_eq!(call(&template, "run", &[]), "[1, 2, 3]");
}

#[test]
fn snapshots_bring_cursors_back() {
    let template = template(
        "let s = range(5).stream().map(fn(x) { x * 10 })
fn one() { return s.first() }",
    );
    let fork = template.fork();
    assert_eq!(call(&fork, "one", &[]), "Some(0)");
    let snapshot = fork.world.snapshot();
    assert_eq!(call(&fork, "one", &[]), "Some(10)");
    assert_eq!(call(&fork, "one", &[]), "Some(20)");
    fork.world.restore(&snapshot);
    assert_eq!(call(&fork, "one", &[]), "Some(10)");
    assert_eq!(call(&template, "one", &[]), "Some(0)");
}

/// Every stage that moves a cursor, over one source that all machines share.
const STAGES: &str = "
let s = range(3000).stream().map(fn(x) { x }).filter(fn(x) { x % 2 == 0 }).skip(10).enumerate().take(1400)
fn drain() { return s.collect() }
fn rest() { return s.collect() }";

/// Numbers and elements of all drained parts, in order.
fn merged(parts: Vec<String>) -> Vec<(i64, i64)> {
    let mut pairs = Vec::new();
    for part in parts {
        for pair in part.trim_matches(['[', ']']).split("), (").filter(|pair| !pair.is_empty()) {
            let (number, element) = pair.trim_matches(['(', ')']).split_once(", ").unwrap();
            pairs.push((number.parse().unwrap(), element.parse().unwrap()));
        }
    }
    pairs.sort_unstable();
    pairs
}

fn each_once(pairs: &[(i64, i64)]) {
    let numbers: Vec<i64> = pairs.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (0..1400).collect::<Vec<_>>());
    let mut elements: Vec<i64> = pairs.iter().map(|(_, element)| *element).collect();
    elements.sort_unstable();
    assert_eq!(elements.len(), 1400);
    elements.dedup();
    assert_eq!(elements.len(), 1400, "no element is given twice");
    assert!(elements.iter().all(|element| element % 2 == 0));
}

#[test]
fn machines_of_one_world_that_pull_in_turn_get_each_element_once() {
    for fuel in [1, 2, 3, 7, 50] {
        let template = template(STAGES);
        let mut machines: Vec<_> = (0..3).map(|_| Some(machine(&template, "drain", &[]))).collect();
        let mut parts = Vec::new();
        while machines.iter().any(Option::is_some) {
            for machine in &mut machines {
                if let Some(running) = machine
                    && let Some(part) = slice(running, fuel)
                {
                    parts.push(part);
                    *machine = None;
                }
            }
        }
        assert_eq!(parts.len(), 3);
        each_once(&merged(parts));
        assert_eq!(call(&template, "rest", &[]), "[]");
    }
}

#[test]
fn machines_of_one_world_that_pull_at_once_get_each_element_once() {
    for _ in 0..20 {
        let template = template(STAGES);
        let start = Barrier::new(3);
        let parts = std::thread::scope(|scope| {
            let (template, start) = (&template, &start);
            let drain = || {
                scope.spawn(move || {
                    let mut machine = machine(template, "drain", &[]);
                    start.wait();
                    finish(&mut machine).expect("it does not fail").to_string()
                })
            };
            let threads = [drain(), drain(), drain()];
            threads.map(|thread| thread.join().unwrap()).to_vec()
        });
        each_once(&merged(parts));
    }
}

#[test]
fn forks_against_a_running_pull_hold_one_moment() {
    // In a fork, what the parent had taken is gone, and all that was left is there.
    for fuel in [1, 3, 20] {
        let template = template(
            "let s = range(40).stream().map(fn(x) { x })
fn drain() { for x in s { }
    return 0 }
fn rest() { return s.collect() }",
        );
        let mut running = machine(&template, "drain", &[]);
        let mut last = 0;
        while slice(&mut running, fuel).is_none() {
            let fork = template.fork();
            let rest = call(&fork, "rest", &[]);
            let first: i64 = match rest.trim_start_matches('[').split([',', ']']).next() {
                Some("") | None => 40,
                Some(first) => first.parse().unwrap(),
            };
            let expected: Vec<i64> = (first..40).collect();
            assert_eq!(rest, format!("{expected:?}"));
            assert!(first >= last, "the cursor never moves back");
            last = first;
        }
        assert_eq!(call(&template, "rest", &[]), "[]");
        drop(World::fork(&template.world));
    }
}

#[test]
fn a_machine_dropped_half_way_leaves_the_rest() {
    let template = template(
        "let mut hangs = true
let s = range(5).stream().map(fn(x) { while hangs { }
    return x }).take(3)
fn drain() { return s.collect() }
fn let_go() { hangs = false }",
    );
    let mut stuck = machine(&template, "drain", &[]);
    assert_eq!(slice(&mut stuck, 100), None);
    drop(stuck);
    call(&template, "let_go", &[]);
    // The element under way is gone, and `take` has counted it.
    assert_eq!(call(&template, "drain", &[]), "[1, 2]");
}

/// A sender and a receiver of a message that holds streams.
const CROSSING: &str = "
let ch = channel()
let mut sent = null
fn put() {
    let mut n = 0
    let s = range(9).stream()
    let counted = s.map(fn(x) { n += 1
        return [x, n] })
    s.first()
    sent = [s, s.take(3), counted, fn() { n }, counted]
    try_send(ch, sent)
    return look(sent) }
fn take() { return look(unwrap(try_receive(ch))) }
fn sent_now() { return look(sent) }
fn look(m) { return [m[1].first(), m[2].first(), m[0].first(), m[3](), m[2] == m[4], m[0] == sent[0]] }
fn put_poisoned() { let s = [1].stream().map(fn(x) { bruh(\"bad\") })
    safe { s.first() }
    try_send(ch, s) }
fn put_cycle() { let mut s = null
    s = [1, 2].stream().map(fn(x) { s })
    try_send(ch, s) }
fn take_cycle() { let s = unwrap(try_receive(ch))
    return [unwrap(s.first()) == s, s.count()] }
fn put_long() { let mut s = [1].stream()
    for i in range(5000) { s = s.map(fn(x) { x + 1 }).zip(s).map(fn(p) { p[0] }).skip(0) }
    try_send(ch, s) }
fn drain() { return unwrap(try_receive(ch)).collect() }";

// T-U23
#[test]
fn streams_in_messages_go_apart_between_worlds() {
    let template = template(CROSSING);
    let (a, b) = (template.fork(), template.fork());
    call(&b, "put", &[]);
    call(&b, "take", &[]);
    let first = "[Some(1), Some([2, 1]), Some(3), 1, true, ";
    assert_eq!(call(&a, "put", &[]), format!("{first}true]"));
    assert_eq!(call(&b, "take", &[]), format!("{first}false]"), "as it was when it was sent");
    let second = "[Some(4), Some([5, 2]), Some(6), 2, true, true]";
    assert_eq!(call(&a, "sent_now", &[]), second, "the receiver drains its own");
    // Within one world it is the same stream.
    call(&a, "put", &[]);
    assert_eq!(call(&a, "take", &[]), second);
    for (put, take, seen) in [
        ("put_poisoned", "drain", "BRUH: bad"),
        ("put_cycle", "take_cycle", "[true, 1]"),
        ("put_long", "drain", "[]"),
    ] {
        call(&a, put, &[]);
        assert_eq!(call(&b, take, &[]), seen, "{put}");
    }
}
