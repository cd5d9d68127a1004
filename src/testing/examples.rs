//! `forge test --doc`: the examples in the comments of a program, as the tests of a text that stands for its file
//! (tooling 11.2).
//!
//! Every line of an example keeps its place, so what fails is shown where it stands in the file.

use crate::diag::Sources;
use crate::engine;
use crate::syntax::ast::ExprKind;
use crate::syntax::ast::OutputKind;
use crate::syntax::ast::Program;
use crate::syntax::ast::StmtKind;
use std::collections::HashMap;
use std::ops::Range;

/// What may stand before the name of what is declared.
const WORDS: [&str; 14] = [
    "fn",
    "define",
    "async",
    "struct",
    "thing",
    "type",
    "interface",
    "power",
    "prompt",
    "agent",
    "let",
    "mut",
    "set",
    "pub",
];

/// The tests that stand in the comments of `text`, which is that of `file`; nothing when there are none.
pub(super) fn examples(text: &str, file: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = vec![String::new(); lines.len()];
    let mut names = Names::default();
    let mut i = 0;
    while i < lines.len() {
        if code(lines[i]).is_none_or(|it| it.trim() != "```forge") {
            i += 1;
            continue;
        }
        let inner = lines[i + 1..].iter().map_while(|line| code(line));
        let inner: Vec<String> = inner.take_while(|it| it.trim() != "```").collect();
        out[i] = format!("@test fn {}() {{", names.of(&lines[i..]));
        let end = i + inner.len() + 1;
        for (line, shown) in asserted(&inner.join("\n")).split('\n').enumerate() {
            // An example of no lines has one all the same.
            if i + 1 + line < end {
                out[i + 1 + line] = shown.to_owned();
            }
        }
        match out.get_mut(end) {
            Some(close) => *close = "}".to_owned(),
            None => out.push("}".to_owned()),
        }
        i = end + 1;
    }
    if names.0.is_empty() {
        return String::new();
    }
    format!("import \"{file}\"; {}\n", out.join("\n"))
}

/// A line of a comment with spaces for its mark.
fn code(line: &str) -> Option<String> {
    let indent = line.len() - line.trim_start().len();
    let rest = line[indent..].strip_prefix("//")?;
    let rest = rest.strip_prefix(['/', '!']).unwrap_or(rest);
    Some(format!("{}{rest}", " ".repeat(line.len() - rest.len())))
}

/// The names of tests so far, and how often each was wanted.
#[derive(Default)]
struct Names(HashMap<String, usize>);

impl Names {
    /// A name for the example that these lines begin with: after what is declared below its comment.
    fn of(&mut self, lines: &[&str]) -> String {
        let is_above =
            |line: &&str| line.trim_start().starts_with("//") || line.trim_start().starts_with('@');
        let below = lines.iter().find(|line| !is_above(line)).copied().unwrap_or_default();
        let mut words = below.split(|c: char| !c.is_alphanumeric() && c != '_');
        let name = words.find(|word| !word.is_empty() && !WORDS.contains(word)).unwrap_or("file");
        let count = self.0.entry(name.to_owned()).or_insert(0);
        *count += 1;
        match *count {
            1 => format!("example_{name}"),
            n => format!("example_{name}_{n}"),
        }
    }
}

/// The code of an example, where `EXPR // => VALUE` asserts that both are equal.
fn asserted(code: &str) -> String {
    let find = |tree: &Program| expectations(tree, code);
    // What is wrong with it is told when the whole text is read.
    let Ok((_, found)) = engine::read(&mut Sources::new(), "", code, find) else {
        return code.to_owned();
    };
    let mut text = code.to_owned();
    for (line, value, wanted) in found.into_iter().rev() {
        let assertion = format!("assert_eq({}, {wanted})", &code[value]);
        text.replace_range(line, &assertion);
    }
    text
}

/// Where a statement with its comment stands, where its value, and what that should be.
fn expectations(tree: &Program, code: &str) -> Vec<(Range<usize>, Range<usize>, String)> {
    let mut found = Vec::new();
    for statement in &tree.statements {
        let StmtKind::Expr(value) = &statement.kind else { continue };
        let value = match &value.kind {
            ExprKind::Output { kind: OutputKind::Say, value } => value.span,
            _ => value.span,
        };
        let (start, end) = (statement.span.start as usize, statement.span.end as usize);
        let rest = code[end..].split('\n').next().unwrap_or_default();
        let Some((between, wanted)) = rest.split_once("// =>") else { continue };
        if between.trim_start_matches(';').trim().is_empty() {
            let value = value.start as usize..value.end as usize;
            found.push((start..end + rest.len(), value, wanted.trim().to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_keep_their_lines() {
        let text = "\
/// Twice.
///
/// ```forge
/// let n = 2
/// twice(n) // => 4
/// [1]
///     .map(twice) // => [2]
/// say twice(0)   // => 0
/// ```
@pure
fn twice(n) { n * 2 }
//! ```forge
//! ```
/// ```forge
/// open";
        let wanted = "\
import \"a.fg\"; 

@test fn example_twice() {
    let n = 2
    assert_eq(twice(n), 4)
    assert_eq([1]
        .map(twice), [2])
    assert_eq(twice(0), 0)
}


@test fn example_file() {
}
@test fn example_file_2() {
    open
}
";
        assert_eq!(examples(text, "a.fg"), wanted);
        assert_eq!(examples("// plain\nfn f() { }\n", "a.fg"), "");
    }
}
