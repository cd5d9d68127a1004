//! A text as a row of tokens and comments.

use crate::syntax::Lexeme;
use crate::syntax::Mark;
use crate::syntax::Sort;

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A token.
    Token(Sort),
    /// `// ...` and `#!...`: the line ends behind it.
    LineComment,
    /// `/* ... */`
    BlockComment,
    /// Source text that stays as it is; lines of it may follow.
    Verbatim,
}

/// What stands between a piece and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    None,
    Space,
    Line,
    /// A line that is empty.
    Blank,
}

/// A token, a comment, or text that is kept.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
    pub(super) marks: Vec<Mark>,
    /// Ends of lines before it in the source.
    pub(super) newlines: usize,
    /// Whether anything stands between it and the piece before.
    pub(super) is_apart: bool,
    /// For a bracket or the bar of a lambda's parameters, its partner.
    pub(super) partner: Option<usize>,
    /// The gap before it.
    pub(super) gap: Gap,
    /// Whether a comma is to follow.
    pub(super) adds_comma: bool,
    /// Whether it begins a line that goes on with the statement of the line before.
    pub(super) goes_on: bool,
}

impl Piece {
    pub(super) fn is(&self, mark: Mark) -> bool {
        self.marks.contains(&mark)
    }

    pub(super) fn is_comment(&self) -> bool {
        matches!(self.kind, Kind::LineComment | Kind::BlockComment)
    }

    pub(super) fn opens(&self) -> bool {
        matches!(self.kind, Kind::Token(Sort::Open | Sort::OpenBrace))
    }

    pub(super) fn closes(&self) -> bool {
        matches!(self.kind, Kind::Token(Sort::Close | Sort::CloseBrace))
    }

    /// The `{` of a body, or the `else` before it: they stand below the statement that they belong to.
    pub(super) fn begins_body(&self) -> bool {
        [Mark::Block, Mark::Arms, Mark::Members, Mark::Else].iter().any(|mark| self.is(*mark))
    }

    pub(super) fn begins_part(&self) -> bool {
        [Mark::Statement, Mark::Element, Mark::Arm].iter().any(|mark| self.is(*mark))
    }
}

/// The whole text.
pub(super) struct Pieces<'t> {
    pub(super) text: &'t str,
    pub(super) all: Vec<Piece>,
}

impl<'t> Pieces<'t> {
    /// The tokens of a text, and the comments between them.
    pub(super) fn of(text: &'t str, lexemes: Vec<Lexeme>) -> Pieces<'t> {
        let mut pieces = Pieces { text, all: Vec::new() };
        let mut at = 0;
        for Lexeme { span, sort, marks } in lexemes {
            pieces.comments(at, span.start as usize);
            pieces.push(span.start as usize, span.end as usize, Kind::Token(sort), marks);
            at = span.end as usize;
        }
        pieces.comments(at, text.len());
        pieces.pair();
        pieces
    }

    pub(super) fn words(&self, piece: &Piece) -> &'t str {
        &self.text[piece.start..piece.end]
    }

    fn push(&mut self, start: usize, end: usize, kind: Kind, marks: Vec<Mark>) {
        let before = self.all.last().map_or(0, |last| last.end);
        let between = &self.text[before..start];
        self.all.push(Piece {
            start,
            end,
            kind,
            marks,
            newlines: between.matches('\n').count(),
            is_apart: !between.is_empty(),
            partner: None,
            gap: Gap::None,
            adds_comma: false,
            goes_on: false,
        });
    }

    /// The comments in a stretch of text that has no tokens.
    fn comments(&mut self, start: usize, end: usize) {
        let mut at = start;
        while at < end {
            let rest = &self.text[at..end];
            let line = rest.find('\n').unwrap_or(rest.len());
            if rest.starts_with("//") || rest.starts_with("#!") {
                let comment = rest[..line].trim_end();
                self.push(at, at + comment.len(), Kind::LineComment, Vec::new());
                at += line;
            } else if let Some(inside) = rest.strip_prefix("/*") {
                let length = inside.find("*/").map_or(rest.len(), |length| length + 4);
                self.push(at, at + length, Kind::BlockComment, Vec::new());
                at += length;
            } else {
                at += rest.chars().next().map_or(1, char::len_utf8);
            }
        }
    }

    /// Finds the partner of each bracket.
    pub(super) fn pair(&mut self) {
        let (mut open, mut bars) = (Vec::new(), Vec::new());
        for at in 0..self.all.len() {
            let piece = &mut self.all[at];
            piece.partner = None;
            let is_bar = &self.text[piece.start..piece.end] == "|";
            let partner = if piece.opens() {
                open.push(at);
                None
            } else if piece.closes() {
                open.pop()
            } else if is_bar && piece.is(Mark::Opens) {
                bars.push(at);
                None
            } else if is_bar && piece.is(Mark::Closes) {
                bars.pop()
            } else {
                None
            };
            if let Some(partner) = partner {
                self.all[at].partner = Some(partner);
                self.all[partner].partner = Some(at);
            }
        }
    }

    /// The pieces directly inside a bracket, without those inside inner ones.
    pub(super) fn inside(&self, open: usize) -> impl Iterator<Item = usize> {
        let close = self.all[open].partner.unwrap_or(open);
        let mut at = open + 1;
        std::iter::from_fn(move || {
            if at >= close {
                return None;
            }
            let here = at;
            at = self.all[here].partner.filter(|partner| *partner > here).unwrap_or(here) + 1;
            Some(here)
        })
    }

    /// The last token before a piece, comments aside.
    pub(super) fn token_before(&self, at: usize) -> Option<usize> {
        (0..at).rev().find(|before| !self.all[*before].is_comment())
    }
}
