//! No text can escape its place: what is written as JSON or as a table is read as what it was.

use super::calls::*;
use super::hostile::text;
use super::isolation::config;
use forge::value::Object;
use forge::value::Text;
use forge::value::Value;
use forge::value::same;
use proptest::collection::vec;
use proptest::prelude::*;

fn object(fields: &[(String, String)]) -> Value {
    let pair =
        |(name, value): &(String, String)| (Text::from(name.clone()), Value::text(value.as_str()));
    Value::Object(Object::from_pairs(fields.iter().map(pair)))
}

/// Whether a Float is written so that it is read as the same number. A whole one is written without a point, as `say`
/// shows it, and read as an Int: beyond 2^53 that has the digits that are enough for a Float, and zeros.
fn comes_back(float: f64) -> bool {
    let is_whole_and_inexact =
        float.fract() == 0.0 && (2_f64.powi(53)..2_f64.powi(63)).contains(&float.abs());
    float.is_finite() && !is_whole_and_inexact
}

/// Anything that JSON has.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_filter("comes back", |x| comes_back(*x)).prop_map(Value::Float),
        text().prop_map(Value::text),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let fields = vec((text(), inner.clone()), 0..5);
        prop_oneof![
            vec(inner, 0..5).prop_map(Value::array),
            fields.prop_map(|fields| {
                let fields = fields.into_iter().map(|(name, value)| (Text::from(name), value));
                Value::Object(Object::from_pairs(fields))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(config())]

    // P-4 of the server's catalogue
    #[test]
    fn json_gives_back_every_value(value in any_value()) {
        let written = call("json.stringify", vec![value.clone()]);
        prop_assert!(same(&call("json.parse", vec![written]), &value));
        let mut answer = Vec::new();
        forge::value::write_json(&value, &mut answer).unwrap();
        prop_assert!(same(&forge::value::from_json(&answer).unwrap(), &value));
    }

    #[test]
    fn json_gives_back_every_text(fields in vec((text(), text()), 0..4), indent in -1..9i64) {
        let value = array([object(&fields), array(fields.iter().map(|(_, value)| Value::text(value.as_str())))]);
        let written = call("json.stringify", vec![value.clone()]);
        prop_assert!(same(&call("json.parse", vec![written.clone()]), &value));
        prop_assert!(!written.to_string().contains('\n'));
        let pretty = call("json.pretty", vec![value.clone(), Value::Int(indent)]);
        prop_assert!(same(&call("json.parse", vec![pretty]), &value));
    }

    #[test]
    fn tables_give_back_every_text(rows in vec((text(), text()), 1..5)) {
        let row = |(a, b): &(String, String)| object(&[("a".to_owned(), a.clone()), ("b".to_owned(), b.clone())]);
        let written = call("csv.stringify", vec![array(rows.iter().map(row))]);
        let read = elements(&call("csv.parse", vec![written]));
        prop_assert_eq!(read.len(), rows.len());
        for (read, (a, b)) in read.iter().zip(&rows) {
            let Value::Object(read) = read else { panic!("{read} is no row") };
            prop_assert_eq!(read.len(), 2);
            for (name, text) in [("a", a), ("b", b)] {
                // What looks like a number or a Bool is read as one.
                if let Some(Value::Str(read)) = read.get(name) {
                    prop_assert_eq!(read.as_str(), text.trim());
                }
            }
        }
    }

    #[test]
    fn parts_of_addresses_give_back_every_text(key in text(), value in text()) {
        let encoded = call("url.encode", vec![Value::text(value.as_str())]);
        prop_assert_eq!(call("url.decode", vec![encoded]).to_string(), value.clone());
        let parts = Value::Object(Object::from_pairs([
            (Text::from("host"), Value::text("h.example")),
            (Text::from("params"), object(&[(key.clone(), value.clone())])),
        ]));
        let built = call("url.build", vec![parts]);
        let Value::Object(parsed) = call("url.parse", vec![built]) else { panic!("no object") };
        let Some(Value::Object(params)) = parsed.get("params") else { panic!("no params") };
        prop_assert_eq!(params.len(), 1);
        prop_assert_eq!(params.get(&key).map(Value::to_string), Some(value));
    }
}
