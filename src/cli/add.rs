//! `forge add`, `forge remove` (tooling 8.7)

use super::args::Global;
use super::install::ended;
use super::packages::PackageFlags;
use super::packages::Packages;
use super::packages::changes;
use super::packages::seen_from;
use crate::diag::did_you_mean;
use crate::install::Keeping;
use crate::install::last_part;
use crate::package::Dependency;
use crate::package::Reference;
use crate::package::Section;
use crate::package::Wanted;
use crate::package::check_name;
use crate::package::requirement;
use std::fmt::Write;
use std::process::ExitCode;

/// Flags of `forge add`.
#[derive(clap::Args)]
pub(super) struct AddArgs {
    /// Packages, each with the versions that will do: `util`, `util@^1.2`
    #[arg(value_name = "NAME[@REQ]", required_unless_present_any = ["git", "path"])]
    names: Vec<String>,
    /// From the git repository at URL
    #[arg(long, value_name = "URL", conflicts_with = "path")]
    git: Option<String>,
    /// A branch of that repository
    #[arg(long, requires = "git", conflicts_with_all = ["tag", "rev"])]
    branch: Option<String>,
    /// A tag of that repository
    #[arg(long, requires = "git", conflicts_with = "rev")]
    tag: Option<String>,
    /// A commit of that repository
    #[arg(long, requires = "git")]
    rev: Option<String>,
    /// From the folder or file P
    #[arg(long, value_name = "P")]
    path: Option<String>,
    /// From the registry of that name in forge.toml
    #[arg(long, conflicts_with_all = ["git", "path"])]
    registry: Option<String>,
    /// For working on the project, not for running it
    #[arg(long)]
    dev: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    flags: PackageFlags,
}

/// Flags of `forge remove`.
#[derive(clap::Args)]
pub(super) struct RemoveArgs {
    /// Packages that forge.toml names
    #[arg(required = true)]
    names: Vec<String>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    flags: PackageFlags,
}

/// How something is added.
#[derive(Clone, Copy)]
pub(super) struct How {
    section: Section,
    is_dry: bool,
}

impl Default for How {
    fn default() -> How {
        How { section: Section::Dependencies, is_dry: false }
    }
}

/// `forge add`
pub(super) fn run(args: &AddArgs, global: &Global) -> ExitCode {
    let packages = match Packages::of(&args.flags, global) {
        Ok(packages) => packages,
        Err(code) => return code,
    };
    let section = if args.dev { Section::DevDependencies } else { Section::Dependencies };
    let how = How { section, is_dry: args.dry_run };
    ended(wanted(args, &packages).and_then(|wanted| all(packages, &wanted, how)))
}

/// What is to be added.
fn wanted(args: &AddArgs, packages: &Packages) -> Result<Vec<Dependency>, String> {
    let wanted = match (&args.git, &args.path) {
        (Some(url), _) => {
            let reference = match (&args.branch, &args.tag, &args.rev) {
                (Some(branch), _, _) => Reference::Branch(branch.clone()),
                (_, Some(tag), _) => Reference::Tag(tag.clone()),
                (_, _, Some(rev)) => Reference::Rev(rev.clone()),
                _ => Reference::Head,
            };
            Wanted::Git { url: url.clone(), reference }
        }
        (_, Some(path)) => Wanted::Path(seen_from(&packages.root, path)),
        (None, None) => {
            let one = |text: &String| from_registry(text, args.registry.as_deref(), packages);
            return args.names.iter().map(one).collect();
        }
    };
    let name = match (args.names.as_slice(), &wanted) {
        ([name], _) => name.clone(),
        ([], Wanted::Path(path)) => packages.asking().name_of(path)?,
        ([], _) => last_part(args.git.as_deref().unwrap_or_default()).to_owned(),
        _ => return Err("--git and --path are for one package at a time".to_owned()),
    };
    checked(&name)?;
    Ok(vec![Dependency { name, wanted }])
}

fn from_registry(
    text: &str,
    registry: Option<&str>,
    packages: &Packages,
) -> Result<Dependency, String> {
    let (name, asked) = match text.split_once('@') {
        None => (text, None),
        Some((_, asked)) if asked.trim().is_empty() => {
            return Err("version constraint cannot be empty after '@'".to_owned());
        }
        Some((name, asked)) => (name, Some(asked)),
    };
    checked(name)?;
    let requirement = match asked {
        Some(asked) => requirement(asked)?,
        None => {
            let versions = packages.asking().versions(name, registry)?;
            let stable = versions.iter().rfind(|version| version.pre.is_empty());
            let Some(latest) = stable.or(versions.last()) else {
                return Err(format!("no versions found for '{name}' in registry"));
            };
            requirement(&format!("^{latest}"))?
        }
    };
    let registry = registry.map(str::to_owned);
    Ok(Dependency { name: name.to_owned(), wanted: Wanted::Version { requirement, registry } })
}

fn checked(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("package name cannot be empty".to_owned());
    }
    check_name(name).map_err(|rule| format!("'{name}' cannot be the name of a package: {rule}"))
}

/// Adds packages to the manifest, and installs everything.
pub(super) fn all(
    mut packages: Packages,
    wanted: &[Dependency],
    how: How,
) -> Result<String, String> {
    let mut edit = packages.edit()?;
    let mut said = String::new();
    for dependency in wanted {
        let was_there = edit.set(how.section, dependency);
        let verb = match (was_there, how.is_dry) {
            (false, false) => "Added",
            (true, false) => "Updated",
            (false, true) => "Would add",
            (true, true) => "Would update",
        };
        let to = if was_there { "in" } else { "to" };
        let (name, item) = (&dependency.name, dependency.wanted.to_item().to_string());
        let _ = writeln!(said, "  {verb} {name} = {} {to} forge.toml", item.trim());
    }
    packages.take(&edit)?;
    let plan = packages.plan(Keeping::All)?;
    if how.is_dry {
        return Ok(said + &changes(&plan.old, &plan.new));
    }
    let done = packages.carry_out(&plan)?;
    Ok(said + &packages.said(&plan, &done))
}

/// `forge remove`
pub(super) fn remove(args: &RemoveArgs, global: &Global) -> ExitCode {
    match Packages::of(&args.flags, global) {
        Ok(packages) => ended(removed(args, packages)),
        Err(code) => code,
    }
}

fn removed(args: &RemoveArgs, mut packages: Packages) -> Result<String, String> {
    let mut edit = packages.edit()?;
    let mut said = String::new();
    for name in &args.names {
        if !edit.remove(name) {
            return Err(unknown(name, &packages));
        }
        let verb = if args.dry_run { "Would remove" } else { "Removed" };
        let _ = writeln!(said, "  {verb} {name} from forge.toml");
    }
    packages.take(&edit)?;
    let plan = packages.plan(Keeping::All)?;
    if args.dry_run {
        return Ok(said + &changes(&plan.old, &plan.new));
    }
    let done = packages.carry_out(&plan)?;
    Ok(said + &packages.said(&plan, &done))
}

/// What is said of a name that the manifest does not have.
pub(super) fn unknown(name: &str, packages: &Packages) -> String {
    let near = did_you_mean(name, packages.manifest.needs().map(|known| known.name.as_str()));
    let hint = near.map_or(String::new(), |near| format!("; {near}"));
    format!("no dependency '{name}' in forge.toml{hint}")
}
