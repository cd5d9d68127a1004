//! Functions: named ones, lambdas, parameters, generics, decorators.

use super::super::ast::Decorator;
use super::super::ast::ExprKind;
use super::super::ast::FunctionDef;
use super::super::ast::Ident;
use super::super::ast::Lambda;
use super::super::ast::Param;
use super::super::ast::Type;
use super::Keyword;
use super::Kind;
use super::Mark;
use super::Parse;
use super::Parser;
use super::Token;

impl Parser<'_> {
    /// Whether a named function begins here: `fn name`, `define`, `async`, `forge`.
    pub(super) fn at_function(&self) -> bool {
        use Keyword as K;
        match self.kind() {
            Kind::Word(K::Fn) => self.peek(1).kind != Kind::LeftParen,
            Kind::Word(K::Define | K::Async | K::Forge) => true,
            _ => false,
        }
    }

    /// `fn_def = ( ("fn"|"define") | ("async"|"forge") ["fn"|"define"] ) name [generics] "(" params ")" [type] block`
    pub(super) fn function(&mut self, decorators: Vec<Decorator>) -> Parse<FunctionDef> {
        use Keyword as K;
        let marked = self.eat_word(K::Async) || self.eat_word(K::Forge);
        let word = self.eat_word(K::Fn) || self.eat_word(K::Define);
        if !marked && !word {
            return Err(self.expected("'fn' or 'define'"));
        }
        let name = self.name("a function name")?;
        let generics = self.generics()?;
        let params = self.params()?;
        let returns = self.returns()?;
        let body = self.block()?;
        Ok(FunctionDef { name, generics, lambda: Lambda { params, returns, body }, decorators })
    }

    /// `lambda = "fn" "(" params ")" ["->" type] block`
    pub(super) fn lambda(&mut self) -> Parse<Lambda> {
        self.advance();
        let params = self.params()?;
        let returns = self.returns()?;
        Ok(Lambda { params, returns, body: self.block()? })
    }

    /// `|params| expr`, `|| expr`
    pub(super) fn pipe_lambda(&mut self) -> Parse<ExprKind> {
        let open = self.advance();
        let params = if open.kind == Kind::OrOr {
            Vec::new()
        } else {
            let begins = |token: Token| token.kind != Kind::End;
            self.items(open.span, Kind::Bar, begins, |p| p.param_of(Self::plain_type))?
        };
        let value = self.expr()?;
        let body = match value.kind {
            ExprKind::Block(block) => block,
            // As the last statement of a block it would have no value.
            ExprKind::Spawn(_) | ExprKind::Squad(_) => Self::returning(value),
            _ => Self::block_of_expr(value),
        };
        Ok(ExprKind::Lambda(Box::new(Lambda { params, returns: None, body })))
    }

    /// `"(" { name [":" type] ["=" expr] [","] } ")"`
    pub(super) fn params(&mut self) -> Parse<Vec<Param>> {
        let open = self.expect(Kind::LeftParen, "'(' before the parameters")?.span;
        self.mark(open, Mark::Call);
        let begins = |token: Token| token.kind != Kind::End;
        self.items(open, Kind::RightParen, begins, |p| p.param_of(Self::type_expr))
    }

    fn param_of(&mut self, of_type: fn(&mut Self) -> Parse<Type>) -> Parse<Param> {
        let name = self.name("a parameter name")?;
        let ty = if self.eat(Kind::Colon) { Some(of_type(self)?) } else { None };
        let default = if self.eat(Kind::Eq) { Some(self.expr()?) } else { None };
        Ok(Param { name, ty, default })
    }

    /// `["->" type]`, `[":" type]`
    pub(super) fn returns(&mut self) -> Parse<Option<Type>> {
        let annotated = self.same_line() && (self.eat(Kind::Arrow) || self.eat(Kind::Colon));
        if annotated { Ok(Some(self.type_expr()?)) } else { Ok(None) }
    }

    /// `["<" { name [":" bound] [","] } ">"]`
    pub(super) fn generics(&mut self) -> Parse<Vec<Ident>> {
        if !self.at(Kind::Lt) {
            return Ok(Vec::new());
        }
        let open = self.advance().span;
        self.mark(open, Mark::Opens);
        let mut names = Vec::new();
        while !self.at_type_end() {
            names.push(self.name("a type parameter")?);
            if self.eat(Kind::Colon) {
                self.type_expr()?;
                while self.eat(Kind::Plus) {
                    self.type_expr()?;
                }
            }
            self.eat(Kind::Comma);
        }
        self.close_type(open)?;
        Ok(names)
    }

    /// `decorator = "@" name [ "(" { [name ":"] expr } ")" ]`
    pub(super) fn decorator(&mut self) -> Parse<Decorator> {
        let start = self.advance().span;
        let name = self.name("a decorator name")?;
        let mut args = Vec::new();
        if self.at(Kind::LeftParen) && self.same_line() {
            let open = self.advance().span;
            self.mark(open, Mark::Call);
            args = self.items(open, Kind::RightParen, Self::begins_argument, |p| {
                let key = if p.at_key() { Some(p.key()?) } else { None };
                Ok((key, p.expr()?))
            })?;
        }
        Ok(Decorator { name, args, span: self.since(start) })
    }

    fn begins_argument(token: Token) -> bool {
        Self::is_word(token) || Self::begins_operand(token)
    }
}
