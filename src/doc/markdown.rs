//! Pages as Markdown, for people who read it so, and for sites.

use super::program::Entry;
use super::program::Page;
use super::references::Names;
use super::references::linked;
use super::site::Document;
use crate::syntax::items::Sort;

/// How deep the headings of a page's entries are.
const ENTRY: usize = 2;

/// All pages in one text.
pub fn whole(pages: &[Page], title: &str) -> String {
    let documents = documents(pages, title);
    // The overview leads to files, and here there is only one text.
    let texts = documents.iter().filter(|it| it.path != "index");
    texts.map(|it| it.markdown.as_str()).collect::<Vec<_>>().join("\n")
}

/// The pages as documents, before them what there is.
pub fn documents(pages: &[Page], title: &str) -> Vec<Document> {
    let names = Names::of(pages);
    let pages: Vec<&Page> = pages.iter().filter(|page| page.says_something()).collect();
    let of_page = |page: &Page| Document {
        path: page.place.clone(),
        title: page.name.clone(),
        section: "Files".to_owned(),
        markdown: Writer { names: &names, page }.page(),
    };
    let overview = Document {
        path: "index".to_owned(),
        title: title.to_owned(),
        section: String::new(),
        markdown: overview(&pages, title),
    };
    std::iter::once(overview).chain(pages.into_iter().map(of_page)).collect()
}

fn overview(pages: &[&Page], title: &str) -> String {
    let mut text = format!("# {title}\n\n");
    for page in pages {
        let about = first_sentence(&page.doc);
        let about = if about.is_empty() { String::new() } else { format!(": {about}") };
        text.push_str(&format!("- [{}]({}.md){about}\n", page.name, page.place));
    }
    text.push_str(&routes(pages, |page| format!("{}.md", page.place)));
    text
}

/// What stands before the first full stop or empty line.
pub(super) fn first_sentence(doc: &str) -> String {
    let paragraph = doc.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    match paragraph.find(". ") {
        Some(end) => paragraph[..=end].to_owned(),
        None => paragraph,
    }
}

/// A table of all routes of pages; empty when there are none.
fn routes(pages: &[&Page], path: impl Fn(&Page) -> String) -> String {
    let mut rows = String::new();
    for page in pages {
        for entry in &page.entries {
            for route in &entry.routes {
                let about = first_sentence(&entry.doc).replace('|', "\\|");
                let anchor = entry.name.to_lowercase();
                let link = format!("[{}]({}#{anchor})", entry.name, path(page));
                rows.push_str(&format!(
                    "| `{} {}` | {link} | {about} |\n",
                    route.method, route.pattern
                ));
            }
        }
    }
    match rows.is_empty() {
        true => rows,
        false => format!("\n## Routes\n\n| request | handler | |\n|---|---|---|\n{rows}"),
    }
}

/// Writes a page.
struct Writer<'p> {
    names: &'p Names<'p>,
    page: &'p Page,
}

impl Writer<'_> {
    fn page(&self) -> String {
        let mut text = format!("# {}\n", self.page.name);
        self.comment(&mut text, &self.page.doc, None, ENTRY - 1);
        self.page.entries.iter().for_each(|entry| self.entry(&mut text, entry));
        text
    }

    fn entry(&self, text: &mut String, entry: &Entry) {
        self.heading(text, entry, ENTRY);
        if !entry.powers.is_empty() {
            let powers: Vec<String> = entry.powers.iter().map(|it| self.link(it)).collect();
            text.push_str(&format!("\nHas the powers of {}.\n", powers.join(", ")));
        }
        let (headed, listed): (Vec<_>, Vec<_>) =
            entry.parts.iter().partition(|part| part.has_heading());
        if !listed.is_empty() {
            text.push('\n');
        }
        for part in listed {
            let doc = self.linked(&part.doc, Some(part)).replace('\n', " ");
            let doc = if doc.is_empty() { doc } else { format!(": {doc}") };
            text.push_str(&format!("- `{}`{doc}\n", part.signature));
        }
        headed.into_iter().for_each(|part| self.heading(text, part, ENTRY + 1));
    }

    /// The heading of an entry and what belongs right below it.
    fn heading(&self, text: &mut String, entry: &Entry, level: usize) {
        text.push_str(&format!("\n{} {}\n", "#".repeat(level), entry.name));
        if entry.sort != Sort::Impl {
            text.push_str(&format!("\n```forge declaration\n{}\n```\n", entry.signature));
        }
        for route in &entry.routes {
            text.push_str(&format!("\nAnswers `{} {}`.\n", route.method, route.pattern));
        }
        let others = entry.decorators.iter().filter(|it| !is_route(it, entry));
        for decorator in others {
            text.push_str(&format!("\n`{decorator}`\n"));
        }
        self.comment(text, &entry.doc, Some(entry), level);
    }

    fn comment(&self, text: &mut String, doc: &str, within: Option<&Entry>, level: usize) {
        if !doc.is_empty() {
            text.push_str(&format!("\n{}\n", lowered(&self.linked(doc, within), level)));
        }
    }

    fn linked(&self, doc: &str, within: Option<&Entry>) -> String {
        linked(doc, |name| self.names.target(name, within), |place| self.path(place))
    }

    /// The name of an item, as a link if it is known.
    fn link(&self, name: &str) -> String {
        self.linked(&format!("[{name}]"), None)
    }

    /// The way to the page of another place.
    fn path(&self, place: &str) -> String {
        if place == self.page.place {
            return String::new();
        }
        let up = "../".repeat(self.page.place.matches('/').count());
        format!("{up}{place}.md")
    }
}

fn is_route(decorator: &str, entry: &Entry) -> bool {
    let name = decorator.trim_start_matches('@').split('(').next().unwrap_or_default();
    entry.routes.iter().any(|route| route.method.eq_ignore_ascii_case(name.trim()))
}

/// Headings of a comment, below that of its entry.
fn lowered(doc: &str, level: usize) -> String {
    let mut is_code = false;
    let lines = doc.lines().map(|line| {
        is_code ^= line.trim_start().starts_with("```");
        let marks = line.chars().take_while(|c| *c == '#').count();
        let is_heading = !is_code && (1..=6).contains(&marks) && line[marks..].starts_with(' ');
        match is_heading {
            true => format!("{}{}", "#".repeat((marks + level).min(6)), &line[marks..]),
            false => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}
