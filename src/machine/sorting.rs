//! Sorting with a comparator: a merge sort that stands still at each question and goes on with its answer, so that the
//! comparator is called by code like any other function. Stable; O(n log n) questions, whatever the answers.

use super::meter::Meter;
use super::meter::Stop;
use super::registers::Registers;
use super::registers::another;
use super::registers::put;
use super::registers::put_float;
use super::registers::put_int;
use crate::program::Reg;
use crate::program::SORT_REGISTERS;
use crate::value::List;
use crate::value::Value;

/// The registers of a sort. All hold plain values, so that a transaction may put them back.
type Sorting = [Value; SORT_REGISTERS];

/// Where the length of a run is among the numbers.
const WIDTH: usize = 4;

// Which question the answer is for. `a` is the next element of the left run, `b` that of the right one.
const NOTHING: i64 = 0;
/// Whether `a` goes first.
const FORWARD: i64 = 1;
/// Whether `a` goes before itself, which tells what kind of comparator it is.
const PROBE: i64 = 2;
/// Whether `b` goes first: `a` does not, or they are equal.
const BACKWARD: i64 = 3;
/// Whether `b` goes first, which is all that has to be known.
const ONCE: i64 = 4;

// What is known of the comparator.
/// It has not answered `false` yet.
const UNKNOWN: i64 = 0;
/// It answers with `true` and `false`, and no element goes before itself: one question tells all.
const STRICT: i64 = 1;
/// It answers with `true` and `false`, and an element goes before itself: two questions tell equal from after.
const WEAK: i64 = 2;

/// The verdict of `false`: "not before".
const NOT_BEFORE: i64 = 2;

fn sorting(regs: &mut Registers, base: Reg) -> &mut Sorting {
    regs[usize::from(base)..].first_chunk_mut().expect("the compiler counts registers")
}

/// Prepares to sort the array in the first register.
pub(super) fn start(regs: &mut Registers, base: Reg) {
    let [from, _, into, numbers @ ..] = sorting(regs, base);
    if let Value::Frozen(inner) = from {
        *from = inner.get().clone();
    }
    *into = Value::array(Vec::new());
    numbers.fill(Value::Int(NOTHING));
    numbers[WIDTH] = Value::Int(1);
}

/// Goes on with the answer to the last question until there is another, whose arguments are the last two registers.
/// True when there is none: the first register has the sorted array.
///
/// # Errors
/// When what is to be copied has not been paid for: the answer has been heard then.
#[inline(never)]
pub(super) fn ask(regs: &mut Registers, base: Reg, meter: &mut Meter) -> Result<bool, Stop> {
    let [
        Value::Array(from),
        _,
        Value::Array(into),
        Value::Int(left),
        Value::Int(left_end),
        Value::Int(right),
        Value::Int(right_end),
        Value::Int(width),
        Value::Int(asked),
        Value::Int(manner),
        answer,
        first,
        second,
    ] = sorting(regs, base)
    else {
        unreachable!("nothing else is stored there")
    };
    let said = verdict(answer);
    match *asked {
        FORWARD if said == NOT_BEFORE && *manner == UNKNOWN => *asked = PROBE,
        FORWARD if said == NOT_BEFORE => *asked = BACKWARD,
        PROBE => {
            *manner = if said == NOT_BEFORE { STRICT } else { WEAK };
            *asked = BACKWARD;
        }
        heard => {
            let is_right = match heard {
                FORWARD => said > 0,
                ONCE => said < 0,
                _ => matches!(answer.thawed(), Value::Bool(true)),
            };
            let (next, end) =
                if is_right { (&mut *right, *right_end) } else { (&mut *left, *left_end) };
            if heard != NOTHING {
                pass_on(from, *next, into);
                *next += 1;
            }
            if heard == NOTHING || *next == end {
                *asked = NOTHING;
                let mut runs = Runs { left, left_end, right, right_end, width };
                if runs.next(from, into, meter)? {
                    return Ok(true);
                }
            }
            *asked = if *manner == STRICT { ONCE } else { FORWARD };
        }
    }
    let [a, b] = [from.get(*left as usize), from.get(*right as usize)];
    let arguments = match *asked {
        FORWARD => [a, b],
        PROBE => [a, a],
        _ => [b, a],
    };
    place(first, arguments[0]);
    place(second, arguments[1]);
    Ok(false)
}

/// The two runs that are being merged, as positions in the array, and the length of a run.
struct Runs<'r> {
    left: &'r mut i64,
    left_end: &'r mut i64,
    right: &'r mut i64,
    right_end: &'r mut i64,
    width: &'r mut i64,
}

impl Runs<'_> {
    /// Copies what is left of one run and goes on to the next two, until both have elements: only then there is
    /// something to ask. True when all is sorted.
    #[inline(never)]
    fn next(&mut self, from: &mut List, into: &mut List, meter: &mut Meter) -> Result<bool, Stop> {
        let total = from.len() as i64;
        while *self.width < total && (self.left == self.left_end || self.right == self.right_end) {
            meter.pay((*self.left_end - *self.left + *self.right_end - *self.right) as usize)?;
            for at in (*self.left..*self.left_end).chain(*self.right..*self.right_end) {
                pass_on(from, at, into);
            }
            (*self.left, *self.right) = (*self.left_end, *self.right_end);
            let mut start = *self.right_end;
            if start == total {
                // What is given back and what the next pass needs.
                meter.pay(total as usize)?;
                *from = std::mem::replace(into, List::from(Vec::with_capacity(total as usize)));
                *self.width *= 2;
                start = 0;
            }
            *self.left = start;
            *self.left_end = total.min(start + *self.width);
            *self.right = *self.left_end;
            *self.right_end = total.min(*self.left_end + *self.width);
        }
        Ok(*self.width >= total)
    }
}

/// Appends the element at `at`, which is not needed there any more. A number is written as what it is: a value that is
/// moved as a whole goes through memory in odd pieces.
#[inline(always)]
fn pass_on(from: &mut List, at: i64, into: &mut List) {
    match (from.get(at as usize), into.own_room()) {
        (Some(Value::Int(number)), Some(items)) => items.push(Value::Int(*number)),
        (Some(Value::Float(number)), Some(items)) => items.push(Value::Float(*number)),
        _ => pass_on_any(from, at, into),
    }
}

#[inline(never)]
fn pass_on_any(from: &mut List, at: i64, into: &mut List) {
    let element = match from.own_slot(at as usize) {
        Some(slot) => std::mem::take(slot),
        None => from.get(at as usize).cloned().unwrap_or_default(),
    };
    into.push(element);
}

/// Another handle on an element, for the comparator.
#[inline(always)]
fn place(slot: &mut Value, element: Option<&Value>) {
    match element {
        Some(Value::Int(number)) => put_int(slot, *number),
        Some(Value::Float(number)) => put_float(slot, *number),
        element => put(slot, element.map(another).unwrap_or_default()),
    }
}

/// What a comparator's answer means: a sign, or `NOT_BEFORE`.
#[inline(always)]
fn verdict(answer: &Value) -> i64 {
    match answer {
        Value::Int(value) => value.signum(),
        Value::Bool(is_before) => 2 - 3 * i64::from(*is_before),
        other => verdict_rest(other.thawed()),
    }
}

#[inline(never)]
fn verdict_rest(answer: &Value) -> i64 {
    match answer {
        Value::Int(_) | Value::Bool(_) => verdict(answer),
        Value::Float(value) if *value < 0.0 => -1,
        Value::Float(value) if *value > 0.0 => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_have_a_sign() {
        let cases = [
            (Value::Int(-7), -1),
            (Value::Int(0), 0),
            (Value::Float(0.1), 1),
            (Value::Float(f64::NAN), 0),
            (Value::Bool(true), -1),
            (Value::Bool(false), 2),
            (Value::Null, 0),
        ];
        for (answer, meaning) in cases {
            assert_eq!(verdict(&answer), meaning, "{answer:?}");
        }
    }
}
