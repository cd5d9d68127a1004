//! What can be completed: names of the session, builtins, modules with their members, keywords.

use crate::builtins;
use crate::engine::Session;
use crate::syntax::pieces::Class;
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

/// The colour of a piece.
pub(super) fn style(class: Class) -> nu_ansi_term::Style {
    use nu_ansi_term::Color;
    match class {
        Class::Text => Color::Yellow.normal(),
        Class::Number => Color::Cyan.normal(),
        Class::Keyword => Color::Magenta.normal(),
        Class::Builtin => Color::Blue.normal(),
        Class::Module => Color::Green.normal(),
        Class::Comment => Color::DarkGray.normal(),
        Class::Plain => nu_ansi_term::Style::new(),
    }
}
