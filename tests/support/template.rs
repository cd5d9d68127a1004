//! Programs whose top-level code has run, and calls of their functions, without any server.

use forge::diag::Sources;
use forge::engine;
use forge::engine::Loaded;
use forge::engine::Output;
use forge::engine::Template;
use forge::engine::Text;
use forge::machine::Fuel;
use forge::machine::Machine;
use forge::machine::Step;
use forge::value::Value;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::Waker;

/// What the program leaves when its top-level code has run, or the text of its failure.
pub(crate) fn load(text: &str) -> Result<Template, String> {
    ready(loaded(text))
}

/// The program, which has not run yet.
pub(crate) fn loaded(text: &str) -> Loaded {
    let text = format!("{text}\n{}", naming_all_functions(text));
    let host = Arc::new(Output::to(Box::new(io::sink()), false));
    engine::load(&mut Sources::new(), Text::new("test.fg", &text), host)
        .unwrap_or_else(|found| panic!("{text}\n{found:#?}"))
}

/// What a program leaves when its top-level code has run, or the text of its failure.
pub(crate) fn ready(loaded: Loaded) -> Result<Template, String> {
    let mut run = pin!(loaded.run());
    loop {
        if let Poll::Ready(result) = run.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return result.map_err(|error| error.fault.to_string());
        }
    }
}

/// A function that names each one declared at the start of a line: what no function names lives in a register of
/// the top-level code and is gone with it.
fn naming_all_functions(text: &str) -> String {
    let names = text.lines().filter_map(|line| line.strip_prefix("fn ")?.split('(').next());
    format!("fn all() {{ return [all, {}] }}", names.collect::<Vec<_>>().join(", "))
}

/// A machine that will call the top-level `function` in the world of `template`.
pub(crate) fn machine(template: &Template, function: &str, args: &[i64]) -> Machine {
    let function = template.global(function).unwrap_or_else(|| panic!("no function {function}"));
    let args = args.iter().map(|n| Value::Int(*n)).collect();
    template.call(function, args).expect("a function of the program can be called")
}

/// What a machine that ended gave, or the text of its failure.
pub(crate) fn ended(step: Step) -> Option<Result<Value, String>> {
    match step {
        Step::Done(value) => Some(Ok(value)),
        Step::Failed(error) => Some(Err(error.fault.to_string())),
        Step::OutOfFuel => None,
        Step::Waiting(_) => panic!("these programs wait for nothing"),
    }
}

/// Lets the machine end; one that goes on and on fails, so that a broken program does not stop the tests.
pub(crate) fn finish(machine: &mut Machine) -> Result<Value, String> {
    let ends = (0..1_000).find_map(|_| ended(machine.resume(Fuel::SLICE, None)));
    ends.unwrap_or_else(|| Err("it does not end".to_string()))
}

/// What the top-level `function` returns in the world of `template`, as text; of a failure, its message.
pub(crate) fn call(template: &Template, function: &str, args: &[i64]) -> String {
    match finish(&mut machine(template, function, args)) {
        Ok(value) => value.to_string(),
        Err(fault) => fault,
    }
}
