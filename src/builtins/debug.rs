//! The debug kit (builtins 15).

use super::GLOBAL;
use super::fail;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Returns;
use crate::native::Work;
use crate::native::optional;
use crate::value::Value;
use crate::value::same;

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "sus",
        params: &[optional("value", Kind::Any)],
        doc: "Shows a value and its kind on the error output and gives it back.",
        examples: &[("say sus(5) + 1", "6")],
        work: Work::Parts,
        run: sus,
        ..GLOBAL
    },
    Builtin {
        name: "bruh",
        params: &[optional("message", Kind::Any)],
        doc: "Always fails, with a message.",
        examples: &[(r#"try { bruh("no") } catch e { say e.message }"#, "BRUH: no")],
        work: Work::Little,
        run: |args| match args.all().first() {
            Some(message) => fail(format!("BRUH: {message}")),
            None => fail("BRUH: something ain't right"),
        },
        ..GLOBAL
    },
    Builtin {
        name: "bet",
        params: &[optional("condition", Kind::Any), optional("message", Kind::String)],
        returns: Returns::Bool,
        doc: "True, unless the condition is `false`: then it fails. Only `false` itself counts.",
        examples: &[("say bet(2 > 1)", "true")],
        work: Work::Little,
        run: |args| match args.all().first().map(Value::thawed) {
            None => fail("bet() needs a condition, no cap"),
            Some(Value::Bool(false)) => {
                fail(format!("LOST THE BET: {}", message(args, "condition was false")))
            }
            Some(_) => Ok(true.into()),
        },
        ..GLOBAL
    },
    Builtin {
        name: "no_cap",
        params: &[optional("left", Kind::Any), optional("right", Kind::Any)],
        returns: Returns::Bool,
        doc: "True if both values are equal, as `assert_eq` has it; otherwise fails.",
        examples: &[("say no_cap(1, 1.0)", "true")],
        work: Work::Parts,
        run: |args| match args.all() {
            [left, right, ..] if same(left, right) => Ok(true.into()),
            [left, right, ..] => fail(format!("CAP DETECTED: {left} ≠ {right}")),
            _ => fail("no_cap() needs two values to compare, fr fr"),
        },
        ..GLOBAL
    },
    Builtin {
        name: "ick",
        params: &[optional("condition", Kind::Any), optional("message", Kind::String)],
        returns: Returns::Bool,
        doc: "True if the condition is `false`; otherwise fails. Only `false` itself counts.",
        examples: &[("say ick(1 > 2)", "true")],
        work: Work::Little,
        run: |args| match args.all().first().map(Value::thawed) {
            None => fail("ick() needs a condition to reject"),
            Some(Value::Bool(false)) => Ok(true.into()),
            Some(_) => fail(format!("ICK: {}", message(args, "that's an ick"))),
        },
        ..GLOBAL
    },
];

fn sus(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let Some(value) = args.all().first() else {
        return fail("sus() needs something to inspect, bestie");
    };
    let kind = value.kind();
    let shown = match value.thawed() {
        Value::Str(text) => format!("\"{text}\""),
        other => other.to_string(),
    };
    args.note(&format!("\x1b[33m🔍 SUS CHECK:\x1b[0m {shown} \x1b[2m({kind})\x1b[0m\n"));
    Ok(args.take_as_is(0).into())
}

/// The second argument if it is a text, else `default`.
fn message<'a>(args: &'a Args<'_>, default: &'a str) -> &'a str {
    match args.given(1) {
        Some(Value::Str(message)) => message,
        _ => default,
    }
}
