//! What stands around the text of a page: the list of pages, the search, the way on.

use super::Document;
use super::Site;
use super::html::Heading;
use super::html::Rendered;
use super::html::escaped;
use pulldown_cmark::HeadingLevel;

/// The page of a document of the site.
pub(super) fn of(site: &Site, at: usize, rendered: &Rendered) -> String {
    let document = &site.documents[at];
    // From the folder of the page to that of the site.
    let root = "../".repeat(document.path.matches('/').count());
    let title = match document.title == site.title {
        true => escaped(&site.title),
        false => format!("{} - {}", escaped(&document.title), escaped(&site.title)),
    };
    let site_title = escaped(&site.title);
    let pages = pages(site, at, &root, &rendered.headings);
    let way = way(site, at, &root);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<link rel=\"stylesheet\" href=\"{root}style.css\">\n\
         </head>\n<body data-root=\"{root}\">\n<header>\n\
         <a class=\"home\" href=\"{root}index.html\">{site_title}</a>\n\
         <input type=\"search\" placeholder=\"Search\" aria-label=\"Search\" autocomplete=\"off\">\n\
         <button type=\"button\" aria-label=\"Light or dark\">&#9680;</button>\n</header>\n\
         <nav>\n{pages}</nav>\n<main>\n{text}{way}</main>\n<div id=\"found\" hidden></div>\n\
         <script src=\"{root}search.js\"></script>\n<script src=\"{root}script.js\"></script>\n\
         </body>\n</html>\n",
        text = rendered.html,
    )
}

/// What leads to the first page where no page is called `index`.
pub(super) fn first(site: &Site) -> String {
    let path = site.documents.first().map_or("", |it| it.path.as_str());
    let path = escaped(path);
    format!(
        "<!doctype html>\n<meta charset=\"utf-8\">\n<title>{}</title>\n\
         <meta http-equiv=\"refresh\" content=\"0; url={path}.html\">\n\
         <a href=\"{path}.html\">{0}</a>\n",
        escaped(&site.title)
    )
}

/// The list of all pages, with the headings of this one.
fn pages(site: &Site, at: usize, root: &str, headings: &[Heading]) -> String {
    let mut list = String::new();
    let mut section = "";
    for (i, document) in site.documents.iter().enumerate() {
        if document.section != section {
            section = &document.section;
            list.push_str(&format!("<h2>{}</h2>\n", escaped(section)));
        }
        let here = if i == at { " class=\"here\" aria-current=\"page\"" } else { "" };
        list.push_str(&format!("{}\n", link(document, root, here)));
        if i == at {
            let headings = headings.iter().filter(|it| it.level == HeadingLevel::H2);
            let item = |it: &Heading| {
                format!("<li><a href=\"#{}\">{}</a></li>", escaped(&it.anchor), escaped(&it.title))
            };
            let items: String = headings.map(item).collect();
            list.push_str(&format!("<ul>{items}</ul>\n"));
        }
    }
    list
}

fn link(document: &Document, root: &str, more: &str) -> String {
    let (path, title) = (escaped(&document.path), escaped(&document.title));
    format!("<a href=\"{root}{path}.html\"{more}>{title}</a>")
}

/// The pages before and after this one, of the same section.
fn way(site: &Site, at: usize, root: &str) -> String {
    let same = |it: &&Document| it.section == site.documents[at].section;
    let before = at.checked_sub(1).and_then(|before| site.documents.get(before)).filter(same);
    let after = site.documents.get(at + 1).filter(same);
    if before.is_none() && after.is_none() {
        return String::new();
    }
    let before = before.map_or(String::new(), |it| link(it, root, " rel=\"prev\""));
    let after = after.map_or(String::new(), |it| link(it, root, " rel=\"next\""));
    format!("<footer>{before}{after}</footer>\n")
}
