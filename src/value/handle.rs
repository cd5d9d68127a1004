//! Handles on what is the same for all worlds: channels, tasks. Knows none of them.

use std::any::Any;
use std::sync::Arc;
use std::sync::Weak;

/// What a handle is on.
pub trait Resource: Any + Send + Sync {
    /// What `typeof` gives.
    fn kind(&self) -> &'static str;

    /// Its display form.
    fn shown(&self) -> &'static str;

    /// Where it is, which tells it from all others.
    fn address(&self) -> usize;

    /// What takes its place when the code that has made it is over, if that is another.
    fn settled(&self) -> Option<Handle> {
        None
    }
}

/// A handle. Two are equal when they are on the same thing.
#[derive(Clone)]
pub struct Handle(Arc<Box<dyn Resource>>);

/// A handle as whoever counts it sees it.
#[derive(Clone)]
pub struct Counted {
    handle: Weak<Box<dyn Resource>>,
    address: usize,
}

impl Counted {
    /// Where the thing is that it is on.
    pub fn address(&self) -> usize {
        self.address
    }

    /// Tells it from other handles on the same thing; its copies are one.
    pub fn identity(&self) -> usize {
        self.handle.as_ptr() as usize
    }

    /// How many copies of it there are.
    pub fn count(&self) -> usize {
        self.handle.strong_count()
    }
}

impl Handle {
    /// What takes its place when the code that has made it is over, if that is another.
    pub fn settled(&self) -> Option<Handle> {
        self.0.settled()
    }

    /// To be counted.
    pub fn counted(&self) -> Counted {
        Counted { handle: Arc::downgrade(&self.0), address: self.address() }
    }

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
