//! Where an import comes from: the files that a path may mean, and what stands in them. Knows no language.

mod find;
mod read;

pub use find::find;
pub use find::project;
pub use read::Unreadable;
pub use read::read;
