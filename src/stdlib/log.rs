//! `log`: lines on the error output, with the request that they belong to (stdlib 12).

use super::MEMBER;
use super::terminal::joined;
use crate::diag::Fault;
use crate::logs;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Work;
use crate::native::optional;
use crate::native::with_caller;
use crate::value::Value;
use chrono::Local;
use std::io::IsTerminal;
use std::sync::Once;
use tracing::Level;
use tracing::debug;
use tracing::enabled;
use tracing::error;
use tracing::info;
use tracing::warn;

/// What logs a line.
const LINE: Builtin =
    Builtin { params: &[optional("values", Kind::Any)], work: Work::Parts, ..MEMBER };

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "log.info",
        doc: "Logs the texts of its arguments, joined by one space.",
        examples: &[("log.info(\"started\", 1)\nsay \"out\"", "out")],
        run: |args| line(args, Level::INFO),
        ..LINE
    },
    Builtin {
        name: "log.warn",
        doc: "Logs a warning.",
        examples: &[("log.warn(\"slow\", 312, \"ms\")\nsay \"out\"", "out")],
        run: |args| line(args, Level::WARN),
        ..LINE
    },
    Builtin {
        name: "log.error",
        doc: "Logs an error; the program goes on.",
        examples: &[("log.error(\"lost\")\nsay \"out\"", "out")],
        run: |args| line(args, Level::ERROR),
        ..LINE
    },
    Builtin {
        name: "log.debug",
        doc: "Logs what is hidden unless somebody looks for it: on a terminal, or with `FORGE_LOG=debug`.",
        examples: &[("log.debug(\"detail\")\nsay \"out\"", "out")],
        run: |args| line(args, Level::DEBUG),
        ..LINE
    },
];

fn line(args: &mut Args<'_>, level: Level) -> Result<Outcome, Fault> {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(logs::init);
    let text = joined(args, 0)?;
    match std::io::stderr().is_terminal() {
        true => args.note(&for_people(level, &text).unwrap_or_default()),
        false => {
            return with_caller(move |caller| {
                logs::at(caller.line(), || event(level, &text));
                Ok(Value::Null.into())
            });
        }
    }
    Ok(Value::Null.into())
}

fn event(level: Level, text: &str) {
    match level {
        Level::ERROR => error!(target: "forge.user", "{text}"),
        Level::WARN => warn!(target: "forge.user", "{text}"),
        Level::INFO => info!(target: "forge.user", "{text}"),
        _ => debug!(target: "forge.user", "{text}"),
    }
}

/// The coloured line of a terminal, unless it is filtered out.
fn for_people(level: Level, text: &str) -> Option<String> {
    let (is_shown, color, space) = match level {
        Level::ERROR => (enabled!(target: "forge.user", Level::ERROR), 31, " "),
        Level::WARN => (enabled!(target: "forge.user", Level::WARN), 33, "  "),
        Level::INFO => (enabled!(target: "forge.user", Level::INFO), 32, "  "),
        _ => (true, 90, " "),
    };
    let at = Local::now().format("%H:%M:%S");
    is_shown.then(|| format!("\x1b[{color}m[{at} {level}]\x1b[0m{space}{text}\n"))
}
