//! `forge doc`: what programs say of themselves, and the guide, as text, Markdown, HTML or JSON (tooling 11).
//!
//! There is one way to a page: everything becomes Markdown first, and a site is made of that.

mod json;
mod lint;
mod manual;
mod markdown;
mod places;
mod program;
mod references;
mod site;
mod term;

pub use json::json;
pub use json::language as language_json;
pub use lint::lint;
pub use manual::manual;
pub use markdown::documents;
pub use markdown::whole as markdown;
pub use program::Entry;
pub use program::Page;
pub use program::Route;
pub use program::Wanted;
pub use program::read;
pub use site::Document;
pub use site::Site;
pub use site::escaped;
pub use site::write;
pub use term::entry;
pub use term::term;

/// The site of programs.
pub fn site(pages: &[Page], title: &str) -> Site {
    Site { title: title.to_owned(), documents: documents(pages, title) }
}
