//! `forge learn`: thirty lessons, each with a program, what it prints, an exercise and what is asked of its answer
//! (tooling 12). Here is what they say; what runs their programs is `cli` and `repl`.

mod checks;
mod lessons;
mod page;
mod progress;

pub use checks::Checks;
pub use checks::Finding;
pub use checks::PROBES;
pub use lessons::LESSONS;
pub use lessons::Lesson;
pub use lessons::lesson;
pub use page::Look;
pub use page::list;
pub use page::list_as_json;
pub use page::page;
pub use page::welcome;
pub use progress::Progress;
