//! An input runs: its value is shown, or it is as if it had not been.

use super::Repl;
use super::show;
use crate::diag::Fault;
use crate::engine;
use crate::engine::Text;
use crate::task;
use crate::value::Value;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use std::time::Instant;

/// What became of an input.
pub(super) enum Outcome {
    /// It gave a value.
    Value(Value),
    /// It failed, was interrupted, or could not be compiled; that has been shown.
    Nothing,
}

impl Repl {
    /// Runs an input and shows its value.
    pub(super) fn evaluate(&mut self, text: &str) {
        if let Outcome::Value(value) = self.value_of(text) {
            self.show(&value);
        }
    }

    /// Runs an input and shows its value and how long it took.
    pub(super) fn time(&mut self, text: &str) {
        let start = Instant::now();
        let outcome = self.value_of(text);
        let took = start.elapsed();
        if let Outcome::Value(value) = outcome {
            self.show(&value);
            println!("{}", in_words(took));
        }
    }

    /// Runs an input.
    pub(super) fn value_of(&mut self, text: &str) -> Outcome {
        self.count += 1;
        let name = format!("<repl:{}>", self.count);
        let session = self.branches.session().with_scope();
        let scope = session.template.image.scope.clone();
        let mut input = match session.read(&mut self.sources, Text::new(&name, text)) {
            Ok(input) => input,
            Err(found) => {
                self.report(&found);
                return Outcome::Nothing;
            }
        };
        let _guard = self.runtime.enter();
        let ran = std::panic::catch_unwind(AssertUnwindSafe(|| {
            self.runtime.block_on(async {
                tokio::select! {
                    result = task::drive(&mut input.machine) => Some(result),
                    _ = tokio::signal::ctrl_c() => None,
                }
            })
        }));
        drop(_guard);
        let _ = self.branches.session().template.image.host.flush();
        match ran {
            Ok(Some(Ok(value))) => match input.done() {
                Ok(session) => {
                    self.branches.advance(session, text, self.count, scope);
                    return Outcome::Value(value);
                }
                Err(fault) => {
                    self.undo_input(&scope);
                    self.complain(&fault.to_string());
                }
            },
            Ok(Some(Err(error))) => {
                drop(input);
                self.undo_input(&scope);
                self.report(&[engine::diagnostic(&error)]);
            }
            Ok(None) => {
                drop(input);
                self.undo_input(&scope);
                self.has_failed = true;
                println!("interrupted");
            }
            Err(_) => {
                self.undo_input(&scope);
                let fault = Fault::message("internal fault; the session is as before this input");
                self.complain(&fault.to_string());
            }
        }
        Outcome::Nothing
    }

    fn undo_input(&mut self, scope: &std::sync::Arc<crate::handles::Scope>) {
        scope.cancel();
        self.branches.fail();
    }

    fn show(&mut self, value: &Value) {
        if !matches!(value, Value::Null | Value::Unset) {
            println!("{}", show::result(value, self.options.has_colors));
        }
        self.last = Some(value.clone());
    }
}

fn in_words(took: Duration) -> String {
    match took.as_micros() {
        micros @ ..1_000 => format!("{micros} µs"),
        micros @ ..1_000_000 => format!("{:.1} ms", micros as f64 / 1e3),
        micros => format!("{:.2} s", micros as f64 / 1e6),
    }
}
