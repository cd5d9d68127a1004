//! What the commands about packages share: the project, the flags, and what is said when all is done.

use super::args::Global;
use super::report::report;
use crate::diag::Sources;
use crate::install::Asking;
use crate::install::Done;
use crate::install::Folders;
use crate::install::Keeping;
use crate::install::Lock;
use crate::install::Overwriting;
use crate::install::Plan;
use crate::install::Surroundings;
use crate::install::write;
use crate::package::Edit;
use crate::package::Manifest;
use crate::package::Project;
use std::fmt::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

/// Flags of the commands that install.
#[derive(clap::Args, Clone, Default)]
pub(super) struct PackageFlags {
    /// Fail if forge.lock would change
    #[arg(long)]
    locked: bool,
    /// Fetch nothing: what was fetched before must do
    #[arg(long)]
    offline: bool,
    /// Both --locked and --offline
    #[arg(long)]
    frozen: bool,
    /// Copy packages from folders instead of linking them
    #[arg(long)]
    copy: bool,
    /// Replace packages that were changed in forge_modules
    #[arg(long)]
    pub(super) force: bool,
}

impl PackageFlags {
    pub(super) fn surroundings(&self) -> Surroundings {
        let mut surroundings = Surroundings::of_process();
        surroundings.is_offline |= self.offline || self.frozen;
        surroundings
    }
}

/// The project around the working directory, as the commands about packages need it.
pub(super) struct Packages {
    pub(super) root: PathBuf,
    pub(super) manifest: Manifest,
    pub(super) surroundings: Surroundings,
    text: String,
    flags: PackageFlags,
}

/// What is said where there is no project.
pub(super) const NO_PROJECT: &str =
    "no forge.toml found here or above; forge new . makes a project of this folder";

impl Packages {
    /// The project, if there is one.
    pub(super) fn find(
        flags: &PackageFlags,
        global: &Global,
    ) -> Result<Option<Packages>, ExitCode> {
        let mut sources = Sources::new();
        let here = std::env::current_dir().unwrap_or_default();
        let project = Project::find(&here, &mut sources)
            .map_err(|fault| report(&[*fault], &sources, global))?;
        let Some(Project { root, manifest }) = project else { return Ok(None) };
        let path = root.join("forge.toml");
        let text = std::fs::read_to_string(&path).map_err(|error| {
            super::run::complain(&format!("could not read '{}': {error}", path.display()))
        })?;
        let (surroundings, flags) = (flags.surroundings(), flags.clone());
        Ok(Some(Packages { root, manifest, surroundings, text, flags }))
    }

    /// The project; it is an error if there is none.
    pub(super) fn of(flags: &PackageFlags, global: &Global) -> Result<Packages, ExitCode> {
        Packages::find(flags, global)?.ok_or_else(|| super::run::complain(NO_PROJECT))
    }

    pub(super) fn asking(&self) -> Asking<'_> {
        Asking { root: &self.root, manifest: &self.manifest, surroundings: &self.surroundings }
    }

    /// The manifest as it is to be changed.
    pub(super) fn edit(&self) -> Result<Edit, String> {
        Edit::of(&self.text)
    }

    /// Takes the text of the changed manifest, which nobody has written yet.
    pub(super) fn take(&mut self, edit: &Edit) -> Result<(), String> {
        let text = edit.text();
        let manifest = Manifest::read("forge.toml", &text, &mut Sources::new());
        self.manifest = manifest.map_err(|found| found.message.clone())?;
        self.text = text;
        Ok(())
    }

    /// Decides the packages; with `--locked` they must be what the lock file says.
    pub(super) fn plan(&self, keeping: Keeping<'_>) -> Result<Plan, String> {
        let plan = self.asking().plan(keeping)?;
        if (self.flags.locked || self.flags.frozen) && !plan.is_locked() {
            return Err(format!(
                "forge.lock would change:\n{}without --locked it would be written",
                changes(&plan.old, &plan.new)
            ));
        }
        Ok(plan)
    }

    /// Installs what was planned, and writes the manifest, if it changed, and the lock file.
    pub(super) fn carry_out(&self, plan: &Plan) -> Result<Done, String> {
        let folders = if self.flags.copy { Folders::Copied } else { Folders::Linked };
        let overwriting = if self.flags.force { Overwriting::All } else { Overwriting::Own };
        let done = plan.carry_out(&self.asking(), folders, overwriting)?;
        let path = self.root.join("forge.toml");
        if std::fs::read_to_string(&path).is_ok_and(|old| old != self.text) {
            write(&path, &self.text)?;
        }
        Ok(done)
    }

    /// What is said of an installation.
    pub(super) fn said(&self, plan: &Plan, done: &Done) -> String {
        let mut text = String::new();
        for name in &done.installed {
            if let Some(package) = plan.new.get(name) {
                let _ = writeln!(text, "  ✓ Installed {name} @ {}", package.version);
            }
        }
        for name in &done.removed {
            let _ = writeln!(text, "  Removed {name}");
        }
        let count = self.manifest.needs().count();
        match count {
            0 => text.push_str("  No dependencies to install.\n"),
            _ => {
                let name = self.manifest.name();
                let _ = writeln!(text, "  {count} dependencies processed for '{name}'");
            }
        }
        if !plan.is_locked() {
            let count = plan.new.packages.len();
            let _ = writeln!(text, "  Updated forge.lock ({count} packages)");
        }
        text
    }
}

/// A line for each package that is another in `new`.
pub(super) fn changes(old: &Lock, new: &Lock) -> String {
    let names = old.packages.iter().chain(&new.packages).map(|package| &package.name);
    let names: std::collections::BTreeSet<&String> = names.collect();
    let mut text = String::new();
    for name in names {
        let _ = match (old.get(name), new.get(name)) {
            (None, Some(new)) => writeln!(text, "  + {name} {}", new.version),
            (Some(old), None) => writeln!(text, "  - {name} {}", old.version),
            (Some(old), Some(new)) if old.version != new.version => {
                writeln!(text, "  {name} {} -> {}", old.version, new.version)
            }
            (Some(old), Some(new)) if old != new => {
                writeln!(text, "  {name} {} ({} -> {})", new.version, old.source, new.source)
            }
            _ => Ok(()),
        };
    }
    text
}

/// A path of the command line, as the manifest in `root` is to say it.
pub(super) fn seen_from(root: &Path, path: &str) -> String {
    if Path::new(path).is_absolute() {
        return path.to_owned();
    }
    // `root` is `..` as often as the working directory lies below it.
    let here = std::env::current_dir().unwrap_or_default();
    let depth = root.components().count();
    let parts: Vec<_> = here.components().collect();
    let below: PathBuf = parts[parts.len().saturating_sub(depth)..].iter().collect();
    crate::install::joined(&below.to_string_lossy(), path)
}
