//! Emoji by name (stdlib 15.3).

use std::fmt::Write;

/// Each with its names; the first is the one that is listed.
const ALL: &[(&str, &[&str])] = &[
    ("✅", &["check", "ok", "yes"]),
    ("❌", &["cross", "no", "fail"]),
    ("⭐", &["star", "fav"]),
    ("🔥", &["fire", "hot"]),
    ("❤️", &["heart", "love"]),
    ("🚀", &["rocket", "launch"]),
    ("⚠️", &["warn", "warning"]),
    ("ℹ️", &["info", "information"]),
    ("🐛", &["bug", "error"]),
    ("⏰", &["clock", "time"]),
    ("📁", &["folder", "dir"]),
    ("📄", &["file", "doc"]),
    ("🔒", &["lock", "secure"]),
    ("🔑", &["key"]),
    ("🔗", &["link", "url"]),
    ("📧", &["mail", "email"]),
    ("🌍", &["globe", "web", "world"]),
    ("🎉", &["party", "celebrate"]),
    ("🤔", &["think", "hmm"]),
    ("👋", &["wave", "hi", "hello"]),
    ("👍", &["thumbsup", "good"]),
    ("👎", &["thumbsdown", "bad"]),
    ("💯", &["100", "perfect"]),
    ("⚡", &["zap", "bolt", "fast"]),
    ("⚙️", &["gear", "settings"]),
    ("🔧", &["tools", "wrench"]),
];

/// The emoji of that name.
pub(super) fn named(name: &str) -> &'static str {
    ALL.iter().find(|(_, names)| names.contains(&name)).map_or("❓", |(emoji, _)| emoji)
}

/// All of them with their names, for people.
pub(super) fn list() -> String {
    let mut text = String::from("\n\x1b[1mAvailable Emojis:\x1b[0m  term.emoji(\"name\")\n");
    let _ = writeln!(text, "{}", "─".repeat(45));
    for (emoji, names) in ALL {
        let _ = write!(text, "  {emoji}  {:<12}", names[0]);
        if names.len() > 1 {
            let _ = write!(text, " \x1b[90malso: {}\x1b[0m", names[1..].join(", "));
        }
        text.push('\n');
    }
    text + "\n"
}
