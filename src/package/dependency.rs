//! What a program needs, as a manifest says it (tooling 8.2 to 8.5).

use semver::VersionReq;
use std::fmt;
use toml_edit::InlineTable;
use toml_edit::Item;
use toml_edit::Value;

/// A package that is needed.
#[derive(Clone, Debug, PartialEq)]
pub struct Dependency {
    /// Its name, which is also that of its folder.
    pub name: String,
    /// Which one, and where it comes from.
    pub wanted: Wanted,
}

/// Where a package is to come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// A registry.
    Version {
        /// The versions that will do.
        requirement: VersionReq,
        /// The name of the registry, unless it is the usual ones.
        registry: Option<String>,
    },
    /// A git repository.
    Git {
        /// Where it is.
        url: String,
        /// Which state of it.
        reference: Reference,
    },
    /// A folder or a file, seen from the folder of the manifest.
    Path(String),
}

/// A state of a git repository.
#[derive(Clone, Debug, PartialEq)]
pub enum Reference {
    /// The end of its main branch.
    Head,
    /// The end of a branch.
    Branch(String),
    /// What a tag names.
    Tag(String),
    /// A commit.
    Rev(String),
}

/// The versions that a text allows; an empty one allows all.
///
/// # Errors
/// When it is no requirement.
pub fn requirement(text: &str) -> Result<VersionReq, String> {
    match text.trim() {
        "" => Ok(VersionReq::STAR),
        text => VersionReq::parse(text)
            .map_err(|error| format!("invalid version constraint '{text}': {error}")),
    }
}

/// Whether a package may have that name.
///
/// # Errors
/// When it may not.
pub fn check_name(name: &str) -> Result<(), String> {
    let is_plain = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit();
    let is_name = name.starts_with(is_plain)
        && name.len() <= 64
        && name.chars().all(|char| is_plain(char) || matches!(char, '-' | '_'));
    match is_name {
        true => Ok(()),
        false => Err("a-z, 0-9, - and _, at most 64, a letter or digit first".to_owned()),
    }
}

impl Dependency {
    /// What the entry `name` of a manifest's dependencies means.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn read(name: &str, item: &Item) -> Result<Dependency, String> {
        check_name(name)
            .map_err(|rule| format!("'{name}' cannot be the name of a package: {rule}"))?;
        let wanted = match (item.as_str(), item.as_table_like()) {
            (Some(text), _) => Wanted::Version { requirement: requirement(text)?, registry: None },
            (None, Some(_)) => Dependency::source(name, item)?,
            (None, None) => {
                return Err(format!("'{name}' must be a version, or a table with a source"));
            }
        };
        Ok(Dependency { name: name.to_owned(), wanted })
    }

    fn source(name: &str, table: &Item) -> Result<Wanted, String> {
        let field = |key: &str| match table.get(key) {
            None => Ok(None),
            Some(item) => match item.as_str() {
                Some(text) => Ok(Some(text.to_owned())),
                None => Err(format!("'{key}' of dependency '{name}' must be a string")),
            },
        };
        if let Some(url) = field("git")? {
            let named = [field("branch")?, field("tag")?, field("rev")?];
            let reference = match named {
                [None, None, None] => Reference::Head,
                [Some(branch), None, None] => Reference::Branch(branch),
                [None, Some(tag), None] => Reference::Tag(tag),
                [None, None, Some(rev)] => Reference::Rev(rev),
                _ => {
                    return Err(format!(
                        "dependency '{name}' has more than one of branch, tag and rev"
                    ));
                }
            };
            return Ok(Wanted::Git { url, reference });
        }
        if let Some(path) = field("path")? {
            return Ok(Wanted::Path(path));
        }
        match field("version")? {
            Some(text) => Ok(Wanted::Version {
                requirement: requirement(&text)?,
                registry: field("registry")?,
            }),
            None => Err(format!(
                "dependency '{name}' has no supported source. Use version, path, or git."
            )),
        }
    }
}

impl Wanted {
    /// As a manifest says it.
    pub fn to_item(&self) -> Item {
        let mut table = InlineTable::new();
        match self {
            Wanted::Version { requirement, registry: None } => {
                return toml_edit::value(requirement.to_string());
            }
            Wanted::Version { requirement, registry: Some(registry) } => {
                table.insert("version", requirement.to_string().into());
                table.insert("registry", registry.into());
            }
            Wanted::Git { url, reference } => {
                table.insert("git", url.into());
                if let Some((kind, name)) = reference.parts() {
                    table.insert(kind, name.into());
                }
            }
            Wanted::Path(path) => {
                table.insert("path", path.into());
            }
        }
        Item::Value(Value::InlineTable(table))
    }

    /// Whether both name the same place. The usual registries are no place: whatever one of them has, another place may
    /// have too.
    pub fn agrees(&self, other: &Wanted) -> bool {
        let place = |wanted: &Wanted| match wanted {
            Wanted::Version { registry, .. } => registry.clone().map(|registry| Wanted::Version {
                requirement: VersionReq::STAR,
                registry: Some(registry),
            }),
            place => Some(place.clone()),
        };
        match (place(self), place(other)) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        }
    }
}

impl Reference {
    /// What it is, and its name; nothing for the end of the main branch.
    pub fn parts(&self) -> Option<(&'static str, &str)> {
        match self {
            Reference::Head => None,
            Reference::Branch(name) => Some(("branch", name)),
            Reference::Tag(name) => Some(("tag", name)),
            Reference::Rev(name) => Some(("rev", name)),
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wanted::Version { requirement, registry: None } => write!(f, "{requirement}"),
            Wanted::Version { requirement, registry: Some(registry) } => {
                write!(f, "{requirement} of registry {registry}")
            }
            Wanted::Git { url, reference } => match reference.parts() {
                None => write!(f, "from {url}"),
                Some((kind, name)) => write!(f, "from {url}, {kind} {name}"),
            },
            Wanted::Path(path) => write!(f, "from {path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml_edit::DocumentMut;

    fn read(text: &str) -> Result<Wanted, String> {
        let document: DocumentMut = text.parse().unwrap();
        Dependency::read("util", &document["util"]).map(|dependency| dependency.wanted)
    }

    #[test]
    fn a_source_is_written_as_it_is_read() {
        for text in [
            "util = \"^1.0\"",
            "util = \"*\"",
            "util = { version = \"^1\", registry = \"corp\" }",
            "util = { git = \"u\" }",
            "util = { git = \"u\", branch = \"b\" }",
            "util = { git = \"u\", tag = \"t\" }",
            "util = { git = \"u\", rev = \"r\" }",
            "util = { path = \"../util\" }",
        ] {
            let wanted = read(text).unwrap();
            let mut document = DocumentMut::new();
            document.insert("util", wanted.to_item());
            assert_eq!(document.to_string().trim(), text);
        }
    }

    #[test]
    fn git_goes_before_path_before_version() {
        let all = "util = { version = \"1\", path = \"p\", git = \"g\" }";
        assert_eq!(read(all), Ok(Wanted::Git { url: "g".to_owned(), reference: Reference::Head }));
        assert_eq!(
            read("util = { version = \"1\", path = \"p\" }"),
            Ok(Wanted::Path("p".to_owned()))
        );
    }

    #[test]
    fn requirements_are_those_of_cargo() {
        let matches = |requirement: &str, version: &str| {
            super::requirement(requirement).unwrap().matches(&version.parse().unwrap())
        };
        for (text, yes, no) in [
            ("1.2.3", "1.9.0", "2.0.0"),
            ("~1.5", "1.5.9", "1.6.0"),
            (">=1.0.0, <2.0.0", "1.3.0", "2.0.0"),
            ("=1.2.3", "1.2.3", "1.2.4"),
            ("", "7.0.0", "7.0.0-rc.1"),
            (">=1.0.0-rc.1", "1.0.0-rc.2", "1.0.0-beta"),
        ] {
            assert!(matches(text, yes), "{text} {yes}");
            assert!(!matches(text, no), "{text} {no}");
        }
        let wrong = super::requirement("one").unwrap_err();
        assert!(wrong.starts_with("invalid version constraint 'one': "), "{wrong}");
    }
}
