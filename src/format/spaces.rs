//! Spaces between two pieces on a line (rules F4 to F6, F17).

use super::pieces::Gap;
use super::pieces::Kind;
use super::pieces::Piece;
use crate::syntax::Mark;
use crate::syntax::Sort;

/// The gap between two pieces that stay on one line.
pub(super) fn between(left: &Piece, right: &Piece) -> Gap {
    let (Kind::Token(before), Kind::Token(after)) = (left.kind, right.kind) else {
        return Gap::Space;
    };
    if is_joined(left, before, right, after) { Gap::None } else { Gap::Space }
}

fn is_joined(left: &Piece, before: Sort, right: &Piece, after: Sort) -> bool {
    match (before, after) {
        // `{}` and `[]`
        (Sort::OpenBrace, Sort::CloseBrace) => true,
        (Sort::Open, _) | (_, Sort::Close) => true,
        (_, Sort::Comma | Sort::Colon) => true,
        (Sort::Tight | Sort::Prefix, _) | (_, Sort::Tight | Sort::Postfix) => true,
        _ if left.is(Mark::Prefix) || left.is(Mark::Opens) => true,
        _ if right.is(Mark::Closes) => true,
        (_, Sort::Open) if right.is(Mark::Call) => true,
        // `F(x)` of a kind that has no mark: as it was written.
        (Sort::Word | Sort::Close, Sort::Open) => !right.is_apart,
        _ if right.is(Mark::Opens) => before == Sort::Word && !right.is_apart,
        _ => false,
    }
}
