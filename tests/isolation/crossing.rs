//! What leaves a world: messages and the results of tasks (T-U23).

use super::support;
use super::tasks::Program;

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

/// A message is sent again and again while tasks of its world, on other threads, change what it holds: each copy is of
/// one moment.
#[test]
fn a_message_is_never_torn() {
    let template = super::template(
        "let ch = channel()
let results = channel()
let mut a = 0
let mut b = 0
let tick = fn() { a += 1
    b += 1 }
let read = fn() { return [a, b] }
let stop = channel()
fn run() { repeat 200 times { send(ch, [read, { deep: read }])
        await_timeout(spawn { 1 }, 1) }
    send(stop, true) }
fn start() { spawn { while try_receive(stop) == None { repeat 100 times { tick() } }
        send(results, \"ended\") }
    run()
    return receive(results) }
fn take() { let m = receive(ch)
    let x = m[0]()
    return [x[0] - x[1], m[1].deep() == x] }",
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let call = |world: &forge::engine::Template, function: &str| {
        let mut machine = support::machine(world, function, &[]);
        let result = runtime.block_on(forge::task::drive(&mut machine));
        result.map(|value| value.to_string()).map_err(|error| error.fault.to_string())
    };
    assert_eq!(call(&template.fork(), "start"), Ok("ended".to_string()));
    for _ in 0..200 {
        let found = call(&template.fork(), "take").unwrap();
        assert!(found == "[0, true]" || found == "[1, true]", "{found}");
    }
}
