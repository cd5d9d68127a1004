//! Statements.

use super::check;

#[test]
fn bindings() {
    check(
        "let mut x: Int = 1         ==> (let-mut x Int 1)
         set x to 5                 ==> (let x 5)
         set mut x: Int to 5        ==> (let-mut x Int 5)
         change x.a[0] to 5         ==> (= x.a[0] 5)
         x.a += 1                   ==> (+= x.a 1)
         let (a, b) = t             ==> (unpack (a b) t)
         let {a, b} = o             ==> (unpack {a b} o)
         let mut [a, ...r] = xs     ==> (unpack [a ...r] xs)
         unpack [a, ...r, z] from x ==> (unpack [a z ...r] x)
         unpack {a⏎b} from x        ==> (unpack {a b} x)
         grab r from u with o       ==> (grab r u o)
         grab r from u              ==> (grab r u)
         let _ = f()                ==> (let _ (f))",
    );
}

#[test]
fn functions() {
    check(
        "fn f(a: Int, b = 2) -> Int { a } ==> (fn f (a:Int b=2) ->Int {a})
         fn f<T: Ord, U>(x: T): [T] { } ==> (fn f<T U> (x:T) ->[T] {})
         define f() { return }      ==> (fn f () {(return)})
         async fn f() { }           ==> (fn f () {})
         forge load() { }           ==> (fn load () {})
         fn f(⏎a⏎,⏎b⏎)⏎{ a }        ==> (fn f (a b) {a})
         fn f() { return⏎5 }        ==> (fn f () {(return) 5})
         fn f() { fn(x) { x } }     ==> (fn f () {(lambda (x) {x})})
         yield 1                    ==> (yield 1)",
    );
}

#[test]
fn decorators() {
    check(
        "@test fn f() { }           ==> (@test fn f () {})
         @get(\"/a\")⏎@get(\"/b\")⏎async fn f() { } ==> (@get(\"/a\") @get(\"/b\") fn f () {})
         @server(port: 1) fn f() { } ==> (@server(port:1) ) (fn f () {})
         @get(\"/\") forge f() { }  ==> (@get(\"/\") fn f () {})
         @a @b(1, k: 2) let x = 1   ==> (@a ) (@b(1 k:2) ) (let x 1)",
    );
}

#[test]
fn loops_and_branches() {
    check(
        "if a { b } otherwise if c { d } nah { e } ==> (if a {b} {(if c {d} {e})})
         if a⏎{ b }⏎else⏎{ c }      ==> (if a {b} {c})
         while a { break }          ==> (while a {break})
         loop { continue }          ==> (loop {continue})
         for each x in xs { x }     ==> (for x xs {x})
         for k, v in o { k }        ==> (for k v o {k})
         repeat 3 times { a }       ==> (repeat 3 {a})
         try { a } catch e { b }    ==> (try {a} e {b})
         try { a }⏎catch (e) { b }⏎finally { c } ==> (try {a} e {b} {c})
         safe { a }                 ==> (safe {a})
         retry 3 times { a }        ==> (retry 3 {a})
         timeout 2 minutes { a }    ==> (timeout 2 Minutes {a})
         schedule every 5 ms { a }  ==> (schedule 5 Milliseconds {a})
         watch \"p\" { a }          ==> (watch \"p\" {a})
         shared { let mut n = 0 }   ==> (shared {(let-mut n 0)})
         atomic { n += 1 }          ==> (atomic {(+= n 1)})",
    );
}

#[test]
fn waiting_and_talking() {
    check(
        "wait 5s                    ==> (wait 5 Seconds)
         wait 1 second say x        ==> (wait 1 Seconds) (say x)
         wait 500 milliseconds      ==> (wait 500 Milliseconds)
         wait 1 s = 5               ==> (wait 1 Seconds) (= s 5)
         wait 1⏎s                   ==> (wait 1 Seconds) s
         wait(0.5)                  ==> (wait 0.5 Seconds)
         wait n * 2 hours           ==> (wait (* n 2) Hours)
         say (a) + b                ==> (say (+ a b))
         yell \"a\" whisper \"b\"   ==> (yell \"a\") (whisper \"b\")
         download u to p            ==> (download u p)
         crawl u                    ==> (crawl u)
         ask \"q\"                  ==> (ask \"q\")",
    );
}

#[test]
fn checks() {
    check(
        "check age >= 18            ==> (check (>= age 18) Truthy)
         check s is empty           ==> (check s Empty)
         check s is not empty       ==> (check s not Empty)
         check s is !null           ==> (check s not Null)
         check s is true            ==> (check s True)
         check n between 1 and 5    ==> (check n between 1 5)
         check n is not between a b ==> (check n not between a b)
         check s contains \"x\"     ==> (check s contains \"x\")
         check s⏎contains           ==> (check s Truthy) contains",
    );
}

#[test]
fn matching() {
    check(
        "match x { 1 => say \"a\", 2 => say \"b\" } ==> (match x (1 => {(say \"a\")}) (2 => {(say \"b\")}))
         match x⏎{⏎ Some(Ok(v)) if v > 1 => v⏎ -1 | -2.5 => a⏎ null -> b⏎ (p, _) => { c }⏎} ==> (match x (Some(Ok(v)) if (> v 1) => {v}) (-1|-2.5 => {a}) (null => {b}) ((p _) => {c}))
         match x { a =>⏎{ b } }     ==> (match x (a => {b}))
         match x { 1 => return, 2 => x = 5; _ => break } ==> (match x (1 => {(return)}) (2 => {(= x 5)}) (_ => {break}))
         match x { 'a' | \"\"\"b\"\"\" => 1 } ==> (match x (\"a\"|\"b\" => {1}))",
    );
}

#[test]
fn whens() {
    check(
        "when b { < 1 -> \"s\", >= 2 -> \"h\"⏎ == 3 -> c⏎ else -> d } ==> (when b (< 1 -> \"s\") (>= 2 -> \"h\") (== 3 -> c) (else -> d))
         when b { 5 => a, < 6 b, nah c } ==> (when b (== 5 -> a) (< 6 -> b) (else -> c))
         when b { > 1 -> say \"x\"⏎ < 0 -> return 1⏎ else -> y = 2 } ==> (when b (> 1 -> (say \"x\")) (< 0 -> (return 1)) (else -> (= y 2)))
         when b { > 1 -> {}⏎ else -> { a } } ==> (when b (> 1 -> (object )) (else -> (block {a})))
         when b { > 1 -> if c { 1 } else { 2 } + 1 } ==> (when b (> 1 -> (+ (if c {1} {2}) 1)))
         let s = when b⏎{ else -> 1 } ==> (let s (when b (else -> 1)))",
    );
}

#[test]
fn definitions() {
    check(
        "struct P<T> { x: Int, y: T = 5⏎ has b: Base⏎ first second = 2 } ==> (struct P (x Int) (y T 5) (has b Base) (first) (second 2))
         thing P { type: Int }      ==> (struct P (type Int))
         type S = Circle(Float) | Square(Int, Int)⏎ | Dot ==> (type S Circle(Float) Square(Int Int) Dot)
         type S =⏎ | A⏎ | null      ==> (type S A null)
         interface I { fn a(it) -> Int⏎ b(it, x) } ==> (interface I (a (it) Int) (b (it x)))
         impl I for P { fn a(it) { 1 } async fn b() { } } ==> (impl P :I (a (it) {1}) (b () {}))
         give P the power I { define a(it) { 1 } } ==> (impl P :I (a (it) {1}))
         impl P { }                 ==> (impl P )
         import math                ==> (import math)
         import { a⏎b, } from \"x\" ==> (import (a b) \"x\")
         prompt p(a) { system: \"x {a}\"⏎ user: \"y\" } ==> (prompt p (a) (system \"x {a}\") (user \"y\"))
         agent a(t) { tools: [\"x\", \"y\"]⏎ goal: \"g\"⏎ max_steps: 3 } ==> (agent a [\"x\" \"y\"] Some(\"g\") Some(3))",
    );
}

#[test]
fn types() {
    check(
        "let x: Map<String, List<Int>> = 1 ==> (let x Map<String List<Int>> 1)
         let x: List<Int>= 1        ==> (let x List<Int> 1)
         let x: Int? = 1            ==> (let x ?Int 1)
         let x: ?[Int] = 1          ==> (let x ?[Int] 1)
         let x: (Int, String) = 1   ==> (let x (Int String) 1)
         let x: fn(Int, any) -> Bool = 1 ==> (let x fn(Int any)->Bool 1)
         let x: A | B | null = 1    ==> (let x A|B|null 1)",
    );
}
