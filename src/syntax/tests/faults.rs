//! What is said about programs that are wrong.

use super::check_faults;
use super::faults;
use super::parsed;

#[test]
fn lexer_messages() {
    check_faults(
        r##" a # b                 ==> unexpected character: '#'
             99999999999999999999  ==> invalid integer literal
             0b12                  ==> invalid integer literal
             "a\qb"                ==> unknown escape: \q
             "abc                  ==> unterminated string
             "abc⏎x                ==> unterminated string (newline in string literal)
             """abc                ==> unterminated triple-quoted string
             a /* b                ==> unterminated block comment"##,
    );
}

#[test]
fn parser_messages() {
    check_faults(
        "f(1, 2⏎let x = 1           ==> expected ')' to close the '(' opened here
         fn f( { }                  ==> expected a parameter name, found '{'
         fn f() {⏎ say 1            ==> unexpected end of file; this '{' was never closed
         }                          ==> unexpected '}'
         let x 5                    ==> expected '=', found '5'
         let x =                    ==> expected an expression, found the end of the file
         let if = 5                 ==> expected a variable name, found 'if'
         f(,)                       ==> unexpected ','
         [1,,2]                     ==> unexpected ','
         say                        ==> expected an expression after 'say', found the end of the file
         say \"a\", \"b\"           ==> expected an expression, found ','
         xs where n 5               ==> expected comparison operator after query field
         unpack x from y            ==> expected {, [, or ( after 'unpack'
         give X the Y { }           ==> expected 'power' after 'the'
         import 5                   ==> expected module name or string path after 'import'. Examples: import \"utils.fg\" or import math
         import { a } from 5        ==> expected string path after 'from'
         agent a() { 5: 1 }         ==> expected agent field name
         agent a() { tools: [x] }   ==> agent tools must be string literals
         agent a() { goal: x }      ==> agent goal must be a string literal
         agent a() { max_steps: -1 } ==> agent max_steps must be a non-negative integer
         agent a() { foo: 1 }       ==> unknown field in agent definition
         prompt p() { a: 5 }        ==> expected string literal
         impl P { let x = 1 }       ==> expected 'fn' or 'define', found 'let'
         fn f() { shared { let x = 1 } } ==> shared is only allowed at top level
         1..2..3                    ==> ranges cannot be chained
         fn() { a: 1 }              ==> unexpected ':'
         if x = 5 { }               ==> expected '{', found '='
         fucntion f() { }           ==> unexpected 'fucntion'
         var x = 1                  ==> unexpected 'var'
         if a { } elif b { }        ==> unexpected 'elif'
         let x: = 5                 ==> expected a type, found '='
         match x { + => 1 }         ==> expected a pattern, found '+'
         obj.⏎say 1                 ==> expected a field name after '.', found the end of the line
         ()                         ==> expected an expression, found ')'",
    );
}

#[test]
fn several_faults_in_one_run() {
    let text =
        "let = 1\nfn f() {\n  let y = )\n  say 1\n}\nlet ok = 2\nsay (1\nlet z = 3\nif { }\n";
    let found = parsed(text);
    assert_eq!(found.diagnostics.len(), 4, "{:#?}", found.diagnostics);
    assert_eq!(super::show::program(&found.program).matches("(let").count(), 2);
}

#[test]
fn one_fault_per_line() {
    assert_eq!(faults("let ) = ( ] }").len(), 1);
}

#[test]
fn declared_names_are_no_foreign_words() {
    assert!(faults("let var = 1\nvar x = 2").is_empty());
}

#[test]
fn faults_do_not_echo() {
    assert_eq!(
        faults("fn f() {\n if a {\n  while b {\n"),
        ["unexpected end of file; this '{' was never closed"]
    );
    assert_eq!(faults("fn f() {\n say \"\"\"abc\n}\n"), ["unterminated triple-quoted string"]);
    let echo = "println(\"abc)\nx = 5\nlet y = 1";
    assert_eq!(faults(echo), ["unterminated string (newline in string literal)"]);
    assert_eq!(faults("check n between f(a and b) and c"), [""; 0]);
}

#[test]
fn hints() {
    let hint = |text: &str| parsed(text).diagnostics[0].hints.join(" ");
    assert_eq!(hint("fn f() { a: 1 }").split(';').next(), Some("this '{' begins a block"));
    assert_eq!(hint("i++"), "write += 1 or -= 1");
    assert!(hint("f((x) => x * 2)").contains("|x| x * 2"));
    assert!(hint("let f = (x) => x * 2").contains("|x| x * 2"));
    assert_eq!(hint("if x = 5 { }"), "use '==' to compare");
    assert_eq!(hint("if a { } elif b { }"), "write 'else if'");
    assert_eq!(hint("retrun x"), "did you mean 'return'?");
    assert_eq!(hint("function f() { }"), "functions are defined with 'fn'");
    assert_eq!(hint("let x to 5"), "'to' belongs to 'set': set NAME to VALUE");
    assert_eq!(hint("say \"{}\""), "write \\{ and \\} for braces that are text");
}
