//! The one way from source to a running program; every tool starts here.

mod bundle;
mod load;
mod modules;
mod output;
mod pages;
mod session;
mod text;

pub use bundle::Bundle;
pub use load::Examined;
pub use load::Loaded;
pub use load::MAX_TASKS;
pub use load::Template;
pub use load::bundle;
pub use load::check;
pub use load::examine;
pub use load::format;
pub use load::load;
pub use load::read;
pub use load::tokens;
pub use modules::Files;
pub use modules::Modules;
pub use output::Output;
pub use pages::allow_huge_pages;
pub use session::Input;
pub use session::Session;
pub use text::Text;

use crate::builtins;
use crate::check;
use crate::diag::Diagnostic;
use crate::diag::Error;
use crate::diag::Fault;
use crate::diag::ImportFailure;
use crate::diag::ImportFault;
use crate::diag::TraceFrame;

/// What an uncaught error looks like.
pub fn diagnostic(error: &Error) -> Diagnostic {
    let mut found = Diagnostic::error("E0501", error.fault.to_string()).at(error.span);
    if found.message.starts_with("undefined") {
        found.code = "E0301";
        found.label = "not found in this scope".to_string();
    }
    let (cause, elsewhere) = error.fault.cause();
    match cause {
        Fault::Undefined { name, suggestion } => {
            check::advise_of_undefined(
                &mut found,
                name,
                suggestion.is_some(),
                builtins::registry(),
            );
        }
        Fault::CannotCall(missing) => {
            let module = || check::member_of_a_module(&missing.name, builtins::registry());
            found.hints.extend(cause.hint().or_else(module));
        }
        fault => found.hints.extend(fault.hint()),
    }
    if let Fault::Import(fault) = cause {
        found = explained(found, fault);
    }
    let elsewhere = elsewhere.filter(|span| *span != error.span);
    found.related.extend(elsewhere.map(|span| (span, "it failed here".to_string())));
    // A trace of `<main>` alone says nothing that the place does not say.
    if error.trace.len() > 1 {
        let frames = error.trace.iter();
        found.trace = frames
            .map(|(function, span)| TraceFrame { function: function.to_string(), span: *span })
            .collect();
    }
    found
}

/// The report of an import that failed, with the place in the module that is to blame.
fn explained(mut found: Diagnostic, fault: &ImportFault) -> Diagnostic {
    found.code = fault.code();
    match &fault.why {
        ImportFailure::Broken(_, inside) => {
            found.related.extend(inside.span.map(|span| (span, inside.headline().to_string())));
            found.hints.extend(inside.all_hints().map(str::to_string));
            found.notes.extend(inside.all_notes().map(str::to_string));
        }
        ImportFailure::NotExported(_, Some(other)) => {
            found.hints.push(format!("did you mean '{other}'?"));
        }
        _ => {}
    }
    found
}
