//! Random syntax trees, made from choices that shrink: fewer and simpler parts. Only trees that some text means:
//! `(a.b)(c)` calls a method, and an interpolated string holds no two texts side by side.

mod exprs;
mod stmts;

use forge::diag::SourceId;
use forge::diag::Span;
use forge::syntax::ast::*;
use forge::syntax::token::Class;
use forge::syntax::token::Keyword;

/// How many statements deep a tree is.
const DEPTH: u32 = 5;

/// Plain names. Some begin like signs of the grammar, none is a word with a meaning of its own.
const NAMES: [&str; 8] = ["a", "b", "xs", "_x", "size", "näme", "is", "x9"];
const TYPES: [&str; 10] =
    ["T", "Point", "Ünit", "Int", "Float", "String", "Bool", "Json", "null", "set"];
const TEXTS: [&str; 16] = [
    "", "a", "a b", "\"", "'", "\\", "\n", "\r\t\0", "{", "}", "{a}", "é😀", "// c", "\"\"\"",
    "\\u{41}", "(\"[",
];

/// The program that the choices make; a choice that is missing is 0, the simplest.
pub(crate) fn program(choices: &[u32]) -> Program {
    let mut maker = Maker { choices, is_top: true };
    let count = 1 + maker.below(4);
    Program { statements: (0..count).map(|_| maker.top_statement()).collect() }
}

fn span() -> Span {
    Span::new(SourceId(0), 0, 0)
}

fn ident(name: impl Into<Name>) -> Ident {
    Ident { name: name.into(), span: span() }
}

struct Maker<'c> {
    choices: &'c [u32],
    /// Whether no block is around.
    is_top: bool,
}

impl Maker<'_> {
    fn below(&mut self, count: usize) -> usize {
        let Some((first, rest)) = self.choices.split_first() else { return 0 };
        self.choices = rest;
        *first as usize % count
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 1
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn maybe<T>(&mut self, part: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.coin().then(|| part(self))
    }

    /// So many parts, or up to two more.
    fn some<T>(&mut self, least: usize, mut part: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = least + self.below(3);
        (0..count).map(|_| part(self)).collect()
    }

    // Words.

    fn keyword(&mut self, admits: fn(Class) -> bool) -> &'static str {
        let words: Vec<&str> = Keyword::ALL
            .iter()
            .filter(|word| admits(word.class()))
            .map(|word| word.text())
            .collect();
        self.pick(&words)
    }

    /// What the grammar calls a name: soft keywords are names too.
    fn name(&mut self) -> Ident {
        match self.below(4) {
            0..=2 => ident(self.pick(&NAMES)),
            _ => ident(self.keyword(|class| class != Class::Hard)),
        }
    }

    fn plain_name(&mut self) -> Ident {
        ident(self.pick(&NAMES))
    }

    /// Behind a dot every word is a name.
    fn word(&mut self) -> Ident {
        match self.below(4) {
            0..=2 => self.name(),
            _ => ident(self.keyword(|_| true)),
        }
    }

    fn key(&mut self) -> Ident {
        match self.below(3) {
            0..=1 => self.word(),
            _ => ident(self.text()),
        }
    }

    fn type_name(&mut self) -> Ident {
        ident(self.pick(&TYPES))
    }

    fn text(&mut self) -> Name {
        self.pick(&TEXTS).into()
    }

    // Statements.
}
