//! Worlds that live long let go of cycles while they live (T-U21, its last case), and of nothing that is reached.

use super::ALONE;
use super::support;
use super::support::call;
use super::template;
use forge::machine::Fuel;
use forge::machine::Step;
use forge::value::Cell;

/// Bodies that make a cycle and let go of it.
const CYCLES: [&str; 9] = [
    "let mut f = null\n f = fn() { f }",
    "kept = fn() { kept }",
    "let mut even = null\n let mut odd = null\n even = fn() { odd }\n odd = fn() { [even, kept] }",
    "let mut o = { n: 0 }\n o.f = fn() { o.n += 1 }\n o.f()",
    "let mut xs = []\n push(xs, { f: Some(fn() { xs }) })\n kept = xs",
    "let mut m = map([])\n m[1] = (1, fn() { m })\n kept = fn() { m }",
    "let mut s = set([])\n s.add(fn() { s })",
    "let mut s = null\n s = [1].stream().map(fn(x) { s })\n kept = s",
    "let mut f = null\n let g = fn() { f }\n let h = [g, g]\n f = fn() { [h, fn() { h[0] }] }\n kept = h",
];

/// Few enough for what a world may keep until it looks again.
const FLAT: i64 = 20_000;

#[test]
fn a_run_that_goes_on_lets_go_of_cycles() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    for cycle in CYCLES {
        let text =
            format!("let mut kept = null\nfn run(n) {{ for i in range(0, n) {{ {cycle} }} }}");
        let template = template(&text);
        let before = Cell::live();
        let fork = template.fork();
        let mut machine = support::machine(&fork, "run", &[100_000]);
        while let Step::OutOfFuel = machine.resume(Fuel(5_000), None) {
            let live = Cell::live() - before;
            assert!(live < FLAT, "{live} cells live: {cycle}");
        }
        drop((machine, fork));
        assert_eq!(Cell::live(), before, "{cycle}");
    }
}

#[test]
fn a_world_lets_go_of_the_cycles_of_each_of_its_runs() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    for cycle in CYCLES {
        for is_forked in [false, true] {
            let text = format!("let mut kept = null\nfn run() {{ {cycle} }}");
            let template = template(&text);
            let before = Cell::live();
            for _ in 0..10_000 {
                call(&template, "run", &[]);
                // As requests do between the ticks of a schedule.
                if is_forked {
                    call(&template.fork(), "run", &[]);
                }
            }
            let left = Cell::live() - before;
            assert!(left < 1_000, "{left} cells left, forked: {is_forked}: {cycle}");
        }
    }
}

#[test]
fn what_a_world_wrote_over_variables_that_are_gone_is_gone() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let text = "
let mut count = null
fn make() { let mut n = 0
    let mut f = null
    f = fn() { n += 1
        return n }
    count = f }
fn run() { return count() }";
    let template = template(text);
    let before = Cell::live();
    for _ in 0..10_000 {
        call(&template, "make", &[]);
        let fork = template.fork();
        assert_eq!(call(&template, "run", &[]), "1");
        assert_eq!(call(&template, "run", &[]), "2");
        assert_eq!(call(&fork, "run", &[]), "1");
    }
    let left = Cell::live() - before;
    assert!(left < 1_000, "{left} cells left");
}

/// Closures that cycles hold and that something still reaches, in each way there is, among many that nothing reaches.
const REACHED: &str = "
let mut ring = null
let mut list = []
let mut table = map([])
fn cycle(n) { let mut own = n
    let mut f = null
    f = fn(go) { own += 1
        if go { return f(false) }
        return own - n }
    return f }
fn waste(n) { for i in range(0, n) { let mut f = cycle(i)
    f = [f, fn() { f }] } }
fn keep() { ring = cycle(7)
    list = [cycle(1), { f: cycle(2) }]
    for i in range(0, 1200) { push(list, cycle(i)) }
    table[1] = Some(cycle(3))
    return 1 }
fn look() { return [ring(true), list[0](true), list[1].f(true), list[1100](true), unwrap(table[1])(true)] }
fn local(n) { let mut mine = cycle(5)
    let mine_too = [cycle(6)]
    let s = [1, 2].stream().map(fn(x) { [x, mine(true)] })
    waste(n)
    return [mine(true), mine_too[0](true), s.first(), mine(true)] }";

#[test]
fn what_is_reached_stays_when_cycles_go() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let template = template(REACHED);
    call(&template, "keep", &[]);
    let earlier = template.fork();
    let mut asleep = support::machine(&earlier, "local", &[20]);
    assert!(matches!(asleep.resume(Fuel(30), None), Step::OutOfFuel));
    for round in 1..20 {
        let n = 2 * round;
        assert_eq!(call(&template, "look", &[]), format!("[{n}, {n}, {n}, {n}, {n}]"));
        call(&template, "waste", &[10_000]);
        assert_eq!(call(&template, "local", &[10_000]), "[2, 2, Some([1, 4]), 6]");
        let fork = template.fork();
        assert_eq!(call(&fork, "local", &[10_000]), "[2, 2, Some([1, 4]), 6]");
        let n = n + 2;
        assert_eq!(call(&fork, "look", &[]), format!("[{n}, {n}, {n}, {n}, {n}]"));
        let snapshot = fork.world.snapshot();
        assert_eq!(call(&fork, "keep", &[]), "1");
        call(&fork, "waste", &[10_000]);
        assert_eq!(call(&fork, "look", &[]), "[2, 2, 2, 2, 2]");
        fork.world.restore(&snapshot);
        let n = n + 2;
        assert_eq!(call(&fork, "look", &[]), format!("[{n}, {n}, {n}, {n}, {n}]"));
    }
    assert_eq!(call(&earlier, "look", &[]), "[2, 2, 2, 2, 2]");
    assert_eq!(support::finish(&mut asleep).unwrap().to_string(), "[2, 2, Some([1, 4]), 6]");
}

#[test]
fn what_forks_reach_stays_when_cycles_of_their_parent_go() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let template = template(
        "let mut ring = null
fn turn() { let mut a = null
    let mut b = null
    let mut n = 0
    a = fn() { n += 1
        return b }
    b = fn() { n += 1
        return [a, n] }
    ring = a
    return 1 }
fn ask() { let mut at = ring
    for i in range(1, 200) { let next = at()()
        at = next[0]
        if next[1] != 2 * i { return next } }
    return 1 }",
    );
    call(&template, "turn", &[]);
    std::thread::scope(|scope| {
        let forks: Vec<_> = (0..500)
            .map(|_| {
                for _ in 0..40 {
                    call(&template, "turn", &[]);
                }
                let fork = template.fork();
                scope.spawn(move || assert_eq!(call(&fork, "ask", &[]), "1"))
            })
            .collect();
        forks.into_iter().for_each(|fork| fork.join().unwrap());
    });
}

#[test]
fn machines_of_a_world_keep_what_they_reach_when_cycles_go() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let template = template(REACHED);
    call(&template, "keep", &[]);
    for _ in 0..20 {
        std::thread::scope(|scope| {
            let machines: Vec<_> = (0..3)
                .map(|_| {
                    scope.spawn(|| {
                        for _ in 0..20 {
                            assert_eq!(call(&template, "local", &[500]), "[2, 2, Some([1, 4]), 6]");
                        }
                    })
                })
                .collect();
            machines.into_iter().for_each(|machine| machine.join().unwrap());
        });
    }
    assert_eq!(call(&template, "look", &[]), "[2, 2, 2, 2, 2]");
}
