//! Numbers and strings of the lexer (language-core 1.6, 1.8).

use std::ops::Range;

use super::ast::Name;
use super::lexer::Lexer;
use super::strings;
use super::strings::Extent;
use super::strings::Mark;
use super::strings::Marked;
use super::strings::StringToken;
use super::token::Kind;

/// How many strings of a line may turn out not to nest before nesting is no longer tried there.
const NESTING_TRIES: u32 = 32;

impl Lexer<'_> {
    pub(super) fn number(&mut self) -> Kind {
        let start = self.pos;
        if let Some(radix) = self.radix() {
            return self.prefixed(start, radix);
        }
        self.digits();
        let mut float = false;
        if self.rest().starts_with('.') && self.digit_follows(1) {
            self.pos += 1;
            self.digits();
            float = true;
        }
        if self.rest().starts_with(['e', 'E']) {
            let sign = usize::from(self.rest()[1..].starts_with(['+', '-']));
            if self.digit_follows(1 + sign) {
                self.pos += 1 + sign;
                self.digits();
                float = true;
            }
        }
        let text: String = self.text[start..self.pos].chars().filter(|char| *char != '_').collect();
        if float {
            return Kind::Float(
                text.parse().expect("digits with a point or an exponent are a float"),
            );
        }
        self.int(text.parse().ok(), start)
    }

    fn int(&mut self, value: Option<i64>, start: usize) -> Kind {
        if value.is_none() {
            self.error("E0102", "invalid integer literal", start, self.pos);
        }
        Kind::Int(value.unwrap_or(0))
    }

    /// The base of `0x`, `0b`, `0o`, if a digit of it follows.
    fn radix(&self) -> Option<u32> {
        let rest = self.rest();
        let radix = match rest.as_bytes().get(..2)? {
            b"0x" | b"0X" => 16,
            b"0b" | b"0B" => 2,
            b"0o" | b"0O" => 8,
            _ => return None,
        };
        rest[2..].chars().next().filter(|char| char.is_digit(radix)).map(|_| radix)
    }

    fn prefixed(&mut self, start: usize, radix: u32) -> Kind {
        let rest = &self.text[start + 2..];
        let length = rest.find(|char: char| char != '_' && !char.is_ascii_alphanumeric());
        self.pos = start + 2 + length.unwrap_or(rest.len());
        let digits: String =
            self.text[start + 2..self.pos].chars().filter(|char| *char != '_').collect();
        self.int(i64::from_str_radix(&digits, radix).ok(), start)
    }

    fn digits(&mut self) {
        let rest = self.rest();
        let length = rest.find(|char: char| char != '_' && !char.is_ascii_digit());
        self.pos += length.unwrap_or(rest.len());
    }

    fn digit_follows(&self, distance: usize) -> bool {
        self.rest().as_bytes().get(distance).is_some_and(u8::is_ascii_digit)
    }

    pub(super) fn string(&mut self) -> Kind {
        let start = self.pos;
        if self.rest().starts_with("\"\"\"") {
            return self.raw_string(start);
        }
        let quote = self.text.as_bytes()[start];
        let extent = match quote {
            b'"' => self.extent(start + 1),
            _ => strings::plain_end(self.text.as_bytes(), start + 1, quote)
                .map(|end| Extent { end, nested: Vec::new() }),
        };
        let extent = match extent {
            Some(extent) => {
                self.pos = extent.end + 1;
                extent
            }
            None => self.unterminated(start),
        };
        self.quoted(start + 1..extent.end, &extent.nested, quote)
    }

    fn extent(&mut self, start: usize) -> Option<Extent> {
        let bytes = self.text.as_bytes();
        if start > self.nesting_budget.0 {
            let line = self.text[start..].find('\n').unwrap_or(self.text.len() - start);
            self.nesting_budget = (start + line, NESTING_TRIES);
        }
        if self.nesting_budget.1 > 0 {
            if let Some(extent) = strings::nesting_extent(bytes, start) {
                return Some(extent);
            }
            self.nesting_budget.1 -= 1;
        }
        let end = strings::plain_end(bytes, start, b'"')?;
        Some(Extent { end, nested: Vec::new() })
    }

    /// Reports a string that does not end on its line and takes the rest of the line as its text.
    fn unterminated(&mut self, start: usize) -> Extent {
        let rest = self.rest();
        let length = rest.find('\n');
        let end = start + length.unwrap_or(rest.len());
        let message = match length {
            Some(_) => "unterminated string (newline in string literal)",
            None if rest.ends_with('\\') && !rest.ends_with("\\\\") => "unexpected end of string",
            None => "unterminated string",
        };
        self.pos = end;
        self.error("E0104", message, start, end);
        Extent { end: start + 1, nested: Vec::new() }
    }

    fn quoted(&mut self, range: Range<usize>, nested: &[Range<usize>], quote: u8) -> Kind {
        let end = self.outer(range.end);
        let (chars, bad) = strings::unescape(self.text, range, nested);
        for escape in bad {
            let what = escape.char.map(String::from).unwrap_or_default();
            let message = format!("unknown escape: \\{what}");
            self.error("E0105", message, escape.at.start, escape.at.end);
        }
        let holds =
            |wanted| chars.iter().any(|(char, _, mark)| *char == wanted && *mark == Mark::Plain);
        let marked = (quote == b'"' && holds('{') && holds('}')).then(|| {
            let at =
                |&(char, at, mark): &(char, usize, Mark)| Marked { char, at: self.outer(at), mark };
            chars.iter().map(at).collect()
        });
        let text: String = chars.iter().map(|(char, _, _)| *char).collect();
        Kind::String(self.pool.add_string(StringToken { text: text.into(), marked, end }))
    }

    fn raw_string(&mut self, start: usize) -> Kind {
        let open = start + 3;
        let length = match self.text[open..].find("\"\"\"") {
            Some(length) => {
                self.pos = open + length + 3;
                length
            }
            None => {
                self.pos = self.text.len();
                self.error("E0106", "unterminated triple-quoted string", start, open);
                self.pos - open
            }
        };
        let text = &self.text[open..open + length];
        let dropped = text.strip_prefix("\r\n").or(text.strip_prefix('\n')).unwrap_or(text);
        let text = Name::from(dropped);
        let end = self.outer(open + length);
        Kind::String(self.pool.add_string(StringToken { text, marked: None, end }))
    }
}
