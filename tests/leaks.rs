//! What a fork made goes with it (T-U21): live cells stay flat, whatever holds what. A binary of its own, since the
//! count of live cells is the process's.

#[path = "leaks/long_lives.rs"]
mod long_lives;
#[path = "support/schedule.rs"]
mod schedule;
#[path = "support/template.rs"]
mod support;

use forge::engine::Template;
use forge::handles::Channel;
use forge::handles::Taken;
use forge::machine::Fuel;
use forge::value::Cell;
use forge::value::Handle;
use forge::value::Resource;
use forge::value::Value;
use forge::world::World;
use schedule::Schedule;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use support::call;

/// One at a time: the tests of a file run side by side.
static ALONE: Mutex<()> = Mutex::new(());

const FORKS: usize = 10_000;

fn template(text: &str) -> Template {
    support::load(text).unwrap_or_else(|fault| panic!("{text}\n{fault}"))
}

/// Calls `run` in many forks of the program; the cells that are left over.
fn left_over(text: &str) -> i64 {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let before_all = Cell::live();
    let template = template(text);
    call(&template.fork(), "run", &[]);
    let before = Cell::live();
    for _ in 0..FORKS {
        call(&template.fork(), "run", &[]);
    }
    let left = Cell::live() - before;
    drop(template);
    assert_eq!(Cell::live(), before_all, "the template takes its cells with it");
    left
}

#[test]
fn forks_that_call_closures_leave_nothing() {
    let text = "
fn make() { let mut n = 0
    return fn() { n += 1
        return n } }
let mut f = make()
let mut fs = [make(), { g: make() }]
fn run() { f()
    return fs[0]() + fs[1].g() }";
    assert_eq!(left_over(text), 0);
}

#[test]
fn forks_that_make_closures_leave_nothing() {
    let text = "
fn make() { let mut n = 0
    return fn() { n += 1
        return n } }
let mut kept = null
fn run() { kept = make()
    return kept() }";
    assert_eq!(left_over(text), 0);
}

#[test]
fn a_closure_captured_by_the_variable_that_holds_it() {
    let local = "fn run() { let mut f = null
    f = fn(n) { if n == 0 { return 0 }
        return f(n - 1) }
    return f(3) }";
    let of_template = "let mut f = null
fn run() { f = fn(n) { if n == 0 { return 0 }
        return f(n - 1) }
    return f(3) }";
    let second_let = "fn run() { let f = fn() { f }
    let f = fn() { f }
    return 1 }";
    for text in [local, of_template, second_let] {
        assert_eq!(left_over(text), 0, "{text}");
    }
}

#[test]
fn closures_that_hold_each_other() {
    let text = "fn run() { let mut even = null
    let mut odd = null
    even = fn(n) { if n == 0 { return true }
        return odd(n - 1) }
    odd = fn(n) { if n == 0 { return false }
        return even(n - 1) }
    return even(5) }";
    assert_eq!(left_over(text), 0);
}

#[test]
fn closures_in_containers_that_they_capture() {
    let values = [
        "let mut o = { n: 0 }\n o.f = fn() { o.n += 1 }\n o.f()",
        "let mut o = { a: { n: 0 } }\n o.a.f = fn() { o }\n o.a.f()",
        "let mut xs = []\n push(xs, fn() { xs })\n xs[0]()",
        "let mut xs = [0]\n xs[0] = fn() { xs }\n xs[0]()",
        "let mut xs = []\n xs = push(xs, fn() { xs })\n xs[0]()",
        "let mut m = map([])\n m = m.set(1, fn() { m })\n m[1]()",
        "let mut m = map([])\n m[1] = fn() { m }\n m[1]()",
        "let mut s = set([])\n s.add(fn() { s })\n len(s)",
        "let mut r = null\n r = Ok(fn() { r })\n unwrap(r)()",
        "let mut r = null\n r = Some([freeze { f: fn() { r } }])\n unwrap(r)[0].f()",
    ];
    for value in values {
        assert_eq!(left_over(&format!("fn run() {{ {value}\n return 1 }}")), 0, "{value}");
    }
}

#[test]
fn containers_of_the_template_that_get_closures_over_themselves() {
    let writes = [
        ("let mut o = { n: 0 }", "o.f = fn() { o.n += 1 }\n o.f()"),
        ("let mut xs = [0]", "push(xs, fn() { xs })\n xs[1]()"),
        ("let mut xs = [0]", "xs[0] = fn() { xs }\n xs[0]()"),
        ("let mut m = map([(1, 1)])", "m = m.set(1, fn() { m })\n m[1]()"),
    ];
    for (value, write) in writes {
        let text = format!("{value}\nfn run() {{ {write}\n return 1 }}");
        assert_eq!(left_over(&text), 0, "{text}");
    }
}

#[test]
fn streams_leave_nothing() {
    let runs = [
        "return range(9).stream().map(fn(x) { x + 1 }).skip(1).take(3).enumerate().collect()",
        "for x in kept { return x }",
        "kept = kept.map(fn(x) { kept })\n return kept.first()",
        "let mut s = null\n s = [1].stream().filter(fn(x) { s == x })\n return s.chain(s).zip(s).count()",
        "let mut xs = []\n push(xs, xs.stream())\n push(xs, xs.stream().map(fn(x) { xs }))\n return xs[1].first()",
        "let mut s = [1].stream().map(fn(x) { bruh(\"{s}\") })\n safe { s.first() }\n s = s.map(fn(x) { s })\n return 1",
    ];
    for run in runs {
        let text =
            format!("let mut kept = [1, 2].stream().map(fn(x) {{ x }})\nfn run() {{ {run} }}");
        assert_eq!(left_over(&text), 0, "{text}");
    }
}

#[test]
fn forks_of_forks_and_snapshots_leave_nothing() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let template = template(
        "let mut f = null
let mut n = 0
fn run() { n += 1
    f = fn() { [f, n] }
    return 1 }",
    );
    let before = Cell::live();
    for _ in 0..1_000 {
        let child = template.fork();
        call(&child, "run", &[]);
        let snapshot = child.world.snapshot();
        let grandchild = child.fork();
        call(&grandchild, "run", &[]);
        call(&child, "run", &[]);
        child.world.restore(&snapshot);
        drop(child);
        call(&grandchild, "run", &[]);
    }
    assert_eq!(Cell::live(), before);
}

#[test]
fn a_machine_dropped_in_the_middle_leaves_nothing() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let template = template(
        "let mut f = null
fn run() { let mut g = null
    g = fn(n) { f = fn() { [f, g] }
        while true { } }
    g(1) }",
    );
    let before = Cell::live();
    for _ in 0..1_000 {
        let fork = template.fork();
        let mut machine = support::machine(&fork, "run", &[]);
        let _ = machine.resume(Fuel(10), None);
    }
    assert_eq!(Cell::live(), before);
}

/// Calls `functions` one after the other, each in a fork of its own, again and again; their tasks run meanwhile.
fn tasks_left_over(text: &str, functions: &[&str]) {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let before_all = Cell::live();
    let schedule = Schedule::new(7);
    let mut loaded = support::loaded(text);
    schedule.drives(&mut loaded);
    let template = support::ready(loaded);
    let template = template.unwrap_or_else(|fault| panic!("{text}\n{fault}"));
    let before = Cell::live();
    for _ in 0..200 {
        for function in functions {
            let machine = support::machine(&template.fork(), function, &[]);
            assert!(schedule.finish(machine).is_some(), "{text}\n{function} does not end");
        }
        schedule.settle();
        assert_eq!(schedule.len(), 0, "{text}");
    }
    assert_eq!(Cell::live(), before, "{text}");
    assert_eq!(template.image.scope.live(), 0, "{text}");
    drop(template);
    assert_eq!(Cell::live(), before_all, "{text}");
}

#[test]
fn tasks_leave_nothing() {
    let bodies = [
        "let mut n = 0\n spawn { n += 1\n n }",
        "let mut n = 0\n let add = fn() { n += 1 }\n squad { spawn { add() }\n spawn { kept = add } }",
        // A task whose result holds the variable that holds the task.
        "let mut h = null\n h = spawn { fn() { h } }\n await h",
        "let mut h = null\n let get = fn() { h }\n h = spawn { get }\n await h",
        "let c = channel()\n let h = spawn { receive(c) }\n send(c, [h])\n await h",
        "let c = channel()\n let h = spawn { receive(c) }\n send(c, [h, fn() { h }])\n (await h)[1]()",
        "kept = spawn { fn() { kept } }\n await kept",
        "safe { squad { spawn { let mut f = null\n f = fn() { f }\n while true { f() } }\n spawn { bruh(\"x\") } } }",
        "spawn { spawn { kept = fn() { kept } } }",
    ];
    for body in bodies {
        tasks_left_over(&format!("let mut kept = null\nfn run() {{ {body} }}"), &["run"]);
    }
}

#[test]
fn messages_leave_nothing() {
    let text = "
let ch = channel()
let mut kept = null
fn make() { let mut n = 0
    let mut f = null
    f = fn() { n += 1
        return [n, f] }
    return { f: f, g: fn() { f } } }
fn put() { kept = make()
    send(ch, kept) }
fn put_task() { send(ch, spawn { make() }) }
fn take() { kept = await receive(ch)
    kept.f() }
fn within() { let own = channel(3)
    kept = own
    send(own, make())
    send(own, fn() { own })
    kept = receive(own)
    kept.f() }
fn itself() { let own = channel()
    send(own, own)
    send(own, [own, fn() { own }])
    let mut variable = own
    send(own, { f: fn() { variable = own } })
    return [own == receive(own), own == receive(own)[0]] }";
    tasks_left_over(text, &["put", "take"]);
    tasks_left_over(text, &["put_task", "take"]);
    tasks_left_over(text, &["within"]);
    tasks_left_over(text, &["itself"]);
    let unread =
        format!("{text}\nfn unread() {{ let own = channel()\n send(own, make())\n kept = own }}");
    tasks_left_over(&unread, &["unread"]);
}

#[test]
fn carriers_that_hold_one_another_leave_nothing() {
    let make = "let top = channel()
fn make() { let mut n = 0
    return fn() { n += 1
        return n } }";
    let bodies = [
        "let a = channel()\n let b = channel()\n send(a, [b, make()])\n send(b, [a])",
        "let a = channel()\n let b = channel()\n send(a, b)\n send(b, [Some({ a: a }), make(), b])",
        "let a = channel()\n let b = channel()\n let f = fn() { b }\n send(a, [f, make()])\n send(b, fn() { a })",
        "let a = channel()\n let b = channel()\n let c = channel()\n send(a, b)\n send(b, c)\n send(c, a)\n send(c, make())",
        "let c = channel()\n let h = spawn { receive(c) }\n let g = spawn { [h, make()] }\n send(c, g)\n await h",
        "let c = channel()\n let h = spawn { [c, make()] }\n await h\n send(c, h)",
        // An array that others hold too.
        "let a = channel()\n let xs = [channel(), make()]\n send(a, xs)\n send(xs[0], a)\n let ys = [xs, xs]\n send(a, ys)",
        "let a = channel(0)\n let b = channel()\n send(b, [a, make()])\n safe { timeout 0 { send(a, b) } }\n spawn { squad { spawn { send(a, [b, make()]) }\n spawn { bruh(\"x\") } } }",
    ];
    for body in bodies {
        tasks_left_over(&format!("{make}\nfn run() {{ {body}\n return 1 }}"), &["run"]);
    }
    // In worlds that know only one half.
    let text = format!(
        "{make}
fn first() {{ let a = channel()
    let b = channel()
    send(a, [b, make()])
    send(top, a)
    send(top, b) }}
fn second() {{ let a = receive(top)
    send(receive(top), [a, make()]) }}"
    );
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let before = Cell::live();
    let template = template(&text);
    for _ in 0..1_000 {
        call(&template.fork(), "first", &[]);
        call(&template.fork(), "second", &[]);
    }
    let left = Cell::live() - before;
    assert!(left < 200, "{left} cells live on");
    drop(template);
    assert_eq!(Cell::live(), before);
}

/// A resource that counts itself.
struct Probe(Arc<AtomicUsize>);

impl Resource for Probe {
    fn kind(&self) -> &'static str {
        "Probe"
    }

    fn shown(&self) -> &'static str {
        "<probe>"
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

#[test]
fn a_world_that_goes_on_lets_go_of_cycles_and_of_nothing_else() {
    let world = World::new();
    let probes = Arc::new(AtomicUsize::new(0));
    let probe = || {
        probes.fetch_add(1, SeqCst);
        Value::Handle(Handle::new(Probe(probes.clone())))
    };
    let put = |into: &Channel, value| assert!(into.try_send(into.message(&world, value)));
    let kept = Channel::new(None);
    for round in 0..10_000 {
        let (a, b) = (Channel::new(None), Channel::new(None));
        put(&a, Value::array(vec![Value::Handle(b.handle()), probe()]));
        put(&b, Value::Handle(a.handle()));
        // One of a thousand can still be reached, through a message.
        if round % 1_000 == 0 {
            put(&kept, Value::Handle(b.handle()));
        }
    }
    let left = probes.load(SeqCst);
    assert!(left < 1_000, "{left} cycles live on");
    drop(world);
    let mut reached = 0;
    let world = World::new();
    while let Taken::Message(message) = kept.take() {
        let Value::Handle(b) = kept.content(&world, message) else { panic!("a channel") };
        let b: &Channel = b.get().unwrap();
        let Taken::Message(message) = b.take() else { panic!("{reached}: its message is gone") };
        let Value::Handle(a) = b.content(&world, message) else { panic!("a channel") };
        let a: &Channel = a.get().unwrap();
        assert!(matches!(a.take(), Taken::Message(_)), "{reached}: its message is gone");
        reached += 1;
    }
    assert_eq!(reached, 10);
    assert_eq!(probes.load(SeqCst), 0);
}

#[test]
fn chains_of_channels_are_dropped_flat() {
    // Each message is a closure over a variable that holds the channel before: a world of its own in each parcel.
    let text = "
fn run(n) { let mut last = channel()
    for i in range(0, n) { let mut inner = last
        let outer = channel()
        send(outer, [outer == inner, fn() { inner }])
        last = outer }
    return 1 }
fn tasks(n) { let mut last = null
    for i in range(0, n) { let before = last
        last = channel()
        send(last, [before]) }
    return 1 }";
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let template = template(text);
    let before = Cell::live();
    for (function, n) in [("run", 100_000), ("tasks", 1_000_000)] {
        let fork = template.fork();
        assert_eq!(call(&fork, function, &[n]), "1");
    }
    assert_eq!(Cell::live(), before);
}
