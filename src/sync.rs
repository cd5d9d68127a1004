//! Locks and atomics of what machines on several threads have in common: variables, worlds, shared variables.
//!
//! With the feature `model` they are those of `shuttle`, which runs threads one at a time, in orders that it chooses, and
//! changes over at each of them: `tests/models.rs` runs this very code so. It takes every order of memory for the
//! strictest one.

#[cfg(not(feature = "model"))]
pub use real::*;

#[cfg(feature = "model")]
pub use model::*;

#[cfg(not(feature = "model"))]
mod real {
    pub use parking_lot::Mutex;
    pub use parking_lot::MutexGuard;
    pub use std::sync::atomic::AtomicBool;
    pub use std::sync::atomic::AtomicU64;
    pub use std::sync::atomic::AtomicUsize;

    /// The lock of a variable, held for nanoseconds.
    pub type Slot<T> = spin::mutex::SpinMutex<T, spin::Yield>;
}

#[cfg(feature = "model")]
mod model {
    pub use shuttle::sync::MutexGuard;
    pub use shuttle::sync::atomic::AtomicBool;
    pub use shuttle::sync::atomic::AtomicU64;
    pub use shuttle::sync::atomic::AtomicUsize;

    /// A lock without poisoning: a model that panics has failed.
    #[derive(Default)]
    pub struct Mutex<T>(shuttle::sync::Mutex<T>);

    /// The lock of a variable.
    pub type Slot<T> = Mutex<T>;

    impl<T> Mutex<T> {
        /// A lock around a value.
        pub fn new(value: T) -> Mutex<T> {
            Mutex(shuttle::sync::Mutex::new(value))
        }

        /// Waits for its turn.
        pub fn lock(&self) -> MutexGuard<'_, T> {
            self.0.lock().expect("nobody has panicked")
        }

        /// Has its turn now, or not at all.
        pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
            self.0.try_lock().ok()
        }

        /// The value, which nobody else holds.
        pub fn get_mut(&mut self) -> &mut T {
            self.0.get_mut().expect("nobody has panicked")
        }
    }
}
