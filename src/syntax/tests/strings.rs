//! Strings and interpolation.

use super::check;
use super::check_faults;
use super::parsed;
use super::tree;
use crate::syntax::ast::ExprKind;
use crate::syntax::ast::Part;
use crate::syntax::ast::StmtKind;

#[test]
fn escapes() {
    check(
        r#" "a\n\t\r\\\"\0\'"       ==> "a\n\t\r\\\"\0'"
            "\u{41}\u{1F600}"      ==> "A😀"
            'it "is" {x} \' \n'    ==> "it \"is\" {x} ' \n"
            """a "b" \n {c}"""     ==> "a \"b\" \\n {c}"
            """⏎a"""               ==> "a"
            ""                     ==> """#,
    );
    assert_eq!(tree("\"\"\"\r\na\r\n\"\"\""), r#""a\r\n""#);
}

#[test]
fn interpolation() {
    check(
        r#" "a {b} c"              ==> (str "a " b " c")
            "{xs.len()} {xs[0]}"   ==> (str (xs.len) " " xs[0])
            "{ {k: 7}.k }"         ==> (str (object k:7).k)
            "{ open"               ==> "{ open"
            "close }"              ==> "close }"
            "\{name\}"             ==> "{name}"
            "\{{x}\}"              ==> (str "{" x "}")
            "${x}"                 ==> (str "$" x)
            "{x // note}"          ==> (str x)
            "{\"n is {n}\"}"       ==> (str (str "n is " n))
            "{\"a\\nb\"}"          ==> (str "a\nb")
            "v={if a > 2 { \"big\" } else { \"small\" }}" ==> (str "v=" (if (> a 2) {"big"} {"small"}))
            "{when x { > 2 -> \"hi\", else -> \"lo\" }}" ==> (str (when x (> 2 -> "hi") (else -> "lo")))"#,
    );
}

#[test]
fn nested_quotes() {
    check(
        r#" "{join(xs, ", ")}"     ==> (str (join xs ", "))
            "{m["k"]} and {f("}")}" ==> (str m["k"] " and " (f "}"))
            "{f("a\"b\n")}"        ==> (str (f "a\"b\n"))
            "{f("x {g("y")} z")}"  ==> (str (f (str "x " (g "y") " z")))
            "{" + x + "}"          ==> (+ (+ "{" x) "}")
            "{name: " + x + "}"    ==> (+ (+ "{name: " x) "}")
            "{f(" + x              ==> (+ "{f(" x)
            "{len(\"}\")}"         ==> (str (len "}"))
            "{len('}')}"           ==> (str (len "}"))"#,
    );
}

#[test]
fn data_strings_are_not_interpolated() {
    check(
        r#" {"{a}": 1}             ==> (object {a}:1)
            match x { "{a}" => 1 } ==> (match x ("{a}" => {1}))
            import "{a}"           ==> (import "{a}")"#,
    );
}

#[test]
fn interpolation_faults() {
    check_faults(
        r#" "{}"                   ==> empty interpolation expression
            "{ }"                  ==> empty interpolation expression
            "a } {b}"              ==> unexpected '}' in string literal
            "{a} {b"               ==> unterminated interpolation expression
            "{1 +}"                ==> invalid interpolation expression '1 +': expected an expression, found the end of the file
            "{a b}"                ==> invalid interpolation expression 'a b': trailing tokens
            "{#}"                  ==> invalid interpolation expression '#': unexpected character: '#'"#
            .replace("the end of the file", "the end of the expression")
            .as_str(),
    );
}

#[test]
fn embedded_expressions_know_their_place() {
    let text = r#"say "a\n{ foo.bar("x") } \"{baz}\"""#;
    let parsed = parsed(text);
    let StmtKind::Expr(say) = &parsed.program.statements[0].kind else { panic!() };
    let ExprKind::Output { value, .. } = &say.kind else { panic!() };
    let ExprKind::Interpolation(parts) = &value.kind else { panic!() };
    let places: Vec<&str> = parts
        .iter()
        .filter_map(|part| match part {
            Part::Expr(e) => Some(&text[e.span.start as usize..e.span.end as usize]),
            Part::Text(_) => None,
        })
        .collect();
    assert_eq!(places, [r#"foo.bar("x")"#, "baz"]);
}
