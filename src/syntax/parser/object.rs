//! What a `{` in expression position begins: an object or a block (language-core 2.3), and struct literals.

use super::super::ast::Entry;
use super::super::ast::Expr;
use super::super::ast::ExprKind;
use super::super::ast::Ident;
use super::Kind;
use super::Parse;
use super::Parser;
use super::Token;
use crate::diag::Span;

impl Parser<'_> {
    pub(super) fn brace(&mut self) -> Parse<ExprKind> {
        if !self.begins_object() {
            return Ok(ExprKind::Block(self.block()?));
        }
        let open = self.advance().span;
        let commas = self.pos;
        let mut entries = self.items(open, Kind::RightBrace, begins_entry, Self::entry)?;
        let ends_in_comma = self.tokens[self.pos.saturating_sub(2).max(commas)].kind == Kind::Comma;
        match (entries.pop(), entries.is_empty()) {
            // `{ ...e }` alone is the value of `e`.
            (Some(Entry::Spread(value)), true) if !ends_in_comma => {
                let block = Self::block_of_expr(value);
                Ok(ExprKind::Block(super::Block { span: self.since(open), ..block }))
            }
            (last, _) => {
                entries.extend(last);
                Ok(ExprKind::Object(entries))
            }
        }
    }

    fn begins_object(&self) -> bool {
        let (first, second) = (self.peek(1), self.peek(2));
        match first.kind {
            Kind::RightBrace | Kind::Ellipsis => true,
            Kind::String(_) => second.kind == Kind::Colon,
            Kind::LeftBracket => {
                let closer = self.closer(self.pos + 1);
                closer.is_some_and(|at| self.tokens[at + 1].kind == Kind::Colon)
            }
            _ if second.kind == Kind::Colon => Self::is_word(first),
            _ if second.kind == Kind::Comma => Self::is_name(first),
            _ => false,
        }
    }

    fn entry(&mut self) -> Parse<Entry> {
        if self.eat(Kind::Ellipsis) {
            return Ok(Entry::Spread(self.expr()?));
        }
        if self.at(Kind::LeftBracket) {
            let open = self.advance().span;
            let key = self.enclosed(open, Kind::RightBracket)?;
            self.expect(Kind::Colon, "':'")?;
            return Ok(Entry::Computed(key, self.expr()?));
        }
        let (key, value) = self.field()?;
        Ok(Entry::Field(key, value))
    }

    /// `key ":" expr`, or a name that is key and value.
    fn field(&mut self) -> Parse<(Ident, Expr)> {
        if self.at_name() && !self.at_key() {
            let name = self.word();
            let value = Expr { kind: ExprKind::Name(name.name.clone()), span: name.span };
            return Ok((name, value));
        }
        let key = self.key()?;
        Ok((key, self.expr()?))
    }

    /// The fields of a struct literal; stands at the `{`.
    pub(super) fn struct_literal(&mut self, name: Ident, start: Span) -> Parse<Expr> {
        let open = self.advance().span;
        let begins = |token: Token| Self::is_word(token) || matches!(token.kind, Kind::String(_));
        let fields = self.items(open, Kind::RightBrace, begins, Self::field)?;
        Ok(Expr { kind: ExprKind::Struct { name, fields }, span: self.since(start) })
    }
}

fn begins_entry(token: Token) -> bool {
    Parser::is_word(token)
        || matches!(token.kind, Kind::String(_) | Kind::Ellipsis | Kind::LeftBracket)
}
