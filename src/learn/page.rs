//! How lessons look: on a terminal with colours, elsewhere as plain text.

use super::LESSONS;
use super::Lesson;
use super::Progress;
use serde_json::Value;
use serde_json::json;

/// How it is shown.
#[derive(Clone, Copy)]
pub struct Look {
    /// Whether ANSI colours are used.
    pub has_colors: bool,
}

/// Columns of a line of text.
const WIDTH: usize = 78;

const BOLD: &str = "1";
const CODE: &str = "33";
const HEAD: &str = "36";
const GOOD: &str = "32";
const BAD: &str = "31";

impl Look {
    fn painted(self, code: &str, text: &str) -> String {
        match self.has_colors {
            true => format!("\x1b[{code}m{text}\x1b[0m"),
            false => text.to_owned(),
        }
    }

    /// Good news.
    pub fn good(self, text: &str) -> String {
        self.painted(GOOD, text)
    }

    /// Bad news.
    pub fn bad(self, text: &str) -> String {
        self.painted(BAD, text)
    }
}

/// All that a lesson says.
pub fn page(lesson: &Lesson, look: Look) -> String {
    let (number, count, title) = (lesson.number(), LESSONS.len(), lesson.title());
    let title = look.painted(BOLD, &format!("Lesson {number} of {count}: {title}"));
    let head = |text: &str| look.painted(HEAD, text);
    [
        format!("\n{title}\n\n{}\n", text(lesson.text(), look)),
        format!("  {}\n\n{}\n", head("The program"), indented(lesson.program)),
        format!("  {}\n\n{}\n", head("It prints"), indented(lesson.output)),
        format!("  {}\n\n{}\n", head("Exercise"), text(lesson.exercise, look)),
        format!("  forge learn {number} --check my.fg\n\n"),
    ]
    .concat()
}

/// What somebody sees who asks for no lesson.
pub fn welcome(progress: &Progress, look: Look) -> String {
    let count = LESSONS.len();
    let next = LESSONS.iter().map(Lesson::number).find(|it| !progress.has_seen(*it));
    let next = next.map_or_else(
        || "You have seen all of them.".to_owned(),
        |next| format!("Go on with: forge learn {next}"),
    );
    [
        format!(
            "\n  ╭───────────────╮\n  │  {}  │\n  ╰───────────────╯\n\n",
            look.painted(BOLD, "Learn Forge")
        ),
        format!(
            "  {count} lessons: {} seen, {} of their exercises solved\n\n",
            progress.seen().len(),
            progress.solved().len()
        ),
        list(progress, look),
        "\n  forge learn 1                  shows a lesson and runs its program\n".to_owned(),
        "  forge learn 1 --check my.fg    tells whether that solves its exercise\n".to_owned(),
        format!("  {next}\n\n"),
    ]
    .concat()
}

/// A line for each lesson, with a mark for those that were seen and whose exercises were solved.
pub fn list(progress: &Progress, look: Look) -> String {
    let line = |lesson: &Lesson| {
        let number = lesson.number();
        let mark = match (progress.has_solved(number), progress.has_seen(number)) {
            (true, _) => look.good("✓"),
            (false, true) => look.good("·"),
            (false, false) => " ".to_owned(),
        };
        format!("  {mark} {number:>2}  {}\n", lesson.title())
    };
    LESSONS.iter().map(line).collect()
}

/// The same for programs.
pub fn list_as_json(progress: &Progress) -> String {
    let one = |lesson: &Lesson| {
        let number = lesson.number();
        json!({
            "number": number,
            "title": lesson.title(),
            "seen": progress.has_seen(number),
            "solved": progress.has_solved(number),
        })
    };
    format!("{}\n", LESSONS.iter().map(one).collect::<Value>())
}

/// A program or its output.
fn indented(text: &str) -> String {
    text.trim_matches('\n')
        .lines()
        .map(|line| format!("    {line}").trim_end().to_owned() + "\n")
        .collect()
}

/// Paragraphs of Markdown: wrapped, except those that are indented.
fn text(markdown: &str, look: Look) -> String {
    let paragraphs = markdown.trim().split("\n\n").map(|paragraph| match paragraph {
        code if code.starts_with("    ") => format!("  {code}\n"),
        words => wrapped(words, look),
    });
    paragraphs.collect::<Vec<_>>().join("\n")
}

/// Lines of no more than so many columns. What stands in backticks stays together, and is coloured instead if that may be.
fn wrapped(text: &str, look: Look) -> String {
    let (mut lines, mut column) = (String::new(), WIDTH);
    for word in words(text) {
        let length = word.chars().count();
        if column + 1 + length > WIDTH {
            let end = if lines.is_empty() { "" } else { "\n" };
            lines.push_str(&format!("{end} "));
            column = 1;
        }
        lines.push_str(&format!(" {}", colored(&word, look)));
        column += 1 + length;
    }
    lines + "\n"
}

/// The words of a text; what stands in backticks is one.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_code = false;
    for piece in text.split_whitespace() {
        match words.last_mut().filter(|_| is_code) {
            Some(last) => last.push_str(&format!(" {piece}")),
            None => words.push(piece.to_owned()),
        }
        is_code ^= piece.matches('`').count() % 2 == 1;
    }
    words
}

fn colored(word: &str, look: Look) -> String {
    if !look.has_colors {
        return word.to_owned();
    }
    let pieces = word.split('`').enumerate();
    let piece = |(i, piece): (usize, &str)| match i % 2 {
        1 => look.painted(CODE, piece),
        _ => piece.to_owned(),
    };
    pieces.map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stays_together() {
        let text = "`a b` is x`y\nz`. End";
        assert_eq!(words(text), ["`a b`", "is", "x`y z`.", "End"]);
        let plain = wrapped(&"word `let x = 1` ".repeat(20), Look { has_colors: false });
        assert!(
            plain.lines().all(|line| line.len() <= WIDTH && line.matches('`').count() % 2 == 0)
        );
        assert!(wrapped("`x`", Look { has_colors: true }).contains("\x1b[33mx\x1b[0m"));
    }
}
