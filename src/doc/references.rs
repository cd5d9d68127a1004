//! `[name]` in a comment: the way to an item of the same program, or to a builtin.

use super::program::Entry;
use super::program::Page;
use crate::builtins;
use crate::syntax::pieces::Class;
use pulldown_cmark::BrokenLink;
use pulldown_cmark::CowStr;
use pulldown_cmark::Options;
use pulldown_cmark::Parser;
use std::collections::HashMap;
use std::ops::Range;

/// Words for types that no program declares.
const TYPES: [&str; 17] = [
    "Any", "Array", "Bool", "Channel", "Err", "Float", "Function", "Int", "Map", "None", "Null",
    "Object", "Ok", "Option", "Result", "Set", "String",
];

/// What the names of all pages lead to.
pub(super) struct Names<'p> {
    /// The place of the page and the anchor on it.
    items: HashMap<&'p str, (&'p str, String)>,
}

/// Where a reference leads.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Target {
    /// A heading of a page.
    Item {
        /// The place of the page.
        place: String,
        /// The heading.
        anchor: String,
    },
    /// Something that has no page here: a builtin, a parameter.
    Known,
    /// Nowhere.
    Nothing,
}

impl<'p> Names<'p> {
    pub(super) fn of(pages: &'p [Page]) -> Names<'p> {
        let mut items = HashMap::new();
        for page in pages {
            let mut anchors = Anchors::default();
            // The title of the page.
            anchors.of(&page.name);
            for entry in &page.entries {
                let own = anchors.of(&entry.name);
                items.entry(&*entry.name).or_insert((&*page.place, own.clone()));
                for part in &entry.parts {
                    // Fields and variants have no headings.
                    let anchor =
                        if part.has_heading() { anchors.of(&part.name) } else { own.clone() };
                    items.entry(&*part.name).or_insert((&*page.place, anchor));
                }
            }
        }
        Names { items }
    }

    /// What `name` means in the comment of an entry, or of a file.
    pub(super) fn target(&self, name: &str, within: Option<&Entry>) -> Target {
        let owner = within.map(|it| it.name.split('.').next().unwrap_or_default());
        let inside = owner.and_then(|owner| self.items.get(format!("{owner}.{name}").as_str()));
        if let Some((place, anchor)) = self.items.get(name).or(inside) {
            return Target::Item { place: (*place).to_owned(), anchor: anchor.clone() };
        }
        let is_word = |signature: &str| {
            signature.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
        };
        let is_known = TYPES.contains(&name)
            || builtins::class_of(name) != Class::Plain
            || within.is_some_and(|it| is_word(&it.signature))
            || builtins::help(name).is_ok();
        if is_known { Target::Known } else { Target::Nothing }
    }
}

/// The anchors of a page's headings: those of Markdown everywhere, numbered where two are the same.
#[derive(Default)]
pub(super) struct Anchors(HashMap<String, usize>);

impl Anchors {
    pub(super) fn of(&mut self, heading: &str) -> String {
        let is_kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
        let kept: String = heading.trim().to_lowercase().chars().filter(is_kept).collect();
        let anchor = kept.replace(' ', "-");
        let count = self.0.entry(anchor.clone()).or_insert(0);
        *count += 1;
        if *count == 1 { anchor } else { format!("{anchor}-{}", *count - 1) }
    }
}

/// The references of a comment: where they stand, brackets included, and what they name.
pub(super) fn references<'d>(doc: &'d str) -> Vec<(Range<usize>, String)> {
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    let mut note = |link: BrokenLink<'d>| -> Option<(CowStr<'d>, CowStr<'d>)> {
        let is_bare =
            doc.get(link.span.clone()).is_some_and(|it| it.ends_with(']') && !it.contains("]["));
        let is_new = found.last().is_none_or(|(span, _)| span.end <= link.span.start);
        let before = &doc[..link.span.start];
        if is_bare && is_new && is_name(&link.reference) && !is_box(before) && !is_index(before) {
            found.push((link.span, link.reference.to_string()));
        }
        None
    };
    Parser::new_with_broken_link_callback(doc, Options::ENABLE_TABLES, Some(&mut note))
        .for_each(drop);
    found
}

fn is_name(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    text.split('.').all(is_word)
}

/// Whether a bracket there is the box of a list of things to do: `- [x]`.
fn is_box(before: &str) -> bool {
    matches!(before.rsplit('\n').next().unwrap_or_default().trim_start(), "- " | "* ")
}

/// Whether a bracket there belongs to an expression: `xs[i]`.
fn is_index(before: &str) -> bool {
    before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ')' | ']'))
}

/// The comment with its references as links. `page` is what is meant from: the path of a page of that place.
pub(super) fn linked(
    doc: &str,
    target: impl Fn(&str) -> Target,
    page: impl Fn(&str) -> String,
) -> String {
    let mut linked = String::new();
    let mut done = 0;
    for (span, name) in references(doc) {
        linked.push_str(&doc[done..span.start]);
        linked.push_str(&match target(&name) {
            Target::Item { place, anchor } => format!("[{name}]({}#{anchor})", page(&place)),
            Target::Known => format!("`{name}`"),
            Target::Nothing => doc[span.clone()].to_owned(),
        });
        done = span.end;
    }
    linked.push_str(&doc[done..]);
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_names_in_brackets_of_their_own() {
        let doc = "See [area], [Point.moved]; not `[code]`, [a link](x), [two words], [0], xs[i].\n\n- [x] done\n\nCode:\n\n    [four]\n";
        let names: Vec<String> = references(doc).into_iter().map(|it| it.1).collect();
        assert_eq!(names, ["area", "Point.moved"]);
    }
}
