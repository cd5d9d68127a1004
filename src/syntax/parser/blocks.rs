//! Forms with bodies that are expressions too: `if`, `when`, `match`, `try`.

use super::super::ast::BinaryOp;
use super::super::ast::Block;
use super::super::ast::Expr;
use super::super::ast::ExprKind;
use super::super::ast::If;
use super::super::ast::Match;
use super::super::ast::MatchArm;
use super::super::ast::Stmt;
use super::super::ast::StmtKind;
use super::super::ast::Try;
use super::super::ast::When;
use super::super::ast::WhenArm;
use super::Keyword;
use super::Kind;
use super::Mark;
use super::Parse;
use super::Parser;
use super::query::comparison_of;
use crate::diag::Diagnostic;

impl Parser<'_> {
    /// `if = "if" head block [ [NL] else ( if | block ) ]`
    pub(super) fn if_expr(&mut self) -> Parse<If> {
        self.advance();
        let condition = self.head()?;
        let then = self.block()?;
        let has_else = self.at_else() && !self.at_else_arm();
        let otherwise = if has_else { Some(self.else_branch()?) } else { None };
        if otherwise.is_none() {
            self.refuse_elif()?;
        }
        Ok(If { condition, then, otherwise })
    }

    /// Whether the `else` here is the next arm of a `when`, whose arm before it is an `if`.
    fn at_else_arm(&self) -> bool {
        !self.same_line() && matches!(self.peek(1).kind, Kind::Arrow | Kind::FatArrow)
    }

    fn else_branch(&mut self) -> Parse<Block> {
        self.mark(self.span(), Mark::Else);
        self.advance();
        if !self.at_word(Keyword::If) {
            return self.block_of("'{' or 'if'");
        }
        let start = self.span();
        let inner = self.nested(Self::if_expr)?;
        let kind = ExprKind::If(Box::new(inner));
        Ok(Self::block_of_expr(Expr { kind, span: self.since(start) }))
    }

    fn refuse_elif(&mut self) -> Parse<()> {
        let token = self.token();
        let foreign =
            ["elif", "elsif", "elseif"].into_iter().find(|word| self.is_ident(token, word));
        let Some(word) = foreign.filter(|_| self.operand_follows(1)) else {
            return Ok(());
        };
        let fault = Diagnostic::error("E0204", format!("unexpected '{word}'")).at(token.span);
        Err(self.fail(fault.hint("write 'else if'")))
    }

    /// `when = "when" head [NL] "{" { ( [cmp] expr | else ) [ "->" | "=>" ] statement } "}"`
    pub(super) fn when_expr(&mut self) -> Parse<When> {
        self.advance();
        let subject = self.head()?;
        let open = self.expect(Kind::LeftBrace, "'{' before the arms")?.span;
        let arms = self.nested(|p| p.arms(open, Self::when_arm))?;
        Ok(When { subject, arms })
    }

    /// `{ arm [","] } "}"`, with newlines and semicolons between arms.
    fn arms<T>(
        &mut self,
        open: crate::diag::Span,
        arm: fn(&mut Self) -> Parse<T>,
    ) -> Parse<Vec<T>> {
        self.mark(open, Mark::Arms);
        self.free(|p| {
            let mut arms = Vec::new();
            p.blocks += 1;
            loop {
                p.skip_separators();
                if matches!(p.kind(), Kind::RightBrace | Kind::End) {
                    p.blocks -= 1;
                    p.close(Kind::RightBrace, open)?;
                    return Ok(arms);
                }
                p.mark(p.span(), Mark::Arm);
                match arm(p) {
                    Ok(arm) => arms.push(arm),
                    Err(failed) => {
                        p.blocks -= 1;
                        return Err(failed);
                    }
                }
                p.eat(Kind::Comma);
            }
        })
    }

    fn when_arm(&mut self) -> Parse<WhenArm> {
        let test = if self.at_else() {
            self.advance();
            None
        } else {
            let op = comparison_of(self.kind());
            if op.is_some() {
                self.advance();
            }
            Some((op.unwrap_or(BinaryOp::Eq), self.expr()?))
        };
        let arrow = self.same_line() && (self.eat(Kind::Arrow) || self.eat(Kind::FatArrow));
        if !arrow && !self.same_line() {
            return Err(self.expected("'->'"));
        }
        Ok(WhenArm { test, body: self.when_result()? })
    }

    /// A statement; what begins an expression is read as one whole expression, `if c { 1 } else { 2 } + 1` too.
    fn when_result(&mut self) -> Parse<Stmt> {
        use Keyword as K;
        if let Kind::Word(K::If | K::When | K::Spawn | K::Squad | K::Safe | K::Match | K::Try) =
            self.kind()
        {
            return self.expr_stmt();
        }
        self.single_statement()
    }

    /// Exactly one statement, as the result of an arm.
    pub(super) fn single_statement(&mut self) -> Parse<Stmt> {
        if matches!(self.kind(), Kind::RightBrace | Kind::End | Kind::Comma | Kind::Semicolon) {
            return Err(self.expected("the result of the arm"));
        }
        let mut statements = Vec::new();
        self.statement(&mut statements)?;
        match (statements.pop(), statements.is_empty()) {
            (Some(stmt), true) => Ok(stmt),
            _ => {
                let span = self.last_span();
                Err(self.fail_at("E0201", "a decorator cannot stand here", span))
            }
        }
    }

    /// `match = "match" head [NL] "{" { pattern [ "if" expr ] ( "=>" | "->" ) [NL] ( block | statement ) } "}"`
    pub(super) fn match_expr(&mut self) -> Parse<Match> {
        self.advance();
        let subject = self.head()?;
        let open = self.expect(Kind::LeftBrace, "'{' before the arms")?.span;
        let arms = self.nested(|p| p.arms(open, Self::match_arm))?;
        Ok(Match { subject, arms })
    }

    fn match_arm(&mut self) -> Parse<MatchArm> {
        let pattern = self.pattern()?;
        let guard = if self.eat_word(Keyword::If) { Some(self.expr()?) } else { None };
        if !self.eat(Kind::FatArrow) && !self.eat(Kind::Arrow) {
            return Err(self.expected("'=>'"));
        }
        let body = if self.at(Kind::LeftBrace) {
            self.block()?
        } else {
            let stmt = self.single_statement()?;
            let span = stmt.span;
            Block { statements: vec![stmt], span }
        };
        Ok(MatchArm { pattern, guard, body })
    }

    /// `try = "try" block [NL] "catch" [ name | "(" name ")" ] block [ [NL] "finally" block ]`
    pub(super) fn try_expr(&mut self) -> Parse<Try> {
        self.advance();
        let body = self.block()?;
        self.mark(self.span(), Mark::Else);
        self.expect_word(Keyword::Catch)?;
        let name = if self.at(Kind::LeftBrace) {
            None
        } else if self.at(Kind::LeftParen) {
            let open = self.advance().span;
            let name = self.name("a name for the error")?;
            self.close(Kind::RightParen, open)?;
            Some(name)
        } else {
            Some(self.name("a name for the error")?)
        };
        let handler = self.block()?;
        let finally = self.is_ident(self.token(), "finally");
        let cleanup = if finally && self.peek(1).kind == Kind::LeftBrace {
            self.mark(self.span(), Mark::Else);
            self.advance();
            Some(self.block()?)
        } else {
            None
        };
        Ok(Try { body, name, handler, cleanup })
    }

    /// A statement that is one of these forms. What cannot begin a statement goes on with it, as in
    /// `match x { ... }.len()`.
    pub(super) fn form_stmt(&mut self) -> Parse<Stmt> {
        self.nested_by(0, |p| {
            let start = p.span();
            let mut expr = p.primary()?;
            let goes_on = match p.kind() {
                Kind::Dot => Self::is_word(p.peek(1)),
                Kind::PipeGt | Kind::GtGt | Kind::AndAnd => true,
                Kind::Star | Kind::Slash | Kind::Percent | Kind::Plus => true,
                Kind::Question => p.same_line(),
                _ => false,
            };
            if goes_on {
                expr = p.postfix_after(expr, start)?;
                expr = p.binary_after(expr, super::expr::Level::Pipe)?;
                expr = p.query_after(expr)?;
            }
            Ok(Stmt { kind: StmtKind::Expr(expr), span: p.since(start) })
        })
    }
}
