//! What can be completed: names of the session, builtins, modules with their members, keywords.

use crate::builtins;
use crate::engine::Session;
use crate::syntax::token::Keyword;
use crate::value::Value;

/// A word with what is said beside it.
#[derive(Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) about: String,
}

/// What a session can complete now.
#[derive(Clone, Default)]
pub(super) struct Words {
    /// Words that can begin an expression.
    pub(super) plain: Vec<Word>,
    /// Fields behind the dot of a name.
    pub(super) fields: Vec<(String, Vec<Word>)>,
    /// Methods of any value.
    pub(super) methods: Vec<Word>,
}

/// The words of a session.
pub(super) fn of(session: &Session) -> Words {
    let registry = builtins::registry();
    let mut words = Words::default();
    for (name, value, _) in session.names() {
        let kind = value.kind().to_string();
        if let Value::Object(object) = value.thawed() {
            let fields = object.iter().take(200).map(|(key, value)| word(key, value.kind()));
            words.fields.push((name.to_string(), fields.collect()));
        }
        words.plain.push(word(&name, &kind));
    }
    for name in registry.names() {
        let about = registry.global(name).map_or("", |id| registry.row(id).doc);
        words.plain.push(word(name, about));
    }
    for name in crate::native::MODULES {
        let members = registry.members(name).map(|member| word(member, ""));
        words.fields.push((name.to_string(), members.collect()));
        words.plain.push(word(name, "module"));
    }
    words.plain.extend(Keyword::ALL.iter().map(|it| word(it.text(), "keyword")));
    words.methods.extend(registry.method_names().map(|name| word(name, "method")));
    words.plain.sort_by(|a, b| a.text.cmp(&b.text));
    words.methods.sort_by(|a, b| a.text.cmp(&b.text));
    words
}

fn word(text: &str, about: &str) -> Word {
    Word { text: text.to_owned(), about: about.lines().next().unwrap_or_default().to_owned() }
}

/// What a piece of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Text,
    Number,
    Keyword,
    Builtin,
    Module,
    Comment,
    Plain,
}

impl Class {
    /// Its colour.
    pub(super) fn style(self) -> nu_ansi_term::Style {
        use nu_ansi_term::Color;
        match self {
            Class::Text => Color::Yellow.normal(),
            Class::Number => Color::Cyan.normal(),
            Class::Keyword => Color::Magenta.normal(),
            Class::Builtin => Color::Blue.normal(),
            Class::Module => Color::Green.normal(),
            Class::Comment => Color::DarkGray.normal(),
            Class::Plain => nu_ansi_term::Style::new(),
        }
    }
}

/// The pieces of a line, for colours only: it may be wrong anywhere, and is not read as a program.
pub(super) fn pieces<'l>(line: &'l str, words: &Words) -> Vec<(Class, &'l str)> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let length =
            |inside: fn(char) -> bool| rest.find(|c: char| !inside(c)).unwrap_or(rest.len());
        let (class, length) = if rest.starts_with("//") {
            (Class::Comment, rest.find('\n').unwrap_or(rest.len()))
        } else if first == '"' {
            (Class::Text, string(rest))
        } else if first.is_ascii_digit() {
            (Class::Number, length(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.')))
        } else if first.is_alphabetic() || first == '_' {
            let length = length(|c| c.is_alphanumeric() || c == '_');
            (word_class(&rest[..length], words), length)
        } else {
            (Class::Plain, first.len_utf8())
        };
        pieces.push((class, &rest[..length]));
        rest = &rest[length..];
    }
    pieces
}

/// The length of the string that `text` begins with.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, char) in text.char_indices().skip(1) {
        match char {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

fn word_class(word: &str, words: &Words) -> Class {
    if crate::native::MODULES.contains(&word) {
        return Class::Module;
    }
    match words.plain.iter().find(|known| known.text == word) {
        _ if matches!(word, "true" | "false" | "null") => Class::Number,
        Some(known) if known.about == "keyword" => Class::Keyword,
        Some(_) if builtins::registry().global(word).is_some() => Class::Builtin,
        _ => Class::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_whole_line() {
        let words = Words::default();
        for line in ["let x = \"a\\\"b\" // c", "math.sqrt(1.5e3)", "\"open", "ä + 'b'", ""] {
            let joined: String = pieces(line, &words).iter().map(|(_, text)| *text).collect();
            assert_eq!(joined, line);
        }
        let classes: Vec<Class> = pieces("\"a\\\\\"1", &words).iter().map(|it| it.0).collect();
        assert_eq!(classes, [Class::Text, Class::Number]);
    }
}
