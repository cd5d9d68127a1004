//! What stands before a place in a text that is being written: the same tokens as the parser's, and no tree, because
//! there is none yet.

use super::lexer;
use super::lexer::Lexed;
use super::lexer::Origin;
use super::token::Kind;
use super::token::Pool;
use super::token::Token;
use crate::diag::SourceId;

/// What stands before a place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cursor {
    /// The beginning of the word under way.
    pub prefix: String,
    /// What stands before the dot before it, if there is a dot.
    pub receiver: Option<Receiver>,
    /// The innermost call whose parenthesis is open.
    pub call: Option<OpenCall>,
    /// Whether it is inside of a string or a comment.
    pub is_in_text: bool,
}

/// What stands before a dot.
#[derive(Clone, Debug, PartialEq)]
pub enum Receiver {
    /// A name.
    Name(String),
    /// A literal of this type.
    Literal(&'static str),
    /// Any other expression.
    Other,
}

/// A call that is being written.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenCall {
    /// What is called.
    pub name: String,
    /// What stands before the dot before it.
    pub receiver: Option<Receiver>,
    /// How many commas have been passed.
    pub argument: usize,
}

/// Strings in the code of strings are looked into so deep: each is read anew.
const DEEPEST: usize = 8;

/// What stands before `offset`, a character border of `text`.
pub fn cursor(text: &str, offset: usize) -> Cursor {
    let mut before = &text[..offset];
    let mut depth = 0;
    let (pool, tokens, diagnostics, string) = loop {
        let mut pool = Pool::default();
        let origin = Origin { source: SourceId(u32::MAX), map: None };
        let Lexed { tokens, diagnostics } = lexer::lex(before, origin, &mut pool);
        // One that was not closed on a line before is over.
        let unclosed = diagnostics.iter().filter(|it| it.code == "E0104");
        let string = unclosed.filter_map(|it| it.span).find(|it| it.end as usize == before.len());
        match string.and_then(|span| embedded(&before[span.start as usize..])) {
            Some(code) if depth < DEEPEST => (before, depth) = (code, depth + 1),
            _ => break (pool, tokens, diagnostics, string),
        }
    };
    let line = before.rsplit('\n').next().unwrap_or_default();
    let is_in_text = string.is_some()
        || diagnostics.iter().any(|it| matches!(it.code, "E0106" | "E0107"))
        || is_comment(line, before.len() - line.len(), &tokens);
    let mut tokens: Vec<Token> = tokens.into_iter().filter(|it| it.kind != Kind::End).collect();
    let words = Words { text: before, pool: &pool };
    let prefix = match tokens.last() {
        Some(last) if last.span.end as usize == before.len() && words.is_word(last) => {
            let last = tokens.pop().expect("there is a last one");
            words.text_of(&last).to_owned()
        }
        _ => String::new(),
    };
    let receiver = words.receiver(&tokens);
    Cursor { prefix, receiver, call: words.call(&tokens), is_in_text }
}

/// The code that is being written in a string that nobody has closed: what stands behind `{` in `"a {`.
fn embedded(string: &str) -> Option<&str> {
    let mut open = Vec::new();
    let mut chars = string.strip_prefix('"')?.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' => drop(chars.next()),
            '{' => open.push(at + 2),
            '}' => drop(open.pop()),
            _ => {}
        }
    }
    open.first().map(|start| &string[*start..])
}

/// Whether the last line goes on in a comment: it has text behind its last token, and that begins one.
fn is_comment(line: &str, start: usize, tokens: &[Token]) -> bool {
    let ends = tokens.iter().filter(|it| it.kind != Kind::End).map(|it| it.span.end as usize);
    let from = ends.max().unwrap_or(0).max(start) - start;
    line.get(from..).is_some_and(|rest| rest.trim_start().starts_with("//"))
}

struct Words<'t> {
    text: &'t str,
    pool: &'t Pool,
}

impl Words<'_> {
    fn is_word(&self, token: &Token) -> bool {
        matches!(token.kind, Kind::Ident(_) | Kind::Word(_))
    }

    fn text_of(&self, token: &Token) -> &str {
        match token.kind {
            Kind::Ident(id) => self.pool.name(id),
            _ => self.text.get(token.span.start as usize..token.span.end as usize).unwrap_or(""),
        }
    }

    /// What stands before the dot that `tokens` end in.
    fn receiver(&self, tokens: &[Token]) -> Option<Receiver> {
        let (last, before) = tokens.split_last()?;
        if last.kind != Kind::Dot {
            return None;
        }
        let is_member = before.len() > 1 && before[before.len() - 2].kind == Kind::Dot;
        Some(match before.last().map(|it| it.kind) {
            Some(Kind::Ident(_) | Kind::Word(_)) if !is_member => {
                Receiver::Name(self.text_of(&before[before.len() - 1]).to_owned())
            }
            Some(Kind::String(_)) => Receiver::Literal("String"),
            _ => Receiver::Other,
        })
    }

    /// The call whose parenthesis `tokens` leave open.
    fn call(&self, tokens: &[Token]) -> Option<OpenCall> {
        let (mut depth, mut argument) = (0, 0);
        for (at, token) in tokens.iter().enumerate().rev() {
            match token.kind {
                Kind::RightParen | Kind::RightBracket | Kind::RightBrace => depth += 1,
                Kind::LeftParen if depth == 0 => {
                    let name = tokens[..at].last().filter(|it| self.is_word(it))?;
                    let receiver = self.receiver(&tokens[..at - 1]);
                    let name = self.text_of(name).to_owned();
                    return Some(OpenCall { name, receiver, argument });
                }
                // A list within the arguments: its commas are not theirs.
                Kind::LeftBracket if depth == 0 => argument = 0,
                Kind::LeftBrace if depth == 0 => argument = 0,
                Kind::LeftParen | Kind::LeftBracket | Kind::LeftBrace => depth -= 1,
                Kind::Comma if depth == 0 => argument += 1,
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(marked: &str) -> Cursor {
        let offset = marked.find('|').unwrap();
        cursor(&marked.replacen('|', "", 1), offset)
    }

    #[test]
    fn a_word_has_a_beginning_and_a_receiver() {
        assert_eq!(at("say na|me").prefix, "na");
        assert_eq!(at("user.na|").receiver, Some(Receiver::Name("user".into())));
        assert_eq!(at("\"a\".|").receiver, Some(Receiver::Literal("String")));
        assert_eq!(at("f(1).|").receiver, Some(Receiver::Other));
        assert_eq!(at("a.b.c|").receiver, Some(Receiver::Other));
        assert_eq!(at("a |").receiver, None);
    }

    #[test]
    fn an_open_call_knows_its_argument() {
        let call = at("let x = f(1, g(2, 3), [4, 5|").call.unwrap();
        assert_eq!((call.name.as_str(), call.argument), ("f", 2));
        let call = at("math.pow(2, |").call.unwrap();
        assert_eq!(call.receiver, Some(Receiver::Name("math".into())));
        assert_eq!(call.argument, 1);
        assert_eq!(at("f(1)|").call, None);
        assert_eq!(at("(1, |").call, None);
    }

    #[test]
    fn texts_and_comments_are_no_code() {
        assert!(at("say \"he|").is_in_text);
        assert!(at("say 1 // he|").is_in_text);
        assert!(!at("say \"a\" |").is_in_text);
        assert!(!at("// a\nsa|").is_in_text);
        assert!(!at("say \"a\nsa|").is_in_text);
    }

    #[test]
    fn what_a_string_embeds_is_code() {
        assert_eq!(at("say \"he {na|").prefix, "na");
        assert_eq!(at("say \"{user.na|}\"").receiver, Some(Receiver::Name("user".into())));
        assert_eq!(at("say \"{f({ a: 1 }, g|").call.unwrap().argument, 1);
        assert!(at("say \"{name} he|").is_in_text);
        assert!(at("say \"\\{he|").is_in_text);
        assert!(at("say 'he {na|").is_in_text);
        assert!(at("say \"{f('he|").is_in_text);
        assert_eq!(at("say \"{\"{na|").prefix, "na");
        assert_eq!(at(&format!("{}na|", "\"{".repeat(100_001))).prefix, "na");
    }
}
