//! Lists in brackets: newlines anywhere, commas where one likes, never two of them.

use super::super::ast::Expr;
use super::super::ast::Ident;
use super::super::ast::Item;
use super::Kind;
use super::Mark;
use super::Parse;
use super::Parser;
use super::Token;
use crate::diag::Span;

impl Parser<'_> {
    /// `{ item [","] } closer`, behind the opening bracket. `begins` says which tokens can begin an item.
    pub(super) fn items<T>(
        &mut self,
        open: Span,
        closer: Kind,
        begins: impl Fn(Token) -> bool,
        mut item: impl FnMut(&mut Self) -> Parse<T>,
    ) -> Parse<Vec<T>> {
        self.mark(open, Mark::List);
        self.free(|p| {
            let mut items = Vec::new();
            while !p.at(closer) {
                if p.at(Kind::Comma) {
                    return Err(p.unexpected());
                }
                if !begins(p.token()) {
                    return Err(p.unclosed(closer, open));
                }
                p.mark(p.span(), Mark::Element);
                items.push(item(p)?);
                p.eat(Kind::Comma);
            }
            let close = p.advance();
            if closer == Kind::Bar {
                p.mark(open, Mark::Opens);
                p.mark(close.span, Mark::Closes);
            }
            Ok(items)
        })
    }

    /// Arguments or elements: `{ ["..."] expr [","] }`.
    pub(super) fn expr_items(&mut self, open: Span, closer: Kind) -> Parse<Vec<Item>> {
        self.items(open, closer, Self::begins_expr, Self::item)
    }

    /// `["..."] expr`
    pub(super) fn item(&mut self) -> Parse<Item> {
        let spread = self.eat(Kind::Ellipsis);
        Ok(Item { value: self.expr()?, spread })
    }

    /// `{ name [","] } closer`
    pub(super) fn names(&mut self, open: Span, closer: Kind, what: &str) -> Parse<Vec<Ident>> {
        self.items(open, closer, |token| token.kind != Kind::End, |p| p.name(what))
    }

    /// `"(" items ")"` or `"[" items "]"` as a whole; stands at the opening bracket.
    pub(super) fn array(&mut self) -> Parse<Vec<Item>> {
        let open = self.advance().span;
        self.expr_items(open, Kind::RightBracket)
    }

    /// Whether `:` follows the word or string here.
    pub(super) fn at_key(&self) -> bool {
        let is_key = Self::is_word(self.token()) || matches!(self.kind(), Kind::String(_));
        is_key && self.peek(1).kind == Kind::Colon
    }

    /// A key and its `:`.
    pub(super) fn key(&mut self) -> Parse<Ident> {
        let token = self.token();
        let key = match token.kind {
            Kind::String(id) => {
                self.advance();
                Ident { name: self.pool.string(id).text.clone(), span: token.span }
            }
            _ if Self::is_word(token) => self.word(),
            _ => return Err(self.expected("a key")),
        };
        self.expect(Kind::Colon, "':'")?;
        Ok(key)
    }

    /// A call's arguments; stands at the `(`.
    pub(super) fn arguments(&mut self) -> Parse<Vec<Item>> {
        let open = self.advance().span;
        self.mark(open, Mark::Call);
        self.expr_items(open, Kind::RightParen)
    }

    /// An expression inside brackets, where newlines do not count, and its closing bracket.
    pub(super) fn enclosed(&mut self, open: Span, closer: Kind) -> Parse<Expr> {
        self.free(|p| {
            let expr = p.expr()?;
            p.close(closer, open)?;
            Ok(expr)
        })
    }
}
