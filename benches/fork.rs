//! What a request costs before its handler does anything, and what it costs to change what the template holds.

#[path = "support/clock.rs"]
mod clock;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/table.rs"]
mod table;

use clock::best;
use forge::compile::Plan;
use forge::diag::Sources;
use forge::engine;
use forge::engine::Output;
use forge::engine::Template;
use forge::engine::Text;
use forge::machine::Fuel;
use forge::machine::Machine;
use forge::machine::Step;
use forge::value::Value;
use forge::value::write_json;
use forge::world::Near;
use forge::world::World;
use rounds::rounds;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;
use table::row;
use table::title;

const PROGRAM: &str = r#"
fn make(n) {
    return fn() {
        n += 1
        return n
    }
}
let closures = range(CLOSURES).map(make)
let mut plain = 0
let mut elements = range(1000000)
let mut hits = 0
@get fn bump() { plain += 1 }
@get fn nothing() { null }
@get fn change_one() { elements[500000] = 1 }
@get fn answer() { return { ok: true } }
@get fn count() {
    let mut i = 0
    while i < 1000000 {
        hits += 1
        i += 1
    }
    return hits
}
"#;

/// How long one of `n` runs takes, in nanoseconds: the shortest of several rounds.
fn nanos(n: usize, mut run: impl FnMut()) -> f64 {
    run();
    let round = best(rounds(7, 3), || (0..n).for_each(|_| run()));
    round.as_nanos() as f64 / n as f64
}

/// The template after the top-level run, with `bindings` more top-level names.
fn template(bindings: usize, closures: usize) -> Template {
    load(bindings, closures).0
}

/// The same with the slots of its handlers.
fn load(bindings: usize, closures: usize) -> (Template, Plan) {
    let program = PROGRAM.replace("CLOSURES", &closures.to_string());
    let host = Arc::new(Output::to(Box::new(std::io::sink()), false));
    let loaded = engine::load(&mut Sources::new(), Text::new("bench.fg", &program), host)
        .unwrap_or_else(|found| panic!("{found:?}"));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let mut template = runtime.block_on(loaded.run()).unwrap_or_else(|error| panic!("{error:?}"));
    let first = template.env.len();
    for slot in (first..first + bindings).rev() {
        template.env.set_global(slot, Value::Int(slot as i64));
    }
    (template, loaded.plan)
}

fn finish(mut machine: Machine) -> Value {
    loop {
        match machine.resume(Fuel::SLICE, None) {
            Step::Done(value) => return value,
            Step::OutOfFuel => {}
            Step::Failed(error) => panic!("{error:?}"),
            Step::Waiting(_) => panic!("nothing here waits"),
        }
    }
}

fn call(template: Template, function: &Value) -> Value {
    let machine = template.call(function.clone(), Vec::new());
    finish(machine.unwrap_or_else(|fault| panic!("{fault}")))
}

fn handler(template: &Template, plan: &Plan, name: &str) -> Value {
    let route = plan.routes.iter().find(|route| route.handler == name);
    template.slot(route.expect("each handler has a route").slot)
}

fn forks() {
    title("an untouched fork, made and dropped");
    let mut least = f64::MAX;
    let mut most = 0.0_f64;
    for (bindings, closures) in [(10, 0), (10, 10_000), (1_000_000, 0), (1_000_000, 10_000)] {
        let template = template(bindings, closures);
        // World and environment: the code is shared, not forked.
        let took = nanos(200_000, || {
            drop(black_box((World::fork(&template.world), template.env.clone())))
        });
        (least, most) = (least.min(took), most.max(took));
        let what = format!("{bindings} bindings, {closures} closures");
        row(&what, format!("{took:.1} ns"), "<= 50 ns");
    }
    row("  dearest to cheapest", format!("{:.2}", most / least), "<= 1.2");
}

fn first_writes() {
    title("the first write in a fork, without the fork");
    for (bindings, closures) in [(10, 0), (1_000_000, 10_000)] {
        let template = template(bindings, closures);
        let slot = template.image.program.globals.iter().position(|it| &*it.name == "plain");
        let Value::Cell(cell) = template.env.global(slot.expect("it is there")) else {
            panic!("an assigned variable that a function names is a cell")
        };
        let fork = nanos(200_000, || drop(black_box(template.fork())));
        let both = nanos(200_000, || {
            let fork = template.fork();
            fork.world.set(cell, Value::Int(1), &mut Near::default());
            drop(black_box(fork));
        });
        let what = format!("{bindings} bindings, {closures} closures");
        row(&what, format!("{:.0} ns", both - fork), "<= 300 ns");
    }
}

fn requests() {
    let (template, plan) = load(10, 0);
    title("a request without HTTP");
    let nothing = handler(&template, &plan, "nothing");
    let empty = nanos(100_000, || drop(call(template.fork(), &nothing)));
    row("fork, machine, call of an empty handler", format!("{empty:.0} ns"), "");
    let answer = handler(&template, &plan, "answer");
    let mut bytes = Vec::new();
    let took = nanos(100_000, || {
        bytes.clear();
        write_json(&call(template.fork(), &answer), &mut bytes).expect("it is short");
        black_box(&bytes);
    });
    assert_eq!(bytes, b"{\"ok\":true}");
    row("fork, machine, call, JSON of `{ ok: true }`", format!("{took:.0} ns"), "<= 2000 ns");
    let bump = handler(&template, &plan, "bump");
    let took = nanos(100_000, || drop(call(template.fork(), &bump)));
    row(
        "a handler that assigns a variable: more than an empty one",
        format!("{:.0} ns", took - empty),
        "",
    );
    let change_one = handler(&template, &plan, "change_one");
    for _ in 0..4 {
        drop(call(template.fork(), &change_one));
    }
    let took = nanos(20_000, || drop(call(template.fork(), &change_one)));
    row(
        "one element of 1,000,000 changed: more than an empty one",
        format!("{:.0} ns", took - empty),
        "<= 5000 ns",
    );
}

fn counters() {
    title("a loop over a counter of the template");
    let (template, plan) = load(10, 0);
    let count = handler(&template, &plan, "count");
    let times = rounds(9, 3);
    let plain = best(times, || drop(call(template.clone(), &count)));
    let fork = best(times, || drop(call(template.fork(), &count)));
    let ratio = |one: Duration, other: Duration| one.as_secs_f64() / other.as_secs_f64();
    row("1,000,000 rounds in the template's own world", format!("{plain:.1?}"), "");
    row("  in a fork against that", format!("{:.2}", ratio(fork, plain)), "<= 2");
    let replicas = [template.replica(), template.replica()];
    let both = best(times, || {
        std::thread::scope(|scope| {
            for replica in &replicas {
                scope.spawn(|| drop(call(replica.fork(), &count)));
            }
        });
    });
    row("  two threads at once against one", format!("{:.2}", ratio(both, fork)), "<= 1.25");
}

fn main() {
    forks();
    first_writes();
    requests();
    counters();
}
