//! A syntax tree as source, in one of the many ways to write it: which one, a number decides.

mod exprs;
mod stmts;
mod types;

use forge::syntax::ast::*;
use forge::syntax::token::Keyword;
use std::fmt::Display;

/// A text that means `program`.
pub(crate) fn program(program: &Program, style: u64) -> String {
    let mut printer = Printer { out: String::new(), style, is_head: false, embedded: 0 };
    printer.statements(&program.statements);
    printer.out
}

struct Printer {
    out: String,
    /// What the next choices between two spellings are.
    style: u64,
    /// In the head of a statement, where `Name {` begins the body.
    is_head: bool,
    /// How many strings are around: none holds the end of a line.
    embedded: u32,
}

impl Printer {
    fn put(&mut self, text: impl Display) {
        use std::fmt::Write;
        write!(self.out, "{text}").expect("a string takes everything");
    }

    /// Either, by the style.
    fn coin(&mut self) -> bool {
        // xorshift: any sequence does that looks like no pattern.
        self.style ^= self.style << 13;
        self.style ^= self.style >> 7;
        self.style ^= self.style << 17;
        self.style & 1 == 1
    }

    /// Either of two spellings of the same.
    fn either(&mut self, one: &str, other: &str) {
        let text = if self.coin() { one } else { other };
        self.put(text);
    }

    /// Between two statements.
    fn separator(&mut self) {
        let line = if self.embedded > 0 { ";" } else { "\n" };
        self.either(line, ";");
    }

    /// Where a newline may stand and need not.
    fn gap(&mut self) {
        let line = if self.embedded > 0 { " " } else { "\n" };
        self.either(line, " ");
    }

    fn list<T>(
        &mut self,
        open: &str,
        items: &[T],
        close: &str,
        mut put: impl FnMut(&mut Self, &T),
    ) {
        let is_head = std::mem::replace(&mut self.is_head, false);
        self.put(open);
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.put(",");
                self.gap();
            }
            put(self, item);
        }
        self.put(close);
        self.is_head = is_head;
    }

    fn names(&mut self, open: &str, names: &[Ident], close: &str) {
        self.list(open, names, close, |p, name| p.put(&name.name));
    }

    /// A string literal that does not interpolate.
    fn string(&mut self, text: &str) {
        self.put("\"");
        self.escaped(text);
        self.put("\"");
    }

    fn escaped(&mut self, text: &str) {
        for char in text.chars() {
            match char {
                '\n' => self.put("\\n"),
                '\r' => self.put("\\r"),
                '\t' => self.put("\\t"),
                '\0' => self.put("\\0"),
                '"' | '\\' | '{' | '}' => {
                    self.put('\\');
                    self.put(char);
                }
                char if char.is_ascii() || self.coin() => self.put(char),
                char => self.put(format_args!("\\u{{{:x}}}", u32::from(char))),
            }
        }
    }

    /// The key of an entry and its colon.
    fn key(&mut self, key: &str) {
        match is_word(key) && self.coin() {
            true => self.put(key),
            false => self.string(key),
        }
        self.put(": ");
    }
}

/// Whether a text can stand without quotes where any word can.
fn is_word(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first == '_' || first.is_alphabetic())
        && chars.all(|char| char == '_' || char.is_alphanumeric())
}

/// Whether a name is a keyword elsewhere: as an expression it needs parentheses.
fn is_keyword(text: &str) -> bool {
    Keyword::from_text(text).is_some()
}
