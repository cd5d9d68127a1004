//! The lessons. Each is a folder of `lessons/`; the tests of `tests/cli/learn.rs` run all of them.

/// A lesson.
pub struct Lesson {
    /// The name of its folder, which begins with its number.
    folder: &'static str,
    /// Its title and what it says, as Markdown.
    text: &'static str,
    /// The program that it shows.
    pub program: &'static str,
    /// What the program prints, notes on the error output first.
    pub output: &'static str,
    /// What is to be done, as Markdown.
    pub exercise: &'static str,
    /// What is asked of the answer: [`super::Checks`].
    pub checks: &'static str,
}

macro_rules! lessons {
    ($($folder:literal)*) => {
        &[$(Lesson {
            folder: $folder,
            text: include_str!(concat!("lessons/", $folder, "/lesson.md")),
            program: include_str!(concat!("lessons/", $folder, "/lesson.fg")),
            output: include_str!(concat!("lessons/", $folder, "/lesson.out")),
            exercise: include_str!(concat!("lessons/", $folder, "/exercise.md")),
            checks: include_str!(concat!("lessons/", $folder, "/checks.txt")),
        }),*]
    };
}

/// All lessons, in their order.
pub const LESSONS: &[Lesson] = lessons![
    "01-hello-world"
    "02-variables"
    "03-mutable-variables"
    "04-functions"
    "05-the-fun-trio"
    "06-arrays-and-loops"
    "07-objects"
    "08-repeat"
    "09-destructuring"
    "10-error-handling"
    "11-when-guards"
    "12-http-and-apis"
    "13-terminal-colors"
    "14-testing"
    "15-file-io"
    "16-data-processing"
    "17-database"
    "18-shell-and-system"
    "19-channels-and-spawn"
    "20-pattern-matching-and-adts"
    "21-result-and-option"
    "22-string-processing"
    "23-string-transformations"
    "24-collection-power-tools"
    "25-genz-debug-kit"
    "26-performance-profiling"
    "27-npc-fake-data"
    "28-smart-array-ops"
    "29-advanced-testing"
    "30-file-path-utils"
];

/// The lesson of that number, else what to tell who asked for it.
///
/// # Errors
/// When there is none.
pub fn lesson(number: usize) -> Result<&'static Lesson, String> {
    let found = LESSONS.iter().find(|lesson| lesson.number() == number);
    found.ok_or_else(|| format!("there is no lesson {number}: they are 1 to {}", LESSONS.len()))
}

impl Lesson {
    /// Its number, from 1 on.
    pub fn number(&self) -> usize {
        let digits = self.folder.split('-').next().and_then(|digits| digits.parse().ok());
        digits.expect("the name of a lesson's folder begins with its number")
    }

    /// What it is about.
    pub fn title(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default().trim_start_matches("# ")
    }

    /// What it says, without its title.
    pub fn text(&self) -> &'static str {
        self.text.split_once('\n').map_or("", |(_, text)| text)
    }

    /// Whether it shows tests: `forge test` runs those, `forge run` all others.
    pub fn has_tests(&self) -> bool {
        self.program.lines().any(|line| line == "@test")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lessons_are_numbered_from_one() {
        let numbers: Vec<usize> = LESSONS.iter().map(Lesson::number).collect();
        assert_eq!(numbers, (1..=30).collect::<Vec<_>>());
        assert!(LESSONS.iter().all(|it| !it.title().is_empty() && it.text().len() > 100));
    }
}
