//! What `forge doc NAME` shows, and what completion offers: from the same rows as everything else.

use super::reference;
use super::registry;
use crate::diag::nearest;
use crate::native::Builtin;
use crate::stdlib::MODULES;
use crate::stdlib::Module;
use crate::syntax::pieces::Class;
use crate::syntax::token::Keyword;

/// A name that programs can use.
pub struct Entry {
    /// `push`, `Set.has`, `math.sqrt`.
    pub name: String,
    /// How it is called: `push(array, value)`.
    pub signature: String,
    /// What it does.
    pub doc: &'static str,
    /// Programs, and what they print.
    pub examples: &'static [(&'static str, &'static str)],
}

/// All builtins, methods of one kind included, and all members of modules.
pub fn entries() -> Vec<Entry> {
    let entry = |row: &&'static Builtin| Entry {
        name: reference::heading(row),
        signature: signature(row),
        doc: row.doc,
        examples: row.examples,
    };
    rows().iter().map(entry).collect()
}

/// The help for a name: of a builtin, a method, a module or a member of one. What `Set.has` and `Map.has` share is
/// found as `has` too.
///
/// # Errors
/// The closest name that there is, if one is close.
pub fn help(name: &str) -> Result<String, Option<String>> {
    if let Some(module) = MODULES.iter().find(|module| module.name == name) {
        return Ok(help_of_module(module));
    }
    let rows = rows();
    let is_meant = |row: &&&Builtin| {
        let is_one = |known: &str| known == name || known.ends_with(&format!(".{name}"));
        reference::heading(row) == name
            || is_one(row.name)
            || row.aliases.iter().any(|it| is_one(it))
    };
    let is_member = |row: &&Builtin| reference::heading(row).starts_with(char::is_lowercase);
    let mut meant: Vec<&&Builtin> = rows.iter().filter(is_meant).collect();
    meant.sort_by_key(|row| reference::heading(row).contains('.'));
    // `now` of a module is not meant by `now` when a builtin has that name.
    let own = meant.iter().any(|row| !reference::heading(row).contains('.') || !is_member(row));
    let texts: Vec<String> = meant
        .into_iter()
        .filter(|row| !(own && is_member(row) && reference::heading(row).contains('.')))
        .map(|row| help_of(row))
        .collect();
    if !texts.is_empty() {
        return Ok(texts.join("\n"));
    }
    let names = entries().into_iter().map(|entry| entry.name);
    let names: Vec<String> = names.chain(MODULES.iter().map(|it| it.name.to_owned())).collect();
    let close = nearest(name, names.iter().map(String::as_str));
    Err(close.first().map(|name| (*name).to_owned()))
}

/// What a word is, for colours.
pub fn class_of(word: &str) -> Class {
    match word {
        "true" | "false" | "null" => Class::Number,
        word if MODULES.iter().any(|module| module.name == word) => Class::Module,
        word if registry().global(word).is_some() => Class::Builtin,
        word if Keyword::from_text(word).is_some() => Class::Keyword,
        _ => Class::Plain,
    }
}

/// All names by topic.
pub fn contents() -> String {
    let topics = reference::topics();
    let lists = topics.iter().map(|(title, rows)| {
        let names: Vec<String> = rows.iter().map(|row| reference::heading(row)).collect();
        format!("{title}\n{}\n", wrapped(&names))
    });
    let modules: Vec<String> = MODULES.iter().map(|module| module.name.to_owned()).collect();
    let modules = std::iter::once(format!("Modules\n{}\n", wrapped(&modules)));
    let lists: Vec<String> = lists.chain(modules).collect();
    format!(
        "{}\n`forge doc NAME` tells more: `forge doc push`, `forge doc Set.has`.\n",
        lists.join("\n")
    )
}

/// The rows that programs can reach.
fn rows() -> Vec<&'static Builtin> {
    let builtins = reference::topics().into_iter().flat_map(|(_, rows)| rows);
    builtins.chain(MODULES.iter().flat_map(|module| module.table)).collect()
}

fn signature(row: &Builtin) -> String {
    reference::forms(row).join("  ·  ").replace('`', "")
}

fn help_of(row: &Builtin) -> String {
    let mut text = format!("{}\n\n  {}\n", signature(row), row.doc.replace('`', ""));
    if let Some(failure) = reference::otherwise(row) {
        text.push_str(&format!("  Otherwise: {failure}\n"));
    }
    for (program, printed) in row.examples {
        text.push('\n');
        program.lines().for_each(|line| text.push_str(&format!("    {line}\n")));
        printed.lines().for_each(|line| text.push_str(&format!("    // prints: {line}\n")));
    }
    text
}

fn help_of_module(module: &Module) -> String {
    let names: Vec<String> = module.table.iter().map(|row| row.name.to_owned()).collect();
    format!("{}\n\n  {}\n\n{}\n", module.name, module.doc.replace('`', ""), wrapped(&names))
}

/// Names in lines of at most 100 characters.
fn wrapped(names: &[String]) -> String {
    let mut lines: Vec<String> = vec![" ".to_owned()];
    for name in names {
        let last = lines.last_mut().expect("there is a first line");
        match last.len() + 1 + name.len() > 100 {
            true => lines.push(format!("  {name}")),
            false => last.push_str(&format!(" {name}")),
        }
    }
    lines.join("\n")
}
