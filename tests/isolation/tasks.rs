//! Tasks: what they share with the world that they run in, and how they end. Driven by hand, in an
//! order that a seed decides.

use super::schedule::Schedule;
use super::support;
use forge::engine::Template;
use forge::machine::Fuel;
use forge::machine::Machine;
use forge::machine::Step;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::Waker;

pub(super) struct Program {
    pub(super) template: Template,
    pub(super) schedule: Arc<Schedule>,
}

impl Program {
    pub(super) fn new(text: &str, seed: u64) -> Program {
        let schedule = Schedule::new(seed);
        let mut loaded = support::loaded(text);
        schedule.drives(&mut loaded);
        let template = support::ready(loaded);
        Program { template: template.unwrap_or_else(|fault| panic!("{text}\n{fault}")), schedule }
    }

    /// What `function` returns in a world of the program; its tasks run meanwhile.
    pub(super) fn call(&self, world: &Template, function: &str) -> String {
        match self.schedule.finish(support::machine(world, function, &[])) {
            Some(Ok(value)) => value.to_string(),
            Some(Err(fault)) => fault,
            None => "all sleep".to_string(),
        }
    }

    /// A machine that runs `function` until it waits or has used that much fuel.
    fn begin(&self, world: &Template, function: &str) -> (Machine, Step) {
        let mut machine = support::machine(world, function, &[]);
        let mut step = Step::OutOfFuel;
        for _ in 0..50 {
            step = match step {
                Step::OutOfFuel => machine.resume(Fuel(20), None),
                Step::Waiting(mut future) => {
                    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                        Poll::Ready(answer) => machine.resume(Fuel(20), Some(answer)),
                        Poll::Pending => Step::Waiting(future),
                    }
                }
                ended => ended,
            };
            self.steps(20);
        }
        (machine, step)
    }

    fn steps(&self, count: usize) {
        for _ in 0..count {
            self.schedule.step();
        }
    }

    fn live(&self) -> usize {
        self.template.image.scope.live()
    }
}

// T-U9
#[test]
fn spawn_task_still_shares_lambda_closure_with_parent() {
    for seed in 0..200 {
        let program = Program::new(
            "let mut count = 0
let bump = fn() { count = count + 1
    return count }
fn run() { squad { spawn { bump() }
        spawn { bump() }
        spawn { bump() } }
    return count }
fn plain() { squad { spawn { count = count + 1 } }
    return count }",
            seed,
        );
        let fork = program.template.fork();
        assert_eq!(program.call(&fork, "run"), "3");
        assert_eq!(program.call(&fork, "plain"), "3");
        assert_eq!(program.call(&program.template, "plain"), "0");
        assert_eq!(program.live(), 0);
    }
}

// F-1
#[test]
fn six_thousand_updates_are_six_thousand() {
    for seed in 0..3 {
        let program = Program::new(
            "let mut n = 0
let mut o = { xs: [0] }
let bump = fn() { n = n + 1
    o.xs[0] += 1 }
fn run() { squad { repeat 6 times { spawn { repeat 1000 times { bump() } } } }
    return [n, o.xs[0]] }",
            seed,
        );
        assert_eq!(program.call(&program.template.fork(), "run"), "[6000, 6000]");
        assert_eq!(program.call(&program.template, "run"), "[6000, 6000]");
    }
}

// T-U15
#[test]
fn aliases_stay_aliases_in_the_tasks_of_a_fork() {
    let program = Program::new(
        "struct Box { }
fn pair() { let mut n = 0
    return { inc: fn() { n += 1 }, get: fn() { return n } } }
let a = pair()
let b = pair()
let copies = [a, { deep: [a.inc, a.get] }, b]
impl Box { fn inc(it) { a.inc() } }
fn run() { squad { spawn { copies[0].inc() }
        spawn { copies[1].deep[0]() }
        spawn { Box {}.inc() }
        spawn { a.inc() } }
    return [a.get(), copies[0].get(), copies[1].deep[1](), b.get(), copies[2].get()] }",
        1,
    );
    let (one, other) = (program.template.fork(), program.template.fork());
    assert_eq!(program.call(&one, "run"), "[4, 4, 4, 0, 0]");
    assert_eq!(program.call(&one, "run"), "[8, 8, 8, 0, 0]");
    assert_eq!(program.call(&other, "run"), "[4, 4, 4, 0, 0]");
    assert_eq!(program.call(&program.template, "run"), "[4, 4, 4, 0, 0]");
}

// T-U17
#[test]
fn methods_that_capture_a_variable_are_isolated_in_tasks_too() {
    let program = Program::new(
        "struct Counter { }
if true { let mut n = 0
    impl Counter { fn hit(it) { n += 1
            return n } } }
fn run() { return await spawn { let c = Counter {}
        c.hit() } }",
        1,
    );
    let (a, b) = (program.template.fork(), program.template.fork());
    assert_eq!([program.call(&a, "run"), program.call(&a, "run")], ["1", "2"]);
    assert_eq!(program.call(&b, "run"), "1");
    assert_eq!(program.call(&program.template, "run"), "1");
}

// T-U20
#[test]
fn what_hangs_below_a_dropped_machine_is_gone() {
    let bodies = [
        "squad { spawn { spin() }\n spawn { receive(never) }\n receive(never) }",
        "squad { spawn { spin() }\n spawn { squad { spawn { spin() }\n spawn { await spawn { spin() } } } } }",
        "squad { spawn { spawn { spin() } }\n receive(never) }",
        "spawn { spin() }\n receive(never)",
        "spawn { spawn { spin() } }\n await spawn { receive(never) }",
        "await_all([spawn { spin() }, spawn { send(full, 1) }])",
        "squad { spawn { for m in never { } }\n spawn { select([never]) }\n [1, 2].map(fn(x) { squad { spawn { spin() } } }) }",
        "timeout 1000 { spawn { spin() }\n receive(never) }",
        "timeout 1000 { squad { spawn { timeout 500 { spin() } }\n spin() } }",
        "deep(9)",
        "spawn { spin() }\n [1].map(fn(x) { receive(never) })",
        "[1, 2].map(fn(x) { spawn { spin() }\n spin() })",
        "[2, 1].sort(fn(a, b) { spawn { spin() }\n await spawn { spin() } })",
        "retry 3 times { spawn { spin() }\n try { receive(never) } catch e { hit() } finally { hit() } }\n hit()",
        "spawn { spin() }\n try { await spawn { receive(never) } } catch e { hit() } finally { hit() }",
        "squad { spawn { try { spin() } catch e { hit() } }\n spawn { safe { receive(never) }\n hit() }\n try { receive(never) } catch e { hit() } }",
    ];
    for body in bodies {
        for seed in 0..20 {
            let program = Program::new(
                &format!(
                    "let never = channel()
let full = channel(0)
let hits = channel()
fn hit() {{ send(hits, 1) }}
fn spin() {{ while true {{ }} }}
fn deep(n) {{ if n > 0 {{ return deep(n - 1) }}
    spawn {{ spin() }}
    receive(never)
    hit() }}
fn run() {{ {body} }}
fn hits_so_far() {{ return try_receive(hits) }}"
                ),
                seed,
            );
            let fork = program.template.fork();
            let (machine, step) = program.begin(&fork, "run");
            assert!(program.live() > 0, "{body}");
            drop(step);
            drop(machine);
            program.schedule.settle();
            assert_eq!((program.schedule.len(), program.live()), (0, 0), "{body}");
            assert_eq!(program.call(&program.template, "hits_so_far"), "None", "{body}");
        }
    }
}

#[test]
fn what_a_machine_that_ended_has_started_goes_on() {
    let program = Program::new(
        "let out = channel()
let go = channel()
let mut n = 0
let add = fn() { n += 1
    return n }
fn start() { spawn { receive(go)
        add()
        send(out, add()) }
    return add() }
fn fails() { start()
    bruh(\"done\") }
fn let_go() { send(go, true) }
fn next() { return receive(out) }",
        3,
    );
    for function in ["start", "fails"] {
        let request = program.template.fork();
        let answer = program.call(&request, function);
        assert!(answer == "1" || answer == "BRUH: done", "{answer}");
        // The request is gone; its task has the world for itself.
        drop(request);
        program.call(&program.template, "let_go");
        assert_eq!(program.call(&program.template.fork(), "next"), "3");
    }
    program.schedule.settle();
    assert_eq!(program.live(), 0);
}

// T-U22
#[test]
fn a_fork_is_as_it_was_between_the_writes_of_tasks() {
    for seed in 0..50 {
        let program = Program::new(
            "let out = channel()
let make = fn() { let mut n = 0
    return { add: fn() { n += 1 }, get: fn() { return n } } }
let c = make()
fn run() { squad { repeat 3 times { spawn { repeat 10 times { c.add() } } } } }
fn background() { spawn { repeat 10 times { c.add() }
        send(out, c.get()) } }
fn get() { return c.get() }
fn next() { return receive(out) }",
            seed,
        );
        let a = program.template.fork();
        program.call(&a, "run");
        let b = a.fork();
        program.call(&b, "background");
        let c = b.fork();
        let seen = program.call(&c, "get");
        assert_eq!(program.call(&c, "get"), seen);
        drop((a, b));
        assert_eq!(program.call(&program.template, "next"), "40");
        assert_eq!(program.call(&c, "get"), seen, "a fork is not moved by what goes on behind it");
        assert_eq!(program.call(&program.template, "get"), "0");
    }
}

// T-U25
#[test]
fn a_spawned_task_goes_on_in_a_world_that_is_restored() {
    let program = Program::new(
        "let make = fn() { let mut n = 0
    return { tick: fn() { n += 1 }, get: fn() { return n } } }
let c = make()
fn start() { spawn { while true { c.tick() } } }
fn get() { return c.get() }",
        5,
    );
    program.call(&program.template, "start");
    let snapshot = program.template.world.snapshot();
    let before: i64 = number(&program.call(&program.template, "get"));
    program.steps(500);
    let later = number(&program.call(&program.template, "get"));
    assert!(later > before);
    program.template.world.restore(&snapshot);
    let restored = support::call(&program.template, "get", &[]);
    assert!(number(&restored) <= before, "{restored}, {before}");
    program.steps(500);
    let again = number(&support::call(&program.template, "get", &[]));
    assert!(again > number(&restored), "the task is seen");
    program.template.image.scope.cancel();
    program.schedule.settle();
}

fn number(text: &str) -> i64 {
    text.parse().expect("a number")
}

#[test]
fn too_many_tasks_are_refused() {
    let text = "let never = channel()
fn many() { let mut n = 0
    try { loop { spawn { receive(never) }
            n += 1 } } catch e { return [n, e.message] } }
fn below() { return await spawn { many() } }
fn stop() { close(never) }";
    let mut program = Program::new(text, 1);
    let image = Arc::make_mut(&mut program.template.image);
    image.max_tasks = 10;
    image.scope = forge::handles::Scope::root(25);
    let refused = |n: i64| format!("[{n}, too many spawned tasks]");
    assert_eq!(program.call(&program.template.fork(), "many"), refused(10));
    assert_eq!(
        program.call(&program.template.fork(), "below"),
        refused(9),
        "tasks count with theirs"
    );
    assert_eq!(program.live(), 19);
    assert_eq!(
        program.call(&program.template.fork(), "many"),
        refused(6),
        "the process has a limit too"
    );
    program.call(&program.template, "stop");
    program.schedule.settle();
    assert_eq!(program.live(), 0);
    assert_eq!(program.call(&program.template.fork(), "many"), "[10, too many spawned tasks]");
    program.template.image.scope.cancel();
    program.schedule.settle();
}

/// A squad of eight tasks with channels between them: nothing is lost, and the task that spins is gone with the squad.
const SQUAD: &str = "
let mut total = 0
let add = fn(n) { total = total + n }
fn round(i) {
    let jobs = channel(i % 3)
    let done = channel()
    let stop = channel()
    let handles = channel()
    try { squad {
        spawn { for i in range(0, 8) { send(jobs, i) }
            close(jobs) }
        repeat 4 times { spawn { for job in jobs { add(1)
                    send(done, job) } } }
        spawn { repeat 8 times { receive(done) }
            send(stop, true) }
        let spinning = spawn { while true { } }
        send(handles, spinning)
        spawn { receive(stop)
            bruh(\"enough\") }
        if i % 2 == 0 { receive(channel()) }
    } } catch e { if e.message != \"squad task error: BRUH: enough\" { return e.message } }
    try { await receive(handles) } catch e { return e.message }
}
fn run(rounds) {
    for i in range(0, rounds) { let found = round(i)
        if found != \"task error: cancelled\" { return found } }
    return total
}";

/// By hand: each round in another order, which the seed decides.
#[test]
fn a_thousand_squads_in_as_many_orders() {
    let program = Program::new(SQUAD, 7);
    for round in 0..300 {
        let fork = program.template.fork();
        let found = program.schedule.finish(support::machine(&fork, "run", &[round % 6 + 1]));
        let found = found.map(|result| result.map(|value| value.to_string()));
        assert_eq!(found, Some(Ok((8 * (round % 6 + 1)).to_string())), "round {round}");
        assert_eq!((program.schedule.len(), program.live()), (0, 0), "every task is gone");
    }
}

/// For real: on the threads of a runtime.
#[test]
fn a_thousand_squads_of_eight_tasks() {
    let template = super::template(SQUAD);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut machine = support::machine(&template, "run", &[1_000]);
    let result = runtime.block_on(forge::task::drive(&mut machine));
    let result = result.map(|value| value.to_string()).map_err(|error| error.fault.to_string());
    assert_eq!(result, Ok("8000".to_string()));
    assert_eq!(template.image.scope.live(), 0, "every task is gone");
}

/// While an argument waits for a task, the task assigns the variable of the callee: it was read before.
#[test]
fn a_callee_is_read_before_an_argument_waits() {
    let program = Program::new(
        "let mut greet = fn(name) { \"hello {name}\" }
let swap = fn() { greet = fn(name) { \"goodbye {name}\" } }
fn run() {
    let swapping = spawn { swap()
        \"Ada\" }
    return [greet(await swapping), greet(\"Bob\")]
}",
        5,
    );
    assert_eq!(program.call(&program.template.fork(), "run"), "[hello Ada, goodbye Bob]");
}
