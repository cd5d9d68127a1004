//! Made-up registries, and a search of all choices that must agree with the solver.

use super::*;
use crate::package::requirement;
use proptest::prelude::*;

/// Versions and needs by name; a name may be said to be somewhere else.
#[derive(Clone, Debug, Default)]
struct Shelf(BTreeMap<String, Vec<(Version, Vec<Dependency>)>>);

impl Offers for Shelf {
    type Package = Vec<Dependency>;

    fn offers(&mut self, name: &str, _: &Wanted) -> Result<Vec<Offer<Vec<Dependency>>>, String> {
        let known = self.0.get(name).into_iter().flatten().rev();
        let offer = |(version, needs): &(Version, Vec<Dependency>)| Offer {
            version: version.clone(),
            package: needs.clone(),
        };
        Ok(known.map(offer).collect())
    }

    fn needs(
        &mut self,
        package: &Vec<Dependency>,
    ) -> Result<Result<Vec<Dependency>, String>, String> {
        Ok(Ok(package.clone()))
    }
}

fn needs(text: &str) -> Vec<Dependency> {
    let one = |text: &str| {
        let (name, wanted) = text.split_once(' ').unwrap();
        let wanted = match wanted.strip_prefix("path ") {
            Some(path) => Wanted::Path(path.to_owned()),
            None => Wanted::Version { requirement: requirement(wanted).unwrap(), registry: None },
        };
        Dependency { name: name.to_owned(), wanted }
    };
    text.split("; ").filter(|text| !text.is_empty()).map(one).collect()
}

fn shelf(lines: &[&str]) -> Shelf {
    let mut shelf = Shelf::default();
    for line in lines {
        let (package, rest) = line.split_once(": ").unwrap_or((line.trim_end_matches(':'), ""));
        let (name, version) = package.split_once(' ').unwrap();
        let versions = shelf.0.entry(name.to_owned()).or_default();
        versions.push((version.parse().unwrap(), needs(rest)));
    }
    shelf
}

fn resolved(root: &str, lines: &[&str]) -> Result<String, String> {
    let chosen = resolve("app", &needs(root), &mut shelf(lines))?;
    let chosen = chosen.iter().map(|it| format!("{} {}", it.name, it.version));
    Ok(chosen.collect::<Vec<_>>().join(", "))
}

#[test]
fn the_highest_version_that_satisfies_everybody() {
    let lines = ["util 1.0.0:", "util 1.4.0:", "util 2.0.0:", "loc 1.0.0: util <1.4"];
    assert_eq!(resolved("util ^1.0", &lines), Ok("util 1.4.0".to_owned()));
    assert_eq!(resolved("util ^1.0; loc *", &lines), Ok("loc 1.0.0, util 1.0.0".to_owned()));
    assert_eq!(resolved("", &lines), Ok(String::new()));
}

#[test]
fn an_older_version_that_goes_together_with_the_rest_is_found() {
    let lines = ["util 1.0.0:", "util 2.0.0:", "loc 1.0.0: util ^1", "loc 1.1.0: util ^2"];
    assert_eq!(resolved("loc *; util ^1", &lines), Ok("loc 1.0.0, util 1.0.0".to_owned()));
    // The package that is to blame was decided long before.
    let mut lines = lines.map(str::to_owned).to_vec();
    let between = (0..40).map(|i| format!("p{i} 1.0.0:"));
    lines.extend(between.chain((0..40).map(|i| format!("p{i} 1.1.0:"))));
    lines.push("zzz 1.0.0: util ^1".to_owned());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let root: Vec<String> = (0..40).map(|i| format!("p{i} *")).collect();
    let found = resolved(&format!("loc *; {}; zzz *", root.join("; ")), &lines).unwrap();
    assert!(found.starts_with("loc 1.0.0, p0 1.1.0, "), "{found}");
}

#[test]
fn what_does_not_go_together_is_told() {
    let lines = ["util 1.0.0:", "util 2.0.0:", "loc 1.0.0: util =2.0.0"];
    let why = resolved("loc *; util ^1.0", &lines).unwrap_err();
    let told = "no versions of these packages go together:\n  app needs util ^1.0\n  loc 1.0.0 needs util =2.0.0\n  util is available as 1.0.0, 2.0.0";
    let mut told: Vec<&str> = told.lines().collect();
    let mut said: Vec<&str> = why.lines().collect();
    told.sort_unstable();
    said.sort_unstable();
    said.retain(|line| *line != "  app needs loc *");
    assert_eq!(said, told);
}

#[test]
fn what_there_is_not() {
    let lines = ["util 1.0.0:", "util 1.4.0:", "loc 1.0.0: none ^1"];
    let why = |root: &str| resolved(root, &lines).unwrap_err();
    assert_eq!(why("nothing *"), "no versions found for 'nothing' in registry");
    assert_eq!(why("util ^3"), "no version of 'util' matches '^3' (available: 1.0.0, 1.4.0)");
    assert!(why("loc *").contains("no versions found for 'none' in registry"), "{}", why("loc *"));
}

#[test]
fn circles_are_refused() {
    let lines = ["a 1.0.0: b *", "b 1.0.0: c *", "c 1.0.0: a *", "d 1.0.0: app *"];
    let why = |root: &str| resolved(root, &lines).unwrap_err();
    assert_eq!(why("a *"), "circular dependency detected: a -> b -> c -> a");
    assert_eq!(why("d *"), "circular dependency detected: app -> d -> app");
}

#[test]
fn a_place_counts_for_all_who_want_a_version() {
    let lines = ["util 1.0.0:", "loc 1.0.0: util path ../util", "deep 1.0.0: loc *"];
    assert_eq!(
        resolved("util ^1; deep *", &lines),
        Ok("deep 1.0.0, loc 1.0.0, util 1.0.0".to_owned())
    );
    let why = resolved("loc *; util path other", &lines).unwrap_err();
    assert!(why.contains("loc 1.0.0 needs util from ../util"), "{why}");
    assert!(why.contains("app needs util from other"), "{why}");
}

/// Whether any choice of versions will do.
fn exists(shelf: &Shelf, open: &[Dependency], chosen: &BTreeMap<String, Version>) -> bool {
    let Some((first, rest)) = open.split_first() else { return true };
    let Wanted::Version { requirement, .. } = &first.wanted else { unreachable!() };
    if let Some(version) = chosen.get(&first.name) {
        return requirement.matches(version) && exists(shelf, rest, chosen);
    }
    let versions = shelf.0.get(&first.name).into_iter().flatten();
    versions.filter(|(version, _)| requirement.matches(version)).any(|(version, needs)| {
        let mut chosen = chosen.clone();
        chosen.insert(first.name.clone(), version.clone());
        exists(shelf, &[rest, needs.as_slice()].concat(), &chosen)
    })
}

/// Packages p0 to p5 with up to three versions each, which need packages of a higher number.
fn shelves() -> impl Strategy<Value = Vec<String>> {
    let need = (1_usize..4, prop::sample::select(vec!["*", "^1", "^2", "<3", "=1.0.0", ">=2"]));
    let version = prop::collection::vec(need, 0..3);
    prop::collection::vec(prop::collection::vec(version, 1..4), 6).prop_map(|packages| {
        let mut lines = Vec::new();
        for (number, versions) in packages.iter().enumerate() {
            for (version, needs) in versions.iter().enumerate() {
                let needs = needs.iter().filter(|(step, _)| number + step < 6);
                let needs = needs.map(|(step, text)| format!("p{} {text}", number + step));
                let needs = needs.collect::<Vec<_>>().join("; ");
                lines.push(format!("p{number} {}.0.0: {needs}", version + 1));
            }
        }
        lines
    })
}

proptest! {
    #[test]
    fn it_finds_what_a_search_of_everything_finds(lines in shelves()) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let shelf = shelf(&lines);
        let root = needs("p0 *; p1 <3");
        match resolve("app", &root, &mut shelf.clone()) {
            Err(why) => prop_assert!(!exists(&shelf, &root, &BTreeMap::new()), "{why}"),
            Ok(chosen) => {
                let version = |name: &str| {
                    chosen.iter().find(|it| it.name == name).map(|it| it.version.clone())
                };
                for need in root.iter().chain(chosen.iter().flat_map(|it| &it.needs)) {
                    let Wanted::Version { requirement, .. } = &need.wanted else { unreachable!() };
                    let version = version(&need.name);
                    prop_assert!(version.is_some_and(|it| requirement.matches(&it)));
                }
            }
        }
    }
}
