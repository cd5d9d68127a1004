//! Results, assertions, responses and waiting.

use super::*;

#[test]
fn results_and_options_are_opened() {
    let err = || Value::Err(Wrapped::new(object([("code", i(5))])));
    assert_eq!(shown("unwrap", vec![err()]), r#"unwrap() on Err: { "code": 5 }"#);
    assert_eq!(shown("unwrap", vec![Value::None]), "unwrap() called on None");
    assert_eq!(shown("unwrap", vec![i(1)]), "unwrap() requires a Result or Option value");
    assert_eq!(shown("unwrap_or", vec![err()]), "unwrap_or() requires (value, default)");
    assert_eq!(
        shown("unwrap_or", vec![Value::Null, i(1)]),
        "unwrap_or() requires a Result or Option value as first argument"
    );
    assert_eq!(shown("unwrap_err", vec![err()]), r#"{ "code": 5 }"#);
    assert_eq!(shown("is_ok", vec![Value::None]), "is_ok() requires a Result value");
    assert_eq!(shown("is_some", vec![frozen(Value::None)]), "false");
    assert_eq!(shown("is_some", vec![i(5)]), "true");
    let legacy = object([("__type__", t("Option"))]);
    assert_eq!(shown("is_some", vec![legacy.clone()]), "false");
    assert_eq!(shown("is_none", vec![legacy]), "false");
    assert_eq!(shown("err", vec![]), "Err(error)");
    assert_eq!(shown("ok", vec![]), "Ok(null)");
}

#[test]
fn assertions_say_what_was_expected() {
    assert_eq!(shown("assert", vec![]), "assertion failed: assertion failed");
    assert_eq!(shown("assert", vec![i(0), t("no")]), "assertion failed: no");
    assert_eq!(shown("assert_eq", vec![t("1"), i(1)]), "assertion failed: expected `1`, got `1`");
    assert_eq!(
        shown("assert_eq", vec![i(2), i(1), t("sum")]),
        "assertion failed: sum: expected `1`, got `2`"
    );
    assert_eq!(shown("assert_eq", vec![f(f64::NAN), f(f64::NAN)]), "null");
    assert_eq!(shown("assert_eq", vec![i(1)]), "assert_eq() requires at least 2 arguments");
    assert_eq!(
        shown("assert_ne", vec![a([i(1)]), a([f(1.0)]), t("m")]),
        "assertion failed: m: expected values to differ, both are `[1]`"
    );
    assert_eq!(shown("assert_throws", vec![]), "assert_throws() requires a function");
    assert_eq!(shown("bet", vec![i(0)]), "true");
    assert_eq!(shown("bet", vec![Value::Bool(false), i(1)]), "LOST THE BET: condition was false");
    assert_eq!(shown("ick", vec![i(0)]), "ICK: that's an ick");
    assert_eq!(shown("no_cap", vec![i(1), i(2)]), "CAP DETECTED: 1 ≠ 2");
    assert_eq!(shown("sus", vec![t("x")]), "x");
    assert_eq!(shown("cook", vec![i(1)]), "cook() needs a function — let him cook!");
}

#[test]
fn only_what_respond_made_is_a_response() {
    let made = call("respond", vec![i(201), t("hi")]).unwrap();
    let found = response(&made).unwrap();
    assert!(matches!(found.status, Value::Int(201)));
    assert_eq!(found.body.to_string(), "hi");
    assert_eq!(found.headers.to_string(), "{  }");
    let mut json = Vec::new();
    crate::value::write_json(&made, &mut json).unwrap();
    let forged = crate::value::from_json(&json).unwrap();
    assert_eq!(forged.to_string(), made.to_string());
    assert!(response(&forged).is_none());
    assert_eq!(shown("respond", vec![t("x")]), "respond() requires (status, body?, headers?)");
    let moved = call("redirect", vec![t("/a")]).unwrap();
    assert_eq!(response(&moved).unwrap().headers.to_string(), r#"{ "location": "/a" }"#);
}

#[test]
fn waiting_starts_with_the_first_poll() {
    assert_eq!(shown("wait", vec![t("x")]), "wait() requires a number of seconds");
    // No runtime is here: a future that did something now would panic.
    assert!(matches!(outcome("wait", vec![f(f64::INFINITY)]), Ok(Outcome::Wait(_))));
    assert!(matches!(outcome("wait", vec![i(-1)]), Ok(Outcome::Wait(_))));
}
