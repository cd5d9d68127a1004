//! `forge_modules`: new packages are made beside it and moved there, all or none; what was changed by hand is noticed.

use super::content;
use super::content::Content;
use super::content::unreadable;
use super::content::unwritable;
use crate::package::check_name;
use std::collections::BTreeMap;
use std::fs;
use std::fs::File;
use std::path::Path;
use std::path::PathBuf;
use tempfile::TempDir;
use toml_edit::Document;
use toml_edit::DocumentMut;
use toml_edit::Item;
use toml_edit::Table;

/// The folder of packages.
pub const FOLDER: &str = "forge_modules";

/// The list of what was installed, in that folder.
const LIST: &str = ".installed.toml";

/// A package as it is to stand in `forge_modules`.
pub(super) struct Wanted<'g> {
    /// Its name.
    pub(super) name: &'g str,
    /// Where its files are.
    pub(super) files: &'g Path,
    /// What they are; a package without that is linked, so it may become another at any time.
    pub(super) content: Option<&'g Content>,
}

/// What became different.
#[derive(Debug, Default, PartialEq)]
pub struct Done {
    /// Names of packages that were not there, or not like that.
    pub installed: Vec<String>,
    /// Names of packages that nobody needs any more.
    pub removed: Vec<String>,
}

/// What may be overwritten.
#[derive(Clone, Copy, PartialEq)]
pub enum Overwriting {
    /// What was installed, and nothing that was changed since.
    Own,
    /// Whatever is there.
    All,
}

/// Makes `forge_modules` of a project hold these packages, and no others that were installed.
///
/// # Errors
/// When something cannot be written, or something of somebody else's is in the way. Then all is as it was.
pub(super) fn stage(
    project: &Path,
    wanted: &[Wanted<'_>],
    overwriting: Overwriting,
) -> Result<Done, String> {
    let folder = project.join(FOLDER);
    if wanted.is_empty() && !folder.exists() {
        return Ok(Done::default());
    }
    content::make_folder(&folder)?;
    // One at a time. The lock ends with the process, whatever becomes of it.
    let guard = folder.join(".lock");
    let file = File::create(&guard).map_err(|error| unwritable(&guard, &error))?;
    file.lock().map_err(|error| unwritable(&guard, &error))?;
    sweep(&folder);
    let making = tempfile::Builder::new().prefix(".tmp-").tempdir_in(&folder);
    let making = making.map_err(|error| unwritable(&folder, &error))?;
    let mut staging = Staging { folder, making, moved: Vec::new() };
    let old = List::read(&staging.folder)?;
    let result = staging.put(wanted, &old, overwriting);
    if result.is_err() {
        staging.undo();
    }
    result
}

struct Staging {
    folder: PathBuf,
    making: TempDir,
    /// From where to where, in the order in which it was done.
    moved: Vec<(PathBuf, PathBuf)>,
}

impl Staging {
    fn put(
        &mut self,
        wanted: &[Wanted<'_>],
        old: &List,
        overwriting: Overwriting,
    ) -> Result<Done, String> {
        let mut done = Done::default();
        for package in wanted {
            if self.is_there(package, old, overwriting)? {
                continue;
            }
            self.make(package)?;
            done.installed.push(package.name.to_owned());
        }
        let is_wanted = |name: &String| wanted.iter().any(|package| package.name == name);
        for name in old.0.keys().filter(|name| !is_wanted(name)) {
            self.check_untouched(name, old, overwriting)?;
            if self.folder.join(name).symlink_metadata().is_ok() {
                done.removed.push(name.clone());
            }
        }
        // From here on nothing is looked at: only names change.
        for name in &done.installed {
            self.take_away(name)?;
            self.rename(self.making.path().join(name), self.folder.join(name))?;
        }
        for name in &done.removed {
            self.take_away(name)?;
        }
        let new = List(wanted.iter().map(|it| (it.name.to_owned(), it.content.cloned())).collect());
        if new != *old {
            self.rename_list(&new)?;
        }
        Ok(done)
    }

    /// Whether a package stands there as it is wanted.
    fn is_there(
        &self,
        package: &Wanted<'_>,
        old: &List,
        overwriting: Overwriting,
    ) -> Result<bool, String> {
        let place = self.folder.join(package.name);
        let Ok(there) = place.symlink_metadata() else { return Ok(false) };
        if there.is_symlink() {
            let leads = fs::read_link(&place).ok();
            return Ok(package.content.is_none() && leads == Some(self.link(package.files)));
        }
        if let Some(wanted) = package.content
            && Content::of(&place)? == *wanted
        {
            return Ok(true);
        }
        self.check_untouched(package.name, old, overwriting)?;
        Ok(false)
    }

    /// Whether a package may be taken away.
    fn check_untouched(
        &self,
        name: &str,
        old: &List,
        overwriting: Overwriting,
    ) -> Result<(), String> {
        let place = self.folder.join(name);
        let is_folder = place.symlink_metadata().is_ok_and(|there| !there.is_symlink());
        if !is_folder || overwriting == Overwriting::All {
            return Ok(());
        }
        let why = match old.0.get(name) {
            Some(Some(content)) => {
                let now = Content::of(&place)?;
                let Some(file) = content.difference(&now) else { return Ok(()) };
                format!("'{}' was changed after it was installed", place.join(file).display())
            }
            Some(None) | None => format!("'{}' was not installed by forge", place.display()),
        };
        Err(format!("{why}; forge install --force replaces it"))
    }

    fn make(&self, package: &Wanted<'_>) -> Result<(), String> {
        let place = self.making.path().join(package.name);
        let Some(content) = package.content else {
            return link(&self.link(package.files), &place);
        };
        content::copy(package.files, &place)?;
        match Content::of(&place)? == *content {
            true => Ok(()),
            false => Err(format!("'{}' changed while it was copied", package.files.display())),
        }
    }

    /// What a link in `forge_modules` says that leads to a folder which is seen from the project.
    fn link(&self, files: &Path) -> PathBuf {
        let project = self.folder.parent().unwrap_or(Path::new(""));
        match files.strip_prefix(project) {
            Ok(below) if below.is_relative() => Path::new("..").join(below),
            _ => files.to_owned(),
        }
    }

    fn take_away(&mut self, name: &str) -> Result<(), String> {
        let place = self.folder.join(name);
        match place.symlink_metadata() {
            Ok(_) => self.rename(place, self.making.path().join(format!("old-{name}"))),
            Err(_) => Ok(()),
        }
    }

    fn rename(&mut self, from: PathBuf, to: PathBuf) -> Result<(), String> {
        fs::rename(&from, &to).map_err(|error| unwritable(&to, &error))?;
        self.moved.push((from, to));
        Ok(())
    }

    fn rename_list(&mut self, list: &List) -> Result<(), String> {
        let made = self.making.path().join(LIST);
        fs::write(&made, list.text()).map_err(|error| unwritable(&made, &error))?;
        self.rename(made, self.folder.join(LIST))
    }

    fn undo(&mut self) {
        for (from, to) in self.moved.drain(..).rev() {
            let _ = fs::rename(to, from);
        }
    }
}

/// Whether the system has links to folders that anybody may make.
pub(super) const HAS_LINKS: bool = cfg!(unix);

fn link(to: &Path, place: &Path) -> Result<(), String> {
    #[cfg(unix)]
    let made = std::os::unix::fs::symlink(to, place);
    #[cfg(not(unix))]
    let made = Err(std::io::Error::from(std::io::ErrorKind::Unsupported));
    made.map_err(|error| {
        format!("could not link '{}' to '{}': {error}", place.display(), to.display())
    })
}

/// Takes away what a process left that did not come to its end.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(".tmp-") {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// What was installed, and the digests of it unless it was linked.
#[derive(Debug, Default, PartialEq)]
struct List(BTreeMap<String, Option<Content>>);

impl List {
    fn read(folder: &Path) -> Result<List, String> {
        let path = folder.join(LIST);
        if !path.exists() {
            return Ok(List::default());
        }
        let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
        let list = List::parse(&text);
        list.ok_or_else(|| format!("'{}' cannot be used; remove it", path.display()))
    }

    fn parse(text: &str) -> Option<List> {
        let document = Document::parse(text).ok()?;
        let mut list = List::default();
        for (name, item) in document.as_table() {
            check_name(name).ok()?;
            let table = item.as_table()?;
            let content = match table.get("checksum") {
                None => None,
                Some(checksum) => {
                    let files = table.get("files")?.as_table_like()?.iter();
                    let files = files.map(|(file, hash)| Some((file.to_owned(), text_of(hash)?)));
                    Some(Content {
                        checksum: text_of(checksum)?,
                        files: files.collect::<Option<_>>()?,
                    })
                }
            };
            list.0.insert(name.to_owned(), content);
        }
        Some(list)
    }

    fn text(&self) -> String {
        let mut document = DocumentMut::new();
        for (name, content) in &self.0 {
            let mut table = Table::new();
            if let Some(content) = content {
                table.insert("checksum", toml_edit::value(&content.checksum));
                let mut files = Table::new();
                for (file, hash) in &content.files {
                    files.insert(file, toml_edit::value(hash));
                }
                table.insert("files", Item::Table(files));
            }
            document.insert(name, Item::Table(table));
        }
        document.to_string()
    }
}

fn text_of(item: &Item) -> Option<String> {
    item.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_as_it_was_written() {
        let files = [("lib/a \"b\".fg", "00"), ("main.fg", "11")];
        let files = files.map(|(file, hash)| (file.to_owned(), hash.to_owned())).into();
        let content = Content { checksum: "sha256:22".to_owned(), files };
        let list = List([("a".to_owned(), None), ("b".to_owned(), Some(content))].into());
        assert_eq!(List::parse(&list.text()), Some(list));
        assert_eq!(List::parse("x = 1"), None);
    }
}
