//! `forge learn N --check FILE`: an answer runs as any program does, in processes that end when they take too long, and
//! what it does is compared with what the exercise asks.

use super::args::Global;
use super::learn::forge;
use crate::engine;
use crate::learn::Checks;
use crate::learn::Finding;
use crate::learn::Lesson;
use crate::learn::Look;
use crate::learn::PROBES;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncRead;
use tokio::io::AsyncReadExt;

/// A run may take so long, and print so many bytes.
const LIMIT: Duration = Duration::from_secs(20);
const MOST: u64 = 1 << 20;

/// What became of an answer.
pub(super) struct Verdict {
    pub(super) is_solved: bool,
    findings: Vec<Finding>,
    /// What else helps.
    hints: Vec<String>,
}

/// Looks at the answer in a file.
///
/// # Errors
/// When it cannot be read, or nothing can be started.
pub(super) fn check(lesson: &Lesson, file: &Path, global: &Global) -> Result<Verdict, String> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("could not read '{}': {error}", file.display()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("could not start: {error}"))?;
    let folder = tempfile::tempdir().map_err(|error| format!("could not start: {error}"))?;
    let answer = Answer { text: &text, file, folder: folder.path(), may_run: global.allow_run };
    let mut verdict = Verdict { is_solved: false, findings: Vec::new(), hints: Vec::new() };
    let checks = Checks::of(lesson.checks);
    runtime
        .block_on(answer.ask(&checks, &mut verdict))
        .map_err(|error| format!("could not start: {error}"))?;
    if text.trim().is_empty() {
        verdict.hints.push("The file is empty: write your answer into it.".to_owned());
    }
    verdict.is_solved = verdict.findings.iter().all(|it| matches!(it, Finding::Good(_)));
    Ok(verdict)
}

struct Answer<'a> {
    text: &'a str,
    file: &'a Path,
    /// For what is made of it.
    folder: &'a Path,
    may_run: bool,
}

/// A process that came to an end.
struct Ran {
    /// Nothing if it was ended.
    code: Option<i32>,
    out: String,
    err: String,
}

impl Answer<'_> {
    async fn ask(&self, checks: &Checks, verdict: &mut Verdict) -> std::io::Result<()> {
        let alone = self.run(false, &[], self.file).await?;
        if alone.code != Some(0) {
            let why = match alone.code {
                Some(_) => "it should run to its end, it fails".to_owned(),
                None => format!("it should end within {} seconds, it does not", LIMIT.as_secs()),
            };
            verdict.findings.push(Finding::Bad(why));
            verdict.hints.extend(alone.about());
            return Ok(());
        }
        verdict.findings.extend(checks.printed(&alone.out));
        verdict.findings.extend(checks.used(&engine::tokens(self.text)));
        if checks.has_probes() {
            let probing = checks.probing(self.text);
            let only = format!("--filter=/^{PROBES}$/");
            let flags = ["--no-warn", only.as_str()];
            let flags = if checks.asks_handlers() { &flags[..] } else { &flags[..1] };
            let ran = self.variant(&probing, checks.asks_handlers(), flags).await?;
            verdict.findings.extend(checks.probed(&ran.out));
            if ran.out.contains("Use --allow-run") {
                verdict.hints.push("The check needs a permission: add --allow-run.".to_owned());
            }
        }
        if checks.tests > 0 {
            self.ask_tests(checks, verdict).await?;
        }
        Ok(())
    }

    /// Whether its tests are there, pass, and notice mistakes.
    async fn ask_tests(&self, checks: &Checks, verdict: &mut Verdict) -> std::io::Result<()> {
        let listed = self.run(true, &["--list"], self.file).await?;
        let (count, wanted) = (listed.out.lines().count(), checks.tests);
        if count < wanted {
            let text = format!("it should have {wanted} tests, it has {count}");
            verdict.findings.push(Finding::Bad(text));
            return Ok(());
        }
        verdict.findings.push(Finding::Good(format!("it has {count} tests")));
        let tested = self.run(true, &[], self.file).await?;
        if tested.code != Some(0) {
            verdict.findings.push(Finding::Bad("its tests should pass, they do not".to_owned()));
            verdict.hints.push(tested.out);
            return Ok(());
        }
        verdict.findings.push(Finding::Good("its tests pass".to_owned()));
        for wrong in &checks.catches {
            // Of two functions with one name, the later counts.
            let wrong_answer = format!("{}\n{wrong}\n", self.text);
            let ran = self.variant(&wrong_answer, true, &["--no-warn"]).await?;
            verdict.findings.push(match ran.code {
                Some(0) => Finding::Bad(format!("a test should fail with `{wrong}`, none does")),
                _ => Finding::Good(format!("a test notices `{wrong}`")),
            });
        }
        Ok(())
    }

    /// Runs what was made of the answer.
    async fn variant(&self, text: &str, has_tests: bool, flags: &[&str]) -> std::io::Result<Ran> {
        let file = self.folder.join("answer.fg");
        std::fs::write(&file, text)?;
        self.run(has_tests, flags, &file).await
    }

    /// Runs a program or its tests: the answer where it is, anything else in the folder for that.
    async fn run(&self, has_tests: bool, flags: &[&str], file: &Path) -> std::io::Result<Ran> {
        let mut command = forge(has_tests, self.may_run)?;
        command.args(["--color", "never"]).args(flags).arg(file);
        if file != self.file {
            command.current_dir(self.folder);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = tokio::process::Command::from(command).kill_on_drop(true).spawn()?;
        let (mut out, mut err) =
            (Reading::of(child.stdout.take()), Reading::of(child.stderr.take()));
        let ended = tokio::time::timeout(LIMIT, async {
            tokio::join!(out.all(), err.all());
            child.wait().await
        });
        let code = match ended.await {
            Ok(status) => Some(status?.code().unwrap_or(1)),
            Err(_) => None,
        };
        Ok(Ran { code, out: out.text(), err: err.text() })
    }
}

impl Ran {
    /// What it said of its failure.
    fn about(&self) -> Option<String> {
        (!self.err.trim().is_empty()).then(|| self.err.clone())
    }
}

/// The output of a process, and what of it was read.
struct Reading<R> {
    stream: Option<tokio::io::Take<R>>,
    bytes: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Reading<R> {
    fn of(stream: Option<R>) -> Reading<R> {
        Reading { stream: stream.map(|it| it.take(MOST)), bytes: Vec::new() }
    }

    /// Reads as much as is kept, then closes: a program that goes on printing ends as at any closed pipe.
    async fn all(&mut self) {
        if let Some(stream) = &mut self.stream {
            // What was read counts, also when the rest cannot be.
            let _ = stream.read_to_end(&mut self.bytes).await;
        }
        self.stream = None;
    }

    fn text(self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

impl Verdict {
    /// The report.
    pub(super) fn shown(&self, lesson: &Lesson, look: Look) -> String {
        let mut text = format!("\n  Lesson {}: {}\n\n", lesson.number(), lesson.title());
        for finding in &self.findings {
            text.push_str(&match finding {
                Finding::Good(what) => format!("    {}    {what}\n", look.good("ok")),
                Finding::Bad(what) => format!("    {}  {what}\n", look.bad("FAIL")),
            });
        }
        for hint in &self.hints {
            let lines = hint.trim().lines().map(|line| format!("    {line}").trim_end().to_owned());
            text.push_str(&format!("\n{}\n", lines.collect::<Vec<_>>().join("\n")));
        }
        let number = lesson.number();
        let next = match (self.is_solved, crate::learn::lesson(number + 1)) {
            (false, _) => format!("Not yet. forge learn {number} shows the exercise."),
            (true, Ok(next)) => format!("Solved! Go on with: forge learn {}", next.number()),
            (true, Err(_)) => "Solved! That was the last exercise.".to_owned(),
        };
        text + &format!("\n  {next}\n\n")
    }
}
