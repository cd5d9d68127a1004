//! Equality and order of values (language-core 4.5 and 4.11), on a stack of its own.

use super::Map;
use super::Set;
use super::Value;
use super::hash::hash_value;
use super::known::Pairs;
use super::list;
use super::map;
use super::object;
use super::ordered::TableKey;
use super::set;
use std::cmp::Ordering;

pub(super) use super::hash::hash_text;

/// Operator equality: `==`, `!=`, `index_of`, `diff`. NaN is unequal to itself, also inside containers.
pub fn equals(left: &Value, right: &Value) -> bool {
    compare(left, right, Flavour::Operator)
}

/// Operator equality that gives up after about `steps` steps; what is left of them stays there.
pub fn equals_within(left: &Value, right: &Value, steps: &mut usize) -> Option<bool> {
    let flavour = Flavour::Operator;
    glance(left, right, flavour).or_else(|| compare_deeply(left, right, flavour, steps))
}

/// Container equality: keys, members, `assert_eq`, `unique`. NaN equals NaN.
pub fn same(left: &Value, right: &Value) -> bool {
    compare(left, right, Flavour::Container)
}

/// The order in which plain sorting puts two values: numbers by value, texts by code points.
pub fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left.thawed(), right.thawed()) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        (Value::Int(a), Value::Float(b)) => order_exactly(*a, *b),
        (Value::Float(a), Value::Int(b)) => order_exactly(*b, *a).map(Ordering::reverse),
        (Value::Str(a), Value::Str(b)) => Some(a.as_str().cmp(b.as_str())),
        _ => None,
    }
}

/// A value as a member of a set or a key of a map: `Eq` and `Hash` are container equality.
#[derive(Clone)]
pub struct Key(Value);

impl Key {
    /// `value` as a key.
    pub fn new(value: Value) -> Key {
        Key(value)
    }

    /// The value.
    #[inline(always)]
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// The value, taken out.
    pub fn into_value(self) -> Value {
        self.0
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        same(&self.0, &other.0)
    }
}

impl Eq for Key {}

impl std::hash::Hash for Key {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u64(hash_value(&self.0));
    }
}

impl TableKey for Key {
    type Query = Value;

    #[inline]
    fn hash(query: &Value) -> u64 {
        hash_value(query)
    }

    #[inline(always)]
    fn is(&self, query: &Value) -> bool {
        match (&self.0, query) {
            (Value::Str(own), Value::Str(query)) => own.is(query),
            (own, query) => same(own, query),
        }
    }

    fn query(&self) -> &Value {
        &self.0
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Flavour {
    Operator,
    Container,
}

/// What is left to compare.
enum Frame<'a> {
    /// The rest of two lists.
    Lists(list::Iter<'a>, list::Iter<'a>, Flavour),
    /// The rest of an object, against the other object.
    Objects(object::Iter<'a>, &'a super::Object, Flavour),
    /// The rest of a set, each to be found in the other.
    Sets(set::Iter<'a>, &'a Set),
    /// The rest of a map, each key to be found in the other.
    Maps(map::Iter<'a>, &'a Map, Flavour),
    /// Two values.
    Pair(&'a Value, &'a Value, Flavour),
    /// What lies above compares a member with a candidate; a difference there is not the end.
    Choice(Choice<'a>),
}

/// A member of the left set or map that looks for its partner on the right.
struct Choice<'a> {
    wanted: &'a Value,
    /// In maps, its value.
    value: Option<&'a Value>,
    /// The candidate that is being compared.
    partner: Entry<'a>,
    /// The other candidates.
    others: std::vec::IntoIter<Entry<'a>>,
    flavour: Flavour,
    /// What the comparison remembered before it chose.
    mark: usize,
}

/// A key with its value, or a member without one.
type Entry<'a> = (&'a Value, Option<&'a Value>);

#[inline]
fn compare(left: &Value, right: &Value, flavour: Flavour) -> bool {
    glance(left, right, flavour).unwrap_or_else(|| {
        let mut steps = usize::MAX;
        compare_deeply(left, right, flavour, &mut steps).expect("so many steps nobody takes")
    })
}

/// Compares what can be compared without looking inside.
#[inline]
fn glance(left: &Value, right: &Value, flavour: Flavour) -> Option<bool> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => Some(a == b),
        (Value::Str(a), Value::Str(b)) => Some(a == b),
        _ => glance_rest(left.thawed(), right.thawed(), flavour),
    }
}

fn glance_rest(left: &Value, right: &Value, flavour: Flavour) -> Option<bool> {
    let container = flavour == Flavour::Container;
    let lists = |a: &super::List, b: &super::List| match a.len() == b.len() {
        true if container && a.ptr_eq(b) => Some(true),
        true => None,
        false => Some(false),
    };
    match (left, right) {
        (Value::Unset | Value::Null, Value::Unset | Value::Null) => Some(true),
        (Value::None, Value::None) => Some(true),
        (Value::Bool(a), Value::Bool(b)) => Some(a == b),
        (Value::Int(a), Value::Int(b)) => Some(a == b),
        (Value::Float(a), Value::Float(b)) => Some(a == b || container && a.is_nan() && b.is_nan()),
        (Value::Int(a), Value::Float(b)) | (Value::Float(b), Value::Int(a)) => {
            Some(match flavour {
                Flavour::Operator => *a as f64 == *b,
                Flavour::Container => exact_int(*b) == Some(*a),
            })
        }
        (Value::Str(a), Value::Str(b)) => Some(a == b),
        (Value::Native(a), Value::Native(b)) => Some(a.name == b.name),
        (Value::Marker(a), Value::Marker(b)) => Some(a == b),
        (Value::Function(a), Value::Function(b)) => Some(triomphe::Arc::ptr_eq(a, b)),
        (Value::Handle(a), Value::Handle(b)) => Some(a.address() == b.address()),
        (Value::Stream(a), Value::Stream(b)) => Some(a.address() == b.address()),
        (Value::Array(a), Value::Array(b)) | (Value::Tuple(a), Value::Tuple(b)) => lists(a, b),
        (Value::Set(a), Value::Set(b)) if a.len() == b.len() => a.ptr_eq(b).then_some(true),
        (Value::Map(a), Value::Map(b)) if a.len() == b.len() => {
            (container && a.ptr_eq(b)).then_some(true)
        }
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => {
            (container && a.ptr_eq(b)).then_some(true)
        }
        (Value::Ok(a), Value::Ok(b))
        | (Value::Err(a), Value::Err(b))
        | (Value::Some(a), Value::Some(b)) => (container && a.ptr_eq(b)).then_some(true),
        _ => Some(false),
    }
}

/// A comparison under way.
struct Walk<'a> {
    frames: Vec<Frame<'a>>,
    pairs: Pairs,
}

/// So many elements of two lists are compared in one step.
const RUN: usize = 1000;

#[inline(never)]
fn compare_deeply(
    left: &Value,
    right: &Value,
    flavour: Flavour,
    steps: &mut usize,
) -> Option<bool> {
    let mut walk = Walk { frames: Vec::new(), pairs: Pairs::new() };
    if !begin(left, right, flavour, &mut walk) {
        return Some(false);
    }
    let mut equal = true;
    while let Some(frame) = walk.frames.pop() {
        if walk.pairs.steps() > *steps {
            return None;
        }
        equal = step(frame, &mut walk) || choose_again(&mut walk);
        if !equal {
            break;
        }
    }
    *steps = steps.saturating_sub(walk.pairs.steps());
    Some(equal)
}

/// Compares two values, or notes what is to be compared in them.
fn begin<'a>(
    mut left: &'a Value,
    mut right: &'a Value,
    flavour: Flavour,
    walk: &mut Walk<'a>,
) -> bool {
    loop {
        if let Some(equal) = glance(left, right, flavour) {
            return equal;
        }
        (left, right) = (left.thawed(), right.thawed());
        walk.pairs.count(1);
        if walk.pairs.meet(left, right, flavour == Flavour::Container) {
            return true;
        }
        match (left, right) {
            (Value::Ok(a), Value::Ok(b))
            | (Value::Err(a), Value::Err(b))
            | (Value::Some(a), Value::Some(b)) => (left, right) = (a.get(), b.get()),
            (Value::Array(a), Value::Array(b)) | (Value::Tuple(a), Value::Tuple(b)) => {
                walk.frames.push(Frame::Lists(a.iter(), b.iter(), flavour));
                return true;
            }
            (Value::Object(a), Value::Object(b)) => {
                walk.frames.push(Frame::Objects(a.iter(), b, flavour));
                return true;
            }
            (Value::Set(a), Value::Set(b)) => {
                walk.frames.push(Frame::Sets(a.iter(), b));
                return true;
            }
            (Value::Map(a), Value::Map(b)) => {
                walk.frames.push(Frame::Maps(a.iter(), b, flavour));
                return true;
            }
            _ => return false,
        }
    }
}

/// Goes on with a frame that was on top; puts it back, if it is not done, before what comes first.
fn step<'a>(frame: Frame<'a>, walk: &mut Walk<'a>) -> bool {
    match frame {
        Frame::Lists(mut left, mut right, flavour) => {
            let len = left.len();
            let more = len.saturating_sub(RUN);
            while let (Some(a), Some(b)) = (left.next(), right.next()) {
                match glance(a, b, flavour) {
                    Some(true) if left.len() > more => {}
                    Some(true) => {
                        walk.pairs.count(len - left.len());
                        if more > 0 {
                            walk.frames.push(Frame::Lists(left, right, flavour));
                        }
                        return true;
                    }
                    Some(false) => return false,
                    None => {
                        // A frame with nothing left is not put back: a list in a list in a list takes no stack.
                        if left.len() > 0 {
                            walk.frames.push(Frame::Lists(left, right, flavour));
                        }
                        return begin(a, b, flavour, walk);
                    }
                }
            }
            true
        }
        Frame::Objects(mut left, right, flavour) => {
            let Some((key, a)) = left.next() else { return true };
            let Some(b) = right.get(key) else { return false };
            if left.len() > 0 {
                walk.frames.push(Frame::Objects(left, right, flavour));
            }
            begin(a, b, flavour, walk)
        }
        Frame::Sets(mut left, right) => {
            let Some(wanted) = left.next() else { return true };
            if left.len() > 0 {
                walk.frames.push(Frame::Sets(left, right));
            }
            choose(wanted, None, right.candidates(wanted), Flavour::Container, walk)
        }
        Frame::Maps(mut left, right, flavour) => {
            let Some((wanted, value)) = left.next() else { return true };
            if left.len() > 0 {
                walk.frames.push(Frame::Maps(left, right, flavour));
            }
            choose(wanted, Some(value), right.candidates(wanted), flavour, walk)
        }
        Frame::Pair(left, right, flavour) => begin(left, right, flavour, walk),
        Frame::Choice(choice) => match (choice.value, choice.partner.1) {
            (Some(left), Some(right)) => begin(left, right, choice.flavour, walk),
            _ => true,
        },
    }
}

/// Looks for the partner of `wanted`, at first among the candidates that a glance can decide.
fn choose<'a>(
    wanted: &'a Value,
    value: Option<&'a Value>,
    candidates: impl Iterator<Item = Entry<'a>>,
    flavour: Flavour,
    walk: &mut Walk<'a>,
) -> bool {
    let mut others = Vec::new();
    for (key, other) in candidates {
        match glance(wanted, key, Flavour::Container) {
            Some(true) => match (value, other) {
                (Some(a), Some(b)) => return begin(a, b, flavour, walk),
                _ => return true,
            },
            Some(false) => {}
            None => others.push((key, other)),
        }
    }
    let mut others = others.into_iter();
    let Some(partner) = others.next() else { return false };
    let mark = walk.pairs.mark();
    attempt(Choice { wanted, value, partner, others, flavour, mark }, walk)
}

/// Begins to compare with `choice.partner`.
fn attempt<'a>(choice: Choice<'a>, walk: &mut Walk<'a>) -> bool {
    let (wanted, partner) = (choice.wanted, choice.partner);
    if choice.others.len() > 0 {
        walk.frames.push(Frame::Choice(choice));
    } else if let (Some(left), Some(right)) = (choice.value, partner.1) {
        walk.frames.push(Frame::Pair(left, right, choice.flavour));
    }
    begin(wanted, partner.0, Flavour::Container, walk)
}

/// After a difference: back to the last choice that has another candidate.
fn choose_again(walk: &mut Walk<'_>) -> bool {
    while let Some(frame) = walk.frames.pop() {
        let Frame::Choice(mut choice) = frame else { continue };
        walk.pairs.forget(choice.mark);
        if let Some(partner) = choice.others.next()
            && attempt(Choice { partner, ..choice }, walk)
        {
            return true;
        }
    }
    false
}

/// The Int that a Float is exactly.
pub(super) fn exact_int(value: f64) -> Option<i64> {
    let in_range = (-TWO_TO_63..TWO_TO_63).contains(&value);
    (in_range && value.fract() == 0.0).then_some(value as i64)
}

const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

fn order_exactly(int: i64, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    if float >= TWO_TO_63 {
        return Some(Ordering::Less);
    }
    if float < -TWO_TO_63 {
        return Some(Ordering::Greater);
    }
    let fraction = 0.0_f64.partial_cmp(&float.fract());
    Some(int.cmp(&(float as i64)).then(fraction.unwrap_or(Ordering::Equal)))
}
