//! Markdown to HTML: headings get anchors, links lead to pages, programs get colours. HTML in a text is text.

use super::Document;
use crate::builtins;
use crate::doc::references::Anchors;
use crate::syntax::pieces::Class;
use crate::syntax::pieces::pieces;
use pulldown_cmark::CodeBlockKind;
use pulldown_cmark::CowStr;
use pulldown_cmark::Event;
use pulldown_cmark::HeadingLevel;
use pulldown_cmark::Options;
use pulldown_cmark::Parser;
use pulldown_cmark::Tag;
use pulldown_cmark::TagEnd;
use std::collections::HashSet;

/// What became of a document.
pub(super) struct Rendered {
    pub(super) html: String,
    pub(super) headings: Vec<Heading>,
}

/// A heading, and the text up to the next one.
pub(super) struct Heading {
    pub(super) level: HeadingLevel,
    pub(super) title: String,
    pub(super) anchor: String,
    pub(super) text: String,
}

/// A text as HTML has it, in attributes too.
pub fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;")
}

/// The document as HTML; `known` are the paths of all documents.
pub(super) fn rendered(document: &Document, known: &HashSet<&str>) -> Rendered {
    let mut writer = Writer { document, known, headings: Vec::new(), anchors: Anchors::default() };
    let parser = Parser::new_ext(&document.markdown, Options::ENABLE_TABLES);
    // Links that lead nowhere and are open.
    let mut dead = 0;
    let safe: Vec<Event> = parser.filter_map(|event| writer.safe(event, &mut dead)).collect();
    let mut out: Vec<Event> = Vec::new();
    let mut events = safe.into_iter();
    while let Some(event) = events.next() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                out.extend(writer.heading(level, &mut events));
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let inner = until(&mut events, |end| matches!(end, TagEnd::CodeBlock));
                let code: String = inner.iter().filter_map(text_of).collect();
                out.push(Event::Html(block(&kind, &code).into()));
            }
            event => {
                writer.note(&event);
                out.push(event);
            }
        }
    }
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, out.into_iter());
    Rendered { html, headings: writer.headings }
}

/// The events up to an end, which is taken too.
fn until<'d>(
    events: &mut impl Iterator<Item = Event<'d>>,
    is_end: impl Fn(&TagEnd) -> bool,
) -> Vec<Event<'d>> {
    events.take_while(|it| !matches!(it, Event::End(end) if is_end(end))).collect()
}

struct Writer<'d> {
    document: &'d Document,
    known: &'d HashSet<&'d str>,
    headings: Vec<Heading>,
    anchors: Anchors,
}

impl<'d> Writer<'d> {
    /// An event without what may not stand on a page: HTML of a text is text, images would come from elsewhere, and so
    /// would what a link to an unknown page leads to.
    fn safe(&self, event: Event<'d>, dead: &mut usize) -> Option<Event<'d>> {
        match event {
            Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
            Event::Start(Tag::HtmlBlock | Tag::Image { .. }) => None,
            Event::End(TagEnd::HtmlBlock | TagEnd::Image) => None,
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let way = self.way(&dest_url);
                *dead += usize::from(way.is_none());
                Some(Event::Start(Tag::Link { link_type, dest_url: way?, title, id }))
            }
            // No link stands in another.
            Event::End(TagEnd::Link) if *dead > 0 => {
                *dead -= 1;
                None
            }
            event => Some(event),
        }
    }

    /// A heading with its anchor, and a link to itself.
    fn heading(
        &mut self,
        level: HeadingLevel,
        events: &mut impl Iterator<Item = Event<'d>>,
    ) -> Vec<Event<'d>> {
        let inner = until(events, |end| matches!(end, TagEnd::Heading(_)));
        let title: String = inner.iter().filter_map(text_of).collect();
        let anchor = self.anchors.of(&title);
        let link = format!("<a class=\"anchor\" href=\"#{0}\">#</a>", escaped(&anchor));
        let id = Some(CowStr::from(anchor.clone()));
        let start = Tag::Heading { level, id, classes: Vec::new(), attrs: Vec::new() };
        self.headings.push(Heading { level, title, anchor, text: String::new() });
        let mut all = vec![Event::Start(start)];
        all.extend(inner);
        all.push(Event::InlineHtml(link.into()));
        all.push(Event::End(TagEnd::Heading(level)));
        all
    }

    /// Remembers what stands below a heading, for the search.
    fn note(&mut self, event: &Event) {
        let Some(heading) = self.headings.last_mut() else { return };
        match event {
            Event::End(TagEnd::Paragraph | TagEnd::TableCell | TagEnd::Item) => {
                heading.text.push(' ');
            }
            event => heading.text.extend(text_of(event)),
        }
    }

    /// Where a link leads on the site; `None` if to nothing that is there.
    fn way(&self, target: &CowStr<'d>) -> Option<CowStr<'d>> {
        if ["#", "http://", "https://", "mailto:"].iter().any(|it| target.starts_with(it)) {
            return Some(target.clone());
        }
        let (file, place) = target.split_once('#').unwrap_or((target, ""));
        let path = file.strip_suffix(".md")?;
        self.known.contains(self.joined(path)?.as_str()).then(|| {
            let place = if place.is_empty() { String::new() } else { format!("#{place}") };
            format!("{path}.html{place}").into()
        })
    }

    /// The path of a document, seen from this one.
    fn joined(&self, path: &str) -> Option<String> {
        let mut parts: Vec<&str> = self.document.path.split('/').collect();
        parts.pop();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()?),
                part => parts.push(part),
            }
        }
        Some(parts.join("/"))
    }
}

fn text_of(event: &Event) -> Option<String> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text.to_string()),
        Event::SoftBreak | Event::HardBreak => Some(" ".to_owned()),
        _ => None,
    }
}

/// A block of code, with the name of the file that it is.
fn block(kind: &CodeBlockKind, code: &str) -> String {
    let info = match kind {
        CodeBlockKind::Fenced(info) => info.as_ref(),
        CodeBlockKind::Indented => "forge",
    };
    let mut words = info.split(' ');
    let language = words.next().unwrap_or_default();
    let caption = match (words.next(), words.next()) {
        (Some("file" | "test"), Some(name)) => {
            format!("<figcaption>{}</figcaption>", escaped(name))
        }
        _ => String::new(),
    };
    let shown = match language {
        "forge" => colored(code),
        "console" => code.split_inclusive('\n').map(line).collect(),
        _ => escaped(code),
    };
    let class = if info == "forge declaration" { " class=\"declaration\"" } else { "" };
    format!("<figure{class}>{caption}<pre><code>{shown}</code></pre></figure>\n")
}

/// A program with a span for each piece that has a colour.
fn colored(code: &str) -> String {
    let piece = |(class, text): (Class, &str)| match name(class) {
        Some(name) => format!("<span class=\"{name}\">{}</span>", escaped(text)),
        None => escaped(text),
    };
    pieces(code, &builtins::class_of).into_iter().map(piece).collect()
}

fn name(class: Class) -> Option<&'static str> {
    match class {
        Class::Text => Some("text"),
        Class::Number => Some("number"),
        Class::Keyword => Some("keyword"),
        Class::Builtin => Some("builtin"),
        Class::Module => Some("module"),
        Class::Comment => Some("comment"),
        Class::Plain => None,
    }
}

/// A line of a transcript: what is typed stands out.
fn line(line: &str) -> String {
    match line.starts_with("$ ") {
        true => format!("<span class=\"typed\">{}</span>", escaped(line)),
        false => escaped(line),
    }
}
