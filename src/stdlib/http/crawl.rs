//! What a page says and where it links to (stdlib 13.5).

use super::client;
use super::client::Body;
use super::options::Wanted;
use crate::stdlib::network::blocking;
use crate::stdlib::rows::object;
use crate::value::Value;
use scraper::ElementRef;
use scraper::Html;
use scraper::Node;
use scraper::Selector;
use std::sync::LazyLock;
use url::Url;

/// The text of a page is cut behind so many bytes.
const MOST_TEXT: usize = 500;

/// Elements whose content is no text.
const SILENT: [&str; 4] = ["script", "style", "template", "noscript"];

/// Elements that stand within a line: text goes on behind them.
const INLINE: [&str; 22] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "em", "font", "i", "kbd", "mark", "q",
    "s", "small", "span", "strong", "sub", "sup", "u", "wbr",
];

/// Loads a page and reads it.
///
/// # Errors
/// The reason.
pub(super) async fn crawl(wanted: Wanted) -> Result<Value, String> {
    let response = client::send(&wanted).await.map_err(|why| format!("crawl error: {why}"))?;
    let status = response.status().as_u16();
    let base = response.url().clone();
    let body = Body::new(response, &wanted)?.all().await?;
    let (url, length) = (wanted.url.to_string(), body.len());
    let page = blocking(move || Page::read(&String::from_utf8_lossy(&body), &base)).await;
    let links = page.links.into_iter().map(Value::from).collect();
    Ok(object([
        ("url", url.into()),
        ("status", Value::Int(status.into())),
        ("title", page.title.into()),
        ("description", page.description.into()),
        ("links", Value::array(links)),
        ("text", page.text.into()),
        ("html_length", Value::Int(length as i64)),
    ]))
}

struct Page {
    title: String,
    description: String,
    links: Vec<String>,
    text: String,
}

impl Page {
    fn read(html: &str, base: &Url) -> Page {
        let html = Html::parse_document(html);
        Page {
            title: title(&html),
            description: description(&html),
            links: links(&html, base),
            text: shortened(&text(&html)),
        }
    }
}

/// Elements that a selector of ours finds.
macro_rules! selector {
    ($text:literal) => {{
        static SELECTOR: LazyLock<Selector> =
            LazyLock::new(|| Selector::parse($text).expect("the selector is well formed"));
        &*SELECTOR
    }};
}

fn title(html: &Html) -> String {
    let title = html.select(selector!("title")).next();
    title.map_or(String::new(), |title| title.text().collect::<String>().trim().to_owned())
}

fn description(html: &Html) -> String {
    let mut found = html.select(selector!("meta[name][content]")).filter(|meta| {
        meta.attr("name").is_some_and(|name| name.trim().eq_ignore_ascii_case("description"))
    });
    found.next().and_then(|meta| meta.attr("content")).unwrap_or("").to_owned()
}

/// Where it links to: other pages only, not places within this one.
fn links(html: &Html, base: &Url) -> Vec<String> {
    let links = html.select(selector!("[href]")).filter_map(|link| link_of(link, base));
    links.collect()
}

fn link_of(element: ElementRef<'_>, base: &Url) -> Option<String> {
    let text = element.attr("href")?.trim();
    if text.starts_with("http") {
        return Some(text.to_owned());
    }
    let is_link = matches!(element.value().name(), "a" | "area");
    if !is_link || text.is_empty() || text.starts_with('#') {
        return None;
    }
    let link = base.join(text).ok()?;
    matches!(link.scheme(), "http" | "https").then(|| link.to_string())
}

/// Its text, white space as single blanks; what stands on lines of its own is apart from the rest.
fn text(html: &Html) -> String {
    let mut words = String::new();
    for edge in html.root_element().traverse() {
        use ego_tree::iter::Edge;
        let (Edge::Open(node) | Edge::Close(node)) = edge;
        match node.value() {
            Node::Element(element) if !INLINE.contains(&element.name()) => words.push(' '),
            Node::Text(text) if matches!(edge, Edge::Open(_)) && !is_silent(node) => {
                words.push_str(text);
            }
            _ => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_silent(node: ego_tree::NodeRef<'_, Node>) -> bool {
    let parent = node.parent();
    let parent = parent.as_ref().and_then(|parent| parent.value().as_element());
    parent.is_some_and(|element| SILENT.contains(&element.name()))
}

fn shortened(text: &str) -> String {
    match text.len() > MOST_TEXT {
        true => format!("{}...", &text[..text.floor_char_boundary(MOST_TEXT)]),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_read_as_people_write_them() {
        let page = Page::read(
            "<HTML><TITLE> A &amp; B </TITLE><meta content='about' NAME=Description>\
             <script>if (a<b) {}</script><style>p {}</style><p>xyz</p>Hel<b>lo</b>\n  there\
             <a href='http://h/x'>1</a><a href=/y>2</a><a href='#z'>3</a><a href='mailto:a@b'>4</a>\
             <a HREF=http://h/x>5</a><link href=/s.css>",
            &Url::parse("http://base/dir/page").unwrap(),
        );
        assert_eq!(page.title, "A & B");
        assert_eq!(page.description, "about");
        assert_eq!(page.links, ["http://h/x", "http://base/y", "http://h/x"]);
        assert_eq!(page.text, "A & B xyz Hello there12345");
    }

    #[test]
    fn a_text_is_cut_at_a_character() {
        let cut = shortened(&"ä".repeat(300));
        assert_eq!(cut, format!("{}...", "ä".repeat(250)));
        let cut = shortened(&format!("x{}", "ä".repeat(300)));
        assert_eq!(cut, format!("x{}...", "ä".repeat(249)));
    }
}
