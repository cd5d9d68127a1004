//! `io`: the terminal and the arguments of a program (stdlib 3).

use super::MEMBER;
use super::terminal::joined;
use super::terminal::line;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::fail;
use crate::native::optional;
use crate::native::required;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;

const FLAG: &[Param] = &[required("flag", Kind::String)];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "io.prompt",
        params: &[optional("text", Kind::Any)],
        returns: Returns::String,
        doc: "Shows a text and waits for a line of input; empty at its end.",
        examples: &[("say typeof(io.prompt)", "BuiltIn")],
        work: Work::Parts,
        run: prompt,
        ..MEMBER
    },
    Builtin {
        name: "io.print",
        params: &[optional("values", Kind::Any)],
        doc: "Writes the texts of its arguments, joined by one space, without a newline.",
        examples: &[(r#"io.print("n =", 3)"#, "n = 3")],
        work: Work::Parts,
        run: |args| {
            args.write(&joined(args, 0)?)?;
            Ok(Value::Null.into())
        },
        ..MEMBER
    },
    Builtin {
        name: "io.args",
        returns: Returns::Array,
        doc: "The program's file and the arguments that were given to it.",
        examples: &[("say typeof(io.args())", "Array")],
        run: |args| {
            Ok(Value::array(args.program().iter().map(|it| it.as_str().into()).collect()).into())
        },
        ..MEMBER
    },
    Builtin {
        name: "io.args_parse",
        returns: Returns::Object,
        doc: "The arguments that begin with `--`: each with the word behind it, or with true when another flag follows. \
              `--k=v` is `--k v`.",
        examples: &[("say typeof(io.args_parse())", "Object")],
        run: |args| Ok(parsed(&words(args)).into()),
        ..MEMBER
    },
    Builtin {
        name: "io.args_get",
        params: FLAG,
        requires: "a flag string",
        doc: "The word behind an argument; true when a flag or nothing follows, null when it was not given.",
        examples: &[(r#"say io.args_get("--no-such-flag")"#, "null")],
        run: |args| {
            let words = words(args);
            let at = words.iter().position(|word| word == args.str(0));
            Ok(at.map_or(Value::Null, |at| behind(&words, at)).into())
        },
        ..MEMBER
    },
    Builtin {
        name: "io.args_has",
        params: FLAG,
        returns: Returns::Bool,
        requires: "a flag string",
        doc: "Whether an argument was given.",
        examples: &[(r#"say io.args_has("--no-such-flag")"#, "false")],
        run: |args| Ok(words(args).iter().any(|word| word == args.str(0)).into()),
        ..MEMBER
    },
];

fn prompt(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    if !args.is_empty() {
        args.write(&args.get(0).to_text()?)?;
    }
    args.flush()?;
    Ok(Outcome::Wait(Box::pin(async {
        match line().await? {
            Ok(line) => Ok(line.strip_suffix('\n').unwrap_or(&line).into()),
            Err(error) => fail(format!("io.prompt error: {error}")),
        }
    })))
}

/// The arguments behind the file, `--k=v` as two words.
fn words(args: &Args<'_>) -> Vec<String> {
    let split = |word: &String| match word.split_once('=').filter(|_| word.starts_with("--")) {
        Some((flag, value)) => vec![flag.to_owned(), value.to_owned()],
        None => vec![word.clone()],
    };
    args.program().iter().skip(1).flat_map(split).collect()
}

/// The word behind the one at `at`, unless it is a flag.
fn behind(words: &[String], at: usize) -> Value {
    match words.get(at + 1) {
        Some(word) if !word.starts_with("--") => word.as_str().into(),
        _ => true.into(),
    }
}

fn parsed(words: &[String]) -> Value {
    let flags = words.iter().enumerate().filter(|(_, word)| word.starts_with("--"));
    let entries = flags.map(|(at, flag)| (Text::from(flag.clone()), behind(words, at)));
    Value::Object(entries.collect::<Object>())
}
