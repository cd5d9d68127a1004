//! Pieces and gaps as text (rules F1, F2).

use super::INDENT;
use super::pieces::Gap;
use super::pieces::Kind;
use super::pieces::Piece;
use super::pieces::Pieces;

/// The text of all pieces.
pub(super) fn print(pieces: &Pieces) -> String {
    let mut out = String::new();
    let mut indents = Indents::default();
    for (at, piece) in pieces.all.iter().enumerate() {
        match piece.gap {
            _ if at == 0 => {}
            Gap::None => {}
            Gap::Space => out.push(' '),
            Gap::Line => out.push('\n'),
            Gap::Blank => out.push_str("\n\n"),
        }
        if at == 0 || piece.gap >= Gap::Line {
            let indent = indents.begin(piece);
            out.extend(std::iter::repeat_n(' ', indent));
        }
        indents.pass(piece);
        match piece.kind {
            Kind::BlockComment => out.push_str(&pieces.words(piece).replace("\r\n", "\n")),
            _ => out.push_str(pieces.words(piece)),
        }
        if piece.adds_comma {
            out.push(',');
        }
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// The indents of the lines in which brackets were opened.
#[derive(Default)]
struct Indents {
    open: Vec<usize>,
    /// Of the line under way.
    line: usize,
}

impl Indents {
    /// The indent of a line that begins with `piece`: one level in from the line of the innermost open bracket, however
    /// many were opened there.
    fn begin(&mut self, piece: &Piece) -> usize {
        let inside = self.open.last().map_or(0, |line| line + INDENT);
        self.line = match (piece.closes(), self.open.last()) {
            (true, Some(line)) => *line,
            _ if piece.goes_on => inside + INDENT,
            _ => inside,
        };
        self.line
    }

    fn pass(&mut self, piece: &Piece) {
        if piece.opens() {
            self.open.push(self.line);
        } else if piece.closes() {
            self.open.pop();
        }
    }
}

/// A line: its pieces, and the column behind each.
pub(super) struct Line {
    pub(super) first: usize,
    ends: Vec<usize>,
}

impl Line {
    pub(super) fn pieces(&self) -> std::ops::Range<usize> {
        self.first..self.first + self.ends.len()
    }

    /// The column behind a piece, if it stands in this line.
    pub(super) fn column(&self, at: usize) -> Option<usize> {
        self.ends.get(at.checked_sub(self.first)?).copied()
    }

    /// The column behind the last piece.
    pub(super) fn end_column(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }
}

/// The lines from the one that begins with piece `from` on, comments at their ends left out.
pub(super) fn lines(pieces: &Pieces, from: usize) -> Vec<Line> {
    let mut all: Vec<Line> = Vec::new();
    let mut indents = Indents::default();
    let mut column = 0;
    for (at, piece) in pieces.all.iter().enumerate() {
        let begins = at == 0 || piece.gap >= Gap::Line;
        if begins {
            column = indents.begin(piece);
        } else if piece.gap == Gap::Space {
            column += 1;
        }
        indents.pass(piece);
        if at < from {
            continue;
        }
        if begins {
            all.push(Line { first: at, ends: Vec::new() });
        }
        let text = pieces.words(piece);
        let last = text.rsplit('\n').next().unwrap_or(text);
        column = if last.len() < text.len() { 0 } else { column } + last.chars().count();
        column += usize::from(piece.adds_comma);
        if let Some(line) = all.last_mut()
            && (begins || !piece.is_comment())
        {
            line.ends.push(column);
        }
    }
    all
}
