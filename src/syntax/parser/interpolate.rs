//! Interpolated strings: literal text and embedded expressions (language-core 1.9).

use std::rc::Rc;

use super::super::ast::Expr;
use super::super::ast::ExprKind;
use super::super::ast::Name;
use super::super::ast::Part;
use super::super::lexer;
use super::super::lexer::Origin;
use super::super::strings::Mark;
use super::super::strings::Marked;
use super::super::token::StringId;
use super::Kind;
use super::Parse;
use super::Parser;
use super::recover;
use crate::diag::Diagnostic;
use crate::diag::Span;

/// How many levels of height an embedded expression counts: its text is read once for every level around it.
const LEVELS: u32 = 8;

/// The message of [`Parser::too_deep`] is not wrapped in others.
const TOO_DEEP: &str = "E0203";

impl Parser<'_> {
    /// The value of a string literal in expression position.
    pub(super) fn string_expr(&mut self, id: StringId, span: Span) -> Parse<ExprKind> {
        let string = self.pool.string(id);
        let (text, end) = (string.text.clone(), string.end);
        let Some(marked) = string.marked.clone() else {
            return Ok(ExprKind::Str(text));
        };
        match self.parts(&marked, end)? {
            Some(parts) => Ok(ExprKind::Interpolation(parts)),
            // The fault is reported; what follows the string can still be read.
            None => Ok(ExprKind::Str(text)),
        }
        .inspect(|_| debug_assert!(span.end > span.start))
    }

    /// The parts, or `None` after a fault.
    fn parts(&mut self, marked: &Rc<[Marked]>, end: u32) -> Parse<Option<Vec<Part>>> {
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut i = 0;
        while let Some(here) = marked.get(i) {
            match (here.char, here.mark) {
                ('{', Mark::Plain) => {
                    let Some(close) = closing_brace(marked, i) else {
                        let message = "unterminated interpolation expression";
                        return Ok(self.bad_string(message, here.at));
                    };
                    if !text.is_empty() {
                        parts.push(Part::Text(Name::from(std::mem::take(&mut text))));
                    }
                    let close_at = marked.get(close).map_or(end, |close| close.at);
                    match self.embedded(&marked[i + 1..close], here.at, close_at)? {
                        Some(expr) => parts.push(Part::Expr(expr)),
                        None => return Ok(None),
                    }
                    i = close;
                }
                ('}', Mark::Plain) => {
                    return Ok(self.bad_string("unexpected '}' in string literal", here.at));
                }
                (char, _) => text.push(char),
            }
            i += 1;
        }
        if !text.is_empty() {
            parts.push(Part::Text(text.into()));
        }
        Ok(Some(parts))
    }

    fn bad_string<T>(&mut self, message: &str, at: u32) -> Option<T> {
        let span = Span::new(self.source, at, at + 1);
        let hint = "write \\{ and \\} for braces that are text";
        self.report(Diagnostic::error("E0207", message).at(span).hint(hint));
        None
    }

    /// The expression between two braces; the first stands at `open`, the second at `close`.
    fn embedded(&mut self, marked: &[Marked], open: u32, close: u32) -> Parse<Option<Expr>> {
        let text: String = marked.iter().map(|marked| marked.char).collect();
        if text.trim().is_empty() {
            return Ok(self.bad_string("empty interpolation expression", open));
        }
        let (source_text, map) = source_of(marked, close);
        self.spend(source_text.len());
        let origin = Origin { source: self.source, map: Some(&map) };
        let lexed = lexer::lex(&source_text, origin, &mut self.pool);
        let closers = recover::closers(&lexed.tokens);

        let outer = (
            std::mem::replace(&mut self.tokens, lexed.tokens),
            std::mem::replace(&mut self.closers, closers),
            std::mem::replace(&mut self.pos, 0),
            std::mem::take(&mut self.diagnostics),
            std::mem::take(&mut self.faulty),
            std::mem::take(&mut self.ended),
            std::mem::take(&mut self.declared),
        );
        lexed.diagnostics.into_iter().for_each(|diagnostic| self.report(diagnostic));
        self.strings += 1;
        let expr = self.free(|p| p.nested_by(LEVELS, Self::whole_expr));
        self.strings -= 1;
        self.tokens = outer.0;
        self.closers = outer.1;
        self.pos = outer.2;
        let faults = std::mem::replace(&mut self.diagnostics, outer.3);
        self.faulty = outer.4;
        self.ended = outer.5;
        self.declared = outer.6;

        let fault = faults.into_iter().next();
        match (expr, fault) {
            (Ok(expr), None) => Ok(Some(expr)),
            (_, Some(fault)) if fault.code == TOO_DEEP => {
                self.diagnostics.push(fault);
                self.pos = self.tokens.len() - 1;
                Err(super::Failed)
            }
            (_, fault) => {
                self.bad_embedded(text.trim(), fault, open);
                if self.stopped { Err(super::Failed) } else { Ok(None) }
            }
        }
    }

    fn whole_expr(&mut self) -> Parse<Expr> {
        let expr = self.expr()?;
        if !self.at(Kind::End) {
            let span = self.span();
            let fault = Diagnostic::error("E0207", "trailing tokens").at(span);
            let is_format = self.at(Kind::Colon);
            let hint =
                "there are no formats: pad_start(str(x), 8), or {math.round(x * 100.0) / 100.0}";
            return Err(self.fail(if is_format { fault.hint(hint) } else { fault }));
        }
        Ok(expr)
    }

    fn bad_embedded(&mut self, text: &str, fault: Option<Diagnostic>, open: u32) {
        let reason = fault.as_ref().map_or("", |fault| fault.headline());
        let message = format!("invalid interpolation expression '{text}': {reason}");
        let span = fault.as_ref().and_then(|fault| fault.span);
        let span = span.unwrap_or(Span::new(self.source, open, open + 1));
        let mut wrapped = Diagnostic::error("E0207", message).at(span);
        if let Some(fault) = fault {
            wrapped.hints = fault.hints;
            wrapped.notes = fault.notes;
        }
        if wrapped.hints.is_empty() {
            wrapped = wrapped.hint("write \\{ and \\} for braces that are text");
        }
        self.report(wrapped);
    }
}

/// The index of the `}` that closes the `{` at `open`. Braces in strings of the embedded expression do not count.
fn closing_brace(marked: &[Marked], open: usize) -> Option<usize> {
    let mut depth = 0;
    let mut i = open;
    while let Some(here) = marked.get(i) {
        match (here.char, here.mark) {
            ('{', Mark::Plain) => depth += 1,
            ('}', Mark::Plain) => {
                depth -= 1;
                if depth == 0 {
                    return Some(i);
                }
            }
            ('"' | '\'', Mark::Plain) => i = closing_quote(marked, i).unwrap_or(i),
            _ => {}
        }
        i += 1;
    }
    None
}

fn closing_quote(marked: &[Marked], open: usize) -> Option<usize> {
    let mut i = open + 1;
    loop {
        let here = marked.get(i)?;
        match here.char {
            '\\' if here.mark == Mark::Plain => i += 1,
            char if char == marked[open].char && here.mark == Mark::Plain => return Some(i),
            _ => {}
        }
        i += 1;
    }
}

/// The source of an embedded expression, and the offset in the file of each of its bytes and of its end.
fn source_of(marked: &[Marked], close: u32) -> (String, Vec<u32>) {
    let mut text = String::new();
    let mut map = Vec::new();
    for marked in marked {
        if marked.mark == Mark::Escaped {
            text.push('\\');
        }
        text.push(marked.char);
        map.resize(text.len(), marked.at);
    }
    map.push(close);
    (text, map)
}
