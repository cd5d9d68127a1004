//! Patterns of `match` (language-core 6.1).

use super::super::ast::Pattern;
use super::super::ast::PatternKind;
use super::Keyword;
use super::Kind;
use super::Mark;
use super::Parse;
use super::Parser;
use super::Token;
use crate::diag::Diagnostic;

impl Parser<'_> {
    /// `pattern = ["|"] single { "|" single }`
    pub(super) fn pattern(&mut self) -> Parse<Pattern> {
        self.nested(|p| {
            p.eat(Kind::Bar);
            let first = p.single_pattern()?;
            if !p.at(Kind::Bar) {
                return Ok(first);
            }
            let span = first.span;
            let mut alternatives = vec![first];
            while p.eat(Kind::Bar) {
                alternatives.push(p.single_pattern()?);
            }
            Ok(Pattern { kind: PatternKind::Or(alternatives), span: p.since(span) })
        })
    }

    fn single_pattern(&mut self) -> Parse<Pattern> {
        let start = self.span();
        let kind = match self.kind() {
            Kind::Int(value) => self.literal_pattern(PatternKind::Int(value)),
            Kind::Float(value) => self.literal_pattern(PatternKind::Float(value)),
            Kind::Minus => self.negative_pattern()?,
            Kind::String(id) => {
                let text = self.pool.string(id).text.clone();
                self.literal_pattern(PatternKind::Str(text))
            }
            Kind::Word(Keyword::True) => self.literal_pattern(PatternKind::Bool(true)),
            Kind::Word(Keyword::False) => self.literal_pattern(PatternKind::Bool(false)),
            Kind::Word(Keyword::Null) => self.literal_pattern(PatternKind::Null),
            Kind::LeftParen => {
                let open = self.advance().span;
                let mut parts = self.patterns(open)?;
                let one = parts.len() == 1 && self.tokens[self.pos - 2].kind != Kind::Comma;
                match parts.pop() {
                    Some(inner) if one => return Ok(inner),
                    last => {
                        parts.extend(last);
                        PatternKind::Tuple(parts)
                    }
                }
            }
            _ if self.at_name() || self.at_type_word() => self.name_pattern()?,
            _ if self.at_else() => {
                let found = self.describe(self.token());
                let fault =
                    Diagnostic::error("E0201", format!("expected a pattern, found {found}"));
                let hint = "in a 'match' what is left is written _ => ...";
                return Err(self.fail(fault.at(self.span()).hint(hint)));
            }
            _ => {
                let fault = self.expected_fault("a pattern");
                return Err(self.fail(fault));
            }
        };
        Ok(Pattern { kind, span: self.since(start) })
    }

    fn literal_pattern(&mut self, kind: PatternKind) -> PatternKind {
        self.advance();
        kind
    }

    fn negative_pattern(&mut self) -> Parse<PatternKind> {
        let sign = self.advance().span;
        self.mark(sign, Mark::Prefix);
        match self.kind() {
            Kind::Int(value) => Ok(self.literal_pattern(PatternKind::Int(-value))),
            Kind::Float(value) => Ok(self.literal_pattern(PatternKind::Float(-value))),
            _ => Err(self.expected("a number")),
        }
    }

    fn name_pattern(&mut self) -> Parse<PatternKind> {
        let name = self.word();
        if self.at(Kind::LeftParen) && self.same_line() {
            let open = self.advance().span;
            let args = self.patterns(open)?;
            return Ok(PatternKind::Constructor { name, args });
        }
        if &*name.name == "_" {
            return Ok(PatternKind::Wildcard);
        }
        Ok(PatternKind::Name(name.name))
    }

    fn patterns(&mut self, open: crate::diag::Span) -> Parse<Vec<Pattern>> {
        let begins = |token: Token| token.kind != Kind::End;
        self.items(open, Kind::RightParen, begins, Self::pattern)
    }
}
