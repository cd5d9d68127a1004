//! Builtins that wait (builtins 13).

use super::GLOBAL;
use super::to_float;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Work;
use crate::native::optional;
use crate::native::required;
use crate::value::Value;
use std::time::Duration;

pub(super) const TABLE: &[Builtin] = &[Builtin {
    name: "wait",
    params: &[required("amount", Kind::Number), optional("unit", Kind::Number)],
    requires: "a number of seconds",
    doc: "Sleeps so many units of so many seconds, one unless given; other tasks go on meanwhile.",
    examples: &[("wait 0.01 seconds\nsay \"done\"", "done")],
    work: Work::Little,
    run: wait,
    ..GLOBAL
}];

fn wait(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let unit = args.given(1).map_or(1.0, to_float);
    let pause = match to_float(args.get(0)) * unit {
        seconds if seconds > 0.0 => Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX),
        _ => Duration::ZERO,
    };
    Ok(Outcome::Wait(Box::pin(async move {
        tokio::time::sleep(pause).await;
        Ok(Value::Null)
    })))
}
