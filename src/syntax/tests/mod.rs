//! What the parser makes of programs, shown as S-expressions.

mod expressions;
mod faults;
mod robust;
mod show;
mod soups;
mod statements;
mod strings;

use super::Parsed;
use super::parse;
use crate::diag::SourceId;

/// Parses on a stack as large as the one that programs get.
fn parsed(text: &str) -> Parsed {
    let text = text.to_owned();
    let parse = move || parse(SourceId(0), &text);
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(parse).unwrap();
    thread.join().unwrap()
}

/// The statements of a program without faults.
fn tree(text: &str) -> String {
    let parsed = parsed(text);
    assert!(parsed.diagnostics.is_empty(), "{text}\n{:#?}", parsed.diagnostics);
    show::program(&parsed.program)
}

/// The messages, `@start` of their places included.
fn faults(text: &str) -> Vec<String> {
    let diagnostics = parsed(text).diagnostics;
    diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect()
}

/// Every line `program   ==>   tree`; `⏎` is a newline.
fn check(table: &str) {
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (program, wanted) = line.split_once("==>").unwrap();
        let program = program.trim().replace('⏎', "\n");
        assert_eq!(tree(&program), wanted.trim(), "{program}");
    }
}

/// Every line `program   ==>   first message`.
fn check_faults(table: &str) {
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (program, wanted) = line.split_once("==>").unwrap();
        let program = program.trim().replace('⏎', "\n");
        let found = faults(&program);
        assert_eq!(found.first().map_or("", String::as_str), wanted.trim(), "{program}");
    }
}
