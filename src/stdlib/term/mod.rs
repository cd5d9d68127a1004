//! `term`: what makes a terminal pleasant (stdlib 15). What is printed goes to the error output, without colours unless
//! that is a terminal; what is given back has them.

mod ask;
mod draw;
mod emoji;
mod paint;
mod slow;

use super::MEMBER;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Form;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::optional;
use crate::value::Value;

const TEXT: &[Param] = &[optional("text", Kind::Any)];

/// What gives a coloured text.
const COLOR: Builtin =
    Builtin { params: TEXT, returns: Returns::String, work: Work::Parts, ..MEMBER };

/// What prints something.
const PRINTS: Builtin = Builtin { params: TEXT, work: Work::Parts, ..MEMBER };

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "term.red",
        doc: "A text in red.",
        examples: &[(r#"say term.red("no") == "\u{1b}[31mno\u{1b}[0m""#, "true")],
        run: |args| paint::code(args, 31),
        ..COLOR
    },
    Builtin {
        name: "term.green",
        doc: "A text in green.",
        examples: &[(r#"say len(term.green("yes"))"#, "12")],
        run: |args| paint::code(args, 32),
        ..COLOR
    },
    Builtin {
        name: "term.blue",
        doc: "A text in blue.",
        examples: &[(r#"say len(term.blue("sky"))"#, "12")],
        run: |args| paint::code(args, 34),
        ..COLOR
    },
    Builtin {
        name: "term.yellow",
        doc: "A text in yellow.",
        examples: &[(r#"say len(term.yellow("sun"))"#, "12")],
        run: |args| paint::code(args, 33),
        ..COLOR
    },
    Builtin {
        name: "term.cyan",
        doc: "A text in cyan.",
        examples: &[(r#"say len(term.cyan("sea"))"#, "12")],
        run: |args| paint::code(args, 36),
        ..COLOR
    },
    Builtin {
        name: "term.magenta",
        doc: "A text in magenta.",
        examples: &[(r#"say len(term.magenta("ink"))"#, "12")],
        run: |args| paint::code(args, 35),
        ..COLOR
    },
    Builtin {
        name: "term.bold",
        doc: "A text in bold.",
        examples: &[(r#"say len(term.bold("big"))"#, "11")],
        run: |args| paint::code(args, 1),
        ..COLOR
    },
    Builtin {
        name: "term.dim",
        doc: "A text that steps back.",
        examples: &[(r#"say len(term.dim("low"))"#, "11")],
        run: |args| paint::code(args, 2),
        ..COLOR
    },
    Builtin {
        name: "term.table",
        params: &[optional("rows", Kind::Any)],
        doc: "Prints a table of objects; the fields of the first are the columns.",
        examples: &[("term.table([{ sku: \"a7\", n: 12 }])\nsay \"done\"", "done")],
        run: draw::table,
        ..PRINTS
    },
    Builtin {
        name: "term.hr",
        params: &[optional("width", Kind::Int), optional("character", Kind::String)],
        doc: "Prints a line of 40 `─`, or of another width and character.",
        examples: &[("term.hr(3)\nsay \"done\"", "done")],
        work: Work::By(|args, _| match args.first() {
            Some(Value::Int(width)) => (*width).clamp(0, draw::WIDEST) as usize,
            _ => 0,
        }),
        run: draw::hr,
        ..PRINTS
    },
    Builtin {
        name: "term.clear",
        params: &[],
        doc: "Clears the terminal.",
        examples: &[("say typeof(term.clear)", "BuiltIn")],
        run: |args| noted(args, "\x1b[2J\x1b[1;1H"),
        ..PRINTS
    },
    Builtin {
        name: "term.spinner",
        doc: "Prints a message over the line, for something that takes a while.",
        examples: &[("term.spinner(\"Reading\")\nsay \"done\"", "done")],
        run: |args| {
            let message = text_or(args, 0, "Loading...")?;
            noted(args, &format!("\x1b[2K\r{message} ⠋"))
        },
        ..PRINTS
    },
    Builtin {
        name: "term.confirm",
        params: &[optional("prompt", Kind::Any)],
        returns: Returns::Bool,
        doc: "Asks a question and waits for a line of input: whether it is `y` or `yes`.",
        examples: &[("say typeof(term.confirm)", "BuiltIn")],
        run: ask::confirm,
        ..PRINTS
    },
    Builtin {
        name: "term.sparkline",
        params: &[optional("numbers", Kind::Any)],
        returns: Returns::String,
        doc: "Numbers as a row of bars.",
        examples: &[("say term.sparkline([2, 9, 4])", "▁█▃")],
        run: draw::sparkline,
        ..COLOR
    },
    Builtin {
        name: "term.bar",
        params: &[
            optional("label", Kind::Any),
            optional("value", Kind::Number),
            optional("max", Kind::Number),
        ],
        doc: "Prints how much of a maximum, 100 unless given, a value is.",
        examples: &[("term.bar(\"disk\", 45)\nsay \"done\"", "done")],
        run: draw::bar,
        ..PRINTS
    },
    Builtin {
        name: "term.banner",
        doc: "Prints a text in a double frame.",
        examples: &[("term.banner(\"Welcome\")\nsay \"done\"", "done")],
        run: draw::banner,
        ..PRINTS
    },
    Builtin {
        name: "term.countdown",
        params: &[optional("seconds", Kind::Int)],
        doc: "Counts seconds down, three unless given.",
        examples: &[("term.countdown(0)\nsay \"done\"", "done")],
        run: slow::countdown,
        ..PRINTS
    },
    Builtin {
        name: "term.emojis",
        params: &[],
        doc: "Prints the names that `term.emoji` knows.",
        examples: &[("say typeof(term.emojis)", "BuiltIn")],
        run: |args| printed(args, &emoji::list()),
        ..PRINTS
    },
    Builtin {
        name: "term.box",
        doc: "Prints a text of one or more lines in a frame.",
        examples: &[("term.box(\"one\\ntwo\")\nsay \"done\"", "done")],
        run: draw::boxed,
        ..PRINTS
    },
    Builtin {
        name: "term.typewriter",
        params: &[optional("text", Kind::Any), optional("delay_ms", Kind::Int)],
        doc: "Prints a text one character after another, 30 ms apart unless told otherwise.",
        examples: &[("term.typewriter(\"hi\", 0)\nsay \"done\"", "done")],
        run: slow::typewriter,
        ..PRINTS
    },
    Builtin {
        name: "term.menu",
        params: &[optional("options", Kind::Any), optional("prompt", Kind::Any)],
        doc: "Prints numbered options and waits for a number: the option, or null when it is none of them.",
        examples: &[("term.menu(5)", "error: term.menu() requires an array of options")],
        run: ask::menu,
        ..PRINTS
    },
    Builtin {
        name: "term.beep",
        params: &[],
        doc: "Rings the bell.",
        examples: &[("say typeof(term.beep)", "BuiltIn")],
        run: |args| noted(args, "\x07"),
        ..PRINTS
    },
    Builtin {
        name: "term.emoji",
        params: &[optional("name", Kind::Any)],
        doc: "The emoji of a name.",
        examples: &[(r#"say term.emoji("rocket")"#, "🚀")],
        run: |args| Ok(emoji::named(&text_or(args, 0, "")?).into()),
        ..COLOR
    },
    Builtin {
        name: "term.gradient",
        doc: "A text in the colours of the rainbow.",
        examples: &[(r#"say len(term.gradient(""))"#, "4")],
        run: paint::gradient,
        ..COLOR
    },
    Builtin {
        name: "term.success",
        doc: "Prints good news.",
        examples: &[("term.success(\"saved\")\nsay \"done\"", "done")],
        run: |args| paint::message(args, 32, "✅ "),
        ..PRINTS
    },
    Builtin {
        name: "term.error",
        doc: "Prints bad news.",
        examples: &[("term.error(\"lost\")\nsay \"done\"", "done")],
        run: |args| paint::message(args, 31, "❌ "),
        ..PRINTS
    },
    Builtin {
        name: "term.warning",
        doc: "Prints a warning.",
        examples: &[("term.warning(\"old\")\nsay \"done\"", "done")],
        run: |args| paint::message(args, 33, "⚠️  "),
        ..PRINTS
    },
    Builtin {
        name: "term.info",
        doc: "Prints what is good to know.",
        examples: &[("term.info(\"new\")\nsay \"done\"", "done")],
        run: |args| paint::message(args, 36, "ℹ️  "),
        ..PRINTS
    },
    Builtin {
        name: "term.progress",
        aliases: &["__progress"],
        params: &[optional("items", Kind::Any)],
        doc: "The elements of a collection or stream, as a stream that shows on a terminal how far a loop has come.",
        examples: &[("for n in term.progress([1, 2]) { say n }", "1\n2")],
        work: Work::Little,
        run: |args| Ok(Outcome::Prelude(vec![args.take(0)])),
        ..MEMBER
    },
    Builtin {
        name: "__draw_progress",
        forms: &[Form::Internal],
        params: &[optional("done", Kind::Int), optional("all", Kind::Int)],
        doc: "Shows how many of how many are done.",
        run: draw::progress,
        ..MEMBER
    },
];

/// The display text of argument `i`, or what stands for a missing one.
fn text_or(args: &Args<'_>, i: usize, otherwise: &str) -> Result<String, Fault> {
    match args.all().get(i) {
        Some(value) => value.to_text(),
        None => Ok(otherwise.to_owned()),
    }
}

/// Prints a text as it is.
fn noted(args: &Args<'_>, text: &str) -> Result<Outcome, Fault> {
    args.note(text);
    Ok(Value::Null.into())
}

/// Prints a text, without its colours unless somebody watches.
fn printed(args: &Args<'_>, text: &str) -> Result<Outcome, Fault> {
    noted(args, &paint::for_output(text))
}
