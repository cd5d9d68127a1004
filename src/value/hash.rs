//! The hash that goes with container equality, on a stack of its own.
//!
//! A value is fed token by token into one number; what is inside a collection into a number of its own, which then is
//! one token, so that a part with many holders need not be walked for each. An object, a set or a map feeds the sum
//! over its members, so that their order does not matter. The seed is random per process: keys come from clients.

use super::Value;
use super::compare::exact_int;
use super::known::Known;
use super::list;
use super::map;
use super::object;
use super::set;
use foldhash::quality::RandomState;
use std::hash::BuildHasher;
use std::hash::Hasher;
use std::sync::LazyLock;
use triomphe::Arc;

static STATE: LazyLock<RandomState> = LazyLock::new(RandomState::default);
static SEED: LazyLock<u64> = LazyLock::new(|| STATE.hash_one(0_u64));

/// The kind of a text, as `feed` feeds it.
const TEXT: u64 = 6;

/// The hash of a text.
#[inline]
pub(super) fn hash_text(text: &str) -> u64 {
    let mut hasher = STATE.build_hasher();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// The hash of a value.
#[inline]
pub(super) fn hash_value(value: &Value) -> u64 {
    match value.thawed() {
        // What most keys are. Inside a collection a text is fed like any other member.
        Value::Str(text) => hash_text(text),
        other => hash_any(other),
    }
}

fn hash_any(value: &Value) -> u64 {
    let mut state = *SEED;
    let Some(inside) = feed(&mut state, value) else { return state };
    let mut first = Open::new(inside, state);
    match first.step() {
        None => first.end(),
        Some(inner) => hash_deeply(first, inner),
    }
}

#[inline(never)]
fn hash_deeply<'a>(first: Open<'a>, inner: &'a Value) -> u64 {
    let mut memory: Known<u64> = Known::new();
    let second = Open::new(inner, first.state);
    let mut open = vec![first, second];
    loop {
        let top = open.last_mut().expect("the first is closed last");
        match top.step() {
            Some(inner) => match memory.recall(inner) {
                Some(hash) => top.state = mix(top.state, hash),
                None => {
                    let next = Open::new(inner, top.state);
                    open.push(next);
                }
            },
            None => {
                memory.note(top.value, top.hash());
                let end = top.end();
                open.pop();
                match open.last_mut() {
                    Some(outer) => outer.state = end,
                    None => return end,
                }
            }
        }
    }
}

/// A collection that is being fed.
struct Open<'a> {
    rest: Rest<'a>,
    /// Of what has been fed: of a list all elements, else of the member under way.
    state: u64,
    /// The state that its hash goes into.
    outer: u64,
    value: &'a Value,
}

enum Rest<'a> {
    List(list::Iter<'a>),
    Object(object::Iter<'a>, Sum),
    Set(set::Iter<'a>, Sum),
    /// With the value of the key that came last.
    Map(map::Iter<'a>, Option<&'a Value>, Sum),
}

/// Members that are being added up.
struct Sum {
    /// Kind and length.
    head: u64,
    total: u64,
}

impl<'a> Open<'a> {
    /// Begins with a collection; its hash will go into `outer`.
    fn new(value: &'a Value, outer: u64) -> Open<'a> {
        let head = |kind: u64, len: usize| mix(mix(*SEED, kind), len as u64);
        // The first member adds this state, which is none's.
        let sum = |kind, len| Sum { head: head(kind, len), total: 0 };
        let mut state = 0;
        let rest = match value {
            Value::Array(list) => {
                state = head(9, list.len());
                Rest::List(list.iter())
            }
            Value::Tuple(list) => {
                state = head(10, list.len());
                Rest::List(list.iter())
            }
            Value::Set(set) => Rest::Set(set.iter(), sum(11, set.len())),
            Value::Map(map) => Rest::Map(map.iter(), None, sum(12, map.len())),
            Value::Object(object) => Rest::Object(object.iter(), sum(13, object.len())),
            other => unreachable!("{other:?} has been fed"),
        };
        Open { rest, state, outer, value }
    }

    /// Feeds what is inside up to the next collection: that one, or `None` at the end.
    fn step(&mut self) -> Option<&'a Value> {
        let Open { rest, state, .. } = self;
        loop {
            let item = match rest {
                Rest::List(items) => items.next()?,
                Rest::Set(items, sum) => {
                    let item = items.next()?;
                    sum.add(state);
                    item
                }
                Rest::Object(entries, sum) => {
                    let (key, value) = entries.next()?;
                    sum.add(state);
                    *state = mix(*state, hash_text(key));
                    value
                }
                Rest::Map(entries, last, sum) => match last.take() {
                    Some(value) => value,
                    None => {
                        let (key, value) = entries.next()?;
                        *last = Some(value);
                        sum.add(state);
                        key
                    }
                },
            };
            if let Some(inner) = feed(state, item) {
                return Some(inner);
            }
        }
    }

    /// Its own hash, when all of it has been fed.
    fn hash(&self) -> u64 {
        match &self.rest {
            Rest::List(_) => self.state,
            Rest::Set(_, sum) | Rest::Object(_, sum) | Rest::Map(_, _, sum) => {
                mix(sum.head, sum.total.wrapping_add(self.state))
            }
        }
    }

    /// The state outside after it.
    fn end(&self) -> u64 {
        mix(self.outer, self.hash())
    }
}

impl Sum {
    /// Adds the member that has been fed, and sets the state for the next.
    fn add(&mut self, state: &mut u64) {
        self.total = self.total.wrapping_add(std::mem::replace(state, *SEED));
    }
}

/// Feeds a value that has nothing inside; otherwise the collection in it.
#[inline]
fn feed<'a>(state: &mut u64, value: &'a Value) -> Option<&'a Value> {
    let mut value = value;
    let mut token = |kind: u64, token: u64| *state = mix(mix(*state, kind), token);
    loop {
        match value {
            Value::Unset | Value::Null => token(0, 0),
            Value::Pull(_) | Value::Cell(_) | Value::Common(_) | Value::Raised(_) => token(0, 0),
            Value::None => token(1, 0),
            Value::Bool(bool) => token(2, u64::from(*bool)),
            Value::Int(int) => token(3, *int as u64),
            Value::Float(float) => match exact_int(*float) {
                Some(int) => token(3, int as u64),
                None if float.is_nan() => token(4, f64::NAN.to_bits()),
                None => token(4, float.to_bits()),
            },
            Value::Native(native) => token(5, hash_text(native.name)),
            Value::Str(text) => token(TEXT, hash_text(text)),
            Value::Marker(marker) => token(7, hash_text(&marker.to_string())),
            Value::Function(function) => token(8, Arc::as_ptr(function) as usize as u64),
            Value::Handle(handle) => token(17, handle.address() as u64),
            Value::Stream(stream) => token(18, stream.address() as u64),
            Value::Array(_)
            | Value::Tuple(_)
            | Value::Set(_)
            | Value::Map(_)
            | Value::Object(_) => return Some(value),
            Value::Ok(inner) => {
                token(14, 0);
                value = inner.get();
                continue;
            }
            Value::Err(inner) => {
                token(15, 0);
                value = inner.get();
                continue;
            }
            Value::Some(inner) => {
                token(16, 0);
                value = inner.get();
                continue;
            }
            Value::Frozen(inner) => {
                value = inner.get();
                continue;
            }
        }
        return None;
    }
}

/// One step of folded multiplication.
#[inline(always)]
fn mix(state: u64, token: u64) -> u64 {
    let product = u128::from(state ^ token) * 0x9E37_79B9_7F4A_7C15;
    (product as u64) ^ ((product >> 64) as u64)
}
