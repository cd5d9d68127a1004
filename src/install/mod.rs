//! From what a manifest asks for to the packages in `forge_modules`: places, resolution, lock file, staging (tooling 8).
//! It runs nothing of what it installs.

mod content;
mod git;
mod local;
mod lock;
mod places;
mod resolve;
mod stage;

pub use content::copy;
pub use lock::Lock;
pub use lock::Locked;
pub use lock::Source;
pub use places::joined;
pub use stage::Done;
pub use stage::FOLDER;
pub use stage::Overwriting;

use crate::package::Dependency;
use crate::package::Manifest;
use content::Content;
use places::Found;
use places::Places;
use resolve::Chosen;
use semver::Version;
use std::env;
use std::ffi::OsStr;
use std::path::Path;
use std::path::PathBuf;

/// What the machine has for packages.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// `FORGE_HOME`, or `.forge` in the folder of the user.
    pub home: Option<PathBuf>,
    /// Where downloads are kept, if not in `home`.
    pub caches: Option<PathBuf>,
    /// The folders of `FORGE_REGISTRY_PATH`.
    pub registries: Vec<PathBuf>,
    /// Nothing is fetched.
    pub is_offline: bool,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Surroundings {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let own = set("FORGE_HOME").map(PathBuf::from);
        let user = set("HOME").or_else(|| set("USERPROFILE")).map(PathBuf::from);
        let caches = match own {
            Some(_) => None,
            None => set("XDG_CACHE_HOME").map(|folder| PathBuf::from(folder).join("forge")),
        };
        let listed = set("FORGE_REGISTRY_PATH").unwrap_or_default();
        let registries = env::split_paths(&listed).filter(|path| !path.as_os_str().is_empty());
        Surroundings {
            home: own.or_else(|| Some(user?.join(".forge"))),
            caches,
            registries: registries.collect(),
            is_offline: set("FORGE_OFFLINE").as_deref() == Some(OsStr::new("1")),
        }
    }

    /// The folder for downloads of a kind.
    fn cache(&self, kind: &str) -> Option<PathBuf> {
        let caches = self.caches.clone().or_else(|| Some(self.home.as_ref()?.join("cache")));
        caches.map(|caches| caches.join(kind))
    }
}

/// A project whose packages are asked for.
pub struct Asking<'p> {
    /// Its folder; empty for the working directory.
    pub root: &'p Path,
    /// Its manifest.
    pub manifest: &'p Manifest,
    /// What the machine has.
    pub surroundings: &'p Surroundings,
}

/// What is to stay as the lock file has it.
#[derive(Clone, Copy)]
pub enum Keeping<'n> {
    /// All that the manifest still allows.
    All,
    /// Nothing.
    Nothing,
    /// All but these packages.
    AllBut(&'n [String]),
}

/// The packages of a project, all decided; nothing is written yet.
#[derive(Debug)]
pub struct Plan {
    /// The lock file as it is.
    pub old: Lock,
    /// As it is going to be.
    pub new: Lock,
    chosen: Vec<(Chosen<Found>, Content)>,
}

impl Asking<'_> {
    fn lock_path(&self) -> PathBuf {
        self.root.join("forge.lock")
    }

    /// The lock file.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn lock(&self) -> Result<Lock, String> {
        Lock::read(&self.lock_path())
    }

    fn places(&self, kept: Lock) -> Places<'_> {
        Places {
            project: self.root,
            surroundings: self.surroundings,
            registries: &self.manifest.registries,
            kept,
        }
    }

    /// All versions of a package in a registry, the usual ones unless it has a name; ascending.
    ///
    /// # Errors
    /// When nobody can tell.
    pub fn versions(&self, name: &str, registry: Option<&str>) -> Result<Vec<Version>, String> {
        let versions = self.places(Lock::default()).versions(name, registry)?;
        Ok(versions.into_iter().map(|(version, _)| version).collect())
    }

    /// The name of the package in a folder: that of its manifest, or that of the folder.
    ///
    /// # Errors
    /// When its manifest cannot be read.
    pub fn name_of(&self, path: &str) -> Result<String, String> {
        let files = self.root.join(path);
        let manifest = places::manifest(&files)?;
        Ok(manifest.project.name.unwrap_or_else(|| {
            let full = files.canonicalize().unwrap_or(files);
            full.file_stem().unwrap_or_default().to_string_lossy().into_owned()
        }))
    }

    /// Decides the packages of a project.
    ///
    /// # Errors
    /// When there are none that do.
    pub fn plan(&self, keeping: Keeping<'_>) -> Result<Plan, String> {
        let old = self.lock()?;
        let is_kept = |name: &str| match keeping {
            Keeping::All => true,
            Keeping::Nothing => false,
            Keeping::AllBut(names) => !names.iter().any(|other| other == name),
        };
        let mut kept = old.clone();
        kept.packages.retain(|package| is_kept(&package.name));
        if let Some(wanted) = &self.manifest.project.forge
            && !wanted.matches(&places::own_version())
        {
            return Err(format!(
                "this project needs forge {wanted}, and this is {}",
                places::own_version()
            ));
        }
        let needs: Vec<Dependency> = self.manifest.needs().cloned().collect();
        let mut places = self.places(kept);
        let chosen = resolve::resolve(self.manifest.name(), &needs, &mut places)?;
        let measured = |chosen: Chosen<Found>| {
            let content = Content::of(&chosen.package.files)?;
            check(&chosen, &content, &old)?;
            Ok((chosen, content))
        };
        let chosen = chosen.into_iter().map(measured).collect::<Result<Vec<_>, String>>()?;
        let packages = chosen.iter().map(|(chosen, content)| locked(chosen, content)).collect();
        Ok(Plan { old, new: Lock { packages }, chosen })
    }

    /// Fetches what a git repository or a folder has, for whoever has no project: the files are where it says.
    ///
    /// # Errors
    /// When it cannot be had.
    pub fn files(&self, dependency: &Dependency) -> Result<PathBuf, String> {
        use resolve::Offers;
        let offers = self.places(Lock::default()).offers(&dependency.name, &dependency.wanted)?;
        let first = offers.into_iter().next();
        let found = first.ok_or_else(|| format!("there is no '{}'", dependency.name))?;
        Ok(found.package.files)
    }
}

/// Whether what was found is what was locked.
fn check(chosen: &Chosen<Found>, content: &Content, old: &Lock) -> Result<(), String> {
    let Chosen { name, version, package, .. } = chosen;
    let Some(locked) = old.get(name) else { return Ok(()) };
    let is_same = locked.version == *version && locked.source == package.source;
    match &locked.checksum {
        Some(expected) if is_same && *expected != content.checksum => Err(format!(
            "package '{name}' {version}: checksum mismatch: expected {expected}, got {}; '{}' is not what forge.lock says",
            content.checksum,
            package.files.display()
        )),
        _ => Ok(()),
    }
}

fn locked(chosen: &Chosen<Found>, content: &Content) -> Locked {
    let mut dependencies: Vec<String> = chosen.needs.iter().map(|it| it.name.clone()).collect();
    dependencies.sort();
    dependencies.dedup();
    // Programs are being written in a folder of this machine.
    let is_fixed = !matches!(chosen.package.source, Source::Path(_));
    Locked {
        name: chosen.name.clone(),
        version: chosen.version.clone(),
        source: chosen.package.source.clone(),
        checksum: is_fixed.then(|| content.checksum.clone()),
        dependencies,
    }
}

/// How packages from folders of this machine come into `forge_modules`.
#[derive(Clone, Copy, PartialEq)]
pub enum Folders {
    /// As links, where the system has them.
    Linked,
    /// As copies.
    Copied,
}

impl Plan {
    /// Whether the lock file is what it is going to be.
    pub fn is_locked(&self) -> bool {
        self.old == self.new
    }

    /// Puts the packages where programs find them, and writes the lock file.
    ///
    /// # Errors
    /// When that is impossible; then all is as it was.
    pub fn carry_out(
        &self,
        asking: &Asking<'_>,
        folders: Folders,
        overwriting: Overwriting,
    ) -> Result<Done, String> {
        let wanted = self.chosen.iter().map(|(chosen, content)| {
            let files = &chosen.package.files;
            let is_linked = stage::HAS_LINKS
                && folders == Folders::Linked
                && matches!(chosen.package.source, Source::Path(_))
                && files.is_dir();
            stage::Wanted { name: &chosen.name, files, content: (!is_linked).then_some(content) }
        });
        let done = stage::stage(asking.root, &wanted.collect::<Vec<_>>(), overwriting)?;
        if !self.is_locked() {
            write(&asking.lock_path(), &self.new.to_string())?;
        }
        Ok(done)
    }
}

/// Writes a file beside its place and renames it: whoever reads it sees the old text or the new one.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, text: &str) -> Result<(), String> {
    let made = path.with_extension(format!("tmp-{}", std::process::id()));
    let written = || {
        std::fs::write(&made, text)?;
        if let Ok(old) = path.metadata() {
            std::fs::set_permissions(&made, old.permissions())?;
        }
        std::fs::rename(&made, path)
    };
    written().map_err(|error| {
        let _ = std::fs::remove_file(&made);
        content::unwritable(path, &error)
    })
}

/// The last part of an address or a path, without `.git`.
pub fn last_part(address: &str) -> &str {
    let address = address.trim_end_matches('/');
    let last = address.rsplit(['/', ':', '\\']).next().unwrap_or(address);
    last.strip_suffix(".git").unwrap_or(last)
}
