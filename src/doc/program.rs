//! What a file says of itself: its items with their signatures, comments and routes.

use super::places::places;
use crate::compile::RoutePlan;
use crate::diag::Diagnostic;
use crate::diag::Sources;
use crate::diag::Span;
use crate::engine;
use crate::syntax::ast::Decorator;
use crate::syntax::ast::Program;
use crate::syntax::ast::Stmt;
use crate::syntax::comments;
use crate::syntax::items::Item;
use crate::syntax::items::Sort;
use crate::syntax::items::items;

/// Functions that only the test runner calls.
const TESTS: [&str; 3] = ["test", "before", "after"];

/// A file with what is documented in it.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its path, as it was found.
    pub name: String,
    /// The path of its page, without an extension.
    pub place: String,
    /// What the file says at its beginning.
    pub doc: String,
    /// Its beginning.
    pub span: Span,
    /// In source order; methods stand with their type.
    pub entries: Vec<Entry>,
}

/// Something that can be documented.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is; methods for a type of another file are [`Sort::Impl`].
    pub sort: Sort,
    /// `area`, `Point.moved`
    pub name: String,
    /// `fn moved(it, dx, dy = 0)`
    pub signature: String,
    /// The comment above it.
    pub doc: String,
    /// Where its name stands.
    pub span: Span,
    /// From 1.
    pub line: u32,
    /// As they are written, routes included.
    pub decorators: Vec<String>,
    /// What requests it answers.
    pub routes: Vec<Route>,
    /// The interfaces that a type has; the one that a method is given for.
    pub powers: Vec<String>,
    /// Fields, variants, methods.
    pub parts: Vec<Entry>,
}

/// What a handler answers.
#[derive(Clone, Debug)]
pub struct Route {
    /// `GET`, `WS`
    pub method: &'static str,
    /// `/users/:id`
    pub pattern: String,
    /// Names of parameters, with their annotations.
    pub params: Vec<(String, Option<String>)>,
}

/// What of a program is documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// What is for others.
    Public,
    /// Names that begin with `_` and tests, too.
    All,
}

/// Reads the documentation of programs, each given by its name and text. What cannot be read as a program is left out.
///
/// # Errors
/// What is wrong with those, beside the pages of the others.
pub fn read(
    sources: &mut Sources,
    programs: &[(String, String)],
    wanted: Wanted,
) -> (Vec<Page>, Vec<Diagnostic>) {
    let names: Vec<&str> = programs.iter().map(|(name, _)| name.as_str()).collect();
    let (mut pages, mut wrong) = (Vec::new(), Vec::new());
    for ((name, text), place) in programs.iter().zip(places(&names)) {
        let work = |tree: &Program| entries(&tree.statements, text, wanted);
        match engine::read(sources, name, text, work) {
            Ok((source, entries)) => {
                let (doc, span) = (comments::of_file(text), Span::new(source, 0, 0));
                pages.push(Page { name: name.clone(), place, doc, span, entries });
            }
            Err(found) => wrong.extend(found),
        }
    }
    (pages, wrong)
}

fn entries(statements: &[Stmt], text: &str, wanted: Wanted) -> Vec<Entry> {
    let items = items(statements, text);
    let (methods, others): (Vec<_>, Vec<_>) = items.iter().partition(|it| it.sort == Sort::Impl);
    let is_wanted = |item: &&&Item| wanted == Wanted::All || is_public(item);
    let others = others.iter().filter(is_wanted);
    let mut entries: Vec<Entry> = others.map(|item| entry(item, text, wanted)).collect();
    for item in methods.into_iter().filter(|item| is_wanted(&item)) {
        let Entry { parts, powers, .. } = entry(item, text, wanted);
        let own = entries.iter_mut().find(|it| it.is_type() && *it.name == *item.name.name);
        match own {
            Some(own) => {
                own.parts.extend(parts);
                own.powers.extend(powers);
            }
            None => entries.push(entry(item, text, wanted)),
        }
    }
    entries
}

fn is_public(item: &Item) -> bool {
    let is_test = item.decorators().iter().any(|it| TESTS.contains(&&*it.name.name));
    !item.name.name.starts_with('_') && !is_test
}

fn entry(item: &Item, text: &str, wanted: Wanted) -> Entry {
    let own = of(item, text);
    if item.sort == Sort::Function {
        // Functions in a function are its own business.
        return own;
    }
    let parts = item.parts.iter().filter(|it| wanted == Wanted::All || is_public(it));
    let parts = parts.map(|it| {
        let part = of(it, text);
        let powers = item.power.iter().map(|power| power.name.to_string()).collect();
        Entry { name: format!("{}.{}", own.name, part.name), powers, ..part }
    });
    Entry { parts: parts.collect(), ..own }
}

fn of(item: &Item, text: &str) -> Entry {
    let decorators = item.decorators();
    let written = |it: &Decorator| {
        let written = text.get(it.span.start as usize..it.span.end as usize);
        written.unwrap_or_default().to_owned()
    };
    let routes = item.function.into_iter().flat_map(RoutePlan::of).map(|plan| Route {
        method: plan.method,
        pattern: plan.pattern,
        params: plan.params.into_iter().map(|it| (it.name, it.ty)).collect(),
    });
    let start = item.name.span.start as usize;
    Entry {
        sort: item.sort,
        name: item.name.name.to_string(),
        signature: item.signature.clone(),
        doc: doc(item, text),
        span: item.name.span,
        line: text.get(..start).unwrap_or_default().matches('\n').count() as u32 + 1,
        decorators: decorators.iter().map(written).collect(),
        routes: routes.collect(),
        powers: item.power.iter().map(|power| power.name.to_string()).collect(),
        parts: Vec::new(),
    }
}

/// The comment above an item. A decorator may take several lines, so the first one counts too.
fn doc(item: &Item, text: &str) -> String {
    let start = item.name.span.start as usize;
    let is_part = matches!(item.sort, Sort::Field | Sort::Variant | Sort::Method);
    if is_part && !begins_a_line(text, start) {
        return String::new();
    }
    let own = comments::above(text, start);
    match item.decorators().first() {
        Some(first) if own.is_empty() => comments::above(text, first.span.start as usize),
        _ => own,
    }
}

/// Whether nothing but words such as `fn` and `has` stands before a name: the comment above the line of
/// `type Light = Red | Green` is that of the type.
fn begins_a_line(text: &str, start: usize) -> bool {
    let line = text.get(..start).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
    line.chars().all(|c| c.is_alphabetic() || c.is_whitespace() || c == '|')
}

impl Entry {
    /// Whether methods may be given to it.
    pub fn is_type(&self) -> bool {
        matches!(self.sort, Sort::Struct | Sort::Type | Sort::Interface | Sort::Impl)
    }

    /// What kind of item it is, as a word of the language.
    pub fn word(&self) -> &'static str {
        match self.sort {
            Sort::Function => "function",
            Sort::Struct => "struct",
            Sort::Field => "field",
            Sort::Method => "method",
            Sort::Type => "type",
            Sort::Variant => "variant",
            Sort::Interface => "interface",
            Sort::Impl => "methods",
            Sort::Prompt => "prompt",
            Sort::Agent => "agent",
            Sort::Variable => "variable",
        }
    }
}

impl Page {
    /// Whether there is anything to show: a file of tests has nothing.
    pub fn says_something(&self) -> bool {
        !self.doc.is_empty() || !self.entries.is_empty()
    }

    /// All entries, each before its parts.
    pub fn all(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().flat_map(|it| std::iter::once(it).chain(&it.parts))
    }
}
