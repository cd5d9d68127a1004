//! An input runs: its value is shown, or it is as if it had not been.

use super::Repl;
use super::branch::After;
use super::show;
use crate::diag::Fault;
use crate::engine;
use crate::engine::Text;
use crate::program::Label;
use crate::syntax::ast::StmtKind;
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
        let read = session.read(&mut self.sources, Text::new(&name, text), Some(self.count));
        let mut input = match read {
            Ok(input) if self.settings.is_strict && !input.warnings.is_empty() => {
                self.report(&input.warnings);
                return Outcome::Nothing;
            }
            Ok(input) => input,
            Err(found) => {
                self.report(&found);
                return Outcome::Nothing;
            }
        };
        let ran = std::panic::catch_unwind(AssertUnwindSafe(|| {
            self.unless_interrupted(task::drive(&mut input.machine))
        }));
        let _ = self.branches.session().template.image.host.flush();
        let after = After { text, number: self.count, has_effect: input.machine.has_effect() };
        match ran {
            Ok(Some(Ok(value))) => match input.done() {
                Ok(session) => {
                    self.branches.advance(session, after, scope);
                    return Outcome::Value(value);
                }
                Err(fault) => {
                    self.undo_input(&scope);
                    self.complain(&fault.to_string());
                }
            },
            Ok(Some(Err(error))) => {
                match input.done() {
                    Ok(session) if !self.settings.is_atomic => {
                        self.branches.advance(session, after, scope);
                    }
                    _ => self.undo_input(&scope),
                }
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

    /// A value as a result shows it: a function with its parameters, where an input defines it by its name.
    fn shown(&self, value: &Value) -> String {
        if let Value::Function(function) = value
            && let Label::Function(name) = &function.label
            && let Some(params) = self.branches.inputs().rev().find_map(|it| params(&it.text, name))
        {
            return format!("<fn {name}({})>", params.join(", "));
        }
        show::result(value, self.settings.width)
    }

    fn undo_input(&mut self, scope: &std::sync::Arc<crate::handles::Scope>) {
        scope.cancel();
        self.branches.fail();
    }

    fn show(&mut self, value: &Value) {
        if !matches!(value, Value::Null | Value::Unset) {
            let text = self.shown(value);
            let number = self.settings.has_numbers.then(|| format!("[{}] ", self.count));
            let number = number.unwrap_or_default();
            match self.options.has_colors {
                true => println!("\x1b[32m{number}=> {text}\x1b[0m"),
                false => println!("{number}=> {text}"),
            }
        }
        self.last = Some(value.clone());
    }
}

/// The names of the parameters of the function that a text defines under that name.
pub(super) fn params(text: &str, name: &str) -> Option<Vec<String>> {
    let parsed = crate::syntax::parse(crate::diag::SourceId(u32::MAX), text);
    parsed.program.statements.iter().rev().find_map(|statement| match &statement.kind {
        StmtKind::Function(def) if *def.name.name == *name => {
            Some(def.lambda.params.iter().map(|param| param.name.name.to_string()).collect())
        }
        _ => None,
    })
}

pub(super) fn in_words(took: Duration) -> String {
    match took.as_micros() {
        micros @ ..1_000 => format!("{micros} µs"),
        micros @ ..1_000_000 => format!("{:.1} ms", micros as f64 / 1e3),
        micros => format!("{:.2} s", micros as f64 / 1e6),
    }
}
