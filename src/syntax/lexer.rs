//! Text to tokens. Newlines are marks on the token after them; comments are left out.

use super::token::Keyword;
use super::token::Kind;
use super::token::Pool;
use super::token::Token;
use crate::diag::Diagnostic;
use crate::diag::SourceId;
use crate::diag::Span;

/// Where the text of a lexer stands.
#[derive(Clone, Copy)]
pub(super) struct Origin<'t> {
    /// The file.
    pub(super) source: SourceId,
    /// The offset in the file of every byte of the text and of its end; `None` if the text is the file.
    pub(super) map: Option<&'t [u32]>,
}

/// Tokens, ending in `End`, and what was wrong with the text.
pub(super) struct Lexed {
    pub(super) tokens: Vec<Token>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads a whole text.
pub(super) fn lex(text: &str, origin: Origin, pool: &mut Pool) -> Lexed {
    let mut lexer = Lexer {
        text,
        pos: 0,
        origin,
        pool,
        newline: false,
        nesting_budget: (0, 0),
        lexed: Lexed { tokens: Vec::with_capacity(text.len() / 4 + 1), diagnostics: Vec::new() },
    };
    if origin.map.is_none() {
        lexer.skip_head();
    }
    lexer.run();
    lexer.lexed
}

pub(super) struct Lexer<'t> {
    pub(super) text: &'t str,
    pub(super) pos: usize,
    pub(super) origin: Origin<'t>,
    pub(super) pool: &'t mut Pool,
    newline: bool,
    /// The end of a line and how many strings on it turned out not to nest: a bound on scanning a line again.
    pub(super) nesting_budget: (usize, u32),
    lexed: Lexed,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while let Some(char) = self.skip_blank() {
            let start = self.pos;
            if char.is_alphabetic() || char == '_' {
                self.word();
            } else if char.is_ascii_digit() {
                let kind = self.number();
                self.push(kind, start);
            } else if let Some((kind, length)) = sign(&self.text.as_bytes()[start..]) {
                self.pos += length;
                self.push(kind, start);
            } else if matches!(char, '"' | '\'') {
                let kind = self.string();
                self.push(kind, start);
            } else {
                self.pos += char.len_utf8();
                self.unexpected(char, start);
            }
        }
        self.push(Kind::End, self.text.len());
    }

    /// A byte order mark and a `#!` line.
    fn skip_head(&mut self) {
        if self.text.starts_with('\u{feff}') {
            self.pos += '\u{feff}'.len_utf8();
        }
        if self.rest().starts_with("#!") {
            self.pos += self.rest().find('\n').unwrap_or(self.rest().len());
        }
    }

    /// Skips spaces, newlines and comments, and gives the character behind them.
    fn skip_blank(&mut self) -> Option<char> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.pos)? {
                b' ' | b'\t' | b'\r' => self.pos += 1,
                b'\n' => {
                    self.pos += 1;
                    self.newline = true;
                }
                b'/' if bytes.get(self.pos + 1) == Some(&b'/') => {
                    self.pos += self.rest().find('\n').unwrap_or(self.rest().len());
                }
                b'/' if bytes.get(self.pos + 1) == Some(&b'*') => self.block_comment(),
                _ => return self.rest().chars().next(),
            }
        }
    }

    fn block_comment(&mut self) {
        let start = self.pos;
        match self.text[start + 2..].find("*/") {
            Some(length) => self.pos = start + 2 + length + 2,
            None => {
                self.pos = self.text.len();
                self.error("E0107", "unterminated block comment", start, start + 2);
            }
        }
    }

    fn word(&mut self) {
        let start = self.pos;
        let rest = self.rest();
        let inside = |char: char| char == '_' || char.is_alphanumeric();
        let length = rest.find(|char| !inside(char)).unwrap_or(rest.len());
        self.pos += length;
        let text = &self.text[start..self.pos];
        let kind = match Keyword::from_text(text) {
            Some(keyword) => Kind::Word(keyword),
            None => Kind::Ident(self.pool.intern(text)),
        };
        self.push(kind, start);
    }

    fn unexpected(&mut self, char: char, start: usize) {
        self.error("E0101", format!("unexpected character: '{char}'"), start, self.pos);
        let hint = match char {
            '#' => "comments begin with //",
            '$' => "names have no '$'",
            '`' => "strings use double quotes",
            '^' | '~' => "there are no bitwise operators; math.pow(a, b) is the power",
            '\u{201c}' | '\u{201d}' => "strings use straight double quotes",
            _ => return,
        };
        if let Some(last) = self.lexed.diagnostics.last_mut() {
            last.hints.push(hint.to_owned());
        }
    }

    fn push(&mut self, kind: Kind, start: usize) {
        let span = self.span(start, self.pos);
        self.lexed.tokens.push(Token { kind, span, newline: std::mem::take(&mut self.newline) });
    }

    pub(super) fn rest(&self) -> &str {
        &self.text[self.pos..]
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.origin.source, self.outer(start), self.outer(end))
    }

    /// The offset in the file.
    pub(super) fn outer(&self, offset: usize) -> u32 {
        match self.origin.map {
            None => offset as u32,
            Some(map) => map.get(offset).or(map.last()).copied().unwrap_or(0),
        }
    }

    pub(super) fn error(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        start: usize,
        end: usize,
    ) {
        let span = self.span(start, end);
        self.lexed.diagnostics.push(Diagnostic::error(code, message).at(span));
    }
}

/// The longest sign that `bytes` begin with.
fn sign(bytes: &[u8]) -> Option<(Kind, usize)> {
    let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
    let three = match (at(0), at(1), at(2)) {
        (b'.', b'.', b'.') => Some(Kind::Ellipsis),
        _ => None,
    };
    let two = match (at(0), at(1)) {
        (b'+', b'=') => Some(Kind::PlusEq),
        (b'-', b'=') => Some(Kind::MinusEq),
        (b'*', b'=') => Some(Kind::StarEq),
        (b'/', b'=') => Some(Kind::SlashEq),
        (b'%', b'=') => Some(Kind::PercentEq),
        (b'=', b'=') => Some(Kind::EqEq),
        (b'=', b'>') => Some(Kind::FatArrow),
        (b'!', b'=') => Some(Kind::BangEq),
        (b'<', b'=') => Some(Kind::LtEq),
        (b'>', b'=') => Some(Kind::GtEq),
        (b'>', b'>') => Some(Kind::GtGt),
        (b'&', b'&') => Some(Kind::AndAnd),
        (b'|', b'|') => Some(Kind::OrOr),
        (b'|', b'>') => Some(Kind::PipeGt),
        (b'.', b'.') => Some(Kind::DotDot),
        (b'-', b'>') => Some(Kind::Arrow),
        _ => None,
    };
    let one = || match at(0) {
        b'+' => Some(Kind::Plus),
        b'-' => Some(Kind::Minus),
        b'*' => Some(Kind::Star),
        b'/' => Some(Kind::Slash),
        b'%' => Some(Kind::Percent),
        b'=' => Some(Kind::Eq),
        b'!' => Some(Kind::Bang),
        b'<' => Some(Kind::Lt),
        b'>' => Some(Kind::Gt),
        b'|' => Some(Kind::Bar),
        b'&' => Some(Kind::Amp),
        b'?' => Some(Kind::Question),
        b'.' => Some(Kind::Dot),
        b'@' => Some(Kind::At),
        b',' => Some(Kind::Comma),
        b':' => Some(Kind::Colon),
        b';' => Some(Kind::Semicolon),
        b'(' => Some(Kind::LeftParen),
        b')' => Some(Kind::RightParen),
        b'{' => Some(Kind::LeftBrace),
        b'}' => Some(Kind::RightBrace),
        b'[' => Some(Kind::LeftBracket),
        b']' => Some(Kind::RightBracket),
        _ => None,
    };
    three.map(|kind| (kind, 3)).or(two.map(|kind| (kind, 2))).or_else(|| Some((one()?, 1)))
}
