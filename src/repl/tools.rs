//! Commands for the curious: tables, times, trees, instructions; and the editor.

use super::Repl;
use super::Then;
use super::commands::definition;
use super::evaluate::in_words;
use super::evaluate::params;
use crate::diag::SourceId;
use crate::engine;
use crate::engine::Text;
use crate::task;
use std::process::Command;
use std::time::Duration;
use std::time::Instant;

/// `:bench` goes on for so long, and makes so many runs at least and at most.
const BENCH: Duration = Duration::from_millis(500);
const RUNS: std::ops::RangeInclusive<usize> = 3..=10_000;

/// `:table EXPR`
pub(super) fn table(repl: &mut Repl, text: &str) -> Then {
    repl.evaluate(&format!("term.table({text})"));
    Then::GoOn
}

/// `:bench EXPR`: each run is in a fork of its own, and nothing of it stays.
pub(super) fn bench(repl: &mut Repl, text: &str) -> Then {
    let mut times = Vec::new();
    let start = Instant::now();
    while times.len() < *RUNS.start() || times.len() < *RUNS.end() && start.elapsed() < BENCH {
        let fork = repl.branches.session().fork();
        let mut sources = repl.sources.clone();
        let mut input = match fork.read(&mut sources, Text::new("<bench>", text), None) {
            Ok(input) => input,
            Err(found) => {
                repl.sources = sources;
                repl.report(&found);
                return Then::GoOn;
            }
        };
        let begun = Instant::now();
        let ran = repl.unless_interrupted(task::drive(&mut input.machine));
        times.push(begun.elapsed());
        match ran {
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                repl.sources = sources;
                repl.report(&[engine::diagnostic(&error)]);
                return Then::GoOn;
            }
            None => {
                println!("interrupted");
                return Then::GoOn;
            }
        }
    }
    times.sort();
    let [fastest, median, slowest] =
        [0, times.len() / 2, times.len() - 1].map(|at| in_words(times[at]));
    let count = times.len();
    repl.tell(Ok(format!("{count} runs: fastest {fastest}, median {median}, slowest {slowest}")))
}

/// `:ast CODE`
pub(super) fn tree(repl: &mut Repl, text: &str) -> Then {
    let name = format!("<repl:{}>", repl.count + 1);
    let source: SourceId = repl.sources.add(name, text);
    let parsed = crate::syntax::parse(source, text);
    if !parsed.diagnostics.is_empty() {
        repl.report(&parsed.diagnostics);
        return Then::GoOn;
    }
    let shown = parsed.program.statements.iter().map(|it| format!("{it:#?}"));
    let shown = shown.map(|text| without_places(&text)).collect::<Vec<_>>().join("\n");
    repl.tell(Ok(shown))
}

/// A tree as Rust shows it, without the places in the source.
fn without_places(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut inside: Option<&str> = None;
    for line in text.lines() {
        let indent = &line[..line.len() - line.trim_start().len()];
        match inside {
            Some(outer) if indent == outer => inside = None,
            Some(_) => {}
            None if line.trim_start().starts_with("span: Span {") => inside = Some(indent),
            None => lines.push(line),
        }
    }
    lines.join("\n")
}

/// `:bytecode CODE`
pub(super) fn bytecode(repl: &mut Repl, text: &str) -> Then {
    let name = format!("<repl:{}>", repl.count + 1);
    let known = repl.branches.session().template.image.program.chunks.len();
    let session = repl.branches.session().fork();
    let input = match session.read(&mut repl.sources, Text::new(&name, text), None) {
        Ok(input) => input,
        Err(found) => {
            repl.report(&found);
            return Then::GoOn;
        }
    };
    let mut lines = Vec::new();
    for chunk in &input.program().chunks[known..] {
        lines.push(format!("{}: {} registers", chunk.name, chunk.registers));
        let code = chunk.code.iter().enumerate();
        lines.extend(code.map(|(at, op)| format!("{at:>5}  {op:?}")));
    }
    repl.tell(Ok(lines.join("\n")))
}

/// What the text that defines a function says of it: its parameters, and the comment before it.
pub(super) fn documentation(text: &str, name: &str) -> Option<String> {
    let signature = format!("{name}({})", params(text, name)?.join(", "));
    let mut comment: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim) {
        match line.strip_prefix("//") {
            Some(line) => comment.push(line.trim_start_matches('/').trim()),
            None if line.contains(name) => break,
            None => comment.clear(),
        }
    }
    Some([&[signature.as_str()], &comment[..]].concat().join("\n"))
}

/// `:edit [NAME]`
pub(super) fn edit(repl: &mut Repl, name: &str) -> Then {
    let last = || repl.branches.inputs().last().map(|it| it.text.clone()).unwrap_or_default();
    let edited = match name {
        "" => Ok(last()),
        name => definition(repl, name),
    };
    match edited.and_then(|text| in_editor(&text)) {
        Ok(text) if text.trim().is_empty() => Then::GoOn,
        Ok(text) => {
            println!("{}", text.trim_end());
            repl.evaluate(&text);
            Then::GoOn
        }
        Err(why) => repl.tell(Err(why)),
    }
}

/// What a person makes of a text.
///
/// # Errors
/// When there is no editor, or it fails.
pub fn in_editor(text: &str) -> Result<String, String> {
    let editor = ["VISUAL", "EDITOR"].into_iter().filter_map(|name| std::env::var(name).ok());
    let editor = editor.into_iter().find(|it| !it.trim().is_empty());
    let editor = editor.ok_or("no editor: set $VISUAL or $EDITOR")?;
    let failed = |error: std::io::Error| format!("could not edit: {error}");
    let file = tempfile::Builder::new().suffix(".fg").tempfile().map_err(failed)?;
    std::fs::write(file.path(), text).map_err(failed)?;
    let mut words = editor.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    let status = command.args(words).arg(file.path()).status();
    let status = status.map_err(|error| format!("could not start '{editor}': {error}"))?;
    if !status.success() {
        return Err(format!("'{editor}' ended with {status}; nothing was run"));
    }
    std::fs::read_to_string(file.path()).map_err(failed)
}
