//! Colours.

use super::printed;
use super::text_or;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Outcome;
use anstream::adapter::strip_str;
use std::fmt::Write;
use std::io::IsTerminal;
use unicode_width::UnicodeWidthStr;

const RAINBOW: &[u8] = &[196, 202, 208, 214, 220, 226, 190, 154, 118, 82, 46];

/// The first argument between a code and its end.
pub(super) fn code(args: &mut Args<'_>, code: u8) -> Result<Outcome, Fault> {
    Ok(format!("\x1b[{code}m{}\x1b[0m", text_or(args, 0, "")?).into())
}

pub(super) fn gradient(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let mut painted = String::new();
    for (c, color) in text_or(args, 0, "")?.chars().zip(RAINBOW.iter().cycle()) {
        let _ = write!(painted, "\x1b[38;5;{color}m{c}");
    }
    Ok((painted + "\x1b[0m").into())
}

/// Prints a line with a sign before it.
pub(super) fn message(args: &mut Args<'_>, color: u8, sign: &str) -> Result<Outcome, Fault> {
    printed(args, &format!("  \x1b[{color}m{sign}{}\x1b[0m\n", text_or(args, 0, "")?))
}

/// A text as the error output takes it.
pub(super) fn for_output(text: &str) -> String {
    match std::io::stderr().is_terminal() {
        true => text.to_owned(),
        false => strip_str(text).to_string(),
    }
}

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    strip_str(text).to_string().width()
}

/// A text with spaces behind it up to a width.
pub(super) fn padded(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}
