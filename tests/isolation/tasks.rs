//! Tasks: what they share with the world that they run in, what leaves it, and how they end. Driven by hand, in an
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

struct Program {
    template: Template,
    schedule: Arc<Schedule>,
}

impl Program {
    fn new(text: &str, seed: u64) -> Program {
        let schedule = Schedule::new(seed);
        let mut loaded = support::loaded(text);
        schedule.drives(&mut loaded);
        let template = support::ready(loaded);
        Program { template: template.unwrap_or_else(|fault| panic!("{text}\n{fault}")), schedule }
    }

    /// What `function` returns in a world of the program; its tasks run meanwhile.
    fn call(&self, world: &Template, function: &str) -> String {
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

/// Senders and receivers of messages that hold variables. `put` goes on with the state after it has sent it.
const CROSSING: &str = "
let ch = channel()
fn receive_one() { return receive(ch) }
fn counter() { let mut n = 5
    return { inc: fn() { n += 1
            return n }, get: fn() { return n } } }
let mut kept = null
fn put() { kept = counter()
    send(ch, kept)
    return [kept.inc(), kept.inc()] }
fn kept_now() { return kept.get() }
fn take() { let c = receive(ch)
    return [c.inc(), c.get()] }
fn put_nested() { let c = counter()
    let other = counter()
    send(ch, freeze [map([(\"inc\", c.inc)]), (Ok(c.get), [Some(c.inc), Ok(other.get)]), { c: c, set: set([c.inc]) }])
    c.inc() }
fn take_nested() { let m = receive(ch)
    m[0][\"inc\"]()
    unwrap(m[1][1][0])()
    m[2].c.inc()
    return [unwrap(m[1][0])(), unwrap(m[1][1][1])(), m[2].c.get(), m[2].set.has(m[2].c.inc)] }
fn put_cycle() { let mut f = null
    let mut n = 0
    f = fn(k) { n += 1
        if k == 0 { return n }
        return f(k - 1) }
    send(ch, f)
    f(0) }
fn take_cycle() { let f = receive(ch)
    return [f(2), f(0)] }
fn put_itself() { let mut n = 0
    send(ch, { ch: ch, f: fn() { n += 1
        return [n, ch] } })
    send(ch, [ch, spawn { n }]) }
fn take_itself() { let m = receive(ch)
    let f = m.f()
    return [m.ch == ch, f[1] == ch, f[0], receive(ch)[0] == ch] }
fn put_task() { let c = counter()
    kept = c
    send(ch, spawn { c }) }
fn take_task() { let c = await receive(ch)
    return [c.inc(), c.get()] }
fn put_stepped() { let c = counter()
    let h = spawn { c }
    await h
    c.inc()
    send(ch, h)
    return (await h).get() }
";

// T-U23
#[test]
fn messages_hold_what_the_sender_saw_and_go_apart() {
    let program = Program::new(CROSSING, 1);
    let (a, b) = (program.template.fork(), program.template.fork());
    assert_eq!(program.call(&a, "put"), "[6, 7]");
    assert_eq!(program.call(&b, "take"), "[6, 6]", "as it was when it was sent");
    assert_eq!(program.call(&a, "kept_now"), "7", "the receiver's changes are its own");
    // To the template, and from it.
    program.call(&a, "put");
    assert_eq!(program.call(&program.template, "take"), "[6, 6]");
    program.call(&program.template, "put");
    assert_eq!(program.call(&a, "take"), "[6, 6]");
    assert_eq!(program.call(&program.template, "kept_now"), "7");
}

#[test]
fn messages_within_a_world_stay_shared() {
    let program = Program::new(CROSSING, 1);
    let a = program.template.fork();
    program.call(&a, "put");
    assert_eq!(program.call(&a, "take"), "[8, 8]");
    assert_eq!(program.call(&a, "kept_now"), "8");
    program.call(&a, "put_task");
    assert_eq!(program.call(&a, "take_task"), "[6, 6]");
    assert_eq!(program.call(&a, "kept_now"), "6");
}

#[test]
fn messages_keep_their_shape() {
    let program = Program::new(CROSSING, 1);
    let (a, b) = (program.template.fork(), program.template.fork());
    for (put, take, seen) in [
        ("put_nested", "take_nested", "[8, 5, 8, true]"),
        ("put_cycle", "take_cycle", "[3, 4]"),
        ("put_itself", "take_itself", "[true, true, 1, true]"),
        ("put_task", "take_task", "[6, 6]"),
    ] {
        program.call(&a, put);
        assert_eq!(program.call(&b, take), seen, "{put}");
    }
    assert_eq!(program.call(&a, "put_stepped"), "6", "within its world the result is shared");
    assert_eq!(program.call(&b, "take_task"), "[6, 6]", "elsewhere it is what the task saw");
}

#[test]
fn a_message_outlives_its_sender() {
    let program = Program::new(CROSSING, 1);
    for (put, take, seen) in [
        ("put", "take", "[6, 6]"),
        ("put_cycle", "take_cycle", "[3, 4]"),
        ("put_task", "take_task", "[6, 6]"),
    ] {
        program.call(&program.template.fork(), put);
        program.schedule.settle();
        assert_eq!(program.call(&program.template.fork(), take), seen, "{put}");
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

/// For real: on the threads of a runtime.
#[test]
fn a_thousand_squads_of_eight_tasks() {
    let template = super::template(
        "let mut total = 0
let add = fn(n) { total = total + n }
fn run() {
    let handles = channel()
    for round in range(0, 1000) {
        let jobs = channel(round % 3)
        let done = channel()
        let stop = channel()
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
        } } catch e { if e.message != \"squad task error: BRUH: enough\" { return e.message } }
    }
    close(handles)
    let mut cancelled = 0
    for h in handles { try { await h } catch e { if e.message == \"task error: cancelled\" { cancelled += 1 } } }
    return [total, cancelled]
}",
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut machine = support::machine(&template, "run", &[]);
    let result = runtime.block_on(forge::task::drive(&mut machine));
    let result = result.map(|value| value.to_string()).map_err(|error| error.fault.to_string());
    assert_eq!(result, Ok("[8000, 1000]".to_string()));
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
