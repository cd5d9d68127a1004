//! What is the same for all worlds: tasks, the scopes that cancel them, channels. Knows no machine and no runtime:
//! whoever waits here can be driven by anything.

mod channel;
mod scope;
mod task;

pub use channel::Channel;
pub use channel::Taken;
pub use scope::Running;
pub use scope::Scope;
pub use task::Failure;
pub use task::Task;
