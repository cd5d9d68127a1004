use super::super::ChunkId;
use super::super::Function;
use super::super::Marker;
use super::super::Native;
use super::super::from_json;
use super::super::write_display;
use super::super::write_json;
use super::*;
use crate::program::Label;
use proptest::prelude::*;

fn json(value: &Value) -> String {
    let mut out = Vec::new();
    write_json(value, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn lambda() -> Value {
    Value::Function(Arc::new(Function::new(ChunkId(0), Label::Lambda, Vec::new())))
}

static LEN: Native = Native { id: 0, name: "len" };

/// A value, its display form, what an object shows of it, and its JSON.
fn forms() -> Vec<(Value, &'static str, &'static str, &'static str)> {
    let wrap = Wrapped::new;
    let named = Function::new(ChunkId(0), Label::Function("P::area".into()), Vec::new());
    vec![
        (Value::Null, "null", "null", "null"),
        (Value::None, "None", "null", "null"),
        (Value::Bool(true), "true", "true", "true"),
        (int(-12), "-12", "-12", "-12"),
        (float(1.0), "1", "1", "1.0"),
        (float(2.5), "2.5", "2.5", "2.5"),
        (float(1e20), "100000000000000000000", "100000000000000000000", "1e20"),
        (float(1e-7), "0.0000001", "0.0000001", "1e-7"),
        (float(-0.0), "-0", "-0", "-0.0"),
        (float(f64::NAN), "NaN", "NaN", "null"),
        (float(f64::NEG_INFINITY), "-inf", "-inf", "null"),
        (
            Value::from("a\"\\\n\r\t\u{1}é"),
            "a\"\\\n\r\t\u{1}é",
            r#""a\"\\\n\r\t\u0001é""#,
            r#""a\"\\\n\r\t\u0001é""#,
        ),
        (array([int(1), Value::from("a")]), "[1, a]", "[1, \"a\"]", "[1,\"a\"]"),
        (array([]), "[]", "[]", "[]"),
        (tuple([int(1)]), "(1)", "[1]", "[1]"),
        (set([int(1), int(2)]), "set(1, 2)", "[1, 2]", "[1,2]"),
        (set([]), "set()", "[]", "[]"),
        (map([]), "Map()", "[]", "{}"),
        (
            map([(Value::from("a"), int(1)), (Value::from("b"), int(2))]),
            "Map(a => 1, b => 2)",
            "[[\"a\", 1], [\"b\", 2]]",
            "{\"a\":1,\"b\":2}",
        ),
        (
            map([(int(1), int(2)), (Value::from("b"), array([]))]),
            "Map(1 => 2, b => [])",
            "[[1, 2], [\"b\", []]]",
            "[[1,2],[\"b\",[]]]",
        ),
        (object([]), "{  }", "{  }", "{}"),
        (
            object([("k", Value::from("v"))]),
            "{ \"k\": \"v\" }",
            "{ \"k\": \"v\" }",
            "{\"k\":\"v\"}",
        ),
        (Value::Ok(wrap(int(1))), "Ok(1)", "{ \"Ok\": 1 }", "{\"Ok\":1}"),
        (Value::Err(wrap(array([]))), "Err([])", "{ \"Err\": [] }", "{\"Err\":[]}"),
        (Value::Some(wrap(Value::Some(wrap(int(1))))), "Some(Some(1))", "1", "1"),
        (frozen(array([int(1)])), "[1]", "[1]", "[1]"),
        (lambda(), "<lambda>", "\"<Lambda>\"", "\"<Lambda>\""),
        (Value::Function(Arc::new(named)), "<fn P::area>", "\"<Function>\"", "\"<Function>\""),
        (Value::Native(&LEN), "<builtin len>", "\"<BuiltIn>\"", "\"<BuiltIn>\""),
        (
            Value::Marker(Arc::new(Marker::Struct("P".into()))),
            "<builtin struct:P>",
            "\"<BuiltIn>\"",
            "\"<BuiltIn>\"",
        ),
    ]
}

#[test]
fn every_value_has_three_forms() {
    for (value, display, inside, strict) in forms() {
        assert_eq!(value.to_string(), display);
        let mut text = String::from("> ");
        write_display(&value, &mut text).unwrap();
        assert_eq!(text, format!("> {display}"));
        assert_eq!(json(&value), strict);
        let around = object([("v", array([value.clone()]))]);
        assert_eq!(around.to_string(), format!("{{ \"v\": [{inside}] }}"));
        assert_eq!(array([value, int(0)]).to_string(), format!("[{display}, 0]"));
    }
}

#[test]
fn json_keeps_order_and_integers() {
    let text = r#"{"zebra": [1, -9223372036854775808, 9223372036854775808, 1.0, 1e2], "apple": null, "zebra2": {"a": "\u00e9"}, "apple": true}"#;
    let value = from_json(text.as_bytes()).unwrap();
    assert_eq!(
        json(&value),
        r#"{"zebra":[1,-9223372036854775808,9.223372036854776e18,1.0,100.0],"apple":true,"zebra2":{"a":"é"}}"#
    );
}

#[test]
fn json_errors_say_where() {
    let error = |text: &str| from_json(text.as_bytes()).unwrap_err();
    assert_eq!(error(""), "EOF while parsing a value at line 1 column 0");
    assert_eq!(error("1 2"), "trailing characters at line 1 column 3");
    assert_eq!(error("[1,]"), "trailing comma at line 1 column 4");
    assert_eq!(error(&"[".repeat(200)), "recursion limit exceeded at line 1 column 128");
}

proptest! {
    #[test]
    fn json_comes_back(text in prop::collection::vec((".*", any::<i64>(), any::<f64>()), 0..20)) {
        let value = Value::Object(
            text.into_iter()
                .map(|(key, a, b)| (Text::from(&*key), array([int(a), float(b), Value::from(key)])))
                .collect(),
        );
        let text = json(&value);
        let theirs: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert!(theirs.is_object());
        let back = from_json(text.as_bytes()).unwrap();
        prop_assert_eq!(json(&back), text);
    }
}
