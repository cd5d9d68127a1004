//! `forge lsp`: what editors ask about programs, answered by the parser, the checker and the registry that run them.
//!
//! One thread, no state but the open texts: a text that changed is read anew when somebody asks about it.

mod about;
mod complete;
mod documents;
mod edits;
mod hover;
mod names;
mod navigate;
mod outline;
mod position;
mod rename;
mod reports;
mod scopes;
mod server;
mod signature;
mod walk;

pub use server::serve;
