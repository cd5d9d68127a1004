//! `where` and `>>` (language-core 5.8).

use super::super::ast::BinaryOp;
use super::super::ast::Expr;
use super::super::ast::ExprKind;
use super::super::ast::Ident;
use super::super::ast::QueryStep;
use super::Keyword;
use super::Kind;
use super::Parse;
use super::Parser;
use super::expr::Level;

impl Parser<'_> {
    /// `query = ["from"] pipeline { "where" name cmp pipeline | ">>" step }`
    pub(super) fn query(&mut self) -> Parse<Expr> {
        if self.at_word(Keyword::From) && !self.peek(1).newline {
            // `from xs >> ...`: the word is there for the reader.
            if matches!(self.peek(1).kind, Kind::Ident(_)) {
                self.advance();
            }
        }
        let source = self.binary(Level::Pipe)?;
        self.query_after(source)
    }

    pub(super) fn query_after(&mut self, mut left: Expr) -> Parse<Expr> {
        loop {
            let start = left.span;
            let source = Box::new(left);
            let kind = if self.at_word(Keyword::Where) && Self::is_name(self.peek(1)) {
                self.where_filter(source)?
            } else if self.eat(Kind::GtGt) {
                ExprKind::Query { source, step: Box::new(self.query_step()?) }
            } else {
                return Ok(*source);
            };
            left = Expr { kind, span: self.since(start) };
            self.grow()?;
        }
    }

    fn where_filter(&mut self, source: Box<Expr>) -> Parse<ExprKind> {
        self.advance();
        let field = self.field_name()?;
        let Some(op) = self.comparison() else {
            let message = "expected comparison operator after query field";
            return Err(self.fail_at("E0201", message, self.span()));
        };
        Ok(ExprKind::Where { source, field, op, value: Box::new(self.pipeline()?) })
    }

    fn field_name(&mut self) -> Parse<Ident> {
        if self.at_word_on_line() { Ok(self.word()) } else { Err(self.expected("a field name")) }
    }

    /// The comparison operator here, on this line.
    pub(super) fn comparison(&mut self) -> Option<BinaryOp> {
        let op = match self.kind() {
            _ if !self.same_line() => return None,
            kind => comparison_of(kind)?,
        };
        self.advance();
        Some(op)
    }

    fn query_step(&mut self) -> Parse<QueryStep> {
        if self.at_word(Keyword::Keep) && self.peek(1).kind == Kind::Word(Keyword::Where) {
            self.advance();
            self.advance();
            let field = self.field_name()?;
            let test = match self.comparison() {
                Some(op) => Some((op, self.pipeline()?)),
                None => None,
            };
            return Ok(QueryStep::Keep { field, test });
        }
        if self.at_word(Keyword::Take) && self.expr_follows(1) {
            self.advance();
            return Ok(QueryStep::Take(self.pipeline()?));
        }
        if self.is_ident(self.token(), "sort") {
            self.advance();
            let by = self.at_word(Keyword::By) && self.same_line();
            if by {
                self.advance();
            }
            return Ok(QueryStep::Sort(if by { Some(self.field_name()?) } else { None }));
        }
        Ok(QueryStep::Call(self.pipeline()?))
    }
}

/// The comparison that a sign means.
pub(super) fn comparison_of(kind: Kind) -> Option<BinaryOp> {
    Some(match kind {
        Kind::EqEq => BinaryOp::Eq,
        Kind::BangEq => BinaryOp::NotEq,
        Kind::Lt => BinaryOp::Lt,
        Kind::Gt => BinaryOp::Gt,
        Kind::LtEq => BinaryOp::LtEq,
        Kind::GtEq => BinaryOp::GtEq,
        _ => return None,
    })
}
