//! Growing a collection step by step is linear: a hundred times the steps take a hundred times as long.

#[path = "support/clock.rs"]
mod clock;
#[path = "support/table.rs"]
mod table;

use clock::best;
use clock::rounds;
use forge::diag::Sources;
use forge::engine;
use forge::engine::Output;
use forge::engine::Text;
use std::sync::Arc;
use std::time::Duration;
use table::row;
use table::title;

/// Name, what stands before the loop, the step and what follows the loop.
const STREAMS: &[(&str, &str, &str, &str)] = &[
    (
        "elements through four stages",
        "let mut xs = []",
        "push(xs, i)",
        "xs.stream().map(fn(x) { x + 1 }).filter(fn(x) { x > 0 }).skip(1).enumerate().count()",
    ),
    (
        "one element through a tenth as many stages",
        "let mut s = [0].stream()",
        "if i % 10 == 0 { s = s.map(fn(x) { x + 1 }) }",
        "s.first()",
    ),
];

/// Name, what stands before the loop, the step.
const PROGRAMS: &[(&str, &str, &str)] = &[
    ("xs = push(xs, i)", "let mut xs = []", "xs = push(xs, i)"),
    ("push(xs, i)", "let mut xs = []", "push(xs, i)"),
    ("m = m.set(i, i)", "let mut m = map([])", "m = m.set(i, i)"),
    ("o[key] = i", "let mut o = {}", "o[\"k{i}\"] = i"),
    ("text += \"x\"", "let mut text = \"\"", "text += \"x\""),
    (
        "xs = add(xs, i)",
        "fn add(xs, x) { push(xs, x)  return xs }  let mut xs = []",
        "xs = add(xs, i)",
    ),
    (
        "text = add(text)",
        "fn add(text) { return text + \"x\" }  let mut text = \"\"",
        "text = add(text)",
    ),
    (
        "b = b.put(i)",
        "struct Bag { size: int }
         impl Bag { fn put(it, i) { it.size += i  return it } }
         let mut b = Bag { size: 0 }",
        "b = b.put(i)",
    ),
    (
        "mutual recursion",
        "fn even(xs, n) { if n < 1 { return xs }  return odd(xs, n - 1) }
         fn odd(xs, n) { push(xs, n)  return even(xs, n - 1) }
         let mut xs = []",
        "xs = even(xs, 2)",
    ),
];

fn time(program: &str) -> Duration {
    let host = Arc::new(Output::to(Box::new(std::io::sink()), false));
    let loaded = engine::load(&mut Sources::new(), Text::new("growth.fg", program), host)
        .unwrap_or_else(|found| panic!("{found:?}"));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    best(rounds(3, 1), || {
        runtime.block_on(loaded.run()).map(drop).unwrap_or_else(|error| panic!("{error:?}"));
    })
}

fn main() {
    let (few, many) = (20_000, rounds(2_000_000, 400_000));
    title(&format!("{many} steps against {few}"));
    let programs = PROGRAMS.iter().map(|(name, before, step)| (name, before, step, &""));
    let streams = STREAMS.iter().map(|(name, before, step, after)| (name, before, step, after));
    for (name, before, step, after) in programs.chain(streams) {
        let lines = |n: usize| format!("{before}\nfor i in range({n}) {{ {step} }}\n{after}");
        let top = |n: usize| time(&lines(n));
        let inside = |n: usize| time(&format!("fn f() {{\n{}\n}}\nf()", lines(n)));
        let ratio = |small: Duration, large: Duration| {
            format!("{:.0}x", large.as_secs_f64() / small.as_secs_f64())
        };
        let target = format!("about {}x", many / few);
        row(&format!("{name}, at top level"), ratio(top(few), top(many)), &target);
        row(&format!("{name}, in a function"), ratio(inside(few), inside(many)), &target);
    }
}
