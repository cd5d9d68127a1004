//! The hash that goes with container equality, on a stack of its own.
//!
//! A value is fed token by token into one number; an object, a set or a map feeds the sum over its members, so that
//! their order does not matter. The seed is random per process: keys come from clients.

use super::Value;
use super::compare::exact_int;
use super::list;
use super::map;
use super::object;
use super::set;
use foldhash::quality::RandomState;
use std::hash::BuildHasher;
use std::sync::LazyLock;
use triomphe::Arc;

static STATE: LazyLock<RandomState> = LazyLock::new(RandomState::default);
static SEED: LazyLock<u64> = LazyLock::new(|| STATE.hash_one(0_u64));

/// The hash of a text.
#[inline]
pub(super) fn hash_text(text: &str) -> u64 {
    STATE.hash_one(text)
}

/// The hash of a value.
pub(super) fn hash_value(value: &Value) -> u64 {
    let mut state = *SEED;
    match feed(&mut state, value) {
        None => state,
        Some(frame) => hash_deeply(state, frame),
    }
}

/// What is left to feed.
enum Frame<'a> {
    List(list::Iter<'a>),
    Object(object::Iter<'a>, Sum),
    Set(set::Iter<'a>, Sum),
    Map(map::Iter<'a>, Sum),
    /// The value that follows a map's key.
    Value(&'a Value),
}

/// Members that are being added up.
struct Sum {
    /// The state before the first.
    outer: u64,
    total: u64,
}

#[inline(never)]
fn hash_deeply(mut state: u64, first: Frame<'_>) -> u64 {
    let mut frames = vec![first];
    while let Some(frame) = frames.pop() {
        match frame {
            Frame::List(mut items) => {
                while let Some(item) = items.next() {
                    let Some(inner) = feed(&mut state, item) else { continue };
                    if items.len() > 0 {
                        frames.push(Frame::List(items));
                    }
                    frames.push(inner);
                    break;
                }
            }
            Frame::Object(mut entries, mut sum) => match entries.next() {
                Some((key, value)) => {
                    sum.add(&mut state);
                    state = mix(state, hash_text(key));
                    let inner = feed(&mut state, value);
                    frames.push(Frame::Object(entries, sum));
                    frames.extend(inner);
                }
                None => state = sum.end(state),
            },
            Frame::Set(mut items, mut sum) => match items.next() {
                Some(item) => {
                    sum.add(&mut state);
                    let inner = feed(&mut state, item);
                    frames.push(Frame::Set(items, sum));
                    frames.extend(inner);
                }
                None => state = sum.end(state),
            },
            Frame::Map(mut entries, mut sum) => match entries.next() {
                Some((key, value)) => {
                    sum.add(&mut state);
                    let inner = feed(&mut state, key);
                    frames.push(Frame::Map(entries, sum));
                    frames.push(Frame::Value(value));
                    frames.extend(inner);
                }
                None => state = sum.end(state),
            },
            Frame::Value(value) => frames.extend(feed(&mut state, value)),
        }
    }
    state
}

impl Sum {
    /// Sets the state for the first member.
    fn begin(state: &mut u64) -> Sum {
        // The first `add` takes this 0 for the hash of a member before the first.
        Sum { outer: std::mem::replace(state, 0), total: 0 }
    }

    /// Adds the member that has been fed, and sets the state for the next.
    fn add(&mut self, state: &mut u64) {
        self.total = self.total.wrapping_add(std::mem::replace(state, *SEED));
    }

    /// The state after all members, `last` being the hash of the last.
    fn end(self, last: u64) -> u64 {
        mix(self.outer, self.total.wrapping_add(last))
    }
}

/// Feeds a value, up to what is inside.
#[inline]
fn feed<'a>(state: &mut u64, value: &'a Value) -> Option<Frame<'a>> {
    let mut value = value;
    let mut token = |kind: u64, token: u64| *state = mix(mix(*state, kind), token);
    loop {
        match value {
            Value::Unset | Value::Null | Value::Cell(_) | Value::Raised(_) => token(0, 0),
            Value::None => token(1, 0),
            Value::Bool(bool) => token(2, u64::from(*bool)),
            Value::Int(int) => token(3, *int as u64),
            Value::Float(float) => match exact_int(*float) {
                Some(int) => token(3, int as u64),
                None if float.is_nan() => token(4, f64::NAN.to_bits()),
                None => token(4, float.to_bits()),
            },
            Value::Native(native) => token(5, hash_text(native.name)),
            Value::Str(text) => token(6, hash_text(text)),
            Value::Marker(marker) => token(7, hash_text(&marker.to_string())),
            Value::Function(function) => token(8, Arc::as_ptr(function) as usize as u64),
            Value::Handle(handle) => token(17, handle.address() as u64),
            Value::Array(list) => {
                token(9, list.len() as u64);
                return Some(Frame::List(list.iter()));
            }
            Value::Tuple(list) => {
                token(10, list.len() as u64);
                return Some(Frame::List(list.iter()));
            }
            Value::Set(set) => {
                token(11, set.len() as u64);
                return Some(Frame::Set(set.iter(), Sum::begin(state)));
            }
            Value::Map(map) => {
                token(12, map.len() as u64);
                return Some(Frame::Map(map.iter(), Sum::begin(state)));
            }
            Value::Object(object) => {
                token(13, object.len() as u64);
                return Some(Frame::Object(object.iter(), Sum::begin(state)));
            }
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
