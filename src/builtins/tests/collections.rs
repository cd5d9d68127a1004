//! Maps, sets and objects.

use super::*;

#[test]
fn maps_are_made_of_pairs() {
    let pair = Value::Tuple([t("p"), i(1)].into_iter().collect());
    assert_eq!(shown("map", vec![]), "Map()");
    assert_eq!(
        shown("map", vec![a([pair.clone(), a([t("q"), i(2)]), a([t("p"), i(3)])])]),
        "Map(p => 3, q => 2)"
    );
    assert_eq!(
        shown("map", vec![a([i(1)])]),
        "map() constructor expects an array of (key, value) pairs"
    );
    assert_eq!(
        shown("map", vec![object([])]),
        "map() constructor expects an array of pairs or another Map"
    );
    let map = || Value::Map(Map::from_iter([(i(1), t("a"))]));
    assert_eq!(shown("Map.get", vec![map(), f(1.0)]), "a");
    assert_eq!(shown("Map.get", vec![map(), i(1), i(0)]), "get() requires one argument");
    assert_eq!(shown("Map.set", vec![map(), f(1.0), t("b")]), "Map(1 => b)");
    assert_eq!(shown("Map.set", vec![map(), i(1)]), "set() requires (key, value)");
    assert_eq!(shown("Map.set", vec![frozen(map()), i(1), i(1)]), "cannot mutate a frozen map");
    assert_eq!(shown("Map.remove", vec![frozen(map()), i(1)]), "cannot mutate a frozen map");
    assert_eq!(shown("Map.remove", vec![map(), i(9)]), "Map(1 => a)");
    assert_eq!(shown("Map.to_array", vec![map()]), "[(1, a)]");
}

#[test]
fn sets_keep_first_members() {
    let set = || Value::Set(Set::from_iter([i(1), i(2)]));
    assert_eq!(shown("set", vec![a([i(2), f(2.0), i(3)])]), "set(2, 3)");
    assert_eq!(shown("set", vec![i(1)]), "set() requires an array or tuple");
    assert_eq!(shown("set", vec![Value::Null]), "set() requires an array or tuple");
    assert_eq!(shown("set", vec![a([]), a([])]), "set() takes 0 or 1 argument");
    assert_eq!(shown("Set.has", vec![set()]), "has() requires one argument");
    assert_eq!(shown("Set.add", vec![frozen(set()), i(1)]), "cannot add to a frozen set");
    assert_eq!(shown("Set.remove", vec![frozen(set()), i(1)]), "cannot remove from a frozen set");
    assert_eq!(shown("Set.union", vec![set(), a([])]), "set operation requires a set argument");
    let other = frozen(Value::Set(Set::from_iter([f(2.0), i(5)])));
    assert_eq!(shown("Set.union", vec![frozen(set()), other.clone()]), "set(1, 2, 5)");
    assert_eq!(shown("Set.intersect", vec![set(), other.clone()]), "set(2)");
    assert_eq!(shown("Set.diff", vec![set(), other]), "set(1)");
}

#[test]
fn paths_reach_into_objects_and_arrays() {
    let o = || object([("a", object([("b", ints([7, 8])), ("n", Value::Null)])), ("x.y", i(1))]);
    assert_eq!(shown("get", vec![o(), t("a.b.1")]), "8");
    assert_eq!(shown("get", vec![o(), t("a.b.+1"), i(0)]), "0");
    assert_eq!(shown("get", vec![o(), t("a.b.9"), i(0)]), "0");
    assert_eq!(shown("get", vec![o(), t("a.n"), i(0)]), "null");
    assert_eq!(shown("get", vec![o(), t("x.y")]), "1");
    assert_eq!(shown("get", vec![ints([1, 2]), i(-1), t("d")]), "d");
    assert_eq!(
        shown("get", vec![Value::Null, t("a")]),
        "get() requires (object, key) or (array, index)"
    );
}

#[test]
fn objects_keep_their_order() {
    let o = || object([("a", i(1)), ("b", i(2)), ("c", i(3))]);
    assert_eq!(
        shown("pick", vec![o(), a([t("c"), i(1), t("z"), t("a")])]),
        r#"{ "c": 3, "a": 1 }"#
    );
    assert_eq!(shown("omit", vec![o(), a([t("b")])]), r#"{ "a": 1, "c": 3 }"#);
    assert_eq!(
        shown("merge", vec![o(), object([("b", i(9)), ("z", i(0))])]),
        r#"{ "a": 1, "b": 9, "c": 3, "z": 0 }"#
    );
    assert_eq!(shown("merge", vec![]), "{  }");
    assert_eq!(shown("merge", vec![o(), i(1)]), "merge() requires all arguments to be objects");
    assert_eq!(
        shown("from_entries", vec![a([a([t("k"), i(1), i(2)]), a([i(1), i(2)]), a([t("k")])])]),
        r#"{ "k": 1 }"#
    );
    assert_eq!(
        shown("from_entries", vec![o()]),
        "from_entries() requires an array of [key, value] pairs"
    );
}

#[test]
fn diff_reports_fields() {
    let before = object([("a", i(1)), ("b", i(2)), ("__t", i(1))]);
    let after = object([("b", f(2.0)), ("c", i(3)), ("__t", i(2))]);
    assert_eq!(
        shown("diff", vec![before, after]),
        r#"{ "a": { "removed": 1 }, "c": { "added": 3 } }"#
    );
    let hidden = |n| object([("__t", i(n))]);
    assert_eq!(shown("diff", vec![hidden(1), hidden(2)]), "null");
    assert_eq!(shown("diff", vec![i(1), t("1")]), r#"{ "from": 1, "to": "1" }"#);
    assert_eq!(shown("diff", vec![i(1)]), "diff() requires two values to compare");
}
