//! Tokens to tree: what the parser knows while it reads, and its smallest steps.
//!
//! A function reads one rule and stands at the token behind it; `Err(Failed)` means that the fault is already reported.
//! Statements catch it (`recover.rs`), so one run finds several faults.

mod bindings;
mod blocks;
mod define;
mod expr;
mod foreign;
mod functions;
mod interpolate;
mod list;
mod object;
mod pattern;
mod primary;
mod query;
mod recover;
mod stmt;
mod types;
mod words;

use super::ast::Block;
use super::ast::Ident;
use super::ast::Name;
use super::ast::Program;
use super::lexer;
use super::lexer::Lexed;
use super::lexer::Origin;
use super::marks;
use super::marks::Lexeme;
use super::marks::Mark;
use super::token::Class;
use super::token::Keyword;
use super::token::Kind;
use super::token::NameId;
use super::token::Pool;
use super::token::Token;
use crate::diag::Diagnostic;
use crate::diag::SourceId;
use crate::diag::Span;
use foldhash::HashSet;

/// What came of a text: always a tree, perhaps with parts missing, and what was wrong.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The statements that could be read.
    pub program: Program,
    /// The paths of all imports, wherever they stand.
    pub imports: Vec<Name>,
    /// What was wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// The highest tree that is built.
const MAX_HEIGHT: u32 = 1000;

/// Reads a whole source file. Needs a stack of 64 MiB for the highest trees.
pub fn parse(source: SourceId, text: &str) -> Parsed {
    Parser::of(source, text).parsed()
}

/// The same, and all tokens with what is known of them.
pub fn parse_marked(source: SourceId, text: &str) -> (Parsed, Vec<Lexeme>) {
    let mut parser = Parser::of(source, text);
    let tokens = parser.tokens.clone();
    parser.marks = Some(Vec::new());
    let parsed = parser.parsed();
    (parsed, marks::lexemes(&tokens, &parser.marks.unwrap_or_default()))
}

/// Whether a text ends inside of a bracket, a triple-quoted string or a comment: more may follow.
pub fn is_open(text: &str) -> bool {
    let found = parse(SourceId(u32::MAX), text).diagnostics;
    found.iter().any(|it| match it.code {
        "E0202" => it.message.ends_with("was never closed"),
        "E0106" | "E0107" => true,
        _ => false,
    })
}

/// The same, and how many steps it took.
#[cfg(test)]
pub(super) fn parse_counting(source: SourceId, text: &str) -> (Parsed, usize) {
    let mut parser = Parser::of(source, text);
    (parser.parsed(), parser.steps.get())
}

/// A fault that is already reported.
#[derive(Clone, Copy, Debug)]
struct Failed;

type Parse<T> = Result<T, Failed>;

struct Parser<'t> {
    text: &'t str,
    source: SourceId,
    tokens: Vec<Token>,
    /// For every opening bracket the token that closes it.
    closers: Vec<u32>,
    pos: usize,
    pool: Pool,
    /// Where what stands, if somebody asks.
    marks: Option<Vec<(u32, Mark)>>,
    /// Paths of the imports so far.
    imports: Vec<Name>,
    diagnostics: Vec<Diagnostic>,
    /// Offset of the first byte of every line.
    lines: Vec<u32>,
    /// Lines that have a fault already, so that faults following from it stay silent.
    faulty: HashSet<usize>,
    /// Rules under way.
    depth: u32,
    /// Height of the highest tree finished in the rule under way.
    height: u32,
    /// The tree is too high: the rest of the text is not read.
    stopped: bool,
    /// In the head of a statement, where `Name {` may begin the body (language-core 2.4).
    head: bool,
    /// `and`, `or` and `not` are operators here.
    words: bool,
    /// They are operators in this file.
    file_words: bool,
    /// The names that its tokens declare, once a fault has asked for them.
    declared: Option<HashSet<NameId>>,
    /// That the text ends too early is already reported.
    ended: bool,
    /// Blocks under way.
    blocks: u32,
    /// Embedded expressions of strings under way.
    strings: u32,
    /// What the time so far is made of: looks at tokens, and text read again.
    #[cfg(test)]
    steps: std::cell::Cell<usize>,
}

impl<'t> Parser<'t> {
    fn of(source: SourceId, text: &'t str) -> Self {
        let mut pool = Pool::default();
        let Lexed { tokens, diagnostics } =
            lexer::lex(text, Origin { source, map: None }, &mut pool);
        Parser::new(text, source, tokens, pool, diagnostics)
    }

    fn new(
        text: &'t str,
        source: SourceId,
        tokens: Vec<Token>,
        pool: Pool,
        diagnostics: Vec<Diagnostic>,
    ) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(ends.map(|(i, _)| i as u32 + 1)).collect();
        let words = !words::declares_word_operator(&tokens, &pool);
        let closers = recover::closers(&tokens);
        let mut parser = Parser {
            text,
            source,
            tokens,
            closers,
            pos: 0,
            pool,
            marks: None,
            imports: Vec::new(),
            diagnostics: Vec::new(),
            lines,
            faulty: HashSet::default(),
            depth: 0,
            height: 0,
            stopped: false,
            head: false,
            words,
            file_words: words,
            declared: None,
            ended: false,
            blocks: 0,
            strings: 0,
            #[cfg(test)]
            steps: Default::default(),
        };
        for diagnostic in diagnostics {
            // What is open to the end of the file hides all closing brackets.
            parser.ended |= matches!(diagnostic.code, "E0106" | "E0107");
            parser.report(diagnostic);
        }
        parser
    }

    fn parsed(&mut self) -> Parsed {
        let program = self.program();
        let imports = std::mem::take(&mut self.imports);
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        diagnostics.sort_by_key(|diagnostic| diagnostic.span.map_or(0, |span| span.start));
        Parsed { program, imports, diagnostics }
    }

    /// `program = { sep } { statement { sep } } EOF`
    fn program(&mut self) -> Program {
        let mut statements = Vec::new();
        loop {
            self.statements(&mut statements);
            if self.at(Kind::End) {
                return Program { statements };
            }
            let fault = Diagnostic::error("E0201", "unexpected '}'");
            let _ = self.fail(fault.at(self.span()).hint("no open '{' is left to close"));
            self.pos += 1;
        }
    }

    /// Notes what stands at a token.
    fn mark(&mut self, at: Span, mark: Mark) {
        if let Some(marks) = &mut self.marks {
            marks.push((at.start, mark));
        }
    }

    // Looking.

    fn token(&self) -> Token {
        self.peek(0)
    }

    fn kind(&self) -> Kind {
        self.peek(0).kind
    }

    /// The token `distance` further, or the last.
    fn peek(&self, distance: usize) -> Token {
        self.spend(1);
        self.tokens[(self.pos + distance).min(self.tokens.len() - 1)]
    }

    /// Tests count the steps of the parser: a clock would measure the machine.
    #[inline(always)]
    fn spend(&self, _steps: usize) {
        #[cfg(test)]
        self.steps.set(self.steps.get() + _steps);
    }

    fn at(&self, kind: Kind) -> bool {
        self.kind() == kind
    }

    fn at_word(&self, keyword: Keyword) -> bool {
        self.at(Kind::Word(keyword))
    }

    /// Whether the token stands on the line of the token before it.
    fn same_line(&self) -> bool {
        !self.token().newline
    }

    /// Whether the token is the identifier `text`, on the line of the token before it.
    fn at_contextual(&self, text: &str) -> bool {
        self.same_line() && self.is_ident(self.token(), text)
    }

    fn is_ident(&self, token: Token, text: &str) -> bool {
        matches!(token.kind, Kind::Ident(id) if &**self.pool.name(id) == text)
    }

    fn is_name(token: Token) -> bool {
        match token.kind {
            Kind::Ident(_) => true,
            Kind::Word(keyword) => keyword.class() != Class::Hard,
            _ => false,
        }
    }

    fn at_name(&self) -> bool {
        Self::is_name(self.token())
    }

    fn is_word(token: Token) -> bool {
        matches!(token.kind, Kind::Ident(_) | Kind::Word(_))
    }

    fn at_word_on_line(&self) -> bool {
        self.same_line() && Self::is_word(self.token())
    }

    /// Else, otherwise, nah.
    fn at_else(&self) -> bool {
        use Keyword::*;
        matches!(self.kind(), Kind::Word(Else | Otherwise | Nah))
    }

    // Stepping.

    fn advance(&mut self) -> Token {
        let token = self.token();
        if self.pos + 1 < self.tokens.len() {
            self.pos += 1;
        }
        token
    }

    fn eat(&mut self, kind: Kind) -> bool {
        let found = self.at(kind);
        if found {
            self.advance();
        }
        found
    }

    fn eat_word(&mut self, keyword: Keyword) -> bool {
        self.eat(Kind::Word(keyword))
    }

    fn eat_contextual(&mut self, text: &str) -> bool {
        let found = self.at_contextual(text);
        if found {
            self.advance();
        }
        found
    }

    /// The token, or `expected WHAT, found ...`.
    fn expect(&mut self, kind: Kind, what: &str) -> Parse<Token> {
        if self.at(kind) { Ok(self.advance()) } else { Err(self.expected(what)) }
    }

    fn expect_word(&mut self, keyword: Keyword) -> Parse<Token> {
        self.expect(Kind::Word(keyword), &format!("'{}'", keyword.text()))
    }

    /// A name; `what` says of what, for the message.
    fn name(&mut self, what: &str) -> Parse<Ident> {
        if self.at_name() { Ok(self.word()) } else { Err(self.no_name(what)) }
    }

    /// The token as an identifier; it is a word.
    fn word(&mut self) -> Ident {
        let token = self.advance();
        Ident { name: self.text_of(token), span: token.span }
    }

    /// The text of a word.
    fn text_of(&mut self, token: Token) -> Name {
        let id = match token.kind {
            Kind::Ident(id) => id,
            Kind::Word(keyword) => self.pool.intern(keyword.text()),
            _ => self.pool.intern(""),
        };
        self.pool.name(id).clone()
    }

    fn skip_separators(&mut self) {
        while self.eat(Kind::Semicolon) {}
    }

    // Places.

    fn span(&self) -> Span {
        self.token().span
    }

    /// The place of the token before.
    fn last_span(&self) -> Span {
        self.tokens[self.pos.saturating_sub(1)].span
    }

    /// From `start` to the token before.
    fn since(&self, start: Span) -> Span {
        if self.last_span().start < start.start { start } else { start.to(self.last_span()) }
    }

    // Height.

    /// Reads a rule that may contain itself, and counts its height.
    fn nested<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        self.nested_by(1, rule)
    }

    fn nested_by<T>(&mut self, levels: u32, rule: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth + levels > MAX_HEIGHT {
            return Err(self.too_deep());
        }
        let siblings = std::mem::take(&mut self.height);
        self.depth += levels;
        let result = rule(self);
        self.depth -= levels;
        let height = self.height + levels;
        self.height = siblings.max(height);
        if height > MAX_HEIGHT { Err(self.too_deep()) } else { result }
    }

    /// Counts a node around what was read: `a + b` is one higher than `a` and `b`.
    fn grow(&mut self) -> Parse<()> {
        self.height += 1;
        if self.depth + self.height > MAX_HEIGHT { Err(self.too_deep()) } else { Ok(()) }
    }

    fn too_deep(&mut self) -> Failed {
        let fault = Diagnostic::error("E0203", "expression nested too deeply").at(self.span());
        let failed = self.fail(fault.note(format!("at most {MAX_HEIGHT} levels are allowed")));
        self.stopped = true;
        self.pos = self.tokens.len() - 1;
        failed
    }

    // Modes.

    /// Inside brackets or a block, where neither the head rule nor `check .. between` counts.
    fn free<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        let head = std::mem::replace(&mut self.head, false);
        let words = std::mem::replace(&mut self.words, self.file_words);
        let result = rule(self);
        self.head = head;
        self.words = words;
        result
    }

    /// `head`: an expression before a body.
    fn head(&mut self) -> Parse<super::ast::Expr> {
        let head = std::mem::replace(&mut self.head, true);
        let result = self.expr();
        self.head = head;
        result
    }

    /// `block = [NL] "{" { sep } { statement { sep } } "}"`
    fn block(&mut self) -> Parse<Block> {
        self.block_of("'{'")
    }

    fn block_of(&mut self, what: &str) -> Parse<Block> {
        let open = self.expect(Kind::LeftBrace, what)?.span;
        self.block_after(open)
    }

    /// The rest of a block whose brace is already read.
    fn block_after(&mut self, open: Span) -> Parse<Block> {
        self.mark(open, Mark::Block);
        self.nested(|p| {
            p.free(|p| {
                let mut statements = Vec::new();
                p.blocks += 1;
                p.statements(&mut statements);
                p.blocks -= 1;
                p.close(Kind::RightBrace, open)?;
                Ok(Block { statements, span: p.since(open) })
            })
        })
    }
}
