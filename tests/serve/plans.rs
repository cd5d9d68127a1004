//! What the decorators of a program come to before it is served.

use forge::compile::Plan;
use forge::diag::Sources;
use forge::engine;
use forge::engine::Output;
use forge::engine::Text;
use forge::serve::Cors;
use forge::serve::Options;
use forge::serve::Service;
use std::io;
use std::sync::Arc;

/// What a program serves, and how.
fn extracted(program: &str) -> (Plan, Options) {
    let mut sources = Sources::new();
    let output = Arc::new(Output::to(Box::new(io::sink()), true));
    let loaded = engine::load(&mut sources, Text::new("plan.fg", program), output).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let template = runtime.block_on(loaded.run()).unwrap_or_else(|error| panic!("{}", error.fault));
    let service = Service::new(template, &loaded.plan, |_| (), &sources);
    let service = service.unwrap_or_else(|found| panic!("{found:?}"));
    (loaded.plan, service.options().clone())
}

fn routes(plan: &Plan) -> Vec<(&str, &str, &str)> {
    plan.routes.iter().map(|it| (it.method, it.pattern.as_str(), it.handler.as_str())).collect()
}

// T-M1
#[test]
fn a_server_and_its_route_are_as_they_are_written() {
    let program = "@server(port: 3000, cors: \"permissive\")\n@get(\"/users/:id\")\nfn show(id) { return id }";
    let (plan, options) = extracted(program);
    assert!(plan.server.is_some());
    assert_eq!((options.port, options.host.as_str()), (3000, "127.0.0.1"));
    assert_eq!(options.cors, Cors::Permissive);
    assert_eq!(routes(&plan), [("GET", "/users/:id", "show")]);
}

// T-M2
#[test]
fn a_route_without_a_path_has_the_name_of_its_function() {
    let (plan, _) = extracted("@server()\n@get\nfn list_users() { return [] }");
    assert_eq!(routes(&plan), [("GET", "/list_users", "list_users")]);
}

// T-M3
#[test]
fn the_first_of_two_servers_counts() {
    let program = "@server(port: 1)\n@server(port: 2, host: \"::1\")\n@get fn f() { return 1 }";
    let (_, options) = extracted(program);
    assert_eq!((options.port, options.host.as_str()), (1, "127.0.0.1"));
}

// T-M5
#[test]
fn routes_alone_are_no_server() {
    let (plan, options) = extracted("@get(\"/a\")\n@post(\"/b\")\nfn both() { return 1 }");
    assert!(plan.server.is_none());
    assert_eq!(options.port, 8080);
    assert_eq!(routes(&plan), [("GET", "/a", "both"), ("POST", "/b", "both")]);
}
