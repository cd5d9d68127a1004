//! The guide and the reference, as a site: what `forge doc --open` shows.

use super::site::Document;
use super::site::Site;
use crate::builtins;

/// Pages of the repository, in the order of reading: where they lie below `docs`, and their texts.
const PAGES: &[(&str, &str, &str)] = &[
    ("Guide", "guide/index", include_str!("../../docs/guide/index.md")),
    ("Guide", "guide/01-getting-started", include_str!("../../docs/guide/01-getting-started.md")),
    ("Guide", "guide/02-language-tour", include_str!("../../docs/guide/02-language-tour.md")),
    ("Guide", "guide/03-types", include_str!("../../docs/guide/03-types.md")),
    ("Guide", "guide/04-errors", include_str!("../../docs/guide/04-errors.md")),
    ("Guide", "guide/05-modules", include_str!("../../docs/guide/05-modules.md")),
    ("Guide", "guide/06-standard-library", include_str!("../../docs/guide/06-standard-library.md")),
    ("Guide", "guide/07-concurrency", include_str!("../../docs/guide/07-concurrency.md")),
    ("Guide", "guide/08-serving", include_str!("../../docs/guide/08-serving.md")),
    (
        "Guide",
        "guide/09-state-and-isolation",
        include_str!("../../docs/guide/09-state-and-isolation.md"),
    ),
    ("Guide", "guide/10-databases", include_str!("../../docs/guide/10-databases.md")),
    ("Guide", "guide/11-testing", include_str!("../../docs/guide/11-testing.md")),
    ("Guide", "guide/12-deploying", include_str!("../../docs/guide/12-deploying.md")),
    ("More", "mistakes", include_str!("../../docs/mistakes.md")),
    ("More", "tools", include_str!("../../docs/tools.md")),
    ("More", "grammar", include_str!("../../docs/grammar.md")),
];

/// The site of the language itself.
pub fn manual() -> Site {
    let page = |(section, path, text): &(&str, &str, &str)| document(section, path, text);
    let reference = builtins::reference().into_iter().map(|(file, text)| {
        let path = format!("reference/{}", file.trim_end_matches(".md"));
        document("Reference", &path, &text)
    });
    let documents = PAGES.iter().map(page).chain(reference).collect();
    Site { title: concat!("Forge ", env!("CARGO_PKG_VERSION")).to_owned(), documents }
}

/// A page, called as its first heading says.
fn document(section: &str, path: &str, text: &str) -> Document {
    let title = text.lines().next().unwrap_or_default().trim_start_matches("# ");
    Document {
        path: path.to_owned(),
        title: title.to_owned(),
        section: section.to_owned(),
        markdown: text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;
    use std::path::Path;

    #[test]
    fn all_chapters_are_there() {
        let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide");
        for file in std::fs::read_dir(guide).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            let path = format!("guide/{}", name.trim_end_matches(".md"));
            assert!(
                PAGES.iter().any(|(_, known, _)| *known == path),
                "{path} is not in the manual"
            );
        }
    }

    /// The values of an attribute on a page.
    fn values<'h>(html: &'h str, attribute: &str) -> Vec<&'h str> {
        let start = format!(" {attribute}=\"");
        html.split(&start).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0)).collect()
    }

    #[test]
    fn every_link_of_the_site_leads_to_a_page_and_a_place_on_it() {
        let files: HashMap<String, String> = manual().files().into_iter().collect();
        for (name, html) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
            let folder = Path::new(name).parent().unwrap();
            for target in values(html, "href").into_iter().chain(values(html, "src")) {
                if target.contains("://") {
                    continue;
                }
                let (file, place) = target.split_once('#').unwrap_or((target, ""));
                let mut path: Vec<String> = Vec::new();
                for part in folder.join(file).components() {
                    match part.as_os_str().to_str().unwrap() {
                        ".." => drop(path.pop()),
                        part => path.push(part.to_owned()),
                    }
                }
                let page = if file.is_empty() { name.clone() } else { path.join("/") };
                let Some(text) = files.get(&page) else { panic!("{name}: {target}") };
                let is_there = place.is_empty() || values(text, "id").contains(&place);
                assert!(is_there, "{name}: {target} is no place on {page}");
            }
        }
    }
}
