//! Type annotations (language-core 2.8).

use super::super::ast::Type;
use super::super::ast::TypeKind;
use super::Keyword;
use super::Kind;
use super::Mark;
use super::Parse;
use super::Parser;
use crate::diag::Span;

impl Parser<'_> {
    /// `type = plain { "|" plain }`
    pub(super) fn type_expr(&mut self) -> Parse<Type> {
        self.nested(|p| {
            let first = p.plain_type()?;
            if !(p.at(Kind::Bar) && p.same_line()) {
                return Ok(first);
            }
            let span = first.span;
            let mut union = vec![first];
            while p.same_line() && p.eat(Kind::Bar) {
                union.push(p.plain_type()?);
            }
            Ok(Type { kind: TypeKind::Union(union), span: p.since(span) })
        })
    }

    /// A type that is no union, with the `?` behind it.
    pub(super) fn plain_type(&mut self) -> Parse<Type> {
        let start = self.span();
        let mut ty = self.nested(Self::bare_type)?;
        while self.same_line() && self.eat(Kind::Question) {
            ty = Type { kind: TypeKind::Optional(Box::new(ty)), span: self.since(start) };
            self.grow()?;
        }
        Ok(ty)
    }

    fn bare_type(&mut self) -> Parse<Type> {
        let start = self.span();
        let kind = match self.kind() {
            Kind::LeftBracket => {
                self.advance();
                let element = Box::new(self.type_expr()?);
                self.close(Kind::RightBracket, start)?;
                TypeKind::Array(element)
            }
            Kind::Question => {
                let sign = self.advance().span;
                self.mark(sign, Mark::Prefix);
                TypeKind::Optional(Box::new(self.plain_type()?))
            }
            Kind::LeftParen => return self.tuple_type(),
            Kind::Word(Keyword::Fn) => {
                self.advance();
                let open = self.expect(Kind::LeftParen, "'('")?.span;
                let params = self.types(open, Kind::RightParen)?;
                let returns = match self.returns()? {
                    Some(returns) => returns,
                    None => return Err(self.expected("'->' and the type of the result")),
                };
                TypeKind::Function(params, Box::new(returns))
            }
            _ => self.named_type()?,
        };
        Ok(Type { kind, span: self.since(start) })
    }

    /// `(A, B)`; `(A)` is `A`.
    fn tuple_type(&mut self) -> Parse<Type> {
        let open = self.advance().span;
        let mut types = self.types(open, Kind::RightParen)?;
        let one = types.len() == 1 && self.tokens[self.pos - 2].kind != Kind::Comma;
        match types.pop() {
            Some(inner) if one => Ok(inner),
            last => {
                types.extend(last);
                Ok(Type { kind: TypeKind::Tuple(types), span: self.since(open) })
            }
        }
    }

    fn named_type(&mut self) -> Parse<TypeKind> {
        if !(self.at_name() || self.at_type_word()) {
            return Err(self.expected("a type"));
        }
        let name = self.word().name;
        if !(self.at(Kind::Lt) && self.same_line()) {
            return Ok(TypeKind::Named(name, Vec::new()));
        }
        let open = self.advance().span;
        self.mark(open, Mark::Opens);
        let mut args = Vec::new();
        while !self.at_type_end() {
            args.push(self.type_expr()?);
            self.eat(Kind::Comma);
        }
        self.close_type(open)?;
        Ok(TypeKind::Named(name, args))
    }

    /// The hard words that name a type.
    pub(super) fn at_type_word(&self) -> bool {
        use Keyword as K;
        matches!(
            self.kind(),
            Kind::Word(K::Int | K::Float | K::String | K::Bool | K::Json | K::Null)
        )
    }

    pub(super) fn types(&mut self, open: Span, closer: Kind) -> Parse<Vec<Type>> {
        self.items(
            open,
            closer,
            |token| token.kind != Kind::End,
            |p| {
                // `Circle(radius: Float)`: the name is for the reader.
                if p.at_key() {
                    p.key()?;
                }
                p.type_expr()
            },
        )
    }

    /// A `>`, or a sign that begins with one.
    pub(super) fn at_type_end(&self) -> bool {
        matches!(self.kind(), Kind::Gt | Kind::GtGt | Kind::GtEq | Kind::End)
    }

    /// Takes one `>`, out of `>>` or `>=` if need be.
    pub(super) fn close_type(&mut self, open: Span) -> Parse<()> {
        self.mark(self.span(), Mark::Closes);
        let rest = match self.kind() {
            Kind::GtGt => Kind::Gt,
            Kind::GtEq => Kind::Eq,
            _ => return self.close(Kind::Gt, open).map(|_| ()),
        };
        let token = &mut self.tokens[self.pos];
        token.kind = rest;
        token.span.start += 1;
        token.newline = false;
        Ok(())
    }
}
