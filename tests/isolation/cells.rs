//! Which variables can change after a closure has seen them: each such program behaves in a fork as in a world of its own.

use super::support::call;
use super::template;
use forge::engine::Template;

/// `run` gives `expected` in each of two forks, in the template afterwards, and on a fork of a changed fork the same as
/// a second call.
fn is_isolated(text: &str, first: &str, second: &str) {
    let template = template(text);
    let run = |template: &Template| call(template, "run", &[]);
    let (a, b) = (template.fork(), template.fork());
    assert_eq!(run(&a), first);
    assert_eq!(run(&b), first);
    let child = a.fork();
    assert_eq!(run(&child), second);
    assert_eq!(run(&a), second);
    assert_eq!(run(&template.fork()), first);
    assert_eq!(run(&template), first);
}

// T-U24, one program each from here on
#[test]
fn a_second_let_in_the_scope() {
    is_isolated(
        "let x = 1
let get = fn() { x }
let x = 10
fn make() { let y = 1
    let read = fn() { y }
    let add = fn(n) { z += n
        return y + z }
    let mut z = 0
    let y = 2
    return { read: read, add: add } }
let pair = make()
fn run() { return [get(), pair.read(), pair.add(1)] }",
        "[10, 2, 3]",
        "[10, 2, 4]",
    );
}

#[test]
fn an_assigned_parameter() {
    is_isolated(
        "fn make(n) { return { inc: fn() { n += 1 }, get: fn() { n } } }
let c = make(5)
fn run() { c.inc()
    return c.get() }",
        "6",
        "7",
    );
}

#[test]
fn an_assigned_loop_variable() {
    is_isolated(
        "let mut fs = []
for i in [10, 20] { push(fs, fn() { i += 1
        return i })
    i += 5 }
fn run() { return [fs[0](), fs[1](), fs[1]()] }",
        "[16, 26, 27]",
        "[17, 28, 29]",
    );
}

#[test]
fn a_counter_that_a_while_loop_shares() {
    is_isolated(
        "let mut k = 0
let mut fs = []
while k < 3 { push(fs, fn() { k += 1
        return k })
    k += 1 }
fn run() { return [fs[0](), fs[2]()] }",
        "[4, 5]",
        "[6, 7]",
    );
}

#[test]
fn an_assigned_import() {
    is_isolated(
        "import \"tests/isolation/lib/counter\"
let get = fn() { level }
let put = fn(n) { level = n }
fn run() { put(get() + 10)
    return [bump(), get(), level] }",
        "[11, 11, 11]",
        "[22, 22, 22]",
    );
}

#[test]
fn an_assigned_function_name() {
    is_isolated(
        "fn f() { return 1 }
let get = fn() { f() }
fn outer() { fn g() { return 10 }
    return { get: fn() { g() }, put: fn(h) { g = h } } }
let pair = outer()
fn run() { let before = [get(), pair.get()]
    f = fn() { return 2 }
    pair.put(fn() { return 20 })
    return [before, get(), pair.get()] }",
        "[[1, 10], 2, 20]",
        "[[2, 20], 2, 20]",
    );
}

#[test]
fn a_function_defined_twice() {
    is_isolated(
        "fn f() { return 1 }
let first = f
let get = fn() { f() }
fn f() { return 2 }
fn run() { return [first(), get(), f()] }",
        "[1, 2, 2]",
        "[1, 2, 2]",
    );
}

#[test]
fn a_closure_made_before_its_variable() {
    is_isolated(
        "fn make() { let add = fn() { later += 1
        return later }
    let mut later = 0
    return add }
let add = make()
fn run() { return add() }",
        "1",
        "2",
    );
}

#[test]
fn a_lambda_naming_a_later_top_level_name() {
    is_isolated(
        "let get = fn() { [fixed, moving] }
let add = fn() { moving += 1 }
let fixed = 7
let mut moving = 0
fn run() { add()
    return get() }",
        "[7, 1]",
        "[7, 2]",
    );
}

#[test]
fn a_variable_that_holds_the_closure_over_itself() {
    is_isolated(
        "let mut f = null
let mut n = 0
f = fn(k) { n += 1
    if k == 0 { f = fn(k) { n += 100
            return n }
        return n }
    return f(k - 1) }
fn run() { return f(2) }",
        "3",
        "103",
    );
}

#[test]
fn a_variable_that_only_top_level_code_assigns() {
    is_isolated(
        "let mut total = 0
for i in range(0, 5) { total += i }
fn run() { return total }",
        "10",
        "10",
    );
}

#[test]
fn a_shadowing_local_leaves_the_global_alone() {
    is_isolated(
        "let mut n = 0
let read = fn() { n }
fn run() { let before = read()
    let mut n = 100
    let add = fn() { n += 1 }
    add()
    bump()
    return [before, n, read()] }
fn bump() { n += 1 }",
        "[0, 101, 1]",
        "[1, 101, 2]",
    );
}

#[test]
fn a_bound_name_of_a_match_and_of_a_catch() {
    is_isolated(
        "fn make(o) { match o { Some(v) => return fn() { v += 1
        return v }
        _ => return null } }
fn caught() { try { must Err(\"no\") } catch e { return fn() { e = 5
        return e } } }
let m = make(Some(1))
fn run() { return [m(), caught()()] }",
        "[2, 5]",
        "[3, 5]",
    );
}

#[test]
fn destructured_names() {
    is_isolated(
        "fn make() { let [x, y] = [1, 2]
    return fn() { x += y
        return x } }
let f = make()
fn run() { return f() }",
        "3",
        "5",
    );
}
