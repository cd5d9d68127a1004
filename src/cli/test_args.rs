//! The flags of `forge test`.

use crate::testing::Filter;

/// Flags of `forge test`.
#[derive(clap::Args, Clone)]
pub(super) struct TestArgs {
    /// Files, and folders with test files; `tests` unless given
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<std::path::PathBuf>,
    /// Run them again whenever a program below the working directory changes
    #[arg(long)]
    pub(super) watch: bool,
    /// Run tests whose name contains TEXT, or matches it when it is a /REGEX/; may be given several times
    #[arg(long = "filter", value_name = "TEXT")]
    pub(super) filters: Vec<Filter>,
    /// Run the examples in comments instead, ```forge blocks, of all programs of the project unless paths are given
    #[arg(long)]
    pub(super) doc: bool,
    /// It is no failure when no test fits the filter
    #[arg(long)]
    pub(super) allow_none: bool,
    /// Count the lines that ran
    #[arg(long)]
    pub(super) coverage: bool,
    /// Form of the report about the lines that ran
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) coverage_format: CoverageFormat,
    /// Write the report about the lines that ran to this file
    #[arg(long, value_name = "PATH")]
    pub(super) coverage_out: Option<std::path::PathBuf>,
    /// Fail when fewer percent of the lines ran
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(super) coverage_min: Option<f64>,
    /// Run nothing more after the first failure, or after N
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "1")]
    pub(super) fail_fast: Option<std::num::NonZeroUsize>,
    /// Run files and tests in a random order; the same SEED gives the same order
    #[arg(long, value_name = "SEED", num_args = 0..=1, require_equals = true)]
    pub(super) shuffle: Option<Option<u64>>,
    /// Only name the tests
    #[arg(long)]
    pub(super) list: bool,
    /// Form of the report
    #[arg(long, value_name = "FORM", default_value = "pretty")]
    pub(super) reporter: Reporter,
    /// Tests that compute at once; one for each processor unless given
    #[arg(short, long, value_name = "N")]
    pub(super) jobs: Option<std::num::NonZeroUsize>,
    /// Seconds that one call of a test, a hook or a file's top-level code may take
    #[arg(long, value_name = "SECS", value_parser = super::units::some_seconds)]
    pub(super) timeout: Option<std::time::Duration>,
    /// Show the output of tests that pass too
    #[arg(long)]
    pub(super) nocapture: bool,
    /// Run the tests of a file one after another in one world
    #[arg(long)]
    pub(super) shared_state: bool,
}

fn percent(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent),
        _ => Err("expected a number from 0 to 100".to_owned()),
    }
}

/// How covered lines are reported.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum CoverageFormat {
    /// For people.
    Text,
    /// For editors and services.
    Lcov,
    /// One JSON object.
    Json,
    /// A page with the source.
    Html,
}

/// The form of a test report.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Reporter {
    /// For people.
    Pretty,
    /// A sign for each test.
    Dot,
    /// The Test Anything Protocol.
    Tap,
    /// XML for build servers.
    Junit,
    /// One JSON object each.
    Json,
}
