//! Arrays: building, taking apart, sorting.

use super::*;

#[test]
fn ranges_have_steps() {
    assert_eq!(shown("range", vec![i(3)]), "[0, 1, 2]");
    assert_eq!(shown("range", vec![i(-3)]), "[]");
    assert_eq!(shown("range", vec![i(2), i(2)]), "[]");
    assert_eq!(shown("range", vec![i(5), i(0), i(-2)]), "[5, 3, 1]");
    assert_eq!(shown("range", vec![i(0), i(5), i(2)]), "[0, 2, 4]");
    assert_eq!(shown("range", vec![i(i64::MAX - 1), i(i64::MAX)]), format!("[{}]", i64::MAX - 1));
    assert_eq!(
        shown("range", vec![i(i64::MIN), i(i64::MAX), i(i64::MAX)]),
        format!("[{}, -1, {}]", i64::MIN, i64::MAX - 1)
    );
    assert_eq!(shown("range", vec![i(0), i(5), i(0)]), "range() step must not be zero");
    assert_eq!(shown("range", vec![i(0), Value::Null]), "range() requires integer arguments");
    assert_eq!(shown("range", vec![]), "range() requires integer arguments");
    assert_eq!(shown("range", vec![i(i64::MAX)]), "range() has too many elements");
}

#[test]
fn parts_of_arrays_are_clamped() {
    let xs = || ints([1, 2, 3, 4]);
    assert_eq!(shown("slice", vec![xs(), i(1), i(-1)]), "[2, 3]");
    assert_eq!(shown("slice", vec![xs(), i(-9), i(1)]), "[1]");
    assert_eq!(shown("slice", vec![xs(), i(3), i(1)]), "[]");
    assert_eq!(shown("slice", vec![xs(), t("x"), i(i64::MIN)]), "[]");
    assert_eq!(shown("slice", vec![xs(), t("x")]), "[1, 2, 3, 4]");
    assert_eq!(shown("slice", vec![i(1)]), "slice() requires an array or string as first argument");
    assert_eq!(shown("take_n", vec![xs(), i(-1)]), "[]");
    assert_eq!(shown("skip", vec![xs(), i(-1)]), "[1, 2, 3, 4]");
    assert_eq!(shown("skip", vec![xs(), i(9)]), "[]");
    assert_eq!(shown("take_n", vec![xs()]), "take() requires (array, count)");
    assert_eq!(shown("chunk", vec![xs(), i(3)]), "[[1, 2, 3], [4]]");
    assert_eq!(shown("chunk", vec![xs(), i(i64::MAX)]), "[[1, 2, 3, 4]]");
    assert_eq!(shown("chunk", vec![a([]), i(0)]), "chunk() size must be positive");
    assert_eq!(shown("chunk", vec![xs(), f(1.0)]), "chunk() requires (array, size)");
    assert_eq!(shown("sample", vec![a([]), i(5)]), "[]");
    assert_eq!(shown("sample", vec![ints([7])]), "7");
    assert_eq!(shown("sample", vec![ints([7]), i(0)]), "[]");
    assert_eq!(shown("sample", vec![ints([7]), i(-1)]), "sample() count must be non-negative");
}

#[test]
fn elements_are_found_by_text_or_by_value() {
    assert_eq!(shown("contains", vec![a([i(1), t("2")]), i(2)]), "true");
    assert_eq!(shown("contains", vec![a([Value::Null]), t("null")]), "true");
    assert_eq!(shown("contains", vec![t("abc"), t("")]), "true");
    assert_eq!(
        shown("contains", vec![t("abc"), i(1)]),
        "contains() requires (string, substring), (array, value), (object, key), or (map, key)"
    );
    assert_eq!(shown("index_of", vec![ints([1]), f(1.0)]), "0");
    assert_eq!(shown("index_of", vec![ints([1])]), "index_of() requires 2 arguments");
    assert_eq!(shown("index_of", vec![t("a"), i(1)]), "index_of() requires (string, substring)");
    assert_eq!(
        shown("index_of", vec![]),
        "index_of() requires a string or array as first argument"
    );
    assert_eq!(shown("unique", vec![a([i(1), f(1.0), t("1")])]), "[1, 1]");
}

#[test]
fn push_and_pop_leave_frozen_arrays_alone() {
    assert_eq!(shown("push", vec![ints([1]), i(2)]), "[1, 2]");
    assert_eq!(shown("push", vec![ints([1])]), "push() requires array and value");
    assert_eq!(shown("push", vec![ints([1]), i(1), i(1)]), "push() requires array and value");
    assert_eq!(shown("push", vec![frozen(ints([1])), i(2)]), "push() first argument must be array");
    assert_eq!(shown("pop", vec![ints([1, 2])]), "2");
    assert_eq!(shown("pop", vec![a([])]), "null");
    assert_eq!(shown("pop", vec![frozen(ints([1]))]), "pop() requires array");
    let nested = call("push", vec![a([]), frozen(ints([1]))]).unwrap();
    let Value::Array(nested) = nested else { panic!("an array") };
    assert!(matches!(nested.get(0), Some(Value::Frozen(_))));
}

#[test]
fn an_array_with_one_handle_is_changed_in_place() {
    let mut list = crate::value::List::from(Vec::with_capacity(8));
    list.push(i(1));
    let before = std::ptr::from_ref(list.get(0).unwrap());
    let Ok(Value::Array(list)) = call("push", vec![Value::Array(list), i(2)]) else {
        panic!("an array")
    };
    assert_eq!(std::ptr::from_ref(list.get(0).unwrap()), before);
}

#[test]
fn aggregates_promote() {
    assert_eq!(shown("sum", vec![a([])]), "0");
    assert_eq!(
        shown("sum", vec![ints([i64::MAX, 1])]),
        "9223372036854775807".replace("5807", "6000")
    );
    assert_eq!(shown("sum", vec![a([t("x")])]), "sum() requires array of numbers");
    assert_eq!(shown("sum", vec![i(1)]), "sum() requires an array");
    assert!(matches!(call("max_of", vec![a([f(1.5), i(2)])]), Ok(Value::Float(2.0))));
    assert_eq!(shown("min_of", vec![a([i(3), f(1.5)])]), "1.5");
    assert_eq!(shown("min_of", vec![a([f(f64::NAN), i(2)])]), "2");
    assert_eq!(shown("min_of", vec![a([t("a")])]), "a");
    assert_eq!(shown("min_of", vec![a([t("a"), i(1)])]), "min_of() requires array of numbers");
    assert_eq!(shown("max_of", vec![a([])]), "max_of() requires a non-empty array");
    assert_eq!(shown("frequencies", vec![a([i(1), t("1"), t("b")])]), r#"{ "1": 2, "b": 1 }"#);
}

#[test]
fn sorting_takes_any_kinds() {
    assert_eq!(shown("sort", vec![a([i(3), f(1.5), i(2)])]), "[1.5, 2, 3]");
    assert_eq!(shown("sort", vec![a([t("b"), t("a"), t("C")])]), "[C, a, b]");
    assert_eq!(shown("sort", vec![a([i(3), t("a"), i(1)])]), "[3, a, 1]");
    assert_eq!(shown("sort", vec![frozen(ints([2, 1]))]), "[1, 2]");
    assert_eq!(shown("sort", vec![i(1)]), "sort() requires an array");
    let mixed: Vec<Value> = (0..1000)
        .map(|n| match (n * 7919) % 4 {
            0 => f(f64::NAN),
            1 => t("x"),
            2 => f(n as f64),
            _ => i(n * 31 % 17),
        })
        .collect();
    assert_eq!(shown("len", vec![call("sort", vec![Value::array(mixed)]).unwrap()]), "1000");
    let floats: Vec<Value> = (0..500).map(|n| f(f64::from(n * 7 % 500))).collect();
    let sorted = shown("sort", vec![Value::array(floats)]);
    let expected: Vec<String> = (0..500).map(|n| n.to_string()).collect();
    assert_eq!(sorted, format!("[{}]", expected.join(", ")));
    // Numbers of both kinds go the long way round.
    let numbers: Vec<Value> = (0..500)
        .map(|n| n * 7 % 500)
        .map(|n| if n % 2 == 0 { i(n) } else { f(n as f64) })
        .collect();
    assert_eq!(shown("sort", vec![Value::array(numbers)]), sorted);
}

#[test]
fn sorting_by_keys_is_stable() {
    let items = || Value::array((0..100).map(|n| ints([n % 3, n])).collect());
    let keys = |odd: bool| {
        let key = |n: i64| if odd && n == 0 { f(0.0) } else { i(n % 3) };
        Value::array((0..100).map(key).collect())
    };
    for odd in [false, true] {
        let sorted = shown("__sort_by", vec![items(), keys(odd)]);
        assert!(sorted.starts_with("[[0, 0], [0, 3], [0, 6]"), "{sorted}");
        assert!(sorted.ends_with("[2, 95], [2, 98]]"), "{sorted}");
    }
}

#[test]
fn query_sorting_compares_texts_of_unlike_kinds() {
    assert_eq!(shown("__sort_query", vec![a([i(10), t("9"), i(2)])]), "[2, 10, 9]");
    assert_eq!(shown("__sort_query", vec![a([i(10), f(9.5), i(2)])]), "[2, 9.5, 10]");
    assert_eq!(shown("__sort_query", vec![i(5)]), "5");
    let rows = a([object([("n", i(2))]), i(7), object([("n", i(1))])]);
    assert_eq!(shown("__sort_query_by", vec![rows, t("n")]), r#"[{ "n": 1 }, { "n": 2 }, 7]"#);
    assert_eq!(shown("__take_query", vec![ints([1, 2]), i(-1)]), "[]");
    assert_eq!(shown("__take_query", vec![ints([1, 2]), t("x")]), "[1, 2]");
}

#[test]
fn callbacks_are_left_to_the_prelude() {
    for name in ["map", "filter", "find", "any", "all", "partition", "group_by", "sort", "sort_by"]
    {
        let given = outcome(name, vec![frozen(ints([1])), Value::Null]);
        let Ok(Outcome::Prelude(values)) = given else { panic!("{name} goes on in the prelude") };
        assert!(matches!(values[..], [Value::Array(_), Value::Null]), "{name}");
    }
    assert_eq!(shown("map", vec![i(1), i(2)]), "map() first argument must be array");
    assert_eq!(shown("map", vec![i(1), i(2), i(3)]), "map() takes 0, 1, or 2 arguments — got more");
    assert_eq!(shown("filter", vec![ints([1])]), "filter() requires (array, function)");
    assert_eq!(shown("filter", vec![ints([1]), i(1), i(1)]), "filter() requires (array, function)");
    assert_eq!(shown("filter", vec![i(1), i(1)]), "filter() first argument must be array");
    assert_eq!(
        shown("reduce", vec![ints([1]), i(1)]),
        "reduce() requires (array, initial, function)"
    );
    assert_eq!(shown("partition", vec![ints([1])]), "partition() requires an array and a function");
    assert_eq!(shown("partition", vec![i(1), i(1)]), "partition() first arg must be an array");
    assert_eq!(
        shown("__group_by", vec![a([t("ox"), t("hen"), t("ant")]), ints([2, 3, 3])]),
        r#"{ "2": ["ox"], "3": ["hen", "ant"] }"#
    );
}
