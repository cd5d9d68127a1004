//! The texts that spans point into, and the way from an offset to a line and column.

use std::sync::Arc;

use super::SourceId;
use super::Span;

/// A named text.
#[derive(Clone, Debug)]
pub struct Source {
    /// How it is shown: a path, `<eval>`, `<repl:1>` ...
    pub name: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
    /// Offset of the first byte of every line.
    lines: Arc<[u32]>,
}

/// A line and a column, both from 1; the column counts scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
}

impl Source {
    fn new(name: String, text: Arc<str>) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(ends.map(|(i, _)| i as u32 + 1)).collect();
        Source { name: name.into(), text, lines }
    }

    /// Where the byte at `offset` stands; an offset beyond the end stands at the end.
    pub fn position(&self, offset: u32) -> Position {
        let offset = self.floor(offset);
        let line = self.lines.partition_point(|start| *start as usize <= offset).max(1);
        let start = self.lines[line - 1] as usize;
        let column = self.text[start..offset].chars().count() as u32 + 1;
        Position { line: line as u32, column }
    }

    /// How many lines there are; at least one.
    pub fn line_count(&self) -> u32 {
        self.lines.len() as u32
    }

    /// Line `number` from 1, without its line end; empty when there is no such line.
    pub fn line(&self, number: u32) -> &str {
        let Some(start) = self.lines.get((number as usize).wrapping_sub(1)) else {
            return "";
        };
        let end = self.lines.get(number as usize).map_or(self.text.len(), |end| *end as usize - 1);
        self.text[*start as usize..end].trim_end_matches('\r')
    }

    /// The text of a span; parts that do not exist are left out.
    pub fn slice(&self, span: Span) -> &str {
        let start = self.floor(span.start);
        &self.text[start..self.floor(span.end).max(start)]
    }

    /// The nearest character border at or before `offset`.
    pub(super) fn floor(&self, offset: u32) -> usize {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}

/// All texts of a program, numbered; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    all: Vec<Arc<Source>>,
}

impl Sources {
    /// None yet.
    pub fn new() -> Self {
        Sources::default()
    }

    /// Adds a text and gives its number.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        self.all.push(Arc::new(Source::new(name.into(), text.into())));
        SourceId(self.all.len() as u32 - 1)
    }

    /// The text with that number.
    ///
    /// # Panics
    /// If the number is of another table.
    pub fn get(&self, id: SourceId) -> &Source {
        self.find(id).expect("a source id comes from the table it is used with")
    }

    /// Whether `word` stands in any of the texts, as a word and in whatever role.
    pub fn mention(&self, word: &str) -> bool {
        let goes_on = |char: Option<char>| char.is_some_and(|it| it.is_alphanumeric() || it == '_');
        self.all.iter().any(|source| {
            source.text.match_indices(word).any(|(at, _)| {
                let (before, after) = (&source.text[..at], &source.text[at + word.len()..]);
                !goes_on(before.chars().next_back()) && !goes_on(after.chars().next())
            })
        })
    }

    /// The text with that number, if it is of this table.
    pub fn find(&self, id: SourceId) -> Option<&Source> {
        self.all.get(id.0 as usize).map(Arc::as_ref)
    }

    /// `path:line:column` of the start of a span.
    pub fn place(&self, span: Span) -> String {
        let Some(source) = self.find(span.source) else {
            return "<unknown>".to_owned();
        };
        let Position { line, column } = source.position(span.start);
        format!("{}:{line}:{column}", source.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_no_part_of_another() {
        let mentions = |text: &str| {
            let mut sources = Sources::new();
            sources.add("a.fg", "say 1");
            sources.add("b.fg", text);
            sources.mention("log")
        };
        for text in ["log.info(1)", "say \"{log}\"", "x=log", "import log"] {
            assert!(mentions(text), "{text}");
        }
        for text in ["", "login()", "say \"blog\"", "log_in(catalog)", "ölog"] {
            assert!(!mentions(text), "{text}");
        }
    }
}
