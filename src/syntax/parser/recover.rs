//! What to say about a fault, and where to go on after it.

use super::Failed;
use super::Keyword;
use super::Kind;
use super::Parse;
use super::Parser;
use super::Token;
use crate::diag::Diagnostic;
use crate::diag::Span;

/// No bracket closes this one.
const OPEN: u32 = u32::MAX;

/// For every opening bracket the index of the token that closes it. A `}` closes what is open inside its `{`; a stray
/// `)` or `]` closes nothing.
pub(super) fn closers(tokens: &[Token]) -> Vec<u32> {
    let mut closers = vec![OPEN; tokens.len()];
    let mut open: Vec<(usize, Kind)> = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::LeftParen | Kind::LeftBracket | Kind::LeftBrace => open.push((i, token.kind)),
            Kind::RightBrace => {
                while let Some((start, kind)) = open.pop() {
                    if kind == Kind::LeftBrace {
                        closers[start] = i as u32;
                        break;
                    }
                }
            }
            Kind::RightParen => close(&mut open, &mut closers, Kind::LeftParen, i),
            Kind::RightBracket => close(&mut open, &mut closers, Kind::LeftBracket, i),
            _ => {}
        }
    }
    closers
}

fn close(open: &mut Vec<(usize, Kind)>, closers: &mut [u32], wanted: Kind, at: usize) {
    let inner = open.iter().rev().take_while(|(_, kind)| *kind != Kind::LeftBrace).take(2);
    let Some(distance) = inner.clone().position(|(_, kind)| *kind == wanted) else {
        return;
    };
    open.truncate(open.len() - distance);
    if let Some((start, _)) = open.pop() {
        closers[start] = at as u32;
    }
}

impl Parser<'_> {
    /// The token that closes the bracket at `index`.
    pub(super) fn closer(&self, index: usize) -> Option<usize> {
        let closer = self.closers[index];
        (closer != OPEN).then_some(closer as usize)
    }

    /// `{ sep } { statement { sep } }` up to a `}` or the end. A statement that failed is left out.
    pub(super) fn statements(&mut self, out: &mut Vec<super::super::ast::Stmt>) {
        loop {
            self.skip_separators();
            if matches!(self.kind(), Kind::RightBrace | Kind::End) {
                return;
            }
            let start = self.pos;
            self.mark(self.span(), super::Mark::Statement);
            if self.statement(out).is_err() {
                self.recover(start);
            }
        }
    }

    /// Goes to the next statement: the first token of a line, or behind a `;`, or the `}` of the block around,
    /// outside of brackets that were opened since `start`. Inside a `(` or `[` that holds the fault, where perhaps
    /// the bracket that closes it is what is missing, only a word that begins nothing but a statement will do.
    fn recover(&mut self, start: usize) {
        let fault = self.pos;
        if self.at(Kind::End) {
            return;
        }
        let mut i = start;
        let mut doubtful_until = 0;
        while i < self.tokens.len() - 1 {
            self.spend(1);
            let token = self.tokens[i];
            let line = token.newline || token.kind == Kind::Semicolon;
            let certain = i > doubtful_until || self.begins_only_statement(i);
            if i >= fault && i > start && line && certain {
                break;
            }
            i = match (token.kind, self.closer(i)) {
                (Kind::LeftParen | Kind::LeftBracket, Some(closer))
                    if i < fault && closer >= fault =>
                {
                    doubtful_until = doubtful_until.max(closer);
                    i + 1
                }
                (_, Some(closer)) => closer + 1,
                (Kind::RightBrace, _) if i >= fault => break,
                _ => i + 1,
            };
        }
        self.pos = i.min(self.tokens.len() - 1).max(fault);
    }

    /// Whether the token can begin a statement but neither an expression nor a part of one.
    fn begins_only_statement(&self, at: usize) -> bool {
        use Keyword::*;
        match self.tokens[at].kind {
            Kind::At => true,
            Kind::Word(Fn) => Self::is_name(self.tokens[at + 1]),
            Kind::Word(
                Let | Return | For | While | Loop | Break | Continue | Struct | Interface | Impl
                | Change | Define | Repeat | Grab | Unpack | Async | Forge | Say,
            ) => self.tokens[at + 1].kind != Kind::Colon,
            _ => false,
        }
    }

    /// Reports a fault, unless it follows from another one.
    pub(super) fn fail(&mut self, diagnostic: Diagnostic) -> Failed {
        self.report(diagnostic);
        Failed
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        let line = diagnostic.span.map_or(0, |span| self.line_of(span.start));
        if !self.stopped && self.faulty.insert(line) {
            self.diagnostics.push(diagnostic);
        }
    }

    fn line_of(&self, offset: u32) -> usize {
        self.lines.partition_point(|start| *start <= offset)
    }

    pub(super) fn fail_at(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        span: Span,
    ) -> Failed {
        self.fail(Diagnostic::error(code, message).at(span))
    }

    /// `expected WHAT, found ...`
    pub(super) fn expected(&mut self, what: &str) -> Failed {
        let fault = self.expected_fault(what);
        self.fail(fault)
    }

    pub(super) fn expected_fault(&self, what: &str) -> Diagnostic {
        let found = self.found();
        let fault = Diagnostic::error("E0201", format!("expected {what}, found {found}"));
        let mut fault = fault.at(self.fault_span());
        fault.hints.extend(self.instead(what).map(str::to_owned));
        fault
    }

    /// `expected WHAT, found ...`, where a keyword is often thought to be a name: `fn repeat_it(times)`.
    pub(super) fn no_name(&mut self, what: &str) -> Failed {
        let fault = self.expected_fault(what);
        let fault = match self.kind() {
            Kind::Word(keyword) if self.same_line() && fault.hints.is_empty() => {
                fault.hint(format!("'{}' is a keyword; choose another name", keyword.text()))
            }
            _ => fault,
        };
        self.fail(fault)
    }

    /// `unexpected ...`
    pub(super) fn unexpected(&mut self) -> Failed {
        let fault = match self.kind() {
            Kind::End => format!("unexpected {}", self.end()),
            _ => format!("unexpected {}", self.describe(self.token())),
        };
        self.fail_at("E0201", fault, self.fault_span())
    }

    /// Whether the line begins with what can begin neither a statement nor an expression.
    pub(super) fn starts_nothing(&self) -> bool {
        let token = self.token();
        let first = token.newline || self.pos == 0;
        first && !Self::begins_expr(token) && !matches!(token.kind, Kind::RightBrace | Kind::End)
    }

    /// What is wrong then is the token itself, not the end of the line before it.
    pub(super) fn no_statement(&mut self) -> Failed {
        let token = self.token();
        let fault = format!("unexpected {}", self.describe(token));
        let fault = Diagnostic::error("E0201", fault).at(token.span);
        let fault = match token.kind {
            Kind::Word(Keyword::Else | Keyword::Otherwise | Keyword::Nah) => {
                fault.hint(format!("{} stands behind the '}}' of an 'if'", self.describe(token)))
            }
            Kind::Word(Keyword::Catch) => fault.hint("'catch' stands behind the '}' of a 'try'"),
            Kind::Word(Keyword::Mut) => fault.hint("write let mut"),
            _ if self.at_type_word() => fault.hint("variables are declared with 'let'"),
            _ => fault,
        };
        self.fail(fault)
    }

    /// The token, or the end of the line before it if something was missing there.
    fn fault_span(&self) -> Span {
        let token = self.token();
        if self.pos == 0 || !(token.newline || token.kind == Kind::End) {
            return token.span;
        }
        let end = self.last_span().end;
        Span { start: end, end, ..token.span }
    }

    fn found(&self) -> String {
        let token = self.token();
        match token.kind {
            Kind::End if self.strings > 0 => format!("the {}", self.end()),
            Kind::End => "the end of the file".to_owned(),
            _ if token.newline && self.pos > 0 => "the end of the line".to_owned(),
            _ => self.describe(token),
        }
    }

    /// What ends where the tokens end: the file, or the expression between the braces of a text.
    fn end(&self) -> &'static str {
        if self.strings > 0 { "end of the expression" } else { "end of file" }
    }

    /// A token in words.
    pub(super) fn describe(&self, token: Token) -> String {
        match token.kind {
            Kind::End => "end of file".to_owned(),
            Kind::String(_) => "a string".to_owned(),
            Kind::Ident(id) => format!("'{}'", self.pool.name(id)),
            Kind::Word(keyword) => format!("'{}'", keyword.text()),
            _ => {
                let range = token.span.start as usize..token.span.end as usize;
                format!("'{}'", self.text.get(range).unwrap_or("?"))
            }
        }
    }

    /// The bracket that closes the one at `open`.
    pub(super) fn close(&mut self, closer: Kind, open: Span) -> Parse<Token> {
        if self.at(closer) { Ok(self.advance()) } else { Err(self.unclosed(closer, open)) }
    }

    pub(super) fn unclosed(&mut self, closer: Kind, open: Span) -> Failed {
        let (opening, closing) = match closer {
            Kind::RightBrace => ('{', '}'),
            Kind::RightBracket => ('[', ']'),
            Kind::Gt => ('<', '>'),
            Kind::Bar => ('|', '|'),
            _ => ('(', ')'),
        };
        // What follows from a fault on the line of the bracket stays silent, wherever it shows.
        if self.faulty.contains(&self.line_of(open.start)) {
            return Failed;
        }
        let mut fault = if self.at(Kind::End) {
            if std::mem::replace(&mut self.ended, true) {
                return Failed;
            }
            let message = format!("unexpected {}; this '{opening}' was never closed", self.end());
            let fault = Diagnostic::error("E0202", message).at(open);
            fault.label("opened here")
        } else {
            let message = format!("expected '{closing}' to close the '{opening}' opened here");
            let fault = Diagnostic::error("E0202", message).at(self.fault_span());
            fault.label(format!("found {}", self.found())).related(open, "opened here")
        };
        fault.hints.extend(self.instead_of_more(closer, open).map(str::to_owned));
        self.fail(fault)
    }

    /// Whether a token can begin an expression behind a word that may be a name: `to` and its kind more likely join
    /// that name to what follows (`change must to 5`).
    pub(super) fn begins_operand(token: Token) -> bool {
        use Keyword::*;
        !matches!(token.kind, Kind::Word(To | In | Where | By)) && Self::begins_expr(token)
    }

    /// Whether a token can begin an expression.
    pub(super) fn begins_expr(token: Token) -> bool {
        use Keyword::*;
        match token.kind {
            Kind::Word(
                True | False | Null | If | When | Try | Fn | Spawn | Squad | Await | Hold | Say
                | Yell | Whisper | Wait,
            ) => true,
            Kind::Word(_) => Self::is_name(token),
            Kind::Ident(_) | Kind::Int(_) | Kind::Float(_) | Kind::String(_) => true,
            Kind::LeftParen | Kind::LeftBracket | Kind::LeftBrace => true,
            Kind::Minus | Kind::Bang | Kind::Ellipsis | Kind::Bar | Kind::OrOr => true,
            _ => false,
        }
    }

    /// Whether the token `distance` further begins an expression on the same line.
    pub(super) fn expr_follows(&self, distance: usize) -> bool {
        let token = self.peek(distance);
        !token.newline && Self::begins_expr(token)
    }

    /// Whether the token `distance` further begins an operand on the same line.
    pub(super) fn operand_follows(&self, distance: usize) -> bool {
        let token = self.peek(distance);
        !token.newline && Self::begins_operand(token)
    }
}
