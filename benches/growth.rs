//! What grows with its input grows linearly, or nearly so: each program at three sizes, and the exponent that fits the
//! times. 1 is linear, n log n shows as about 1.1, 2 is quadratic.

#[path = "support/clock.rs"]
mod clock;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/table.rs"]
mod table;

use clock::best;
use forge::diag::Sources;
use forge::engine;
use forge::engine::Loaded;
use forge::engine::Output;
use forge::engine::Template;
use forge::engine::Text;
use forge::machine::Fuel;
use forge::machine::Step;
use rounds::rounds;
use std::sync::Arc;
use std::time::Duration;
use table::row;
use table::title;

/// Each size is so many times the one before.
const FACTOR: usize = 4;

/// What stands before the steps in a place, and how a step names the place. `EMPTY` is the collection to begin with,
/// `STEP` what is done `N` times.
const PLACES: &[(&str, &str, &str)] = &[
    ("a local", "fn f() { let mut x = EMPTY  for i in range(N) { STEP }  return x }  f()", "x"),
    ("at top level", "let mut x = EMPTY  for i in range(N) { STEP }", "x"),
    (
        "a variable that functions name",
        "let mut x = EMPTY  fn step(i) { STEP }  for i in range(N) { step(i) }",
        "x",
    ),
    (
        "captured",
        "fn f() { let mut x = EMPTY  let step = fn(i) { STEP }  for i in range(N) { step(i) } }  f()",
        "x",
    ),
    ("a field", "let mut o = { a: 1, x: EMPTY }  for i in range(N) { STEP }", "o.x"),
    (
        "a field of a captured variable",
        "let mut o = { a: 1, x: EMPTY }  fn step(i) { STEP }  for i in range(N) { step(i) }",
        "o.x",
    ),
    ("an element", "let mut xs = [0, EMPTY]  for i in range(N) { STEP }", "xs[1]"),
    ("a field of an element", "let mut xs = [{ x: EMPTY }]  for i in range(N) { STEP }", "xs[0].x"),
];

/// The collection to begin with, and a step, whose place is `X`.
const STEPS: &[(&str, &str)] = &[
    ("[]", "X = push(X, i)"),
    ("range(N)", "X[i] = 7"),
    ("range(N)", "X[i] += 7"),
    ("{ k: 0 }", "X[\"k{i}\"] = i"),
    ("map([])", "X[i] = i"),
    ("map([])", "X = X.set(i, i)"),
    ("set([])", "X = X.add(i)"),
    ("\"\"", "X += \"x\""),
    ("\"\"", "X = X + \"x\""),
];

/// Programs of one kind each.
const PROGRAMS: &[&str] = &[
    "let mut xs = []  for i in range(N) { push(xs, i) }",
    "fn add(xs, x) { push(xs, x)  return xs }  let mut xs = []  for i in range(N) { xs = add(xs, i) }",
    "fn add(text) { return text + \"x\" }  let mut text = \"\"  for i in range(N) { text = add(text) }",
    "struct Bag { xs: [int] }  impl Bag { fn put(it, i) { it.xs = push(it.xs, i)  return it } }
     let mut b = Bag { xs: [] }  for i in range(N) { b = b.put(i) }",
    "fn even(xs, n) { if n < 1 { return xs }  return odd(xs, n - 1) }
     fn odd(xs, n) { push(xs, n)  return even(xs, n - 1) }
     let mut xs = []  for i in range(N) { xs = even(xs, 2) }",
    "split(join(range(N), \",\"), \",\")",
    "sort(range(N).map(fn(x) { x * 7919 % 10007 }))",
    "sort(range(N).map(fn(x) { x * 7919 % 10007 }), fn(a, b) { a - b })",
    "sort_by(range(N), fn(x) { 0 - x })",
    "unique(range(N).map(fn(x) { x % 1000 }))",
    "unique(range(N))",
    "group_by(range(N), fn(x) { x % 100 })",
    "group_by(range(N), fn(x) { x })",
    "set(range(N)).union(set(range(N)))",
    "set(range(N)).intersect(set(range(N)))",
    "set(range(N)).diff(set(range(N)))",
    "range(N).stream().map(fn(x) { x + 1 }).filter(fn(x) { x > 0 }).skip(1).enumerate().count()",
    "let mut s = [0].stream()  for i in range(N / 10) { s = s.map(fn(x) { x + 1 }) }  s.first()",
    "from_entries(range(N).map(fn(x) { [\"k{x}\", x] }))",
    "flatten(range(N).map(fn(x) { [x, x] }))",
    "zip(range(N), range(N)).reverse()",
];

/// A collection of the template, and what a fork does to it, which the template still holds.
const FORKED: &[(&str, &str)] = &[
    ("range(N)", "X[i] = 7"),
    ("range(N)", "X = push(X, i)"),
    ("from_entries(range(N).map(fn(i) { [\"k{i}\", i] }))", "X[\"k{i}\"] = 7"),
    ("map(range(N).map(fn(i) { (i, i) }))", "X = X.set(i, 7)"),
    ("set(range(N))", "X = X.add(i + N)"),
    ("join(range(N), \"\")", "X += \"x\""),
];

fn load(program: &str) -> Loaded {
    let host = Arc::new(Output::to(Box::new(std::io::sink()), false));
    engine::load(&mut Sources::new(), Text::new("growth.fg", program), host)
        .unwrap_or_else(|found| panic!("{program}\n{found:?}"))
}

fn run(loaded: &Loaded) -> Template {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(loaded.run()).unwrap_or_else(|error| panic!("{error:?}"))
}

/// How long the whole program takes.
fn plain(program: &str) -> Duration {
    let loaded = load(program);
    best(rounds(3, 1), || drop(run(&loaded)))
}

/// How long its handler takes in a fork, beside the template.
fn forked(program: &str) -> Duration {
    let loaded = load(program);
    let template = run(&loaded);
    let handler = template.slot(loaded.plan.routes[0].slot);
    best(rounds(3, 1), || {
        let mut machine =
            template.fork().call(handler.clone(), Vec::new()).unwrap_or_else(|it| panic!("{it}"));
        loop {
            match machine.resume(Fuel::SLICE, None) {
                Step::Done(_) => break,
                Step::OutOfFuel => {}
                Step::Failed(error) => panic!("{error:?}"),
                Step::Waiting(_) => panic!("nothing here waits"),
            }
        }
    })
}

/// One line: the exponent that fits three sizes.
fn exponent(what: &str, program: &str, time: fn(&str) -> Duration) {
    let first = rounds(20_000, 5_000);
    let sizes = [first, first * FACTOR, first * FACTOR * FACTOR];
    let times = sizes.map(|n| time(&program.replace('N', &n.to_string())).as_secs_f64());
    // Least squares over three points at equal distances is the slope between the ends.
    let fitted = (times[2] / times[0]).ln() / ((FACTOR * FACTOR) as f64).ln();
    row(what, format!("{fitted:.2}"), "<= 1.2");
}

fn main() {
    title("exponents of the time, at 1, 4 and 16 times the size");
    for (empty, step) in STEPS {
        for (place, program, name) in PLACES {
            let step = step.replace('X', name);
            let program = program.replace("EMPTY", empty).replace("STEP", &step);
            exponent(&format!("{step}, {place}"), &program, plain);
        }
    }
    for program in PROGRAMS {
        let what: String = program.split_whitespace().collect::<Vec<_>>().join(" ");
        let short: String = what.chars().take(60).collect();
        exponent(&short, program, plain);
    }
    for (full, step) in FORKED {
        let program = format!(
            "let mut x = {full}\n@get fn work() {{ for i in range(N) {{ {} }}  return null }}",
            step.replace('X', "x")
        );
        exponent(&format!("{step}, in a fork"), &program, forked);
    }
}
