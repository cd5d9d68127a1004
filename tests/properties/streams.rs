//! P-3: streams give what a recursive model of them gives, whatever hangs on what, whoever pulls first, in forks too.

use super::isolation::config;
use super::support;
use forge::engine::Template;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::fmt;

/// A stream over earlier ones, which it knows by their numbers.
#[derive(Clone, Debug)]
enum Node {
    Items(Vec<i64>, usize),
    Map(usize, i64),
    Filter(usize, usize),
    Take(usize, usize),
    Skip(usize, usize),
    Chain(usize, usize, bool),
    Zip(usize, usize, bool),
    Enumerate(usize, usize),
}

#[derive(Clone, Debug)]
enum Event {
    /// So many elements of a stream, in a world; of none, the first.
    Pull {
        world: usize,
        stream: usize,
        count: i64,
    },
    Fork {
        world: usize,
    },
}

#[derive(Debug)]
struct Case {
    nodes: Vec<Node>,
    history: Vec<Event>,
}

/// The next element of the stream `at`, as text.
fn next(nodes: &mut [Node], at: usize) -> Option<String> {
    match nodes[at].clone() {
        Node::Items(items, cursor) => {
            nodes[at] = Node::Items(items.clone(), cursor + 1);
            items.get(cursor).map(i64::to_string)
        }
        Node::Map(from, n) => next(nodes, from).map(|x| format!("[{x}, {n}]")),
        Node::Filter(from, n) => {
            std::iter::from_fn(|| next(nodes, from)).find(|x| !x.len().is_multiple_of(n))
        }
        Node::Take(_, 0) => None,
        Node::Take(from, left) => {
            nodes[at] = Node::Take(from, left - 1);
            next(nodes, from)
        }
        Node::Skip(from, 0) => next(nodes, from),
        Node::Skip(from, left) => {
            nodes[at] = Node::Skip(from, left - 1);
            next(nodes, from)?;
            next(nodes, at)
        }
        Node::Chain(_, second, true) => next(nodes, second),
        Node::Chain(first, second, false) => next(nodes, first).or_else(|| {
            nodes[at] = Node::Chain(first, second, true);
            next(nodes, second)
        }),
        Node::Zip(_, _, true) => None,
        Node::Zip(left, right, false) => {
            let pair = next(nodes, left).and_then(|a| Some((a, next(nodes, right)?)));
            if pair.is_none() {
                nodes[at] = Node::Zip(left, right, true);
            }
            pair.map(|(a, b)| format!("({a}, {b})"))
        }
        Node::Enumerate(from, _) => {
            let x = next(nodes, from)?;
            let Node::Enumerate(_, i) = &mut nodes[at] else { unreachable!("it stays what it is") };
            *i += 1;
            Some(format!("({}, {x})", *i - 1))
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Items(items, _) => write!(f, "{items:?}.stream()"),
            Node::Map(from, n) => write!(f, "s{from}.map(fn(x) {{ [x, {n}] }})"),
            Node::Filter(from, n) => {
                write!(f, "s{from}.filter(fn(x) {{ len(str(x)) % {n} != 0 }})")
            }
            Node::Take(from, n) => write!(f, "s{from}.take({n})"),
            Node::Skip(from, n) => write!(f, "s{from}.skip({n})"),
            Node::Chain(first, second, _) => write!(f, "s{first}.chain(s{second})"),
            Node::Zip(left, right, _) => write!(f, "s{left}.zip(s{right})"),
            Node::Enumerate(from, _) => write!(f, "s{from}.enumerate()"),
        }
    }
}

fn program(nodes: &[Node]) -> String {
    let mut text = String::new();
    let mut names = Vec::new();
    for (number, node) in nodes.iter().enumerate() {
        text.push_str(&format!("let s{number} = {node}\n"));
        names.push(format!("s{number}"));
    }
    let names = names.join(", ");
    text + &format!(
        "let streams = [{names}]
fn pull(i, count) {{
    if count < 0 {{ return streams[i].first() }}
    return streams[i].take(count).collect()
}}"
    )
}

fn nodes() -> impl Strategy<Value = Vec<Node>> {
    let items = prop::collection::vec(0..30_i64, 0..8);
    let step =
        (0..8, any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..4_usize, items);
    prop::collection::vec(step, 1..12).prop_map(|steps| {
        let mut nodes: Vec<Node> = Vec::new();
        for (kind, a, b, n, items) in steps {
            let node = match nodes.len() {
                0 => Node::Items(items, 0),
                len => {
                    let (a, b) = (a.index(len), b.index(len));
                    match kind {
                        0 => Node::Items(items, 0),
                        1 => Node::Map(a, n as i64),
                        2 => Node::Filter(a, n + 1),
                        3 => Node::Take(a, n),
                        4 => Node::Skip(a, n),
                        5 => Node::Chain(a, b, false),
                        6 => Node::Zip(a, b, false),
                        _ => Node::Enumerate(a, 0),
                    }
                }
            };
            nodes.push(node);
        }
        nodes
    })
}

fn cases() -> impl Strategy<Value = Case> {
    let pull = (any::<usize>(), any::<usize>(), -1..6_i64)
        .prop_map(|(world, stream, count)| Event::Pull { world, stream, count });
    let fork = any::<usize>().prop_map(|world| Event::Fork { world });
    let history = prop::collection::vec(prop_oneof![4 => pull, 1 => fork], 0..12);
    (nodes(), history).prop_map(|(nodes, history)| Case { nodes, history })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn streams_do_what_recursive_ones_do(case in cases()) {
        check(&case)?;
    }
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let text = program(&case.nodes);
    let template = support::load(&text).map_err(TestCaseError::fail)?;
    let mut worlds: Vec<(Template, Vec<Node>)> = vec![(template, case.nodes.clone())];
    let all = (0..case.nodes.len()).map(|stream| Event::Pull { world: 0, stream, count: 99 });
    for event in case.history.iter().cloned().chain(all) {
        match event {
            Event::Fork { world } => {
                let (template, nodes) = &worlds[world % worlds.len()];
                let fork = (template.fork(), nodes.clone());
                worlds.push(fork);
            }
            Event::Pull { world, stream, count } => {
                let len = worlds.len();
                let (template, nodes) = &mut worlds[world % len];
                let stream = stream % nodes.len();
                let expected = match count {
                    -1 => next(nodes, stream).map_or("None".into(), |x| format!("Some({x})")),
                    _ => {
                        let left = usize::try_from(count).unwrap_or_default();
                        let items: Vec<_> =
                            std::iter::from_fn(|| next(nodes, stream)).take(left).collect();
                        format!("[{}]", items.join(", "))
                    }
                };
                let found = support::call(template, "pull", &[stream as i64, count]);
                prop_assert_eq!(found, expected, "{}\n{:?}", text, event);
            }
        }
    }
    Ok(())
}
