//! Changes to a manifest that leave the rest of its text alone: comments, order, what nobody knows.

use super::Dependency;
use toml_edit::DocumentMut;
use toml_edit::Item;
use toml_edit::Table;
use toml_edit::TableLike;

/// A table of a manifest with what is needed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Section {
    /// By the program.
    Dependencies,
    /// To work on it.
    DevDependencies,
}

impl Section {
    /// All of them.
    pub const ALL: [Section; 2] = [Section::Dependencies, Section::DevDependencies];

    /// The name of the table.
    pub fn name(self) -> &'static str {
        match self {
            Section::Dependencies => "dependencies",
            Section::DevDependencies => "dev-dependencies",
        }
    }
}

/// A manifest that is being changed.
pub struct Edit {
    document: DocumentMut,
}

impl Edit {
    /// Begins with a manifest that could be read.
    ///
    /// # Errors
    /// When it cannot.
    pub fn of(text: &str) -> Result<Edit, String> {
        let document = text.parse::<DocumentMut>().map_err(|error| error.to_string())?;
        Ok(Edit { document })
    }

    /// Puts a dependency into a section, and takes it out of the other; whether it was in one.
    pub fn set(&mut self, section: Section, dependency: &Dependency) -> bool {
        let name = &dependency.name;
        let others = Section::ALL.into_iter().filter(|other| *other != section);
        let mut was_there = others.fold(false, |was, other| self.take(other, name) | was);
        if let Some(table) = self.table(section) {
            match table.get_mut(name) {
                Some(item) => {
                    was_there = true;
                    replace(item, dependency.wanted.to_item());
                }
                None => {
                    table.insert(name, dependency.wanted.to_item());
                }
            }
        }
        was_there
    }

    /// Takes a dependency out of all sections; whether it was in one.
    pub fn remove(&mut self, name: &str) -> bool {
        Section::ALL.into_iter().fold(false, |was, section| self.take(section, name) | was)
    }

    /// The text of the manifest.
    pub fn text(&self) -> String {
        self.document.to_string()
    }

    fn take(&mut self, section: Section, name: &str) -> bool {
        let table = self.document.get_mut(section.name()).and_then(Item::as_table_like_mut);
        table.is_some_and(|table| table.remove(name).is_some())
    }

    /// A table of that name, behind all others if there is none.
    fn table(&mut self, section: Section) -> Option<&mut dyn TableLike> {
        let item = self.document.entry(section.name()).or_insert(Item::Table(Table::new()));
        item.as_table_like_mut()
    }
}

/// The new value where the old one stood, with the comment behind it.
fn replace(item: &mut Item, new: Item) {
    let decor = item.as_value().map(|value| value.decor().clone());
    *item = new;
    if let (Some(decor), Some(value)) = (decor, item.as_value_mut()) {
        *value.decor_mut() = decor;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::Wanted;
    use crate::package::requirement;

    fn util(text: &str) -> Dependency {
        let requirement = requirement(text).unwrap();
        let wanted = Wanted::Version { requirement, registry: None };
        Dependency { name: "util".to_owned(), wanted }
    }

    #[test]
    fn the_rest_stays_as_it_is() {
        let before = "# mine\n[dependencies] # sorted\nzeta=\"1\"\nutil = \"^1.0\" # why\n\n[odd]\nx  =  1\n";
        let mut edit = Edit::of(before).unwrap();
        assert!(edit.set(Section::Dependencies, &util("2")));
        assert_eq!(edit.text(), before.replace("^1.0", "^2"));
        assert!(edit.set(Section::DevDependencies, &util("2")));
        let moved = before.replace("util = \"^1.0\" # why\n", "");
        assert_eq!(edit.text(), format!("{moved}\n[dev-dependencies]\nutil = \"^2\"\n"));
        assert!(edit.remove("util"));
        assert!(!edit.remove("util"));
    }

    #[test]
    fn a_section_that_is_missing_is_made() {
        let mut edit = Edit::of("[project]\nname = \"app\"\n").unwrap();
        assert!(!edit.set(Section::Dependencies, &util("*")));
        assert_eq!(edit.text(), "[project]\nname = \"app\"\n\n[dependencies]\nutil = \"*\"\n");
    }
}
