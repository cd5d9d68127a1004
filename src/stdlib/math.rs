//! `math`: numbers (stdlib 1).

use super::CONSTANT;
use super::PURE;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::fail;
use crate::native::required;
use crate::native::to_float;
use crate::value::Value;
use rand::RngExt;

const X: &[Param] = &[required("x", Kind::Number)];
const TWO: &[Param] = &[required("a", Kind::Number), required("b", Kind::Number)];

/// A function of one number.
const OF_ONE: Builtin =
    Builtin { params: X, returns: Returns::Float, requires: "a number", ..PURE };

/// A function of two numbers.
const OF_TWO: Builtin = Builtin { params: TWO, requires: "two numbers", ..PURE };

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "math.pi",
        returns: Returns::Float,
        doc: "The length of a circle by its diameter.",
        examples: &[("say math.pi", "3.141592653589793")],
        run: |_| Ok(Value::Float(std::f64::consts::PI).into()),
        ..CONSTANT
    },
    Builtin {
        name: "math.e",
        returns: Returns::Float,
        doc: "The base of natural logarithms.",
        examples: &[("say math.e", "2.718281828459045")],
        run: |_| Ok(Value::Float(std::f64::consts::E).into()),
        ..CONSTANT
    },
    Builtin {
        name: "math.inf",
        returns: Returns::Float,
        doc: "Positive infinity.",
        examples: &[("say math.inf > 1e308", "true")],
        run: |_| Ok(Value::Float(f64::INFINITY).into()),
        ..CONSTANT
    },
    Builtin {
        name: "math.sqrt",
        doc: "The square root; NaN of a negative number.",
        examples: &[("say math.sqrt(16)", "4"), ("say map([1, 4, 9], math.sqrt)", "[1, 2, 3]")],
        run: |args| float(args, f64::sqrt),
        ..OF_ONE
    },
    Builtin {
        name: "math.pow",
        params: &[required("base", Kind::Number), required("exponent", Kind::Number)],
        doc: "A power: an Int of two Ints, unless the exponent is negative or the result too large for one.",
        examples: &[("say math.pow(2, 10)", "1024"), ("say math.pow(2, -1)", "0.5")],
        run: pow,
        ..OF_TWO
    },
    Builtin {
        name: "math.abs",
        returns: Returns::Any,
        doc: "The absolute value, of the same type; a Float of the one Int that has none.",
        examples: &[("say math.abs(-3)", "3")],
        run: abs,
        ..OF_ONE
    },
    Builtin {
        name: "math.max",
        doc: "The larger of two numbers: an Int of two Ints, else a Float.",
        examples: &[("say math.max(2, 7)", "7")],
        run: |args| Ok(larger(args.get(0), args.get(1)).into()),
        ..OF_TWO
    },
    Builtin {
        name: "math.min",
        doc: "The smaller of two numbers: an Int of two Ints, else a Float.",
        examples: &[("say math.min(2, 7.5)", "2")],
        run: |args| Ok(smaller(args.get(0), args.get(1)).into()),
        ..OF_TWO
    },
    Builtin {
        name: "math.floor",
        returns: Returns::Int,
        doc: "The largest Int that is not larger.",
        examples: &[("say math.floor(-2.5)", "-3")],
        run: |args| int(args, f64::floor),
        ..OF_ONE
    },
    Builtin {
        name: "math.ceil",
        returns: Returns::Int,
        doc: "The smallest Int that is not smaller.",
        examples: &[("say math.ceil(2.1)", "3")],
        run: |args| int(args, f64::ceil),
        ..OF_ONE
    },
    Builtin {
        name: "math.round",
        returns: Returns::Int,
        doc: "The nearest Int; a half goes away from zero.",
        examples: &[("say [math.round(2.5), math.round(-2.5)]", "[3, -3]")],
        run: |args| int(args, f64::round),
        ..OF_ONE
    },
    Builtin {
        name: "math.random",
        returns: Returns::Float,
        doc: "A random Float from 0 up to 1, without 1.",
        examples: &[("let x = math.random()\nsay x >= 0 && x < 1", "true")],
        run: |_| Ok(Value::Float(rand::rng().random()).into()),
        ..PURE
    },
    Builtin {
        name: "math.sin",
        doc: "The sine of an angle in radians.",
        examples: &[("say math.sin(0)", "0")],
        run: |args| float(args, f64::sin),
        ..OF_ONE
    },
    Builtin {
        name: "math.cos",
        doc: "The cosine of an angle in radians.",
        examples: &[("say math.cos(0)", "1")],
        run: |args| float(args, f64::cos),
        ..OF_ONE
    },
    Builtin {
        name: "math.tan",
        doc: "The tangent of an angle in radians.",
        examples: &[("say math.tan(0)", "0")],
        run: |args| float(args, f64::tan),
        ..OF_ONE
    },
    Builtin {
        name: "math.log",
        doc: "The natural logarithm.",
        examples: &[("say math.log(math.e)", "1"), ("say math.log(0)", "-inf")],
        run: |args| float(args, f64::ln),
        ..OF_ONE
    },
    Builtin {
        name: "math.random_int",
        params: &[required("min", Kind::Int), required("max", Kind::Int)],
        returns: Returns::Int,
        requires: "two integers (min, max)",
        doc: "A random Int, both ends included.",
        examples: &[("let dice = math.random_int(1, 6)\nsay dice >= 1 && dice <= 6", "true")],
        run: random_int,
        ..PURE
    },
    Builtin {
        name: "math.clamp",
        params: &[
            required("value", Kind::Number),
            required("min", Kind::Number),
            required("max", Kind::Number),
        ],
        requires: "(value, min, max) numbers",
        doc: "A number, or the end of the range that it lies beyond: an Int if all three are.",
        examples: &[("say math.clamp(math.pow(2, 5), 0, 20)", "20")],
        run: clamp,
        ..PURE
    },
];

fn float(args: &mut Args<'_>, function: fn(f64) -> f64) -> Result<Outcome, Fault> {
    Ok(Value::Float(function(to_float(args.get(0)))).into())
}

fn int(args: &mut Args<'_>, function: fn(f64) -> f64) -> Result<Outcome, Fault> {
    Ok(match args.get(0) {
        Value::Float(x) => Value::Int(function(*x) as i64),
        other => other.clone(),
    }
    .into())
}

fn pow(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let exact = match (args.get(0), args.get(1)) {
        (Value::Int(base), Value::Int(exponent)) => {
            u32::try_from(*exponent).ok().and_then(|exponent| base.checked_pow(exponent))
        }
        _ => None,
    };
    let inexact = || Value::Float(to_float(args.get(0)).powf(to_float(args.get(1))));
    Ok(exact.map_or_else(inexact, Value::Int).into())
}

fn abs(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    Ok(match args.get(0) {
        Value::Int(x) => x.checked_abs().map_or(Value::Float((*x as f64).abs()), Value::Int),
        other => Value::Float(to_float(other).abs()),
    }
    .into())
}

fn larger(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Value::Int(*a.max(b)),
        _ => Value::Float(to_float(a).max(to_float(b))),
    }
}

fn smaller(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Value::Int(*a.min(b)),
        _ => Value::Float(to_float(a).min(to_float(b))),
    }
}

fn clamp(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let all = [0, 1, 2].map(|i| args.get(i).clone());
    let is_exact = all.iter().all(|value| matches!(value, Value::Int(_)));
    let [value, min, max] = match is_exact {
        true => all,
        false => all.map(|value| Value::Float(to_float(&value))),
    };
    Ok(smaller(&larger(&value, &min), &max).into())
}

fn random_int(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (min, max) = (args.int(0), args.int(1));
    if min > max {
        return fail(format!("math.random_int() requires min <= max, got {min} > {max}"));
    }
    Ok(Value::Int(rand::rng().random_range(min..=max)).into())
}
