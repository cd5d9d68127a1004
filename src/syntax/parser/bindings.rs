//! Statements that bind or assign: `let`, `set`, `change`, `unpack`, `grab`.

use super::super::ast::Destructure;
use super::super::ast::Ident;
use super::super::ast::StmtKind;
use super::super::ast::Type;
use super::Keyword;
use super::Kind;
use super::Parse;
use super::Parser;

impl Parser<'_> {
    /// `let = "let" ["mut"] ( name [":" type] | destructure ) "=" expr`
    pub(super) fn let_stmt(&mut self) -> Parse<StmtKind> {
        self.advance();
        let mutable = self.eat_word(Keyword::Mut);
        if let Some(target) = self.destructure()? {
            self.expect(Kind::Eq, "'='")?;
            return Ok(StmtKind::Unpack { target, value: self.expr()? });
        }
        let name = self.name("a variable name")?;
        let ty = self.annotation()?;
        self.expect(Kind::Eq, "'='")?;
        Ok(StmtKind::Let { name, mutable, ty, value: self.expr()? })
    }

    /// `set = "set" ["mut"] name [":" type] "to" expr`
    pub(super) fn set_stmt(&mut self) -> Parse<StmtKind> {
        self.advance();
        let mutable = self.eat_word(Keyword::Mut);
        let name = self.name("a variable name")?;
        let ty = self.annotation()?;
        self.expect_word(Keyword::To)?;
        Ok(StmtKind::Let { name, mutable, ty, value: self.expr()? })
    }

    fn annotation(&mut self) -> Parse<Option<Type>> {
        let annotated = self.same_line() && self.eat(Kind::Colon);
        if annotated { Ok(Some(self.type_expr()?)) } else { Ok(None) }
    }

    /// `change = "change" expr "to" expr`
    pub(super) fn change_stmt(&mut self) -> Parse<StmtKind> {
        self.advance();
        let target = self.expr()?;
        self.expect_word(Keyword::To)?;
        Ok(StmtKind::Assign { target, op: None, value: self.expr()? })
    }

    /// `unpack = "unpack" destructure "from" expr`
    pub(super) fn unpack_stmt(&mut self) -> Parse<StmtKind> {
        self.advance();
        let Some(target) = self.destructure()? else {
            let span = self.span();
            return Err(self.fail_at("E0201", "expected {, [, or ( after 'unpack'", span));
        };
        self.expect_word(Keyword::From)?;
        Ok(StmtKind::Unpack { target, value: self.expr()? })
    }

    /// `"{" names "}" | "[" names_rest "]" | "(" names ")"`
    fn destructure(&mut self) -> Parse<Option<Destructure>> {
        let open = self.span();
        Ok(Some(match self.kind() {
            Kind::LeftBrace => {
                self.advance();
                Destructure::Object(self.names(open, Kind::RightBrace, "a variable name")?)
            }
            Kind::LeftParen => {
                self.advance();
                Destructure::Tuple(self.names(open, Kind::RightParen, "a variable name")?)
            }
            Kind::LeftBracket => {
                self.advance();
                self.array_destructure(open)?
            }
            _ => return Ok(None),
        }))
    }

    fn array_destructure(&mut self, open: crate::diag::Span) -> Parse<Destructure> {
        let not_end = |token: super::Token| token.kind != Kind::End;
        let items = self.items(open, Kind::RightBracket, not_end, |p| {
            let rest = p.eat(Kind::Ellipsis);
            Ok((rest, p.name("a variable name")?))
        })?;
        let mut names = Vec::new();
        let mut rest: Option<Ident> = None;
        for (is_rest, name) in items {
            if !is_rest {
                names.push(name);
            } else if rest.is_none() {
                rest = Some(name);
            } else {
                return Err(self.fail_at("E0201", "only one name can take the rest", name.span));
            }
        }
        Ok(Destructure::Array(names, rest))
    }

    /// `grab = "grab" name "from" expr [ "with" expr ]`
    pub(super) fn grab_stmt(&mut self) -> Parse<StmtKind> {
        self.advance();
        let name = self.name("a variable name")?;
        self.expect_word(Keyword::From)?;
        let url = self.expr()?;
        let with = self.at_contextual("with") && self.operand_follows(1);
        if with {
            self.advance();
        }
        let options = if with { Some(self.expr()?) } else { None };
        Ok(StmtKind::Grab { name, url, options })
    }
}
