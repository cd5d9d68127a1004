//! Operands: literals, names, brackets, and the keywords that begin an expression.

use super::super::ast::Block;
use super::super::ast::Expr;
use super::super::ast::ExprKind;
use super::super::ast::OutputKind;
use super::super::ast::Stmt;
use super::super::ast::StmtKind;
use super::Keyword;
use super::Kind;
use super::Parse;
use super::Parser;
use super::Token;

impl Parser<'_> {
    pub(super) fn primary(&mut self) -> Parse<Expr> {
        let start = self.span();
        let kind = match self.kind() {
            Kind::LeftParen => return self.parenthesised(),
            Kind::Int(value) => self.literal(ExprKind::Int(value)),
            Kind::Float(value) => self.literal(ExprKind::Float(value)),
            Kind::String(id) => {
                self.advance();
                self.string_expr(id, start)?
            }
            Kind::LeftBracket => ExprKind::Array(self.array()?),
            Kind::LeftBrace => self.brace()?,
            Kind::Bar | Kind::OrOr => self.pipe_lambda()?,
            Kind::Ident(_) => return self.identifier(),
            Kind::Word(keyword) => self.keyword_expr(keyword)?,
            _ => return Err(self.expected("an expression")),
        };
        Ok(Expr { kind, span: self.since(start) })
    }

    fn literal(&mut self, kind: ExprKind) -> ExprKind {
        self.advance();
        kind
    }

    /// `"(" expr ")"`, `"(" item "," { item } ")"`
    fn parenthesised(&mut self) -> Parse<Expr> {
        let open = self.advance().span;
        self.free(|p| {
            if p.at(Kind::RightParen) {
                let fault = p.expected_fault("an expression");
                return Err(p.fail(fault.hint("there is no empty tuple")));
            }
            if p.at(Kind::End) {
                return Err(p.unclosed(Kind::RightParen, open));
            }
            let first = p.item()?;
            if !p.eat(Kind::Comma) {
                p.close(Kind::RightParen, open)?;
                return Ok(first.value);
            }
            let mut items = vec![first];
            items.extend(p.expr_items(open, Kind::RightParen)?);
            Ok(Expr { kind: ExprKind::Tuple(items), span: p.since(open) })
        })
    }

    fn identifier(&mut self) -> Parse<Expr> {
        let token = self.token();
        if self.is_ident(token, "atomic") && self.brace_follows() && !self.head {
            self.advance();
            let kind = ExprKind::Atomic(self.block()?);
            return Ok(Expr { kind, span: self.since(token.span) });
        }
        let name = self.word();
        self.refuse_foreign_prefix(&name)?;
        let upper = name.name.chars().next().is_some_and(char::is_uppercase);
        if upper && self.at_struct_body() {
            return self.struct_literal(name, token.span);
        }
        Ok(Expr { kind: ExprKind::Name(name.name), span: name.span })
    }

    /// Whether the next token is a `{` on the line of this one.
    pub(super) fn brace_follows(&self) -> bool {
        let next = self.peek(1);
        next.kind == Kind::LeftBrace && !next.newline
    }

    /// Whether the `{` here belongs to the capitalised name before it. In a head it does only before a word and `:`,
    /// or if it is empty and another `{` follows (language-core 2.4).
    fn at_struct_body(&self) -> bool {
        if !self.at(Kind::LeftBrace) || !self.same_line() {
            return false;
        }
        let (first, second) = (self.peek(1), self.peek(2));
        let filled = Self::is_word(first) && second.kind == Kind::Colon;
        let empty = first.kind == Kind::RightBrace && second.kind == Kind::LeftBrace;
        !self.head || filled || empty
    }

    /// Whether the `{` behind the word here begins the body of the statement in whose head the word stands, so that the
    /// word is a variable: `if safe { ... }`. It does if neither a body nor the rest of an expression follows its `}`.
    fn at_body_of_head(&self) -> bool {
        if !self.head {
            return false;
        }
        let mut open = 0;
        let closes = |token: Token| {
            open += i32::from(token.kind == Kind::LeftBrace);
            open -= i32::from(token.kind == Kind::RightBrace);
            open == 0 || token.kind == Kind::End
        };
        let behind = (1..).map(|at| self.peek(at)).position(closes).map_or(0, |at| at + 2);
        let next = self.peek(behind);
        let ends = matches!(
            next.kind,
            Kind::End | Kind::RightBrace | Kind::RightParen | Kind::RightBracket
        );
        let ends = ends || matches!(next.kind, Kind::Comma | Kind::Semicolon);
        let is_else =
            matches!(next.kind, Kind::Word(Keyword::Else | Keyword::Otherwise | Keyword::Nah));
        next.kind != Kind::LeftBrace && (ends || is_else || next.newline)
    }

    fn keyword_expr(&mut self, keyword: Keyword) -> Parse<ExprKind> {
        use Keyword as K;
        Ok(match keyword {
            K::Null => self.literal(ExprKind::Null),
            K::True => self.literal(ExprKind::Bool(true)),
            K::False => self.literal(ExprKind::Bool(false)),
            K::If => ExprKind::If(Box::new(self.if_expr()?)),
            K::When => ExprKind::When(Box::new(self.when_expr()?)),
            K::Match if self.operand_follows(1) => ExprKind::Match(Box::new(self.match_expr()?)),
            K::Try => ExprKind::Try(Box::new(self.try_expr()?)),
            K::Fn => ExprKind::Lambda(Box::new(self.lambda()?)),
            K::Spawn => ExprKind::Spawn(self.block_behind_word()?),
            K::Squad => ExprKind::Squad(self.block_behind_word()?),
            K::Safe if self.peek(1).kind == Kind::LeftBrace && !self.at_body_of_head() => {
                ExprKind::Safe(self.block_behind_word()?)
            }
            K::Say => self.output(OutputKind::Say)?,
            K::Yell => self.output(OutputKind::Yell)?,
            K::Whisper => self.output(OutputKind::Whisper)?,
            K::Wait if self.expr_follows(1) => self.wait()?,
            K::Wait => self.word_as_name(),
            K::Download if self.operand_follows(1) => self.download()?,
            K::Crawl if self.operand_follows(1) => {
                self.advance();
                ExprKind::Crawl(Box::new(self.expr()?))
            }
            K::Craft if Self::is_name(self.peek(1)) && !self.peek(1).newline => {
                let start = self.advance().span;
                let name = self.word();
                if !self.at(Kind::LeftBrace) {
                    return Err(self.expected("'{'"));
                }
                self.struct_literal(name, start)?.kind
            }
            _ if self.at_name() => self.word_as_name(),
            _ => return Err(self.expected("an expression")),
        })
    }

    fn word_as_name(&mut self) -> ExprKind {
        ExprKind::Name(self.word().name)
    }

    fn block_behind_word(&mut self) -> Parse<Block> {
        self.advance();
        self.block()
    }

    /// `say` as a name, or `say expr`.
    fn output(&mut self, kind: OutputKind) -> Parse<ExprKind> {
        if !self.expr_follows(1) {
            return Ok(self.word_as_name());
        }
        self.advance();
        Ok(ExprKind::Output { kind, value: Box::new(self.expr()?) })
    }

    /// `download expr ["to" expr]`
    fn download(&mut self) -> Parse<ExprKind> {
        self.advance();
        let url = Box::new(self.expr()?);
        let to = self.same_line() && self.eat_word(Keyword::To);
        let path = if to { Some(Box::new(self.expr()?)) } else { None };
        Ok(ExprKind::Download { url, path })
    }

    /// A block that holds one expression.
    pub(super) fn block_of_expr(expr: Expr) -> Block {
        let span = expr.span;
        Block { statements: vec![Stmt { kind: StmtKind::Expr(expr), span }], span }
    }

    /// The body of a function that returns the expression.
    pub(super) fn returning(expr: Expr) -> Block {
        let span = expr.span;
        Block { statements: vec![Stmt { kind: StmtKind::Return(Some(expr)), span }], span }
    }
}
