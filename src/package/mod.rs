//! Projects: the manifest `forge.toml` and where it is found.

mod manifest;

pub use manifest::Manifest;
pub use manifest::Project;
pub use manifest::TestSection;
