//! Tables, frames and bars.

use super::noted;
use super::paint::padded;
use super::paint::width;
use super::printed;
use super::text_or;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Outcome;
use crate::native::fail;
use crate::native::to_float;
use crate::value::Object;
use crate::value::Value;
use std::io::IsTerminal;

/// The widest line that is drawn.
pub(super) const WIDEST: i64 = 1 << 20;

/// How wide a bar is.
const BAR: usize = 30;

pub(super) fn table(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let Value::Array(rows) = args.get(0) else {
        return fail("term.table() requires an array of objects");
    };
    let Some(first) = rows.get(0) else { return Ok(Value::Null.into()) };
    let Value::Object(first) = first.thawed() else {
        return fail("term.table() requires array of objects");
    };
    let names: Vec<String> = first.iter().map(|(name, _)| name.to_string()).collect();
    let mut lines = Vec::new();
    for row in rows {
        if let Value::Object(row) = row.thawed() {
            lines.push(cells(row, &names)?);
        }
    }
    let widest = |i: usize| {
        let column = lines.iter().map(|line| width(&line[i]));
        column.chain([width(&names[i])]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..names.len()).map(widest).collect();
    let line = |cells: &[String]| {
        let cells = cells.iter().zip(&widths).map(|(cell, to)| format!(" {} ", padded(cell, *to)));
        cells.collect::<Vec<_>>().join("|")
    };
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
    let mut text = format!("\x1b[1m{}\x1b[0m\n{}\n", line(&names), rule.join("+"));
    for cells in &lines {
        text.push_str(&line(cells));
        text.push('\n');
    }
    printed(args, &text)
}

fn cells(row: &Object, names: &[String]) -> Result<Vec<String>, Fault> {
    names.iter().map(|name| row.get(name).map_or(Ok(String::new()), Value::to_text)).collect()
}

pub(super) fn hr(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let width = match args.given(0) {
        Some(Value::Int(width)) => (*width).clamp(0, WIDEST) as usize,
        _ => 40,
    };
    let character = match args.given(1) {
        Some(Value::Str(character)) => character.as_str(),
        _ => "─",
    };
    if character.len().saturating_mul(width) > crate::value::MOST_BYTES {
        return Err(Fault::TextTooLong);
    }
    printed(args, &format!("{}\n", character.repeat(width)))
}

pub(super) fn sparkline(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let Value::Array(list) = args.get(0) else {
        return fail("term.sparkline() requires an array of numbers");
    };
    let number = |value: &Value| match value.thawed() {
        value @ (Value::Int(_) | Value::Float(_)) => to_float(value),
        _ => 0.0,
    };
    let numbers: Vec<f64> = list.iter().map(number).collect();
    let min = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let max = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let range = if max - min < 0.001 { 1.0 } else { max - min };
    let bar = |value: &f64| BARS[(((value - min) / range * 7.0) as usize).min(7)];
    Ok(numbers.iter().map(bar).collect::<String>().into())
}

pub(super) fn bar(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let label = text_or(args, 0, "")?;
    let value = args.given(1).map_or(0.0, to_float);
    let max = args.given(2).map_or(100.0, to_float);
    printed(args, &format!("  {label} {}\n", filled(value, max)))
}

/// `[███░░░] 50%`
fn filled(value: f64, max: f64) -> String {
    let share = if max > 0.0 { value / max } else { 0.0 };
    let full = ((share * BAR as f64) as usize).min(BAR);
    let percent = share * 100.0;
    format!("[{}{}] {percent:.0}%", "█".repeat(full), "░".repeat(BAR - full))
}

/// How far a loop has come, for whoever watches.
pub(super) fn progress(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    if !std::io::stderr().is_terminal() {
        return Ok(Value::Null.into());
    }
    let done = args.given(0).map_or(0.0, to_float);
    match args.given(1) {
        None => noted(args, &format!("\r\x1b[2K  {done}")),
        Some(all) => {
            let all = to_float(all);
            let end = if done >= all { "\n" } else { "" };
            noted(args, &format!("\r\x1b[2K  {} {done}/{all}{end}", filled(done, all)))
        }
    }
}

pub(super) fn banner(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let text = text_or(args, 0, "")?;
    let rule = "═".repeat(width(&text) + 4);
    printed(args, &format!("╔{rule}╗\n║  {text}  ║\n╚{rule}╝\n"))
}

pub(super) fn boxed(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let text = text_or(args, 0, "")?;
    let widest = text.lines().map(width).max().unwrap_or(0);
    let rule = "─".repeat(widest + 2);
    let lines: String =
        text.lines().map(|line| format!("│ {} │\n", padded(line, widest))).collect();
    printed(args, &format!("┌{rule}┐\n{lines}└{rule}┘\n"))
}
