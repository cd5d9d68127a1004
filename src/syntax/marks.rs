//! What tools that print source need to know of it and a tree does not say: its tokens, and where the parts of lists,
//! blocks and arms begin.

use super::token::Kind;
use super::token::Token;
use crate::diag::Span;

/// What begins or stands at a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A statement of a block, or a decorator before it.
    Statement,
    /// An element of a list, an argument, a field, a parameter.
    Element,
    /// An arm of a `match` or `when`.
    Arm,
    /// A variant of a type; the `|` before it.
    Variant,
    /// `else`, `catch`, `finally`: what goes on with a statement behind a body.
    Else,
    /// The bracket of statements.
    Block,
    /// The bracket of arms.
    Arms,
    /// The bracket of the members of a type: no commas are wanted between them.
    Members,
    /// The bracket of elements.
    List,
    /// The bracket of arguments or parameters, which stands at what is before it.
    Call,
    /// A sign that stands at what follows.
    Prefix,
    /// A sign that opens a list, `<` or `|`.
    Opens,
    /// A sign that closes one.
    Closes,
}

/// What kind of token it is, as far as spaces depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A name, keyword, number or text.
    Word,
    /// `(` and `[`
    Open,
    /// `)` and `]`
    Close,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `,` and `;`
    Comma,
    /// `:`
    Colon,
    /// `.`, `..`
    Tight,
    /// `?`
    Postfix,
    /// `@`, `...`
    Prefix,
    /// Any other sign.
    Operator,
}

/// A token.
#[derive(Clone, Debug)]
pub struct Lexeme {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub sort: Sort,
    /// Everything that is known of it.
    pub marks: Vec<Mark>,
}

impl Lexeme {
    /// Whether it has that mark.
    pub fn is(&self, mark: Mark) -> bool {
        self.marks.contains(&mark)
    }
}

/// The tokens with their marks, the end of the text excluded.
pub(super) fn lexemes(tokens: &[Token], marks: &[(u32, Mark)]) -> Vec<Lexeme> {
    let mut marks = marks.to_vec();
    marks.sort_by_key(|(offset, _)| *offset);
    let mut rest = &marks[..];
    let mut lexeme = |token: &Token| {
        let before = rest.partition_point(|(offset, _)| *offset < token.span.start);
        let behind = rest.partition_point(|(offset, _)| *offset < token.span.end);
        // Behind its beginning lie the second `>` of `>>`, and what is embedded in a text.
        let is_own = |at: u32, mark: Mark| at == token.span.start || mark == Mark::Closes;
        let own = rest[before..behind].iter().filter(|(at, mark)| is_own(*at, *mark));
        let own = own.map(|(_, mark)| *mark).collect();
        rest = &rest[behind..];
        Lexeme { span: token.span, sort: sort(token.kind), marks: own }
    };
    tokens.iter().filter(|token| token.kind != Kind::End).map(&mut lexeme).collect()
}

fn sort(kind: Kind) -> Sort {
    match kind {
        Kind::Ident(_) | Kind::Word(_) | Kind::Int(_) | Kind::Float(_) | Kind::String(_) => {
            Sort::Word
        }
        Kind::LeftParen | Kind::LeftBracket => Sort::Open,
        Kind::RightParen | Kind::RightBracket => Sort::Close,
        Kind::LeftBrace => Sort::OpenBrace,
        Kind::RightBrace => Sort::CloseBrace,
        Kind::Comma | Kind::Semicolon => Sort::Comma,
        Kind::Colon => Sort::Colon,
        Kind::Dot | Kind::DotDot => Sort::Tight,
        Kind::Question => Sort::Postfix,
        Kind::At | Kind::Ellipsis => Sort::Prefix,
        _ => Sort::Operator,
    }
}
