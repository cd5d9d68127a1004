//! `forge tree` (tooling 8.11)

use super::args::Global;
use super::install::ended;
use super::packages::PackageFlags;
use super::packages::Packages;
use crate::install::Lock;
use crate::install::Locked;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::ExitCode;

/// Flags of `forge tree`.
#[derive(clap::Args)]
pub(super) struct TreeArgs {
    /// Levels to show
    #[arg(long, value_name = "N", default_value_t = usize::MAX, hide_default_value = true)]
    depth: usize,
    /// As a JSON object: all packages, with what they need
    #[arg(long)]
    json: bool,
}

/// Shows what the packages of the project need.
pub(super) fn run(args: &TreeArgs, global: &Global) -> ExitCode {
    match Packages::of(&PackageFlags::default(), global) {
        Ok(packages) => ended(shown(args, &packages)),
        Err(code) => code,
    }
}

fn shown(args: &TreeArgs, packages: &Packages) -> Result<String, String> {
    let lock = packages.asking().lock()?;
    let names: Vec<&str> = packages.manifest.needs().map(|need| need.name.as_str()).collect();
    if let Some(name) = names.iter().find(|name| lock.get(name).is_none()) {
        return Err(format!("forge.lock has no '{name}'; forge install writes it"));
    }
    if args.json {
        return Ok(format!("{}\n", json(packages, &names, &lock)));
    }
    let (name, version) = (packages.manifest.name(), packages.manifest.version());
    let mut tree = Tree { lock: &lock, seen: BTreeSet::new(), text: format!("{name} {version}\n") };
    tree.below(&names, "", args.depth);
    Ok(tree.text)
}

struct Tree<'l> {
    lock: &'l Lock,
    seen: BTreeSet<&'l str>,
    text: String,
}

impl<'l> Tree<'l> {
    fn below(&mut self, names: &[&str], lead: &str, depth: usize) {
        if depth == 0 {
            return;
        }
        let packages: Vec<&'l Locked> =
            names.iter().filter_map(|name| self.lock.get(name)).collect();
        for (i, package) in packages.iter().enumerate() {
            let is_last = i + 1 == packages.len();
            let (branch, next) =
                if is_last { ("└── ", "    ") } else { ("├── ", "│   ") };
            let Locked { name, version, source, .. } = package;
            let is_new = self.seen.insert(name);
            let repeat = if is_new { "" } else { " (*)" };
            let _ = writeln!(self.text, "{lead}{branch}{name} {version} ({source}){repeat}");
            if is_new {
                let needs: Vec<&str> = package.dependencies.iter().map(String::as_str).collect();
                self.below(&needs, &format!("{lead}{next}"), depth - 1);
            }
        }
    }
}

fn json(packages: &Packages, names: &[&str], lock: &Lock) -> Value {
    let package = |it: &Locked| {
        json!({
            "name": it.name,
            "version": it.version.to_string(),
            "source": it.source.to_string(),
            "checksum": it.checksum,
            "dependencies": it.dependencies,
        })
    };
    json!({
        "name": packages.manifest.name(),
        "version": packages.manifest.version().to_string(),
        "dependencies": names,
        "packages": lock.packages.iter().map(package).collect::<Vec<_>>(),
    })
}
