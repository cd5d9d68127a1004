//! The state of modules: a module is loaded once in a line of forks, and each fork has its variables for itself.

use super::support::call;
use super::support::finish;
use super::support::machine;
use super::template;
use forge::engine::Template;

/// A counter in a module, and a module that counts when it is loaded; both are named by functions of the program too.
const PROGRAM: &str = r#"
import "tests/isolation/lib/counter"
let add = fn(n) { level += n }
fn run() { return [bump(), level, rows] }
fn mixed() {
    add(10)
    level = level + 100
    return [bump(), level]
}
fn demand() {
    import "tests/isolation/lib/on_demand"
    import { loads } from "tests/isolation/lib/on_demand"
    step()
    return [loads, level]
}
fn twice() { return [demand(), demand()] }
"#;

fn program() -> Template {
    template(PROGRAM)
}

#[test]
fn what_a_fork_does_to_a_module_stays_in_it() {
    let template = program();
    let (a, b) = (template.fork(), template.fork());
    assert_eq!(call(&a, "run", &[]), "[1, 1, [1]]");
    assert_eq!(call(&b, "mixed", &[]), "[111, 111]");
    let child = a.fork();
    assert_eq!(call(&child, "run", &[]), "[2, 2, [1, 2]]");
    assert_eq!(call(&a, "run", &[]), "[2, 2, [1, 2]]");
    assert_eq!(call(&b, "run", &[]), "[112, 112, [111, 112]]");
    assert_eq!(call(&template, "run", &[]), "[1, 1, [1]]");
    assert_eq!(call(&template.fork(), "run", &[]), "[2, 2, [1, 2]]");
}

#[test]
fn a_module_first_imported_in_a_fork_is_loaded_there_only() {
    let template = program();
    let (a, b) = (template.fork(), template.fork());
    assert_eq!(call(&a, "twice", &[]), "[[11, 1], [21, 1]]");
    assert_eq!(call(&b, "run", &[]), "[1, 1, [1]]");
    assert_eq!(call(&b, "twice", &[]), "[[12, 2], [22, 2]]");
    assert_eq!(call(&template, "twice", &[]), "[[11, 1], [21, 1]]");
}

#[test]
fn a_fork_goes_on_with_the_modules_that_were_loaded() {
    let template = program();
    let first = template.fork();
    let mut machine = machine(&first, "twice", &[]);
    assert_eq!(finish(&mut machine).unwrap().to_string(), "[[11, 1], [21, 1]]");
    let of_the_machine = || Template { env: machine.environment().clone(), ..first.fork() };
    let (a, b) = (of_the_machine(), of_the_machine());
    assert_eq!(call(&a, "demand", &[]), "[31, 1]");
    assert_eq!(call(&a, "demand", &[]), "[41, 1]");
    assert_eq!(call(&b, "demand", &[]), "[31, 1]");
}

#[test]
fn forks_load_a_module_at_the_same_time() {
    let template = program();
    let results = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| template.fork())
            .map(|fork| scope.spawn(move || call(&fork, "twice", &[])))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(results, ["[[11, 1], [21, 1]]"; 4]);
}
