use super::super::ChunkId;
use super::super::Function;
use super::super::Key;
use super::super::equals;
use super::super::hash::hash_value;
use super::super::order;
use super::super::same;
use super::*;
use crate::program::Label;
use proptest::prelude::*;
use std::cmp::Ordering;

/// Both flavours of equality, and that equal keys hash alike.
fn both(a: &Value, b: &Value) -> (bool, bool) {
    let equal = (equals(a, b), same(a, b));
    assert_eq!(equal, (equals(b, a), same(b, a)), "{a} and {b} the other way round");
    if equal.1 {
        assert_eq!(hash_value(a), hash_value(b), "{a} and {b}");
    }
    equal
}

#[test]
fn numbers_are_promoted_at_any_depth() {
    assert_eq!(both(&int(1), &float(1.0)), (true, true));
    assert_eq!(both(&array([tuple([int(1)])]), &array([tuple([float(1.0)])])), (true, true));
    assert_eq!(both(&float(0.0), &float(-0.0)), (true, true));
    assert_eq!(both(&int(0), &float(-0.0)), (true, true));
    // 2^53 + 1 rounds to 2^53; a key is that integer exactly or not at all.
    assert_eq!(both(&int(9_007_199_254_740_993), &float(9_007_199_254_740_992.0)), (true, false));
    assert_eq!(both(&int(i64::MAX), &float(9_223_372_036_854_775_808.0)), (true, false));
    assert_eq!(both(&int(i64::MIN), &float(-9_223_372_036_854_775_808.0)), (true, true));
}

#[test]
fn nan_is_itself_only_in_containers() {
    let nan = || float(f64::NAN);
    assert_eq!(both(&nan(), &nan()), (false, true));
    assert_eq!(both(&array([nan()]), &array([nan()])), (false, true));
    let one = array([nan()]);
    assert_eq!(both(&one, &one.clone()), (false, true));
    assert_eq!(both(&set([nan()]), &set([nan()])), (true, true));
    assert_eq!(both(&map([(nan(), int(1))]), &map([(nan(), int(1))])), (true, true));
    assert_eq!(both(&map([(int(1), nan())]), &map([(int(1), nan())])), (false, true));
    assert_eq!(both(&set([array([nan()])]), &set([array([nan()])])), (true, true));
}

#[test]
fn order_of_keys_and_members_does_not_matter() {
    let a = object([("a", int(1)), ("b", array([int(2)]))]);
    let b = object([("b", array([float(2.0)])), ("a", int(1))]);
    assert_eq!(both(&a, &b), (true, true));
    assert_eq!(both(&set([int(1), a.clone()]), &set([b.clone(), float(1.0)])), (true, true));
    let left = map([(a.clone(), int(1)), (int(2), a.clone())]);
    let right = map([(int(2), b.clone()), (b, int(1))]);
    assert_eq!(both(&left, &right), (true, true));
    assert_eq!(both(&a, &object([("a", int(1))])), (false, false));
}

#[test]
fn a_member_tries_all_partners() {
    let member = |n: i64, m: i64| set([set([int(n)]), tuple([set([int(m)])])]);
    let left = set([member(1, 2), member(1, 3), member(2, 2)]);
    let right = set([member(2, 2), member(1, 3), member(1, 2)]);
    let other = set([member(2, 2), member(1, 3), member(1, 4)]);
    assert_eq!(both(&left, &right), (true, true));
    assert_eq!(both(&left, &other), (false, false));
    let as_map = |set: &Value, n: i64| map([(set.clone(), int(n)), (tuple([set.clone()]), int(2))]);
    assert_eq!(both(&as_map(&left, 1), &as_map(&right, 1)), (true, true));
    assert_eq!(both(&as_map(&left, 1), &as_map(&right, 3)), (false, false));
}

#[test]
fn kinds_stay_distinct() {
    let wrapped = |make: fn(Wrapped) -> Value| make(Wrapped::new(int(1)));
    let values = [
        Value::Null,
        Value::None,
        Value::Bool(false),
        int(0),
        Value::from("0"),
        array([]),
        tuple([]),
        set([]),
        map([]),
        object([]),
        wrapped(Value::Ok),
        wrapped(Value::Err),
        wrapped(Value::Some),
    ];
    for (i, a) in values.iter().enumerate() {
        for (j, b) in values.iter().enumerate() {
            assert_eq!(both(a, b), (i == j, i == j), "{a} and {b}");
            assert_eq!(both(&frozen(a.clone()), &array([b.clone()])), (false, false));
            assert_eq!(both(&frozen(a.clone()), b), (i == j, i == j));
        }
    }
}

#[test]
fn a_function_is_its_copies_only() {
    let function =
        || Value::Function(Arc::new(Function::new(ChunkId(0), Label::Lambda, Vec::new())));
    let one = function();
    assert_eq!(both(&one, &one.clone()), (true, true));
    assert_eq!(both(&one, &function()), (false, false));
    assert!(set([one.clone()]).to_string() == "set(<lambda>)");
    let Value::Set(members) = set([one.clone()]) else { panic!("a set") };
    assert!(members.has(&one) && !members.has(&function()));
}

#[test]
fn plain_sorting_orders_numbers_and_texts() {
    assert_eq!(order(&int(i64::MAX), &float(9_223_372_036_854_775_808.0)), Some(Ordering::Less));
    assert_eq!(
        order(&int(9_007_199_254_740_993), &float(9_007_199_254_740_992.0)),
        Some(Ordering::Greater)
    );
    assert_eq!(order(&int(-1), &float(-1.5)), Some(Ordering::Greater));
    assert_eq!(order(&float(1.5), &int(1)), Some(Ordering::Greater));
    assert_eq!(order(&float(f64::INFINITY), &int(1)), Some(Ordering::Greater));
    assert_eq!(order(&float(f64::NAN), &int(1)), None);
    assert_eq!(order(&Value::from("a"), &frozen(Value::from("B"))), Some(Ordering::Greater));
    assert_eq!(order(&Value::from("1"), &int(1)), None);
}

/// Any value without functions, from a small world so that equal ones come up.
fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        Just(float(f64::NAN)),
        (0..3_i64).prop_map(int),
        (0..6_i64).prop_map(|n| float(n as f64 / 2.0)),
        "[ab]".prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 40, 4, |inner| {
        let items = || prop::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            items().prop_map(array),
            items().prop_map(tuple),
            items().prop_map(set),
            prop::collection::vec((inner.clone(), inner.clone()), 0..3).prop_map(map),
            prop::collection::vec(("[xy]", inner.clone()), 0..3).prop_map(|fields| Value::Object(
                fields.into_iter().map(|(key, value)| (text(&key), value)).collect()
            )),
            inner.clone().prop_map(|inner| Value::Some(Wrapped::new(inner))),
            inner.prop_map(frozen_once),
        ]
    })
}

fn frozen_once(value: Value) -> Value {
    frozen(value.thawed().clone())
}

/// Equality as one would write it without thinking of depth.
fn model(a: &Value, b: &Value, container: bool) -> bool {
    let all = |a: &List, b: &List| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| model(a, b, container))
    };
    match (a.thawed(), b.thawed()) {
        (Value::Null, Value::Null) => true,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Int(a), Value::Float(b)) | (Value::Float(b), Value::Int(a)) => *a as f64 == *b,
        (Value::Float(a), Value::Float(b)) => a == b || container && a.is_nan() && b.is_nan(),
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::Array(a), Value::Array(b)) | (Value::Tuple(a), Value::Tuple(b)) => all(a, b),
        (Value::Set(a), Value::Set(b)) => {
            a.len() == b.len() && a.iter().all(|x| b.iter().any(|y| model(x, y, true)))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len()
                && a.iter().all(|(k, x)| {
                    b.iter().any(|(l, y)| model(k, l, true) && model(x, y, container))
                })
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(k, x)| b.get(k).is_some_and(|y| model(x, y, container)))
        }
        (Value::Some(a), Value::Some(b)) => model(a.get(), b.get(), container),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn equality_is_the_obvious_one(a in value(), b in value()) {
        prop_assert_eq!(both(&a, &b), (model(&a, &b, false), model(&a, &b, true)));
        prop_assert_eq!(both(&a, &a).0, model(&a, &a, false));
        prop_assert!(Key::new(a.clone()) == Key::new(a));
    }
}
