//! From one kind to another, and which kind it is (builtins 2).

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
use crate::native::required;
use crate::value::Value;

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "str",
        params: &[optional("value", Kind::Any)],
        returns: Returns::String,
        doc: "The display text of a value; the empty text without one.",
        examples: &[(r#"say str(1.50) + str([1, "a"])"#, "1.5[1, a]")],
        work: Work::Parts,
        run: str,
        ..GLOBAL
    },
    Builtin {
        name: "int",
        params: &[required("value", Kind::Any)],
        returns: Returns::Int,
        requires: "number, bool, or string",
        doc: "An Int: a Float loses its fraction, a Bool gives 1 or 0, a text must be digits with at most a sign.",
        examples: &[(r#"say [int("-42"), int(3.9), int(true)]"#, "[-42, 3, 1]")],
        run: int,
        ..GLOBAL
    },
    Builtin {
        name: "float",
        params: &[required("value", Kind::Any)],
        returns: Returns::Float,
        requires: "number or string",
        doc: "A Float, from an Int, a Bool or a text such as `1e3`, `.5` or `inf`.",
        examples: &[(r#"say float("1e3") + float(".5")"#, "1000.5")],
        run: float,
        ..GLOBAL
    },
    Builtin {
        name: "typeof",
        aliases: &["type"],
        params: &[required("value", Kind::Any)],
        returns: Returns::String,
        requires: "an argument",
        doc: "The name of the kind of a value; of a frozen one, that of its content.",
        examples: &[("say typeof([1]) + typeof(null)", "ArrayNull")],
        work: Work::Little,
        run: |args| Ok(args.get(0).kind().into()),
        ..GLOBAL
    },
];

fn str(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    Ok(match args.all().first().map(Value::thawed) {
        None => "".into(),
        Some(Value::Str(text)) => Value::Str(text.clone()).into(),
        Some(value) => value.to_text()?.into(),
    })
}

fn int(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    Ok(match args.get(0) {
        Value::Int(value) => (*value).into(),
        Value::Float(value) => (*value as i64).into(),
        Value::Bool(value) => i64::from(*value).into(),
        Value::Str(text) => match text.parse::<i64>() {
            Ok(value) => value.into(),
            Err(_) => return fail(format!("cannot convert '{text}' to Int")),
        },
        _ => return Err(args.requires()),
    })
}

fn float(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    Ok(match args.get(0) {
        Value::Float(value) => (*value).into(),
        Value::Int(value) => (*value as f64).into(),
        Value::Bool(value) => f64::from(u8::from(*value)).into(),
        Value::Str(text) => match text.parse::<f64>() {
            Ok(value) => value.into(),
            Err(_) => return fail(format!("cannot convert '{text}' to Float")),
        },
        _ => return Err(args.requires()),
    })
}
