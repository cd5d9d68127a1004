//! What somebody has seen and solved: `learn.toml` in the folder that Forge has of a user.

use crate::install::Surroundings;
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use toml::Table;

const SEEN: &str = "seen";
const SOLVED: &str = "solved";

/// The lessons that were seen, and those whose exercises were solved.
#[derive(Default)]
pub struct Progress {
    /// Where it is kept; nowhere for somebody without a home.
    file: Option<PathBuf>,
    /// What stands there, other keys included.
    table: Table,
}

impl Progress {
    /// That of the user.
    ///
    /// # Errors
    /// When it cannot be read, or is no longer what we have written: then it is left alone.
    pub fn of_user() -> Result<Progress, String> {
        let Some(home) = Surroundings::of_process().home else { return Ok(Progress::default()) };
        let file = home.join("learn.toml");
        let failed = |why: String| format!("could not read '{}': {why}", file.display());
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(failed(error.to_string())),
        };
        let table =
            text.parse().map_err(|error: toml::de::Error| failed(error.message().into()))?;
        Ok(Progress { file: Some(file), table })
    }

    /// The numbers of the lessons that were seen.
    pub fn seen(&self) -> BTreeSet<usize> {
        self.numbers(SEEN)
    }

    /// The numbers of those whose exercise was solved.
    pub fn solved(&self) -> BTreeSet<usize> {
        self.numbers(SOLVED)
    }

    /// Whether a lesson was seen.
    pub fn has_seen(&self, number: usize) -> bool {
        self.seen().contains(&number)
    }

    /// Whether the exercise of a lesson was solved.
    pub fn has_solved(&self, number: usize) -> bool {
        self.solved().contains(&number)
    }

    /// A lesson has been seen.
    ///
    /// # Errors
    /// When that cannot be kept.
    pub fn see(&mut self, number: usize) -> Result<(), String> {
        self.add(SEEN, number)
    }

    /// The exercise of a lesson has been solved.
    ///
    /// # Errors
    /// When that cannot be kept.
    pub fn solve(&mut self, number: usize) -> Result<(), String> {
        self.add(SOLVED, number)
    }

    fn numbers(&self, key: &str) -> BTreeSet<usize> {
        let numbers = self.table.get(key).and_then(toml::Value::as_array).into_iter().flatten();
        numbers.filter_map(|it| usize::try_from(it.as_integer()?).ok()).collect()
    }

    fn add(&mut self, key: &str, number: usize) -> Result<(), String> {
        let mut numbers = self.numbers(key);
        if !numbers.insert(number) {
            return Ok(());
        }
        let numbers = numbers.into_iter().filter_map(|it| i64::try_from(it).ok());
        self.table.insert(key.to_owned(), numbers.collect::<Vec<_>>().into());
        let Some(file) = &self.file else { return Ok(()) };
        let text = format!("# What `forge learn` remembers.\n{}", self.table);
        write(file, &text).map_err(|error| format!("could not write '{}': {error}", file.display()))
    }
}

/// Beside its place first: whoever reads meanwhile sees the old or the new.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}
