//! Semicolons, which say no more than the end of the line that every statement gets (rule F8).

use super::directives::statement_before;
use super::pieces::Kind;
use super::pieces::Pieces;
use crate::syntax::Sort;

/// Words that would go on with the statement of the line before.
const GO_ON: &[&str] = &[
    "where",
    "else",
    "otherwise",
    "nah",
    "catch",
    "finally",
    "to",
    "from",
    "times",
    "in",
    "and",
    "or",
];

/// Takes out the semicolons whose place the end of a line takes.
pub(super) fn drop_needless(pieces: &mut Pieces) {
    let needless: Vec<bool> = (0..pieces.all.len()).map(|at| is_needless(pieces, at)).collect();
    let mut lines = 0;
    let mut at = 0;
    pieces.all.retain_mut(|piece| {
        at += 1;
        if needless[at - 1] {
            lines += piece.newlines;
            return false;
        }
        piece.newlines += std::mem::take(&mut lines);
        true
    });
    pieces.pair();
}

fn is_needless(pieces: &Pieces, at: usize) -> bool {
    let is_semicolon = |at: usize| pieces.words(&pieces.all[at]) == ";";
    let follows = |at: &usize| !(pieces.all[*at].is_comment() || is_semicolon(*at));
    if !is_semicolon(at) {
        return false;
    }
    // Of several the first one tells.
    if at > 0 && is_semicolon(at - 1) {
        return true;
    }
    let Some(next) = (at + 1..pieces.all.len()).find(follows) else { return true };
    let piece = &pieces.all[next];
    // `{;}` is a block, `{}` an object.
    let begins = pieces.token_before(at).is_some_and(|before| pieces.all[before].opens());
    if begins && piece.kind != Kind::Token(Sort::Word) {
        return false;
    }
    // A decorator belongs to the function on the next line.
    let statement = statement_before(pieces, at);
    if statement.is_some_and(|it| pieces.words(&pieces.all[it]) == "@") {
        return false;
    }
    match piece.kind {
        Kind::Token(Sort::CloseBrace | Sort::Open | Sort::Prefix) | Kind::Verbatim => true,
        Kind::Token(Sort::Word) => !GO_ON.contains(&pieces.words(piece)),
        _ => false,
    }
}
