//! Builtins that wait: for time, for tasks (builtins 13 and 17.1).

use super::GLOBAL;
use super::fail;
use super::to_float;
use crate::diag::Fault;
use crate::handles::Task;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Work;
use crate::native::optional;
use crate::native::required;
use crate::value::List;
use crate::value::Value;
use crate::world::World;
use std::time::Duration;

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "wait",
        params: &[required("amount", Kind::Number), optional("unit", Kind::Number)],
        requires: "a number of seconds",
        doc: "Sleeps so many units of so many seconds, one unless given; other tasks go on meanwhile.",
        examples: &[("wait 0.01 seconds\nsay \"done\"", "done")],
        work: Work::Little,
        has_effect: true,
        run: wait,
        ..GLOBAL
    },
    Builtin {
        name: "await_all",
        params: &[required("handles", Kind::Array)],
        requires: "an array of task handles",
        doc: "The results of all tasks of an array, in its order. The first that failed fails the call.",
        examples: &[("say await_all([spawn { 1 }, spawn { 2 }])", "[1, 2]")],
        work: Work::Little,
        has_effect: true,
        run: |args| {
            let handles = args.take_list(0);
            Ok(Outcome::InWorld(Box::new(|caller| {
                let world = caller.world.clone();
                Ok(Outcome::Wait(Box::pin(async move { all(&handles, &world).await })))
            })))
        },
        ..GLOBAL
    },
    Builtin {
        name: "await_timeout",
        params: &[required("handle", Kind::Any), required("timeout_ms", Kind::Any)],
        requires: "(handle, timeout_ms)",
        doc: "The result of a task, or null when it takes longer than so many milliseconds. The task goes on and can be \
              awaited again.",
        examples: &[(
            "let ch = channel()\nlet h = spawn { receive(ch) }\nsay await_timeout(h, 5)\nsend(ch, 1)\nsay await h",
            "null\n1",
        )],
        work: Work::Little,
        has_effect: true,
        run: await_timeout,
        ..GLOBAL
    },
];

fn wait(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let unit = args.given(1).map_or(1.0, to_float);
    let pause = duration(seconds(to_float(args.get(0)), unit));
    Ok(Outcome::Wait(Box::pin(async move {
        tokio::time::sleep(pause).await;
        Ok(Value::Null)
    })))
}

/// So many seconds; none for what is less than none.
pub(super) fn duration(seconds: f64) -> Duration {
    match seconds {
        seconds if seconds > 0.0 => Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX),
        _ => Duration::ZERO,
    }
}

async fn all(handles: &List, world: &World) -> Result<Value, Fault> {
    let mut values = Vec::with_capacity(handles.len());
    for i in 0..handles.len() {
        let Some(task) = handles.get(i).and_then(Task::of) else {
            return fail(format!("await_all() element at index {i} is not a task handle"));
        };
        values.push(task.wait(world).await?);
    }
    Ok(Value::array(values))
}

fn await_timeout(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let limit = match args.get(1) {
        limit @ (Value::Int(_) | Value::Float(_)) => duration(to_float(limit) / 1000.0),
        _ => return fail("await_timeout() second argument must be a number (ms)"),
    };
    let Some(task) = Task::of(args.get(0)).cloned() else {
        return fail("await_timeout() first argument must be a task handle");
    };
    Ok(Outcome::InWorld(Box::new(move |caller| {
        if let Some(result) = task.outcome(caller.world) {
            return result.map(Outcome::Value);
        }
        let world = caller.world.clone();
        Ok(Outcome::Wait(Box::pin(async move {
            match tokio::time::timeout(limit, task.ended()).await {
                Ok(_) => task.wait(&world).await,
                Err(_) => Ok(Value::Null),
            }
        })))
    })))
}

/// So many units of so many seconds, in seconds. A fraction of a second divides: 300 milliseconds are 0.3 exactly.
pub(super) fn seconds(amount: f64, unit: f64) -> f64 {
    if unit < 1.0 { amount / (1.0 / unit) } else { amount * unit }
}
