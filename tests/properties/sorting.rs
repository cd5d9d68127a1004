//! P-6: sorting is stable, ends whatever a comparator answers, and keeps every element.

use super::calls::array;
use super::calls::elements;
use super::calls::int;
use super::isolation::config;
use super::support;
use forge::engine::Template;
use forge::value::Value;
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::OnceLock;

/// Each element is `[key, place]`.
const PROGRAM: &str = "\
fn by_difference(xs) { return sort(xs, fn(a, b) { a[0] - b[0] }) }
fn by_order(xs) { return sort(xs, fn(a, b) { a[0] < b[0] }) }
fn by_key(xs) { return sort_by(xs, fn(x) { x[0] }) }
fn by_answers(xs, answers) {
    return sort(xs, fn(a, b) { answers[(a[1] * 31 + b[1] * 17) % len(answers)] })
}
";

fn call(function: &str, args: Vec<Value>) -> Result<Value, String> {
    static TEMPLATE: OnceLock<Template> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| support::load(PROGRAM).unwrap());
    let function = template.global(function).expect("the program has it");
    support::finish(&mut template.fork().call(function, args).unwrap())
}

fn pairs(keys: &[i64], as_floats: bool) -> Value {
    let key = |key: i64| if as_floats { Value::Float(key as f64 / 4.0) } else { Value::Int(key) };
    let pair = |(place, n): (usize, &i64)| array([key(*n), Value::Int(place as i64)]);
    array(keys.iter().enumerate().map(pair))
}

/// The places of the pairs in an array.
fn places(pairs: &Value) -> Vec<usize> {
    elements(pairs).iter().map(|pair| int(&elements(pair)[1]) as usize).collect()
}

fn answer() -> impl Strategy<Value = Value> {
    prop_oneof![
        (-2..3i64).prop_map(Value::Int),
        any::<bool>().prop_map(Value::Bool),
        prop_oneof![Just(f64::NAN), Just(-0.5), Just(0.5)].prop_map(Value::Float),
        Just(Value::Null),
        Just(Value::text("x")),
    ]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn sorting_is_stable(keys in vec(-4..4i64, 0..60), as_floats in any::<bool>()) {
        let mut wanted: Vec<usize> = (0..keys.len()).collect();
        wanted.sort_by_key(|place| keys[*place]);
        for function in ["by_difference", "by_order", "by_key"] {
            let sorted = call(function, vec![pairs(&keys, as_floats)]);
            prop_assert_eq!(sorted.map(|sorted| places(&sorted)), Ok(wanted.clone()));
        }
    }

    #[test]
    fn any_comparator_ends_and_keeps_every_element(
        keys in vec(0..4i64, 0..60),
        answers in vec(answer(), 1..9),
    ) {
        let sorted = call("by_answers", vec![pairs(&keys, false), array(answers)]);
        let mut found = sorted.map(|sorted| places(&sorted)).unwrap();
        found.sort();
        prop_assert_eq!(found, (0..keys.len()).collect::<Vec<_>>());
    }
}
