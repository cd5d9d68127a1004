//! Who sees what a task changes: server 6.2, the table of its flavours.

use super::tasks::Program;

// T-U18
#[test]
fn spawned_tasks_have_the_methods_of_the_program() {
    let program = Program::new(
        "struct Acc { total: int = 5
    has inner: Inner }
struct Inner { n: int = 7 }
impl Inner { fn deep(it) { return it.n } }
impl Acc { fn add(it, n) { it.total += n
        return it }
    fn start() { return Acc { inner: Inner {} } } }
type Shape = Circle(float) | Square(float)
impl Shape { fn size(it) { match it { Circle(r) => r
        Square(a) => a * 2 } } }
fn in_task() { return await spawn {
        let acc = Acc.start().add(3)
        [acc.total, acc.deep(), Square(1.25).size(), await spawn { Acc.start().add(1).total }] } }
fn in_squad() { return squad { spawn { Acc.start().add(1).total }
        spawn { return squad { spawn { Circle(1.5).size() } } } } }",
        1,
    );
    for _ in 0..2 {
        let fork = program.template.fork();
        assert_eq!(program.call(&fork, "in_task"), "[8, 7, 2.5, 6]");
        assert_eq!(program.call(&fork, "in_squad"), "[6, [1.5]]");
    }
    assert_eq!(program.call(&program.template, "in_task"), "[8, 7, 2.5, 6]");
}

/// The four ways to change a variable.
const WAYS: &str = "
let mut direct = 0
let mut global = 0
let mut captured = 0
fn by_function() { global += 1 }
let by_lambda = fn() { captured += 1 }
fn make() { let mut n = 0
    fn inner() { n += 1 }
    return { inc: inner, get: fn() { return n } } }
let nested = make()
fn parent() { return [direct, global, captured, nested.get()] }
let report = channel()
let tick = channel()
";

// T-U19
#[test]
fn the_parent_of_a_squad_sees_what_closures_changed() {
    for seed in 0..50 {
        let text = format!(
            "{WAYS}
fn run() {{ let rs = squad {{ repeat 3 times {{ spawn {{ direct += 1
                by_function()
                by_lambda()
                nested.inc()
                [direct, global] }} }} }}
    return [rs, parent()] }}"
        );
        let program = Program::new(&text, seed);
        let fork = program.template.fork();
        assert_eq!(program.call(&fork, "run"), "[[[1, 1], [1, 1], [1, 1]], [0, 0, 3, 3]]");
        assert_eq!(program.call(&fork, "run"), "[[[1, 1], [1, 1], [1, 1]], [0, 0, 6, 6]]");
        assert_eq!(program.call(&program.template, "parent"), "[0, 0, 0, 0]");
    }
}

// T-U19
#[test]
fn a_background_task_keeps_its_own_variables_and_shares_what_closures_changed() {
    let text = format!(
        "{WAYS}
fn start() {{ spawn {{ for t in tick {{ direct += 1
            by_function()
            by_lambda()
            nested.inc()
            send(report, [direct, global, captured, nested.get()]) }} }} }}
fn next() {{ send(tick, true)
    return receive(report) }}
fn stop() {{ close(tick) }}
fn alter() {{ direct = 50
    by_lambda()
    return parent() }}"
    );
    let program = Program::new(&text, 3);
    let template = &program.template;
    program.call(template, "start");
    // `captured` is the task's own copy when the task names it; the lambda's is the program's.
    assert_eq!(program.call(template, "next"), "[1, 1, 0, 1]");
    assert_eq!(program.call(template, "next"), "[2, 2, 0, 2]");
    let request = template.fork();
    assert_eq!(program.call(&request, "parent"), "[0, 0, 2, 2]", "as of its arrival");
    assert_eq!(program.call(template, "next"), "[3, 3, 0, 3]");
    assert_eq!(program.call(&request, "parent"), "[0, 0, 2, 2]");
    assert_eq!(program.call(&request, "alter"), "[50, 0, 3, 2]");
    assert_eq!(program.call(template, "parent"), "[0, 0, 3, 3]");
    // The world that the task is in changes under it.
    assert_eq!(program.call(template, "alter"), "[50, 0, 4, 3]");
    assert_eq!(program.call(template, "next"), "[4, 4, 0, 4]");
    assert_eq!(program.call(&template.fork(), "parent"), "[50, 0, 5, 4]");
    program.call(template, "stop");
    program.schedule.settle();
}

// T-U24
#[test]
fn imported_names_in_a_spawned_task() {
    for seed in 0..20 {
        let program = Program::new(
            "import \"tests/isolation/lib/counter\"
let put = fn(n) { level = n }
let get = fn() { level }
fn run() {
    // The task's copy is one variable, for the module's functions too.
    let seen = await spawn { level = 5
        let by_module = bump()
        [by_module, level] }
    let before = [level, get()]
    await spawn { put(20) }
    return [seen, before, level, get()] }",
            seed,
        );
        for _ in 0..2 {
            let fork = program.template.fork();
            assert_eq!(program.call(&fork, "run"), "[[6, 6], [0, 0], 20, 20]");
        }
        assert_eq!(program.call(&program.template, "run"), "[[6, 6], [0, 0], 20, 20]");
    }
}

// T-U25
#[test]
fn plain_variables_and_those_of_closures_are_restored_under_a_task() {
    let text = format!(
        "{WAYS}
fn start() {{ spawn {{ let mut own = 0
        for t in tick {{ own += 1
            nested.inc()
            send(report, own) }} }} }}
fn next() {{ send(tick, true)
    return receive(report) }}
fn write() {{ direct += 10
    by_function()
    by_lambda()
    return parent() }}"
    );
    let program = Program::new(&text, 5);
    let template = &program.template;
    program.call(template, "start");
    assert_eq!(program.call(template, "next"), "1");
    assert_eq!(program.call(template, "write"), "[10, 1, 1, 1]");
    let snapshot = template.world.snapshot();
    assert_eq!(program.call(template, "next"), "2");
    assert_eq!(program.call(template, "write"), "[20, 2, 2, 2]");
    for own in [3, 4] {
        template.world.restore(&snapshot);
        assert_eq!(program.call(template, "parent"), "[10, 1, 1, 1]");
        // The task itself goes on from where it is.
        assert_eq!(program.call(template, "next"), own.to_string());
        assert_eq!(program.call(template, "parent"), "[10, 1, 1, 2]", "the task is seen");
    }
    template.image.scope.cancel();
    program.schedule.settle();
}
