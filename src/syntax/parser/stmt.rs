//! Statements: which one begins here (language-statements 1, 15), and the short ones.

use super::super::ast::BinaryOp;
use super::super::ast::CheckTest;
use super::super::ast::Expr;
use super::super::ast::ExprKind;
use super::super::ast::OutputKind;
use super::super::ast::Stmt;
use super::super::ast::StmtKind;
use super::super::ast::Unit;
use super::super::ast::Wait;
use super::Keyword;
use super::Kind;
use super::Mark;
use super::Parse;
use super::Parser;
use crate::diag::Span;

impl Parser<'_> {
    /// Reads a statement; decorators that decorate nothing are statements of their own before it.
    pub(super) fn statement(&mut self, out: &mut Vec<Stmt>) -> Parse<()> {
        if self.at(Kind::At) {
            return self.decorated(out);
        }
        let stmt = self.plain_statement()?;
        out.push(stmt);
        Ok(())
    }

    fn plain_statement(&mut self) -> Parse<Stmt> {
        let start = self.span();
        let kind = match self.kind() {
            Kind::Word(keyword) if !self.word_is_name(keyword) => {
                match self.keyword_statement(keyword) {
                    Some(kind) => kind?,
                    None if is_form(keyword) => return self.form_stmt(),
                    None => return self.expr_stmt(),
                }
            }
            Kind::Ident(_) if self.brace_follows() && self.is_ident(self.token(), "shared") => {
                self.shared()?
            }
            Kind::Ident(_) if self.brace_follows() && self.is_ident(self.token(), "atomic") => {
                return self.form_stmt();
            }
            _ => return self.expr_stmt(),
        };
        Ok(Stmt { kind, span: self.since(start) })
    }

    /// Whether the keyword at the start of a statement is a name there: before `=`, a compound assignment, `.`, or a
    /// `[` if it takes no expression; or because what it needs does not follow (language-core 1.5.1).
    fn word_is_name(&self, keyword: Keyword) -> bool {
        use Keyword as K;
        if keyword.class() == super::Class::Hard {
            return false;
        }
        let takes_expr = matches!(
            keyword,
            K::Check
                | K::Ask
                | K::Must
                | K::Freeze
                | K::Match
                | K::Retry
                | K::Timeout
                | K::Schedule
                | K::Watch
                | K::Crawl
                | K::Download
                | K::From
        );
        let next = self.peek(1);
        match next.kind {
            Kind::Eq | Kind::Dot => true,
            kind if compound(kind).is_some() => true,
            Kind::LeftBracket if !next.newline => !takes_expr,
            _ if takes_expr => !self.operand_follows(1),
            _ => match keyword {
                _ if next.newline => keyword != K::Safe || next.kind != Kind::LeftBrace,
                K::Set => !(Self::is_name(next) || next.kind == Kind::Word(K::Mut)),
                K::Type => {
                    // A brace is wrong, and a sign of what was meant.
                    let begins = matches!(self.peek(2).kind, Kind::Eq | Kind::Lt | Kind::LeftBrace);
                    !(Self::is_name(next) && begins)
                }
                K::Import => {
                    let is_all = next.kind == Kind::Star && Self::is_word(self.peek(2));
                    next.kind == Kind::LeftParen || !(is_all || self.operand_follows(1))
                }
                K::Thing | K::Power | K::Give | K::Prompt | K::Agent => !Self::is_word(next),
                K::Safe => next.kind != Kind::LeftBrace,
                _ => false,
            },
        }
    }

    /// The statement that the keyword begins; `None` if it begins an expression.
    fn keyword_statement(&mut self, keyword: Keyword) -> Option<Parse<StmtKind>> {
        use Keyword as K;
        Some(match keyword {
            K::Let => self.let_stmt(),
            K::Set => self.set_stmt(),
            K::Change => self.change_stmt(),
            K::Unpack => self.unpack_stmt(),
            K::Grab => self.grab_stmt(),
            K::Fn if !self.at_function() => return None,
            K::Fn | K::Define | K::Async | K::Forge => {
                self.function(Vec::new()).map(StmtKind::Function)
            }
            K::Return => self.return_stmt(),
            K::Break => self.jump(StmtKind::Break),
            K::Continue => self.jump(StmtKind::Continue),
            K::While => self.while_stmt(),
            K::Loop => self.loop_stmt(),
            K::For => self.for_stmt(),
            K::Repeat => self.repeat_stmt(),
            K::Retry => self.retry_stmt(),
            K::Timeout => self.timeout_stmt(),
            K::Schedule => self.schedule_stmt(),
            K::Watch => self.watch_stmt(),
            K::Check => self.check_stmt(),
            K::Say => self.output_stmt(OutputKind::Say),
            K::Yell => self.output_stmt(OutputKind::Yell),
            K::Whisper => self.output_stmt(OutputKind::Whisper),
            K::Wait => self.wait_stmt(),
            K::Yield | K::Emit => self.yield_stmt(),
            K::Struct | K::Thing => self.struct_def().map(StmtKind::Struct),
            K::Interface | K::Power => self.interface_def().map(StmtKind::Interface),
            K::Impl => self.impl_def().map(StmtKind::Impl),
            K::Give => self.give_def().map(StmtKind::Impl),
            K::Type => self.type_def().map(StmtKind::Type),
            K::Import => self.import().map(StmtKind::Import),
            K::Prompt => self.prompt_def().map(StmtKind::Prompt),
            K::Agent => self.agent_def().map(StmtKind::Agent),
            _ => return None,
        })
    }

    /// `expr [ ("=" | "+=" | "-=" | "*=" | "/=" | "%=") expr ]`
    pub(super) fn expr_stmt(&mut self) -> Parse<Stmt> {
        let start = self.span();
        let begin = self.pos;
        if self.starts_nothing() {
            return Err(self.no_statement());
        }
        let target = self.expr()?;
        let op = match self.kind() {
            _ if !self.same_line() => None,
            Kind::Eq => Some(None),
            kind => compound(kind).map(Some),
        };
        let Some(op) = op else {
            self.refuse_foreign_word(begin, &target)?;
            if self.at(Kind::Colon) && self.same_line() {
                return Err(self.entry_in_block(begin));
            }
            return Ok(Stmt { kind: StmtKind::Expr(target), span: self.since(start) });
        };
        self.advance();
        let value = self.expr()?;
        Ok(Stmt { kind: StmtKind::Assign { target, op, value }, span: self.since(start) })
    }

    /// `{ a: 1 }` where only a block can stand.
    fn entry_in_block(&mut self, begin: usize) -> super::Failed {
        let mut fault = crate::diag::Diagnostic::error("E0201", "unexpected ':'").at(self.span());
        let hint = "this '{' begins a block; to give back an object put it in a block of its own: { { key: value } }";
        let first = begin > 0 && self.tokens[begin - 1].kind == Kind::LeftBrace;
        let hint = if first { Some(hint) } else { self.instead_of_colon(begin) };
        fault.hints.extend(hint.map(str::to_owned));
        self.fail(fault)
    }

    /// Decorators and the function they belong to; `@server` belongs to none.
    fn decorated(&mut self, out: &mut Vec<Stmt>) -> Parse<()> {
        let start = self.span();
        let mut decorators = Vec::new();
        while self.at(Kind::At) {
            self.mark(self.span(), Mark::Statement);
            let decorator = self.decorator()?;
            if matches!(&*decorator.name.name, "server" | "static") {
                let span = decorator.span;
                out.push(Stmt { kind: StmtKind::Decorator(decorator), span });
            } else {
                decorators.push(decorator);
            }
        }
        if decorators.is_empty() || !self.at_function() {
            out.extend(decorators.into_iter().map(|decorator| Stmt {
                span: decorator.span,
                kind: StmtKind::Decorator(decorator),
            }));
            return Ok(());
        }
        let start = decorators.first().map_or(start, |decorator| decorator.span);
        self.mark(self.span(), Mark::Statement);
        let function = self.function(decorators)?;
        out.push(Stmt { kind: StmtKind::Function(function), span: self.since(start) });
        Ok(())
    }

    /// `return = "return" [ expr ]`
    fn return_stmt(&mut self) -> Parse<StmtKind> {
        self.advance();
        let ends = matches!(
            self.kind(),
            Kind::RightBrace | Kind::End | Kind::Semicolon | Kind::Comma | Kind::RightParen
        );
        if ends || !self.same_line() {
            return Ok(StmtKind::Return(None));
        }
        Ok(StmtKind::Return(Some(self.expr()?)))
    }

    fn jump(&mut self, kind: StmtKind) -> Parse<StmtKind> {
        self.advance();
        Ok(kind)
    }

    fn while_stmt(&mut self) -> Parse<StmtKind> {
        self.advance();
        let condition = self.head()?;
        Ok(StmtKind::While { condition, body: self.block()? })
    }

    fn loop_stmt(&mut self) -> Parse<StmtKind> {
        self.advance();
        Ok(StmtKind::Loop(self.block()?))
    }

    /// `for = "for" ["each"] name ["," name] "in" head block`
    fn for_stmt(&mut self) -> Parse<StmtKind> {
        self.advance();
        self.eat_word(Keyword::Each);
        let name = self.name("a variable name")?;
        let comma = self.eat(Kind::Comma);
        let second = if comma { Some(self.name("a variable name")?) } else { None };
        self.expect_word(Keyword::In)?;
        let source = self.head()?;
        Ok(StmtKind::For { name, second, source, body: self.block()? })
    }

    /// `repeat = "repeat" head ["times"] block`
    fn repeat_stmt(&mut self) -> Parse<StmtKind> {
        let count = self.count()?;
        Ok(StmtKind::Repeat { count, body: self.block()? })
    }

    /// `retry = "retry" head ["times"] block`
    fn retry_stmt(&mut self) -> Parse<StmtKind> {
        let count = self.count()?;
        Ok(StmtKind::Retry { count, body: self.block()? })
    }

    fn count(&mut self) -> Parse<Expr> {
        self.advance();
        let count = self.head()?;
        self.eat_word(Keyword::Times);
        Ok(count)
    }

    fn timeout_stmt(&mut self) -> Parse<StmtKind> {
        self.advance();
        let amount = self.head()?;
        let unit = self.unit();
        Ok(StmtKind::Timeout { amount, unit, body: self.block()? })
    }

    /// `schedule = "schedule" ["every"] head [unit] block`
    fn schedule_stmt(&mut self) -> Parse<StmtKind> {
        self.advance();
        if self.at_word(Keyword::Every) && self.operand_follows(1) {
            self.advance();
        }
        let amount = self.head()?;
        let unit = self.unit();
        Ok(StmtKind::Schedule { amount, unit, body: self.block()? })
    }

    fn watch_stmt(&mut self) -> Parse<StmtKind> {
        self.advance();
        let path = self.head()?;
        Ok(StmtKind::Watch { path, body: self.block()? })
    }

    /// The unit here, or seconds. A unit word before an assignment, `.`, `(` or `[` is none.
    fn unit(&mut self) -> Unit {
        let token = self.token();
        let unit = match token.kind {
            _ if token.newline => None,
            Kind::Word(Keyword::Seconds) => Some(Unit::Seconds),
            Kind::Ident(id) => unit_of(self.pool.name(id)),
            _ => None,
        };
        let next = self.peek(1);
        let taken = !next.newline
            && (matches!(next.kind, Kind::Eq | Kind::Dot | Kind::LeftParen | Kind::LeftBracket)
                || compound(next.kind).is_some());
        match unit.filter(|_| !taken) {
            Some(unit) => {
                self.advance();
                unit
            }
            None => Unit::Seconds,
        }
    }

    /// `wait expr [unit]`
    pub(super) fn wait(&mut self) -> Parse<ExprKind> {
        self.advance();
        let amount = self.expr()?;
        let unit = self.unit();
        Ok(ExprKind::Wait(Box::new(Wait { amount, unit })))
    }

    fn wait_stmt(&mut self) -> Parse<StmtKind> {
        let start = self.span();
        self.operand_required()?;
        let kind = self.wait()?;
        Ok(StmtKind::Expr(Expr { kind, span: self.since(start) }))
    }

    fn output_stmt(&mut self, kind: OutputKind) -> Parse<StmtKind> {
        let start = self.span();
        self.operand_required()?;
        self.advance();
        let value = Box::new(self.expr()?);
        let kind = ExprKind::Output { kind, value };
        Ok(StmtKind::Expr(Expr { kind, span: self.since(start) }))
    }

    fn yield_stmt(&mut self) -> Parse<StmtKind> {
        self.operand_required()?;
        self.advance();
        Ok(StmtKind::Yield(self.expr()?))
    }

    /// Something to say must follow the word on its line.
    fn operand_required(&mut self) -> Parse<()> {
        if self.expr_follows(1) {
            return Ok(());
        }
        let Kind::Word(word) = self.advance().kind else {
            return Ok(());
        };
        Err(self.expected(&format!("an expression after '{}'", word.text())))
    }

    /// `check = "check" expr [ "is" ["not" | "!"] test | between | "contains" expr ]`
    fn check_stmt(&mut self) -> Parse<StmtKind> {
        self.advance();
        let value = self.expr()?;
        if self.eat_contextual("is") {
            let negated = self.eat_contextual("not") || self.eat(Kind::Bang);
            let test = self.is_test()?;
            return Ok(StmtKind::Check { value, test, negated });
        }
        let test = if self.at_contextual("between") && self.operand_follows(1) {
            self.between()?
        } else if self.at_contextual("contains") && self.operand_follows(1) {
            self.advance();
            CheckTest::Contains(self.expr()?)
        } else {
            CheckTest::Truthy
        };
        Ok(StmtKind::Check { value, test, negated: false })
    }

    fn is_test(&mut self) -> Parse<CheckTest> {
        let test = match self.kind() {
            _ if !self.same_line() => None,
            Kind::Word(Keyword::True) => Some(CheckTest::True),
            Kind::Word(Keyword::False) => Some(CheckTest::False),
            Kind::Word(Keyword::Null) => Some(CheckTest::Null),
            Kind::Ident(_) if self.at_contextual("empty") => Some(CheckTest::Empty),
            Kind::Ident(_) if self.at_contextual("between") => return self.between(),
            _ => None,
        };
        let Some(test) = test else {
            return Err(self.expected("'empty', 'true', 'false', 'null' or 'between'"));
        };
        self.advance();
        Ok(test)
    }

    /// `between = "between" expr ["and"] expr`
    fn between(&mut self) -> Parse<CheckTest> {
        self.advance();
        let words = std::mem::replace(&mut self.words, false);
        let low = self.expr();
        self.words = words;
        let low = low?;
        self.eat_contextual("and");
        Ok(CheckTest::Between(low, self.expr()?))
    }

    /// `shared = "shared" "{" { let } "}"`
    fn shared(&mut self) -> Parse<StmtKind> {
        let start = self.advance().span;
        if self.blocks > 0 {
            return Err(self.fail_at("E0205", "shared is only allowed at top level", start));
        }
        let block = self.block()?;
        let other = block.statements.iter().find(|stmt| !is_let(&stmt.kind)).map(|stmt| stmt.span);
        match other {
            Some(span) => Err(self.only_lets(span)),
            None => Ok(StmtKind::Shared(block)),
        }
    }

    fn only_lets(&mut self, span: Span) -> super::Failed {
        self.fail_at("E0205", "only 'let' can stand in a shared block", span)
    }
}

fn is_let(kind: &StmtKind) -> bool {
    matches!(kind, StmtKind::Let { .. } | StmtKind::Unpack { .. })
}

/// Whether the keyword begins a form with a body that is an expression too.
fn is_form(keyword: Keyword) -> bool {
    use Keyword as K;
    matches!(keyword, K::If | K::Match | K::When | K::Try | K::Safe | K::Spawn | K::Squad)
}

/// The operator of a compound assignment.
fn compound(kind: Kind) -> Option<BinaryOp> {
    Some(match kind {
        Kind::PlusEq => BinaryOp::Add,
        Kind::MinusEq => BinaryOp::Sub,
        Kind::StarEq => BinaryOp::Mul,
        Kind::SlashEq => BinaryOp::Div,
        Kind::PercentEq => BinaryOp::Mod,
        _ => return None,
    })
}

fn unit_of(word: &str) -> Option<Unit> {
    Some(match word {
        "second" | "seconds" | "sec" | "secs" | "s" => Unit::Seconds,
        "millisecond" | "milliseconds" | "ms" => Unit::Milliseconds,
        "minute" | "minutes" | "min" | "mins" => Unit::Minutes,
        "hour" | "hours" => Unit::Hours,
        _ => return None,
    })
}
