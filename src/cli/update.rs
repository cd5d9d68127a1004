//! `forge update` (tooling 8.8)

use super::add::unknown;
use super::args::Global;
use super::install::ended;
use super::packages::PackageFlags;
use super::packages::Packages;
use super::packages::changes;
use crate::install::Keeping;
use crate::install::Lock;
use crate::install::Source;
use semver::Version;
use std::fmt::Write;
use std::process::ExitCode;

/// Flags of `forge update`.
#[derive(clap::Args)]
pub(super) struct UpdateArgs {
    /// Packages that may become newer; all unless given
    names: Vec<String>,
    /// Show what there is, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    flags: PackageFlags,
}

/// Decides packages anew.
pub(super) fn run(args: &UpdateArgs, global: &Global) -> ExitCode {
    match Packages::of(&args.flags, global) {
        Ok(packages) => ended(updated(args, &packages)),
        Err(code) => code,
    }
}

fn updated(args: &UpdateArgs, packages: &Packages) -> Result<String, String> {
    let lock = packages.asking().lock()?;
    let is_known = |name: &String| {
        lock.get(name).is_some() || packages.manifest.needs().any(|known| known.name == *name)
    };
    if let Some(name) = args.names.iter().find(|name| !is_known(name)) {
        return Err(unknown(name, packages));
    }
    let keeping = match args.names.as_slice() {
        [] => Keeping::Nothing,
        names => Keeping::AllBut(names),
    };
    let plan = packages.plan(keeping)?;
    if args.dry_run {
        return table(packages, &plan.old, &plan.new);
    }
    let done = packages.carry_out(&plan)?;
    let count = match args.names.len() {
        0 => packages.manifest.needs().count(),
        count => count,
    };
    let changes = changes(&plan.old, &plan.new);
    let name = packages.manifest.name();
    Ok(format!(
        "{changes}{}  Updated {count} dependencies for '{name}'\n",
        packages.said(&plan, &done)
    ))
}

/// What is installed, what could be, and what there is.
fn table(packages: &Packages, old: &Lock, new: &Lock) -> Result<String, String> {
    let mut rows = vec![["name", "current", "compatible", "latest"].map(str::to_owned)];
    for package in &new.packages {
        let current = old.get(&package.name).map(|old| &old.version);
        let latest = match &package.source {
            Source::Registry(registry) => {
                packages.asking().versions(&package.name, registry.as_deref())?.pop()
            }
            _ => Some(package.version.clone()),
        };
        let shown = |version: Option<&Version>| version.map_or("-".to_owned(), Version::to_string);
        rows.push([
            package.name.clone(),
            shown(current),
            shown(Some(&package.version)),
            shown(latest.as_ref()),
        ]);
    }
    Ok(aligned(&rows))
}

/// Rows of cells, in columns as wide as their widest.
pub(super) fn aligned<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = width(column).unwrap_or(0);
            let _ = write!(line, "{cell:<width$}  ");
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}
