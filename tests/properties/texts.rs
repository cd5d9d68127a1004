//! P-5: the functions on texts do what a plain vector of characters does.

use super::calls::*;
use super::isolation::config;
use forge::value::Value;
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Change {
    Reverse,
    Slice(i64, i64),
    Substring(i64, i64),
    Replace(String, String),
    PadStart(i64, String),
    PadEnd(i64, String),
    Repeat(i64),
    SplitAndJoin(String),
    CharsAndJoin,
}

/// A few characters of one, two and three bytes, so that parts are found often.
fn text() -> impl Strategy<Value = String> {
    "[aé日]{0,8}"
}

fn part() -> impl Strategy<Value = String> {
    "[aé日]{0,2}"
}

fn change() -> impl Strategy<Value = Change> {
    let bounds = || (-9..12i64, -9..12i64);
    prop_oneof![
        1 => Just(Change::Reverse),
        1 => bounds().prop_map(|(start, end)| Change::Slice(start, end)),
        1 => bounds().prop_map(|(start, end)| Change::Substring(start, end)),
        2 => (part(), part()).prop_map(|(from, to)| Change::Replace(from, to)),
        1 => (-3..20i64, part()).prop_map(|(n, fill)| Change::PadStart(n, fill)),
        1 => (-3..20i64, part()).prop_map(|(n, fill)| Change::PadEnd(n, fill)),
        1 => (0..3i64).prop_map(Change::Repeat),
        1 => part().prop_map(Change::SplitAndJoin),
        1 => Just(Change::CharsAndJoin),
    ]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn texts_do_what_vectors_of_characters_do(
        start in text(),
        steps in vec((change(), any::<bool>()), 0..8),
        asked in (part(), -3..12i64),
    ) {
        let mut model: Vec<char> = start.chars().collect();
        let mut forge = Value::text(start);
        for (change, is_frozen) in &steps {
            forge = changed(maybe_frozen(&forge, *is_frozen), change);
            model = modelled(model, change);
            prop_assert_eq!(forge.to_string(), model.iter().collect::<String>());
            look(&model, &forge, &asked)?;
        }
    }
}

fn changed(text: Value, change: &Change) -> Value {
    let t = |text: &String| Value::text(text.clone());
    match change {
        Change::Reverse => call("reverse", vec![text]),
        Change::Slice(start, end) => call("slice", vec![text, (*start).into(), (*end).into()]),
        Change::Substring(start, end) => {
            call("substring", vec![text, (*start).into(), (*end).into()])
        }
        Change::Replace(from, to) => call("replace", vec![text, t(from), t(to)]),
        Change::PadStart(n, fill) => call("pad_start", vec![text, (*n).into(), t(fill)]),
        Change::PadEnd(n, fill) => call("pad_end", vec![text, (*n).into(), t(fill)]),
        Change::Repeat(n) => call("repeat_str", vec![text, (*n).into()]),
        Change::SplitAndJoin(delimiter) => {
            let pieces = call("split", vec![text, t(delimiter)]);
            call("join", vec![pieces, t(delimiter)])
        }
        Change::CharsAndJoin => call("join", vec![call("String.chars", vec![text])]),
    }
}

fn modelled(mut text: Vec<char>, change: &Change) -> Vec<char> {
    let len = text.len() as i64;
    let clamped = |n: i64| n.clamp(0, len) as usize;
    let part = |start: usize, end: usize| text[start.min(end)..end].to_vec();
    match change {
        Change::Reverse => text.reverse(),
        Change::Slice(start, end) => {
            let position = |n: i64| clamped(if n < 0 { len + n } else { n });
            return part(position(*start), position(*end));
        }
        Change::Substring(start, _) if *start < 0 => return Vec::new(),
        Change::Substring(start, end) => {
            return part(clamped(*start), clamped(if *end < 0 { len } else { *end }));
        }
        Change::Replace(from, to) => return replaced(&text, from, to),
        Change::PadStart(n, fill) => drop(text.splice(..0, padding(*n - len, fill))),
        Change::PadEnd(n, fill) => text.extend(padding(*n - len, fill)),
        Change::Repeat(n) => return text.repeat(*n as usize),
        // An empty delimiter comes between the characters and goes nowhere else.
        Change::SplitAndJoin(_) | Change::CharsAndJoin => {}
    }
    text
}

fn padding(missing: i64, fill: &str) -> Vec<char> {
    vec![fill.chars().next().unwrap_or(' '); missing.max(0) as usize]
}

/// The places where `part` is, without overlaps.
fn places(text: &[char], part: &[char]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while at + part.len() <= text.len() {
        let is_here = text[at..].starts_with(part);
        if is_here {
            found.push(at);
        }
        at += if is_here { part.len().max(1) } else { 1 };
    }
    found
}

fn replaced(text: &[char], from: &str, to: &str) -> Vec<char> {
    let from: Vec<char> = from.chars().collect();
    let mut out = Vec::new();
    let mut done = 0;
    for place in places(text, &from) {
        out.extend_from_slice(&text[done..place]);
        out.extend(to.chars());
        done = place + from.len();
    }
    out.extend_from_slice(&text[done..]);
    out
}

/// Everything that a function tells about a text.
fn look(model: &[char], forge: &Value, (part, at): &(String, i64)) -> Result<(), TestCaseError> {
    let with = |name: &str| call(name, vec![forge.clone(), Value::text(part.clone())]);
    let chars: Vec<char> = part.chars().collect();
    let places = places(model, &chars);
    // Those that overlap count for the last one too.
    let last = (0..=model.len()).rev().find(|at| model[*at..].starts_with(&chars));
    let number = |at: Option<usize>| at.map_or(-1, |at| at as i64);
    prop_assert_eq!(int(&call("len", vec![forge.clone()])), model.len() as i64);
    prop_assert_eq!(int(&with("index_of")), number(places.first().copied()));
    prop_assert_eq!(int(&with("last_index_of")), number(last));
    prop_assert_eq!(int(&with("count")), places.len() as i64);
    prop_assert_eq!(is_true(&with("contains")), !places.is_empty());
    prop_assert_eq!(is_true(&with("starts_with")), model.starts_with(&chars));
    prop_assert_eq!(is_true(&with("ends_with")), model.ends_with(&chars));
    let there = usize::try_from(*at).ok().and_then(|at| model.get(at));
    let found = call("char_at", vec![forge.clone(), Value::Int(*at)]);
    prop_assert_eq!(found.to_string(), there.map_or("null".to_owned(), char::to_string));
    Ok(())
}
