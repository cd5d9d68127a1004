//! String literals: where one ends, its escapes, and the marks that interpolation needs (language-core 1.8, 1.9).

use std::ops::Range;
use std::rc::Rc;

use super::ast::Name;

/// A string literal after escape processing.
#[derive(Clone, Debug)]
pub(super) struct StringToken {
    /// Its text, used as is where strings are data.
    pub(super) text: Name,
    /// Its characters with their marks, only if it may interpolate.
    pub(super) marked: Option<Rc<[Marked]>>,
    /// Offset of its end, before the closing quote.
    pub(super) end: u32,
}

/// A character of a string and where it came from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marked {
    pub(super) char: char,
    /// Offset in the source.
    pub(super) at: u32,
    pub(super) mark: Mark,
}

/// How interpolation sees a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// By what it is.
    Plain,
    /// `\{`, `\}`: never interpolates.
    Escaped,
    /// Inside a string with quotes of its own within an embedded expression: still unprocessed source.
    Nested,
}

/// Where an ordinary string ends.
pub(super) struct Extent {
    /// Offset of the closing quote.
    pub(super) end: usize,
    /// Strings with quotes of their own inside embedded expressions, quotes included.
    pub(super) nested: Vec<Range<usize>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Open {
    Quote,
    /// `\"` inside an embedded expression.
    EscapedQuote,
    Brace,
    Round,
    Square,
}

/// The end of the string whose text begins at `start`, if it ends on its line. A quote inside `{ ( ` or `{ [` begins
/// a nested string, unless that leaves a bracket open: then it ends the string, as in `"{ f(" + x`.
///
/// `None` asks for [`plain_end`].
pub(super) fn nesting_extent(bytes: &[u8], start: usize) -> Option<Extent> {
    // Each with whether a `(` or `[` stands between it and the quote around it.
    let mut stack = vec![(Open::Quote, false)];
    let mut quotes = 1;
    let mut nested = Vec::new();
    let mut nested_start = 0;
    let mut i = start;
    loop {
        let (top, round) = *stack.last()?;
        let code = !matches!(top, Open::Quote | Open::EscapedQuote);
        match bytes.get(i)? {
            b'\n' => return None,
            b'\\' => {
                let escaped = *bytes.get(i + 1)?;
                i += 1;
                match (escaped, top) {
                    (b'\n', _) => return None,
                    (b'"', Open::EscapedQuote) => drop(stack.pop()),
                    (b'"', _) if code => stack.push((Open::EscapedQuote, round)),
                    // `\\\"` is an escaped quote of the string that `\"` opened.
                    (b'\\', Open::EscapedQuote) => {
                        i += if bytes.get(i + 1) == Some(&b'\\') { 2 } else { 1 };
                        if bytes.get(i).is_none_or(|byte| matches!(byte, b'\n')) {
                            return None;
                        }
                    }
                    _ => {}
                }
            }
            b'"' if top == Open::Quote => {
                stack.pop();
                quotes -= 1;
                match quotes {
                    0 => return Some(Extent { end: i, nested }),
                    1 => nested.push(nested_start..i + 1),
                    _ => {}
                }
            }
            b'"' if code && round => {
                if quotes == 1 {
                    nested_start = i;
                }
                quotes += 1;
                stack.push((Open::Quote, false));
            }
            b'"' => {
                while stack.pop()?.0 != Open::Quote {}
                quotes -= 1;
                match quotes {
                    0 if nested.is_empty() => return Some(Extent { end: i, nested }),
                    0 => return None,
                    1 => nested.push(nested_start..i + 1),
                    _ => {}
                }
            }
            b'{' if top != Open::EscapedQuote => stack.push((Open::Brace, round && code)),
            b'(' if code => stack.push((Open::Round, true)),
            b'[' if code => stack.push((Open::Square, true)),
            b'}' if top == Open::Brace => drop(stack.pop()),
            b')' if top == Open::Round => drop(stack.pop()),
            b']' if top == Open::Square => drop(stack.pop()),
            _ => {}
        }
        i += 1;
    }
}

/// The first `quote` that is not escaped, if it is on this line.
pub(super) fn plain_end(bytes: &[u8], start: usize, quote: u8) -> Option<usize> {
    let mut i = start;
    loop {
        match *bytes.get(i)? {
            b'\n' => return None,
            b'\\' if bytes.get(i + 1) != Some(&b'\n') => i += 2,
            byte if byte == quote => return Some(i),
            _ => i += 1,
        }
    }
}

/// An escape that does not exist.
pub(super) struct BadEscape {
    /// Offset of the backslash and of the end.
    pub(super) at: Range<usize>,
    /// What followed the backslash.
    pub(super) char: Option<char>,
}

/// The characters of `text[range]` with escapes processed, and the escapes that do not exist.
pub(super) fn unescape(
    text: &str,
    range: Range<usize>,
    nested: &[Range<usize>],
) -> (Vec<(char, usize, Mark)>, Vec<BadEscape>) {
    let mut out = Vec::with_capacity(range.len());
    let mut bad = Vec::new();
    let mut nested = nested.iter().peekable();
    let mut i = range.start;
    while i < range.end {
        if let Some(inner) = nested.next_if(|inner| inner.start == i) {
            let chars = text[inner.clone()].char_indices();
            out.extend(chars.map(|(offset, char)| (char, inner.start + offset, Mark::Nested)));
            i = inner.end;
            continue;
        }
        let Some(char) = text[i..range.end].chars().next() else { break };
        if char != '\\' {
            out.push((char, i, Mark::Plain));
            i += char.len_utf8();
            continue;
        }
        let (result, length) = escape(&text[i + 1..range.end]);
        match result {
            Some(char) => {
                let mark = if matches!(char, '{' | '}') { Mark::Escaped } else { Mark::Plain };
                out.push((char, i, mark));
            }
            None => bad.push(BadEscape {
                at: i..i + 1 + length,
                char: text[i + 1..range.end].chars().next(),
            }),
        }
        i += 1 + length;
    }
    (out, bad)
}

/// What the escape means and how long it is without its backslash.
fn escape(rest: &str) -> (Option<char>, usize) {
    let Some(char) = rest.chars().next() else {
        return (None, 0);
    };
    let plain = match char {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '0' => '\0',
        '\\' | '"' | '\'' | '{' | '}' => char,
        'u' => return unicode_escape(rest),
        _ => return (None, char.len_utf8()),
    };
    (Some(plain), 1)
}

/// `u{1F600}`; a `{` of it cannot interpolate, since an escape is no text.
fn unicode_escape(rest: &str) -> (Option<char>, usize) {
    let digits = rest.strip_prefix("u{").and_then(|rest| rest.split_once('}')).map(|split| split.0);
    let Some(digits) = digits.filter(|digits| (1..=6).contains(&digits.len())) else {
        return (None, 1);
    };
    let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let code = if hex { u32::from_str_radix(digits, 16).ok() } else { None };
    (code.and_then(char::from_u32), digits.len() + 3)
}
