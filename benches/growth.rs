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
use std::sync::Arc;
use std::time::Duration;
use table::row;
use table::title;

/// Name, what stands before the loop, the step.
const PROGRAMS: &[(&str, &str, &str)] = &[
    ("xs = push(xs, i)", "let mut xs = []", "xs = push(xs, i)"),
    ("push(xs, i)", "let mut xs = []", "push(xs, i)"),
    ("m = m.set(i, i)", "let mut m = map([])", "m = m.set(i, i)"),
    ("o[key] = i", "let mut o = {}", "o[\"k{i}\"] = i"),
    ("text += \"x\"", "let mut text = \"\"", "text += \"x\""),
];

fn time(program: &str) -> Duration {
    let host = Arc::new(Output::to(Box::new(std::io::sink()), false));
    let loaded = engine::load(&mut Sources::new(), "growth.fg", program, host)
        .unwrap_or_else(|found| panic!("{found:?}"));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    best(rounds(3, 1), || {
        runtime.block_on(loaded.run()).map(drop).unwrap_or_else(|error| panic!("{error:?}"));
    })
}

fn main() {
    let (few, many) = (20_000, rounds(2_000_000, 400_000));
    let wanted = many / few;
    title(&format!("{many} steps against {few}"));
    for (name, before, step) in PROGRAMS {
        let top = |n: usize| time(&format!("{before}\nfor i in range({n}) {{ {step} }}"));
        let inside = |n: usize| {
            time(&format!("fn f() {{\n{before}\nfor i in range({n}) {{ {step} }}\n}}\nf()"))
        };
        let ratio = |small: Duration, large: Duration| {
            format!("{:.0}x", large.as_secs_f64() / small.as_secs_f64())
        };
        let target = format!("about {wanted}x");
        row(&format!("{name}, at top level"), ratio(top(few), top(many)), &target);
        row(&format!("{name}, in a function"), ratio(inside(few), inside(many)), &target);
    }
}
