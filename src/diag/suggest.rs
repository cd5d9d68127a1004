//! Did you mean: the nearest name that exists.

/// The rule of runtime errors (language-core 7.2): Levenshtein distance of at most 2 and less than the length of
/// `name` in bytes. Candidates come scope by scope, innermost first; the smallest distance wins, then the earlier
/// scope, then the alphabet.
pub fn suggest<'c, Scope>(name: &str, scopes: impl IntoIterator<Item = Scope>) -> Option<&'c str>
where
    Scope: IntoIterator<Item = &'c str>,
{
    let mut best: Option<(usize, usize, &str)> = None;
    for (depth, scope) in scopes.into_iter().enumerate() {
        for candidate in scope {
            // The distance is never less than the difference in length, which is cheap to know.
            if candidate.len().abs_diff(name.len()) > 8 || candidate == name {
                continue;
            }
            let distance = strsim::levenshtein(name, candidate);
            let found = (distance, depth, candidate);
            if distance <= 2 && distance < name.len() && best.is_none_or(|best| found < best) {
                best = Some(found);
            }
        }
    }
    best.map(|(_, _, candidate)| candidate)
}

/// The rule of tools (tooling 10.6): optimal string alignment of at most a third of the length, case aside; ties go
/// to the longer shared beginning, then to the alphabet; at most three; none for names of one or two letters.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Vec<&'c str> {
    ranked(name, candidates).into_iter().take(3).map(|(_, _, candidate)| candidate).collect()
}

/// The hint that those of them are worth which are as near as the nearest.
pub fn did_you_mean<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<String> {
    let ranked = ranked(name, candidates);
    let (least, ..) = ranked.first()?;
    let near = ranked.iter().take_while(|(distance, ..)| distance == least).take(3);
    let near: Vec<String> = near.map(|(_, _, candidate)| format!("'{candidate}'")).collect();
    let (last, others) = near.split_last()?;
    Some(match others {
        [] => format!("did you mean {last}?"),
        others => format!("did you mean {} or {last}?", others.join(", ")),
    })
}

/// Distance, how much of the beginning is not shared, candidate.
fn ranked<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Vec<(usize, usize, &'c str)> {
    let length = name.chars().count();
    if length <= 2 {
        return Vec::new();
    }
    let wanted = name.to_lowercase();
    let mut found: Vec<_> = candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= length)
        .map(|candidate| {
            let lower = candidate.to_lowercase();
            let shared = wanted.chars().zip(lower.chars()).take_while(|(a, b)| a == b).count();
            (strsim::osa_distance(&wanted, &lower), usize::MAX - shared, candidate)
        })
        .filter(|(distance, _, _)| *distance <= (length / 3).max(1))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_scope_wins_a_tie() {
        assert_eq!(suggest("nam", [vec!["none"], vec!["game", "name"]]), Some("name"));
        assert_eq!(suggest("ab", [vec!["ax"], vec!["aa"]]), Some("ax"));
        assert_eq!(suggest("a", [vec!["b"]]), None);
    }

    #[test]
    fn transposed_letters_are_one_step() {
        assert_eq!(nearest("fucntion", ["function", "for"]), ["function"]);
        assert!(nearest("ab", ["ac"]).is_empty());
    }
}
