//! The one way from source to a running program; every tool starts here.

mod load;
mod output;

pub use load::Loaded;
pub use load::Template;
pub use load::check;
pub use load::load;
pub use load::load_marked;
pub use load::load_printing;
pub use output::Output;

use crate::diag::Diagnostic;
use crate::diag::Error;
use crate::diag::TraceFrame;

/// What an uncaught error looks like.
pub fn diagnostic(error: &Error) -> Diagnostic {
    let mut found = Diagnostic::error("E0501", error.fault.to_string()).at(error.span);
    if error.fault.to_string().starts_with("undefined") {
        found.code = "E0301";
        found.label = "not found in this scope".to_string();
    }
    // A trace of `<main>` alone says nothing that the place does not say.
    if error.trace.len() > 1 {
        let frames = error.trace.iter();
        found.trace = frames
            .map(|(function, span)| TraceFrame { function: function.to_string(), span: *span })
            .collect();
    }
    found
}
