//! New arrays out of numbers and other arrays (builtins 3.2). Elements are never looked at by calling functions.

use super::GLOBAL;
use super::METHOD;
use super::MOST_ELEMENTS;
use super::fail;
use super::number;
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
use crate::value::List;
use crate::value::Object;
use crate::value::Set;
use crate::value::Shape;
use crate::value::Text;
use crate::value::Value;
use rand::RngExt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::OnceLock;

const ARRAY: &[Param] = &[required("array", Kind::Array)];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "range",
        params: &[
            required("start", Kind::Int),
            optional("end", Kind::Int),
            optional("step", Kind::Int),
        ],
        returns: Returns::Array,
        requires: "integer arguments",
        doc: "The Ints from `start` up to but without `end`, `step` apart. `range(n)` counts from 0.",
        examples: &[("say range(3)", "[0, 1, 2]"), ("say range(5, 0, -2)", "[5, 3, 1]")],
        work: Work::Makes(work::range),
        run: range,
        ..GLOBAL
    },
    Builtin {
        name: "enumerate",
        params: ARRAY,
        returns: Returns::Array,
        requires: "array",
        doc: "An object `{ index, value }` for each element.",
        examples: &[(r#"say enumerate(["a"])"#, r#"[{ "index": 0, "value": "a" }]"#)],
        work: Work::By(work::nodes),
        run: enumerate,
        ..METHOD
    },
    Builtin {
        name: "zip",
        params: &[required("left", Kind::Array), required("right", Kind::Array)],
        returns: Returns::Array,
        requires: "two arrays",
        doc: "The pairs of elements at the same position, as many as the shorter array has.",
        examples: &[(r#"say zip([1, 2, 3], ["a", "b"])"#, "[[1, a], [2, b]]")],
        work: Work::By(work::nodes),
        run: zip,
        ..METHOD
    },
    Builtin {
        name: "chunk",
        params: &[required("array", Kind::Array), required("size", Kind::Int)],
        returns: Returns::Array,
        requires: "(array, size)",
        doc: "The array in pieces of `size` elements; the last may be shorter.",
        examples: &[("say chunk([1, 2, 3], 2)", "[[1, 2], [3]]")],
        run: chunk,
        ..METHOD
    },
    Builtin {
        name: "flatten",
        params: ARRAY,
        returns: Returns::Array,
        requires: "an array",
        doc: "The array with the elements of arrays in it in their place, one level deep.",
        examples: &[("say flatten([1, [2, [3]]])", "[1, 2, [3]]")],
        work: Work::By(work::flatten),
        run: flatten,
        ..METHOD
    },
    Builtin {
        name: "slice",
        params: &[
            required("sequence", Kind::Any),
            optional("start", Kind::Int),
            optional("end", Kind::Int),
        ],
        returns: Returns::Argument,
        requires: "an array or string as first argument",
        doc: "The part from `start` up to but without `end`. Negative positions count from the end.",
        examples: &[
            ("say slice([1, 2, 3, 4], 1, -1)", "[2, 3]"),
            (r#"say slice("forge", -2)"#, "ge"),
        ],
        gives_back: true,
        work: Work::By(work::slice),
        run: slice,
        ..METHOD
    },
    Builtin {
        name: "take_n",
        params: &[optional("array", Kind::Any), optional("count", Kind::Any)],
        returns: Returns::Argument,
        requires: "(array, count)",
        doc: "The first `count` elements, or all when there are fewer.",
        examples: &[("say take_n([1, 2, 3], 2)", "[1, 2]")],
        gives_back: true,
        work: Work::By(work::take),
        run: take_n,
        ..METHOD
    },
    Builtin {
        name: "skip",
        params: &[required("array", Kind::Array), required("count", Kind::Int)],
        returns: Returns::Argument,
        requires: "(array, count)",
        doc: "The array without its first `count` elements.",
        examples: &[("say skip([1, 2, 3], 2)", "[3]")],
        gives_back: true,
        work: Work::By(work::skip),
        run: skip,
        ..METHOD
    },
    Builtin {
        name: "reverse",
        params: &[required("sequence", Kind::Any)],
        returns: Returns::Argument,
        requires: "an array or string",
        doc: "The elements or characters from last to first.",
        examples: &[("say reverse([1, 2, 3])", "[3, 2, 1]"), (r#"say reverse("añb")"#, "bña")],
        gives_back: true,
        run: reverse,
        ..METHOD
    },
    Builtin {
        name: "unique",
        params: ARRAY,
        returns: Returns::Array,
        requires: "an array",
        doc: "The array without elements that equal an earlier one.",
        examples: &[(r#"say unique([1, 1.0, "1"])"#, "[1, 1]")],
        work: Work::Parts,
        run: unique,
        ..METHOD
    },
    Builtin {
        name: "compact",
        params: ARRAY,
        returns: Returns::Array,
        requires: "an array",
        doc: "The array without null, `None` and `false`.",
        examples: &[("say compact([0, null, false, 1])", "[0, 1]")],
        gives_back: true,
        run: compact,
        ..METHOD
    },
    Builtin {
        name: "shuffle",
        params: ARRAY,
        returns: Returns::Argument,
        requires: "an array",
        doc: "The elements in random order.",
        examples: &[("say sort(shuffle([3, 1, 2]))", "[1, 2, 3]")],
        gives_back: true,
        run: shuffle,
        ..METHOD
    },
    Builtin {
        name: "sample",
        params: &[required("array", Kind::Array), optional("count", Kind::Int)],
        requires: "an array",
        doc: "A random element; with a count other than 1, an array of that many random elements, some perhaps more than once.",
        examples: &[("say sample([7])", "7"), ("say sample([7], 3)", "[7, 7, 7]")],
        work: Work::By(work::sample),
        run: sample,
        ..METHOD
    },
];

fn range(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let mut bounds = [0; 3];
    for (i, bound) in bounds.iter_mut().enumerate().take(args.len()) {
        let Value::Int(value) = args.get(i) else {
            return Err(args.requires());
        };
        *bound = *value;
    }
    let (start, end, step) = match args.len() {
        1 => (0, bounds[0], 1),
        2 => (bounds[0], bounds[1], 1),
        _ => (bounds[0], bounds[1], bounds[2]),
    };
    if step == 0 {
        return fail("range() step must not be zero");
    }
    let distance = (i128::from(end) - i128::from(start)) * i128::from(step.signum());
    let step_size = i128::from(step.unsigned_abs());
    let count = if distance <= 0 { 0 } else { (distance + step_size - 1) / step_size };
    if count > MOST_ELEMENTS as i128 {
        return fail("range() has too many elements");
    }
    // The last element may be so near the end of the Ints that the one after it is none.
    let item = |i: i64| Value::Int(start.wrapping_add(i.wrapping_mul(step)));
    Ok(Value::array((0..count as i64).map(item).collect()).into())
}

fn enumerate(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    static SHAPE: OnceLock<Arc<Shape>> = OnceLock::new();
    let shape = SHAPE.get_or_init(|| Shape::new(["index", "value"].map(Text::from).to_vec()));
    let entry = |(i, item): (usize, &Value)| {
        Value::Object(Object::shaped(shape.clone(), vec![number(i), item.clone()]))
    };
    Ok(Value::array(args.list(0).iter().enumerate().map(entry).collect()).into())
}

fn zip(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let pairs = args.list(0).iter().zip(args.list(1).iter());
    let pair = |(left, right): (&Value, &Value)| Value::array(vec![left.clone(), right.clone()]);
    Ok(Value::array(pairs.map(pair).collect()).into())
}

fn chunk(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (list, size) = (args.list(0), args.int(1));
    if size <= 0 {
        return fail("chunk() size must be positive");
    }
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let piece =
        |start: usize| Value::Array(list.slice(start..start.saturating_add(size).min(list.len())));
    Ok(Value::array((0..list.len()).step_by(size).map(piece).collect()).into())
}

fn flatten(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let mut out = Vec::with_capacity(args.list(0).len());
    for item in args.list(0) {
        match item.thawed() {
            Value::Array(inner) => out.extend(inner.iter().cloned()),
            _ => out.push(item.clone()),
        }
    }
    Ok(Value::array(out).into())
}

fn slice(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    Ok(match args.get(0) {
        Value::Array(list) => Value::Array(list.slice(bounds(args, list.len()))).into(),
        Value::Str(text) => {
            let part = bounds(args, text.chars().count());
            text.chars().skip(part.start).take(part.len()).collect::<String>().into()
        }
        _ => return Err(args.requires()),
    })
}

/// The positions that arguments 1 and 2 of `slice` mean in a sequence of `len` elements.
fn bounds(args: &Args<'_>, len: usize) -> Range<usize> {
    let position = |i: usize, missing: usize| match args.given(i) {
        Some(Value::Int(at)) if *at < 0 => {
            len.saturating_sub(usize::try_from(at.unsigned_abs()).unwrap_or(usize::MAX))
        }
        Some(Value::Int(at)) => usize::try_from(*at).unwrap_or(usize::MAX).min(len),
        _ => missing,
    };
    let (start, end) = (position(1, 0), position(2, len));
    start.min(end)..end
}

fn take_n(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    match (args.get(0), args.get(1)) {
        (Value::Array(list), Value::Int(count)) => Ok(first_n(list, *count).into()),
        // The text says take(): programs know it so.
        _ => fail("take() requires (array, count)"),
    }
}

/// The first `count` elements; none when it is negative.
pub(super) fn first_n(list: &List, count: i64) -> Value {
    Value::Array(list.slice(0..clamped(count, list.len())))
}

fn skip(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let list = args.list(0);
    Ok(Value::Array(list.slice(clamped(args.int(1), list.len())..list.len())).into())
}

fn clamped(count: i64, len: usize) -> usize {
    usize::try_from(count.max(0)).unwrap_or(usize::MAX).min(len)
}

fn reverse(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    Ok(match args.get(0) {
        Value::Str(text) => text.chars().rev().collect::<String>().into(),
        Value::Array(_) => {
            let mut items = args.take_list(0).into_vec();
            items.reverse();
            Value::array(items).into()
        }
        _ => return Err(args.requires()),
    })
}

fn unique(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let distinct: Set = args.list(0).iter().cloned().collect();
    Ok(Value::array(distinct.iter().cloned().collect()).into())
}

fn compact(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let mut items = args.take_list(0).into_vec();
    items.retain(|item| !matches!(item.thawed(), Value::Null | Value::None | Value::Bool(false)));
    Ok(Value::array(items).into())
}

fn shuffle(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let mut items = args.take_list(0).into_vec();
    let mut random = rand::rng();
    for i in (1..items.len()).rev() {
        items.swap(i, random.random_range(0..=i));
    }
    Ok(Value::array(items).into())
}

fn sample(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let list = args.list(0);
    let count = match args.given(1) {
        Some(Value::Int(count)) => *count,
        _ => 1,
    };
    if list.is_empty() {
        return Ok(Value::array(Vec::new()).into());
    }
    if count < 0 {
        return fail("sample() count must be non-negative");
    }
    if count > MOST_ELEMENTS as i64 {
        return fail("sample() has too many elements");
    }
    let mut random = rand::rng();
    let mut pick = || list.get(random.random_range(0..list.len())).cloned().unwrap_or_default();
    Ok(match count {
        1 => pick().into(),
        _ => Value::array((0..count).map(|_| pick()).collect()).into(),
    })
}
