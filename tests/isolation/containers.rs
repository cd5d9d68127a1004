//! Closures wherever a program can put them: every fork has variables of its own behind them, shared as they were.

use super::support::call;
use super::support::template;
use forge::engine::Template;

/// A factory of counters.
const MAKE: &str = "
fn make() { let mut n = 0
    return fn() { n += 1
        return n } }
";

/// Two forks call `hit` in turn, more often each time: each sees its own calls only, and so does a later fork.
fn counts_apart(text: &str) {
    let template = template(text);
    let (a, b) = (template.fork(), template.fork());
    for n in 1..=3 {
        assert_eq!(hit(&a), n.to_string(), "{text}");
        assert_eq!(hit(&b), (2 * n - 1).to_string(), "{text}");
        assert_eq!(hit(&b), (2 * n).to_string(), "{text}");
    }
    let child = a.fork();
    assert_eq!([hit(&child), hit(&a), hit(&template.fork())], ["4", "4", "1"], "{text}");
    assert_eq!([hit(&template), hit(&template), hit(&child)], ["1", "2", "5"], "{text}");
}

fn hit(template: &Template) -> String {
    call(template, "hit", &[])
}

// T-U13
#[test]
fn functions_of_inner_scopes_count_apart() {
    counts_apart(
        "let mut counter = null
if true { let mut n = 0
    fn inner() { n += 1
        return n }
    counter = inner }
fn hit() { return counter() }",
    );
    counts_apart(
        "fn outer() { let mut n = 0
    fn inner() { n += 1
        return n }
    return inner }
let counter = outer()
fn hit() { return counter() }",
    );
    counts_apart(
        "let mut counter = null
for i in [0] { let mut n = i
    fn inner() { n += 1
        return n }
    counter = inner }
fn hit() { return counter() }",
    );
}

// T-U13
#[test]
fn functions_of_inner_scopes_count_apart_at_the_same_time() {
    let template = template(&format!(
        "{MAKE}let counter = make()
fn many(k) {{ for i in range(0, k) {{ counter() }}
    return counter() }}"
    ));
    std::thread::scope(|scope| {
        for k in [1_000, 2_000, 3_000] {
            let template = &template;
            scope.spawn(move || {
                for _ in 0..5 {
                    assert_eq!(call(&template.fork(), "many", &[k]), (k + 1).to_string());
                }
            });
        }
    });
    assert_eq!(call(&template, "many", &[0]), "1");
}

// T-U14
#[test]
fn recursion_several_scopes_deep_writes_each_level() {
    let text = "
fn outer() {
    let mut calls_outer = 0
    fn middle() {
        let mut calls_middle = 0
        fn inner() {
            let mut calls_inner = 0
            fn fib(n) { calls_inner += 1
                if n < 2 { calls_middle += 1
                    return n }
                return fib(n - 1) + fib(n - 2) }
            fn even(n) { calls_outer += 1
                if n == 0 { return true }
                return odd(n - 1) }
            fn odd(n) { if n == 0 { return false }
                return even(n - 1) }
            return { fib: fib, even: even, odd: odd,
                read: fn() { return [calls_outer, calls_middle, calls_inner] } }
        }
        return inner()
    }
    return middle()
}
let fs = outer()
fn run(n) { return [fs.fib(n), fs.even(n), fs.odd(n), fs.read()] }
fn read() { return fs.read() }
";
    let template = template(text);
    let (a, b) = (template.fork(), template.fork());
    assert_eq!(call(&a, "run", &[10]), "[55, true, false, [11, 89, 177]]");
    assert_eq!(call(&b, "run", &[1]), "[1, false, true, [2, 1, 1]]");
    assert_eq!(call(&b, "run", &[2]), "[1, true, false, [5, 3, 4]]");
    assert_eq!(call(&a, "read", &[]), "[11, 89, 177]");
    assert_eq!(call(&template, "read", &[]), "[0, 0, 0]");
}

/// Pairs over one variable, and copies of them in other places.
const PAIRS: &str = "
fn pair() { let mut n = 0
    return { inc: fn() { n += 1 }, get: fn() { return n } } }
let one = pair()
let other = pair()
let in_array = [one.inc, [one.get]]
let in_object = { deep: { pair: one } }
struct Holder { x: Int }
give Holder {
    fn inc(it) { one.inc() }
    fn get(it) { return one.get() }
}
let holder = Holder { x: 1 }
fn run() { one.inc()
    in_array[0]()
    in_object.deep.pair.inc()
    holder.inc()
    return read() }
fn read() {
    return [one.get(), in_array[1][0](), in_object.deep.pair.get(), holder.get(), other.get()] }
fn other_inc() { other.inc() }
";

// T-U15
#[test]
fn aliases_stay_aliases_and_pairs_stay_apart() {
    let template = template(PAIRS);
    let (a, b) = (template.fork(), template.fork());
    assert_eq!(call(&a, "run", &[]), "[4, 4, 4, 4, 0]");
    call(&b, "other_inc", &[]);
    assert_eq!(call(&b, "read", &[]), "[0, 0, 0, 0, 1]");
    assert_eq!(call(&a.fork(), "run", &[]), "[8, 8, 8, 8, 0]");
    assert_eq!(call(&a, "read", &[]), "[4, 4, 4, 4, 0]");
    assert_eq!(call(&template, "read", &[]), "[0, 0, 0, 0, 0]");
}

// T-U16
#[test]
fn closures_in_containers_count_apart() {
    let places = [
        ("[make()]", "held[0]()"),
        ("(0, make())", "held[1]()"),
        ("set([make()])", "held.to_array()[0]()"),
        ("map([(1, make())])", "held[1]()"),
        ("map([(make(), 1)])", "keys(held)[0]()"),
        ("{ f: make() }", "held.f()"),
        ("Ok(make())", "unwrap(held)()"),
        ("Err(make())", "match held { Err(f) => f() }"),
        ("Some(make())", "unwrap(held)()"),
        ("freeze make()", "held()"),
        ("freeze [make()]", "held[0]()"),
        ("[[make()]]", "held[0][0]()"),
        ("[{ f: make() }]", "held[0].f()"),
        ("{ fs: [make()] }", "held.fs[0]()"),
        ("{ a: { f: make() } }", "held.a.f()"),
        ("map([(1, map([(2, make())]))])", "held[1][2]()"),
        ("Ok(Some(make()))", "unwrap(unwrap(held))()"),
        ("freeze { fs: (make(), 1) }", "held.fs[0]()"),
        ("Some(freeze [Err(make())])", "match unwrap(held)[0] { Err(f) => f() }"),
        ("set([[make()]])", "held.to_array()[0][0]()"),
        ("map([([make()], 1)])", "keys(held)[0][0]()"),
    ];
    for (value, call) in places {
        counts_apart(&format!("{MAKE}let held = {value}\nfn hit() {{ return {call} }}"));
        // The same in a variable that can be assigned, and behind another closure.
        counts_apart(&format!(
            "{MAKE}let mut held = null\nheld = {value}\nfn hit() {{ return {call} }}"
        ));
        counts_apart(&format!(
            "{MAKE}fn hide() {{ let mut held = {value}\n return fn() {{ held = held\n return {call} }} }}
let hidden = hide()\nfn hit() {{ return hidden() }}"
        ));
    }
}

// T-U16: what is written into the container
#[test]
fn containers_in_variables_change_apart() {
    let places = [
        ("[0]", "held[0] += 1", "held[0]"),
        ("{ n: 0 }", "held.n += 1", "held.n"),
        ("{ n: 0 }", "held[\"n\"] = held[\"n\"] + 1", "held.n"),
        ("map([(1, 0)])", "held[1] += 1", "held[1]"),
        ("{ xs: [[0]] }", "held.xs[0][0] += 1", "held.xs[0][0]"),
        ("[]", "push(held, 0)", "len(held)"),
        ("[]", "held.push(0)", "len(held)"),
        ("[]", "held = push(held, 0)", "len(held)"),
        ("set([])", "held.add(len(held))", "len(held)"),
        ("map([])", "held = held.set(len(held), 0)", "len(held)"),
        ("\"\"", "held += \"x\"", "len(held)"),
    ];
    for (value, write, read) in places {
        counts_apart(&format!("let mut held = {value}\nfn hit() {{ {write}\n return {read} }}"));
        counts_apart(&format!(
            "fn make() {{ let mut held = {value}\n return fn() {{ {write}\n return {read} }} }}
let f = make()\nfn hit() {{ return f() }}"
        ));
        // Beside a copy of the same value, which must not move with it.
        counts_apart(&format!(
            "let mut held = {value}\nlet copy = held\nfn hit() {{ {write}\n if copy != {value} {{ return \"moved\" }}
    return {read} }}"
        ));
    }
}

// T-U17, quirk Q31
#[test]
fn methods_that_capture_a_variable_count_apart() {
    counts_apart(
        "struct Acc { x: Int }
let mut acc = null
if true { let mut hidden = 0
    give Acc { fn add(it) { hidden += 1
        return hidden } }
    acc = Acc { x: 0 } }
fn hit() { return acc.add() }",
    );
}
