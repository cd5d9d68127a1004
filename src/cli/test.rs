//! `forge test [PATH...]`

use super::args::Global;
use super::report::report;
use super::report::wants_color;
use super::run::complain;
use super::test_args::CoverageFormat;
use super::test_args::Reporter;
use super::test_args::TestArgs;
use crate::diag::Sources;
use crate::package::Project;
use crate::package::TestSection;
use crate::task::Signals;
use crate::testing;
use crate::testing::Coverage;
use crate::testing::Lost;
use crate::testing::Output;
use crate::testing::Settings;
use crate::testing::Source;
use crate::testing::State;
use crate::testing::Stream;
use crate::testing::Style;
use crate::testing::Summary;
use std::io::ErrorKind;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// No test has a name that was asked for.
const NO_MATCH: u8 = 4;

/// `forge test PATH...`
pub(super) fn files(args: &TestArgs, global: &Global) -> ExitCode {
    let (paths, timeout) = match wanted(args, global) {
        Ok(wanted) => wanted,
        Err(code) => return code,
    };
    let files = match testing::discover(&paths) {
        Ok(files) => files,
        Err(lost) => return explain(&lost),
    };
    if files.is_empty() {
        let folders: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
        return super::show(&format!(
            "\n  No test files found in '{}'\n  Create .fg files with @test functions\n\n",
            folders.join("', '")
        ));
    }
    let settings = settings(args, timeout, global);
    if args.list {
        return code(args, testing::list(&files, &settings, &mut write));
    }
    match run(files, settings) {
        Ok(summary) => code(args, summary),
        Err(code) => code,
    }
}

/// Where the tests are and how long each may take, by the flags and the manifest.
fn wanted(args: &TestArgs, global: &Global) -> Result<(Vec<PathBuf>, Option<Duration>), ExitCode> {
    let mut sources = Sources::new();
    let folder = std::env::current_dir()
        .map_err(|error| complain(&format!("could not find the working directory: {error}")))?;
    let project = Project::find(&folder, &mut sources)
        .map_err(|fault| report(&[*fault], &sources, global))?;
    let (root, section) = match project {
        Some(project) => (project.root, project.manifest.test),
        None => (PathBuf::new(), TestSection::default()),
    };
    let timeout = args.timeout.or(section.timeout);
    if !args.paths.is_empty() {
        return Ok((args.paths.clone(), timeout));
    }
    if args.doc {
        let is_here = root.as_os_str().is_empty();
        return Ok((vec![if is_here { ".".into() } else { root }], timeout));
    }
    let folder = section.directory.unwrap_or_else(|| "tests".to_owned());
    Ok((vec![root.join(Path::new(&folder))], timeout))
}

fn explain(lost: &Lost) -> ExitCode {
    match lost {
        Lost::Missing(path) => complain(&format!(
            "test directory '{}' not found. Create it with test files.",
            path.display()
        )),
        Lost::Unreadable(path, error) => {
            super::show("\n");
            let path = path.display();
            complain(&format!("could not read test directory '{path}': {error}"))
        }
    }
}

fn settings(args: &TestArgs, timeout: Option<Duration>, global: &Global) -> Settings {
    let from_env = || std::env::var("FORGE_JOBS").ok()?.parse().ok();
    let processors = || std::thread::available_parallelism().ok();
    Settings {
        filters: args.filters.clone(),
        source: if args.doc { Source::Examples } else { Source::Tests },
        jobs: args.jobs.or_else(from_env).or_else(processors).map_or(1, usize::from),
        timeout,
        state: if args.shared_state { State::Shared } else { State::Forked },
        output: if args.nocapture { Output::Always } else { Output::OnFailure },
        coverage: coverage(args),
        fail_fast: args.fail_fast,
        shuffle: args.shuffle.map(|seed| seed.unwrap_or_else(rand::random)),
        style: match args.reporter {
            Reporter::Pretty => Style::Pretty,
            Reporter::Dot => Style::Dot,
            Reporter::Tap => Style::Tap,
            Reporter::Junit => Style::Junit,
            Reporter::Json => Style::Json,
        },
        max_depth: global.max_depth,
        may_run: global.allow_run,
        color: wants_color(global, &std::io::stdout()),
    }
}

/// What is done with the lines that ran; every flag about them asks for it.
fn coverage(args: &TestArgs) -> Option<Coverage> {
    let format = match args.coverage_format {
        CoverageFormat::Text => testing::CoverageFormat::Text,
        CoverageFormat::Lcov => testing::CoverageFormat::Lcov,
        CoverageFormat::Json => testing::CoverageFormat::Json,
        CoverageFormat::Html => testing::CoverageFormat::Html,
    };
    let is_wanted = args.coverage
        || format != testing::CoverageFormat::Text
        || args.coverage_out.is_some()
        || args.coverage_min.is_some();
    is_wanted.then(|| Coverage { format, out: args.coverage_out.clone() })
}

/// Runs all tests, until a signal says otherwise.
fn run(files: Vec<PathBuf>, settings: Settings) -> Result<Summary, ExitCode> {
    let start = |error: std::io::Error| complain(&format!("could not start: {error}"));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(start)?;
    runtime.block_on(async {
        let mut signals = Signals::new().map_err(start)?;
        let mut show = write;
        tokio::select! {
            result = testing::run(files, settings, &mut show) => {
                result.map_err(|text| complain(&text))
            }
            // Not by returning: machines that compute for ever must not keep the process.
            code = signals.next() => std::process::exit(code.into()),
        }
    })
}

/// Writes a piece of the report at once. A closed pipe ends the run quietly.
fn write(stream: Stream, text: &str) {
    let written = match stream {
        Stream::Out => {
            let mut out = std::io::stdout().lock();
            out.write_all(text.as_bytes()).and_then(|()| out.flush())
        }
        Stream::Err => std::io::stderr().write_all(text.as_bytes()),
    };
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => {
            complain(&format!("could not write output: {error}"));
            std::process::exit(1);
        }
        Ok(()) => {}
    }
}

fn code(args: &TestArgs, summary: Summary) -> ExitCode {
    if summary.failed > 0 {
        return ExitCode::FAILURE;
    }
    if !args.filters.is_empty() && summary.total() == 0 && !args.allow_none {
        complain("no test has a name that fits the filter");
        return NO_MATCH.into();
    }
    match (args.coverage_min, summary.covered) {
        (Some(least), Some(covered)) if covered < least => {
            complain(&format!("{covered:.1}% of the lines ran, fewer than {least}%"))
        }
        _ => ExitCode::SUCCESS,
    }
}
