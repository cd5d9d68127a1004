//! A folder of static pages: no server, no network, a search that works from a file.

mod html;
mod page;
mod search;

pub use html::escaped;

use html::Rendered;
use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::path::PathBuf;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Pages that lead to one another.
pub struct Site {
    /// What stands above all of them.
    pub title: String,
    /// In the order of reading.
    pub documents: Vec<Document>,
}

/// A page before it is one.
pub struct Document {
    /// Where it goes, without an extension: `guide/01-getting-started`.
    pub path: String,
    /// What the list of pages calls it.
    pub title: String,
    /// Under which heading of that list.
    pub section: String,
    /// Links to `.md` files are links to the pages that become of them.
    pub markdown: String,
}

impl Site {
    /// All files: paths and texts.
    pub fn files(&self) -> Vec<(String, String)> {
        let known: HashSet<&str> = self.documents.iter().map(|it| it.path.as_str()).collect();
        let rendered: Vec<Rendered> =
            self.documents.iter().map(|it| html::rendered(it, &known)).collect();
        let mut files: Vec<(String, String)> = Vec::new();
        for (at, document) in self.documents.iter().enumerate() {
            let text = page::of(self, at, &rendered[at]);
            files.push((format!("{}.html", document.path), text));
        }
        if !known.contains("index") {
            files.push(("index.html".to_owned(), page::first(self)));
        }
        files.push(("search.js".to_owned(), search::index(&self.documents, &rendered)));
        files.push(("style.css".to_owned(), STYLE.to_owned()));
        files.push(("script.js".to_owned(), SCRIPT.to_owned()));
        files
    }

    /// Writes all files below a folder, which is made; other files there stay. Gives the first page.
    ///
    /// # Errors
    /// The file that could not be written.
    pub fn write(&self, folder: &Path) -> Result<PathBuf, (PathBuf, io::Error)> {
        write(folder, &self.files())?;
        Ok(folder.join("index.html"))
    }

    /// The documents as Markdown files.
    pub fn markdown(&self) -> Vec<(String, String)> {
        let file = |it: &Document| (format!("{}.md", it.path), it.markdown.clone());
        self.documents.iter().map(file).collect()
    }
}

/// Writes files below a folder.
///
/// # Errors
/// The file that could not be written.
pub fn write(folder: &Path, files: &[(String, String)]) -> Result<(), (PathBuf, io::Error)> {
    for (name, text) in files {
        let path = folder.join(name);
        let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        made.and_then(|()| std::fs::write(&path, text)).map_err(|error| (path, error))?;
    }
    Ok(())
}
