//! `forge.lock`: which package of which content was chosen (tooling 8.6).

use crate::package::Reference;
use semver::Version;
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use toml_edit::Document;
use toml_edit::Item;

/// The packages that were chosen, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    /// Sorted by name.
    pub packages: Vec<Locked>,
}

/// A package that was chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Locked {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// Where it comes from.
    pub source: Source,
    /// What is in it; unknown for a folder of this machine, where programs are being written.
    pub checksum: Option<String>,
    /// The names of the packages that it needs.
    pub dependencies: Vec<String>,
}

/// Where a package comes from, in a way that means the same on another machine.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A registry, by its name; none for the usual ones.
    Registry(Option<String>),
    /// A commit of a repository, and how it was asked for.
    Git {
        /// Where the repository is.
        url: String,
        /// What the manifest says.
        reference: Reference,
        /// The commit.
        commit: String,
    },
    /// A folder or file, seen from the project.
    Path(String),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Registry(None) => write!(f, "registry"),
            Source::Registry(Some(name)) => write!(f, "registry+{name}"),
            Source::Git { url, reference, commit } => match reference.parts() {
                None => write!(f, "git+{url}#{commit}"),
                Some((kind, name)) => write!(f, "git+{url}?{kind}={name}#{commit}"),
            },
            Source::Path(path) => write!(f, "path+{path}"),
        }
    }
}

impl Source {
    fn read(text: &str) -> Option<Source> {
        if text == "registry" {
            return Some(Source::Registry(None));
        }
        let (kind, rest) = text.split_once('+')?;
        match kind {
            "registry" => Some(Source::Registry(Some(rest.to_owned()))),
            "path" => Some(Source::Path(rest.to_owned())),
            "git" => {
                let (place, commit) = rest.rsplit_once('#')?;
                let (url, reference) = Source::reference(place);
                Some(Source::Git { url: url.to_owned(), reference, commit: commit.to_owned() })
            }
            _ => None,
        }
    }

    /// The address and the state of `URL?branch=NAME`.
    fn reference(place: &str) -> (&str, Reference) {
        if let Some((url, asked)) = place.rsplit_once('?')
            && let Some((kind, name)) = asked.split_once('=')
        {
            let name = name.to_owned();
            match kind {
                "branch" => return (url, Reference::Branch(name)),
                "tag" => return (url, Reference::Tag(name)),
                "rev" => return (url, Reference::Rev(name)),
                _ => {}
            }
        }
        (place, Reference::Head)
    }
}

impl Lock {
    /// The file at `path`; nothing is locked when there is none, or one of an older kind, which says too little.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(path: &Path) -> Result<Lock, String> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Lock::default()),
            Err(error) => return Err(super::content::unreadable(path, &error)),
        };
        Lock::parse(&text).map_err(|why| format!("forge.lock cannot be used: {why}"))
    }

    fn parse(text: &str) -> Result<Lock, String> {
        let document = Document::parse(text).map_err(|error| error.to_string())?;
        match document.get("version").map(Item::as_integer) {
            None => return Ok(Lock::default()),
            Some(Some(1)) => {}
            Some(Some(version)) => {
                return Err(format!("it is of version {version}, and this forge knows version 1"));
            }
            Some(None) => return Err("its version is no number".to_owned()),
        }
        let Some(packages) = document.get("packages") else { return Ok(Lock::default()) };
        let Some(packages) = packages.as_array_of_tables() else {
            return Err("'packages' is no list of tables".to_owned());
        };
        let read = |table: &toml_edit::Table| {
            let name = table.get("name").and_then(Item::as_str).unwrap_or_default();
            Locked::read(name, table).ok_or_else(|| format!("the entry of '{name}' is incomplete"))
        };
        let mut packages = packages.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        packages.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Lock { packages })
    }

    /// The package of that name.
    pub fn get(&self, name: &str) -> Option<&Locked> {
        self.packages.iter().find(|package| package.name == name)
    }
}

impl Locked {
    fn read(name: &str, table: &toml_edit::Table) -> Option<Locked> {
        let text = |key: &str| table.get(key).and_then(Item::as_str);
        let dependencies = match table.get("dependencies") {
            None => Vec::new(),
            Some(list) => {
                let names = list.as_array()?.iter().map(|it| it.as_str().map(str::to_owned));
                names.collect::<Option<Vec<_>>>()?
            }
        };
        crate::package::check_name(name).ok()?;
        Some(Locked {
            name: name.to_owned(),
            version: text("version")?.parse().ok()?,
            source: Source::read(text("source")?)?,
            checksum: text("checksum").map(str::to_owned),
            dependencies,
        })
    }
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# Made by forge from what forge.toml asks for.\nversion = 1")?;
        let quoted = |text: &str| toml_edit::Value::from(text).to_string();
        for package in &self.packages {
            writeln!(f, "\n[[packages]]\nname = {}", quoted(&package.name))?;
            writeln!(f, "version = {}", quoted(&package.version.to_string()))?;
            writeln!(f, "source = {}", quoted(&package.source.to_string()))?;
            if let Some(checksum) = &package.checksum {
                writeln!(f, "checksum = {}", quoted(checksum))?;
            }
            if !package.dependencies.is_empty() {
                let names: Vec<String> = package.dependencies.iter().map(|it| quoted(it)).collect();
                writeln!(f, "dependencies = [{}]", names.join(", "))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_read_as_it_was_written() {
        let package = |name: &str, source: Source, dependencies: &[&str]| Locked {
            name: name.to_owned(),
            version: "1.2.3-rc.1+x".parse().unwrap(),
            source,
            checksum: (name != "here").then(|| "sha256:00".to_owned()),
            dependencies: dependencies.iter().map(|it| (*it).to_owned()).collect(),
        };
        let git = |reference: Reference| Source::Git {
            url: "https://host/a?b.git".to_owned(),
            reference,
            commit: "abc".to_owned(),
        };
        let name = || "feature/x".to_owned();
        let lock = Lock {
            packages: vec![
                package("corp", Source::Registry(Some("corp".to_owned())), &["here", "usual"]),
                package("git-branch", git(Reference::Branch(name())), &[]),
                package("git-head", git(Reference::Head), &[]),
                package("git-rev", git(Reference::Rev(name())), &[]),
                package("git-tag", git(Reference::Tag(name())), &[]),
                package("here", Source::Path("../a \"b\"".to_owned()), &[]),
                package("usual", Source::Registry(None), &[]),
            ],
        };
        assert_eq!(Lock::parse(&lock.to_string()), Ok(lock));
    }

    #[test]
    fn other_locks_are_told_apart() {
        let old = "[[packages]]\nname = \"util\"\nversion = \"\"\n";
        assert_eq!(Lock::parse(old), Ok(Lock::default()));
        let why = |text: &str| Lock::parse(text).unwrap_err();
        assert_eq!(why("version = 2"), "it is of version 2, and this forge knows version 1");
        let cut = "version = 1\n[[packages]]\nname = \"util\"\n";
        assert_eq!(why(cut), "the entry of 'util' is incomplete");
        assert!(why("<<<<<<< mine\n").contains("line 1"), "{}", why("<<<<<<< mine\n"));
    }
}
