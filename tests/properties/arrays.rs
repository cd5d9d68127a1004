//! P-3: the functions on arrays do what a plain vector does.

use super::calls::*;
use super::isolation::config;
use forge::value::Value;
use proptest::collection::vec;
use proptest::prelude::*;

/// What makes a new array out of one.
#[derive(Clone, Debug)]
enum Change {
    Push(Code),
    Reverse,
    Slice(i64, i64),
    TakeN(i64),
    Skip(i64),
    Unique,
    Compact,
    ChunkAndFlatten(i64),
    ZipWithItself,
    Shuffle,
    Sort,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => code().prop_map(Change::Push),
        1 => Just(Change::Reverse),
        1 => (-9..9i64, -9..9i64).prop_map(|(start, end)| Change::Slice(start, end)),
        1 => (-3..2000i64).prop_map(Change::TakeN),
        1 => (-3..5i64).prop_map(Change::Skip),
        1 => Just(Change::Unique),
        1 => Just(Change::Compact),
        1 => (1..9i64).prop_map(Change::ChunkAndFlatten),
        1 => Just(Change::ZipWithItself),
        1 => Just(Change::Shuffle),
        1 => Just(Change::Sort),
    ]
}

/// Small ones, and some so large that they become trees when they are copied.
fn start() -> impl Strategy<Value = Vec<Code>> {
    prop_oneof![9 => vec(code(), 0..12), 1 => vec(code(), 1100..1200)]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn arrays_do_what_vectors_do(
        start in start(),
        steps in vec((change(), any::<bool>(), any::<bool>()), 0..12),
        asked in (code(), -3..15i64, any::<bool>()),
    ) {
        let mut model = start.clone();
        let first = values(&start, false);
        let mut forge = first.clone();
        for (change, is_frozen, as_float) in &steps {
            let receiver = maybe_frozen(&forge, *is_frozen);
            forge = changed(receiver, change, *as_float);
            check_change(&mut model, change, &codes(&forge))?;
            look(&model, &forge, asked)?;
        }
        // Whatever happened to its copies.
        prop_assert_eq!(codes(&first), start);
    }
}

fn changed(receiver: Value, change: &Change, as_float: bool) -> Value {
    match *change {
        Change::Push(code) => call("push", vec![receiver.thawed().clone(), value(code, as_float)]),
        Change::Reverse => call("reverse", vec![receiver]),
        Change::Slice(start, end) => {
            call("slice", vec![receiver, Value::Int(start), Value::Int(end)])
        }
        Change::TakeN(n) => call("take_n", vec![receiver, Value::Int(n)]),
        Change::Skip(n) => call("skip", vec![receiver, Value::Int(n)]),
        Change::Unique => call("unique", vec![receiver]),
        Change::Compact => call("compact", vec![receiver]),
        Change::ChunkAndFlatten(size) => {
            let pieces = elements(&call("chunk", vec![receiver, Value::Int(size)]));
            // Elements that are arrays themselves stay: each piece is flattened by itself.
            array(pieces.iter().flat_map(elements))
        }
        Change::ZipWithItself => {
            let pairs = elements(&call("zip", vec![receiver.clone(), receiver]));
            array(pairs.iter().map(|pair| elements(pair)[1].clone()))
        }
        Change::Shuffle => call("shuffle", vec![receiver]),
        Change::Sort => call("sort", vec![receiver]),
    }
}

/// Applies `change` to the model, which must then be `found`; of a random order, the order is taken over.
fn check_change(
    model: &mut Vec<Code>,
    change: &Change,
    found: &[Code],
) -> Result<(), TestCaseError> {
    let len = model.len() as i64;
    let clamped = |n: i64| n.clamp(0, len) as usize;
    let position = |n: i64| clamped(if n < 0 { len + n } else { n });
    match *change {
        Change::Push(code) => model.push(code),
        Change::Reverse => model.reverse(),
        Change::Slice(start, end) => {
            let (start, end) = (position(start), position(end));
            *model = model[start.min(end)..end].to_vec();
        }
        Change::TakeN(n) => model.truncate(clamped(n)),
        Change::Skip(n) => drop(model.drain(..clamped(n))),
        Change::Unique => {
            let mut seen = [false; 256];
            model.retain(|code| !std::mem::replace(&mut seen[usize::from(*code)], true));
        }
        Change::Compact => model.retain(|code| !(8..11).contains(code)),
        Change::ChunkAndFlatten(_) | Change::ZipWithItself => {}
        Change::Sort if have_an_order(model) => model.sort(),
        Change::Shuffle | Change::Sort => {
            let (mut before, mut after) = (model.clone(), found.to_vec());
            before.sort();
            after.sort();
            prop_assert_eq!(before, after);
            *model = found.to_vec();
        }
    }
    prop_assert_eq!(model.as_slice(), found);
    Ok(())
}

fn have_an_order(codes: &[Code]) -> bool {
    codes.iter().all(|code| NUMBERS.contains(code)) || codes.iter().all(|code| WORDS.contains(code))
}

/// Everything that a function tells about an array.
fn look(
    model: &[Code],
    forge: &Value,
    (code, index, as_float): (Code, i64, bool),
) -> Result<(), TestCaseError> {
    let with =
        |name, more: Vec<Value>| call(name, [vec![maybe_frozen(forge, as_float)], more].concat());
    let or_null = |code: Option<&Code>| code.copied().unwrap_or(8);
    let position = model.iter().position(|it| *it == code);
    prop_assert_eq!(int(&with("len", vec![])), model.len() as i64);
    prop_assert_eq!(code_of(&with("first", vec![])), or_null(model.first()));
    prop_assert_eq!(code_of(&with("last", vec![])), or_null(model.last()));
    prop_assert_eq!(code_of(&call("pop", vec![forge.clone()])), or_null(model.last()));
    let asked = value(code, as_float);
    prop_assert_eq!(
        int(&with("index_of", vec![asked.clone()])),
        position.map_or(-1, |at| at as i64)
    );
    prop_assert_eq!(is_true(&with("contains", vec![asked.clone()])), position.is_some());
    let there = usize::try_from(index).ok().and_then(|index| model.get(index));
    let got = with("get", vec![Value::Int(index), Value::text("b")]);
    prop_assert_eq!(code_of(&got), there.copied().unwrap_or(6));
    let counts = with("frequencies", vec![]);
    let own = call("get", vec![counts.clone(), call("str", vec![asked]), Value::Int(0)]);
    // An empty text is a name too.
    prop_assert_eq!(int(&own), model.iter().filter(|it| **it == code).count() as i64);
    let numbers: i64 = elements(&call("values", vec![counts])).iter().map(int).sum();
    prop_assert_eq!(numbers, model.len() as i64);
    let last = elements(&with("enumerate", vec![])).pop();
    let place = last.map(|entry| int(&call("get", vec![entry, Value::text("index")])));
    prop_assert_eq!(place, model.len().checked_sub(1).map(|at| at as i64));
    Ok(())
}
