//! The format of `.env` files. `$NAME` stands for what the task sees, so no crate that asks the process would do.

use crate::diag::Fault;
use crate::native::fail;
use std::collections::HashMap;

/// Where a line went wrong: its text, and how many characters were fine.
struct Wrong(String, usize);

/// Gives each variable of a file to `set`, in order; `get` tells what is there already.
pub(super) fn load(
    text: &str,
    get: impl Fn(&str) -> Option<String>,
    mut set: impl FnMut(&str, &str),
) -> Result<(), Fault> {
    let mut earlier: HashMap<String, String> = HashMap::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    while let Some(line) = next_line(&mut rest) {
        let known = |name: &str| get(name).or_else(|| earlier.get(name).cloned());
        match variable(line, known) {
            Ok(None) => {}
            Ok(Some((name, value))) => {
                set(&name, &value);
                earlier.insert(name, value);
            }
            Err(Wrong(line, at)) => {
                return fail(format!("Error parsing line: '{line}', error at line index: {at}"));
            }
        }
    }
    Ok(())
}

/// The next line; one whose quotes are open goes on.
fn next_line<'t>(rest: &mut &'t str) -> Option<&'t str> {
    if rest.is_empty() {
        return None;
    }
    let is_comment = rest.trim_start_matches([' ', '\t']).starts_with('#');
    let (mut quote, mut is_escaped, mut before) = (None, false, ' ');
    let mut end = rest.len();
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            (_, '\n') if quote.is_none() || is_comment => {
                end = at;
                break;
            }
            _ if is_escaped => is_escaped = false,
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), _) => {}
            (_, '\\') => is_escaped = true,
            (None, '#') if before.is_whitespace() => {
                end = at + rest[at..].find('\n').unwrap_or(rest.len() - at);
                break;
            }
            (None, '\'' | '"') if !is_comment => quote = Some(c),
            _ => {}
        }
        before = c;
    }
    let line = &rest[..end];
    *rest = rest.get(end + 1..).unwrap_or_default();
    Some(line.strip_suffix('\r').unwrap_or(line))
}

/// The variable that a line sets.
fn variable(
    line: &str,
    known: impl Fn(&str) -> Option<String>,
) -> Result<Option<(String, String)>, Wrong> {
    let text = line.trim_end();
    let mut at = skipped(text, 0);
    if text[at..].is_empty() || text[at..].starts_with('#') {
        return Ok(None);
    }
    let mut name = name_at(line, text, &mut at)?;
    at = skipped(text, at);
    // `export` is a word before the name, or the name itself.
    if name == "export" && !text[at..].starts_with('=') {
        name = name_at(line, text, &mut at)?;
        at = skipped(text, at);
    }
    if !text[at..].starts_with('=') {
        return Err(Wrong(line.to_owned(), at));
    }
    at = skipped(text, at + 1);
    Ok(Some((name, value(&text[at..], known)?)))
}

fn skipped(text: &str, at: usize) -> usize {
    at + text[at..].len() - text[at..].trim_start().len()
}

fn name_at(line: &str, text: &str, at: &mut usize) -> Result<String, Wrong> {
    let rest = &text[*at..];
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return Err(Wrong(line.to_owned(), *at));
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    *at += end;
    Ok(rest[..end].to_owned())
}

/// The value behind the `=`.
fn value(text: &str, known: impl Fn(&str) -> Option<String>) -> Result<String, Wrong> {
    let mut value = String::new();
    let mut quote = None;
    let mut chars = text.chars().enumerate().peekable();
    let wrong = |at| Err(Wrong(text.to_owned(), at));
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), c) => value.push(c),
            (_, '\\') => match chars.next() {
                Some((_, c @ ('\\' | '\'' | '"' | '$' | ' '))) => value.push(c),
                Some((_, 'n')) => value.push('\n'),
                Some((at, _)) => return wrong(at),
                None => {}
            },
            (_, '$') => {
                let is_braced = chars.next_if(|(_, c)| *c == '{').is_some();
                let mut name = String::new();
                while let Some((_, c)) = chars.next_if(|(_, c)| match is_braced {
                    true => *c != '}',
                    false => c.is_alphanumeric() || *c == '_',
                }) {
                    name.push(c);
                }
                if is_braced && chars.next().is_none() {
                    return wrong(text.len() - 1);
                }
                value.push_str(&known(&name).unwrap_or_default());
            }
            (None, '\'' | '"') => quote = Some(c),
            (None, '#') if at == 0 => return Ok(value),
            (None, ' ' | '\t') => match chars.find(|(_, c)| !matches!(c, ' ' | '\t')) {
                None | Some((_, '#')) => return Ok(value),
                Some((at, _)) => return wrong(at),
            },
            (_, c) => value.push(c),
        }
    }
    match quote {
        Some(_) => wrong(text.len() - 1),
        None => Ok(value),
    }
}
