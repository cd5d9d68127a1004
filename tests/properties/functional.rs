//! P-7: the functions that call another for each element do what a plain vector does; so do sums and extremes.

use super::calls::array;
use super::isolation::config;
use super::support;
use forge::engine::Template;
use forge::value::Value;
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::OnceLock;

const PROGRAM: &str = "\
fn results(xs, n) {
    return [
        map(xs, fn(x) { x * n }),
        filter(xs, fn(x) { x > n }),
        reduce(xs, n, fn(sum, x) { sum * 3 - x }),
        find(xs, fn(x) { x > n }),
        flat_map(xs, fn(x) { if x > n { [x, [n]] } else { x } }),
        any(xs, fn(x) { x == n }),
        xs.stream().all(fn(x) { x != n }),
        partition(xs, fn(x) { x < n }),
        group_by(xs, fn(x) { x > n }),
        sort_by(xs, fn(x) { x * x }),
        flatten(chunk(xs, 3)),
        sum(xs),
        if len(xs) > 0 { [min_of(xs), max_of(xs)] } else { null },
    ]
}
fn frozen_results(xs, n) { return results(freeze xs, n) }
fn streamed(xs, n) {
    return [
        xs.stream().map(fn(x) { x * n }).collect(),
        xs.stream().filter(fn(x) { x > n }).collect(),
        xs.stream().reduce(n, fn(sum, x) { sum * 3 - x }),
    ]
}
";

fn call(function: &str, xs: &[i64], n: i64) -> Result<String, String> {
    static TEMPLATE: OnceLock<Template> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| support::load(PROGRAM).unwrap());
    let function = template.global(function).expect("the program has it");
    let args = vec![array(xs.iter().map(|x| Value::Int(*x))), Value::Int(n)];
    let result = support::finish(&mut template.fork().call(function, args).unwrap())?;
    Ok(result.to_string())
}

/// The groups of those that are greater, and those that are not, the first one's first.
fn groups(xs: &[i64], n: i64) -> String {
    let (greater, others): (Vec<i64>, Vec<i64>) = xs.iter().partition(|x| **x > n);
    let mut groups = [("true", greater), ("false", others)];
    if xs.first().is_some_and(|x| *x <= n) {
        groups.reverse();
    }
    let text = |(name, group): &(&str, Vec<i64>)| format!("\"{name}\": {group:?}");
    let filled = groups.iter().filter(|(_, group)| !group.is_empty());
    format!("{{ {} }}", filled.map(text).collect::<Vec<_>>().join(", "))
}

/// What a program shows of three of the results that streams have too.
fn first_three(xs: &[i64], n: i64) -> [String; 3] {
    let filtered: Vec<i64> = xs.iter().copied().filter(|x| *x > n).collect();
    [
        format!("{:?}", xs.iter().map(|x| x * n).collect::<Vec<_>>()),
        format!("{filtered:?}"),
        xs.iter().fold(n, |sum, x| sum * 3 - x).to_string(),
    ]
}

fn modelled(xs: &[i64], n: i64) -> Vec<String> {
    let or_null = |x: Option<String>| x.unwrap_or("null".to_owned());
    let spread = xs.iter().map(|x| if *x > n { format!("{x}, [{n}]") } else { x.to_string() });
    let (less, others): (Vec<i64>, Vec<i64>) = xs.iter().partition(|x| **x < n);
    let mut by_square = xs.to_vec();
    by_square.sort_by_key(|x| x * x);
    let extremes = xs.iter().min().zip(xs.iter().max());
    let mut results = first_three(xs, n).to_vec();
    results.extend([
        or_null(xs.iter().find(|x| **x > n).map(i64::to_string)),
        format!("[{}]", spread.collect::<Vec<_>>().join(", ")),
        xs.contains(&n).to_string(),
        (!xs.contains(&n)).to_string(),
        format!("[{less:?}, {others:?}]"),
        groups(xs, n),
        format!("{by_square:?}"),
        format!("{xs:?}"),
        xs.iter().sum::<i64>().to_string(),
        or_null(extremes.map(|(min, max)| format!("[{min}, {max}]"))),
    ]);
    results
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn callbacks_see_each_element_once_and_in_order(xs in vec(-9..9i64, 0..30), n in -9..9i64) {
        let wanted = Ok(format!("[{}]", modelled(&xs, n).join(", ")));
        prop_assert_eq!(call("results", &xs, n), wanted.clone());
        prop_assert_eq!(call("frozen_results", &xs, n), wanted);
        let streamed = Ok(format!("[{}]", first_three(&xs, n).join(", ")));
        prop_assert_eq!(call("streamed", &xs, n), streamed);
    }
}
