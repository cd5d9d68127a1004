//! P-3: a tree printed and read is the same tree. P-4: no sequence of tokens breaks the parser or takes it long.

use super::isolation;
use super::print;
use super::trees;
use forge::diag::SourceId;
use forge::syntax;
use forge::syntax::Parsed;
use forge::syntax::ast::Program;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest::test_runner::FileFailurePersistence;
use std::fmt;
use std::fmt::Debug;
use std::fmt::Formatter;

fn config() -> Config {
    const REGRESSIONS: &str =
        concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/syntax.txt");
    let failure_persistence = Some(Box::new(FileFailurePersistence::Direct(REGRESSIONS)) as Box<_>);
    Config { failure_persistence, ..isolation::config() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_printed_tree_is_read_as_it_was(printed in printed()) {
        let parsed = parse(&printed.text);
        prop_assert!(parsed.diagnostics.is_empty(), "{:#?}", parsed.diagnostics);
        let (wanted, found) = (without_places(&printed.tree), without_places(&parsed.program));
        prop_assert!(wanted == found, "{}", difference(&wanted, &found));
    }
}

/// A tree and a text that means it.
pub(super) struct Printed {
    tree: Program,
    pub(super) text: String,
}

impl Debug for Printed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "\n{}", self.text)
    }
}

pub(super) fn printed() -> impl Strategy<Value = Printed> {
    (vec(any::<u32>(), 0..500), 1_u64..).prop_map(|(choices, style)| {
        let tree = trees::program(&choices);
        let text = print::program(&tree, style);
        Printed { tree, text }
    })
}

/// Parses on a stack as large as the one that programs get.
fn parse(text: &str) -> Parsed {
    let text = text.to_owned();
    let parse = move || syntax::parse(SourceId(0), &text);
    std::thread::Builder::new().stack_size(64 << 20).spawn(parse).unwrap().join().unwrap()
}

/// Where two texts begin to differ.
fn difference(wanted: &str, found: &str) -> String {
    let same = wanted.chars().zip(found.chars()).take_while(|(left, right)| left == right).count();
    let around =
        |text: &str| text.chars().skip(same.saturating_sub(200)).take(400).collect::<String>();
    format!("wanted {}\nfound  {}", around(wanted), around(found))
}

/// A tree as text, without the places of its parts.
fn without_places(tree: &Program) -> String {
    let text = format!("{:?}", tree.statements);
    let mut pieces = text.split("Span {");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |out, piece| out + piece.split_once('}').map_or("", |(_, rest)| rest))
}
