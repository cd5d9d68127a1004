//! Where packages are found: registries, repositories, folders.

use super::Surroundings;
use super::git::Repository;
use super::local;
use super::lock::Lock;
use super::lock::Locked;
use super::lock::Source;
use super::resolve::Offer;
use super::resolve::Offers;
use crate::diag::Sources;
use crate::package::Dependency;
use crate::package::Manifest;
use crate::package::Reference;
use crate::package::Wanted;
use semver::Version;
use std::fs;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

/// A package that was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Its name.
    pub(super) name: String,
    /// Where it comes from.
    pub(super) source: Source,
    /// The folder, or the file, that it is.
    pub(super) files: PathBuf,
}

/// All places of a project.
pub(super) struct Places<'p> {
    /// The folder of the project; empty for the working directory.
    pub(super) project: &'p Path,
    /// What the machine has.
    pub(super) surroundings: &'p Surroundings,
    /// Names and addresses of the registries that the project knows.
    pub(super) registries: &'p [(String, String)],
    /// What is to stay as it is.
    pub(super) kept: Lock,
}

impl Places<'_> {
    /// All versions in registries, and where each is.
    ///
    /// # Errors
    /// When nobody can tell.
    pub(super) fn versions(
        &self,
        name: &str,
        registry: Option<&str>,
    ) -> Result<Vec<(Version, PathBuf)>, String> {
        let roots = match registry {
            None => local::roots(self.project, self.surroundings),
            Some(registry) => {
                let known = self.registries.iter().find(|(known, _)| known == registry);
                let Some((_, url)) = known else {
                    return Err(format!(
                        "no registry '{registry}' in forge.toml: write [registries.{registry}] with its url"
                    ));
                };
                vec![self.project.join(url)]
            }
        };
        Ok(local::versions(&roots, name).into_iter().collect())
    }

    fn locked(&self, name: &str) -> Option<&Locked> {
        self.kept.get(name)
    }

    fn in_registry(&self, name: &str, registry: Option<&str>) -> Result<Vec<Offer<Found>>, String> {
        let source = Source::Registry(registry.map(str::to_owned));
        let mut versions = self.versions(name, registry)?;
        versions.reverse();
        let locked = self.locked(name).filter(|locked| locked.source == source);
        if let Some(locked) = locked
            && let Some(place) = versions.iter().position(|(version, _)| *version == locked.version)
        {
            versions[..=place].rotate_right(1);
        }
        let offer = |(version, files): (Version, PathBuf)| Offer {
            version,
            package: Found { name: name.to_owned(), source: source.clone(), files },
        };
        Ok(versions.into_iter().map(offer).collect())
    }

    fn in_git(
        &self,
        name: &str,
        url: &str,
        reference: &Reference,
    ) -> Result<Vec<Offer<Found>>, String> {
        let repository = Repository::new(url, self.project, self.surroundings)?;
        let locked = match self.locked(name).map(|locked| &locked.source) {
            Some(Source::Git { url: known, reference: asked, commit })
                if known == url && asked == reference =>
            {
                Some(commit.clone())
            }
            _ => None,
        };
        let commit = match locked {
            Some(commit) => commit,
            None => repository.commit(reference)?,
        };
        let files = repository.files(&commit)?;
        let source = Source::Git { url: url.to_owned(), reference: reference.clone(), commit };
        Ok(vec![self.offer(name, source, files)?])
    }

    fn in_folder(&self, name: &str, path: &str) -> Result<Vec<Offer<Found>>, String> {
        let files = self.project.join(path);
        if !files.exists() {
            return Err(format!("package '{name}': there is no '{}'", files.display()));
        }
        Ok(vec![self.offer(name, Source::Path(path.to_owned()), files)?])
    }

    /// What is there alone, with the version of its manifest.
    fn offer(&self, name: &str, source: Source, files: PathBuf) -> Result<Offer<Found>, String> {
        let version = manifest(&files)?.version();
        Ok(Offer { version, package: Found { name: name.to_owned(), source, files } })
    }
}

impl Offers for Places<'_> {
    type Package = Found;

    fn offers(&mut self, name: &str, wanted: &Wanted) -> Result<Vec<Offer<Found>>, String> {
        if crate::native::MODULES.contains(&name) {
            return Err(format!("no package can be called '{name}': it is a built-in module"));
        }
        match wanted {
            Wanted::Version { registry, .. } => self.in_registry(name, registry.as_deref()),
            Wanted::Git { url, reference } => self.in_git(name, url, reference),
            Wanted::Path(path) => self.in_folder(name, path),
        }
    }

    fn needs(&mut self, package: &Found) -> Result<Result<Vec<Dependency>, String>, String> {
        let manifest = manifest(&package.files)?;
        if let Some(wanted) = manifest.project.forge
            && !wanted.matches(&own_version())
        {
            return Ok(Err(format!("needs forge {wanted}, and this is {}", own_version())));
        }
        let mut needs = manifest.dependencies;
        for need in &mut needs {
            let Wanted::Path(path) = &need.wanted else { continue };
            let Source::Path(own) = &package.source else {
                return Err(format!(
                    "package '{}' needs '{}' from the folder {path}, which only a package of this machine can have",
                    package.name, need.name
                ));
            };
            need.wanted = Wanted::Path(joined(own, path));
        }
        Ok(Ok(needs))
    }
}

/// The version of this program.
pub(super) fn own_version() -> Version {
    env!("CARGO_PKG_VERSION").parse().expect("the version of a crate is one")
}

/// The manifest of a package; an empty one if it has none.
pub(super) fn manifest(files: &Path) -> Result<Manifest, String> {
    let path = files.join("forge.toml");
    if !path.is_file() {
        return Ok(Manifest::default());
    }
    let text =
        fs::read_to_string(&path).map_err(|error| super::content::unreadable(&path, &error))?;
    let mut sources = Sources::new();
    let name = path.display().to_string();
    Manifest::read(&name, &text, &mut sources).map_err(|found| {
        let place = found.span.map_or(name, |span| sources.place(span));
        format!("{place}: {}", found.message)
    })
}

/// `path`, seen from `folder`, as seen from where `folder` is; with `/`, so that it is the same everywhere.
pub fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in Path::new(folder).join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if parts.last().is_some_and(|last| last != "..") => {
                parts.pop();
            }
            part => parts.push(part.as_os_str().to_string_lossy().into_owned()),
        }
    }
    let joined = parts.join("/");
    if joined.is_empty() { ".".to_owned() } else { joined.replacen("//", "/", 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_project() {
        assert_eq!(joined("../a", "../b"), "../b");
        assert_eq!(joined("a/b", "./c"), "a/b/c");
        assert_eq!(joined("..", "../x"), "../../x");
        assert_eq!(joined("a", ".."), ".");
        assert_eq!(joined("a", "/abs/x"), "/abs/x");
    }
}
