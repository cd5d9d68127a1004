//! Text to tree. Pure: knows no files, no names and no values.

pub mod ast;
pub mod comments;
mod cursor;
pub mod declared;
pub mod items;
mod lexer;
mod literals;
mod marks;
mod parser;
pub mod pieces;
pub mod shown;
mod strings;
#[cfg(test)]
mod tests;
pub mod token;
pub mod visit;

pub use cursor::Cursor;
pub use cursor::OpenCall;
pub use cursor::Receiver;
pub use cursor::cursor;
pub use marks::Lexeme;
pub use marks::Mark;
pub use marks::Sort;
pub use parser::Parsed;
pub use parser::is_open;
pub use parser::parse;
pub use parser::parse_marked;
