//! One version of each package, such that all requirements are met; or why there is none (tooling 8.6).
//!
//! Names are decided one after another, the best version first. When none is left for a name, the decision goes back to
//! the latest one that has a part in it: what lies between cannot help.

use crate::package::Dependency;
use crate::package::Wanted;
use semver::Version;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt;

/// What the packages come from.
pub(super) trait Offers {
    /// A package of a certain version.
    type Package: Clone;

    /// What there is of a package where it is wanted from, the best first.
    ///
    /// # Errors
    /// When nobody can tell.
    fn offers(&mut self, name: &str, wanted: &Wanted) -> Result<Vec<Offer<Self::Package>>, String>;

    /// What it needs in turn; a reason when it cannot be used here.
    ///
    /// # Errors
    /// When nobody can tell.
    fn needs(&mut self, package: &Self::Package)
    -> Result<Result<Vec<Dependency>, String>, String>;
}

/// A version that there is.
#[derive(Clone, Debug)]
pub(super) struct Offer<P> {
    /// Which.
    pub(super) version: Version,
    /// The package.
    pub(super) package: P,
}

/// A version that was chosen.
#[derive(Clone, Debug)]
pub(super) struct Chosen<P> {
    /// Its name.
    pub(super) name: String,
    /// Its version.
    pub(super) version: Version,
    /// The package.
    pub(super) package: P,
    /// What it needs.
    pub(super) needs: Vec<Dependency>,
}

/// Versions of all packages that `root` needs, directly or not, sorted by name.
///
/// # Errors
/// Why there are none that fit together.
pub(super) fn resolve<O: Offers>(
    root: &str,
    needs: &[Dependency],
    offers: &mut O,
) -> Result<Vec<Chosen<O::Package>>, String> {
    let mut places = BTreeMap::new();
    loop {
        let mut solver =
            Solver { root, needs, offers: &mut *offers, places: &places, decided: Vec::new() };
        match solver.solve() {
            Ok(()) => {
                let mut decided = solver.decided;
                no_cycle(root, needs, &decided)?;
                decided.sort_by(|one, other| one.name.cmp(&other.name));
                return Ok(decided);
            }
            Err(Dead::Unknown(why)) => return Err(why),
            Err(Dead::End(end)) => return Err(end.to_string()),
            // Each round knows one place more.
            Err(Dead::Place(name, wanted)) => drop(places.insert(name, wanted)),
        }
    }
}

/// Who wants a package, and which.
#[derive(Clone, Debug, PartialEq)]
struct Want {
    by: Option<(String, Version)>,
    dependency: Dependency,
}

/// Why there is no way from here.
enum Dead {
    /// Nobody can tell.
    Unknown(String),
    /// Somebody wants it from a certain place, which was not known when it was decided.
    Place(String, Wanted),
    /// What was decided does not go together.
    End(End),
}

/// Decisions that do not go together.
#[derive(Default)]
struct End {
    /// The names whose decisions have a part in it.
    culprits: BTreeSet<String>,
    /// What was wanted.
    facts: Vec<String>,
    /// Who wanted what there is not at all, and its name.
    missing: Vec<(Want, String)>,
}

impl End {
    fn add(&mut self, other: End) {
        self.culprits.extend(other.culprits);
        for fact in other.facts {
            if !self.facts.contains(&fact) {
                self.facts.push(fact);
            }
        }
        for missing in other.missing {
            if !self.missing.contains(&missing) {
                self.missing.push(missing);
            }
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // One who wants what there is not is the whole story.
        if let [(want, why)] = self.missing.as_slice()
            && self.facts.len() == 1
        {
            f.write_str(why)?;
            return match &want.by {
                None => Ok(()),
                Some((name, version)) => write!(f, ", which {name} {version} needs"),
            };
        }
        f.write_str("no versions of these packages go together:")?;
        let missing = self.missing.iter().map(|(_, why)| why);
        self.facts.iter().chain(missing).try_for_each(|fact| write!(f, "\n  {fact}"))
    }
}

struct Solver<'s, O: Offers> {
    root: &'s str,
    needs: &'s [Dependency],
    offers: &'s mut O,
    /// Packages that somebody wants from a certain place.
    places: &'s BTreeMap<String, Wanted>,
    decided: Vec<Chosen<O::Package>>,
}

impl<O: Offers> Solver<'_, O> {
    fn solve(&mut self) -> Result<(), Dead> {
        let Some(name) = self.next() else { return Ok(()) };
        if name == self.root {
            return no_cycle(self.root, self.needs, &self.decided).map_err(Dead::Unknown);
        }
        let wants = self.wants(&name);
        let mut end = End::default();
        end.culprits.extend(wants.iter().filter_map(|want| Some(want.by.as_ref()?.0.clone())));
        end.facts.extend(wants.iter().map(|want| self.fact(want)));
        let place = self.place(&name, &wants);
        if let Some(other) = wants.iter().find(|want| !want.dependency.wanted.agrees(&place)) {
            end.facts.push(format!("{name} is taken {place}, not {}", other.dependency.wanted));
            return Err(Dead::End(end));
        }
        let offers = self.offers.offers(&name, &place).map_err(Dead::Unknown)?;
        let fits = |offer: &&Offer<_>| wants.iter().all(|want| allows(want, &offer.version));
        let fitting: Vec<_> = offers.iter().filter(fits).cloned().collect();
        if fitting.is_empty() {
            self.nothing_fits(&name, &wants, &offers, &mut end);
        }
        for offer in fitting {
            match self.choose(&name, offer)? {
                None => return Ok(()),
                Some(further) => end.add(further),
            }
        }
        Err(Dead::End(end))
    }

    /// Goes on with that version of a package: why another one must be tried, if everything could not be decided then.
    fn choose(&mut self, name: &str, offer: Offer<O::Package>) -> Result<Option<End>, Dead> {
        let Offer { version, package } = offer;
        let needs = match self.offers.needs(&package).map_err(Dead::Unknown)? {
            Ok(needs) => needs,
            Err(why) => {
                let facts = vec![format!("{name} {version} {why}")];
                return Ok(Some(End { facts, ..End::default() }));
            }
        };
        for dependency in &needs {
            let Some(other) = self.decided.iter().find(|it| it.name == dependency.name) else {
                continue;
            };
            let by = Some((name.to_owned(), version.clone()));
            let want = Want { by, dependency: dependency.clone() };
            let wants = self.wants(&other.name);
            let place = self.place(&other.name, &wants);
            if is_usual(&place) && !is_usual(&dependency.wanted) {
                return Err(Dead::Place(other.name.clone(), dependency.wanted.clone()));
            }
            if allows(&want, &other.version) && dependency.wanted.agrees(&place) {
                continue;
            }
            let facts = wants.iter().chain([&want]).map(|want| self.fact(want)).collect();
            let owners = wants.iter().filter_map(|want| Some(want.by.as_ref()?.0.clone()));
            let culprits = owners.chain([other.name.clone()]).collect();
            return Ok(Some(End { culprits, facts, missing: Vec::new() }));
        }
        self.decided.push(Chosen { name: name.to_owned(), version, package, needs });
        match self.solve() {
            Ok(()) => Ok(None),
            Err(Dead::End(mut further)) => {
                self.decided.pop();
                // Without a part in it, no other version of this one helps.
                match further.culprits.remove(name) {
                    true => Ok(Some(further)),
                    false => Err(Dead::End(further)),
                }
            }
            Err(dead) => Err(dead),
        }
    }

    /// A name that somebody wants and nobody has decided.
    fn next(&self) -> Option<String> {
        let all = self.decided.iter().flat_map(|it| &it.needs);
        let mut all = self.needs.iter().chain(all);
        let is_open = |it: &&Dependency| self.decided.iter().all(|known| known.name != it.name);
        all.find(is_open).map(|it| it.name.clone())
    }

    fn wants(&self, name: &str) -> Vec<Want> {
        let own = self.needs.iter().map(|it| (None, it));
        let others = self.decided.iter().flat_map(|by| {
            by.needs.iter().map(|it| (Some((by.name.clone(), by.version.clone())), it))
        });
        let all = own.chain(others).filter(|(_, dependency)| dependency.name == name);
        all.map(|(by, dependency)| Want { by, dependency: dependency.clone() }).collect()
    }

    /// Where a package comes from: where somebody wants it from, if that is not the usual registries.
    fn place(&self, name: &str, wants: &[Want]) -> Wanted {
        let wanted = wants.iter().map(|want| &want.dependency.wanted);
        let place = wanted.clone().chain(self.places.get(name)).find(|wanted| !is_usual(wanted));
        place.or(wanted.clone().next()).cloned().expect("what is decided was wanted")
    }

    fn fact(&self, want: &Want) -> String {
        let Dependency { name, wanted } = &want.dependency;
        match &want.by {
            None => format!("{} needs {name} {wanted}", self.root),
            Some((by, version)) => format!("{by} {version} needs {name} {wanted}"),
        }
    }

    fn nothing_fits(
        &self,
        name: &str,
        wants: &[Want],
        offers: &[Offer<O::Package>],
        end: &mut End,
    ) {
        let mut known: Vec<&Version> = offers.iter().map(|offer| &offer.version).collect();
        known.sort();
        let known: Vec<String> = known.into_iter().map(Version::to_string).collect();
        let known = known.join(", ");
        let why = match (&wants[0].dependency.wanted, known.is_empty()) {
            (_, true) => format!("no versions found for '{name}' in registry"),
            (wanted, false) => {
                let wanted = match wanted {
                    Wanted::Version { requirement, .. } => requirement.to_string(),
                    other => other.to_string(),
                };
                format!("no version of '{name}' matches '{wanted}' (available: {known})")
            }
        };
        match wants {
            [want] => end.missing.push((want.clone(), why)),
            _ if known.is_empty() => end.facts.push(why),
            _ => end.facts.push(format!("{name} is available as {known}")),
        }
    }
}

/// Whether it comes from the registries that are asked when nobody says which.
fn is_usual(wanted: &Wanted) -> bool {
    matches!(wanted, Wanted::Version { registry: None, .. })
}

fn allows(want: &Want, version: &Version) -> bool {
    match &want.dependency.wanted {
        Wanted::Version { requirement, .. } => requirement.matches(version),
        Wanted::Git { .. } | Wanted::Path(_) => true,
    }
}

/// Packages that need one another in a circle cannot be imported.
fn no_cycle<P>(root: &str, needs: &[Dependency], chosen: &[Chosen<P>]) -> Result<(), String> {
    let by_name: BTreeMap<&str, &[Dependency]> =
        chosen.iter().map(|it| (it.name.as_str(), it.needs.as_slice())).collect();
    let mut done = BTreeSet::new();
    // Names on the way here, each with what is left to follow.
    let mut way = vec![(root, needs.iter())];
    while let Some((name, left)) = way.last_mut() {
        let name = *name;
        let Some(next) = left.next().map(|it| it.name.as_str()) else {
            done.insert(name);
            way.pop();
            continue;
        };
        if let Some(start) = way.iter().position(|(name, _)| *name == next) {
            let circle = way[start..].iter().map(|(name, _)| *name).chain([next]);
            let circle: Vec<&str> = circle.collect();
            return Err(format!("circular dependency detected: {}", circle.join(" -> ")));
        }
        if !done.contains(next) {
            way.push((next, by_name.get(next).copied().unwrap_or_default().iter()));
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "tests/resolve.rs"]
mod tests;
