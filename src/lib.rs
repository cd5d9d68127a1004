//! Forge: a scripting language and runtime for internet services. This is the map; the code is in the modules.
#![deny(clippy::unwrap_used)]
#![forbid(unsafe_code)]

/// Builtin functions, one table per topic.
pub mod builtins;
/// Tree to warnings.
pub mod check;
/// One file per command.
pub mod cli;
/// Tree to code.
pub mod compile;
/// What went wrong, where, and how it is shown.
pub mod diag;
/// `forge doc`: what programs say of themselves, and the guide.
pub mod doc;
/// The one way from source to a running program.
pub mod engine;
/// Text to the same text with other spaces and lines.
pub mod format;
/// What is the same for all worlds: tasks and channels.
pub mod handles;
/// Packages: found, chosen, locked, put into `forge_modules`.
pub mod install;
/// `forge learn`: what its lessons say.
pub mod learn;
/// Where log lines go.
pub mod logs;
/// `forge lsp`: what editors ask.
pub mod lsp;
/// Runs code.
pub mod machine;
/// The shape of a builtin.
pub mod native;
/// Projects, their manifest, and where an import comes from.
pub mod package;
/// Compiled code.
pub mod program;
/// `forge repl`: a program that is written while it runs.
pub mod repl;
/// HTTP: every request on its own fork.
pub mod serve;
/// Built-in modules, one file or folder each.
pub mod stdlib;
/// Locks and atomics of what threads have in common.
pub mod sync;
/// Text to tree.
pub mod syntax;
/// Machines as futures.
pub mod task;
/// `forge test`: every test on its own fork.
pub mod testing;
/// What a program can hold.
pub mod value;
/// Isolation: cells, worlds, forks.
pub mod world;
