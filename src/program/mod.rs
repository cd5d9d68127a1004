//! Compiled code: instructions, chunks, and the program that holds them. Knows no values: constants are generic.

mod cache;
mod chunk;
mod op;
mod whole;

pub use cache::KEYS;
pub use cache::SiteCache;
pub use chunk::Action;
pub use chunk::Arms;
pub use chunk::BinaryOp;
pub use chunk::CaptureFrom;
pub use chunk::Catch;
pub use chunk::CatchKind;
pub use chunk::Choice;
pub use chunk::Chunk;
pub use chunk::ClosureCode;
pub use chunk::Head;
pub use chunk::InstanceCode;
pub use chunk::Label;
pub use chunk::Layout;
pub use chunk::Mark;
pub use chunk::Pattern;
pub use chunk::Place;
pub use chunk::Root;
pub use chunk::Site;
pub use chunk::Slot;
pub use chunk::Step;
pub use chunk::TypeCode;
pub use chunk::UnpackCode;
pub use chunk::VariantCode;
pub use chunk::Wrapper;
pub use op::KEEPS_VALUE;
pub use op::Op;
pub use op::Reg;
pub use op::SORT_REGISTERS;
pub use whole::Global;
pub use whole::Program;
