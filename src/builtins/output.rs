//! Program output (builtins 1).

use super::GLOBAL;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Work;
use crate::native::optional;
use crate::value::Value;
use crate::value::write_display;

const ANYTHING: &[Param] = &[optional("values", Kind::Any)];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "print",
        params: ANYTHING,
        doc: "Writes the texts of its arguments, joined by one space, without a newline.",
        examples: &[(r#"print("n =", 3)"#, "n = 3")],
        work: Work::Parts,
        has_effect: true,
        run: |args| write(args, &joined(args)?),
        ..GLOBAL
    },
    Builtin {
        name: "println",
        params: ANYTHING,
        doc: "Writes the texts of its arguments, joined by one space, and a newline.",
        examples: &[(r#"println("n =", 3)"#, "n = 3")],
        work: Work::Parts,
        has_effect: true,
        run: |args| write(args, &(joined(args)? + "\n")),
        ..GLOBAL
    },
    Builtin {
        name: "say",
        params: ANYTHING,
        doc: "Writes a text and a newline.",
        examples: &[(r#"say "hello""#, "hello")],
        work: Work::Parts,
        has_effect: true,
        run: |args| write(args, &(joined(args)? + "\n")),
        ..GLOBAL
    },
    Builtin {
        name: "yell",
        params: ANYTHING,
        doc: "Writes a text in upper case and a newline.",
        examples: &[(r#"yell "ok " + 1"#, "OK 1")],
        work: Work::Parts,
        has_effect: true,
        run: |args| write(args, &(joined(args)?.to_uppercase() + "\n")),
        ..GLOBAL
    },
    Builtin {
        name: "whisper",
        params: ANYTHING,
        doc: "Writes a text in lower case and a newline.",
        examples: &[(r#"whisper "HUSH""#, "hush")],
        work: Work::Parts,
        has_effect: true,
        run: |args| write(args, &(joined(args)?.to_lowercase() + "\n")),
        ..GLOBAL
    },
];

fn write(args: &Args<'_>, text: &str) -> Result<Outcome, Fault> {
    args.write(text)?;
    Ok(Value::Null.into())
}

/// The display texts of all arguments with one space between.
fn joined(args: &Args<'_>) -> Result<String, Fault> {
    let mut text = String::new();
    for (i, value) in args.all().iter().enumerate() {
        if i > 0 {
            text.push(' ');
        }
        write_display(value, &mut text)?;
    }
    Ok(text)
}
