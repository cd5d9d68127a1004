//! What went wrong and where: places, sources, diagnostics, their rendering, and did-you-mean.

mod advice;
mod diagnostic;
mod fault;
mod foreign;
mod import;
mod json;
pub mod render;
mod snippet;
mod source;
mod span;
mod suggest;

pub use advice::Advice;
pub use advice::Adviser;
pub use advice::Member;
pub use diagnostic::Diagnostic;
pub use diagnostic::Severity;
pub use diagnostic::TraceFrame;
pub use fault::Error;
pub use fault::Fault;
pub use fault::NoMethod;
pub use fault::Operation;
pub use fault::Unequal;
pub use fault::Within;
pub use import::ImportFailure;
pub use import::ImportFault;
pub use import::Stage;
pub use render::Format;
pub use render::Renderer;
pub use source::Position;
pub use source::Source;
pub use source::Sources;
pub use span::SourceId;
pub use span::Span;
pub use suggest::did_you_mean;
pub use suggest::nearest;
pub use suggest::suggest;
