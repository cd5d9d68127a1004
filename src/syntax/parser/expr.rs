//! Operators: precedence climbing, prefixes and postfixes (language-core 2.2, 3.1).

use super::super::ast::BinaryOp;
use super::super::ast::Expr;
use super::super::ast::ExprKind;
use super::super::ast::UnaryOp;
use super::Keyword;
use super::Kind;
use super::Mark;
use super::Parse;
use super::Parser;
use crate::diag::Diagnostic;
use crate::diag::Span;

/// How tightly an operator binds; looser first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Pipe,
    Or,
    And,
    Equality,
    Comparison,
    Range,
    Sum,
    Product,
    Prefix,
}

impl Level {
    fn tighter(self) -> Level {
        match self {
            Level::Pipe => Level::Or,
            Level::Or => Level::And,
            Level::And => Level::Equality,
            Level::Equality => Level::Comparison,
            Level::Comparison => Level::Range,
            Level::Range => Level::Sum,
            Level::Sum => Level::Product,
            Level::Product | Level::Prefix => Level::Prefix,
        }
    }
}

/// What stands between two operands.
#[derive(Clone, Copy)]
enum Infix {
    Binary(BinaryOp),
    Range,
    Pipe,
}

impl Parser<'_> {
    /// `expr = query`
    pub(super) fn expr(&mut self) -> Parse<Expr> {
        self.nested(Self::query)
    }

    /// `pipeline = or { "|>" or }`, as a rule of its own.
    pub(super) fn pipeline(&mut self) -> Parse<Expr> {
        self.nested(|p| p.binary(Level::Pipe))
    }

    /// An operand and the operators behind it that bind at least as tightly as `level`.
    pub(super) fn binary(&mut self, level: Level) -> Parse<Expr> {
        let left = self.unary()?;
        self.binary_after(left, level)
    }

    pub(super) fn binary_after(&mut self, mut left: Expr, level: Level) -> Parse<Expr> {
        while let Some((infix, found)) = self.infix()
            && found >= level
        {
            self.refuse_foreign_operator()?;
            let operator = self.advance();
            let right = self.nested(|p| p.binary(found.tighter()))?;
            let span = left.span.to(right.span);
            let (left_box, right) = (Box::new(left), Box::new(right));
            let kind = match infix {
                Infix::Binary(op) => ExprKind::Binary { op, left: left_box, right },
                Infix::Pipe => ExprKind::Pipe { value: left_box, step: right },
                Infix::Range => {
                    self.refuse_range_chain(operator.span)?;
                    ExprKind::Range { start: left_box, end: right }
                }
            };
            left = Expr { kind, span };
            self.grow()?;
        }
        Ok(left)
    }

    fn refuse_range_chain(&mut self, first: Span) -> Parse<()> {
        if !self.at(Kind::DotDot) {
            return Ok(());
        }
        let fault = Diagnostic::error("E0201", "ranges cannot be chained").at(self.span());
        Err(self.fail(fault.related(first, "the first range")))
    }

    /// The operator here. On a new line only those that cannot begin a statement or an arm count.
    fn infix(&self) -> Option<(Infix, Level)> {
        use BinaryOp::*;
        let (op, level, over_newline) = match self.kind() {
            Kind::PipeGt => return Some((Infix::Pipe, Level::Pipe)),
            Kind::OrOr => (Or, Level::Or, true),
            Kind::AndAnd => (And, Level::And, true),
            Kind::EqEq => (Eq, Level::Equality, false),
            Kind::BangEq => (NotEq, Level::Equality, false),
            Kind::Lt => (Lt, Level::Comparison, false),
            Kind::Gt => (Gt, Level::Comparison, false),
            Kind::LtEq => (LtEq, Level::Comparison, false),
            Kind::GtEq => (GtEq, Level::Comparison, false),
            Kind::DotDot if self.same_line() => return Some((Infix::Range, Level::Range)),
            Kind::Plus => (Add, Level::Sum, true),
            Kind::Minus => (Sub, Level::Sum, false),
            Kind::Star => (Mul, Level::Product, true),
            Kind::Slash => (Div, Level::Product, true),
            Kind::Percent => (Mod, Level::Product, true),
            Kind::Ident(_) if self.words => {
                let word = [("and", And, Level::And), ("or", Or, Level::Or)];
                let (_, op, level) = word.into_iter().find(|word| self.at_contextual(word.0))?;
                (op, level, false)
            }
            _ => return None,
        };
        (over_newline || self.same_line()).then_some((Infix::Binary(op), level))
    }

    /// `unary = prefix unary | postfix`
    fn unary(&mut self) -> Parse<Expr> {
        let Some(prefix) = self.prefix() else {
            return self.postfix();
        };
        let sign = self.advance();
        let start = sign.span;
        if matches!(sign.kind, Kind::Minus | Kind::Bang) {
            self.mark(start, Mark::Prefix);
        }
        let operand = self.nested(Self::unary)?;
        let Some(op) = prefix else {
            return Ok(operand);
        };
        let span = start.to(operand.span);
        Ok(Expr { kind: ExprKind::Unary { op, operand: Box::new(operand) }, span })
    }

    /// The prefix operator here; `...` outside of a list means nothing.
    fn prefix(&self) -> Option<Option<UnaryOp>> {
        let op = match self.kind() {
            Kind::Minus => UnaryOp::Neg,
            Kind::Bang => UnaryOp::Not,
            Kind::Ellipsis => return Some(None),
            Kind::Word(Keyword::Await | Keyword::Hold) => UnaryOp::Await,
            Kind::Word(Keyword::Must) if self.operand_follows(1) => UnaryOp::Must,
            Kind::Word(Keyword::Freeze) if self.operand_follows(1) => UnaryOp::Freeze,
            Kind::Word(Keyword::Ask) if self.operand_follows(1) => UnaryOp::Ask,
            Kind::Ident(_) if self.at_not_operator() => UnaryOp::Not,
            _ => return None,
        };
        Some(Some(op))
    }

    fn at_not_operator(&self) -> bool {
        self.words && self.is_ident(self.token(), "not") && self.operand_follows(1)
    }

    fn postfix(&mut self) -> Parse<Expr> {
        let start = self.span();
        let primary = self.primary()?;
        // Parentheses are not part of an expression, but what follows them begins with them.
        self.postfix_after(primary, start)
    }

    /// `{ "(" args ")" | "." word | "[" expr "]" | "?" }`
    pub(super) fn postfix_after(&mut self, mut left: Expr, start: Span) -> Parse<Expr> {
        loop {
            let same_line = self.same_line();
            let kind = match self.kind() {
                Kind::LeftParen if same_line => {
                    let args = self.arguments()?;
                    match left.kind {
                        ExprKind::Field { object, name } => {
                            ExprKind::Method { receiver: object, name, args }
                        }
                        kind => {
                            let callee = Box::new(Expr { kind, span: left.span });
                            ExprKind::Call { callee, args }
                        }
                    }
                }
                Kind::LeftBracket if same_line => {
                    let open = self.advance().span;
                    self.mark(open, Mark::Call);
                    let index = Box::new(self.enclosed(open, Kind::RightBracket)?);
                    ExprKind::Index { object: Box::new(left), index }
                }
                Kind::Question if same_line => {
                    self.refuse_foreign_operator()?;
                    self.advance();
                    ExprKind::Propagate(Box::new(left))
                }
                Kind::Dot if same_line || Self::is_word(self.peek(1)) => {
                    self.advance();
                    if !self.at_word_on_line() {
                        return Err(self.expected("a field name after '.'"));
                    }
                    ExprKind::Field { object: Box::new(left), name: self.word() }
                }
                _ => return Ok(left),
            };
            left = Expr { kind, span: self.since(start) };
            self.grow()?;
        }
    }
}
