//! Isolation: everything a running program can change.
//!
//! Invariant: a cell is only reached through the world that runs, so cloning two persistent structures isolates two
//! requests (`tests/isolation.rs`). Nothing here walks values: forking costs the same for ten bindings and a million.

mod carriers;
mod crossing;
mod cycles;
mod environment;
mod isolation;
mod share;
mod surroundings;
mod trial;
mod weight;

pub use carriers::Carrier;
pub use carriers::Parcels;
pub use crossing::Parcel;
pub use crossing::holds_function;
pub use crossing::is_free;
pub use environment::Environment;
pub use environment::TypeInfo;
pub use isolation::Near;
pub use isolation::Snapshot;
pub use isolation::Stand;
pub use isolation::World;
pub use isolation::WorldId;
pub use share::Share;
pub use surroundings::Surroundings;
