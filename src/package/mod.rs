//! Projects: the manifest `forge.toml`, where it is found, and the file that an import means. Knows no language.

mod dependency;
mod edit;
mod find;
mod manifest;
mod read;

pub use dependency::Dependency;
pub use dependency::Reference;
pub use dependency::Wanted;
pub use dependency::check_name;
pub use dependency::requirement;
pub use edit::Edit;
pub use edit::Section;
pub use find::find;
pub use find::project;
pub use manifest::Manifest;
pub use manifest::Project;
pub use manifest::ProjectSection;
pub use manifest::TestSection;
pub use read::Unreadable;
pub use read::read;
