//! Places as editors count them: lines and columns from 0, columns in units of UTF-16 or, if the editor wants, UTF-8.

use crate::diag::Span;
use lsp_types::Position;
use lsp_types::Range;

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Halves of a surrogate pair: what every editor can.
    Utf16,
    /// Bytes.
    Utf8,
}

/// Where the lines of a text begin.
pub(super) struct Lines {
    starts: Vec<usize>,
    unit: Unit,
}

impl Lines {
    pub(super) fn of(text: &str, unit: Unit) -> Lines {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Lines { starts: std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect(), unit }
    }

    /// The byte at a position; one behind the end of its line is at that end, as the protocol wants.
    pub(super) fn offset(&self, text: &str, position: Position) -> usize {
        let Some(start) = self.starts.get(position.line as usize) else { return text.len() };
        let rest = text[*start..].split('\n').next().unwrap_or_default();
        let line = rest.trim_end_matches('\r');
        let mut left = position.character as usize;
        for (at, char) in line.char_indices() {
            let width = self.width(char);
            if left < width {
                return start + at;
            }
            left -= width;
        }
        start + line.len()
    }

    /// Where the byte at `offset` stands.
    pub(super) fn position(&self, text: &str, offset: usize) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset).max(1) - 1;
        let before = &text[self.starts[line]..offset];
        Position::new(line as u32, before.chars().map(|it| self.width(it)).sum::<usize>() as u32)
    }

    pub(super) fn range(&self, text: &str, span: Span) -> Range {
        Range::new(self.position(text, span.start as usize), self.position(text, span.end as usize))
    }

    fn width(&self, char: char) -> usize {
        match self.unit {
            Unit::Utf16 => char.len_utf16(),
            Unit::Utf8 => char.len_utf8(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_as_the_editor_does() {
        let text = "a\nö𝄞x\r\n";
        for (unit, column) in [(Unit::Utf16, 3), (Unit::Utf8, 6)] {
            let lines = Lines::of(text, unit);
            let offset = text.find('x').unwrap();
            assert_eq!(lines.position(text, offset), Position::new(1, column));
            assert_eq!(lines.offset(text, Position::new(1, column)), offset);
        }
        let lines = Lines::of(text, Unit::Utf16);
        assert_eq!(lines.offset(text, Position::new(1, 99)), text.find('\r').unwrap());
        assert_eq!(lines.offset(text, Position::new(99, 0)), text.len());
        assert_eq!(lines.offset(text, Position::new(1, 2)), text.find('𝄞').unwrap());
    }
}
