//! Builtins that run a function once or often (builtins 16): `prelude/calls.fg` calls it, the clock and the reports
//! are here.

use super::GLOBAL;
use super::INTERNAL;
use super::fail;
use super::number;
use super::prelude;
use super::to_float;
use super::work;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::optional;
use crate::native::required;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;
use std::sync::OnceLock;
use std::time::Instant;

const FUNCTION: &[Param] = &[optional("function", Kind::Function)];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "cook",
        params: FUNCTION,
        doc: "What the function gives; how long it took is shown on the error output.",
        examples: &[("say cook(fn() { 6 * 7 })", "42")],
        work: Work::Little,
        run: |args| with_function(args, "cook() needs a function — let him cook!"),
        ..GLOBAL
    },
    Builtin {
        name: "yolo",
        params: FUNCTION,
        doc: "What the function gives, or `None` when it fails.",
        examples: &[("say yolo(fn() { 1 / 0 })", "None")],
        work: Work::Little,
        run: |args| with_function(args, "yolo() needs a function to send it on"),
        ..GLOBAL
    },
    Builtin {
        name: "ghost",
        params: FUNCTION,
        doc: "What the function gives.",
        examples: &[("say ghost(fn() { 6 * 7 })", "42")],
        work: Work::Little,
        run: |args| with_function(args, "ghost() needs a function to haunt"),
        ..GLOBAL
    },
    Builtin {
        name: "slay",
        params: &[optional("function", Kind::Function), optional("runs", Kind::Int)],
        returns: Returns::Object,
        doc: "Calls the function often, 100 times if no number is given: an object with the times in milliseconds, also shown on the error output.",
        examples: &[("say slay(fn() { 7 }, 3).runs", "3")],
        work: Work::Little,
        run: slay,
        ..GLOBAL
    },
    Builtin {
        name: "__clock",
        doc: "Milliseconds since some moment, as a Float.",
        work: Work::Little,
        run: |_| Ok(clock().into()),
        ..INTERNAL
    },
    Builtin {
        name: "__cooked",
        params: &[required("start", Kind::Number)],
        requires: "a number",
        doc: "Shows how long it is since `start` on the error output.",
        work: Work::Little,
        run: cooked,
        ..INTERNAL
    },
    Builtin {
        name: "__slain",
        params: &[required("times", Kind::Array), optional("result", Kind::Any)],
        requires: "an array",
        doc: "What `slay` gives for these times; shows them on the error output.",
        work: Work::By(work::sorting),
        run: slain,
        ..INTERNAL
    },
];

/// The prelude goes on if the first argument can be called.
fn with_function(args: &mut Args<'_>, otherwise: &str) -> Result<Outcome, Fault> {
    match args.get(0) {
        Value::Function(_) | Value::Native(_) | Value::Marker(_) => prelude(args),
        _ => fail(otherwise),
    }
}

fn slay(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let runs = match args.given(1) {
        Some(Value::Int(runs)) => (*runs).max(1),
        _ => 100,
    };
    let outcome = with_function(args, "slay() needs a function to benchmark")?;
    Ok(match outcome {
        Outcome::Prelude(mut values) => {
            values.truncate(1);
            values.push(Value::Int(runs));
            Outcome::Prelude(values)
        }
        other => other,
    })
}

fn clock() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64() * 1000.0
}

fn cooked(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let elapsed = clock() - to_float(args.get(0));
    let (colour, time, comment) = match elapsed {
        ms if ms < 1.0 => (32, format!("{:.2}µs", ms * 1000.0), "speed demon fr"),
        ms if ms < 100.0 => (32, format!("{ms:.2}ms"), "no cap that was fast"),
        ms if ms < 1000.0 => (33, format!("{ms:.0}ms"), "it's giving adequate"),
        ms => (31, format!("{:.2}s", ms / 1000.0), "bruh that took a minute"),
    };
    args.note(&format!(
        "\x1b[{colour}m👨\u{200d}🍳 COOKED:\x1b[0m done in {time} — \x1b[2m{comment}\x1b[0m\n"
    ));
    Ok(Value::Null.into())
}

fn slain(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let mut times: Vec<f64> = args.list(0).iter().map(to_float).collect();
    times.sort_by(f64::total_cmp);
    let runs = times.len().max(1);
    let at = |i: usize| times.get(i).copied().unwrap_or(0.0);
    let average = times.iter().sum::<f64>() / runs as f64;
    let (least, most) = (at(0), at(runs - 1));
    let p99 = at((runs * 99 / 100).min(runs - 1));
    args.note(&format!(
        "\x1b[35m💅 SLAYED:\x1b[0m {runs}x runs — avg {average:.3}ms, min {least:.3}ms, max {most:.3}ms, p99 {p99:.3}ms\n"
    ));
    let fields = [
        ("avg_ms", Value::Float(average)),
        ("min_ms", Value::Float(least)),
        ("max_ms", Value::Float(most)),
        ("p99_ms", Value::Float(p99)),
        ("runs", number(runs)),
        ("result", args.take_as_is(1)),
    ];
    let fields = fields.map(|(name, value)| (Text::from(name), value));
    Ok(Value::Object(Object::from_pairs(fields)).into())
}
