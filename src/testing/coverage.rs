//! Which lines ran (language-statements 16.4).

use crate::diag::Source;
use crate::diag::SourceId;
use crate::diag::Sources;
use crate::diag::Span;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The lines of all files, each file once.
#[derive(Clone, Debug, Default)]
pub(super) struct Covered(pub(super) Vec<Lines>);

impl Covered {
    /// Adds what ran in a test file and what it loaded; several test files may load the same one.
    pub(super) fn add(&mut self, files: &[Lines]) {
        for lines in files {
            match self.0.iter_mut().find(|known| known.name == lines.name) {
                Some(known) => known.add(lines),
                None => self.0.push(lines.clone()),
            }
        }
    }

    /// How many lines ran, of how many.
    pub(super) fn share(&self) -> Share {
        self.0.iter().map(Lines::share).sum()
    }
}

/// The lines of a file that could run, and those that did.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    /// The file.
    pub(super) name: String,
    /// What stands in it.
    pub(super) text: Arc<str>,
    executable: BTreeSet<u32>,
    executed: BTreeSet<u32>,
}

impl Lines {
    /// The lines of all `sources`, with the statements that ran.
    pub(super) fn of(sources: &Sources, statements: impl Iterator<Item = Span>) -> Vec<Lines> {
        let all = (0..).map_while(|id| sources.find(SourceId(id)));
        let mut files: Vec<Lines> = all
            .map(|source| Lines {
                name: source.name.to_string(),
                text: source.text.clone(),
                executable: executable(source),
                executed: BTreeSet::new(),
            })
            .collect();
        for span in statements {
            if let (Some(source), Some(lines)) =
                (sources.find(span.source), files.get_mut(span.source.0 as usize))
            {
                let line = source.position(span.start).line;
                if lines.executable.contains(&line) {
                    lines.executed.insert(line);
                }
            }
        }
        files
    }

    /// Adds what ran of the same file elsewhere.
    fn add(&mut self, other: &Lines) {
        self.executed.extend(&other.executed);
    }

    /// The executable lines, and whether each ran.
    pub(super) fn executable(&self) -> impl Iterator<Item = (u32, bool)> {
        self.executable.iter().map(|line| (*line, self.executed.contains(line)))
    }

    /// How many lines ran, of how many.
    pub(super) fn share(&self) -> Share {
        Share { executed: self.executed.len(), executable: self.executable.len() }
    }
}

/// A part of the executable lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) executed: usize,
    pub(super) executable: usize,
}

impl Share {
    /// All lines of nothing ran.
    pub(super) fn percent(self) -> f64 {
        match self.executable {
            0 => 100.0,
            all => self.executed as f64 / all as f64 * 100.0,
        }
    }
}

impl std::iter::Sum for Share {
    fn sum<I: Iterator<Item = Share>>(shares: I) -> Share {
        shares.fold(Share::default(), |all, one| Share {
            executed: all.executed + one.executed,
            executable: all.executable + one.executable,
        })
    }
}

/// The numbers of the lines that count as code, by their text alone.
fn executable(source: &Source) -> BTreeSet<u32> {
    let mut is_in_comment = false;
    let mut is_code = |line: &str| {
        if is_in_comment || line.starts_with("/*") {
            is_in_comment = !line.contains("*/");
            return false;
        }
        !is_frame(line) && !line.starts_with("//") && !line.starts_with('@')
    };
    (1..=source.line_count()).filter(|number| is_code(source.line(*number).trim())).collect()
}

/// Whether a line only opens and closes blocks, or is blank.
fn is_frame(line: &str) -> bool {
    matches!(line, "" | "{" | "}" | "} else {" | "otherwise {" | "} otherwise {")
        || line.starts_with("} else if ")
}
