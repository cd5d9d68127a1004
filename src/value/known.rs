//! What a walk knows about parts that it can reach on many ways.
//!
//! `x = [x, x]`, sixty times, is a value of sixty lists that a plain walk visits 2^60 times. So a walk that has become
//! long remembers what it found for each node. Shorter ones remember nothing: that would cost more than it saves.

use super::Contents;
use super::Value;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::collections::HashSet;

/// Walks of fewer steps remember nothing.
const FEW: usize = 10_000;

/// What a walk found for nodes.
pub(super) struct Known<T> {
    steps: usize,
    found: Option<HashMap<usize, T, FixedState>>,
}

impl<T: Copy> Known<T> {
    pub(super) fn new() -> Known<T> {
        Known { steps: 0, found: None }
    }

    /// What was found for `node`. Counts as a step.
    pub(super) fn recall(&mut self, node: &Value) -> Option<T> {
        self.steps += 1;
        self.found.as_ref()?.get(&address(node)?).copied()
    }

    /// Remembers what was found for `node`.
    pub(super) fn note(&mut self, node: &Value, found: T) {
        if self.steps > FEW
            && let Some(address) = address(node)
        {
            self.found.get_or_insert_default().insert(address, found);
        }
    }
}

/// Pairs of nodes that a comparison has begun with. Meeting one again adds nothing: should they differ, the
/// comparison fails without it.
pub(super) struct Pairs {
    steps: usize,
    begun: Option<HashSet<Pair, FixedState>>,
    /// The same in order, to forget the last ones.
    order: Vec<Pair>,
}

/// Two addresses, and by which rules their nodes are compared.
type Pair = (usize, usize, bool);

impl Pairs {
    pub(super) fn new() -> Pairs {
        Pairs { steps: 0, begun: None, order: Vec::new() }
    }

    /// Counts steps.
    pub(super) fn count(&mut self, steps: usize) {
        self.steps += steps;
    }

    /// How many steps the comparison took.
    pub(super) fn steps(&self) -> usize {
        self.steps
    }

    /// Whether the comparison has begun with this pair before; notes it if not. `flavour` tells apart comparisons by
    /// different rules.
    pub(super) fn meet(&mut self, left: &Value, right: &Value, flavour: bool) -> bool {
        if self.steps <= FEW {
            return false;
        }
        let (Some(left), Some(right)) = (address(left), address(right)) else { return false };
        let pair = (left, right, flavour);
        let is_new = self.begun.get_or_insert_default().insert(pair);
        if is_new {
            self.order.push(pair);
        }
        !is_new
    }

    /// A point to go back to.
    pub(super) fn mark(&self) -> usize {
        self.order.len()
    }

    /// Forgets the pairs since `mark`: one of them may differ.
    pub(super) fn forget(&mut self, mark: usize) {
        let Some(begun) = &mut self.begun else { return };
        for pair in self.order.drain(mark..) {
            begun.remove(&pair);
        }
    }
}

/// Plain collections of no more elements are walked again sooner than looked up.
const SMALL: usize = 16;

/// The address of a node whose walk is worth remembering. How many hold it says nothing: trees share chunks, and with
/// them elements that have one holder each.
fn address(value: &Value) -> Option<usize> {
    let (address, len, contents) = match value.thawed() {
        Value::Array(list) | Value::Tuple(list) => (list.address(), list.len(), list.contents()),
        Value::Set(set) => (set.address(), set.len(), set.contents()),
        Value::Map(map) => (map.address(), map.len(), map.contents()),
        Value::Object(object) => (object.address(), object.len(), object.contents()),
        Value::Ok(inner) | Value::Err(inner) | Value::Some(inner) => {
            (inner.address(), 1, inner.contents())
        }
        _ => return None,
    };
    (len > SMALL || contents.has(Contents::NESTED)).then_some(address)
}
