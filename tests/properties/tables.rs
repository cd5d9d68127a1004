//! P-4: maps, sets and objects do what lists of entries do.

use super::calls::*;
use super::isolation::config;
use forge::value::Object;
use forge::value::Text;
use forge::value::Value;
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum MapChange {
    Set(Code, i64),
    Remove(Code),
    Rebuild,
    Copy,
}

fn map_change() -> impl Strategy<Value = MapChange> {
    prop_oneof![
        4 => (code(), any::<i64>()).prop_map(|(key, value)| MapChange::Set(key, value)),
        2 => code().prop_map(MapChange::Remove),
        1 => Just(MapChange::Rebuild),
        1 => Just(MapChange::Copy),
    ]
}

#[derive(Clone, Debug)]
enum SetChange {
    Add(Code),
    Remove(Code),
    Union(Vec<Code>),
    Intersect(Vec<Code>),
    Diff(Vec<Code>),
    Rebuild,
}

fn set_change() -> impl Strategy<Value = SetChange> {
    prop_oneof![
        4 => code().prop_map(SetChange::Add),
        2 => code().prop_map(SetChange::Remove),
        1 => vec(code(), 0..6).prop_map(SetChange::Union),
        1 => vec(code(), 0..14).prop_map(SetChange::Intersect),
        1 => vec(code(), 0..4).prop_map(SetChange::Diff),
        1 => Just(SetChange::Rebuild),
    ]
}

type Fields = Vec<(String, i64)>;

#[derive(Clone, Debug)]
enum ObjectChange {
    Merge(Fields),
    Omit(Vec<String>),
    Pick(Vec<String>),
    Rebuild,
}

fn name() -> impl Strategy<Value = String> {
    "[ab日]{0,2}|x\\.y|__a"
}

fn fields() -> impl Strategy<Value = Fields> {
    vec((name(), -1..2i64), 0..5)
}

fn object_change() -> impl Strategy<Value = ObjectChange> {
    prop_oneof![
        4 => fields().prop_map(ObjectChange::Merge),
        2 => vec(name(), 0..3).prop_map(ObjectChange::Omit),
        1 => vec(name(), 0..9).prop_map(ObjectChange::Pick),
        1 => Just(ObjectChange::Rebuild),
    ]
}

/// Sets the entry of `key`, in its place if it has one.
fn put<K: PartialEq, V>(entries: &mut Vec<(K, V)>, key: K, value: V) {
    match entries.iter_mut().find(|(known, _)| *known == key) {
        Some((_, old)) => *old = value,
        None => entries.push((key, value)),
    }
}

fn distinct(codes: &[Code]) -> Vec<Code> {
    let mut seen = Vec::new();
    codes.iter().for_each(|code| {
        if !seen.contains(code) {
            seen.push(*code);
        }
    });
    seen
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn maps_do_what_lists_of_entries_do(
        steps in vec((map_change(), any::<bool>()), 0..20),
        asked in code(),
    ) {
        let mut model: Vec<(Code, i64)> = Vec::new();
        let mut forge = call("map", vec![]);
        for (change, as_float) in &steps {
            let before = (forge.clone(), model.clone());
            forge = match *change {
                MapChange::Set(key, number) => {
                    put(&mut model, key, number);
                    call("Map.set", vec![forge, value(key, *as_float), Value::Int(number)])
                }
                MapChange::Remove(key) => {
                    model.retain(|(known, _)| *known != key);
                    call("Map.remove", vec![forge, value(key, *as_float)])
                }
                MapChange::Rebuild => call("map", vec![call("Map.to_array", vec![forge])]),
                MapChange::Copy => call("map", vec![maybe_frozen(&forge, *as_float)]),
            };
            for (forge, model) in [(&forge, &model), (&before.0, &before.1)] {
                look_at_map(model, forge, asked, *as_float)?;
            }
        }
    }

    #[test]
    fn sets_do_what_lists_of_distinct_elements_do(
        steps in vec((set_change(), any::<bool>()), 0..20),
        asked in code(),
    ) {
        let mut model: Vec<Code> = Vec::new();
        let mut forge = call("set", vec![]);
        for (change, as_float) in &steps {
            let before = (forge.clone(), model.clone());
            let other = |codes: &[Code]| call("set", vec![values(codes, *as_float)]);
            forge = match change {
                SetChange::Add(code) => {
                    model = distinct(&[model, vec![*code]].concat());
                    call("Set.add", vec![forge, value(*code, *as_float)])
                }
                SetChange::Remove(code) => {
                    model.retain(|known| known != code);
                    call("Set.remove", vec![forge, value(*code, *as_float)])
                }
                SetChange::Union(codes) => {
                    model = distinct(&[&model[..], codes].concat());
                    call("Set.union", vec![forge, maybe_frozen(&other(codes), *as_float)])
                }
                SetChange::Intersect(codes) => {
                    model.retain(|known| codes.contains(known));
                    call("Set.intersect", vec![maybe_frozen(&forge, *as_float), other(codes)])
                }
                SetChange::Diff(codes) => {
                    model.retain(|known| !codes.contains(known));
                    call("Set.diff", vec![forge, other(codes)])
                }
                SetChange::Rebuild => call("set", vec![call("Set.to_array", vec![forge])]),
            };
            for (forge, model) in [(&forge, &model), (&before.0, &before.1)] {
                let forge = maybe_frozen(forge, *as_float);
                prop_assert_eq!(&codes(&call("Set.to_array", vec![forge.clone()])), model);
                prop_assert_eq!(int(&call("len", vec![forge.clone()])), model.len() as i64);
                let has = call("Set.has", vec![forge.clone(), value(asked, *as_float)]);
                prop_assert_eq!(is_true(&has), model.contains(&asked));
                let has = call("contains", vec![forge, value(asked, !*as_float)]);
                prop_assert_eq!(is_true(&has), model.contains(&asked));
            }
        }
    }

    #[test]
    fn objects_do_what_lists_of_fields_do(
        steps in vec((object_change(), any::<bool>()), 0..12),
        asked in name(),
    ) {
        let mut model: Fields = Vec::new();
        let mut forge = call("merge", vec![]);
        for (change, is_frozen) in &steps {
            let before = (forge.clone(), model.clone());
            let receiver = maybe_frozen(&forge, *is_frozen);
            forge = match change {
                ObjectChange::Merge(fields) => {
                    fields.iter().cloned().for_each(|(key, value)| put(&mut model, key, value));
                    call("merge", vec![receiver, object(fields)])
                }
                ObjectChange::Omit(names) => {
                    model.retain(|(key, _)| !names.contains(key));
                    call("omit", vec![receiver, texts(names)])
                }
                ObjectChange::Pick(names) => {
                    let mut picked = Vec::new();
                    for name in names {
                        if let Some((_, value)) = model.iter().find(|(key, _)| key == name) {
                            put(&mut picked, name.clone(), *value);
                        }
                    }
                    model = picked;
                    call("pick", vec![receiver, texts(names)])
                }
                ObjectChange::Rebuild => {
                    call("from_entries", vec![call("entries", vec![receiver])])
                }
            };
            for (forge, model) in [(&forge, &model), (&before.0, &before.1)] {
                look_at_object(model, forge, &asked)?;
            }
            check_diff(&before, (&forge, &model))?;
        }
    }
}

fn look_at_map(
    model: &[(Code, i64)],
    forge: &Value,
    asked: Code,
    as_float: bool,
) -> Result<(), TestCaseError> {
    let forge = maybe_frozen(forge, as_float);
    let keys: Vec<Code> = model.iter().map(|(key, _)| *key).collect();
    let numbers: Vec<i64> = model.iter().map(|(_, number)| *number).collect();
    let found = model.iter().find(|(key, _)| *key == asked).map(|(_, number)| *number);
    let key = value(asked, as_float);
    for name in ["Map.keys", "keys"] {
        prop_assert_eq!(&codes(&call(name, vec![forge.clone()])), &keys);
    }
    for name in ["Map.values", "values"] {
        let found: Vec<i64> = elements(&call(name, vec![forge.clone()])).iter().map(int).collect();
        prop_assert_eq!(&found, &numbers);
    }
    for name in ["Map.len", "len"] {
        prop_assert_eq!(int(&call(name, vec![forge.clone()])), model.len() as i64);
    }
    for name in ["Map.has", "contains"] {
        let has = call(name, vec![forge.clone(), key.clone()]);
        prop_assert_eq!(is_true(&has), found.is_some());
    }
    let got = call("Map.get", vec![forge, key]);
    prop_assert_eq!(matches!(got, Value::Null), found.is_none());
    prop_assert!(found.is_none_or(|number| int(&got) == number));
    Ok(())
}

fn object(fields: &[(String, i64)]) -> Value {
    let field = |(key, number): &(String, i64)| (Text::from(key.clone()), Value::Int(*number));
    Value::Object(Object::from_pairs(fields.iter().map(field)))
}

fn texts(names: &[String]) -> Value {
    array(names.iter().map(|name| Value::text(name.clone())))
}

fn look_at_object(
    model: &[(String, i64)],
    forge: &Value,
    asked: &str,
) -> Result<(), TestCaseError> {
    let own: Vec<(String, i64)> = elements(&call("entries", vec![forge.clone()]))
        .iter()
        .map(|entry| (elements(entry)[0].to_string(), int(&elements(entry)[1])))
        .collect();
    prop_assert_eq!(own.as_slice(), model);
    let keys: Vec<String> =
        elements(&call("keys", vec![forge.clone()])).iter().map(Value::to_string).collect();
    prop_assert!(keys.iter().eq(model.iter().map(|(key, _)| key)));
    prop_assert_eq!(int(&call("len", vec![forge.clone()])), model.len() as i64);
    let found = model.iter().find(|(key, _)| key == asked).map(|(_, number)| *number);
    for name in ["has_key", "contains"] {
        let has = call(name, vec![forge.clone(), Value::text(asked)]);
        prop_assert_eq!(is_true(&has), found.is_some());
    }
    let got = call("get", vec![forge.clone(), Value::text(asked), Value::Int(99)]);
    prop_assert_eq!(int(&got), found.unwrap_or(99));
    Ok(())
}

/// `diff` names the fields that differ, old ones first.
fn check_diff(
    (old, before): &(Value, Fields),
    (new, after): (&Value, &Fields),
) -> Result<(), TestCaseError> {
    let changed = before.iter().filter(|field| !after.contains(field));
    let added = after.iter().filter(|(key, _)| !before.iter().any(|(known, _)| known == key));
    let wanted: Vec<&String> =
        changed.chain(added).map(|(key, _)| key).filter(|key| !key.starts_with("__")).collect();
    let found = match call("diff", vec![old.clone(), new.clone()]) {
        Value::Null => Vec::new(),
        found => elements(&call("keys", vec![found])),
    };
    prop_assert!(found.iter().map(Value::to_string).eq(wanted.into_iter().cloned()));
    Ok(())
}
