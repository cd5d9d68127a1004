use super::super::Capture;
use super::super::Cell;
use super::super::ChunkId;
use super::super::Epoch;
use super::super::Function;
use super::super::equals;
use super::super::hash::hash_value;
use super::super::same;
use super::super::write_json;
use super::*;
use crate::program::Label;

const DEEP: usize = 1_000_000;

/// Deep enough for any recursion to show, and quicker.
const HALF_DEEP: usize = 100_000;

fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(256 * 1024).spawn(run).unwrap().join().unwrap();
}

/// `bottom` inside `depth` layers.
fn tower(depth: usize, bottom: Value, layer: impl Fn(Value) -> Value) -> Value {
    (0..depth).fold(bottom, |inner, _| layer(inner))
}

/// Builds towers of one kind, compares, hashes, writes and drops them.
fn endures(depth: usize, layer: impl Fn(Value) -> Value + Copy + Send + 'static) {
    on_a_small_stack(move || {
        let build = |bottom| tower(depth, int(bottom), layer);
        let (a, b, c) = (build(1), build(1), build(2));
        assert!(equals(&a, &b) && same(&a, &b) && !equals(&a, &c) && !same(&a, &c));
        assert_eq!(hash_value(&a), hash_value(&b));
        assert_ne!(hash_value(&a), hash_value(&c));
        assert!(a.to_text().unwrap().contains('1'));
        assert!(array([a.clone()]).to_text().unwrap().contains('1'));
        let mut json = Vec::new();
        write_json(&a, &mut json).unwrap();
        assert!(json.contains(&b'1'));
    });
}

#[test]
fn deep_arrays() {
    endures(DEEP, |inner| array([inner]));
}

#[test]
fn deep_tuples_with_more_to_come() {
    endures(HALF_DEEP, |inner| tuple([inner, int(0)]));
}

#[test]
fn deep_wrappers() {
    endures(DEEP, |inner| Value::Ok(Wrapped::new(inner)));
}

#[test]
fn deep_objects() {
    endures(HALF_DEEP, |inner| object([("a", inner), ("b", int(0))]));
}

#[test]
fn deep_sets() {
    endures(HALF_DEEP, |inner| set([inner]));
}

#[test]
fn deep_sets_with_undecided_members() {
    endures(HALF_DEEP, |inner| set([tuple([int(0)]), inner]));
}

#[test]
fn deep_maps_in_values() {
    endures(HALF_DEEP, |inner| map([(int(0), inner), (int(1), int(1))]));
}

#[test]
fn deep_maps_in_keys() {
    endures(HALF_DEEP, |inner| map([(inner, int(0))]));
}

#[test]
fn deep_mixtures() {
    endures(HALF_DEEP, |inner| {
        array([map([(int(1), object([("a", Value::Some(Wrapped::new(inner)))]))])])
    });
}

/// A large list in a large list, all of them trees.
#[test]
fn deep_trees() {
    on_a_small_stack(|| {
        let filler = array([array([])]);
        let layer = |inner: Value| {
            let flat: List = (0..1000).map(|_| filler.clone()).collect();
            let mut tree = flat.clone();
            for _ in 0..2 {
                tree = flat.clone();
                tree.set(0, inner.clone());
            }
            Value::Array(tree)
        };
        let (a, b) = (tower(1500, int(1), layer), tower(1500, int(1), layer));
        assert!(same(&a, &b));
        assert_eq!(hash_value(&a), hash_value(&b));
    });
}

/// Each closure is captured by the next, in turn through a variable and by value.
#[test]
fn deep_closures() {
    on_a_small_stack(|| {
        let home = Epoch::fresh();
        let layer = |inner: Value| {
            let cell = Capture::Cell(std::sync::Arc::new(Cell::new(home, inner)));
            let outer = Arc::new(Function::new(ChunkId(0), Label::Lambda, vec![cell]));
            let by_value = vec![Capture::Value(Value::Function(outer))];
            Value::Function(Arc::new(Function::new(ChunkId(0), Label::Lambda, by_value)))
        };
        let tower = tower(DEEP, int(1), layer);
        assert_eq!(tower.to_string(), "<lambda>");
    });
}

#[test]
fn two_threads_drop_the_same_towers() {
    let layer = |inner: Value| array([inner.clone(), inner]);
    for _ in 0..20 {
        let a = tower(20_000, int(1), layer);
        let b = a.clone();
        on_a_small_stack(move || drop(a));
        drop(b);
    }
}
