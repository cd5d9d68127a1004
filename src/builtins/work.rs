//! How much work the builtins are whose arguments' sizes do not tell (see [`Work`]).

use crate::native::BYTES;
use crate::native::depth;
use crate::native::length;
use crate::value::Value;

/// Steps that making a small array or object takes, beside its elements.
const NODE: usize = 8;

fn argument(args: &[Value], i: usize) -> &Value {
    args.get(i).map_or(&Value::Null, Value::thawed)
}

/// An Int argument that is not negative.
fn count(args: &[Value], i: usize) -> usize {
    match argument(args, i) {
        Value::Int(count) => usize::try_from(*count).unwrap_or(0),
        _ => 0,
    }
}

fn text_bytes(value: &Value) -> usize {
    if let Value::Str(text) = value { text.len() } else { 0 }
}

/// Of the second argument only: it is compared with a part of the first.
pub(super) fn of_second(args: &[Value], _: usize) -> usize {
    length(argument(args, 1))
}

/// A text is cut into many.
pub(super) fn pieces(args: &[Value], _: usize) -> usize {
    text_bytes(argument(args, 0))
}

/// A node for each element of the first argument.
pub(super) fn nodes(args: &[Value], _: usize) -> usize {
    length(argument(args, 0)).saturating_mul(NODE)
}

/// `contains` and `index_of`.
pub(super) fn search(args: &[Value], limit: usize) -> usize {
    let (within, wanted) = (argument(args, 0), argument(args, 1));
    match within {
        Value::Array(_) | Value::Tuple(_) => {
            depth(within, limit).saturating_add(depth(wanted, limit))
        }
        Value::Str(_) => length(within),
        _ => depth(wanted, limit),
    }
}

/// Sorting by looking at pairs.
pub(super) fn sorting(args: &[Value], _: usize) -> usize {
    let len = length(argument(args, 0));
    len.saturating_mul(2 * (len.max(1).ilog2() as usize + 1))
}

/// Sorting that shows elements of unlike kinds.
pub(super) fn sorting_shown(args: &[Value], limit: usize) -> usize {
    sorting(args, limit).saturating_add(depth(argument(args, 0), limit))
}

/// `sort`: a comparator does its own work.
pub(super) fn sort(args: &[Value], limit: usize) -> usize {
    if args.len() > 1 { 0 } else { sorting(args, limit) }
}

/// `map`: pairs become a map, whose keys are hashed, whatever the values are; a function does its own work.
pub(super) fn map(args: &[Value], limit: usize) -> usize {
    let (Value::Array(pairs) | Value::Tuple(pairs)) = argument(args, 0) else { return 0 };
    if args.len() > 1 {
        return 0;
    }
    let mut total = pairs.len();
    for pair in pairs.iter() {
        if total > limit {
            break;
        }
        if let Value::Array(pair) | Value::Tuple(pair) = pair.thawed() {
            total = total.saturating_add(pair.get(0).map_or(0, |key| depth(key, limit)));
        }
    }
    total
}

/// `range`: a step for each Int in it, or more when they are far apart.
pub(super) fn range(args: &[Value], _: usize) -> usize {
    let int = |i| match argument(args, i) {
        Value::Int(value) => i128::from(*value),
        _ => 0,
    };
    let (start, end) = if args.len() == 1 { (0, int(0)) } else { (int(0), int(1)) };
    let step = if args.len() > 2 { int(2).unsigned_abs().max(1) } else { 1 };
    usize::try_from((end - start).unsigned_abs() / step).unwrap_or(usize::MAX)
}

/// `flatten`: the elements of the elements.
pub(super) fn flatten(args: &[Value], limit: usize) -> usize {
    let Value::Array(list) = argument(args, 0) else { return 0 };
    let add = |sum: usize, item: &Value| match item.thawed() {
        Value::Array(inner) => sum.saturating_add(inner.len()),
        _ => sum,
    };
    match list.len() > limit {
        true => list.len(),
        false => list.iter().fold(list.len(), add),
    }
}

/// `slice`: of an array the part only; a text is walked to find it.
pub(super) fn slice(args: &[Value], _: usize) -> usize {
    let first = argument(args, 0);
    let Value::Array(list) = first else { return length(first) };
    let position = |i: usize, missing: usize| match argument(args, i) {
        Value::Int(at) if *at < 0 => {
            list.len().saturating_sub(usize::try_from(at.unsigned_abs()).unwrap_or(usize::MAX))
        }
        Value::Int(at) => usize::try_from(*at).unwrap_or(usize::MAX).min(list.len()),
        _ => missing,
    };
    position(2, list.len()).saturating_sub(position(1, 0))
}

/// `take`: so many elements.
pub(super) fn take(args: &[Value], _: usize) -> usize {
    let missing = if args.len() > 1 { count(args, 1) } else { 10 };
    length(argument(args, 0)).min(missing)
}

/// `skip`: all but so many elements.
pub(super) fn skip(args: &[Value], _: usize) -> usize {
    length(argument(args, 0)).saturating_sub(count(args, 1))
}

/// `sample`: so many elements.
pub(super) fn sample(args: &[Value], _: usize) -> usize {
    count(args, 1)
}

/// `replace`: the text, and what it may become.
pub(super) fn replace(args: &[Value], _: usize) -> usize {
    let [text, from, to] = [0, 1, 2].map(|i| text_bytes(argument(args, i)));
    (text / from.max(1)).saturating_mul(to).saturating_add(text) / BYTES
}

/// `pad_start` and `pad_end`: the text, and the length it gets.
pub(super) fn pad(args: &[Value], _: usize) -> usize {
    text_bytes(argument(args, 0)).saturating_add(count(args, 1)) / BYTES
}

/// `repeat_str`: the text so many times.
pub(super) fn repeat(args: &[Value], _: usize) -> usize {
    text_bytes(argument(args, 0)).saturating_mul(count(args, 1)) / BYTES
}
