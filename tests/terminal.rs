//! What people see: the real program in a terminal, which this test reads as they would and whose keys it presses.

#![cfg(unix)]

#[path = "terminal/commands.rs"]
mod commands;
#[path = "support/fetch.rs"]
mod fetch;
#[path = "terminal/learn.rs"]
mod learn;
#[path = "terminal/repl.rs"]
mod repl;
#[path = "terminal/screen.rs"]
mod screen;
