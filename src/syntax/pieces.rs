//! The pieces of a text, for colours only: it may be wrong anywhere, and is not read as a program.

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A string.
    Text,
    /// A number; `true`, `false`, `null`.
    Number,
    /// A word that the language sets apart.
    Keyword,
    /// A function that is always there.
    Builtin,
    /// A built-in module.
    Module,
    /// `// ...`, `/* ... */`, and a first line `#!...`
    Comment,
    /// Anything else.
    Plain,
}

/// The pieces of a text, in order and without gaps. What a word is says `class_of`.
pub fn pieces<'l>(text: &'l str, class_of: &dyn Fn(&str) -> Class) -> Vec<(Class, &'l str)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length =
            |inside: fn(char) -> bool| rest.find(|c: char| !inside(c)).unwrap_or(rest.len());
        let is_script_line = pieces.is_empty() && rest.starts_with("#!");
        let (class, length) = if is_script_line || rest.starts_with("//") {
            (Class::Comment, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            (Class::Comment, rest.find("*/").map_or(rest.len(), |end| end + 2))
        } else if let Some(inner) = rest.strip_prefix("\"\"\"") {
            (Class::Text, inner.find("\"\"\"").map_or(rest.len(), |end| end + 6))
        } else if matches!(first, '"' | '\'') {
            (Class::Text, string(rest, first))
        } else if first.is_ascii_digit() {
            (Class::Number, length(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.')))
        } else if first.is_alphabetic() || first == '_' {
            let length = length(|c| c.is_alphanumeric() || c == '_');
            (class_of(&rest[..length]), length)
        } else {
            (Class::Plain, first.len_utf8())
        };
        pieces.push((class, &rest[..length]));
        rest = &rest[length..];
    }
    pieces
}

/// The length of the string that `text` begins with; one that nobody closes ends with its line.
fn string(text: &str, quote: char) -> usize {
    let mut escaped = false;
    let mut depth = 0_usize;
    for (at, char) in text.char_indices().skip(1) {
        match char {
            '\n' => return at,
            '{' if !escaped && quote == '"' => depth += 1,
            '}' if !escaped => depth = depth.saturating_sub(1),
            _ if char == quote && !escaped && depth == 0 => return at + 1,
            _ => {}
        }
        escaped = char == '\\' && !escaped;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(text: &str) -> Vec<Class> {
        pieces(text, &|_| Class::Plain).iter().map(|it| it.0).collect()
    }

    #[test]
    fn the_line_that_names_the_interpreter_is_no_code() {
        assert_eq!(classes("#!/usr/bin/env forge\n")[0], Class::Comment);
        assert_eq!(classes("a #!")[2], Class::Plain);
    }

    #[test]
    fn pieces_are_the_whole_text() {
        for text in [
            "let x = \"a\\\"b\" // c\nd",
            "math.sqrt(1.5e3)",
            "\"open",
            "ä + 'b'",
            "/* a",
            "\"\"\"a\"b",
            "",
        ] {
            let joined: String = pieces(text, &|_| Class::Plain).iter().map(|it| it.1).collect();
            assert_eq!(joined, text);
        }
    }

    #[test]
    fn strings_end_where_they_do() {
        use Class::*;
        assert_eq!(classes("\"a\\\\\"1"), [Text, Number]);
        assert_eq!(classes("\"{f(\"a\")}\"1"), [Text, Number]);
        assert_eq!(classes("'a{'1"), [Text, Number]);
        assert_eq!(classes("\"open\n1"), [Text, Plain, Number]);
    }
}
