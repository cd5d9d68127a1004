//! Handles die on time: what a function gets, changes and gives back is changed in place, as long as its caller does
//! not read the old value any more.

#[path = "support/copies.rs"]
mod copies;

use forge::diag::Sources;
use forge::engine;
use forge::engine::Loaded;
use forge::engine::Output;
use forge::engine::Text;
use forge::value::List;
use forge::value::Value;
use std::pin::pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::Waker;

/// What a program leaves in its global `ys`, after this many steps.
const STEPS: usize = 5_000;

/// The functions that a step calls, and the loop around it.
const PROGRAMS: &[(&str, &str, &str)] = &[
    ("a function", "fn add(xs, v) { xs = push(xs, v)  return xs }", "ys = add(ys, i)"),
    ("a builtin's result", "fn add(xs, v) { return push(xs, v) }", "ys = add(ys, i)"),
    ("the value of the body", "fn add(xs, v) { xs.push(v)  xs }", "ys = add(ys, i)"),
    ("a default", "fn add(xs, v = 1) { xs.push(v)  xs }", "ys = add(ys)"),
    ("a lambda", "let add = fn(xs, v) { xs.push(v)  xs }", "ys = add(ys, i)"),
    ("a pipe", "fn add(xs) { return push(xs, 1) }", "ys = ys |> add"),
    ("branches", "fn add(xs, v) { if v < 0 { xs } else { push(xs, v) } }", "ys = add(ys, i)"),
    (
        "a failure",
        "fn add(xs, v) { if v < 0 { return Err(v) }  Ok(push(xs, v)) }",
        "ys = add(ys, i)?",
    ),
    (
        "mutual recursion",
        "fn even(xs, n) { if n == 0 { return xs }  return odd(xs, n - 1) }
         fn odd(xs, n) { xs.push(n)  return even(xs, n - 1) }",
        "ys = even(ys, 2)",
    ),
    (
        "parts of a tuple",
        "fn add(pair, v) { let (xs, n) = pair  xs.push(v)  return (xs, n + 1) }",
        "let (xs, n) = add((ys, 0), i)  ys = xs",
    ),
    (
        "a pattern",
        "fn add(o, v) { match o { Some(xs) => push(xs, v)  None => [] } }",
        "ys = add(Some(ys), i)",
    ),
    (
        "a method",
        "struct Bag { size: int }
         impl Bag { fn put(it, xs, v) { it.size += 1  xs.push(v)  return xs } }
         let bag = Bag { size: 0 }",
        "ys = bag.put(ys, i)",
    ),
    (
        "a field",
        "let mut b = { items: [] }",
        "b.items = push(ys, i)  ys = []  b.items = push(b.items, 0)  ys = b.items  b.items = []",
    ),
    (
        "a field and its method",
        "let mut b = { items: { deep: [[]] } }",
        "b.items.deep[0] = ys  ys = []  b.items.deep[0] = b.items.deep[0].push(i)  ys = b.items.deep[0]  b.items.deep[0] = []",
    ),
    (
        "an element that a variable is put into",
        "",
        "let mut own = ys  ys = []  let mut rows = [0]  rows[0] = own  rows[0] = push(rows[0], i)  ys = rows[0]  rows[0] = 0",
    ),
    ("a callback", "fn add(xs, v) { xs.push(v)  xs }", "ys = [i].reduce(ys, add)"),
    ("a field", "let mut o = { xs: [] }", "o.xs = push(o.xs, i)  if i == LAST { ys = o.xs }"),
    (
        "an element of a field",
        "let mut o = { all: [0, []] }",
        "o.all[1] = push(o.all[1], i)  if i == LAST { ys = o.all[1] }",
    ),
    (
        "a method of a part",
        "let mut o = { xs: [] }",
        "o.xs = o.xs.push(i)  if i == LAST { ys = o.xs }",
    ),
    (
        "what try caught before",
        "fn add(xs, v) { xs.push(v)  xs }",
        "try { yolo() } catch e { let text = e }  ys = add(ys, i)",
    ),
];

fn program(functions: &str, step: &str) -> Loaded {
    let step = step.replace("LAST", &(STEPS - 1).to_string());
    let text = format!(
        "{functions}
         fn run() {{
             let mut ys = []
             for i in range({STEPS}) {{
                 {step}
             }}
             return ys
         }}
         let result = run()
         fn look() {{ return result }}"
    );
    let host = Arc::new(Output::to(Box::new(std::io::sink()), false));
    engine::load(&mut Sources::new(), Text::new("moves.fg", &text), host)
        .unwrap_or_else(|found| panic!("{text}\n{found:?}"))
}

/// The array that the program makes.
fn made(loaded: &Loaded) -> List {
    let mut run = pin!(loaded.run());
    let result = loop {
        if let Poll::Ready(result) = run.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            break result;
        }
    };
    match result.unwrap_or_else(|error| panic!("{error:?}")).global("result") {
        Some(Value::Array(list)) => list,
        other => panic!("{other:?}"),
    }
}

/// Whether the elements stand in one block. A large array that is copied again and again becomes a tree.
fn is_one_block(list: &List) -> bool {
    let place = |item: &Value| std::ptr::from_ref(item).addr();
    let places: Vec<usize> = list.iter().map(place).collect();
    places.windows(2).all(|pair| pair[1] == pair[0] + size_of::<Value>())
}

#[test]
fn what_goes_through_a_function_is_changed_in_place() {
    for (name, functions, step) in PROGRAMS {
        let list = made(&program(functions, step));
        assert!(list.len() >= STEPS - 1, "{name}: {}", list.len());
        assert!(is_one_block(&list), "{name}: copied at every step");
    }
}

#[test]
fn without_moves_it_is_copied() {
    let (_, functions, step) = PROGRAMS[0];
    let list = made(&copies::nothing_moves(&program(functions, step)));
    assert_eq!(list.len(), STEPS);
    assert!(!is_one_block(&list));
}

#[test]
fn what_a_handler_may_still_read_is_kept() {
    let functions = "fn add(xs, v) { xs.push(v)  xs }";
    let list = made(&program(functions, "try { ys = add(ys, i) } catch e { say e }"));
    assert_eq!(list.len(), STEPS);
    assert!(!is_one_block(&list));
}
