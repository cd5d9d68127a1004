//! What begins with a colon, and the few bare words that are commands.

use super::Repl;
use super::Then;
use super::branch::Change;
use super::evaluate::Outcome;
use super::lessons;
use super::serve;
use super::settings;
use super::show;
use super::tools;
use crate::builtins;
use crate::diag::nearest;
use crate::value::Value;

/// A command.
struct Command {
    name: &'static str,
    takes: &'static str,
    does: &'static str,
    run: fn(&mut Repl, &str) -> Then,
}

const fn command(
    name: &'static str,
    takes: &'static str,
    does: &'static str,
    run: fn(&mut Repl, &str) -> Then,
) -> Command {
    Command { name, takes, does, run }
}

const COMMANDS: &[Command] = &[
    command("help", "[COMMAND]", "what the commands do", help),
    command("quit", "", "leave", |_, _| leave()),
    command("clear", "", "clear the screen", clear),
    command("version", "", "the version", version),
    command("learn", "[N]", "the lessons; one of them in a branch of its own", lessons::learn),
    command("names", "[PREFIX]", "your variables, with type and value", names),
    command("doc", "NAME", "what a builtin does", doc),
    command("type", "EXPR", "the type of a value", type_of),
    command("time", "EXPR", "the value, and how long it took", time),
    command("table", "EXPR", "an array of objects as a table", tools::table),
    command("bench", "EXPR", "how long it takes, run again and again", tools::bench),
    command("ast", "CODE", "its syntax tree", tools::tree),
    command("bytecode", "CODE", "its instructions", tools::bytecode),
    command(
        "edit",
        "[NAME]",
        "the last input, or what defined a name, in your editor",
        tools::edit,
    ),
    command("serve", "[PORT]", "serve the handlers of the session until Ctrl-C", serve::serve),
    command("set", "[KEY VALUE]", "how the session works", settings::set),
    command("full", "", "the last value, all of it", full),
    command("load", "FILE", "run a file as one input", load),
    command("save", "FILE", "write the inputs that count to a file", save),
    command("source", "NAME", "the input that defined a name", source),
    command("history", "[N]", "the inputs that count", history),
    command("undo", "[N]", "take inputs back", undo),
    command("redo", "[N]", "bring undone inputs back", redo),
    command("snapshot", "[NAME]", "name the state as it is now", snapshot),
    command("restore", "NAME", "go back to a named state", restore),
    command("snapshots", "", "the named states", snapshots),
    command("drop", "NAME", "forget a named state", drop_named),
    command("fork", "[NAME]", "try something in a branch of its own", fork),
    command("switch", "NAME", "go on in another branch", switch),
    command("branches", "", "the branches", branches),
    command("diff", "[A [B]]", "what differs between two states", diff),
    command("reset", "", "an empty session; :undo takes that back", reset),
];

/// Words that are commands without a colon, unless they are variables.
const BARE: &[(&str, &str)] = &[
    ("exit", "quit"),
    ("quit", "quit"),
    ("help", "help"),
    ("clear", "clear"),
    ("env", "names"),
    ("learn", "learn"),
    ("version", "version"),
];

impl Repl {
    /// Runs a command; `None` when the text is none.
    pub(super) fn command(&mut self, text: &str) -> Option<Then> {
        if let Some(line) = text.strip_prefix(':') {
            let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            return Some(self.named(name, rest.trim()));
        }
        // `learn 4` is no program, so nobody can mean anything else.
        let is_lesson = |rest: &&str| rest.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(number) = text.strip_prefix("learn ").map(str::trim).filter(is_lesson) {
            return Some(self.named("learn", number));
        }
        let (_, command) = BARE.iter().find(|(word, _)| *word == text)?;
        let is_variable = self.branches.session().value(text).is_some();
        (!is_variable).then(|| self.named(command, ""))
    }

    fn named(&mut self, name: &str, rest: &str) -> Then {
        if let Some(number) = name.strip_prefix('!') {
            return again(self, number);
        }
        let exact = COMMANDS.iter().find(|command| command.name == name);
        let mut short = COMMANDS.iter().filter(|command| command.name.starts_with(name));
        let only = short.next().filter(|_| short.next().is_none() && !name.is_empty());
        match exact.or(only) {
            Some(command) => (command.run)(self, rest),
            None => {
                let near = nearest(name, COMMANDS.iter().map(|command| command.name));
                let hint =
                    near.first().map_or(String::new(), |it| format!("; did you mean :{it}?"));
                self.complain(&format!("unknown command ':{name}'{hint}"));
                Then::GoOn
            }
        }
    }

    /// Shows the result of something that may not be possible.
    pub(super) fn tell(&mut self, result: Result<String, String>) -> Then {
        match result {
            Ok(text) if text.is_empty() => {}
            Ok(text) => println!("{text}"),
            Err(text) => self.complain(&text),
        }
        Then::GoOn
    }
}

fn leave() -> Then {
    println!("Goodbye!");
    Then::Leave
}

fn help(repl: &mut Repl, name: &str) -> Then {
    let name = name.trim_start_matches(':');
    let known = COMMANDS.iter().filter(|command| name.is_empty() || command.name == name);
    let lines: Vec<String> = known
        .map(|command| {
            format!("  {:<22} {}", format!(":{} {}", command.name, command.takes), command.does)
        })
        .collect();
    match lines.is_empty() {
        true => repl.tell(Err(format!("unknown command ':{name}'"))),
        false => repl.tell(Ok(lines.join("\n"))),
    }
}

fn clear(_: &mut Repl, _: &str) -> Then {
    print!("\x1b[2J\x1b[H");
    Then::GoOn
}

fn version(_: &mut Repl, _: &str) -> Then {
    println!("Forge v{}", env!("CARGO_PKG_VERSION"));
    Then::GoOn
}

fn names(repl: &mut Repl, prefix: &str) -> Then {
    for (name, value, is_mutable) in repl.branches.session().names() {
        if name.starts_with(prefix) {
            let mark = if is_mutable { "mut " } else { "" };
            println!("{mark}{name}: {} = {}", value.kind(), show::short(&value, 60));
        }
    }
    Then::GoOn
}

fn doc(repl: &mut Repl, name: &str) -> Then {
    let registry = builtins::registry();
    let row = registry.any(name).map(|id| registry.row(id));
    let row = row.or_else(|| {
        let (module, member) = name.split_once('.')?;
        registry.member(module, member).map(|id| registry.row(id))
    });
    let text = row.map(|row| {
        let params: Vec<&str> = row.params.iter().map(|param| param.name).collect();
        let mut text = format!("{}({})\n{}", row.name, params.join(", "), row.doc);
        for (program, output) in row.examples.iter().take(2) {
            text.push_str(&format!("\n  {program}   // prints: {}", output.replace('\n', ", ")));
        }
        text
    });
    let text = text.or_else(|| tools::documentation(&definition(repl, name).ok()?, name));
    repl.tell(text.ok_or_else(|| format!("nothing is known about '{name}'")))
}

/// Evaluates in a fork: nothing of it stays.
fn type_of(repl: &mut Repl, text: &str) -> Then {
    let outcome = repl.value_of(text);
    if let Outcome::Value(value) = outcome {
        repl.branches.undo(1);
        println!("{}", value.kind());
    }
    Then::GoOn
}

fn time(repl: &mut Repl, text: &str) -> Then {
    repl.time(text);
    Then::GoOn
}

fn full(repl: &mut Repl, _: &str) -> Then {
    let text = repl.last.as_ref().map(Value::to_text);
    match text {
        Some(Ok(text)) => println!("{text}"),
        Some(Err(fault)) => repl.complain(&fault.to_string()),
        None => repl.complain("nothing was shown yet"),
    }
    Then::GoOn
}

fn load(repl: &mut Repl, path: &str) -> Then {
    repl.load(path);
    Then::GoOn
}

fn save(repl: &mut Repl, path: &str) -> Then {
    let texts: Vec<&str> = repl.branches.inputs().map(|it| it.text.trim_end()).collect();
    let inputs: Vec<&str> = texts.into_iter().filter(|text| !text.starts_with(':')).collect();
    let text = inputs.iter().map(|text| format!("{text}\n")).collect::<String>();
    let saved = std::fs::write(path, text);
    let told = saved.map(|()| format!("{} inputs written to {path}", inputs.len()));
    repl.tell(told.map_err(|error| format!("could not write '{path}': {error}")))
}

fn source(repl: &mut Repl, name: &str) -> Then {
    let found = definition(repl, name);
    repl.tell(found)
}

/// The text of the last input that defined a name.
///
/// # Errors
/// When none does.
pub(super) fn definition(repl: &Repl, name: &str) -> Result<String, String> {
    let defines = |text: &str| {
        let parsed = crate::syntax::parse(crate::diag::SourceId(u32::MAX), text);
        let mut statements = parsed.program.statements.iter();
        statements.any(|it| crate::syntax::declared::declares(it, name))
    };
    let mut texts = repl.branches.inputs().rev().map(|it| it.text.clone());
    texts.find(|text| defines(text)).ok_or_else(|| format!("no input defines '{name}'"))
}

fn history(repl: &mut Repl, count: &str) -> Then {
    let all: Vec<(usize, &str)> =
        repl.branches.inputs().map(|it| (it.number, it.text.trim_end())).collect();
    let count = count.parse().unwrap_or(all.len());
    let shown = &all[all.len().saturating_sub(count)..];
    shown.iter().for_each(|(number, text)| println!("[{number}] {text}"));
    Then::GoOn
}

/// `:!N`
fn again(repl: &mut Repl, number: &str) -> Then {
    let wanted: Option<usize> = number.parse().ok();
    let text = repl.branches.inputs().find(|it| Some(it.number) == wanted);
    match text.map(|it| it.text.clone()) {
        Some(text) => {
            println!("{}", text.trim_end());
            repl.evaluate(&text);
            Then::GoOn
        }
        None => repl.tell(Err(format!("there is no input {number}"))),
    }
}

/// A count; one unless it is said.
fn count(text: &str) -> usize {
    text.parse().unwrap_or(1)
}

fn undo(repl: &mut Repl, text: &str) -> Then {
    let undone = repl.branches.undo(count(text));
    told(repl, &undone.texts, "undone", "nothing to undo");
    let note = undone.had_effect.then_some("effects outside the session were not undone");
    repl.tell(Ok(note.unwrap_or_default().to_owned()))
}

fn redo(repl: &mut Repl, text: &str) -> Then {
    let redone = repl.branches.redo(count(text));
    told(repl, &redone, "redone", "nothing to redo")
}

fn told(repl: &mut Repl, texts: &[String], what: &str, nothing: &str) -> Then {
    let lines: Vec<String> =
        texts.iter().map(|text| format!("{what}: {}", text.trim_end())).collect();
    let text = if lines.is_empty() { nothing.to_owned() } else { lines.join("\n") };
    repl.tell(Ok(text))
}

fn named_or_none(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn snapshot(repl: &mut Repl, name: &str) -> Then {
    let named = repl.branches.name_it(named_or_none(name));
    repl.tell(named.map(|name| format!("snapshot {name}")))
}

fn restore(repl: &mut Repl, name: &str) -> Then {
    let number = repl.count;
    let restored = repl.branches.restore(name, number);
    repl.tell(restored.map(|()| format!("restored {name}")))
}

fn snapshots(repl: &mut Repl, _: &str) -> Then {
    let lines: Vec<String> = repl
        .branches
        .snapshots()
        .map(|(name, number, age)| format!("{name}  after input {number}, {age} s ago"))
        .collect();
    repl.tell(Ok(lines.join("\n")))
}

fn drop_named(repl: &mut Repl, name: &str) -> Then {
    let was = repl.branches.forget(name);
    let told = was.then(String::new).ok_or_else(|| format!("there is no snapshot '{name}'"));
    repl.tell(told)
}

fn fork(repl: &mut Repl, name: &str) -> Then {
    let forked = repl.branches.fork(named_or_none(name));
    let name = repl.branches.name().to_owned();
    repl.tell(forked.map(|()| format!("now in {name}")))
}

fn switch(repl: &mut Repl, name: &str) -> Then {
    let switched = repl.branches.switch(name);
    repl.tell(switched.map(|()| format!("now in {name}")))
}

fn branches(repl: &mut Repl, _: &str) -> Then {
    let current = repl.branches.name().to_owned();
    for name in repl.branches.names() {
        println!("{} {name}", if *name == current { "*" } else { " " });
    }
    Then::GoOn
}

fn diff(repl: &mut Repl, text: &str) -> Then {
    let mut words = text.split_whitespace();
    let changes = repl.branches.diff(words.next(), words.next());
    let lines = changes.map(|changes| changes.iter().map(line).collect::<Vec<_>>().join("\n"));
    repl.tell(lines)
}

fn line(change: &Change) -> String {
    match change {
        Change::Added(name, value) => format!("+ {name} = {}", show::short(value, 60)),
        Change::Removed(name) => format!("- {name}"),
        Change::Changed(name, old, new) => {
            format!("~ {name}: {} -> {}", show::short(old, 30), show::short(new, 30))
        }
    }
}

fn reset(repl: &mut Repl, _: &str) -> Then {
    let number = repl.count;
    repl.branches.reset(number);
    repl.tell(Ok("an empty session; :undo takes that back".to_owned()))
}

/// The names of all commands.
pub(super) fn command_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    COMMANDS.iter().map(|command| (command.name, command.does))
}
