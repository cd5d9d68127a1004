//! Text to tree. Pure: knows no files, no names and no values.

pub mod ast;
pub mod declared;
mod lexer;
mod literals;
mod parser;
mod strings;
#[cfg(test)]
mod tests;
pub mod token;

pub use parser::Parsed;
pub use parser::is_open;
pub use parser::parse;
