//! `forge install` (tooling 8.8)

use super::add;
use super::args::Global;
use super::packages::PackageFlags;
use super::packages::Packages;
use super::packages::seen_from;
use super::run::complain;
use crate::install::Asking;
use crate::install::FOLDER;
use crate::install::Keeping;
use crate::install::copy;
use crate::install::last_part;
use crate::package::Dependency;
use crate::package::Manifest;
use crate::package::Reference;
use crate::package::Wanted;
use crate::package::check_name;
use std::path::Path;
use std::process::ExitCode;

/// Flags of `forge install`.
#[derive(clap::Args)]
pub(super) struct InstallArgs {
    /// A git repository, a folder or a file to add; what forge.toml asks for unless given
    source: Option<String>,
    #[command(flatten)]
    flags: PackageFlags,
}

/// Installs what the manifest asks for, or one thing more.
pub(super) fn run(args: &InstallArgs, global: &Global) -> ExitCode {
    let source = args.source.as_deref().filter(|source| *source != ".");
    let packages = match (Packages::find(&args.flags, global), source) {
        (Ok(Some(packages)), _) => packages,
        (Ok(None), Some(source)) => return ended(outside(source, args)),
        (Ok(None), None) => return complain(super::packages::NO_PROJECT),
        (Err(code), _) => return code,
    };
    ended(match source {
        None => from_manifest(&packages),
        Some(source) => wanted(source, &packages.asking(), |path| seen_from(&packages.root, path))
            .and_then(|dependency| add::all(packages, &[dependency], add::How::default())),
    })
}

/// What a command has to say, or why it failed.
pub(super) fn ended(result: Result<String, String>) -> ExitCode {
    match result {
        Ok(text) => super::show(&text),
        Err(why) => complain(&why),
    }
}

fn from_manifest(packages: &Packages) -> Result<String, String> {
    let plan = packages.plan(Keeping::All)?;
    let done = packages.carry_out(&plan)?;
    Ok(packages.said(&plan, &done))
}

/// Whether a text is the address of a repository and no path.
pub(super) fn is_url(text: &str) -> bool {
    ["http://", "https://", "ssh://", "git://", "file://", "git@"]
        .iter()
        .any(|start| text.starts_with(start))
}

/// The dependency that `forge install SOURCE` means; `seen` makes a path of the command line one of the manifest.
fn wanted(
    source: &str,
    asking: &Asking<'_>,
    seen: impl Fn(&str) -> String,
) -> Result<Dependency, String> {
    let (name, wanted) = if is_url(source) {
        let wanted = Wanted::Git { url: source.to_owned(), reference: Reference::Head };
        (last_part(source).to_owned(), wanted)
    } else if Path::new(source).exists() {
        let path = seen(source);
        (asking.name_of(&path)?, Wanted::Path(path))
    } else {
        let hint = match check_name(source.split('@').next().unwrap_or_default()) {
            Ok(()) => format!("; forge add {source} takes a package of a registry"),
            Err(_) => String::new(),
        };
        return Err(format!("there is no file or folder '{source}'{hint}"));
    };
    check_name(&name).map_err(|rule| {
        format!("'{name}' cannot be the name of a package: {rule}; forge add NAME gives it another")
    })?;
    Ok(Dependency { name, wanted })
}

/// Without a project: only the files.
fn outside(source: &str, args: &InstallArgs) -> Result<String, String> {
    let (manifest, surroundings) = (Manifest::default(), args.flags.surroundings());
    let asking = Asking { root: Path::new(""), manifest: &manifest, surroundings: &surroundings };
    let dependency = wanted(source, &asking, str::to_owned)?;
    let files = asking.files(&dependency)?;
    let target = Path::new(FOLDER).join(&dependency.name);
    if target.exists() {
        if !args.flags.force {
            return Err(format!("'{}' is there already; --force replaces it", target.display()));
        }
        std::fs::remove_dir_all(&target)
            .map_err(|error| format!("could not remove '{}': {error}", target.display()))?;
    }
    copy(&files, &target)?;
    Ok(format!("  ✓ Installed {} in {} (no project here)\n", dependency.name, target.display()))
}
