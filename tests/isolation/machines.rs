//! Forks of a world in which machines are under way: what is taken is the state of that moment, whole.

use super::support::call;
use super::support::ended;
use super::support::finish;
use super::support::machine;
use super::template;
use forge::engine::Template;
use forge::machine::Fuel;
use forge::machine::Machine;
use forge::machine::Step;
use forge::value::Value;
use forge::world::Near;
use forge::world::World;
use std::sync::Barrier;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

/// One slice of `fuel` units; what the machine returned if it ended.
pub(super) fn slice(machine: &mut Machine, fuel: u32) -> Option<String> {
    ended(machine.resume(Fuel(fuel), None))
        .map(|result| result.expect("it does not fail").to_string())
}

/// The state that the machine sees now, in a world of its own.
fn fork_of(template: &Template, machine: &Machine) -> Template {
    Template { env: machine.environment().clone(), ..template.fork() }
}

// T-U3
#[test]
fn fork_for_serving_gives_independent_cancel_tokens() {
    let template = template(
        "let mut n = 0
let count = fn() { n += 1 }
fn spin() { while true { count() } }
fn read() { return n }",
    );
    let (a, b) = (template.fork(), template.fork());
    let mut background = machine(&template, "spin", &[]);
    let mut in_a = machine(&a, "spin", &[]);
    let mut in_b = machine(&b, "spin", &[]);
    for machine in [&mut background, &mut in_a, &mut in_b] {
        assert_eq!(slice(machine, 1000), None);
    }
    drop(in_a);
    let stopped = call(&a, "read", &[]);
    let before = [call(&b, "read", &[]), call(&template, "read", &[])];
    assert_eq!(slice(&mut in_b, 1000), None);
    assert_eq!(slice(&mut background, 1000), None);
    assert_eq!(call(&a, "read", &[]), stopped);
    assert_ne!(call(&b, "read", &[]), before[0]);
    assert_ne!(call(&template, "read", &[]), before[1]);
}

// T-U4
#[test]
fn fork_for_serving_resets_per_request_state() {
    let template = template(
        "let mut depth = 0
let down = fn(n) { depth += 1
    if n == 1 { while depth < 1000 { } }
    return down(n - 1) }
let nest = fn(n) { if n == 0 { return 0 }
    return 1 + nest(n - 1) }
let fail = fn() { return 1 / 0 }
fn start() { return down(100) }
fn deep(n) { return nest(n) }
fn broken() { return fail() }
fn read() { return depth }",
    );
    let mut parent = machine(&template, "start", &[]);
    assert_eq!(slice(&mut parent, 500), None);
    let fork = fork_of(&template, &parent);
    assert_eq!(call(&fork, "read", &[]), "100", "the fork is taken from inside 100 calls");
    // The function itself is a call; the limit counts those below it.
    assert_eq!(call(&fork, "deep", &[9_998]), "9998");
    assert!(call(&fork, "deep", &[10_000]).starts_with("maximum recursion depth exceeded"));
    let mut failing = machine(&fork, "broken", &[]);
    let Step::Failed(error) = failing.resume(Fuel::SLICE, None) else { panic!("it fails") };
    let frames: Vec<String> = error.trace.iter().map(|(name, _)| name.to_string()).collect();
    assert_eq!(frames.len(), 2, "{frames:?}");
    assert!(!frames.iter().any(|frame| frame.contains("start")), "{frames:?}");
}

/// Writes of a pair, with a safe point between the two.
const PAIR: &str = "
let mut a = 0
let mut b = 0
let set_a = fn(n) { a = n }
let set_b = fn(n) { b = n }
let get = fn() { return [a, b] }
fn both(n) { for i in range(1, n + 1) { set_a(i)
        set_b(i) } }
fn plain(n) { let mut i = 1
    while i <= n { a = i
        pause()
        b = i
        i += 1 } }
fn pause() { }
fn read() { return get() }
";

#[test]
fn a_fork_between_two_writes_of_a_pair_sees_exactly_that_moment() {
    for writer in ["both", "plain"] {
        let template = template(PAIR);
        let mut parent = machine(&template, writer, &[5]);
        let mut forks = vec![fork_of(&template, &parent)];
        while slice(&mut parent, 1).is_none() {
            forks.push(fork_of(&template, &parent));
        }
        let seen: Vec<String> = forks.iter().map(|fork| call(fork, "read", &[])).collect();
        let mut moments = seen.clone();
        moments.dedup();
        let pairs = (0..5).flat_map(|n| [format!("[{n}, {n}]"), format!("[{}, {n}]", n + 1)]);
        let expected: Vec<String> = pairs.chain(["[5, 5]".to_string()]).collect();
        let last = moments.len();
        assert_eq!(moments, expected[..last], "{writer}");
        assert!(last >= expected.len() - 1, "{writer}: a moment was skipped: {moments:?}");
        // Each still sees it after all have written what they like.
        for fork in &forks {
            call(&fork.fork(), writer, &[9]);
        }
        call(&template, writer, &[7]);
        let again: Vec<String> = forks.iter().map(|fork| call(fork, "read", &[])).collect();
        assert_eq!(again, seen, "{writer}");
    }
}

#[test]
fn forks_against_a_running_writer_see_no_torn_pair() {
    let template = template(PAIR);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // A failure must end the writer too, or the scope waits for it for ever.
        let _stopped = Stop(&stop);
        scope.spawn(|| {
            let mut writer = machine(&template, "both", &[i64::MAX - 1]);
            while !stop.load(Relaxed) {
                assert_eq!(slice(&mut writer, 50), None);
            }
        });
        let mut last = 0;
        for _ in 0..5_000 {
            let fork = template.fork();
            let seen = call(&fork, "read", &[]);
            let (a, b) = pair(&seen);
            assert!(a == b || a == b + 1, "torn: {seen}");
            assert!(a >= last, "a later fork sees an earlier state");
            last = a;
            call(&fork, "both", &[1]);
            assert_eq!(call(&fork, "read", &[]), "[1, 1]");
        }
        assert!(last > 0, "the writer never ran");
    });
}

/// Sets the flag when it goes, however that happens.
struct Stop<'f>(&'f AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

fn pair(text: &str) -> (i64, i64) {
    let numbers = text.trim_matches(['[', ']']).split(", ").map(|n| n.parse().expect("an int"));
    match numbers.collect::<Vec<i64>>()[..] {
        [a, b] => (a, b),
        _ => panic!("{text} is no pair"),
    }
}

#[test]
fn two_machines_of_one_world_lose_no_update() {
    let updates = [
        "count = count + 1",
        "count += 1",
        "object.n += 1",
        "object.n = object.n + 1",
        "nested.xs[0] += 1",
        "push(list, 1)",
        "list = push(list, 1)",
        "list.push(1)",
        "table = table.set(\"k\", 1)\n count += 1",
    ];
    for update in updates {
        let template = template(&format!(
            "let mut count = 0
let mut object = {{ n: 0 }}
let mut nested = {{ xs: [0] }}
let mut list = []
let mut table = map([])
let add = fn() {{ {update} }}
fn many(n) {{ for i in range(0, n) {{ add() }} }}
fn read() {{ return count + object.n + nested.xs[0] + len(list) }}"
        ));
        // Alone first: a fork moves the variables to copies, which are written on another path.
        count_twice(&template, 10_000, 0);
        count_twice(&template, 2_000, 200);
        assert_eq!(call(&template, "read", &[]), "24000", "{update}");
    }
}

/// Two machines call `many` at the same time; beside them, forks start new epochs.
fn count_twice(template: &Template, times: i64, forks: usize) {
    let start = Barrier::new(3);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                start.wait();
                finish(&mut machine(template, "many", &[times])).expect("it does not fail")
            });
        }
        start.wait();
        for _ in 0..forks {
            call(&template.fork(), "many", &[1]);
        }
    });
}

/// A counter behind a closure, a plain variable, and a task that goes on counting.
const TICKING: &str = "
let mut plain = 0
let mut list = [1]
let make = fn() { let mut n = 0
    return { tick: fn() { n += 1 }, read: fn() { return n } } }
let counter = make()
fn tick() { while true { counter.tick() } }
fn write(n) { plain = n
    push(list, n)
    for i in range(0, n) { counter.tick() } }
fn ticks() { return counter.read() }
fn read() { return [plain, list] }
";

// T-U25
#[test]
fn restore_brings_back_the_snapshot_while_a_task_of_the_world_goes_on() {
    let template = template(TICKING);
    let mut task = machine(&template, "tick", &[]);
    assert_eq!(slice(&mut task, 100), None);
    call(&template, "write", &[3]);
    let state = [call(&template, "read", &[]), call(&template, "ticks", &[])];
    let snapshot = template.world.snapshot();
    for round in 0..3 {
        call(&template, "write", &[7]);
        assert_eq!(slice(&mut task, 100), None);
        assert_ne!(call(&template, "read", &[]), state[0]);
        let fork = template.fork();
        let of_fork = [call(&fork, "read", &[]), call(&fork, "ticks", &[])];
        template.world.restore(&snapshot);
        assert_eq!([call(&template, "read", &[]), call(&template, "ticks", &[])], state);
        assert_eq!(slice(&mut task, 100), None);
        assert_ne!(call(&template, "ticks", &[]), state[1], "round {round}: the task is seen");
        assert_eq!(call(&template, "read", &[]), state[0]);
        let again = [call(&fork, "read", &[]), call(&fork, "ticks", &[])];
        assert_eq!(again, of_fork, "a fork is not restored with its parent");
        template.world.restore(&snapshot);
    }
}

#[test]
fn restore_goes_back_and_forth_between_snapshots() {
    let template = template(TICKING);
    let states: Vec<_> = (1..4)
        .map(|n| {
            call(&template, "write", &[n]);
            (template.world.snapshot(), call(&template, "read", &[]), call(&template, "ticks", &[]))
        })
        .collect();
    for i in [0, 2, 1, 0, 1, 2] {
        let (snapshot, read, ticks) = &states[i];
        template.world.restore(snapshot);
        assert_eq!(call(&template, "read", &[]), *read);
        assert_eq!(call(&template, "ticks", &[]), *ticks);
        call(&template, "write", &[9]);
    }
}

#[test]
fn a_fork_has_snapshots_of_its_own() {
    let template = template(TICKING);
    call(&template, "write", &[1]);
    let fork = template.fork();
    call(&fork, "write", &[2]);
    let snapshot = fork.world.snapshot();
    call(&fork, "write", &[4]);
    call(&template, "write", &[8]);
    fork.world.restore(&snapshot);
    assert_eq!(call(&fork, "read", &[]), "[2, [1, 1, 2]]");
    assert_eq!(call(&fork, "ticks", &[]), "3");
    assert_eq!(call(&template, "ticks", &[]), "9");
}

/// What a machine keeps of the variable that it touched last must not outlive a fork or a restore.
#[test]
fn a_machine_sees_what_happens_to_the_variable_that_it_touched_last() {
    let template = template(
        "let mut n = 0
let add = fn() { n += 1 }
fn wait_for(k) { add()
    while n != k { }
    return n }
fn put(k) { n = k }",
    );
    let world = template.fork();
    let snapshot = world.world.snapshot();
    let mut waiting = machine(&world, "wait_for", &[7]);
    assert_eq!(slice(&mut waiting, 100), None);
    let _fork = world.fork();
    call(&world, "put", &[7]);
    assert_eq!(finish_soon(&mut waiting), "7", "another machine of the world wrote it");

    let mut waiting = machine(&world, "wait_for", &[0]);
    assert_eq!(slice(&mut waiting, 100), None);
    world.world.restore(&snapshot);
    assert_eq!(finish_soon(&mut waiting), "0", "it was restored");
}

fn finish_soon(machine: &mut Machine) -> String {
    slice(machine, 100).unwrap_or_else(|| "still waiting".to_string())
}

/// Each round has one moment in which a variable stops being the writers' own; they must not miss it.
#[test]
fn writers_notice_the_first_fork() {
    for round in 0..2_000 {
        let world = World::new();
        world.enter();
        let cell = world.cell(Value::Int(0));
        let start = Barrier::new(3);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let mut near = Near::default();
                    start.wait();
                    for _ in 0..200 {
                        world.update(&cell, &mut near, increment);
                    }
                });
            }
            start.wait();
            (0..round % 200).for_each(|_| std::hint::spin_loop());
            let fork = World::fork(&world);
            let seen = fork.get(&cell, &mut Near::default()).to_string();
            std::thread::yield_now();
            assert_eq!(fork.get(&cell, &mut Near::default()).to_string(), seen);
        });
        assert_eq!(world.get(&cell, &mut Near::default()).to_string(), "400");
    }
}

fn increment(slot: &mut Value) {
    let Value::Int(n) = slot else { panic!("it counts") };
    *n += 1;
}

/// The program of a session grows, and a task that an earlier input started is told of functions of a later one.
#[test]
fn code_that_a_program_does_not_have_is_not_called() {
    let template = template(
        "fn apply(f) { f() }
fn spread(f) { f(...[1, 2]) }
fn mapped(f) { map([1], f) }
fn drained(f) { [1].stream().map(f).collect() }",
    );
    let functions: String = (0..100).map(|i| format!("fn f{i}() {{ {i} }}\n")).collect();
    let later = super::template(&functions).global("f99").unwrap();
    let missing = "cannot call a function that was defined after this task began";
    for name in ["apply", "spread", "mapped", "drained"] {
        let function = template.global(name).unwrap();
        let mut machine = template.call(function, vec![later.clone()]).unwrap();
        assert_eq!(finish(&mut machine).unwrap_err(), missing, "{name}");
    }
    assert_eq!(template.call(later, Vec::new()).err().unwrap().to_string(), missing);
}
