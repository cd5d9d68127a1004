//! No text breaks the parser.

use std::time::Duration;
use std::time::Instant;

use super::faults;
use super::parsed;

const DEEP: &str = "expression nested too deeply";

#[test]
fn nesting_is_limited() {
    let long = 100_000;
    for (open, close) in [
        ("[", ""),
        ("(", ""),
        ("{", ""),
        ("-", "1"),
        ("!", "1"),
        ("f(", ""),
        ("{a:", ""),
        ("if a {", ""),
        ("fn f() {", ""),
        ("x[", ""),
        ("match x { _ => ", ""),
        ("when x { else -> ", ""),
        ("|x| ", "1"),
        ("must ", "x"),
        ("try { a } catch { ", ""),
        ("if a { } else ", "{ }"),
        ("let x = {", ""),
        ("say ", "1"),
        ("P { a: ", ""),
        ("not ", "x"),
        ("... ", "x"),
        ("wait ", "x"),
        ("craft p { a: ", ""),
        ("while a { ", ""),
        ("spawn { ", ""),
        ("...", "x"),
        ("(a, ", ""),
        ("{ ...", ""),
        ("{[", ""),
    ] {
        let start = Instant::now();
        let text = format!("{}{close}", open.repeat(long));
        assert_eq!(faults(&text), [DEEP], "{open}");
        assert!(start.elapsed() < Duration::from_secs(5), "{open}: {:?}", start.elapsed());
    }
}

#[test]
fn chains_are_limited() {
    for (first, more) in [
        ("a", " + a"),
        ("a", ".m()"),
        ("a", "[0]"),
        ("a", "(0)"),
        ("a", "?"),
        ("a", " >> f"),
        ("a", " |> f"),
        ("a", " where n > 1"),
        ("a", " && a"),
        ("a", " and a"),
        ("a", "\n.m()"),
        ("let x: A", "?"),
        ("let x: ", "["),
        ("let x: ", "A<"),
        ("let x: ", "fn("),
        ("let x: ", "?"),
        ("match x { ", "A("),
        ("match x { ", "("),
    ] {
        assert_eq!(faults(&format!("{first}{}", more.repeat(100_000))), [DEEP], "{more}");
    }
    assert!(faults(&format!("a{}", " + a".repeat(990))).is_empty());
    assert!(faults(&format!("{}1{}", "[".repeat(990), "]".repeat(990))).is_empty());
    assert!(faults(&format!("let x = [{}]", "a + b, ".repeat(5000))).is_empty());
    assert!(faults(&"a.b()\nif x { y }.z()\n".repeat(3000)).is_empty());
    let parens = format!("{}a{}", "(".repeat(400), format!("{})", ".b".repeat(900)).repeat(400));
    assert_eq!(faults(&parens), [DEEP]);
}

#[test]
fn nested_strings_are_limited() {
    let start = Instant::now();
    let text = format!("say {}1", "\"{f(".repeat(20_000));
    parsed(&text);
    let text = format!("say {}1{}", "\"{f(".repeat(20_000), ")}\"".repeat(20_000));
    assert_eq!(faults(&text), [DEEP]);
    let text = "\"{(\"".repeat(20_000);
    parsed(&text);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn every_prefix_parses() {
    let sample = include_str!("sample.fg");
    assert_eq!(faults(sample), [""; 0]);
    let start = Instant::now();
    for (end, _) in sample.char_indices() {
        crate::syntax::parse(crate::diag::SourceId(0), &sample[..end]);
    }
    for (begin, _) in sample.char_indices() {
        crate::syntax::parse(crate::diag::SourceId(0), &sample[begin..]);
    }
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn no_character_and_no_missing_one_breaks_it() {
    let sample = include_str!("sample.fg");
    let signs = [
        "{", "}", "(", ")", "[", "]", "\"", "'", "\\", ",", ":", ";", "\n", "=", "fn ", ".", "|",
        "@", "é",
    ];
    for (i, (at, char)) in sample.char_indices().enumerate() {
        let rest = at + char.len_utf8();
        let sign = signs[i % signs.len()];
        for text in [
            format!("{}{}", &sample[..at], &sample[rest..]),
            format!("{}{sign}{}", &sample[..at], &sample[at..]),
        ] {
            crate::syntax::parse(crate::diag::SourceId(0), &text);
        }
    }
}

#[test]
fn heads_of_files() {
    assert_eq!(super::tree("\u{feff}#!/usr/bin/forge\r\nsay 1\r\nsay 2"), "(say 1) (say 2)");
    assert_eq!(super::tree(""), "");
    assert_eq!(super::tree("näme = ünder"), "(= näme ünder)");
}
