//! Where the pages of files go.

use std::collections::HashSet;
use std::path::Component;
use std::path::Path;

/// The path of a page for each file, without an extension: like the files below the folder that they have in common.
pub(super) fn places(names: &[&str]) -> Vec<String> {
    let parts: Vec<Vec<String>> = names.iter().map(|name| parts(name)).collect();
    let common = common(&parts);
    let mut taken = HashSet::from(["index".to_owned()]);
    parts.iter().map(|parts| free(&mut taken, parts[common..].join("/"))).collect()
}

/// The names of folders and of the file, which nothing can lead out of.
fn parts(name: &str) -> Vec<String> {
    let path = Path::new(name).with_extension("");
    let names = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    let names: Vec<String> = names.collect();
    if names.is_empty() { vec!["program".to_owned()] } else { names }
}

/// How many folders all have in common.
fn common(all: &[Vec<String>]) -> usize {
    let Some(first) = all.first() else { return 0 };
    let shortest = all.iter().map(|parts| parts.len() - 1).min().unwrap_or_default();
    (0..shortest).take_while(|i| all.iter().all(|parts| parts[*i] == first[*i])).count()
}

/// A name that nobody else has, even where case does not count.
fn free(taken: &mut HashSet<String>, name: String) -> String {
    let others = (2..).map(|n| format!("{name}-{n}"));
    let mut choices = std::iter::once(name.clone()).chain(others);
    let free = choices.find(|choice| taken.insert(choice.to_lowercase()));
    free.expect("there is a number that nobody has")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_lie_like_their_files() {
        let names = ["shop/main.fg", "shop/src/index.fg", "shop/src/a.fg"];
        assert_eq!(places(&names), ["main", "src/index", "src/a"]);
        assert_eq!(places(&["/tmp/x/shop.fg"]), ["shop"]);
        assert_eq!(places(&["../a.fg", "b/A.fg"]), ["a", "b/A"]);
        assert_eq!(
            places(&["index.fg", "a.fg", "A.fg", "<stdin>"]),
            ["index-2", "a", "A-2", "<stdin>"]
        );
        assert_eq!(places(&[".."]), ["program"]);
    }
}
