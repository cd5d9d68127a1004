//! Documentation on a terminal.

use super::program::Entry;
use super::program::Page;

/// Pages, as `forge doc PATHS` shows them.
pub fn term(pages: &[Page], has_colors: bool) -> String {
    let paint = Paint(has_colors);
    let mut text = format!("{}\n{}\n", paint.strong("Forge Documentation"), "=".repeat(50));
    for page in pages.iter().filter(|page| page.says_something()) {
        text.push_str(&format!("\n{}\n", paint.strong(&format!("## {}", page.name))));
        if !page.doc.is_empty() {
            text.push_str(&format!("\n{}", indented(&page.doc, 2)));
        }
        page.entries.iter().for_each(|it| text.push_str(&format!("\n{}", shown(it, paint))));
    }
    let files = if pages.len() == 1 { "file" } else { "files" };
    text.push_str(&format!("\nGenerated from {} {files}\n", pages.len()));
    text
}

/// One entry, as `forge doc NAME` shows it.
pub fn entry(entry: &Entry, has_colors: bool) -> String {
    shown(entry, Paint(has_colors))
}

/// Bold or not.
#[derive(Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn strong(self, text: &str) -> String {
        if self.0 { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }
}

fn shown(entry: &Entry, paint: Paint) -> String {
    let mut text = format!("{}\n", paint.strong(&title(entry)));
    text.push_str(&indented(&entry.doc, 2));
    entry.decorators.iter().for_each(|it| text.push_str(&indented(it, 2)));
    for part in &entry.parts {
        text.push_str(&indented(&part.signature, 2));
        text.push_str(&indented(&part.doc, 4));
    }
    text
}

fn title(entry: &Entry) -> String {
    match entry.powers.as_slice() {
        [] => entry.signature.clone(),
        powers if entry.is_type() => format!("{} ({})", entry.signature, powers.join(", ")),
        _ => entry.signature.clone(),
    }
}

fn indented(text: &str, width: usize) -> String {
    let line = |line: &str| match line.is_empty() {
        true => "\n".to_owned(),
        false => format!("{}{line}\n", " ".repeat(width)),
    };
    text.lines().map(line).collect()
}
