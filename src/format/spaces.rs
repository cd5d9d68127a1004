//! Spaces between two pieces on a line (rules F4 to F6, F17).

use super::pieces::Gap;
use super::pieces::Kind;
use super::pieces::Piece;
use crate::syntax::Mark;
use crate::syntax::Sort;

/// The gap between two pieces that stay on one line.
pub(super) fn between(left: &Piece, right: &Piece) -> Gap {
    let (Kind::Token(before), Kind::Token(after)) = (left.kind, right.kind) else {
        return beside_comment(left, right);
    };
    if is_joined(left, before, right, after) { Gap::None } else { Gap::Space }
}

/// `f(/* first */ 1 /* last */, 2)`
fn beside_comment(left: &Piece, right: &Piece) -> Gap {
    let ends = matches!(right.kind, Kind::Token(Sort::Comma | Sort::Close));
    let begins = left.kind == Kind::Token(Sort::Open) && right.kind == Kind::BlockComment;
    if left.kind == Kind::BlockComment && ends || begins { Gap::None } else { Gap::Space }
}

fn is_joined(left: &Piece, before: Sort, right: &Piece, after: Sort) -> bool {
    match (before, after) {
        // `{}` and `[]`
        (Sort::OpenBrace, Sort::CloseBrace) => true,
        (Sort::Open, _) | (_, Sort::Close) => true,
        (_, Sort::Comma | Sort::Colon) => true,
        // `x: ?Int`
        (Sort::Colon | Sort::Operator | Sort::Word, Sort::Postfix) if right.is(Mark::Prefix) => {
            left.is(Mark::Opens)
        }
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
