//! The route table: from a method and a path to a handler (server 2.3 and 2.4).
//!
//! A tree of path segments: a literal segment beats a capture, and the path is found before the method is looked at.

use super::bind::Binding;
use crate::compile::RoutePlan;
use crate::diag::Diagnostic;
use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use foldhash::fast::RandomState;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::collections::HashMap;

/// All routes of a program.
pub(super) struct Table {
    root: Node,
    /// In source order.
    pub(super) routes: Vec<Route>,
}

/// A handler, and when it runs.
pub(super) struct Route {
    /// Its place in the table.
    pub(super) number: usize,
    /// What its decorator says.
    pub(super) plan: RoutePlan,
    /// How its parameters are bound.
    pub(super) binding: Binding,
}

/// What a path leads to.
pub(super) enum Found<'a> {
    /// A handler, with the texts of the captured segments, still encoded.
    Route(&'a Route, Vec<&'a str>),
    /// A known path without a handler for the method, with what `Allow` says.
    OtherMethod(&'a HeaderValue),
    /// No such path.
    Nothing,
}

/// The paths that begin with the same segments.
#[derive(Default)]
struct Node {
    literals: HashMap<String, Node, RandomState>,
    capture: Option<Box<Node>>,
    leaf: Option<Leaf>,
}

/// The end of a path.
struct Leaf {
    /// Methods with the number of their route.
    methods: Vec<(Method, usize)>,
    allow: HeaderValue,
}

impl Table {
    /// The table of these routes, and warnings.
    ///
    /// # Errors
    /// Paths that are none, and routes that exclude each other.
    pub(super) fn new(plans: &[RoutePlan]) -> Result<(Table, Vec<Diagnostic>), Vec<Diagnostic>> {
        let mut table = Table { root: Node::default(), routes: Vec::new() };
        let mut errors = Vec::new();
        for plan in plans {
            if let Err(error) = table.add(plan) {
                errors.push(*error);
            }
        }
        if errors.is_empty() { Ok((table, same_names(plans))) } else { Err(errors) }
    }

    fn add(&mut self, plan: &RoutePlan) -> Result<(), Box<Diagnostic>> {
        let captures = captures(&plan.pattern)
            .map_err(|reason| Box::new(Diagnostic::error("E0804", reason).at(plan.span)))?;
        let mut node = &mut self.root;
        for segment in segments(&plan.pattern) {
            node = match segment.starts_with(':') {
                true => node.capture.get_or_insert_default(),
                false => node.literals.entry(segment.to_owned()).or_default(),
            };
        }
        let method = method_of(plan);
        let leaf = node.leaf.get_or_insert_with(|| Leaf {
            methods: Vec::new(),
            allow: HeaderValue::from_static(""),
        });
        if let Some((_, first)) = leaf.methods.iter().find(|(known, _)| *known == method) {
            return Err(Box::new(conflict(&self.routes[*first].plan, plan)));
        }
        leaf.methods.push((method, self.routes.len()));
        leaf.allow = allow(&leaf.methods);
        let binding = Binding::new(plan, &captures);
        self.routes.push(Route { number: self.routes.len(), plan: plan.clone(), binding });
        Ok(())
    }

    /// What `method` on `path` leads to. A route for GET answers HEAD too.
    pub(super) fn find<'a>(&'a self, method: &Method, path: &'a str) -> Found<'a> {
        let mut captured = Vec::new();
        let leaf = path.strip_prefix('/').and_then(|rest| self.root.find(rest, &mut captured));
        let Some(leaf) = leaf else {
            return Found::Nothing;
        };
        let route = leaf.route(method).or_else(|| leaf.route(&stand_in(method)));
        match route.or_else(|| leaf.any(method)) {
            Some(route) => Found::Route(&self.routes[route], captured),
            None => Found::OtherMethod(&leaf.allow),
        }
    }
}

/// The method whose handler answers `method` when it has none.
fn stand_in(method: &Method) -> Method {
    if *method == Method::HEAD { Method::GET } else { method.clone() }
}

/// The method of a route. A WebSocket begins with GET; `ANY` is a name that stands for all but OPTIONS, which other
/// origins must be able to ask.
fn method_of(plan: &RoutePlan) -> Method {
    match plan.method {
        "WS" => Method::GET,
        name => name.parse().expect("the methods of decorators are HTTP's"),
    }
}

impl Node {
    /// The end of the path `rest`. Each node is visited at most once: there is one way to it.
    fn find<'a>(&'a self, rest: &'a str, captured: &mut Vec<&'a str>) -> Option<&'a Leaf> {
        let (segment, rest) = match rest.split_once('/') {
            Some((segment, rest)) => (segment, Some(rest)),
            None => (rest, None),
        };
        let below = |node: &'a Node, captured: &mut Vec<&'a str>| match rest {
            Some(rest) => node.find(rest, captured),
            None => node.leaf.as_ref(),
        };
        if let Some(node) = self.literals.get(&*decoded(segment))
            && let Some(leaf) = below(node, captured)
        {
            return Some(leaf);
        }
        let node = self.capture.as_deref().filter(|_| !segment.is_empty())?;
        captured.push(segment);
        let found = below(node, captured);
        if found.is_none() {
            captured.pop();
        }
        found
    }
}

fn decoded(segment: &str) -> Cow<'_, str> {
    if segment.contains('%') {
        percent_decode_str(segment).decode_utf8_lossy()
    } else {
        segment.into()
    }
}

impl Leaf {
    /// The route that takes every method.
    fn any(&self, method: &Method) -> Option<usize> {
        let is_any = |(known, _): &&(Method, usize)| known.as_str() == "ANY";
        let found = self.methods.iter().find(is_any)?;
        (*method != Method::OPTIONS).then_some(found.1)
    }

    fn route(&self, method: &Method) -> Option<usize> {
        self.methods.iter().find(|(known, _)| known == method).map(|(_, route)| *route)
    }
}

/// `GET,HEAD` or `POST,PUT`
fn allow(methods: &[(Method, usize)]) -> HeaderValue {
    let mut names = Vec::new();
    for (method, _) in methods {
        match method.as_str() {
            "ANY" => return HeaderValue::from_static("GET,HEAD,POST,PUT,PATCH,DELETE"),
            name => names.push(name),
        }
        if *method == Method::GET {
            names.push("HEAD");
        }
    }
    HeaderValue::from_str(&names.join(",")).expect("names of methods are ASCII")
}

fn segments(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.strip_prefix('/').unwrap_or(pattern).split('/')
}

/// The names that a pattern captures, in order.
fn captures(pattern: &str) -> Result<Vec<String>, String> {
    if !pattern.starts_with('/') {
        return Err(format!("invalid route path '{pattern}': must start with '/'"));
    }
    let mut names = Vec::new();
    for name in segments(pattern).filter_map(|segment| segment.strip_prefix(':')) {
        if name.is_empty() {
            return Err(format!("invalid route path '{pattern}': a parameter needs a name"));
        }
        if names.iter().any(|known| known == name) {
            return Err(format!("invalid route path '{pattern}': '{name}' stands in it twice"));
        }
        names.push(name.to_owned());
    }
    Ok(names)
}

fn conflict(first: &RoutePlan, second: &RoutePlan) -> Diagnostic {
    let text = format!(
        "route conflict: {} {} is handled by both '{}' and '{}'",
        second.method, second.pattern, first.handler, second.handler
    );
    Diagnostic::error("E0805", text).at(second.span).related(first.span, "the first one")
}

/// Two functions of one name are two handlers, which is seldom meant.
fn same_names(plans: &[RoutePlan]) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for (i, plan) in plans.iter().enumerate() {
        let earlier = plans[..i]
            .iter()
            .find(|other| other.handler == plan.handler && other.slot != plan.slot);
        if let Some(first) = earlier {
            let text = format!("two handlers are named '{}'; each keeps its routes", plan.handler);
            let warning = Diagnostic::warning("W0806", text).at(plan.span);
            found.push(warning.related(first.span, "the first one"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Span;
    use proptest::prelude::*;

    fn plan(method: &'static str, pattern: &str) -> RoutePlan {
        RoutePlan {
            method,
            pattern: pattern.to_owned(),
            slot: 0,
            handler: pattern.to_owned(),
            takes_binary: false,
            params: Vec::new(),
            span: Span::default(),
        }
    }

    fn find(table: &Table, method: &str, path: &str) -> String {
        match table.find(&method.parse().unwrap(), path) {
            Found::Route(route, captured) => format!("{} {captured:?}", route.plan.pattern),
            Found::OtherMethod(allow) => allow.to_str().unwrap().to_owned(),
            Found::Nothing => "nothing".to_owned(),
        }
    }

    #[test]
    fn paths_lead_to_the_most_literal_route() {
        let plans = [
            plan("GET", "/"),
            plan("GET", "/users/me"),
            plan("GET", "/users/:id"),
            plan("DELETE", "/users/:id"),
            plan("GET", "/:any/me/x"),
            plan("GET", "/{a}/*"),
        ];
        let (table, _) = Table::new(&plans).unwrap_or_else(|errors| panic!("{errors:?}"));
        let table = &table;
        assert_eq!(find(table, "GET", "/"), "/ []");
        assert_eq!(find(table, "HEAD", "/users/me"), "/users/me []");
        assert_eq!(find(table, "GET", "/users/m%65"), "/users/me []");
        assert_eq!(find(table, "GET", "/users/a%2Fb"), "/users/:id [\"a%2Fb\"]");
        assert_eq!(find(table, "GET", "/users/me/x"), "/:any/me/x [\"users\"]");
        assert_eq!(find(table, "GET", "/{a}/*"), "/{a}/* []");
        assert_eq!(find(table, "POST", "/users/7"), "GET,HEAD,DELETE");
        for path in ["", "*", "//", "/users", "/users/", "/users/7/", "//users/7", "/Users/7"] {
            assert_eq!(find(table, "GET", path), "nothing", "{path}");
        }
    }

    /// A pattern: a literal, or a parameter, in each place.
    type Shape = Vec<Option<&'static str>>;

    fn pattern(shape: &Shape) -> String {
        let parts = shape.iter().enumerate();
        parts.map(|(i, part)| part.map_or(format!("/:p{i}"), |part| format!("/{part}"))).collect()
    }

    /// Looks at every pattern: the first place where two that fit differ decides for the literal.
    fn naive(shapes: &[Shape], path: &[&str]) -> String {
        let fits = |shape: &&Shape| {
            let mut both = shape.iter().zip(path);
            shape.len() == path.len() && both.all(|(part, name)| part.is_none_or(|it| it == *name))
        };
        let is_open = |shape: &&Shape| shape.iter().map(Option::is_none).collect::<Vec<_>>();
        let Some(best) = shapes.iter().filter(fits).min_by_key(is_open) else {
            return "nothing".to_owned();
        };
        let captured = best.iter().zip(path).filter(|(part, _)| part.is_none());
        let captured: Vec<&str> = captured.map(|(_, name)| *name).collect();
        format!("{} {captured:?}", pattern(best))
    }

    fn part() -> impl Strategy<Value = Option<&'static str>> {
        prop::sample::select(vec![None, Some("a"), Some("b"), Some("a%b"), Some("{a}")])
    }

    proptest! {
        // P-7
        #[test]
        fn routes_are_found_as_by_a_naive_reference(
            shapes in prop::collection::hash_set(prop::collection::vec(part(), 1..4), 1..12),
            paths in prop::collection::vec(
                prop::collection::vec(prop::sample::select(vec!["a", "b", "c", "{a}"]), 1..5), 1..20),
        ) {
            let shapes: Vec<Shape> = shapes.into_iter().collect();
            let plans: Vec<RoutePlan> = shapes.iter().map(|it| plan("GET", &pattern(it))).collect();
            let (table, _) = Table::new(&plans).unwrap_or_else(|errors| panic!("{errors:?}"));
            for path in paths {
                let text = format!("/{}", path.join("/"));
                prop_assert_eq!(find(&table, "GET", &text), naive(&shapes, &path), "{}", text);
            }
        }
    }

    #[test]
    fn routes_that_cannot_be_are_refused() {
        let first = |plans: &[RoutePlan]| match Table::new(plans) {
            Ok(_) => "fine".to_owned(),
            Err(errors) => errors[0].message.clone(),
        };
        assert_eq!(first(&[plan("GET", "a")]), "invalid route path 'a': must start with '/'");
        let both = "route conflict: GET /:b is handled by both '/:a' and '/:b'";
        assert_eq!(first(&[plan("GET", "/:a"), plan("GET", "/:b")]), both);
        assert_eq!(first(&[plan("GET", "/:a"), plan("PUT", "/:b")]), "fine");
        assert_eq!(
            first(&[plan("GET", "/:a/:a")]),
            "invalid route path '/:a/:a': 'a' stands in it twice"
        );
    }
}
