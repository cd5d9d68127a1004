//! `// fmt: off` to `// fmt: on`, and `// fmt: skip` behind a statement: that text stays as it is (rule F18).

use super::pieces::Kind;
use super::pieces::Piece;
use super::pieces::Pieces;
use crate::syntax::Mark;

/// Makes one piece of each stretch that is to be kept.
pub(super) fn keep_verbatim(pieces: &mut Pieces) {
    let mut at = 0;
    while at < pieces.all.len() {
        if let Some((first, last)) = stretch(pieces, at)
            && is_whole(pieces, first, last)
        {
            let kept = Piece {
                end: pieces.all[last].end,
                kind: Kind::Verbatim,
                marks: vec![Mark::Statement],
                ..pieces.all[first].clone()
            };
            pieces.all.splice(first..=last, [kept]);
            pieces.pair();
            at = first;
        }
        at += 1;
    }
}

/// The pieces that the directive at `at` keeps.
fn stretch(pieces: &Pieces, at: usize) -> Option<(usize, usize)> {
    let piece = &pieces.all[at];
    if piece.kind != Kind::LineComment {
        return None;
    }
    match pieces.words(piece) {
        "// fmt: off" => {
            let is_on = |piece: &Piece| pieces.words(piece) == "// fmt: on";
            let on = (at..pieces.all.len()).find(|it| is_on(&pieces.all[*it]));
            Some((at, on.unwrap_or(pieces.all.len() - 1)))
        }
        "// fmt: skip" if piece.newlines == 0 => Some((statement_before(pieces, at)?, at)),
        _ => None,
    }
}

/// Where the statement begins that ends before `at`.
pub(super) fn statement_before(pieces: &Pieces, at: usize) -> Option<usize> {
    let mut at = at;
    while at > 0 {
        at -= 1;
        if pieces.all[at].closes() {
            at = pieces.all[at].partner?;
        } else if pieces.all[at].opens() {
            return None;
        }
        if pieces.all[at].is(Mark::Statement) {
            return Some(at);
        }
    }
    None
}

/// Whether no bracket inside has its partner outside.
fn is_whole(pieces: &Pieces, first: usize, last: usize) -> bool {
    let partners = pieces.all[first..=last].iter().filter_map(|piece| piece.partner);
    first < last && partners.into_iter().all(|partner| (first..=last).contains(&partner))
}
