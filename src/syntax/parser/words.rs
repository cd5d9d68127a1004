//! Words that are operators unless the file declares them (language-core 9), and words of other languages.

use super::super::ast::Expr;
use super::super::ast::ExprKind;
use super::super::ast::Ident;
use super::Class;
use super::Keyword;
use super::Kind;
use super::NameId;
use super::Parse;
use super::Parser;
use super::Pool;
use super::Token;
use crate::diag::Diagnostic;
use crate::diag::Span;

/// How far a list of names is searched.
const REACH: usize = 256;

/// Whether the file declares a name `and`, `or` or `not`.
pub(super) fn declares_word_operator(tokens: &[Token], pool: &Pool) -> bool {
    let is_operator = |name: &str| matches!(name, "and" | "or" | "not");
    declared(tokens, |id| is_operator(pool.name(id))).next().is_some()
}

/// Those of the wanted names that the file declares, as often as it does.
fn declared(tokens: &[Token], wanted: impl Fn(NameId) -> bool) -> impl Iterator<Item = NameId> {
    tokens.iter().enumerate().filter_map(move |(i, token)| match token.kind {
        Kind::Ident(id) if wanted(id) && is_declared(tokens, i) => Some(id),
        _ => None,
    })
}

/// Whether the name at `i` stands where a name is declared or assigned.
fn is_declared(tokens: &[Token], i: usize) -> bool {
    use Keyword as K;
    let before = |distance: usize| i.checked_sub(distance).map(|at| tokens[at].kind);
    let after = tokens.get(i + 1).map(|token| token.kind);
    match before(1) {
        Some(Kind::Word(
            K::Let
            | K::Mut
            | K::Set
            | K::Fn
            | K::Define
            | K::Async
            | K::Forge
            | K::For
            | K::Each
            | K::Catch
            | K::Grab
            | K::Import
            | K::Prompt
            | K::Agent,
        )) => {
            // `options.set and ready`, and `say set` above a line `not ready`: there the keyword is a name itself.
            return before(2) != Some(Kind::Dot) && !tokens[i].newline;
        }
        // `|or| ...`, `catch (or)`, and lists of names.
        Some(Kind::Bar | Kind::LeftParen | Kind::LeftBrace | Kind::LeftBracket | Kind::Comma) => {}
        Some(Kind::Ellipsis) => {}
        _ => return matches!(after, Some(Kind::Eq)),
    }
    match after {
        Some(Kind::Eq | Kind::FatArrow | Kind::Colon | Kind::Word(K::In)) => return true,
        Some(
            Kind::Comma | Kind::RightParen | Kind::RightBrace | Kind::RightBracket | Kind::Bar,
        ) => {}
        _ => return false,
    }
    in_name_list(tokens, i)
}

/// Whether the brackets around `i` hold names being declared: parameters, a destructuring, an import.
fn in_name_list(tokens: &[Token], i: usize) -> bool {
    use Keyword as K;
    let mut depth = 0;
    let first = i.saturating_sub(REACH);
    let declaring = |at: usize| match tokens[at].kind {
        Kind::Word(K::Fn | K::Let | K::Mut | K::Unpack | K::Import | K::Catch) => true,
        Kind::Ident(_) | Kind::Word(_) | Kind::Gt => at.checked_sub(1).is_some_and(|at| {
            matches!(tokens[at].kind, Kind::Word(K::Fn | K::Define | K::Async | K::Forge))
        }),
        _ => false,
    };
    for at in (first..i).rev() {
        match tokens[at].kind {
            Kind::RightParen | Kind::RightBrace | Kind::RightBracket => depth += 1,
            Kind::Bar if depth == 0 => return true,
            Kind::LeftParen | Kind::LeftBrace | Kind::LeftBracket if depth == 0 => {
                return at > 0 && declaring(at - 1);
            }
            Kind::LeftParen | Kind::LeftBrace | Kind::LeftBracket => depth -= 1,
            _ => {}
        }
    }
    false
}

/// Words that other languages begin statements with, and what to write here.
const FOREIGN: &[(&str, &str)] = &[
    ("function", "functions are defined with 'fn'"),
    ("func", "functions are defined with 'fn'"),
    ("def", "functions are defined with 'fn'"),
    ("fun", "functions are defined with 'fn'"),
    ("var", "variables are declared with 'let', or 'let mut' if they change"),
    ("const", "variables are declared with 'let'; they do not change unless they are 'let mut'"),
    ("elif", "write 'else if'"),
    ("elsif", "write 'else if'"),
    ("elseif", "write 'else if'"),
    ("class", "records are defined with 'struct', their methods with 'impl'"),
    ("enum", "types with variants are defined with 'type NAME = A | B'"),
    ("switch", "use 'match' or 'when'"),
    ("foreach", "write 'for each'"),
    ("export", "every top-level name of a file can be imported"),
    ("defer", "use try { ... } catch e { ... } finally { ... }"),
    ("do", "use 'loop' and 'break'"),
    ("echo", "write 'say'"),
    ("puts", "write 'say'"),
    ("public", "every top-level name of a file can be imported"),
    ("private", "every top-level name of a file can be imported"),
    ("pub", "every top-level name of a file can be imported"),
    ("static", "top-level variables are there as long as the program"),
    ("final", "variables are declared with 'let'; they do not change unless they are 'let mut'"),
    ("val", "variables are declared with 'let'; they do not change unless they are 'let mut'"),
    ("global", "functions see the variables around them; they can change those that are 'let mut'"),
    ("trait", "interfaces are defined with 'interface', and fulfilled with 'impl NAME for TYPE'"),
    ("use", "modules are there without an import; a file is imported with import \"file\""),
    ("include", "a file is imported with import \"file\""),
    ("unless", "write if !condition { ... }"),
    ("until", "write while !condition { ... }"),
    ("except", "write 'catch'"),
    ("del", "omit(object, [\"key\"]) gives an object without a key"),
    ("delete", "omit(object, [\"key\"]) gives an object without a key"),
    ("throw", "use bruh(\"message\") or return an Err value"),
    ("exit", "a call has parentheses: exit(1)"),
    ("raise", "use bruh(\"message\") or return an Err value"),
];

impl Parser<'_> {
    /// Whether the file declares the name anywhere. All names are looked for at once: each line may be a fault.
    fn is_declared(&mut self, name: NameId) -> bool {
        if self.declared.is_none() {
            self.spend(self.tokens.len());
            self.declared = Some(declared(&self.tokens, |_| true).collect());
        }
        self.declared.as_ref().is_some_and(|names| names.contains(&name))
    }

    /// A name alone, with another statement behind it on the same line, is most often a word of another language or
    /// a keyword with a typing error: `fucntion f() {`, `var x = 1`.
    pub(super) fn refuse_foreign_word(&mut self, begin: usize, target: &Expr) -> Parse<()> {
        let ExprKind::Name(name) = &target.kind else {
            return Ok(());
        };
        use Keyword as K;
        let first = self.tokens[begin].kind;
        let is_from = first == Kind::Word(K::From) && self.peek(1).kind == Kind::Word(K::Import);
        if self.pos == begin + 1 && is_from && self.same_line() {
            return Err(self.no_such_import(target.span));
        }
        let next = self.kind();
        let is_name = match first {
            Kind::Ident(_) => true,
            Kind::Word(K::Pub) => matches!(
                next,
                Kind::Word(K::Fn | K::Let | K::Struct | K::Type | K::Interface | K::Async)
            ),
            Kind::Word(K::Unless | K::Until) => {
                !matches!(next, Kind::Word(_)) || matches!(next, Kind::Word(K::True | K::False))
            }
            _ => false,
        };
        let alone = self.pos == begin + 1 && is_name;
        if !alone || !self.same_line() || !Self::begins_operand(self.token()) {
            return Ok(());
        }
        // `1 => time x => math`: an arm and the pattern of the next.
        if matches!(self.peek(1).kind, Kind::FatArrow | Kind::Arrow) {
            return Ok(());
        }
        let Some(hint) = hint_for(name, self.token()) else {
            return Ok(());
        };
        if let Kind::Ident(id) = self.tokens[begin].kind
            && self.is_declared(id)
        {
            return Ok(());
        }
        Err(self.no_such_word(name, target.span, &hint))
    }

    fn no_such_word(&mut self, word: &str, at: Span, hint: &str) -> super::Failed {
        let fault = Diagnostic::error("E0204", format!("unexpected '{word}'")).at(at);
        self.fail(fault.hint(hint))
    }

    /// `from math import sqrt`, `import sqrt from "math"`
    fn no_such_import(&mut self, from: Span) -> super::Failed {
        let hint = "modules are there without an import; names of a file come with import { name } from \"file\"";
        self.no_such_word("from", from, hint)
    }

    /// `import name from "file"`
    pub(super) fn refuse_import_from(&mut self) -> Parse<()> {
        let is_from = self.same_line() && self.at_word(Keyword::From);
        match is_from && matches!(self.peek(1).kind, Kind::String(_)) {
            true => Err(self.no_such_import(self.span())),
            false => Ok(()),
        }
    }

    /// `a ?? b`, and `a--` at the end of a line, where an operator has two signs of its own: what is read then is
    /// legal, and never meant. Who means `a?` twice leaves no space before it.
    pub(super) fn refuse_foreign_operator(&mut self) -> Parse<()> {
        let (sign, next, behind) = (self.token(), self.peek(1), self.peek(2));
        if next.kind != sign.kind || sign.span.end != next.span.start {
            return Ok(());
        }
        let is_spaced = self.last_span().end < sign.span.start;
        let is_last = behind.newline || behind.kind == Kind::End;
        let (shown, hint) = match (sign.kind, behind.kind) {
            (Kind::Question, Kind::Eq) if next.span.end == behind.span.start => {
                ("??", "write if a == null { a = b }")
            }
            (Kind::Question, _) if is_spaced && !is_last && Self::begins_operand(behind) => {
                ("??", "write if a == null { b } else { a }")
            }
            (Kind::Minus, _) if is_last && !is_spaced => ("--", "write += 1 or -= 1"),
            _ => return Ok(()),
        };
        let fault = Diagnostic::error("E0204", format!("unexpected '{shown}'"));
        Err(self.fail(fault.at(sign.span.to(next.span)).hint(hint)))
    }

    /// `f"..."` and `println!(...)`, where the name has just been read and what follows touches it.
    pub(super) fn refuse_foreign_prefix(&mut self, name: &Ident) -> Parse<()> {
        let hint = match self.kind() {
            Kind::String(_) if matches!(&*name.name, "f" | "r" | "b" | "u") => {
                "every text takes expressions in braces: \"x is {x}\""
            }
            Kind::Bang if self.peek(1).kind == Kind::LeftParen => {
                "there are no macros; a call has no '!'"
            }
            _ => return Ok(()),
        };
        let id = self.pool.intern(&name.name);
        if name.span.end != self.span().start || self.is_declared(id) {
            return Ok(());
        }
        Err(self.no_such_word(&name.name, name.span, hint))
    }
}

fn hint_for(name: &str, next: Token) -> Option<String> {
    if let Some((_, hint)) = FOREIGN.iter().find(|(word, _)| *word == name) {
        return Some((*hint).to_owned());
    }
    let is_value = matches!(next.kind, Kind::Int(_) | Kind::Float(_) | Kind::String(_));
    if !Parser::is_word(next) && !is_value {
        return None;
    }
    // What is as short as `let` may be anything, unless it has a letter too many.
    let least = if name.len() > 3 { 3 } else { 4 };
    let hard = Keyword::ALL.iter().filter(|keyword| keyword.class() == Class::Hard);
    let words = hard.map(|keyword| keyword.text()).filter(|text| text.len() >= least);
    let nearest = crate::diag::nearest(name, words.chain(FOREIGN.iter().map(|(word, _)| *word)));
    let word = nearest.first()?;
    match FOREIGN.iter().find(|(foreign, _)| foreign == word) {
        Some((_, hint)) => Some((*hint).to_owned()),
        None => Some(format!("did you mean '{word}'?")),
    }
}
