//! `forge.toml`: the nearest one, from a folder upwards, and what it says (tooling 2.5 and 8.2).

use super::Dependency;
use super::Section;
use super::requirement;
use crate::diag::Diagnostic;
use crate::diag::Sources;
use crate::diag::Span;
use semver::Version;
use semver::VersionReq;
use std::ops::Range;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use toml_edit::Document;
use toml_edit::Item;

/// The folder of a manifest, and the manifest.
#[derive(Debug)]
pub struct Project {
    /// As one gets there from where the search began: empty, `..`, `../..` and so on.
    pub root: PathBuf,
    /// What the manifest says.
    pub manifest: Manifest,
}

/// What a manifest says.
#[derive(Debug, Default, PartialEq)]
pub struct Manifest {
    /// `[project]`
    pub project: ProjectSection,
    /// `[test]`
    pub test: TestSection,
    /// `[scripts]`: names and command lines, in their order.
    pub scripts: Vec<(String, String)>,
    /// `[dependencies]`, by name.
    pub dependencies: Vec<Dependency>,
    /// `[dev-dependencies]`, by name.
    pub dev_dependencies: Vec<Dependency>,
    /// `[registries.NAME] url`: names and addresses of registries.
    pub registries: Vec<(String, String)>,
}

/// `[project]`
#[derive(Debug, Default, PartialEq)]
pub struct ProjectSection {
    /// Its name.
    pub name: Option<String>,
    /// The program that `forge run` runs, below the project's folder; none when it is empty.
    pub entry: Option<String>,
    /// Its version.
    pub version: Option<Version>,
    /// What it is, in a line.
    pub description: String,
    /// What others may do with it.
    pub license: String,
    /// Where its text is kept.
    pub repository: String,
    /// The versions of Forge that it is for.
    pub forge: Option<VersionReq>,
    /// Files that are published though they are no programs.
    pub include: Vec<String>,
    /// Files that are not published.
    pub exclude: Vec<String>,
}

/// `[test]`
#[derive(Debug, Default, PartialEq)]
pub struct TestSection {
    /// Where the tests are, below the project's folder.
    pub directory: Option<String>,
    /// How long one call of a test or a hook may take.
    pub timeout: Option<Duration>,
}

impl Project {
    /// The project that `folder` belongs to.
    ///
    /// # Errors
    /// A manifest that cannot be read or says what none may say, with its text in `sources`.
    pub fn find(folder: &Path, sources: &mut Sources) -> Result<Option<Project>, Box<Diagnostic>> {
        let mut root = PathBuf::new();
        for above in folder.ancestors() {
            if above.join("forge.toml").is_file() {
                let path = root.join("forge.toml");
                let text = std::fs::read_to_string(above.join("forge.toml")).map_err(|error| {
                    Box::new(Diagnostic::error(
                        "E0650",
                        format!("could not read '{}': {error}", path.display()),
                    ))
                })?;
                let manifest = Manifest::read(&path.display().to_string(), &text, sources)?;
                return Ok(Some(Project { root, manifest }));
            }
            root.push("..");
        }
        Ok(None)
    }
}

impl Manifest {
    /// The manifest `text`, which is added to `sources` under `name`.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn read(
        name: &str,
        text: &str,
        sources: &mut Sources,
    ) -> Result<Manifest, Box<Diagnostic>> {
        Manifest::parse(text).map_err(|wrong| {
            let source = sources.add(name, text);
            let fault = Diagnostic::error("E0650", wrong.message);
            Box::new(match wrong.place {
                Some(place) => fault.at(Span::new(source, place.start as u32, place.end as u32)),
                None => fault,
            })
        })
    }

    fn parse(text: &str) -> Result<Manifest, Wrong> {
        let document = Document::parse(text).map_err(|error| Wrong {
            message: error.message().lines().collect::<Vec<_>>().join(", "),
            place: error.span(),
        })?;
        let project = document.get("project");
        let project = ProjectSection {
            name: value(project, "name", "a string", string)?,
            entry: value(project, "entry", "a string", string)?.filter(|entry| !entry.is_empty()),
            version: value(project, "version", "a version like 1.2.3", version)?,
            description: value(project, "description", "a string", string)?.unwrap_or_default(),
            license: value(project, "license", "a string", string)?.unwrap_or_default(),
            repository: value(project, "repository", "a string", string)?.unwrap_or_default(),
            forge: value(project, "forge", "a requirement like \">=0.9\"", versions)?,
            include: value(project, "include", LIST, strings)?.unwrap_or_default(),
            exclude: value(project, "exclude", LIST, strings)?.unwrap_or_default(),
        };
        let test = document.get("test");
        let test = TestSection {
            directory: value(test, "directory", "a string", string)?,
            timeout: value(test, "timeout", "a number of seconds above 0", seconds)?,
        };
        Ok(Manifest {
            project,
            test,
            scripts: scripts(document.get("scripts"))?,
            dependencies: dependencies(&document, Section::Dependencies)?,
            dev_dependencies: dependencies(&document, Section::DevDependencies)?,
            registries: registries(document.get("registries"))?,
        })
    }

    /// All that is needed to work on it.
    pub fn needs(&self) -> impl Iterator<Item = &Dependency> {
        self.dependencies.iter().chain(&self.dev_dependencies)
    }

    /// How messages call the project.
    pub fn name(&self) -> &str {
        self.project.name.as_deref().unwrap_or("forge-project")
    }

    /// Its version, or the one that those have who do not care.
    pub fn version(&self) -> Version {
        self.project.version.clone().unwrap_or(Version::new(0, 1, 0))
    }
}

/// What a list must be.
const LIST: &str = "a list of strings";

fn dependencies(document: &Document<&str>, section: Section) -> Result<Vec<Dependency>, Wrong> {
    let Some(item) = document.get(section.name()) else { return Ok(Vec::new()) };
    let Some(table) = item.as_table_like() else {
        let message = format!("'{}' must be a table", section.name());
        return Err(Wrong { message, place: item.span() });
    };
    let read = |(name, item): (&str, &Item)| {
        Dependency::read(name, item).map_err(|message| Wrong { message, place: item.span() })
    };
    let mut found = table.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

fn registries(section: Option<&Item>) -> Result<Vec<(String, String)>, Wrong> {
    let Some(table) = section.and_then(Item::as_table_like) else { return Ok(Vec::new()) };
    let read = |(name, item): (&str, &Item)| {
        let url = value(Some(item), "url", "an address, as a string", string)?;
        match url {
            Some(url) => Ok((name.to_owned(), url)),
            None => {
                Err(Wrong { message: format!("registry '{name}' has no url"), place: item.span() })
            }
        }
    };
    table.iter().map(read).collect()
}

fn scripts(section: Option<&Item>) -> Result<Vec<(String, String)>, Wrong> {
    let Some(table) = section.and_then(Item::as_table_like) else { return Ok(Vec::new()) };
    let names = table.iter().map(|(name, _)| name);
    let line = |name: &str| {
        let line = value(section, name, "a command line, as a string", string)?;
        Ok((name.to_owned(), line.unwrap_or_default()))
    };
    names.map(line).collect()
}

/// What is wrong with a manifest.
struct Wrong {
    message: String,
    place: Option<Range<usize>>,
}

/// What `key` of a section holds, if it is there.
fn value<T>(
    section: Option<&Item>,
    key: &str,
    wanted: &str,
    read: fn(&Item) -> Option<T>,
) -> Result<Option<T>, Wrong> {
    let Some(item) = section.and_then(|section| section.get(key)) else { return Ok(None) };
    match read(item) {
        Some(value) => Ok(Some(value)),
        None => Err(Wrong { message: format!("'{key}' must be {wanted}"), place: item.span() }),
    }
}

fn string(item: &Item) -> Option<String> {
    item.as_str().map(str::to_owned)
}

fn strings(item: &Item) -> Option<Vec<String>> {
    item.as_array()?.iter().map(|it| it.as_str().map(str::to_owned)).collect()
}

fn version(item: &Item) -> Option<Version> {
    item.as_str()?.parse().ok()
}

fn versions(item: &Item) -> Option<VersionReq> {
    requirement(item.as_str()?).ok()
}

fn seconds(item: &Item) -> Option<Duration> {
    let seconds = item.as_float().or_else(|| item.as_integer().map(|whole| whole as f64))?;
    Duration::try_from_secs_f64(seconds).ok().filter(|time| !time.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Manifest, String> {
        let mut sources = Sources::new();
        Manifest::read("forge.toml", text, &mut sources).map_err(|fault| {
            format!("{}: {}", sources.place(fault.span.expect("a place")), fault.message)
        })
    }

    #[test]
    fn what_is_not_said_is_absent() {
        assert_eq!(read(""), Ok(Manifest::default()));
        assert_eq!(read("[project]\nentry = \"\"\n[test]\n[scripts]\n"), Ok(Manifest::default()));
    }

    #[test]
    fn the_test_section_is_read() {
        let test = TestSection {
            directory: Some("checks".to_owned()),
            timeout: Some(Duration::from_millis(1500)),
        };
        let wanted = Manifest { test, ..Manifest::default() };
        assert_eq!(read("[test]\ndirectory = \"checks\"\ntimeout = 1.5"), Ok(wanted));
    }

    #[test]
    fn the_project_and_its_scripts_are_read() {
        let text =
            "[project]\nname = \"shop\"\nentry = \"main.fg\"\n[scripts]\nz = \"1\"\na = \"2\"\n";
        let some = |text: &str| Some(text.to_owned());
        let wanted = Manifest {
            project: ProjectSection {
                name: some("shop"),
                entry: some("main.fg"),
                ..ProjectSection::default()
            },
            scripts: [("z", "1"), ("a", "2")].map(|(a, b)| (a.to_owned(), b.to_owned())).into(),
            ..Manifest::default()
        };
        assert_eq!(read(text), Ok(wanted));
        let wrong = read("[scripts]\na = 1").unwrap_err();
        assert_eq!(wrong, "forge.toml:2:5: 'a' must be a command line, as a string");
    }

    #[test]
    fn mistakes_have_a_place() {
        let wrong = |text: &str| read(text).unwrap_err();
        assert_eq!(wrong("[test]\ndirectory = 7"), "forge.toml:2:13: 'directory' must be a string");
        assert_eq!(
            wrong("[test]\ntimeout = -1"),
            "forge.toml:2:11: 'timeout' must be a number of seconds above 0"
        );
        assert_eq!(
            wrong("[dependencies]\nutil = {}"),
            "forge.toml:2:8: dependency 'util' has no supported source. Use version, path, or git."
        );
        assert_eq!(
            wrong("[project]\nversion = \"one\""),
            "forge.toml:2:11: 'version' must be a version like 1.2.3"
        );
        assert!(
            wrong("a = 1\n[test\n").starts_with("forge.toml:2:"),
            "{}",
            wrong("a = 1\n[test\n")
        );
    }
}
