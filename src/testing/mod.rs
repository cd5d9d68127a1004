//! `forge test`: functions with `@test`, each on its own fork of its file's world (language-statements 16, tooling 5).
//!
//! Files run in parallel, and so do the tests of a file without hooks; the report is in source order all the same.

mod capture;
mod coverage;
mod discover;
mod examples;
mod file;
mod filter;
mod report;
mod run;
mod runner;

pub use discover::Lost;
pub use discover::discover;
pub use filter::Filter;
pub use report::Style;
pub use report::Summary;
pub use run::list;
pub use run::run;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

/// How tests run and what is shown of them.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Tests that fit none of these are left out; all run when there are none.
    pub filters: Vec<Filter>,
    /// What of a file is run.
    pub source: Source,
    /// Machines that run at once.
    pub jobs: usize,
    /// How long one call may take: of a test, of a hook, of a file's top-level code.
    pub timeout: Option<Duration>,
    /// Whose world a test runs in.
    pub state: State,
    /// What becomes of a test's output.
    pub output: Output,
    /// What is done with the lines that ran; `None`: they are not counted.
    pub coverage: Option<Coverage>,
    /// After this many failures nothing more is run.
    pub fail_fast: Option<NonZeroUsize>,
    /// What the random order of files and tests comes from; `None`: their own order.
    pub shuffle: Option<u64>,
    /// The form of the report.
    pub style: Style,
    /// Calls that may be active at once in one machine.
    pub max_depth: usize,
    /// Whether tests may run other programs.
    pub may_run: bool,
    /// Whether ANSI colours are used.
    pub color: bool,
}

impl Settings {
    /// Whether the test of that name was asked for.
    fn wants(&self, test: &str) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| filter.admits(test))
    }
}

/// What of a file is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Its functions with `@test`.
    Tests,
    /// The examples in its comments.
    Examples,
}

/// Whose world a test runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A fork of its own.
    Forked,
    /// The world of its file: it sees what the tests before it wrote.
    Shared,
}

/// What becomes of a test's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// It is shown when the test fails.
    OnFailure,
    /// It is shown.
    Always,
}

/// Where a piece of the report goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// The report, and what programs print.
    Out,
    /// What programs write to the error output.
    Err,
}

/// What is done with the lines that ran.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// The form of the report about them.
    pub format: CoverageFormat,
    /// The file it is written to; it is shown unless there is one.
    pub out: Option<PathBuf>,
}

/// How covered lines are reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CoverageFormat {
    /// For people.
    #[default]
    Text,
    /// The format of `lcov`, for editors and services.
    Lcov,
    /// For programs.
    Json,
    /// A page with the source.
    Html,
}
