//! What `retry`, `timeout`, `schedule` and `watch` ask (language-statements 6.5, 6.6, 7): the machine runs their blocks.

use super::INTERNAL;
use super::fail;
use super::tasks::seconds;
use super::to_float;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::optional;
use crate::native::required;
use crate::value::Value;
use std::time::Duration;

/// Attempts when the count is no Int.
const ATTEMPTS: i64 = 3;

/// Seconds when the limit is no number.
const LIMIT: f64 = 5.0;

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "__attempts",
        params: &[optional("count", Kind::Any)],
        doc: "How often `retry` tries.",
        run: |args| match args.get(0) {
            Value::Int(count) => Ok((*count).max(0).into()),
            _ => Ok(ATTEMPTS.into()),
        },
        ..INTERNAL
    },
    Builtin {
        name: "__retry_pause",
        params: &[required("attempt", Kind::Int)],
        requires: "an Int",
        doc: "Waits as long as `retry` does after the failed attempt of that number: a tenth of a second for each so far.",
        run: |args| {
            let pause = Duration::from_millis(100).saturating_mul(args.int(0) as u32);
            Ok(Outcome::Wait(Box::pin(async move {
                tokio::time::sleep(pause).await;
                Ok(Value::Null)
            })))
        },
        ..INTERNAL
    },
    Builtin {
        name: "__retry_failed",
        params: &[required("count", Kind::Int), required("error", Kind::Any)],
        requires: "(an Int, an error)",
        doc: "Fails the way `retry` does when the last attempt, if any, failed with the error.",
        run: retry_failed,
        ..INTERNAL
    },
    Builtin {
        name: "__limit",
        params: &[required("amount", Kind::Any), required("unit", Kind::Number)],
        requires: "(amount, a number of seconds)",
        doc: "The limit of a `timeout` in seconds.",
        run: |args| Ok(limit(args)),
        ..INTERNAL
    },
    Builtin {
        name: "__timed_out",
        params: &[required("limit", Kind::Number)],
        requires: "a number",
        doc: "Fails the way `timeout` does.",
        run: |args| fail(format!("timeout: operation exceeded {} second limit", args.get(0))),
        ..INTERNAL
    },
    Builtin {
        name: "__interval",
        params: &[required("amount", Kind::Any), required("unit", Kind::Number)],
        requires: "(amount, a number of seconds)",
        doc: "The interval of a `schedule` in seconds.",
        run: interval,
        ..INTERNAL
    },
    Builtin {
        name: "__watched",
        params: &[required("path", Kind::Any)],
        requires: "a path",
        doc: "The path of a `watch`.",
        run: |args| match args.get(0).thawed() {
            path @ Value::Str(_) => Ok(path.clone().into()),
            _ => fail("watch requires a string path"),
        },
        ..INTERNAL
    },
];

fn interval(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let seconds = match args.get(0).thawed() {
        amount @ (Value::Int(_) | Value::Float(_)) => {
            seconds(to_float(amount), to_float(args.get(1)))
        }
        _ => f64::NAN,
    };
    match seconds > 0.0 {
        true => Ok(Value::Float(seconds).into()),
        false => fail("schedule interval must be a positive integer"),
    }
}

fn retry_failed(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let heading = format!("retry failed after {} attempts", args.int(0));
    Err(match args.get(1) {
        Value::Raised(last) => Fault::Placed(Box::new((**last).clone())).within(heading),
        _ => Fault::message(format!("{heading}: ")),
    })
}

fn limit(args: &Args<'_>) -> Outcome {
    let unit = to_float(args.get(1));
    let seconds = match args.get(0) {
        Value::Int(_) | Value::Float(_) => super::tasks::seconds(to_float(args.get(0)), unit),
        _ => LIMIT,
    };
    // `max` makes 0 of NaN.
    seconds.max(0.0).into()
}
