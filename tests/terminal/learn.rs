//! `forge learn` with somebody at the keys.

use super::screen::CTRL_D;
use super::screen::ENTER;
use super::screen::Terminal;

const KEYS: &str = "Enter runs it, n next, p previous, r run again, e edit, q leave >";

impl Terminal {
    /// Waits until a lesson is shown and the keys are offered.
    fn is_at(&self, number: usize) {
        let title = format!("Lesson {number} of 30");
        self.until(|screen| {
            let last = screen.rfind("Lesson ").map(|at| &screen[at..]);
            last.is_some_and(|it| it.starts_with(&title)) && screen.ends_with(KEYS)
        });
    }
}

#[test]
fn keys_lead_through_the_lessons() {
    let editor = "sed -i s/Hello/Goodbye/";
    let terminal = Terminal::with(&["learn", "1"], &[("EDITOR", editor)], &[]);
    terminal.is_at(1);
    terminal.press(ENTER);
    terminal.until(|screen| screen.contains("Next: forge learn 2") && screen.ends_with(KEYS));
    terminal.press(&format!("n{ENTER}"));
    terminal.is_at(2);
    terminal.press(&format!("p{ENTER}"));
    terminal.is_at(1);
    terminal.press(&format!("p{ENTER}"));
    terminal.until(|screen| screen.contains("lesson") && screen.ends_with(KEYS));
    terminal.press(&format!("e{ENTER}"));
    terminal.until(|screen| screen.contains("Goodbye") && screen.ends_with(KEYS));
    terminal.press(&format!("r{ENTER}"));
    terminal.until(|screen| screen.matches("Goodbye").count() == 2 && screen.ends_with(KEYS));
    terminal.press(&format!("q{ENTER}"));
    let (code, written) = terminal.ends();
    assert_eq!(code, 0);
    assert!(written.contains("\x1b[1mLesson 1 of 30"), "{written:?}");
}

#[test]
fn the_end_of_the_input_leaves() {
    let terminal = Terminal::with(&["learn", "30"], &[("NO_COLOR", "1")], &[]);
    terminal.is_at(30);
    terminal.press(&format!("r{ENTER}"));
    terminal.shows("Congratulations!");
    terminal.press(CTRL_D);
    let (code, written) = terminal.ends();
    assert_eq!(code, 0);
    assert!(!written.contains("\x1b[1mLesson"), "{written:?}");
}
