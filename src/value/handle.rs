//! Handles on what is the same for all worlds: channels, tasks. Knows none of them.

use std::any::Any;
use std::sync::Arc;

/// What a handle is on.
pub trait Resource: Any + Send + Sync {
    /// What `typeof` gives.
    fn kind(&self) -> &'static str;

    /// Its display form.
    fn shown(&self) -> &'static str;

    /// Where it is, which tells it from all others.
    fn address(&self) -> usize;
}

/// A handle. Two are equal when they are on the same thing.
#[derive(Clone)]
pub struct Handle(Arc<Box<dyn Resource>>);

impl Handle {
    /// A handle on `resource`.
    pub fn new(resource: impl Resource) -> Handle {
        Handle(Arc::new(Box::new(resource)))
    }

    /// What it is on, if that is an `R`.
    pub fn get<R: Resource>(&self) -> Option<&R> {
        let resource: &dyn Any = &**self.0;
        resource.downcast_ref()
    }

    /// What `typeof` gives.
    pub fn kind(&self) -> &'static str {
        self.0.kind()
    }

    /// Its display form.
    pub fn shown(&self) -> &'static str {
        self.0.shown()
    }

    /// Where the thing is that it is on.
    pub fn address(&self) -> usize {
        self.0.address()
    }
}
