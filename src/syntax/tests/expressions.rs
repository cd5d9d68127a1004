//! Expressions.

use super::check;

#[test]
fn operators_bind_as_the_table_says() {
    check(
        "1 + 2 * 3 - 4              ==> (- (+ 1 (* 2 3)) 4)
         a || b && c == d < e + f   ==> (|| a (&& b (== c (< d (+ e f)))))
         -x.y                       ==> (neg x.y)
         !a == b                    ==> (== (not a) b)
         must f() + 1               ==> (+ (must (f)) 1)
         await h + 1                ==> (+ (await h) 1)
         must await h               ==> (must (await h))
         freeze [1].len()           ==> (freeze ([1].len))
         a |> f || b                ==> (|> a (|| f b))
         a + 1 |> f                 ==> (|> (+ a 1) f)
         1 == 1 == true             ==> (== (== 1 1) true)
         g()?.name                  ==> (g)?.name
         g()?[0]                    ==> (g)?[0]
         10 --3                     ==> (- 10 (neg 3))
         1..n + 1 < 3               ==> (< (.. 1 (+ n 1)) 3)
         1..10                      ==> (.. 1 10)
         (1 + 2) * 3                ==> (* (+ 1 2) 3)
         ...xs                      ==> xs
         (o.f)(1)                   ==> (o.f 1)",
    );
}

#[test]
fn word_operators() {
    check(
        "a and b or not c           ==> (|| (&& a b) (not c))
         not a == b                 ==> (== (not a) b)
         not(a)                     ==> (not a)
         let and = 1 and            ==> (let and 1) and
         fn f(x, or) { or }         ==> (fn f (x or) {or})
         for not in xs { say not }  ==> (for not xs {(say not)})
         a⏎and                      ==> a and
         check n between 1 and 5    ==> (check n between 1 5)
         check a and b              ==> (check (&& a b) Truthy)
         \"{a and b}\"              ==> (str (&& a b))",
    );
}

#[test]
fn numbers() {
    check(
        "[1_000, 007, 1_0.5, 1e5, 1.5e-3, 0xFF, 0b101, 0o17] ==> [1000 7 10.5 100000.0 0.0015 255 5 15]
         5.foo                      ==> 5.foo
         1.e5                       ==> 1.e5
         9223372036854775807        ==> 9223372036854775807
         t.0x                       ==> t.0x"
            .replace("t.0x                       ==> t.0x", "5s ==> 5 s")
            .as_str(),
    );
}

#[test]
fn lines() {
    check(
        "f⏎(x)                      ==> f x
         xs⏎[0]                     ==> xs [0]
         f (x)                      ==> (f x)
         xs [0]                     ==> xs[0]
         a⏎.b()⏎.c                  ==> (a.b).c
         a⏎|> f⏎>> g                ==> (>> (|> a f) g)
         a⏎&& b⏎|| c⏎+ d            ==> (|| (&& a b) (+ c d))
         a⏎* b⏎/ c⏎% d              ==> (% (/ (* a b) c) d)
         a⏎- b                      ==> a (neg b)
         a⏎! b                      ==> a (not b)
         a⏎where n > 1              ==> (where a n > 1)
         a +⏎b                      ==> (+ a b)
         let x =⏎5                  ==> (let x 5)
         x +=⏎5                     ==> (+= x 5)
         f(⏎a⏎,⏎b⏎)                 ==> (f a b)
         (⏎a⏎)                      ==> a
         xs[⏎0⏎]                    ==> xs[0]
         {a:⏎1}                     ==> (object a:1)
         a; b;; c;                  ==> a b c
         let a = 1 let b = 2 say a  ==> (let a 1) (let b 2) (say a)
         a // x⏎b /* y⏎z */ c       ==> a b c",
    );
}

#[test]
fn commas_are_optional() {
    check(
        "[1 2 3]                    ==> [1 2 3]
         [1 -2]                     ==> [(- 1 2)]
         [1, 2,]                    ==> [1 2]
         f(1 2)                     ==> (f 1 2)
         fn f(a b) { }              ==> (fn f (a b) {})
         (1, 2 3)                   ==> (tuple 1 2 3)
         (1,)                       ==> (tuple 1)
         (...xs, y)                 ==> (tuple ...xs y)
         (...xs)                    ==> xs
         f(...xs)                   ==> (f ...xs)
         {a: 1 b: 2}                ==> (object a:1 b:2)
         [a, ...b, c]               ==> [a ...b c]",
    );
}

#[test]
fn braces() {
    check(
        "{}                         ==> (object )
         {a: 1}                     ==> (object a:1)
         {\"a b\": 1}               ==> (object a b:1)
         {if: 1, type: 2}           ==> (object if:1 type:2)
         {a, b}                     ==> (object a:a b:b)
         {a,}                       ==> (object a:a)
         {a}                        ==> (block {a})
         {...o}                     ==> (block {o})
         {...o,}                    ==> (object ...o)
         {...o, k: 1}               ==> (object ...o k:1)
         {[k]: 1, [a + b]: 2}       ==> (object [k]:1 [(+ a b)]:2)
         {[1]}                      ==> (block {[1]})
         {a, b: 1, c}               ==> (object a:a b:1 c:c)
         {f: g}.f()                 ==> ((object f:g).f)
         { let x = 1⏎x }            ==> (block {(let x 1) x})
         let r = { match v { 1 => 2 } } ==> (let r (block {(match v (1 => {2}))}))",
    );
}

#[test]
fn struct_literals() {
    check(
        "P { x: 1, y: 2 }           ==> (new P x:1 y:2)
         P {}                       ==> (new P )
         p { x: 1 }                 ==> p (object x:1)
         P⏎{ x: 1 }                 ==> P (object x:1)
         craft p { x: 1 }           ==> (new p x:1)
         if n < MAX { a }           ==> (if (< n MAX) {a})
         for x in ITEMS { x }       ==> (for x ITEMS {x})
         match Red { Red => 1 }     ==> (match Red (Red => {1}))
         match Red {}               ==> (match Red )
         if P { n: 1 }.n == 1 { a } ==> (if (== (new P n:1).n 1) {a})
         while P {} { a }           ==> (while (new P ) {a})
         if (P {}) == x { a }       ==> (if (== (new P ) x) {a})
         if f(P { a }) { b }        ==> (if (f (new P a:a)) {b})
         if opt == None { a }       ==> (if (== opt None) {a})
         repeat N times { a }       ==> (repeat N {a})
         repeat N { a }             ==> (repeat N {a})
         if ok { P { x: 1 } }       ==> (if ok {(new P x:1)})",
    );
}

#[test]
fn forms_are_expressions() {
    check(
        "let x = if a { 1 } else if b { 2 } nah { 3 } ==> (let x (if a {1} {(if b {2} {3})}))
         if c { xs } else { ys }.len()  ==> ((if c {xs} {ys}).len)
         let x = if c { xs } else { ys }.len() ==> (let x ((if c {xs} {ys}).len))
         let x = match v { 1 -> 2, _ => 3 } ==> (let x (match v (1 => {2}) (_ => {3})))
         let x = try { a } catch { b }  ==> (let x (try {a} {b}))
         let x = safe { a }             ==> (let x (safe {a}))
         let x = atomic { a }           ==> (let x (atomic {a}))
         let h = spawn { a }            ==> (let h (spawn {a}))
         let x = download u to p        ==> (let x (download u p))
         let x = crawl u                ==> (let x (crawl u))
         fn(x) { x }(3)                 ==> ((lambda (x) {x}) 3)
         if a { b } -1                  ==> (if a {b}) (neg 1)
         if a { b } (c)                 ==> (if a {b}) c",
    );
}

#[test]
fn lambdas() {
    check(
        "xs.map(|x| x * 2)          ==> (xs.map (lambda (x) {(* x 2)}))
         f(|| 1)                    ==> (f (lambda () {1}))
         f(|a, b| { a })            ==> (f (lambda (a b) {a}))
         f(|x: Int| {k: x})         ==> (f (lambda (x:Int) {(object k:x)}))
         let f = fn(x = 1) -> Int { x } ==> (let f (lambda (x=1) ->Int {x}))
         a || b                     ==> (|| a b)
         xs |> map(fn(x) { x })     ==> (|> xs (map (lambda (x) {x})))",
    );
}

#[test]
fn queries() {
    check(
        "xs where n > 1 |> f        ==> (where xs n > (|> 1 f))
         xs where a == 1 where b < 2 ==> (where (where xs a == 1) b < 2)
         xs >> keep where n > 1 >> sort by n >> take 2 >> f ==> (>> (>> (>> (>> xs keep n > 1) sort n) take 2) f)
         xs >> keep where ok >> sort ==> (>> (>> xs keep ok) sort)
         from xs >> take(5)         ==> (>> xs take 5)
         xs⏎>> sort⏎>> take 1       ==> (>> (>> xs sort) take 1)",
    );
}

#[test]
fn keywords_as_names() {
    check(
        "say table                  ==> (say table)
         let table = 5 table[0] = 1 ==> (let table 5) (= table[0] 1)
         fn f(to) { return to }     ==> (fn f (to) {(return to)})
         check [x] is not empty     ==> (check [x] not Empty)
         check = 5                  ==> (= check 5)
         set.add(1)                 ==> (set.add 1)
         set[0] = 1                 ==> (= set[0] 1)
         retry += 1                 ==> (+= retry 1)
         set([1])                   ==> (set [1])
         let s = set([1])           ==> (let s (set [1]))
         type(x)                    ==> (type x)
         obj.if.wait(1)             ==> (obj.if.wait 1)
         \"x\".repeat(3)            ==> (\"x\".repeat 3)
         let f = must               ==> (let f must)
         [freeze, ask, match, from, safe] ==> [freeze ask match from safe]
         f(say, wait)               ==> (f say wait)
         5 |> say                   ==> (|> 5 say)
         f(say 1)                   ==> (f (say 1))
         unless until               ==> unless until
         fn f(timeout) { timeout }  ==> (fn f (timeout) {timeout})
         let take = 1 say take + 1  ==> (let take 1) (say (+ take 1))
         change freeze to 5         ==> (= freeze 5)",
    );
}
